"""Bounds of the difference of two networks of the same shape, neuron by neuron.

With h and g the outputs of a hidden layer of the two and d = h - g, the pre-activations of the next
differ by (W - V) h + V d + (b - c), which is small where the networks are alike. A function whose
slopes are between s and t where the two may be maps z and z - e to values that differ by between
s e and t e, so that lines around this bound d. All of it is carried backward to the inputs, as one
network of the neurons of the first and the differences (Paulsen, Wang and Wang, ReluDiff, 2020;
Paulsen, Wang, Wang and Wang, NeuroDiff, 2020, with intervals).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from flint import fmpz, fmpz_mat

from ..exact.affine import AffineMap
from ..exact.arrays import Floats, Ints
from ..regions.layer_list import LayerList
from ._bounding import Boxes, backward, bounds_of
from ._prepared import Prepared
from ._relaxing import Relaxation, relaxed, slopes_between

#: More than a number can lose to rounding where it is too small for a float.
_TINY = 2.0**-1000


@dataclass(frozen=True, eq=False)
class DifferenceBounds:
    """Bounds of the outputs of one network minus those of another, then of minus that."""

    one: LayerList
    other: LayerList

    @property
    def fit(self) -> bool:
        """Whether the two have the same neurons, and slopes are floats."""
        slopes = {s for fs in self.one.functions for f in fs for s in f.slopes}
        return (
            self.one.functions == self.other.functions
            and bool(self.one.functions)
            and all(abs(s) < 2**500 and Fraction(float(s)) == s for s in slopes)
        )

    @cached_property
    def _net(self) -> Prepared:
        """The neurons of the first network, followed by the differences, in every layer."""
        maps = [_joined(a, b, k == 0) for k, (a, b) in enumerate(
            zip(self.one.maps, self.other.maps, strict=True))]  # fmt: skip
        outputs = self.one.outputs
        maps[-1] = _rows(maps[-1], range(outputs, 2 * outputs))
        return Prepared(LayerList(tuple(maps), tuple(fs + fs for fs in self.one.functions)))

    @np.errstate(all="ignore")
    def of(self, boxes: Boxes) -> tuple[Floats, Floats, Ints]:
        """Upper bounds and slopes of f - g, then of g - f, and how many neurons bend, on boxes."""
        net, found = self._net, list[Relaxation]()
        bends = np.zeros(len(boxes), dtype=np.int64)
        for affine, functions in zip(net.layers.maps, self.one.functions, strict=False):
            n = len(functions)
            low, high = bounds_of(net, affine, boxes, found)
            least, most = low[:, :n] - high[:, n:], high[:, :n] - low[:, n:]
            # one float further, for the rounding
            there = np.nextafter(least, -np.inf), np.nextafter(most, np.inf)
            both = np.minimum(low[:, :n], there[0]), np.maximum(high[:, :n], there[1])
            slopes = slopes_between(functions, *both)
            bends += 2 * (slopes[0] < slopes[1]).sum(axis=1)
            first = relaxed(functions, low[:, :n], high[:, :n])
            found.append(_beside(first, _differences(low[:, n:], high[:, n:], *slopes)))
        last = net.layers.maps[-1]
        low, high = bounds_of(net, last, boxes, found)
        _, rows = backward(net, np.vstack([last.weight, -last.weight]), last, boxes, found)
        return np.concatenate([high, -low], axis=1), rows, bends


def _joined(one: AffineMap, other: AffineMap, is_first: bool) -> AffineMap:
    """(h, d) -> (W h + b, (W - V) h + V d + b - c); of the inputs there is no d."""
    (a, p), (b, q) = one.integers(), other.integers()
    common = p.lcm(q)
    a, b = a * (common // p), b * (common // q)
    m, n = one.shape
    rows = []
    for row, minus in ((a.tolist(), None), ((a - b).tolist(), b.tolist())):
        for i in range(m):
            middle = [] if is_first else minus[i][:n] if minus else [fmpz(0)] * n
            rows.append([*row[i][:n], *middle, row[i][n]])
    return AffineMap.from_integers(fmpz_mat(rows), common)


def _rows(affine: AffineMap, places: range) -> AffineMap:
    matrix, denominator = affine.integers()
    table = matrix.tolist()
    return AffineMap.from_integers(fmpz_mat([table[i] for i in places]), denominator)


def _differences(low: Floats, high: Floats, least: Floats, most: Floats) -> Relaxation:
    """Lines around all functions between ``least`` e and ``most`` e, for low <= e <= high."""
    over = [np.maximum(least * e, most * e) for e in (low, high)]
    under = [np.minimum(least * e, most * e) for e in (low, high)]
    inside = (low < 0) & (high > 0) & (least < most)
    width = np.where(inside, high - low, 1.0)
    # convex above and concave below, with a kink at 0: chords; or one line, where there is none
    above = np.where(inside, (over[1] - over[0]) / width, np.where(low >= 0, most, least))
    below = np.where(inside, (under[1] - under[0]) / width, np.where(low >= 0, least, most))
    rest = [np.maximum(over[0] - above * low, over[1] - above * high),
            np.minimum(under[0] - below * low, under[1] - below * high)]  # fmt: skip
    size = (np.abs([*over, *under]).max(axis=0) + np.abs(above) * np.maximum(-low, high)) * 2.0**-48
    lifted = [np.where(inside, rest[0] + size + _TINY, 0.0),
              np.where(inside, rest[1] - size - _TINY, 0.0)]  # fmt: skip
    room = np.abs([*over, *under]).max(axis=0) * 2.0**-50 + _TINY
    room = np.where((low == 0) & (high == 0), 0.0, room)
    return Relaxation(
        low, high, np.minimum(*under) - room, np.maximum(*over) + room,
        np.stack([below, lifted[1]], axis=-1), np.stack([above, lifted[0]], axis=-1),
    )  # fmt: skip


def _beside(one: Relaxation, other: Relaxation) -> Relaxation:
    return Relaxation(*(
        np.concatenate([a, b], axis=1)
        for a, b in ((one.low, other.low), (one.high, other.high), (one.least, other.least),
                     (one.greatest, other.greatest), (one.below, other.below),
                     (one.above, other.above))
    ))  # fmt: skip
