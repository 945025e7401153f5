"""Values at a point and affine forms around it in float64, with bounds on their errors.

The product of a row with h + delta, |delta_k| <= e_k, is off by at most sum_k |W_k| (e_k + g |h_k|)
+ g |b|, g = 1.01 (n + 4) u for n terms (Higham, Accuracy and Stability of Numerical Algorithms,
2002, section 3.1; in any order of summation). Where entries of W are the floats nearest to
rationals, two more roundings go into g. What underflows is covered by the floor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from flint import fmpq

from ..exact.affine import AffineMap, as_fraction, nearest_float
from ..exact.arrays import Bools, Floats, Ints
from ..exact.rational_rows import as_fmpq
from ..exact.rounding import unit_roundoff
from ._prepared import Prepared, Table

#: More than all underflow in a sum of products.
FLOOR = 2.0**-960
#: Covers the roundings of the bounds themselves.
SLACK = 1.0 + 2.0**-30


@dataclass(frozen=True, eq=False)
class Bounded:
    """Floats, and how far the exact numbers may be from them."""

    value: Floats
    error: Floats

    @classmethod
    @np.errstate(all="ignore")
    def of(cls, numbers: Sequence[fmpq]) -> Bounded:
        """The floats nearest to rational numbers."""
        value = np.array([nearest_float(int(v.p), int(v.q)) for v in numbers], dtype=np.float64)
        exact = [
            np.isfinite(f) and as_fmpq(f) == v for f, v in zip(value.tolist(), numbers, strict=True)
        ]
        error = np.where(exact, 0.0, np.abs(value) * unit_roundoff() * SLACK + FLOOR)
        return cls(value, error)

    def but_zero(self, where: Bools) -> Bounded:
        """The same column, with exact zeros in some places."""
        return Bounded(np.where(where, 0.0, self.value), np.where(where, 0.0, self.error))


def growth(affine: AffineMap) -> float:
    """g for a layer."""
    terms = affine.terms + 4 + (0 if affine.is_float else 2)
    return 1.01 * terms * unit_roundoff()


@np.errstate(all="ignore")
def through(affine: AffineMap, h: Bounded) -> Bounded:
    """W h + b for a column, or W H + [0 | b] for affine forms as rows."""
    g = growth(affine)
    columns = np.atleast_2d(h.value.T), np.atleast_2d((h.error + g * np.abs(h.value)).T)
    shape = (affine.shape[0], *h.value.shape[1:])
    value = affine.of_points(columns[0]).T.reshape(shape)
    error = affine.sizes_of_points(columns[1]).T.reshape(shape)
    last = value if value.ndim == 1 else value[:, -1]
    rest = error if error.ndim == 1 else error[:, -1]
    last += affine.bias
    rest += g * np.abs(affine.bias)
    return Bounded(value, error * SLACK + FLOOR)


@np.errstate(all="ignore")
def through_pieces(table: Table, piece: Ints, z: Bounded) -> Bounded:
    """The outputs of a hidden layer whose neurons are on these pieces."""
    u = 4 * unit_roundoff()
    slope, offset = (part[np.arange(len(piece)), piece] for part in (table.slope, table.offset))
    if z.value.ndim > 1:
        slope, offset = slope[:, None], offset[:, None]
    value = slope * z.value
    error = np.abs(slope) * z.error + u * np.abs(value)
    last = value if value.ndim == 1 else value[:, -1:]
    rest = error if error.ndim == 1 else error[:, -1:]
    rest += u * (np.abs(last) + np.abs(offset))
    last += offset
    error = np.where((slope == 0) & (offset == 0), 0.0, error * SLACK + FLOOR)
    return Bounded(value, error)


@np.errstate(all="ignore")
def signs_at(net: Prepared, x: Sequence[fmpq]) -> list[int]:
    """The signs of z - beta for all breakpoints at a point; integers decide where floats cannot."""
    h = Bounded.of(x)
    still = np.array([v == 0 for v in x], dtype=np.bool_)
    signs: list[int] = []
    u = 4 * unit_roundoff()
    for k, table in enumerate(net.tables):
        # maxima compare neurons that are off: what hangs on zeros alone is zero, not in doubt
        nothing = net.vanishing(k, ~still)
        z = through(net.layers.maps[k], h).but_zero(nothing)
        margin = z.value[table.owner] - table.knot
        doubt = z.error[table.owner] + u * (np.abs(z.value[table.owner]) + np.abs(table.knot))
        tied = nothing[table.owner] & (table.knot == 0) & (table.room == 0)
        decided = tied | (np.abs(margin) > doubt * SLACK)
        if not decided.all():
            exact = net.layers.exact.margins([as_fraction(v) for v in x])
            return [int(s) for s in exact]
        here = np.where(tied, 0, np.where(margin > 0, 1, -1))
        signs += here.tolist()
        still = table.is_zero(here, nothing)
        h = through_pieces(table, table.piece(here), z).but_zero(still)
    return signs


@np.errstate(all="ignore")
def forms_around(net: Prepared, signs: Sequence[int]) -> list[Bounded]:
    """For every hidden layer the pre-activations as forms [a | c], where neurons have the signs."""
    first = net.layers.maps[0]
    own = np.column_stack([first.weight, first.bias])
    z = Bounded(own, np.zeros(own.shape) if first.is_float else np.abs(own) * growth(first) + FLOOR)
    found = [z]
    starts = net.layers.starts
    for k, table in enumerate(net.tables[:-1]):
        here = signs[starts[k] : starts[k + 1]]
        forms = through_pieces(table, table.piece(here), found[-1])
        found.append(through(net.layers.maps[k + 1], forms))
    return found if net.tables else []
