"""A function by bands of values: every region is cut exactly where it takes a round value."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from fractions import Fraction

from ...pictures import ticks
from ...pictures.colours import Palette, graded
from ...pictures.marks import ColourBar, Number, Tick

#: A place with its value.
Valued = tuple[tuple[Number, ...], Number]


def scale_of(values: Sequence[Number], palette: Palette, name: str) -> ColourBar:
    """Some ten bands between round values that hold all the values, and their colours.

    With a palette that has a middle, that belongs to the value 0.
    """
    low, high = Fraction(min(values)), Fraction(max(values))
    if low == high:
        levels = [low - Fraction(1, 2), low + Fraction(1, 2)]
        return ColourBar(
            graded(palette.scale, 1), tuple(levels), (Tick(low, ticks.decimal(low)),), name
        )
    by = ticks.step(high - low, 12)
    levels = ticks.multiples((low // by) * by, -((-high) // by) * by, by)
    count = len(levels) - 1
    colours = graded(palette.scale, count)
    if palette.middle:
        reach = max(abs(levels[0]), abs(levels[-1]))
        many = int(2 * reach / by)
        start = int((levels[0] + reach) / by)
        colours = graded(palette.scale, many)[start : start + count]
    marked = levels if count <= 8 else [v for v in levels if v % (2 * by) == 0]
    exact = not isinstance(values[0], float)
    bounds: tuple[Number, ...] = tuple(levels) if exact else tuple(float(v) for v in levels)
    return ColourBar(colours, bounds, tuple(Tick(v, ticks.decimal(v)) for v in marked), name)


def bands(corners: Sequence[Valued], bar: ColourBar) -> Iterator[tuple[tuple[Valued, ...], str]]:
    """The parts of a convex polygon, on which a function is affine, with their colours.

    Parameters
    ----------
    corners : the corners in order, each with its value
    bar : the bands, which hold all the values
    """
    rest = tuple(corners)
    low, high = min(v for _, v in rest), max(v for _, v in rest)
    last = len(bar.colours) - 1
    first = min(max(bisect_right(bar.levels, low) - 1, 0), last)
    for k in range(first, last + 1):
        top = bar.levels[k + 1]
        if high <= top or k == last:
            yield rest, bar.colours[k]
            return
        below, rest = _cut(rest, top)
        yield below, bar.colours[k]


def _cut(corners: Sequence[Valued], level: Number) -> tuple[tuple[Valued, ...], tuple[Valued, ...]]:
    """The parts of a polygon where the value is at most, and at least, the level."""
    below: list[Valued] = []
    above: list[Valued] = []
    for (p, v), (q, w) in zip(corners, (*corners[1:], corners[0]), strict=True):
        if v <= level:
            below.append((p, v))
        if v >= level:
            above.append((p, v))
        if (v < level < w) or (w < level < v):
            t = (level - v) / (w - v)
            point = tuple(a + (b - a) * t for a, b in zip(p, q, strict=True)), level
            below.append(point)
            above.append(point)
    return tuple(below), tuple(above)
