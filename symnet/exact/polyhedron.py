"""Rational polyhedra with both descriptions: {x : A x <= b, C x = d} and conv(V) + cone(R) +
span(L).

Minkowski and Weyl: the two describe the same sets (Ziegler, Lectures on Polytopes, 1995, section
1). Either one gives the other by the double description method on the homogenised cone {(x, t) : A
x <= t b, C x = t d, t >= 0}; both are kept minimal.  Numbers are flint rationals.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import factorial
from operator import mul
from typing import Any

from flint import fmpq, fmpq_mat, fmpz_mat

from symnet.exact.double_description import cone_generators
from symnet.exact.rational_rows import as_fmpq, as_fmpq_rows, clear_denominators, primitive

__all__ = ["HalfSpace", "Polyhedron", "pulling_triangulation"]

Vector = tuple[fmpq, ...]
Integers = tuple[int, ...]


@dataclass(frozen=True)
class HalfSpace:
    """The set normal x <= offset, or the hyperplane normal x = offset, in lowest integer terms."""

    normal: Integers
    offset: int

    def slack(self, point: Sequence[Any]) -> fmpq:
        """offset - normal x at a point."""
        return self.offset - sum(
            (n * as_fmpq(x) for n, x in zip(self.normal, point, strict=True)), fmpq(0)
        )


def _half_space(form: Integers) -> HalfSpace:
    return HalfSpace(tuple(-v for v in form[:-1]), form[-1])


def _zeros(form: Integers, vectors: Sequence[Integers]) -> list[int]:
    """Which of the vectors the form vanishes on."""
    return [i for i, v in enumerate(vectors) if not sum(map(mul, form, v))]


def _independent(forms: Sequence[Integers]) -> list[Integers]:
    """A basis of the span of some forms, chosen among them."""
    basis: list[Integers] = []
    for form in forms:
        if fmpz_mat([list(v) for v in (*basis, form)]).rank() > len(basis):
            basis.append(form)
    return basis


def maximal_sets(sets: Iterable[frozenset[int]]) -> list[frozenset[int]]:
    """The sets that no other one contains properly."""
    found = list(sets)
    return [s for s in found if not any(s < other for other in found)]


def _homogeneous(rows: Iterable[Iterable[Any]], last: Iterable[Any]) -> list[Integers]:
    pairs = zip(as_fmpq_rows(rows), (as_fmpq(v) for v in last), strict=True)
    return [primitive(clear_denominators([*row, value])[0]) for row, value in pairs]


@dataclass(frozen=True)
class Polyhedron:
    """A polyhedron in R^ambient, made by `from_half_spaces` or `from_generators`.

    >>> square = Polyhedron.box([0, 0], [1, 2])
    >>> square.volume(), square.dimension, len(square.half_spaces)
    (2, 2, 4)
    """

    ambient: int
    lines: tuple[Integers, ...]
    homogeneous_rays: tuple[Integers, ...]
    # Forms on (x, t) that are nonnegative, and forms that vanish: together they describe the cone.
    _forms: tuple[Integers, ...] = field(default=(), compare=False, repr=False)
    _equations: tuple[Integers, ...] = field(default=(), compare=False, repr=False)

    @classmethod
    def from_half_spaces(
        cls,
        A: Iterable[Iterable[Any]] = (),
        b: Iterable[Any] = (),
        C: Iterable[Iterable[Any]] = (),
        d: Iterable[Any] = (),
        *,
        ambient: int,
    ) -> Polyhedron:
        """The set {x in R^ambient : A x <= b, C x = d}."""
        forms = [(*(-v for v in row[:-1]), row[-1]) for row in _homogeneous(A, b)]
        equations = [(*(-v for v in row[:-1]), row[-1]) for row in _homogeneous(C, d)]
        at_infinity = (*[0] * ambient, 1)
        cone = cone_generators([at_infinity, *forms], equations, ambient + 1)
        if all(ray[-1] == 0 for ray in cone.rays):
            return cls(ambient, (), ())
        rays = tuple(sorted(cone.rays))
        return cls(ambient, cone.lines, rays, tuple(dict.fromkeys(forms)), tuple(equations))

    @classmethod
    def from_generators(
        cls,
        vertices: Iterable[Iterable[Any]] = (),
        rays: Iterable[Iterable[Any]] = (),
        lines: Iterable[Iterable[Any]] = (),
        *,
        ambient: int,
    ) -> Polyhedron:
        """The set conv(vertices) + cone(rays) + span(lines); without a vertex it is empty."""
        points, directions = as_fmpq_rows(vertices), as_fmpq_rows(rays)
        spans = as_fmpq_rows(lines)
        if not points:
            return cls(ambient, (), ())
        generators = _homogeneous(points, [1] * len(points))
        generators += _homogeneous(directions, [0] * len(directions))
        generators.sort()
        dual = cone_generators(generators, _homogeneous(spans, [0] * len(spans)), ambient + 1)
        tight = {g: _zeros(g, dual.rays) for g in dict.fromkeys(generators)}
        rays_of = {frozenset(zero): g for g, zero in tight.items() if len(zero) < len(dual.rays)}
        extreme = [rays_of[zero] for zero in maximal_sets(rays_of)]
        kernel = [*dual.rays, *dual.lines]
        lineality = cone_generators([], kernel, ambient + 1).lines
        return cls(ambient, lineality, tuple(sorted(extreme)), dual.rays, dual.lines)

    @classmethod
    def box(cls, lower: Sequence[Any], upper: Sequence[Any]) -> Polyhedron:
        """The product of the intervals [lower_i, upper_i]."""
        n = len(lower)
        unit = [[int(i == j) for j in range(n)] for i in range(n)]
        A = unit + [[-v for v in row] for row in unit]
        b = [as_fmpq(v) for v in upper] + [-as_fmpq(v) for v in lower]
        return cls.from_half_spaces(A, b, ambient=n)

    @property
    def is_empty(self) -> bool:
        """Whether there is no point in it."""
        return not self.homogeneous_rays

    @property
    def is_bounded(self) -> bool:
        """Whether it is a polytope (the empty set is one)."""
        return not self.lines and all(ray[-1] for ray in self.homogeneous_rays)

    @cached_property
    def dimension(self) -> int:
        """The dimension of its affine hull, -1 for the empty set."""
        generators = [list(v) for v in (*self.lines, *self.homogeneous_rays)]
        return int(fmpz_mat(generators).rank()) - 1 if generators else -1

    @cached_property
    def vertices(self) -> tuple[Vector, ...]:
        """Its vertices (with lines: one point on each minimal face), in lexicographic order."""
        points = (r for r in self.homogeneous_rays if r[-1])
        return tuple(sorted(tuple(fmpq(v, r[-1]) for v in r[:-1]) for r in points))

    @cached_property
    def rays(self) -> tuple[Integers, ...]:
        """The extreme directions of its recession cone, modulo the lines."""
        return tuple(ray[:-1] for ray in self.homogeneous_rays if ray[-1] == 0)

    @cached_property
    def _description(self) -> tuple[tuple[HalfSpace, ...], tuple[HalfSpace, ...]]:
        n = self.ambient
        if self.is_empty:
            return (), (HalfSpace((0,) * n, 1),)
        at_infinity = (*[0] * n, 1)
        forms = [*(f for f in self._forms if any(f[:-1])), at_infinity]
        zeros = {f: _zeros(f, self.homogeneous_rays) for f in forms}
        everywhere = len(self.homogeneous_rays)
        facets = {frozenset(z): f for f, z in zeros.items() if 0 < len(z) < everywhere}
        # What only touches the polyhedron at infinity is no facet of it.
        chosen = [facets[z] for z in maximal_sets(facets) if facets[z] != at_infinity]
        implicit = [f for f, z in zeros.items() if len(z) == everywhere and any(f[:-1])]
        hull = _independent([*self._equations, *implicit])
        return tuple(map(_half_space, sorted(chosen))), tuple(map(_half_space, hull))

    @property
    def half_spaces(self) -> tuple[HalfSpace, ...]:
        """The irredundant inequalities, one for each facet (unique modulo the affine hull)."""
        return self._description[0]

    @property
    def affine_hull(self) -> tuple[HalfSpace, ...]:
        """Independent equations of its affine hull."""
        return self._description[1]

    def contains(self, point: Iterable[Any]) -> bool:
        """Whether a point lies in it."""
        x = [as_fmpq(v) for v in point]
        return all(f.slack(x) >= 0 for f in self.half_spaces) and all(
            h.slack(x) == 0 for h in self.affine_hull
        )

    def maximum(self, form: Sequence[Any]) -> fmpq | None:
        """The maximum of a linear form, None where it is unbounded.

        It is attained at a vertex (Minkowski-Weyl), unless the form grows along a ray or a line.
        """
        if self.is_empty:
            raise ValueError("a maximum over the empty set was asked for")
        c = [as_fmpq(v) for v in form]

        def value(x: Sequence[Any]) -> fmpq:
            return sum((a * b for a, b in zip(c, x, strict=True)), fmpq(0))

        if any(value(r) > 0 for r in self.rays) or any(value(v[:-1]) for v in self.lines):
            return None
        return max(value(v) for v in self.vertices)

    def intersection(self, other: Polyhedron) -> Polyhedron:
        """The points in both."""
        facets = (*self.half_spaces, *other.half_spaces)
        hull = (*self.affine_hull, *other.affine_hull)
        return Polyhedron.from_half_spaces(
            [f.normal for f in facets],
            [f.offset for f in facets],
            [h.normal for h in hull],
            [h.offset for h in hull],
            ambient=self.ambient,
        )

    def volume(self) -> fmpq:
        """The volume in R^ambient of a polytope, zero where it is not full-dimensional.

        Every facet away from the first vertex is triangulated in the same way and coned over it
        (the pulling triangulation): n! vol is the sum of the simplices' absolute determinants.
        """
        if not self.is_bounded:
            raise ValueError("an unbounded polyhedron has no finite volume")
        n = self.ambient
        if self.dimension < n:
            return fmpq(0)
        points = self.homogeneous_rays
        forms = [(*(-v for v in f.normal), f.offset) for f in self.half_spaces]
        tight = [frozenset(_zeros(form, points)) for form in forms]
        vertices = [tuple(fmpq(v, p[-1]) for v in p[:-1]) for p in points]
        total = fmpq(0)
        for simplex in pulling_triangulation(frozenset(range(len(points))), tight, n):
            origin = vertices[simplex[0]]
            edges = [[a - b for a, b in zip(vertices[i], origin, strict=True)] for i in simplex[1:]]
            total += abs(fmpq_mat(edges).det()) if n else fmpq(1)
        return total / factorial(n)


def pulling_triangulation(
    face: frozenset[int], facets: Sequence[frozenset[int]], dimension: int
) -> list[tuple[int, ...]]:
    """Simplices (tuples of vertices) of a polytope that is given by its facets' vertex sets."""
    if dimension == 0:
        return [(min(face),)]
    apex = min(face)
    return [
        (apex, *simplex)
        for facet in facets
        if apex not in facet
        for simplex in pulling_triangulation(facet, _ridges(facet, facets), dimension - 1)
    ]


def _ridges(facet: frozenset[int], facets: Sequence[frozenset[int]]) -> list[frozenset[int]]:
    """The facets of a facet: the maximal ones among its proper intersections with the others."""
    return maximal_sets({facet & other for other in facets} - {facet, frozenset[int]()})
