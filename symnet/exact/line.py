"""Piecewise-linear functions of one real variable, in a form that decides equality."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import sympy as sp
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.logic.boolalg import ITE, And, BooleanFalse, BooleanTrue, Not, Or

Affine = tuple[Fraction, Fraction]


#: Where the truth of a condition can change, and its truth at a point.
Condition = tuple[set[Fraction], Callable[[Fraction], bool]]


@dataclass(frozen=True)
class Line:
    """A function that is affine between its knots, with any values at the knots.

    ``between[k]`` is (slope, intercept) on the open interval before knot k (the last one: after
    the last knot), ``at[k]`` the value at knot k. No knot is superfluous, so two functions are
    equal iff their Lines are.
    """

    knots: tuple[Fraction, ...]
    between: tuple[Affine, ...]
    at: tuple[Fraction, ...]

    def __call__(self, t: Fraction) -> Fraction:
        for k, knot in enumerate(self.knots):
            if t == knot:
                return self.at[k]
            if t < knot:
                return _value(self.between[k], t)
        return _value(self.between[-1], t)

    def piece_at(self, t: Fraction) -> Affine:
        """(slope, intercept) around a point that is no knot."""
        return self.between[sum(knot < t for knot in self.knots)]

    @property
    def is_zero(self) -> bool:
        return self == _affine(Fraction(0), Fraction(0))

    def nonzero_point(self) -> Fraction | None:
        """A point where the function is not zero, as simple as there is among the obvious ones."""
        small = [Fraction(k) for k in (0, 1, -1, 2, -2, 3, -3)]
        inside = [p for pair in _samples(list(self.knots)) for p in pair]
        beyond = [Fraction(round(p)) for p in inside]
        return next((p for p in [*small, *beyond, *self.knots, *inside] if self(p) != 0), None)

    def zeros(self) -> set[Fraction]:
        """Where an affine piece crosses zero."""
        return {-b / a for a, b in self.between if a != 0}

    def written_in(self, t: sp.Symbol) -> sp.Expr:
        """The function as a SymPy expression."""
        rows = []
        for k, knot in enumerate(self.knots):
            left = _expr(self.between[k], t)
            if self.at[k] == _value(self.between[k], knot):
                rows.append((left, t <= _number(knot)))
                continue
            rows.append((left, t < _number(knot)))
            if self.at[k] != _value(self.between[k + 1], knot):
                rows.append((_number(self.at[k]), sp.Eq(t, _number(knot))))
        return sp.Piecewise(*rows, (_expr(self.between[-1], t), True))


def line_of(expr: sp.Expr, t: sp.Symbol) -> Line | None:
    """``expr`` as a function of ``t``, or None if it is not piecewise linear with rational numbers.

    Examples
    --------
    >>> import sympy as sp
    >>> t = sp.Symbol("t", real=True)
    >>> line_of(sp.Max(0, t) - sp.Max(0, -t), t) == line_of(t, t)
    True
    """
    if expr == t:
        return _affine(Fraction(1), Fraction(0))
    if expr.is_Rational:
        return _affine(Fraction(0), _fraction(expr))
    if not expr.has(t):
        return None
    if isinstance(expr, sp.Piecewise):
        return _piecewise(expr, t)
    if isinstance(expr, sp.Mul):
        constant, rest = expr.as_independent(t)
        inner = line_of(rest, t) if constant.is_Rational and constant != 1 else None
        c = _fraction(constant) if inner is not None else Fraction(0)
        return None if inner is None else _join([inner], lambda values: c * values[0])
    if hasattr(expr, "definition"):
        return line_of(expr.definition(*expr.args), t)
    combine = _COMBINE.get(type(expr))
    if combine is None:
        return None
    args = [line_of(arg, t) for arg in expr.args]
    if any(arg is None for arg in args):
        return None
    parts = [arg for arg in args if arg is not None]
    return _join(parts, combine, _crossings(parts) if combine is not sum else ())


def _sign(values: list[Fraction]) -> Fraction:
    return Fraction((values[0] > 0) - (values[0] < 0))


def _heaviside(values: list[Fraction]) -> Fraction:
    x, at_zero = values
    return at_zero if x == 0 else Fraction(int(x > 0))


_COMBINE: dict[type, Callable[[list[Fraction]], Fraction]] = {
    sp.Add: sum,  # type: ignore[dict-item]
    sp.Max: max,
    sp.Min: min,
    sp.Abs: lambda values: abs(values[0]),
    sp.sign: _sign,
    sp.Heaviside: _heaviside,
}


def _fraction(number: sp.Rational) -> Fraction:
    return Fraction(int(number.p), int(number.q))


def _number(value: Fraction) -> sp.Rational:
    return sp.Rational(value.numerator, value.denominator)


def _expr(piece: Affine, t: sp.Symbol) -> sp.Expr:
    return _number(piece[0]) * t + _number(piece[1])


def _value(piece: Affine, t: Fraction) -> Fraction:
    return piece[0] * t + piece[1]


def _affine(a: Fraction, b: Fraction) -> Line:
    return Line((), ((a, b),), ())


def _crossings(parts: list[Line]) -> set[Fraction]:
    """Where two of the functions, or one and zero, can change their order."""
    found = set().union(*(p.zeros() for p in parts))
    for i, f in enumerate(parts):
        for g in parts[:i]:
            found |= {(d - b) / (a - c) for a, b in f.between for c, d in g.between if a != c}
    return found


def line_through(knots: Iterable[Fraction], value: Callable[[Fraction], Fraction]) -> Line:
    """The Line with the values of ``value``, which is affine between the knots.

    >>> line_through([Fraction(0)], abs).between
    ((Fraction(-1, 1), Fraction(0, 1)), (Fraction(1, 1), Fraction(0, 1)))
    """
    knots = sorted(set(knots))
    between = []
    for left, right in _samples(knots):
        slope = (value(right) - value(left)) / (right - left)
        between.append((slope, value(left) - slope * left))
    kept, pieces, at = [], [between[0]], []
    for k, knot in enumerate(knots):
        if pieces[-1] == between[k + 1] and value(knot) == _value(between[k + 1], knot):
            continue
        kept.append(knot)
        at.append(value(knot))
        pieces.append(between[k + 1])
    return Line(tuple(kept), tuple(pieces), tuple(at))


def _samples(knots: list[Fraction]) -> list[tuple[Fraction, Fraction]]:
    """Two points inside each open interval between the knots."""
    if not knots:
        return [(Fraction(0), Fraction(1))]
    inner = [((2 * p + q) / 3, (p + 2 * q) / 3) for p, q in pairwise(knots)]
    first, last = knots[0], knots[-1]
    return [(first - 2, first - 1), *inner, (last + 1, last + 2)]


def _join(
    parts: list[Line],
    combine: Callable[[list[Fraction]], Fraction],
    extra: Iterable[Fraction] = (),
) -> Line:
    knots = set(extra).union(*(p.knots for p in parts))
    return line_through(knots, lambda t: combine([p(t) for p in parts]))


def _piecewise(expr: sp.Piecewise, t: sp.Symbol) -> Line | None:
    knots: set[Fraction] = set()
    branches: list[tuple[Line, Callable[[Fraction], bool]]] = []
    for pair in expr.args:
        assert isinstance(pair, ExprCondPair)
        value, condition = line_of(pair.expr, t), condition_of(pair.cond, t)
        if value is None or condition is None:
            return None
        places, holds = condition
        knots |= places | set(value.knots)
        branches.append((value, holds))
    if expr.args[-1].cond != sp.true:
        return None
    return line_through(knots, lambda s: next(f(s) for f, holds in branches if holds(s)))


def condition_of(cond: Any, t: sp.Symbol) -> Condition | None:
    """Where the truth of a condition can change, and its truth at a point."""
    if isinstance(cond, BooleanTrue | BooleanFalse):
        truth = bool(cond)
        return set(), lambda s: truth
    if isinstance(cond, ITE):
        test, yes, no = cond.args
        cond = Or(And(test, yes), And(Not(test), no))
    if isinstance(cond, And | Or | Not):
        parts = [condition_of(arg, t) for arg in cond.args]
        if any(p is None for p in parts):
            return None
        known = [p for p in parts if p is not None]
        places = set().union(*(p[0] for p in known))
        if isinstance(cond, Not):
            return places, lambda s: not known[0][1](s)
        quantifier = all if isinstance(cond, And) else any
        return places, lambda s: quantifier(holds(s) for _, holds in known)
    if not cond.is_Relational:
        return None
    difference = line_of(cond.lhs - cond.rhs, t)
    if difference is None:
        return None
    truth_of = _RELATIONS[cond.rel_op]
    f = difference
    return f.zeros() | set(f.knots), lambda s: truth_of(f(s))


_RELATIONS: dict[str, Callable[[Fraction], bool]] = {
    "<": lambda d: d < 0,
    "<=": lambda d: d <= 0,
    ">": lambda d: d > 0,
    ">=": lambda d: d >= 0,
    "==": lambda d: d == 0,
    "!=": lambda d: d != 0,
}
