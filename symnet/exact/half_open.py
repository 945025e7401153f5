"""Convex polyhedra without some of their faces: solutions of >= 0, > 0 and = 0, exactly.

A set is a polyhedron P, which is its closure, and forms that are nonnegative on P and positive on
the set. It is never empty: points inside P, relative to its affine hull, belong to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import mul

from flint import fmpq

from symnet.exact.polyhedron import Polyhedron

__all__ = ["HalfOpen", "is_covered"]

#: (a, c) for the form a x + c, in lowest terms.
Form = tuple[int, ...]
Vector = tuple[fmpq, ...]


def _value(form: Form, vector: Sequence[int]) -> int:
    return sum(map(mul, form, vector))


def at(form: Sequence[fmpq], x: Sequence[fmpq]) -> fmpq:
    """a x + c at a point, for (a, c)."""
    return sum((a * v for a, v in zip(form, x, strict=False)), fmpq(form[-1]))


@dataclass(frozen=True)
class HalfOpen:
    """The points of ``solid`` at which all forms in ``strict`` are positive; there are some.

    >>> square = Polyhedron.box([0, 0], [1, 1])
    >>> below, above = HalfOpen(square).sides((1, 1, -1))
    >>> below is not None and above is not None
    True
    >>> below.contains([0, 1]), below.contains([0, 0]), above.contains([0, 1])
    (False, True, False)
    """

    solid: Polyhedron
    strict: tuple[Form, ...] = ()

    @property
    def dimension(self) -> int:
        """The dimension of its affine hull."""
        return self.solid.dimension

    @property
    def forms(self) -> list[Form]:
        """The forms that are nonnegative on it, one for each facet of its closure."""
        return [(*(-v for v in h.normal), h.offset) for h in self.solid.half_spaces]

    @property
    def equations(self) -> list[Form]:
        """The forms that vanish on it, independent ones."""
        return [(*(-v for v in h.normal), h.offset) for h in self.solid.affine_hull]

    def range(self, form: Form) -> tuple[bool, bool, bool]:
        """Whether the form is positive, negative, and zero at points of the closure."""
        values = [_value(form, g) for g in self.solid.homogeneous_rays]
        along = any(_value(form, line) for line in self.solid.lines)
        plus, minus = along or any(v > 0 for v in values), along or any(v < 0 for v in values)
        vanishes = any(
            v == 0 and g[-1] for v, g in zip(values, self.solid.homogeneous_rays, strict=True)
        )
        return plus, minus, vanishes or (plus and minus)

    def vanishes(self, form: Sequence[fmpq]) -> bool:
        """Whether a form is zero on all of it."""
        generators = (*self.solid.homogeneous_rays, *self.solid.lines)
        return not any(sum(map(mul, form, g)) for g in generators)

    def sides(self, form: Form) -> tuple[HalfOpen | None, HalfOpen | None]:
        """Where a form is negative and where it is positive; None where that is nowhere."""
        return self.where(tuple(-v for v in form), strict=True), self.where(form, strict=True)

    def where(self, form: Form, strict: bool) -> HalfOpen | None:
        """Where a form is positive (or zero, unless ``strict``); None where that is nowhere."""
        plus, minus, vanishes = self.range(form)
        if not plus:
            return None if strict or not vanishes else self.zeros(form)
        part = self._cut([form], []) if minus else self.solid
        kept = self.strict if not strict or not vanishes else (*self.strict, form)
        return HalfOpen(part, ()).without(kept)

    def zeros(self, form: Form) -> HalfOpen | None:
        """Where a form is zero; None where that is nowhere."""
        plus, minus, vanishes = self.range(form)
        if not plus and not minus:
            return self
        return HalfOpen(self._cut([], [form])).without(self.strict) if vanishes else None

    def without(self, strict: Sequence[Form]) -> HalfOpen | None:
        """What is left where these forms, which are nonnegative on it, are positive."""
        kept = list(self.strict)
        for form in strict:
            plus, _, vanishes = self.range(form)
            if not plus:
                return None
            if vanishes and form not in kept:
                kept.append(form)
        return replace(self, strict=tuple(kept))

    def _cut(self, forms: list[Form], equations: list[Form]) -> Polyhedron:
        every, hull = [*self.forms, *forms], [*self.equations, *equations]
        return Polyhedron.from_half_spaces(
            [[-v for v in f[:-1]] for f in every], [f[-1] for f in every],
            [[-v for v in f[:-1]] for f in hull], [f[-1] for f in hull],
            ambient=self.solid.ambient,
        )  # fmt: skip

    def contains(self, x: Sequence[fmpq]) -> bool:
        """Whether a point belongs to it."""
        return self.solid.contains(x) and all(at(form, x) > 0 for form in self.strict)

    def is_within(self, other: HalfOpen) -> bool:
        """Whether all its points belong to the other."""
        inside = all(not self.range(form)[1] for form in other.forms)
        return (
            inside
            and all(self.vanishes(form) for form in other.equations)
            and all(not self.range(f)[1] and self.zeros(f) is None for f in other.strict)
        )

    def intersection(self, other: HalfOpen) -> HalfOpen | None:
        """The points in both, None where there are none."""
        found: HalfOpen | None = self
        for form in other.equations:
            found = found.zeros(form) if found is not None else None
        for form in other.forms:
            found = found.where(form, strict=False) if found is not None else None
        for form in other.strict:
            found = found.where(form, strict=True) if found is not None else None
        return found

    def inner_point(self) -> Vector:
        """A point in its relative interior."""
        points = self.solid.vertices
        centre = [sum(column, fmpq(0)) / len(points) for column in zip(*points, strict=True)]
        for ray in self.solid.rays:
            centre = [a + r for a, r in zip(centre, ray, strict=True)]
        return tuple(centre)

    def nonzero_point(self, form: Sequence[fmpq]) -> Vector | None:
        """A point of it where a form is not zero, None where it vanishes.

        From a point inside, the way to a vertex, or along a ray or line, stays inside at first.
        """
        inside = self.inner_point()
        lines = [line[:-1] for line in self.solid.lines]
        steps = [tuple(map(fmpq, step)) for step in (*self.solid.rays, *lines)]
        ways = [tuple(v - x for v, x in zip(p, inside, strict=True)) for p in self.solid.vertices]
        moves = [*steps, *ways]
        every = [[x + s / 2 for x, s in zip(inside, step, strict=True)] for step in moves]
        return next((tuple(x) for x in [inside, *every] if at(form, x)), None)

    def supremum(self, form: Sequence[fmpq]) -> tuple[fmpq, Vector | None] | None:
        """The supremum of a form and a point that attains it, None where none does or it is oo."""
        best = self.solid.maximum(form[:-1])
        if best is None:
            return None
        top = best + form[-1]
        at_top = [v for v in self.solid.vertices if at(form, v) == top]
        along = [r for r in self.solid.rays if not sum(map(mul, form, r))]
        lines = [line[:-1] for line in self.solid.lines]
        face = Polyhedron.from_generators(at_top, along, lines, ambient=self.solid.ambient)
        part = HalfOpen(face).without(self.strict)
        if part is None:
            return top, None
        return top, next((v for v in at_top if self.contains(v)), part.inner_point())


def _outside(whole: HalfOpen, part: HalfOpen) -> Iterator[HalfOpen]:
    """Disjoint sets, whose union is what of ``whole`` does not belong to ``part``."""
    rest: HalfOpen | None = whole
    for form in part.equations:
        if rest is None:
            return
        yield from (side for side in rest.sides(form) if side is not None)
        rest = rest.zeros(form)
    for form in part.forms:
        if rest is None:
            return
        side = rest.sides(form)[0]
        if side is not None:
            yield side
        rest = rest.where(form, strict=False)
    for form in part.strict:
        if rest is None:
            return
        zeros = rest.zeros(form)
        if zeros is not None:
            yield zeros
        rest = rest.where(form, strict=True)


def is_covered(whole: HalfOpen, parts: Sequence[HalfOpen]) -> Vector | None:
    """None where every point of a set belongs to one of the parts, else a point that does not."""
    for k, part in enumerate(parts):
        if whole.intersection(part) is not None:
            found = (is_covered(rest, parts[k + 1 :]) for rest in _outside(whole, part))
            return next((x for x in found if x is not None), None)
    return whole.inner_point()
