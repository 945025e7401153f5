"""What can be said exactly about a function of one variable from its formula."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import sympy as sp

from ._cells import Cell, UndecidedError, cells_of, same_function


@dataclass(frozen=True)
class Facts:
    """The facts that an activation states, each at its safe value where it is not known."""

    range: sp.Set = sp.S.Reals
    range_is_exact: bool = False
    fixed: sp.Set = sp.S.EmptySet
    monotone: bool | None = None
    piecewise_linear: bool = False
    continuous: bool | None = None
    kinks: tuple[sp.Expr, ...] = ()
    positively_homogeneous: bool = False
    odd: bool = False
    even: bool = False
    convex: bool = False
    lipschitz: sp.Expr | None = None


def stated(fact: str) -> Any:
    """A property that reads ``fact`` from the facts of its object."""
    return property(lambda self: getattr(self.facts, fact), doc=f"See :attr:`Facts.{fact}`.")


def facts_of(body: sp.Expr, x: sp.Symbol) -> Facts:
    """The facts of x -> body; other symbols are parameters, and facts hold for all their values.

    Examples
    --------
    >>> x = sp.Symbol("x", real=True)
    >>> facts = facts_of(sp.Max(-1, sp.Min(1, x)), x)
    >>> facts.range, facts.fixed, facts.kinks, facts.monotone
    (Interval(-1, 1), Interval(-1, 1), (-1, 1), True)
    """
    try:
        cells = cells_of(body, x)
        return _facts(cells, body, x)
    except (UndecidedError, NotImplementedError, sp.PolynomialError, TypeError):
        return Facts()  # SymPy refuses to compare with a TypeError


def _facts(cells: list[tuple[Cell, Any]], body: sp.Expr, x: sp.Symbol) -> Facts:
    straight = all(_is_straight(cell, formula) for cell, formula in cells)
    odd = same_function(body.subs(x, -x), -body, x)
    even = same_function(body.subs(x, -x), body, x)
    if any(cell.signs for cell, _ in cells):
        finite = all(factor.is_polynomial(x) for cell, _ in cells for factor, _ in cell.signs)
        return Facts(piecewise_linear=straight and finite, odd=odd, even=even)
    exact = straight and body.free_symbols <= {x}
    jumps = _jumps(cells)
    slopes = [formula.diff(x) for cell, formula in cells if not cell.is_point]
    return Facts(
        range=_range(cells) if exact else sp.S.Reals,
        range_is_exact=exact,
        fixed=sp.Union(*(_fixed(cell, formula) for cell, formula in cells)),
        monotone=_monotone(cells),
        piecewise_linear=straight,
        continuous=None if jumps is None else not jumps,
        kinks=tuple(_kinks(cells)),
        positively_homogeneous=straight and _homogeneous(cells),
        odd=odd,
        even=even,
        convex=exact
        and not jumps
        and all((right - left).is_nonnegative for left, right in pairwise(slopes)),
        lipschitz=None if not exact else sp.oo if jumps else sp.Max(*map(sp.Abs, slopes)),
    )


def _is_straight(cell: Cell, formula: Any) -> bool:
    x = cell.variable
    if formula.has(sp.nan, sp.zoo, sp.oo):
        return False
    return bool(formula.is_polynomial(x)) and sp.degree(formula, x) <= 1


def _ends(cell: Cell, formula: Any) -> list[Any]:
    """The limits at both ends of an interval."""
    x = cell.variable
    return [
        formula.subs(x, end) if end.is_finite else sp.limit(formula, x, end)
        for end in (cell.low, sp.sympify(cell.high))
    ]


def _range(cells: list[tuple[Cell, Any]]) -> sp.Set:
    parts = []
    for cell, formula in cells:
        if cell.is_point or not formula.has(cell.variable):
            parts.append(sp.FiniteSet(formula))
        else:
            parts.append(sp.Interval.open(*sorted(_ends(cell, formula))))
    return sp.Union(*parts)


def _fixed(cell: Cell, formula: Any) -> sp.Set:
    difference = sp.expand(formula - (cell.low if cell.is_point else cell.variable))
    if difference == 0:
        return sp.FiniteSet(cell.low) if cell.is_point else sp.Interval.open(cell.low, cell.high)
    return sp.S.EmptySet


def _meetings(cells: list[tuple[Cell, Any]]) -> Iterator[tuple[sp.Expr, list[Any], list[Any]]]:
    """Every point between two cells, with the three values and the two slopes there."""
    for (left, before), (point, at), (_, after) in zip(cells, cells[1:], cells[2:], strict=False):
        if point.is_point:
            x = left.variable
            values = [at, *(f.subs(x, point.low) for f in (before, after))]
            slopes = [f.diff(x).subs(x, point.low) for f in (before, after)]
            yield point.low, list(map(sp.expand, values)), list(map(sp.expand, slopes))


def _jumps(cells: list[tuple[Cell, Any]]) -> bool | None:
    if any(formula.has(sp.nan, sp.zoo, sp.oo) for _, formula in cells):
        return None
    if not all(formula.is_polynomial(cell.variable) for cell, formula in cells):
        return None
    return any(values.count(values[0]) < 3 for _, values, _ in _meetings(cells))


def _kinks(cells: list[tuple[Cell, Any]]) -> list[sp.Expr]:
    return [
        point
        for point, values, slopes in _meetings(cells)
        if values.count(values[0]) < 3 or slopes[0] != slopes[1]
    ]


def _monotone(cells: list[tuple[Cell, Any]]) -> bool | None:
    values: list[Any] = []
    for cell, formula in cells:
        if cell.is_point:
            values.append(formula)
            continue
        slope = formula.diff(cell.variable)
        if slope.has(cell.variable):
            return None
        if slope.is_negative:
            return False
        if not slope.is_nonnegative:
            return None
        values += _ends(cell, formula)
    steps = [(b - a) for a, b in pairwise(values) if a != b]
    if any(step.is_extended_negative for step in steps):
        return False
    return True if all(step.is_extended_nonnegative for step in steps) else None


def _homogeneous(cells: list[tuple[Cell, Any]]) -> bool:
    return all(
        cell.low in (0, sp.S.NegativeInfinity) and formula.subs(cell.variable, 0) == 0
        for cell, formula in cells
    )


def slope_of(body: sp.Expr, x: sp.Symbol) -> sp.Expr:
    """The derivative by x; at a kink that of the branch that the function takes there.

    Where a maximum or minimum is attained twice, the constant counts (slope 0), so that
    max(0, x) has the slope 0 at 0, as relu has in torch, JAX and Keras.
    """
    return _branched(body, x).diff(x)


def _branched(expr: sp.Basic, x: sp.Symbol) -> sp.Basic:
    if not expr.has(sp.Max, sp.Min):
        return expr
    args = [_branched(arg, x) for arg in expr.args]
    if not isinstance(expr, sp.Max | sp.Min) or not expr.has(x):
        return expr.func(*args)
    first, *rest = sorted(args, key=lambda arg: arg.has(x))
    larger = isinstance(expr, sp.Max)
    for other in rest:
        first = sp.Piecewise((other, other > first if larger else other < first), (first, True))
    return first
