"""Bounds on boxes in integers of 64 bits: what was found in floats is proved without them.

A product is exact, as its factors have so few bits that no sum of products overflows. What is
rounded is rounded to the safe side, and what a row of coefficients loses is made up for by the
sizes of what it multiplies. The bounds are those of ``_bounding``, backward and by intervals, and
are made anew from the inputs on.

For functions with one breakpoint, at 0, where they are 0: relu and its relatives. What these bounds
leave open, as they are a little wider, is left to rational numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from flint import fmpz

from ..exact.affine import AffineMap
from ..exact.arrays import Bools, Ints
from ..regions.layer_list import Functions, LayerList
from ._bounding import Boxes
from ._fixed import ROOM, Fixed

#: Functions that are steeper are left to rational numbers.
_STEEP = 1 << 16


@dataclass(frozen=True, eq=False)
class _Layer:
    """W x + b with W and b rounded down by less than a unit of each."""

    weight: Fixed
    bias: Fixed

    @classmethod
    def of(cls, affine: AffineMap, bits: int) -> _Layer:
        matrix, denominator = affine.integers()
        rows = matrix.tolist()
        weight = _rounded([v for row in rows for v in row[:-1]], denominator, bits)
        bias = _rounded([row[-1] for row in rows], denominator, bits)
        return cls(Fixed(weight.value.reshape(affine.shape), weight.unit), bias)


def _rounded(numbers: Sequence[fmpz], denominator: fmpz, bits: int) -> Fixed:
    """Numbers over a denominator, rounded down to so many bits."""
    largest = max((abs(int(v)) for v in numbers), default=0)
    unit = largest.bit_length() - int(denominator).bit_length() + 2 - bits
    below = denominator << max(unit, 0)
    value = [int((v << max(-unit, 0)) // below) for v in numbers]
    return Fixed(np.array(value, dtype=np.int64), unit)


@dataclass(frozen=True, eq=False)
class _Functions:
    """f(z) = s z with s between below[0] and above[0] for z < 0, below[1], above[1] for z > 0.

    Slopes times 2**bits, one pair for each neuron.
    """

    below: tuple[Ints, Ints]
    above: tuple[Ints, Ints]
    unit: int

    @classmethod
    def of(cls, functions: Functions, bits: int) -> _Functions:
        slopes = [f.slopes if len(f.slopes) > 1 else f.slopes * 2 for f in functions]
        largest = max((abs(s) for pair in slopes for s in pair), default=0)
        unit = int(largest).bit_length() + 1 - bits
        scaled = [[s / 2**unit if unit > 0 else s * 2**-unit for s in pair] for pair in slopes]
        down = np.array([[s.numerator // s.denominator for s in pair] for pair in scaled])
        up = np.array([[-(-s.numerator // s.denominator) for s in pair] for pair in scaled])
        return cls((down[:, 0], down[:, 1]), (up[:, 0], up[:, 1]), unit)


@dataclass(frozen=True, eq=False)
class _Lines:
    """A hidden layer on boxes: bounds of z and f(z), and lines around f.

    Slopes are ``above`` and ``below``, times 2**unit."""

    inputs: tuple[Fixed, Fixed]
    values: tuple[Fixed, Fixed]
    offsets: tuple[Fixed, Fixed]
    above: Ints
    below: Ints
    unit: int

    @property
    def size_in(self) -> Fixed:
        """The greatest sizes of z."""
        return _size(self.inputs)

    @property
    def size_out(self) -> Fixed:
        """The greatest sizes of f(z)."""
        return _size(self.values)


class IntegerBounds:
    """Upper bounds of forms in the outputs of the last hidden layer, or of a network, on boxes."""

    def __init__(self, layers: LayerList, forms: AffineMap) -> None:
        maps = (*layers.maps[:-1], forms)
        widest = max(max(m.shape) for m in maps)
        self.bits = (ROOM - (widest + 1).bit_length()) // 2
        self.layers = [_Layer.of(m, self.bits) for m in maps]
        self.functions = [_Functions.of(fs, self.bits) for fs in layers.functions]

    @classmethod
    def of(cls, layers: LayerList, forms: AffineMap) -> IntegerBounds | None:
        """The bounds; None where the functions of the network are of another kind."""
        fits = all(
            f.breakpoints in ((), (0,))
            and all(abs(slope) < _STEEP and not offset for slope, offset in f.pieces)
            for functions in layers.functions
            for f in functions
        )
        return cls(layers, forms) if fits else None

    def positive(self, boxes: Boxes) -> Bools:
        """Which forms are positive on boxes for certain, (boxes, forms)."""
        found = self.on(boxes)
        if found is None:
            return np.zeros((len(boxes), len(self.layers[-1].bias.value)), dtype=np.bool_)
        positive: Bools = found[0].value > 0
        return positive

    def on(self, boxes: Boxes) -> tuple[Fixed, Fixed] | None:
        """Bounds of the forms on boxes, (boxes, forms); None where the boxes are too large."""
        box = _box(boxes, self.bits)
        if box is None:
            return None
        return self._bounds(len(self.functions), box, self._lines(box))

    def sides(self, boxes: Boxes) -> list[tuple[Bools, Bools]] | None:
        """For every hidden layer where z < 0 and z > 0 may be, (boxes, neurons)."""
        box = _box(boxes, self.bits)
        if box is None:
            return None
        pairs = (lines.inputs for lines in self._lines(box))
        return [(low.value < 0, high.value > 0) for low, high in pairs]

    def _lines(self, box: tuple[Fixed, Fixed]) -> list[_Lines]:
        lines: list[_Lines] = []
        for k, functions in enumerate(self.functions):
            lines.append(_lines(functions, *self._bounds(k, box, lines), self.bits))
        return lines

    def _bounds(
        self, k: int, box: tuple[Fixed, Fixed], before: Sequence[_Lines]
    ) -> tuple[Fixed, Fixed]:
        """Bounds of the pre-activations of a layer, or of the forms."""
        layer = self.layers[k]
        here = before[-1].values if before else box
        found = []
        for sign in (-1, 1):
            weight = Fixed(sign * layer.weight.value, layer.weight.unit)
            bias = Fixed(sign * layer.bias.value + (sign > 0), layer.bias.unit)
            top = _product(weight, *here).plus(_lost(weight, _size(here)))
            if before:
                top = top.least(self._backward(weight, box, before))
            found.append(top.plus(bias))
        return -found[0], found[1]

    def _backward(self, rows: Fixed, box: tuple[Fixed, Fixed], before: Sequence[_Lines]) -> Fixed:
        """Upper bounds of rows over the outputs of a hidden layer, known up to a unit."""
        total = _lost(rows, before[-1].size_out)
        rows = Fixed(np.stack([rows.value] * len(box[0].value)), rows.unit)
        for k in reversed(range(len(before))):
            inside = before[k - 1].size_out if k else _size(box)
            rows, constant = self._before(before[k], rows)
            total = total.plus(constant)
            rows, constant = self._through(self.layers[k], rows, inside)
            total = total.plus(constant)
        return total.plus(_product(rows, *box))

    def _before(self, lines: _Lines, rows: Fixed) -> tuple[Fixed, Fixed]:
        """Rows over the inputs of a hidden layer that are no less than those over its outputs."""
        constant = _product(rows, *lines.offsets)
        slopes = np.where(rows.value > 0, lines.above[:, None], lines.below[:, None])
        rows = Fixed(rows.value * slopes, rows.unit + lines.unit).below_in(self.bits)
        return rows, constant.plus(_lost(rows, lines.size_in))

    def _through(self, layer: _Layer, rows: Fixed, inside: Fixed) -> tuple[Fixed, Fixed]:
        """Rows over what a layer takes, whose sizes are ``inside``."""
        weight, bias = layer.weight, layer.bias
        size = Fixed(np.abs(rows.value).sum(axis=2), rows.unit)
        constant = Fixed(rows.value @ bias.value, rows.unit + bias.unit)
        constant = constant.plus(Fixed(size.value, size.unit + bias.unit))
        constant = constant.plus(_times(size, _sum(inside), weight.unit))
        rows = Fixed(rows.value @ weight.value, rows.unit + weight.unit).below_in(self.bits)
        return rows, constant.plus(_lost(rows, inside))


def _box(boxes: Boxes, bits: int) -> tuple[Fixed, Fixed] | None:
    """Boxes rounded outwards; None where they are too large."""
    largest = float(np.abs([boxes.low, boxes.high]).max(initial=0))
    unit = math.frexp(largest)[1] + 1 - bits
    # floats are multiplied exactly by powers of two from 1 on
    if unit > 0 or not math.isfinite(largest):
        return None
    low, high = (np.ldexp(b, -unit) for b in (boxes.low, boxes.high))
    outwards = np.floor(low).astype(np.int64), np.ceil(high).astype(np.int64)
    return Fixed(outwards[0], unit), Fixed(outwards[1], unit)


def _size(bounds: tuple[Fixed, Fixed]) -> Fixed:
    """The greatest sizes between bounds."""
    low, high = bounds
    return Fixed(np.maximum(np.abs(low.value), np.abs(high.value)), low.unit)


def _sum(sizes: Fixed) -> Fixed:
    """The sum for every box."""
    return Fixed(sizes.value.sum(axis=1, keepdims=True), sizes.unit)


def _lost(rows: Fixed, size: Fixed) -> Fixed:
    """What rows that are off by less than a unit in every entry lose at most."""
    total = _sum(size)
    return Fixed(total.value, total.unit + rows.unit)


def _times(one: Fixed, other: Fixed, unit: int) -> Fixed:
    """No less than the product of numbers that are not negative, times 2**unit."""
    a, b = one.above_in(ROOM // 2), other.above_in(ROOM // 2)
    return Fixed(a.value * b.value, a.unit + b.unit + unit)


def _product(rows: Fixed, low: Fixed, high: Fixed) -> Fixed:
    """The greatest values of rows on boxes."""
    plus, minus = np.where(rows.value > 0, rows.value, 0), np.where(rows.value < 0, rows.value, 0)
    a, b = low.value[..., None], high.value[..., None]
    value: Ints = np.matmul(plus, b) + np.matmul(minus, a)
    return Fixed(value[..., 0], rows.unit + low.unit)


def _outwards(low: Fixed, high: Fixed, bits: int) -> tuple[Fixed, Fixed]:
    """Bounds in one unit, in which they have no more bits."""
    unit = max((-low).above_in(bits).unit, high.above_in(bits).unit)
    return -(-low).above(unit), high.above(unit)


def _lines(functions: _Functions, low: Fixed, high: Fixed, bits: int) -> _Lines:
    """Lines around every function between its bounds, through its values at the ends and at 0."""
    low, high = _outwards(low, high, bits)
    a, b = low.value, high.value
    bends, on = (a < 0) & (b > 0), a >= 0
    s, t = functions.below
    left, right = zip(functions.below, functions.above, strict=True)
    ends: list[tuple[Ints, list[Ints]]] = [
        (z, [np.where(side, v, u) for u, v in zip(left, right, strict=True)])
        for z, side in ((a, on), (b, b > 0))
    ]
    most = [np.maximum(z * p, z * q) for z, (p, q) in ends]
    least = [np.minimum(z * p, z * q) for z, (p, q) in ends]
    chord = np.where(bends, (b * t - a * s) // np.maximum(b - a, 1), np.where(on, t, s))
    steep = np.where(b > -a, t, s)
    above, below = (np.where(bends & one, steep, chord) for one in (s > t, s <= t))
    over = np.maximum(most[0] - above * a, most[1] - above * b)
    under = np.minimum(least[0] - below * a, least[1] - below * b)
    unit = functions.unit + low.unit

    def pair(down: Ints, up: Ints) -> tuple[Fixed, Fixed]:
        """Bounds that hold at the breakpoint, too, where both are 0."""
        down, up = (
            np.where(bends, np.minimum(down, 0), down),
            np.where(bends, np.maximum(up, 0), up),
        )
        return _outwards(Fixed(down, unit), Fixed(up, unit), bits)

    offsets, values = pair(under, over), pair(np.minimum(*least), np.maximum(*most))
    return _Lines((low, high), values, offsets, above, below, functions.unit)
