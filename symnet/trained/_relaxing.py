"""Two lines around each neuron's function on an interval: what bounds on a layer say of the next.

The function lies between the lines at the ends of the interval and at the breakpoints inside it,
so it does between them. Slopes are floats; offsets are the exact ones, rounded away from the graph.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import inf, isfinite, nan, nextafter

import numpy as np

from ..exact.affine import nearest_float
from ..exact.arrays import Floats
from ..regions.activation import IDENTITY, RELU, PiecewiseLinear1D
from ..regions.layer_list import Functions

#: Binary digits of the lines above relu.
_DIGITS = 20


@dataclass(frozen=True, eq=False)
class Relaxation:
    """A hidden layer on boxes: bounds of its inputs z and of f(z), and lines around f.

    below slope z + offset <= f(z) <= above slope z + offset, for low <= z <= high. The first axis
    is for the boxes, the second for the neurons, the third of the lines for slope and offset.
    """

    low: Floats
    high: Floats
    least: Floats
    greatest: Floats
    below: Floats
    above: Floats

    @cached_property
    def size_in(self) -> Floats:
        """The greatest sizes of z."""
        size: Floats = np.maximum(np.abs(self.low), np.abs(self.high))
        return size

    @cached_property
    def size_out(self) -> Floats:
        """The greatest sizes of f(z)."""
        size: Floats = np.maximum(np.abs(self.least), np.abs(self.greatest))
        return size

    def table(self) -> Floats:
        """What it says of the functions, (boxes, neurons, 6): least, greatest and both lines."""
        ends = np.stack([self.least, self.greatest], axis=-1)
        return np.concatenate([ends, self.below, self.above], axis=-1)


def relaxed(functions: Functions, low: Floats, high: Floats) -> Relaxation:
    """The relaxation of a layer with pre-activations between these bounds, (boxes, neurons)."""
    if all(f is RELU for f in functions) or all(f.is_relu for f in functions):
        return _relaxed_relu(low, high)
    table = np.empty((*low.shape, 6))
    kinds = np.array([1 if f.is_relu else 2 if f == IDENTITY else 0 for f in functions])
    relu, same = np.flatnonzero(kinds == 1), np.flatnonzero(kinds == 2)
    table[:, relu] = _relaxed_relu(low[:, relu], high[:, relu]).table()
    table[:, same, 0], table[:, same, 1] = low[:, same], high[:, same]
    table[:, same, 2:] = 1.0, 0.0, 1.0, 0.0
    for i in np.flatnonzero(kinds == 0).tolist():
        ends = zip(low[:, i].tolist(), high[:, i].tolist(), strict=True)
        table[:, i] = [_around(functions[i], a, b) for a, b in ends]
    return Relaxation(low, high, table[..., 0], table[..., 1], table[..., 2:4], table[..., 4:6])


def _relaxed_relu(low: Floats, high: Floats) -> Relaxation:
    """The same for relu: 0 or z below, and above the chord, lifted by more than its rounding."""
    on, off = low >= 0, high <= 0
    bends = ~(on | off)
    with np.errstate(all="ignore"):
        slope = np.where(bends, _short(high / (high - low)), np.where(off, 0.0, 1.0))
        lifted = _short(np.maximum(-slope * low, high * (1 - slope)) * (1 + 2.0**-48) + 2.0**-1000)
    zero = np.zeros_like(low)
    below = np.where(bends, (high > -low) * 1.0, slope)
    return Relaxation(
        low, high, np.maximum(low, 0), np.maximum(high, 0),
        np.stack([below, zero], axis=-1), np.stack([slope, np.where(bends, lifted, 0.0)], axis=-1),
    )  # fmt: skip


def _short(values: Floats) -> Floats:
    """Not less, and with few digits: what is computed exactly from them has fewer, too."""
    mantissa, exponent = np.frexp(values)
    rounded: Floats = np.ldexp(np.ceil(np.ldexp(mantissa, _DIGITS)), exponent - _DIGITS)
    return rounded


def _around(f: PiecewiseLinear1D, low: float, high: float) -> tuple[float, ...]:
    """The least and the greatest value, and slope and offset of the two lines."""
    if not isfinite(low) or not isfinite(high):
        return -inf, inf, nan, nan, nan, nan
    a, b = Fraction(low), Fraction(high)
    knots = [a, *(t for t in f.breakpoints if a < t < b), b]
    first = sum(t <= a for t in f.breakpoints)
    if len(knots) == 2:
        slope, offset = f.pieces[first]
        if _is_float(slope) and _is_float(offset):
            ends = sorted((slope * a + offset, slope * b + offset))
            line = float(slope), float(offset)
            return down(ends[0]), up(ends[1]), *line, *line
    values = [f(t) for t in knots]
    chord = (values[-1] - values[0]) / (b - a) if a < b else Fraction(0)
    inside = f.pieces[first : first + len(knots) - 1]
    slopes = {nearest_float(s.numerator, s.denominator) for s, _ in inside}
    slopes.add(nearest_float(chord.numerator, chord.denominator))
    lines = [_lines(s, knots, values) for s in sorted(slopes)]
    middle = (a + b) / 2
    below = max((line[0] for line in lines), key=lambda v: Fraction(v[0]) * middle + Fraction(v[1]))
    above = min((line[1] for line in lines), key=lambda v: Fraction(v[0]) * middle + Fraction(v[1]))
    return down(min(values)), up(max(values)), *below, *above


def _lines(
    slope: float, knots: Sequence[Fraction], values: Sequence[Fraction]
) -> tuple[tuple[float, float], tuple[float, float]]:
    """The lines of a slope that touch the graph from below and from above."""
    s = Fraction(slope)
    rests = [v - s * t for t, v in zip(knots, values, strict=True)]
    return (slope, down(min(rests))), (slope, up(max(rests)))


def slopes_between(functions: Functions, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """The least and the greatest slope of every function between bounds, to the nearest float."""
    if all(f.is_relu for f in functions):
        return (low >= 0) * 1.0, (high > 0) * 1.0
    least, most = np.empty_like(low), np.empty_like(low)
    for k, (lows, highs) in enumerate(zip(low.tolist(), high.tolist(), strict=True)):
        for i, (f, a, b) in enumerate(zip(functions, lows, highs, strict=True)):
            first = sum(t <= a for t in f.breakpoints)
            last = sum(t < b for t in f.breakpoints)
            slopes = [float(s) for s, _ in f.pieces[first : max(last, first) + 1]]
            least[k, i], most[k, i] = min(slopes), max(slopes)
    return least, most


def down(value: Fraction) -> float:
    """A float that is not greater, and as near as floats are."""
    found = nearest_float(value.numerator, value.denominator)
    if found == -inf or (found < inf and Fraction(found) <= value):
        return found
    return nextafter(found, -inf)


def up(value: Fraction) -> float:
    """A float that is not less, and as near as floats are."""
    return -down(-value)


def _is_float(value: Fraction) -> bool:
    found = nearest_float(value.numerator, value.denominator)
    return abs(found) < inf and Fraction(found) == value
