"""Exact case splitting: on every cell of the line an expression has one formula.

A cell is a point or an open interval of the variable, with the signs of what depends on other
symbols. Max, Min, Abs, Piecewise and the like are replaced by their formula on the cell. A cell
whose signs contradict each other may be listed too where other symbols are involved: what is
shown on all cells is shown, what fails on one is only not shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import sympy as sp
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanAtom

from ..activations._base import ActivationFunction

#: Cells of one question; beyond it the answer is that it is not decided.
_LIMIT = 20_000

#: Operations in one condition, and its degree.
_LARGEST = 300
_HIGHEST = 30

_CONDITIONAL = (sp.Max, sp.Min, sp.Abs, sp.sign, sp.Heaviside, sp.Piecewise)


class UndecidedError(Exception):
    """A question that case splitting does not settle."""


@dataclass(frozen=True)
class Cell:
    """The point ``low`` (then ``high`` is None) or the open interval from ``low`` to ``high``."""

    variable: sp.Symbol
    low: sp.Expr = sp.S.NegativeInfinity
    high: sp.Expr | None = sp.S.Infinity
    signs: tuple[tuple[sp.Expr, int], ...] = ()

    @property
    def is_point(self) -> bool:
        return self.high is None

    @property
    def sample(self) -> sp.Expr:
        """A number in the cell, rational if the cell is an interval."""
        low, high = self.low, self.high
        if high is None:
            return low
        if low.is_infinite or high.is_infinite:
            if low.is_infinite and high.is_infinite:
                return sp.S.Zero
            return sp.ceiling(low) + 1 if high.is_infinite else sp.floor(high) - 1
        if low.is_Rational and high.is_Rational:
            return (low + high) / 2
        digits = 15
        while True:
            middle = sp.Rational(str(sp.N((low + high) / 2, digits)))
            if low < middle < high:
                return middle
            digits *= 2

    def at(self, expr: sp.Expr) -> sp.Expr:
        """``expr`` with the point put in, if the cell is one."""
        return expr.subs(self.variable, self.low) if self.is_point else expr


def formulas(expr: sp.Basic, cell: Cell) -> Iterator[tuple[Cell, Any]]:
    """The cells into which ``cell`` falls, with the formula of ``expr`` on each."""
    expr = cell.at(expr)
    while isinstance(expr, ActivationFunction):  # SymPy makes relu(x) of max(0, relu(x))
        expr = expr.doit(deep=False)
    if not expr.has(*_CONDITIONAL, ActivationFunction):
        yield cell, expr
    elif isinstance(expr, sp.Piecewise):
        yield from _piecewise(expr.args, cell)
    else:
        for inner, args in _all_formulas(expr.args, cell):
            yield from _applied(expr, [inner.at(arg) for arg in args], inner)


def _all_formulas(exprs: tuple[Any, ...], cell: Cell) -> Iterator[tuple[Cell, list[Any]]]:
    if not exprs:
        yield cell, []
        return
    for inner, first in formulas(exprs[0], cell):
        for innermost, rest in _all_formulas(exprs[1:], inner):
            yield innermost, [first, *rest]


def _piecewise(pairs: tuple[Any, ...], cell: Cell) -> Iterator[tuple[Cell, Any]]:
    if not pairs:
        yield cell, sp.nan
        return
    value, condition = pairs[0].args
    for inner, holds in truths(condition, cell):
        yield from formulas(value, inner) if holds else _piecewise(pairs[1:], inner)


def _applied(expr: sp.Expr, args: list[Any], cell: Cell) -> Iterator[tuple[Cell, Any]]:
    if isinstance(expr, sp.Max | sp.Min):
        first, *rest = (cell.at(arg) for arg in args)
        if not rest:
            yield cell, first
            return
        wanted = 1 if isinstance(expr, sp.Max) else -1
        for inner, sign in signs(first - rest[0], cell):
            kept = first if sign == wanted else rest[0]
            yield from _applied(expr, [kept, *rest[1:]], inner)
    elif isinstance(expr, sp.Abs):
        for inner, sign in signs(args[0], cell):
            yield inner, inner.at(sign * args[0])
    elif isinstance(expr, sp.sign):
        for inner, sign in signs(args[0], cell):
            yield inner, sp.Integer(sign)
    elif isinstance(expr, sp.Heaviside):
        for inner, sign in signs(args[0], cell):
            yield inner, inner.at(args[1]) if sign == 0 else sp.Integer(sign > 0)
    else:
        yield cell, expr.func(*args)


def truths(condition: Any, cell: Cell) -> Iterator[tuple[Cell, bool]]:
    """The cells into which ``cell`` falls, with the truth of ``condition`` on each."""
    if isinstance(condition, BooleanAtom | bool):
        yield cell, bool(condition)
    elif isinstance(condition, sp.Not):
        for inner, holds in truths(condition.args[0], cell):
            yield inner, not holds
    elif isinstance(condition, sp.And | sp.Or):
        yield from _joined(condition.args, cell, isinstance(condition, sp.Or))
    elif isinstance(condition, Relational):
        holding = _HOLDING[type(condition)]
        for inner, difference in formulas(condition.lhs - condition.rhs, cell):
            for innermost, sign in signs(difference, inner):
                yield innermost, sign in holding
    else:
        raise UndecidedError(f"the condition {condition}")


_HOLDING: dict[type, tuple[int, ...]] = {
    sp.StrictGreaterThan: (1,), sp.GreaterThan: (0, 1), sp.StrictLessThan: (-1,),
    sp.LessThan: (-1, 0), sp.Equality: (0,), sp.Unequality: (-1, 1),
}  # fmt: skip


def _joined(parts: tuple[Any, ...], cell: Cell, decisive: bool) -> Iterator[tuple[Cell, bool]]:
    if not parts:
        yield cell, not decisive
        return
    for inner, holds in truths(parts[0], cell):
        if holds == decisive:
            yield inner, decisive
        else:
            yield from _joined(parts[1:], inner, decisive)


def signs(expr: sp.Expr, cell: Cell) -> Iterator[tuple[Cell, int]]:
    """The cells into which ``cell`` falls, with the sign of ``expr`` on each: -1, 0 or 1."""
    expr = cell.at(expr)
    known = _known_sign(expr)
    if known is not None:
        yield cell, known
        return
    if sp.count_ops(expr) > _LARGEST or _degree(expr, cell.variable) > _HIGHEST:
        raise UndecidedError("a condition that is too large")
    constant, factors = _factors(expr)
    yield from _product(constant, factors, cell)


def _degree(expr: sp.Expr, variable: sp.Symbol) -> int:
    """An upper bound of the degree, without expansion."""
    if expr == variable:
        return 1
    degrees = [_degree(arg, variable) for arg in expr.args]
    if expr.is_Pow and expr.exp.is_Integer:
        return degrees[0] * abs(int(expr.exp))
    return sum(degrees) if expr.is_Mul else max(degrees, default=0)


def _product(
    sign: int, factors: list[tuple[sp.Expr, int]], cell: Cell
) -> Iterator[tuple[Cell, int]]:
    if not factors or sign == 0:
        yield cell, sign
        return
    (factor, power), *rest = factors
    for inner, its_sign in _split(factor, cell):
        yield from _product(sign * its_sign**power, rest, inner)


def _known_sign(expr: sp.Expr) -> int | None:
    if expr.is_zero:
        return 0
    if expr.is_positive:
        return 1
    return -1 if expr.is_negative else None


def _factors(expr: sp.Expr) -> tuple[int, list[tuple[sp.Expr, int]]]:
    """A sign and irreducible factors with powers; the sign of a quotient is that of a product."""
    try:
        numerator, denominator = sp.fraction(sp.together(expr))
        constant, factors = sp.factor_list(sp.expand(numerator * denominator))
        sign = _known_sign(constant)
    except sp.PolynomialError:
        sign, factors = None, []
    if sign is None:
        sign, factors = 1, [(sp.expand(expr), 1)]
    found = []
    for factor, power in factors:
        known = _known_sign(factor)
        if known is not None:
            sign *= known**power
        elif factor.could_extract_minus_sign():
            sign *= (-1) ** power
            found.append((sp.expand(-factor), power))
        else:
            found.append((factor, power))
    return sign, found


def _split(factor: sp.Expr, cell: Cell) -> Iterator[tuple[Cell, int]]:
    variable = cell.variable
    if factor.free_symbols == {variable} and factor.is_polynomial(variable):
        yield from _split_line(sp.Poly(factor, variable), cell)
        return
    known = dict(cell.signs).get(factor)
    if known is not None:
        yield cell, known
        return
    if len(cell.signs) > 200:
        raise UndecidedError("too many conditions")
    for sign in (-1, 0, 1):
        yield replace(cell, signs=(*cell.signs, (factor, sign))), sign


def _split_line(poly: sp.Poly, cell: Cell) -> Iterator[tuple[Cell, int]]:
    low, high = cell.low, cell.high
    assert high is not None  # a point was put in before
    ends = [low, *(root for root in sp.real_roots(poly, multiple=True) if low < root < high), high]
    for left, right in pairwise(ends):
        if left != low:
            yield replace(cell, low=left, high=None), 0
        interval = replace(cell, low=left, high=right)
        yield interval, int(sp.sign(poly.eval(interval.sample)))


def line(variable: sp.Symbol) -> Cell:
    """The whole real line."""
    return Cell(variable)


def cells_of(expr: sp.Expr, variable: sp.Symbol) -> list[tuple[Cell, Any]]:
    """All cells of the real line with the formula of ``expr`` on each, from left to right.

    Examples
    --------
    >>> x = sp.Symbol("x", real=True)
    >>> [formula for _, formula in cells_of(sp.Max(1, sp.Abs(x)), x)]
    [-x, 1, 1, 1, 1, 1, x]
    """
    found = []
    for pair in formulas(expr, line(variable)):
        found.append(pair)
        if len(found) > _LIMIT:
            raise UndecidedError("too many cells")
    return found


def same_function(left: sp.Expr, right: sp.Expr, variable: sp.Symbol) -> bool:
    """Whether the two are shown to be equal for all real values of their symbols.

    The formulas are compared on every cell after expansion; False means not shown.

    Examples
    --------
    >>> x = sp.Symbol("x", real=True)
    >>> same_function(sp.Max(x, -x), sp.Abs(x), x), same_function(sp.Max(x, 0), sp.Abs(x), x)
    (True, False)
    """
    if left == right:
        return True
    try:
        return all(_is_zero(d, cell) for cell, d in cells_of(left - right, variable))
    except (UndecidedError, NotImplementedError, sp.PolynomialError, TypeError):
        return False  # SymPy refuses to compare with a TypeError


def _is_zero(difference: sp.Expr, cell: Cell) -> bool:
    if sp.expand(difference) == 0:
        return True
    for factor, sign in cell.signs:
        if sign == 0:
            for symbol in sorted(factor.free_symbols, key=str):
                if factor.is_polynomial(symbol) and sp.Poly(factor, symbol).degree() == 1:
                    slope = factor.diff(symbol)
                    if slope.is_nonzero:
                        root = -factor.subs(symbol, 0) / slope
                        difference = difference.subs(symbol, root)
                        break
    if difference.has(sp.nan, sp.zoo, sp.oo):
        return False
    numerator, _ = sp.fraction(sp.together(difference.rewrite(sp.exp)))
    return bool(sp.expand(sp.powsimp(sp.expand(numerator))) == 0)
