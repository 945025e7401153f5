"""Domains as conditions, and conditions as alternatives of relations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp
from flint import fmpq
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from ..errors import DomainError
from ..exact import polyhedron as exact
from ..exact.convert import exact_number
from ..regions.domains import Box, Domain, number
from ._terms import ANY, SIGNS


def interval_conditions(intervals: Mapping[Any, Any]) -> Boolean:
    """lo <= x <= hi for every symbol; a bound may be infinite.

    >>> x = sp.Symbol("x", real=True)
    >>> interval_conditions({x: (0, sp.oo)})
    x >= 0
    """
    parts: list[Any] = []
    for symbol, interval in intervals.items():
        if not isinstance(symbol, sp.Symbol) or not hasattr(interval, "__len__"):
            raise DomainError(
                f"{symbol}: {interval} is no interval of a symbol; write {{x: (0, 1)}}"
            )
        low, high = (sp.sympify(v) for v in interval)
        if low != -sp.oo:
            parts.append(sp.Ge(symbol, exact_number(low, "a bound")))
        if high != sp.oo:
            parts.append(sp.Le(symbol, exact_number(high, "a bound")))
    return sp.And(*parts)


def polyhedron_conditions(domain: Domain, variables: Sequence[sp.Expr]) -> Boolean:
    """That the variables lie in the domain, in its ambient space."""
    fitted = domain.fitted(len(variables))
    if isinstance(fitted, Box):
        return _box_conditions(fitted, variables)
    solid = fitted.polyhedron
    if fitted.origin is not None:
        solid = _in_ambient_space(fitted)
    parts: list[Any] = []
    for h in solid.half_spaces:
        parts.append(sp.Le(_form(h.normal, variables), h.offset))
    for h in solid.affine_hull:
        parts.append(sp.Eq(_form(h.normal, variables), h.offset))
    return sp.And(*parts)


def _box_conditions(box: Box, variables: Sequence[sp.Expr]) -> Boolean:
    """As the half-spaces of the box say it, without its vertices."""
    parts: list[Any] = []
    for x, (low, high) in zip(variables, box.bounds, strict=True):
        if low is not None and low == high:
            parts.append(sp.Eq(x, number(low)))
            continue
        # integers, as in the half-spaces of all polyhedra
        parts += [sp.Le(-int(low.q) * x, -int(low.p))] if low is not None else []
        parts += [sp.Le(int(high.q) * x, int(high.p))] if high is not None else []
    return sp.And(*parts)


def _in_ambient_space(domain: Domain) -> exact.Polyhedron:
    inner = domain.polyhedron
    zero = domain.point([0] * domain.dimension)

    def moved(direction: Sequence[Any]) -> list[Any]:
        there = domain.point(direction)
        return [_fraction(a - b) for a, b in zip(there, zero, strict=True)]

    return exact.Polyhedron.from_generators(
        [
            [_fraction(c) for c in domain.point([number(v) for v in vertex])]
            for vertex in inner.vertices
        ],
        [moved(r) for r in inner.rays],
        [moved(line[:-1]) for line in inner.lines],
        ambient=domain.ambient,
    )


def _fraction(value: sp.Rational) -> Any:
    return fmpq(int(value.p), int(value.q))


def _form(normal: Sequence[int], variables: Sequence[sp.Expr]) -> sp.Expr:
    return sp.Add(*(a * x for a, x in zip(normal, variables, strict=True)))


def assumed_signs(where: Boolean) -> dict[sp.Symbol, int]:
    """The signs that symbols must have for a condition to hold, as far as it says so at once.

    >>> a, b = sp.symbols("a b", real=True)
    >>> assumed_signs(sp.And(a >= 0, sp.Or(b > 0, a > 1)))
    {a: 6}
    """
    signs: dict[sp.Symbol, int] = {}
    for part in sp.And.make_args(where):
        if isinstance(part, Relational) and part.lhs.is_Symbol and part.rhs.is_zero:
            signs[part.lhs] = signs.get(part.lhs, ANY) & SIGNS[part.rel_op]
    return signs
