"""Generators of a polyhedral cone from its inequalities, by the double description method.

Motzkin, Raiffa, Thompson and Thrall 1953; the combinatorial adjacency test of Fukuda and Prodon
1996. A cone {z : a z >= 0 for all a, e z = 0 for all e} is the sum of a linear space (a basis of
`lines`) and the nonnegative hull of finitely many `rays`, minimal modulo the lines.  Vectors are
primitive integer tuples, so nothing is ever rounded.  The dual cone has the generators as its
inequalities: the same function turns vertices and rays into facets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from symnet.exact.rational_rows import primitive

__all__ = ["Cone", "cone_generators"]

Integers = tuple[int, ...]


@dataclass(frozen=True)
class Cone:
    """Lines and rays of a cone; `tight[i]` has bit j set where inequality j is zero on ray i."""

    lines: tuple[Integers, ...]
    rays: tuple[Integers, ...]
    tight: tuple[int, ...]
    #: The number of variables less that of the equations, and the number of inequalities.
    span: int
    count: int = 0

    @classmethod
    def space(cls, dimension: int) -> Cone:
        """All of R^dimension."""
        units = (tuple(int(i == j) for j in range(dimension)) for i in range(dimension))
        return cls(tuple(units), (), (), dimension)

    def on(self, form: Sequence[int]) -> Cone:
        """The part of a linear space (no rays) on which a form is zero."""
        values = [_dot(form, line) for line in self.lines]
        pivot = next((i for i, v in enumerate(values) if v), None)
        if pivot is None:
            return self
        return Cone(_without(self.lines, values, pivot), (), (), self.span - 1)

    def above(self, form: Sequence[int]) -> Cone:
        """The part on which a form is nonnegative; its bit is the number of those before it.

        >>> Cone.space(2).above((1, 0)).above((1, 1)).rays
        ((1, -1), (0, 1))
        """
        values = [_dot(form, line) for line in self.lines]
        pivot = next((i for i, v in enumerate(values) if v), None)
        bit = 1 << self.count
        if pivot is None:
            # Two rays span a face only if the forms that vanish on both leave a plane.
            rank = self.span - len(self.lines) - 2
            values = [_dot(form, ray) for ray in self.rays]
            kept, facets = _cut(self.rays, self.tight, values, bit, rank)
            return Cone(self.lines, tuple(kept), tuple(facets), self.span, self.count + 1)
        by, b = self.lines[pivot], values[pivot]
        moved = (_eliminate(ray, by, _dot(form, ray), b) for ray in self.rays)
        new = by if b > 0 else tuple(-x for x in by)
        # On the new ray every earlier inequality is zero, as it was on the line.
        tight = (*(t | bit for t in self.tight), bit - 1)
        lines = _without(self.lines, values, pivot)
        return Cone(lines, (*moved, new), tight, self.span, self.count + 1)


def _without(lines: Sequence[Integers], values: Sequence[int], pivot: int) -> tuple[Integers, ...]:
    """The lines but one, moved along it to where the form with these values is zero."""
    by, b = lines[pivot], values[pivot]
    pairs = enumerate(zip(lines, values, strict=True))
    return tuple(_eliminate(line, by, v, b) for i, (line, v) in pairs if i != pivot)


def _dot(a: Sequence[int], b: Sequence[int]) -> int:
    return sum(x * y for x, y in zip(a, b, strict=True))


def _eliminate(target: Integers, by: Integers, t: int, b: int) -> Integers:
    """The combination |b| target - sign(b) t by, on which the form with values t and b vanishes."""
    sign = 1 if b > 0 else -1
    return primitive([abs(b) * x - sign * t * y for x, y in zip(target, by, strict=True)])


def cone_generators(
    inequalities: Sequence[Sequence[int]], equations: Sequence[Sequence[int]], dimension: int
) -> Cone:
    """The lines and extreme rays of {z in R^dimension : inequalities z >= 0, equations z = 0}.

    >>> cone_generators([(1, 0), (1, 1)], [], 2).rays
    ((1, -1), (0, 1))
    """
    cone = Cone.space(dimension)
    for form in equations:
        cone = cone.on(form)
    for form in inequalities:
        cone = cone.above(form)
    return cone


def _cut(
    rays: Sequence[Integers], tight: Sequence[int], values: Sequence[int], bit: int, rank: int
) -> tuple[list[Integers], list[int]]:
    """The rays of the cone on the nonnegative side of one more form with these values."""
    keep = [i for i, v in enumerate(values) if v >= 0]
    new_rays = [rays[i] for i in keep]
    new_tight = [tight[i] | (bit if values[i] == 0 else 0) for i in keep]
    positive = [i for i, v in enumerate(values) if v > 0]
    negative = [i for i, v in enumerate(values) if v < 0]
    for p in positive:
        for q in negative:
            common = tight[p] & tight[q]
            # p and q span a two-dimensional face iff no third ray lies in all their common facets.
            if common.bit_count() >= rank and all(
                common & ~t for k, t in enumerate(tight) if k not in (p, q)
            ):
                new_rays.append(_eliminate(rays[q], rays[p], values[q], values[p]))
                new_tight.append(common | bit)
    return new_rays, new_tight
