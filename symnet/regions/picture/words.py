"""How large words are on paper, and where in a convex polygon they have most room."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from ...exact.affine import as_fraction
from ...exact.linear_program import LinearSystem, Optimal, maximise
from ...pictures._words import parts
from ...pictures.marks import Label, Place
from ...render._measure import size as typeset
from .frame import Interval

#: Left, lower, right and upper end, in points.
Rectangle = tuple[float, float, float, float]

#: Letters in regions, in points: as a rule, and at the least.
LARGE, SMALL = 9.0, 5.5


@dataclass(frozen=True)
class Scale:
    """Points on paper for one unit of either axis."""

    x: Fraction
    y: Fraction

    @classmethod
    def of(cls, size: Sequence[float], frame: Sequence[Interval]) -> Scale:
        """The scale of a frame that is drawn in so many inches."""
        x, y = (72 * Fraction(s) / (b - a) for s, (a, b) in zip(size, frame, strict=True))
        return cls(x, y)

    def points(self, place: Place) -> tuple[float, float]:
        """A place in points."""
        return float(place[0]) * float(self.x), float(place[1]) * float(self.y)

    def place(self, points: tuple[float, float]) -> Place:
        """A place that is given in points."""
        return points[0] / float(self.x), points[1] / float(self.y)


def extent(words: str) -> tuple[float, float]:
    """Width and height of some words in points, for letters of one point."""
    sizes = [
        # a sign in braces has no room around it, and is as wide as this letter
        typeset(re.sub(r"\{[-+]\}", "P", text) if math else rf"\text{{{text}}}")
        for text, math in parts(words)
    ]
    return sum(s.width for s in sizes) / 10, 0.8 * max((s.lines for s in sizes), default=1.0)


def rectangle(label: Label, scale: Scale) -> Rectangle:
    """Where the words of a label are that stands with its centre at its place."""
    width, height = extent(label.words)
    x, y = scale.points(label.at)
    half = width * label.size / 2, height * label.size / 2
    return x - half[0], y - half[1], x + half[0], y + half[1]


def overlap(one: Rectangle, other: Rectangle, gap: float = 0.0) -> bool:
    """Whether two rectangles are nearer than a gap."""
    return (
        one[0] < other[2] + gap
        and other[0] < one[2] + gap
        and one[1] < other[3] + gap
        and other[1] < one[3] + gap
    )


def roomiest(
    corners: Sequence[Sequence[Fraction]], box: tuple[float, float], scale: Scale
) -> tuple[tuple[Fraction, Fraction], float]:
    """Where in a convex polygon words have most room, and the size of letters with which they fit.

    That is where a box in the shape of the words is largest, moved towards the middle of the
    polygon as far as letters of the size that is the rule fit there.

    Parameters
    ----------
    corners : counterclockwise
    box : width and height of the words for letters of one point
    scale : the scale of the picture
    """
    half = Fraction(box[0]) / 2 / scale.x, Fraction(box[1]) / 2 / scale.y
    rows, right = [], []
    for (x, y), (u, v) in pairwise([*corners, corners[0]]):
        a, b = v - y, x - u  # outward normal
        rows.append([a, b, abs(a) * half[0] + abs(b) * half[1]])
        right.append(a * x + b * y)
    best = maximise([0, 0, 1], LinearSystem.of(rows, right))
    assert isinstance(best, Optimal)
    px, py, most = (as_fraction(v) for v in best.point)
    need = min(most, Fraction(LARGE) * Fraction(5, 4))
    qx, qy = (sum(column, Fraction(0)) / len(corners) for column in zip(*corners, strict=True))
    share = Fraction(1)
    for (a, b, width), offset in zip(rows, right, strict=True):
        step = a * (qx - px) + b * (qy - py)
        if step > 0:
            share = min(share, (offset - a * px - b * py - need * width) / step)
    place = px + share * (qx - px), py + share * (qy - py)
    return place, round(0.92 * float(most), 1)
