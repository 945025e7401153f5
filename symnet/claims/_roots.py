"""Zeros of functions of one variable: exact numbers, or brackets with a change of sign."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp

from . import _polynomials as poly
from ._clock import checkpoint
from ._growth import UnsettledError
from ._line_functions import LineFunctions, Point, compared
from ._polynomials import Polynomial

#: A bracket is not made smaller than 2^-this times what it was.
_MOST_HALVINGS = 200


@dataclass(eq=False)
class Bracket:
    """An interval (low, high) with exactly one zero of a polynomial, whose sign changes there."""

    polynomial: Polynomial
    low: Fraction
    high: Fraction
    #: The sign at the upper end.
    above: int
    exact: Point | None = None
    halvings: int = 0

    def halve(self, functions: LineFunctions) -> None:
        """The half with the zero, or the zero itself where that is the midpoint."""
        checkpoint()
        if self.exact is not None:
            return
        if self.halvings > _MOST_HALVINGS:
            raise UnsettledError("two zeros were not told apart")
        self.halvings += 1
        middle = (self.low + self.high) / 2
        sign = functions.sign_at(self.polynomial, Point.at(middle))
        if sign == 0:
            self.exact = Point.at(middle)
        elif sign == self.above:
            self.high = middle
        else:
            self.low = middle

    def simplify(self, functions: LineFunctions) -> None:
        """The zero itself where it is a simple fraction; else a somewhat smaller bracket."""
        tried: set[Fraction] = set()
        for _ in range(8):
            simple = simplest_between(self.low, self.high)
            if simple not in tried:
                tried.add(simple)
                if functions.sign_at(self.polynomial, Point.at(simple)) == 0:
                    self.exact = Point.at(simple)
            if self.exact is not None:
                return
            self.halve(functions)


#: Where a function is zero, or where a zero of another one may be.
Root = Bracket | Point


def exactly(root: Root) -> Point | None:
    """The number that a root is, where it is known."""
    return root if isinstance(root, Point) else root.exact


def ordered(functions: LineFunctions, groups: Iterable[Iterable[Root]]) -> list[Root]:
    """Roots of several functions in their order, each once.

    Raises
    ------
    UnsettledError
        Where two were not told apart.
    """
    found: list[Root] = []
    for group in groups:
        for root in group:
            _insert(functions, found, root)
    return found


def _insert(functions: LineFunctions, found: list[Root], root: Root) -> None:
    for place, other in enumerate(found):
        order = compare(functions, root, other)
        if order == 0:
            return
        if order < 0:
            found.insert(place, root)
            return
    found.append(root)


def compare(functions: LineFunctions, a: Root, b: Root) -> int:
    """-1, 0 or 1 for the order of two roots; brackets become smaller until it is seen."""
    if a is b:
        return 0
    while True:
        one, two = exactly(a), exactly(b)
        if one is not None and two is not None:
            return compared(one.value, two.value)
        if one is not None:
            return -_beside(functions, b, one)
        if two is not None:
            return _beside(functions, a, two)
        assert isinstance(a, Bracket)
        assert isinstance(b, Bracket)
        if a.high <= b.low:
            return -1
        if b.high <= a.low:
            return 1
        if _have_one_zero(functions, a, b):
            return 0
        for root in (a, b):
            root.halve(functions)


def _have_one_zero(functions: LineFunctions, a: Bracket, b: Bracket) -> bool:
    """Whether overlapping brackets of one function are seen to hold the same zero."""
    if b.polynomial not in (a.polynomial, poly.scaled(a.polynomial, -1)):
        return False
    ends = max(a.low, b.low), min(a.high, b.high)
    one, two = (functions.sign_at(a.polynomial, Point.at(end)) for end in ends)
    return one * two < 0


def _beside(functions: LineFunctions, bracket: Any, point: Point) -> int:
    """The order of a bracket's zero and a number."""
    if compared(sp.Rational(bracket.low), point.value) >= 0:
        return 1
    if compared(sp.Rational(bracket.high), point.value) <= 0:
        return -1
    sign = functions.sign_at(bracket.polynomial, point)
    if sign == 0:
        bracket.exact = point
        return 0
    order = -1 if sign == bracket.above else 1
    # the number is left out of the bracket
    if point.rational is not None:
        if order < 0:
            bracket.high = point.rational
        else:
            bracket.low = point.rational
        return order
    bracket.halve(functions)
    if bracket.exact is not None:
        return compared(bracket.exact.value, point.value)
    return _beside(functions, bracket, point)


def simplest_between(low: Fraction, high: Fraction) -> Fraction:
    """The fraction with the smallest denominator strictly between two numbers.

    >>> simplest_between(Fraction(2), Fraction(3)), simplest_between(Fraction(-1), Fraction(1))
    (Fraction(5, 2), Fraction(0, 1))
    """
    if low < 0 < high:
        return Fraction(0)
    if high <= 0:
        return -simplest_between(-high, -low)
    whole = low.numerator // low.denominator
    if whole + 1 < high:
        return Fraction(whole + 1)
    rest, end = low - whole, high - whole
    if rest == 0:
        # 1/k below the end
        return whole + Fraction(1, end.denominator // end.numerator + 1)
    return whole + 1 / simplest_between(1 / end, 1 / rest)
