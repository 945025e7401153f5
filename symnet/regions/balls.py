"""Affine maps of all cells and values at their vertices, in float64 with error bounds.

They only save time: what the bounds leave open is decided in exact arithmetic.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np

from ..exact.arrays import Floats, Ints
from ..exact.rounding import unit_roundoff
from ..exact.threads import one_thread
from .cells import Cells
from .certificate_forms import LayerForms, at_points, input_forms
from .layer_list import LayerList

_VALUES_AT_ONCE = 1 << 18


#: What was computed last for some cells: the layers, the unit roundoff, the balls.
_known: WeakKeyDictionary[Cells, tuple[LayerList, float, tuple[Floats, Floats]]]
_known = WeakKeyDictionary()


def map_balls(layers: LayerList, cells: Cells) -> tuple[Floats, Floats]:
    """Centres and radii of [A | c], both (outputs, d + 1, cells); remembered, not to be changed.

    >>> import symnet as sn
    >>> pw = sn.piecewise(sn.Sequential(sn.Linear([[2]]), sn.ReLU()), domain=sn.Box([-1, 1]))
    >>> map_balls(pw.network, pw.cells)[0].tolist()
    [[[0.0, 2.0], [0.0, 0.0]]]
    """
    known = _known.get(cells)
    if known is None or known[0] is not layers or known[1] != unit_roundoff():
        known = layers, unit_roundoff(), _map_balls(layers, cells)
        _known[cells] = known
    return known[2]


@one_thread()
def _map_balls(layers: LayerList, cells: Cells) -> tuple[Floats, Floats]:
    forms = [LayerForms(m, f) for m, f in zip(layers.maps, (*layers.functions, ()), strict=True)]
    signs, d = cells.signs, layers.inputs
    widest = max((*layers.widths, layers.outputs, 1))
    size = max(16, _VALUES_AT_ONCE // (widest * (d + 1)))
    centres, radii = [], []
    with np.errstate(all="ignore"):
        for start in range(0, len(cells), size):
            part = signs[start : start + size]
            h, r = input_forms(d, len(part))
            for k in range(len(layers.functions)):
                z, rz = forms[k].preactivations(h, r)
                here = part[:, layers.starts[k] : layers.starts[k + 1]]
                h, r = forms[k].outputs(z, rz, forms[k].pieces(here))
                for i, off in layers.switched_off(k, part):
                    h[i, :, off] = r[i, :, off] = 0.0
            z, rz = forms[-1].preactivations(h, r)
            centres.append(z)
            radii.append(np.where(np.isfinite(z) & np.isfinite(rz), rz, np.inf))
    return np.nan_to_num(np.concatenate(centres, axis=2)), np.concatenate(radii, axis=2)


def corner_values(
    cells: Cells, form: Floats, radius: Floats, cell: Ints, vertex: Ints
) -> tuple[Floats, Floats]:
    """Values of forms (d + 1, n) at the vertices with these numbers, and their errors."""
    points, errors = cells.float_points
    x, spread = points[vertex].T, errors[vertex].T
    with np.errstate(all="ignore"):
        value, error = at_points(form[None][:, :, cell], radius[None][:, :, cell], x, spread)
    return value[0], np.where(np.isfinite(value[0]) & np.isfinite(error[0]), error[0], np.inf)
