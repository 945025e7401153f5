"""Domains with exact rational data: an interval, or a convex polygon."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

from flint import fmpz

from symnet.exact.affine import as_fraction

Point = tuple[Fraction, ...]


@dataclass(frozen=True)
class Domain:
    """A full-dimensional polytope of dimension 1 or 2: its corners, counterclockwise."""

    corners: tuple[Point, ...]

    @property
    def dimension(self) -> int:
        """The number of coordinates."""
        return len(self.corners[0])

    def homogeneous(self) -> list[tuple[fmpz, ...]]:
        """Return the corners as primitive integer vectors (X_1, ..., X_d, T), T > 0."""
        result = []
        for corner in self.corners:
            scale = lcm(*(value.denominator for value in corner))
            whole = (fmpz(v.numerator * (scale // v.denominator)) for v in corner)
            result.append((*whole, fmpz(scale)))
        return result


def interval(low: Any, high: Any) -> Domain:
    """Return the interval [low, high], low < high."""
    a, b = as_fraction(low), as_fraction(high)
    if not a < b:
        raise ValueError(f"an interval needs low < high, got {a} and {b}")
    return Domain(((a,), (b,)))


def box(low: Sequence[Any], high: Sequence[Any]) -> Domain:
    """Return the box low <= x <= high in dimension 1 or 2."""
    if len(low) != len(high) or len(low) not in (1, 2):
        raise ValueError(f"a box of dimension 1 or 2 is needed, got {len(low)} and {len(high)}")
    if len(low) == 1:
        return interval(low[0], high[0])
    (a, c), (b, d) = (as_fraction(v) for v in low), (as_fraction(v) for v in high)
    if not (a < b and c < d):
        raise ValueError(f"a box needs low < high, got {tuple(low)} and {tuple(high)}")
    return Domain(((a, c), (b, c), (b, d), (a, d)))


def polygon(corners: Sequence[Sequence[Any]]) -> Domain:
    """Return the convex polygon with these corners in cyclic order, either way round.

    Corners in the middle of a side are left out. A polygon that is not convex or flat is an error.

    >>> len(polygon([(0, 0), (0, 2), (2, 2), (1, 1)]).corners)
    3
    """
    points = [(as_fraction(x), as_fraction(y)) for x, y in corners]
    points = [p for k, p in enumerate(points) if p != points[k - 1]]
    area = sum((_cross(points[0], p, q) for p, q in itertools.pairwise(points)), Fraction(0))
    if area == 0:
        raise ValueError("the polygon is flat: its corners lie on one line")
    if area < 0:
        points.reverse()
    while True:
        n = len(points)
        kept = [
            points[k]
            for k in range(n)
            if _cross(points[k - 1], points[k], points[(k + 1) % n]) != 0
        ]
        if len(kept) == n:
            break
        points = kept
    turns = [_cross(points[k - 1], points[k], points[(k + 1) % n]) for k in range(n)]
    halves = [_upper(points[k - 1], points[k]) for k in range(n)]
    changes = sum(halves[k] != halves[k - 1] for k in range(n))
    if min(turns) < 0 or changes != 2:
        raise ValueError("the polygon is not convex, or its corners are not in cyclic order")
    return Domain(tuple(points))


def _cross(p: Point, q: Point, r: Point) -> Fraction:
    return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])


def _upper(p: Point, q: Point) -> bool:
    """Whether the side from p to q points into the upper half-plane, closed on the right."""
    rise, run = q[1] - p[1], q[0] - p[0]
    return rise > 0 or (rise == 0 and run > 0)
