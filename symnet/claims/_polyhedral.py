"""Cells that are polyhedra, closed or not, and affine forms on them: every sign is exact.

A cell is given by the generators of its closure, homogenised, and by those of its inequalities
that are strict. It is convex, its closure's relative interior belongs to it, and a face of the
closure has points of the cell iff it has a finite point and lies in no strict hyperplane.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

from ..exact.double_description import Cone
from ..exact.rational_rows import primitive
from ._terms import NEGATIVE, POSITIVE, ZERO

#: Coefficients of the variables, and the constant.
Affine = tuple[Any, ...]


class NotAffineError(Exception):
    """A term that is not affine where piecewise-linear parts are; the message names it."""


class AffineAlgebra:
    """Affine forms in the variables with rational coefficients."""

    def __init__(self, variables: Sequence[Any]) -> None:
        self.variables = tuple(variables)
        size = len(self.variables) + 1
        self.zero: Affine = (0,) * size
        self.units = {
            v: tuple(int(k == i) for k in range(size)) for i, v in enumerate(self.variables)
        }

    def number(self, value: Any) -> Affine:
        return (*self.zero[1:], value)

    def variable(self, symbol: Any) -> Affine:
        return self.units[symbol]

    def sum(self, parts: list[tuple[Affine, Any]]) -> Affine:
        if len(parts) == 1:
            ((form, c),) = parts
            return tuple(c * v for v in form)
        scaled = [form if c == 1 else tuple(c * v for v in form) for form, c in parts]
        return tuple(map(sum, zip(*scaled, strict=True)))

    def product(self, factors: list[Affine]) -> Affine:
        total = self.number(1)
        for form in factors:
            if not any(total[:-1]):
                total = tuple(total[-1] * v for v in form)
            elif not any(form[:-1]):
                total = tuple(form[-1] * v for v in total)
            else:
                raise NotAffineError("a product")
        return total

    def power(self, base: Affine, exponent: Any) -> Affine:
        if any(base[:-1]) or not isinstance(exponent, int) or (exponent < 0 and not base[-1]):
            raise NotAffineError("a power")
        return self.number(Fraction(base[-1]) ** exponent)

    def function(self, name: str, arguments: list[Affine]) -> Affine:
        raise NotAffineError(name)

    def undefined(self) -> Affine:
        raise NotAffineError("a value that is missing")

    def guarded(self, form: Affine, test: Affine) -> Affine:
        return form

    def conditions(self, form: Affine) -> Sequence[tuple[Affine, int]]:
        return ()


@dataclass(frozen=True, slots=True)
class PolyhedralCell:
    """A polyhedron, some of whose facets may not belong to it."""

    algebra: AffineAlgebra
    cone: Cone
    strict: int = 0

    @classmethod
    def space(cls, variables: Sequence[Any]) -> PolyhedralCell:
        """All values of the variables."""
        n = len(variables)
        return cls(AffineAlgebra(variables), Cone.space(n + 1).above((*[0] * n, 1)))

    def signs(self, form: Affine) -> int:
        """The signs that a form has on the cell."""
        for line in self.cone.lines:
            if sum(a * b for a, b in zip(form, line, strict=True)):
                return NEGATIVE | ZERO | POSITIVE
        found, zeros = 0, []
        for place, ray in enumerate(self.cone.rays):
            value = sum([a * b for a, b in zip(form, ray, strict=True)])
            if value > 0:
                found |= POSITIVE
            elif value < 0:
                found |= NEGATIVE
            else:
                zeros.append(place)
        if found == NEGATIVE | POSITIVE or not found or self._has_points(zeros):
            found |= ZERO
        return found

    def _has_points(self, rays: Sequence[int]) -> bool:
        """Whether the face of these rays has points of the cell."""
        excluded = self.strict
        for place in rays:
            excluded &= self.cone.tight[place]
        return not excluded and any(self.cone.rays[place][-1] for place in rays)

    def part(self, form: Affine, signs: int) -> PolyhedralCell:
        """The part where the form has one of some signs; it must have them somewhere."""
        whole = integral(form)
        opposite = tuple(-v for v in whole)
        cone, strict = self.cone, self.strict
        for side, towards in ((POSITIVE, whole), (NEGATIVE, opposite)):
            if not signs & (ZERO | POSITIVE | NEGATIVE) & ~side & ~ZERO:
                # nothing on the other side
                if not signs & ZERO:
                    strict |= 1 << cone.count
                cone = cone.above(towards)
        return PolyhedralCell(self.algebra, cone, strict)

    def bounds(self, k: int) -> tuple[Fraction | None, Fraction | None]:
        """The least and the greatest value of a coordinate on the closure; None: no bound."""
        free = any(line[k] for line in self.cone.lines)
        directions = [ray[k] for ray in self.cone.rays if not ray[-1]]
        values = [Fraction(ray[k], ray[-1]) for ray in self.cone.rays if ray[-1]]
        low = None if free or any(v < 0 for v in directions) else min(values)
        high = None if free or any(v > 0 for v in directions) else max(values)
        return low, high


def integral(form: Affine) -> tuple[int, ...]:
    """The shortest integer vector in the direction of the form."""
    common = lcm(*(v.denominator for v in form))
    return primitive([int(v * common) for v in form])
