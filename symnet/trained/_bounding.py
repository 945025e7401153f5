r"""Bounds on the neurons of a network on boxes, in floats with all rounding accounted for.

Backward: a row over the outputs h of a hidden layer becomes one over its inputs z, where every h is
replaced by the line that bounds it on the side that the coefficient asks for, then one over the
layer before, down to the inputs (Zhang, Weng, Chen, Hsieh and Daniel, Efficient neural network
robustness certification with general activation functions, 2018; Singh, Gehr, Püschel and Vechev,
An abstract domain for certifying neural networks, 2019). The row that floats give is taken as it
is; what it differs by from the exact one, times the sizes of what it multiplies, goes into the
bound. Forward interval arithmetic is a second bound; the better one counts.

All arrays have a first axis for the boxes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from flint import fmpq

from ..exact.affine import AffineMap, as_fraction
from ..exact.arrays import Floats
from ..exact.rational_rows import as_fmpq
from ..exact.rounding import unit_roundoff
from ._floats import FLOOR, SLACK, growth
from ._prepared import Prepared
from ._relaxing import Relaxation, down, relaxed, up

Interval = tuple[fmpq, fmpq]

#: More than an entry of a row can lose where it is too small for a float.
_TINY = 2.0**-1000


@dataclass(frozen=True, eq=False)
class Boxes:
    """Boxes with floats as bounds, (boxes, inputs)."""

    low: Floats
    high: Floats

    @classmethod
    def around(cls, box: Sequence[Interval]) -> Boxes:
        """The least one box around a box."""
        low = np.array([down(as_fraction(a)) for a, _ in box], dtype=np.float64)
        high = np.array([up(as_fraction(b)) for _, b in box], dtype=np.float64)
        return cls(low[None], high[None])

    def __len__(self) -> int:
        return len(self.low)

    def __getitem__(self, k: int) -> Boxes:
        """One box."""
        return Boxes(self.low[k : k + 1], self.high[k : k + 1])

    def sides(self) -> list[Interval]:
        """The intervals of the first box, exactly."""
        pairs = zip(self.low[0].tolist(), self.high[0].tolist(), strict=True)
        return [(as_fmpq(a), as_fmpq(b)) for a, b in pairs]


@np.errstate(all="ignore")
def relaxations(net: Prepared, boxes: Boxes) -> list[Relaxation]:
    """For every hidden layer bounds on the boxes, and lines around its functions."""
    found: list[Relaxation] = []
    for affine, functions in zip(net.layers.maps, net.layers.functions, strict=False):
        found.append(relaxed(functions, *bounds_of(net, affine, boxes, found)))
    return found


@np.errstate(all="ignore")
def bounds_of(
    net: Prepared, affine: AffineMap, boxes: Boxes, before: Sequence[Relaxation]
) -> tuple[Floats, Floats]:
    """Bounds of W h + b, h the outputs of the last of some hidden layers, or the inputs."""
    here = (boxes.low, boxes.high) if not before else (before[-1].least, before[-1].greatest)
    low, high = _interval(affine, *here)
    if before:
        m = affine.shape[0]
        both = backward(net, np.vstack([affine.weight, -affine.weight]), affine, boxes, before)[0]
        # one float further, for the rounding of the sum
        high = np.fmin(high, np.nextafter(both[:, :m] + affine.bias, np.inf))
        low = np.fmax(low, np.nextafter(affine.bias - both[:, m:], -np.inf))
    # what overflowed on the way bounds nothing
    return np.where(np.isnan(low), -np.inf, low), np.where(np.isnan(high), np.inf, high)


def _interval(affine: AffineMap, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """By interval arithmetic."""
    g = growth(affine) * 2
    inputs = np.maximum(np.abs(low), np.abs(high))
    size = affine.sizes_of_points(inputs)
    # a row of which nothing but zeros is added up is exactly zero
    live, entries = (inputs > 0).astype(np.float32), affine.sparse
    if entries is None:
        positive, negative = np.maximum(affine.weight, 0).T, np.minimum(affine.weight, 0).T
        least, greatest = low @ positive + high @ negative, high @ positive + low @ negative
        terms = live @ affine.nonzero[:, :-1].T.astype(np.float32)
    else:
        rising = entries.with_values(np.maximum(entries.values, 0))
        falling = entries.with_values(np.minimum(entries.values, 0))
        least = rising.apply(low) + falling.apply(high)
        greatest = rising.apply(high) + falling.apply(low)
        terms = entries.with_values(np.ones(len(entries.values))).apply(live)
    some = (terms > 0) | affine.has_offset
    error = np.where(some, g * (size + np.abs(affine.bias)) * SLACK + FLOOR, 0.0)
    return least + affine.bias - error, greatest + affine.bias + error


def backward(
    net: Prepared, rows: Floats, affine: AffineMap, boxes: Boxes, before: Sequence[Relaxation]
) -> tuple[Floats, Floats]:
    """Upper bounds of rows over the outputs of the last hidden layer, and the rows at the inputs.

    The rows are those of W or -W, (m, width); the bounds have shape (boxes, m).
    """
    # what the floats of W differ by; the bias is added by the caller
    error = growth(affine) * (
        before[-1].size_out @ np.abs(rows).T + np.abs(affine.bias).max(initial=0)
    )
    total: Floats = np.zeros((len(boxes), len(rows)))
    rows = np.broadcast_to(rows, (len(boxes), *rows.shape))
    u = unit_roundoff()
    for k in reversed(range(len(before))):
        relaxation, inner = before[k], net.layers.maps[k]
        positive, negative = np.maximum(rows, 0), np.minimum(rows, 0)
        above, below = relaxation.above, relaxation.below
        size = np.abs(rows)
        total = total + _times(positive, above[..., 1]) + _times(negative, below[..., 1])
        offsets = np.maximum(np.abs(above[..., 1]), np.abs(below[..., 1]))
        error = error + 2.02 * (rows.shape[2] + 4) * u * _times(size, offsets)
        rows = positive * above[:, None, :, 0] + negative * below[:, None, :, 0]
        inside = before[k - 1].size_out if k else np.maximum(np.abs(boxes.low), np.abs(boxes.high))
        room = inner.sizes_of_points(inside) + np.abs(inner.bias) + relaxation.size_in
        # rows times W has as many terms as there are neurons
        g = growth(inner) + 1.01 * rows.shape[2] * u
        error = error + 2 * g * _times(np.abs(rows), room) + 4 * u * np.abs(total)
        # what entries of rows lose where they underflow
        error = error + _TINY * (room.sum(axis=1) + inside.sum(axis=1))[:, None]
        total = total + rows @ inner.bias
        flat = rows.reshape(-1, rows.shape[2])
        rows = inner.pulled(flat).reshape(*rows.shape[:2], inner.shape[1])
    positive, negative = np.maximum(rows, 0), np.minimum(rows, 0)
    size = _times(np.abs(rows), np.maximum(np.abs(boxes.low), np.abs(boxes.high)))
    error = error + 2.02 * (rows.shape[2] + 6) * u * (size + np.abs(total))
    at_most = _times(positive, boxes.high) + _times(negative, boxes.low)
    return total + at_most + (error * SLACK + FLOOR), rows


def _times(rows: Floats, columns: Floats) -> Floats:
    """For every box its rows times its column."""
    product: Floats = (rows @ columns[..., None])[..., 0]
    return product
