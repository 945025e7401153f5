"""Sums and products of any number of terms, taken apart term by term."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from ..exact.families import MatrixProduct, MatrixSum, Member, RisingProduct

_SUMS = (sp.Sum, MatrixSum)
_PRODUCTS = (sp.Product, MatrixProduct)


@dataclass(frozen=True)
class Unfolding:
    """Takes the last terms out of sums and products until they end ``after`` steps beyond index.

    With 0, a sum to L + 1 becomes a sum to L and a term; one to L stays as it is. Where the number
    of terms is a number they are all written out.

    Parameters
    ----------
    after : dict from an index to the greatest number that may be added to it in an upper bound
    ranges : dict from an index to the least and the greatest value that it has
    """

    after: Mapping[Any, int]
    ranges: Mapping[Any, tuple[Any, Any]] = field(default_factory=dict)

    def __call__(self, expr: Any) -> Any:
        if isinstance(expr, _SUMS):
            return self._sum(expr)
        if isinstance(expr, _PRODUCTS):
            return self._product(expr)
        if isinstance(expr, sp.binomial):
            return self._binomial(expr)
        if isinstance(expr, sp.Pow):
            expr = sp.expand_power_exp(expr)
        if not expr.args or isinstance(expr, Member | sp.MatrixSymbol | sp.Indexed):
            return expr
        args = [self(a) if isinstance(a, sp.Basic) else a for a in expr.args]
        return (
            expr if all(a is b for a, b in zip(args, expr.args, strict=True)) else _made(expr, args)
        )

    # --- how many terms

    def _has_last(self, lower: Any, upper: Any) -> bool:
        """Whether there is a last term to take out, for all values of the indices."""
        index, more = _split(upper)
        if index not in self.after or more <= self.after[index]:
            return False
        return self.least(upper - lower) >= 0

    def least(self, expr: Any) -> Any:
        """A lower bound of an expression that is affine in its indices; -oo where it is not."""
        expr = sp.expand(expr)
        for index in reversed(list(self.ranges)):
            slope = expr.coeff(index)
            if slope.has(index) or sp.expand(expr - slope * index).has(index):
                return -sp.oo
            if slope != 0:
                end = self.ranges[index][0 if slope.is_positive else 1]
                expr = sp.expand(expr.subs(index, end))
        return expr if expr.is_Integer else -sp.oo

    # --- taking apart

    def _sum(self, expr: Any) -> Any:
        term, (k, lower, upper) = _term_and_limits(expr)
        count = sp.expand(upper - lower + 1)
        if count.is_Integer:
            terms = [self(term.subs(k, lower + i)) for i in range(max(0, int(count)))]
            return _total(terms, expr)
        if self._has_last(lower, upper):
            rest = self._sum(expr.func(term, (k, lower, upper - 1)))
            return _total([rest, self(term.subs(k, upper))], expr)
        inside = Unfolding(self.after, {**self.ranges, k: (lower, upper)})
        return _pulled(expr, sp.expand(inside(term)), (k, lower, upper))

    def _product(self, expr: Any) -> Any:
        term, (k, lower, upper) = _term_and_limits(expr)
        count = sp.expand(upper - lower + 1)
        if count.is_Integer and count >= 0:
            factors = [self(term.subs(k, upper - i)) for i in range(int(count))]
            return _multiplied(factors, expr)
        if self._has_last(lower, upper):
            rest = self._product(expr.func(term, (k, lower, upper - 1)))
            return _multiplied([self(term.subs(k, upper)), rest], expr)
        return expr

    def _binomial(self, expr: Any) -> Any:
        """By Pascal's rule, which defines them; a polynomial where the lower number is known."""
        top, below = expr.args
        if below.is_Integer:
            return sp.expand(sp.ff(top, below) / sp.factorial(below)) if below >= 0 else sp.S.Zero
        index, more = _split(top)
        if index in self.after and more > self.after[index] and (top - 1).is_nonnegative:
            return self(sp.binomial(top - 1, below)) + self(sp.binomial(top - 1, below - 1))
        return expr


def _split(bound: Any) -> tuple[Any, int]:
    """(index, c) with bound = index + c."""
    number, index = sp.expand(bound).as_coeff_Add()
    return (index, int(number)) if number.is_Integer else (bound, 0)


def _term_and_limits(expr: Any) -> tuple[Any, tuple[Any, Any, Any]]:
    k, lower, upper = expr.args[1]
    return expr.args[0], (k, lower, upper)


def _made(expr: Any, args: list[Any]) -> Any:
    made = expr.func(*args)
    return made.doit(deep=False) if getattr(made, "is_MatMul", False) else made


def _total(terms: list[Any], like: Any) -> Any:
    if not isinstance(like, MatrixSum):
        return sp.Add(*terms)
    return sp.MatAdd(*terms) if terms else sp.ZeroMatrix(*like.shape)


def _multiplied(factors: list[Any], like: Any) -> Any:
    if not isinstance(like, MatrixProduct):
        return sp.Mul(*factors)
    if isinstance(like, RisingProduct):
        factors = factors[::-1]
    return sp.MatMul(*factors) if factors else sp.Identity(like.shape[0])


def _pulled(like: Any, term: Any, limits: tuple[Any, Any, Any]) -> Any:
    """The sum of the parts of a term, with the factors that do not depend on the index outside."""
    k = limits[0]
    if term.is_Add or getattr(term, "is_MatAdd", False):
        return _total([_pulled(like, part, limits) for part in term.args], like)
    if not isinstance(like, MatrixSum):
        outer, inner = term.as_independent(k, as_Add=False)
        return outer * sp.Sum(inner, limits)
    number, factors = term.as_coeff_mmul() if isinstance(term, sp.MatMul) else (sp.S.One, term)
    parts = list(sp.MatMul.make_args(factors))
    left: list[Any] = []
    while len(parts) > 1 and not parts[0].has(k):
        left.append(parts.pop(0))
    right: list[Any] = []
    while len(parts) > 1 and not parts[-1].has(k):
        right.insert(0, parts.pop())
    outer, inner = sp.sympify(number).as_independent(k, as_Add=False)
    middle = sp.MatMul(inner, *parts).doit(deep=False)
    return sp.MatMul(outer, *left, MatrixSum(middle, limits), *right).doit(deep=False)


# --- what is left becomes symbols


class Symbols:
    """One symbol for every member, sum, product and power that is left, and of no other name.

    ``are_free``: whether all of them can have any value; sums, products and powers cannot.
    """

    def __init__(self, *parts: Any) -> None:
        self.are_free = True
        self._symbols: dict[Any, Any] = {}
        self._taken = {
            s.name
            for part in parts
            for s in part.free_symbols
            if isinstance(s, sp.Symbol | sp.MatrixSymbol)
        }

    def __call__(self, expr: Any) -> Any:
        if expr in self._symbols:
            return self._symbols[expr]
        made = self._symbol(expr)
        if made is None:
            return expr.func(*map(self, expr.args)) if expr.args else expr
        self._symbols[expr] = made
        return made

    def _symbol(self, expr: Any) -> Any:
        power = isinstance(expr, sp.Pow) and expr.base.is_positive and not expr.exp.is_number
        bound = (MatrixProduct, MatrixSum, sp.Sum, sp.Product, sp.binomial)
        if power or isinstance(expr, bound):
            self.are_free = False
        if isinstance(expr, Member | MatrixProduct | MatrixSum):
            return sp.MatrixSymbol(self._free(str(expr)), *map(self, expr.shape))
        if isinstance(expr, sp.MatrixSymbol):
            return sp.MatrixSymbol(expr.name, *map(self, expr.shape))
        if isinstance(expr, sp.Indexed | AppliedUndef):
            head, *numbers = expr.args if isinstance(expr, sp.Indexed) else (expr.func, *expr.args)
            written = (str(i) if i.is_Atom else f"({i})" for i in numbers)
            facts = {"integer": True, "positive": True} if expr.is_positive else {"real": True}
            return sp.Symbol(self._free("_".join([str(head), *written])), **facts)
        if isinstance(expr, sp.Sum | sp.Product | sp.binomial):
            return sp.Symbol(self._free(str(expr)), real=True)
        return sp.Symbol(self._free(str(expr)), positive=True) if power else None

    def _free(self, name: str) -> str:
        while name in self._taken:
            name += "_"
        self._taken.add(name)
        return name
