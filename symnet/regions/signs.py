r"""Values of a layer's units at many points with error bounds, and their signs as packed words.

For z = W h + b with fan-in n, computed in float64 from h with |h - h*| <= E_h,

    |z - z*| <= (E_h + g |h|) |W|^T + g |b|,    g = 1.01 (n + 4) u,

by the standard bound for inner products (Higham 2002, section 3.1; any order of summation, so any BLAS). Two more
roundings go into g where the entries of W are the floats nearest to rationals. E == 0 occurs only where every term
is exactly zero, and then z is exactly zero: bias-free networks do not flood the exact side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from symnet.exact.rounding import UNIT_ROUNDOFF, unit_roundoff
from symnet.regions.units import UnitLayer
from symnet.regions.vertices import ExactEvaluator
from symnet.regions.words import pack

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from symnet.regions.words import Words

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

# Nonzero error bounds stay above _FLOOR, nonzero |W| in them above _WEIGHT_FLOOR: their products cannot
# underflow, and they dwarf what underflow (2**-1075 per operation) does to the values themselves.
_FLOOR = 2.0**-400
_WEIGHT_FLOOR = 2.0**-30


class FilteredLayer:
    """One layer of units in float64, prepared for evaluation at many points."""

    def __init__(self, layer: UnitLayer, index: int) -> None:
        affine = layer.affine
        n = affine.shape[1]
        extra = 0 if affine.is_float else 2
        self.index = index
        self.relu_count = layer.relu_count
        self.growth = 1.01 * (n + 4 + extra) * unit_roundoff()
        self.weight_t = np.ascontiguousarray(affine.weight.T)
        self.bias = affine.bias
        size = np.where(affine.nonzero[:, :n], np.maximum(np.abs(affine.weight), _WEIGHT_FLOOR), 0.0)
        # the last factor pays for the roundings of the bound itself
        self.size_t = np.ascontiguousarray(size.T) * (1 + 4 * (n + 8) * UNIT_ROUNDOFF)
        with np.errstate(invalid="ignore"):
            rounding = self.growth * np.abs(self.bias) + _FLOOR
        self.bias_error = np.where(affine.nonzero[:, n], rounding, 0.0)

    def values(self, h: Floats, error: Floats) -> tuple[Floats, Floats]:
        """Return z of shape (points, units) and its error bound."""
        with np.errstate(all="ignore"):
            z = h @ self.weight_t
            z += self.bias
            source = np.abs(h)
            source *= self.growth
            source += error
            if self.index == 0:
                source = np.where((h != 0) | (error != 0), np.maximum(source, _FLOOR), 0.0)
            bound = source @ self.size_t
            bound += self.bias_error
            if bound.size and not bound.min() > _FLOOR:
                bound = np.where(bound == 0, 0.0, np.maximum(bound, _FLOOR))
            if not np.isfinite(z.sum()):
                bound[~np.isfinite(z)] = np.inf
        return z, bound

    def signs(
        self, z: Floats, error: Floats, vertex: Ints, evaluator: ExactEvaluator
    ) -> tuple[Words, Words]:
        """Return the words of the positive and of the negative relu units at each point.

        Where the filter cannot decide, the exact sign is taken and z, error are corrected in place so
        that z has the right sign, and both are zero where the unit is.
        """
        k = self.relu_count
        u, e = z[:, :k], error[:, :k]
        positive = u > e
        negative = u < -e
        decided = int(np.count_nonzero(positive)) + int(np.count_nonzero(negative))
        if decided != u.size:
            row, unit = np.nonzero(~(positive | negative | (e == 0)))
            for r, j in zip(row.tolist(), unit.tolist(), strict=True):
                sign = evaluator.sign(int(vertex[r]), self.index, j)
                if sign > 0:
                    positive[r, j] = True
                    u[r, j] = max(u[r, j], 0.0)
                elif sign < 0:
                    negative[r, j] = True
                    u[r, j] = min(u[r, j], 0.0)
                else:
                    u[r, j] = e[r, j] = 0.0
        return pack(positive), pack(negative)

    def activate(self, z: Floats, error: Floats) -> None:
        """Turn z and its bound into the units' outputs and theirs, in place."""
        k = self.relu_count
        u, e = z[:, :k], error[:, :k]
        with np.errstate(invalid="ignore"):
            off = u < -e  # certified off: exactly zero
            np.maximum(u, 0.0, out=u)
        e[off] = 0.0


def interpolate(
    zp: Floats, zq: Floats, ep: Floats, eq: Floats, t: Floats, dt: Floats
) -> tuple[Floats, Floats]:
    """Return z_p + t (z_q - z_p) and its error bound, rows of values at the ends of segments.

    The bound is max(E_p, E_q) + |z_q - z_p| (dt + 3 u) + 2 u |z|; it is zero where all ends are exactly zero.
    """
    u = unit_roundoff()
    with np.errstate(all="ignore"):
        step = zq - zp
        z = step * t[:, None]
        z += zp
        np.abs(step, out=step)
        step *= (dt + 3 * u)[:, None]
        bound = np.maximum(ep, eq)
        bound += step
        np.abs(z, out=step)
        step *= 2 * u
        bound += step
        if not np.isfinite(z.sum()):
            bound[~np.isfinite(z)] = np.inf
    return z, bound
