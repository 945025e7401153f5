r"""Bounds on the neurons of a network on a box, in floats with all rounding accounted for.

Backward: a row over the outputs h of a hidden layer becomes one over its inputs z, where every h is
replaced by the line that bounds it on the side that the coefficient asks for, then one over the
layer before, down to the inputs (Zhang, Weng, Chen, Hsieh and Daniel, Efficient neural network
robustness certification with general activation functions, 2018; Singh, Gehr, Püschel and Vechev,
An abstract domain for certifying neural networks, 2019). The row that floats give is taken as it
is; what it differs by from the exact one, times the sizes of what it multiplies, goes into the
bound. Forward interval arithmetic is a second bound; the better one counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from flint import fmpq

from ..exact.affine import AffineMap
from ..exact.arrays import Floats
from ..exact.rounding import unit_roundoff
from ._floats import FLOOR, SLACK, growth
from ._prepared import Prepared
from ._relaxing import Relaxation, down, relaxed, up

Interval = tuple[fmpq, fmpq]


@dataclass(frozen=True, eq=False)
class FloatBox:
    """Floats around a box."""

    low: Floats
    high: Floats

    @classmethod
    def of(cls, box: Sequence[Interval]) -> FloatBox:
        """The least such floats."""
        low = np.array([down(_fraction(a)) for a, _ in box], dtype=np.float64)
        high = np.array([up(_fraction(b)) for _, b in box], dtype=np.float64)
        return cls(low, high)


@np.errstate(all="ignore")
def relaxations(net: Prepared, box: FloatBox, known: Sequence[Relaxation] = ()) -> list[Relaxation]:
    """For every hidden layer bounds on the box, and lines around its functions."""
    found: list[Relaxation] = list(known)
    for k in range(len(found), len(net.tables)):
        affine = net.layers.maps[k]
        low, high = bounds_of(net, affine, box, found)
        found.append(relaxed(net.layers.functions[k], low, high))
    return found


@np.errstate(all="ignore")
def bounds_of(
    net: Prepared, affine: AffineMap, box: FloatBox, before: Sequence[Relaxation]
) -> tuple[Floats, Floats]:
    """Bounds of W h + b, h the outputs of the last of some hidden layers, or the inputs."""
    here = (box.low, box.high) if not before else (before[-1].least, before[-1].greatest)
    low, high = _interval(affine, *here)
    if before:
        top = _backward(net, affine.weight, affine, box, before)
        bottom = _backward(net, -affine.weight, affine, box, before)
        high = np.fmin(high, top + affine.bias)
        low = np.fmax(low, affine.bias - bottom)
        # the addition of the bias
        high, low = np.nextafter(high, np.inf), np.nextafter(low, -np.inf)
    return low, high


def _interval(affine: AffineMap, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """By interval arithmetic."""
    g = growth(affine) * 2
    positive, negative = np.maximum(affine.weight, 0), np.minimum(affine.weight, 0)
    size = np.abs(affine.weight) @ np.maximum(np.abs(low), np.abs(high))
    error = g * (size + np.abs(affine.bias)) * SLACK + FLOOR
    return (
        positive @ low + negative @ high + affine.bias - error,
        positive @ high + negative @ low + affine.bias + error,
    )


def _backward(
    net: Prepared, rows: Floats, affine: AffineMap, box: FloatBox, before: Sequence[Relaxation]
) -> Floats:
    """Upper bounds of rows over the outputs of the last hidden layer, all roundings included."""
    _, outputs = before[-1].pieces
    # the bias is added by the caller
    error = growth(affine) * (np.abs(rows) @ outputs + np.abs(affine.bias))
    total = np.zeros(len(rows))
    for k in reversed(range(len(before))):
        relaxation, inner = before[k], net.layers.maps[k]
        g = growth(inner) * 2
        positive, negative = np.maximum(rows, 0), np.minimum(rows, 0)
        sizes, _ = relaxation.pieces
        above, below = relaxation.above, relaxation.below
        total = total + positive @ above[:, 1] + negative @ below[:, 1]
        offsets = np.maximum(np.abs(above[:, 1]), np.abs(below[:, 1]))
        error = error + 2.02 * (len(sizes) + 4) * unit_roundoff() * (np.abs(rows) @ offsets)
        error = error + 2 * unit_roundoff() * np.abs(total)
        rows = positive * above[:, 0] + negative * below[:, 0]
        least, greatest = (box.low, box.high) if k == 0 else (before[k - 1].least,
                                                             before[k - 1].greatest)  # fmt: skip
        inside = np.maximum(np.abs(least), np.abs(greatest))
        room = np.abs(inner.weight) @ inside + np.abs(inner.bias)
        error = error + g * (np.abs(rows) @ (room + sizes))
        total = total + rows @ inner.bias
        rows = rows @ inner.weight
    positive, negative = np.maximum(rows, 0), np.minimum(rows, 0)
    at_most = positive @ box.high + negative @ box.low
    size = np.abs(rows) @ np.maximum(np.abs(box.low), np.abs(box.high))
    error = error + 2.02 * (rows.shape[1] + 6) * unit_roundoff() * (size + np.abs(total))
    return total + at_most + (error * SLACK + FLOOR)


def _fraction(value: fmpq) -> Fraction:
    return Fraction(int(value.p), int(value.q))
