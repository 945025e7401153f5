"""Expressions in one variable on balls: enclosures of real numbers, by Arb's ball arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp
from flint import arb, ctx, fmpq
from sympy.core.relational import Relational

Ball = Any
Function = Callable[[Ball], Ball]


def on_balls(expr: sp.Expr, t: sp.Symbol) -> Function:
    """``expr`` as a function of ``t`` that encloses its values on a ball.

    Raises
    ------
    ValueError
        For a function that is not known here.

    Examples
    --------
    >>> t = sp.Symbol("t", real=True)
    >>> ball = on_balls(1 / (1 + sp.exp(-t)), t)(arb(0))
    >>> ball.contains(arb(fmpq(1, 2))), ball.rad() < 1e-10
    (True, True)

    Source: Johansson, Arb: efficient arbitrary-precision midpoint-radius interval arithmetic, 2017.
    """
    if expr == t:
        return lambda x: x
    if expr.is_Rational:
        constant = arb(fmpq(int(expr.p), int(expr.q)))
        return lambda x: constant
    if isinstance(expr, sp.Piecewise):
        return _cases(expr, t)
    if hasattr(expr, "enclosure"):
        return lambda x: expr.enclosure(ctx.prec)
    if hasattr(expr, "definition"):
        return on_balls(expr.definition(*expr.args), t)
    if isinstance(expr, sp.Pow) and expr.exp.is_Rational and expr.base != sp.E:
        return _power(on_balls(expr.base, t), expr.exp)
    combine = _FUNCTIONS.get(type(expr))
    if combine is None:
        raise ValueError(f"{type(expr).__name__} is not known on balls")
    parts = [on_balls(arg, t) for arg in expr.args]
    if len(parts) == 1:
        one = parts[0]
        return lambda x: combine(one(x))
    return lambda x: combine(*(part(x) for part in parts))


def ball_of(number: sp.Expr, bits: int | None = None) -> Ball:
    """A ball around a real number, rounded at so many bits; it is not finite where there is no
    real value.

    Raises
    ------
    ValueError
        For a function that is not known here.

    Examples
    --------
    >>> ball = ball_of(sp.tanh(3) - sp.tanh(2), bits=200)
    >>> ball > 0, ball.rad() < 1e-50
    (True, True)
    """
    before = ctx.prec
    ctx.prec = bits or before
    try:
        return on_balls(number, sp.Dummy())(arb(0))
    finally:
        ctx.prec = before


def _sum(*values: Ball) -> Ball:
    total = values[0]
    for value in values[1:]:
        total = total + value
    return total


def _product(*values: Ball) -> Ball:
    total = values[0]
    for value in values[1:]:
        total = total * value
    return total


def _greatest(*values: Ball) -> Ball:
    best = values[0]
    for value in values[1:]:
        best = best.max(value)
    return best


def _least(*values: Ball) -> Ball:
    return -_greatest(*(-value for value in values))


_FUNCTIONS: dict[Any, Callable[..., Ball]] = {
    sp.Add: _sum,
    sp.Mul: _product,
    sp.Max: _greatest,
    sp.Min: _least,
    sp.Abs: abs,
    sp.exp: lambda x: x.exp(),
    sp.log: lambda x: x.log(),
    sp.sin: lambda x: x.sin(),
    sp.cos: lambda x: x.cos(),
    sp.sinh: lambda x: x.sinh(),
    sp.cosh: lambda x: x.cosh(),
    sp.tanh: lambda x: x.tanh(),
    sp.asinh: lambda x: x.asinh(),
    sp.atan: lambda x: x.atan(),
    sp.erf: lambda x: x.erf(),
    sp.sign: lambda x: x.sgn(),
    type(sp.pi): lambda: arb.pi(),
    type(sp.E): lambda: arb.const_e(),
}


def _power(base: Function, exponent: sp.Rational) -> Function:
    if exponent.is_Integer:
        n = int(exponent)
        return lambda x: base(x) ** n
    if exponent == sp.S.Half:
        return lambda x: base(x).sqrt()
    q = arb(fmpq(int(exponent.p), int(exponent.q)))
    return lambda x: base(x) ** q


def _cases(expr: sp.Piecewise, t: sp.Symbol) -> Function:
    """The branch that is taken; the union of those that may be, where the ball does not tell."""
    rows = [(on_balls(value, t), _truth(condition, t)) for value, condition in expr.args]

    def value(x: Ball) -> Ball:
        found = None
        for branch, holds in rows:
            truth = holds(x)
            if truth is False:
                continue
            here = branch(x)
            found = here if found is None else found.union(here)
            if truth:
                return found
        return arb.nan() if found is None else found

    return value


def _truth(condition: Any, t: sp.Symbol) -> Callable[[Ball], bool | None]:
    if condition in (sp.true, sp.false):
        known = bool(condition)
        return lambda x: known
    if isinstance(condition, sp.And | sp.Or | sp.Not):
        return _joined(condition, t)
    if not isinstance(condition, Relational):
        raise ValueError(f"the condition {condition} is not known on balls")
    difference = on_balls(condition.lhs - condition.rhs, t)
    always, never = _RELATIONS[condition.rel_op]

    def holds(x: Ball) -> bool | None:
        d = difference(x)
        return True if always(d) else False if never(d) else None

    return holds


def _joined(condition: Any, t: sp.Symbol) -> Callable[[Ball], bool | None]:
    parts = [_truth(arg, t) for arg in condition.args]
    if isinstance(condition, sp.Not):
        return lambda x: None if parts[0](x) is None else not parts[0](x)
    decisive = isinstance(condition, sp.Or)

    def holds(x: Ball) -> bool | None:
        truths = [part(x) for part in parts]
        if decisive in truths:
            return decisive
        return None if None in truths else not decisive

    return holds


#: For every relation d ? 0 when it holds on the whole ball d, and when nowhere on it.
_RELATIONS: dict[str, tuple[Callable[[Ball], bool], Callable[[Ball], bool]]] = {
    "<": (lambda d: d < 0, lambda d: d >= 0),
    "<=": (lambda d: d <= 0, lambda d: d > 0),
    ">": (lambda d: d > 0, lambda d: d <= 0),
    ">=": (lambda d: d >= 0, lambda d: d < 0),
    "==": (lambda d: d == 0, lambda d: d != 0),
    "!=": (lambda d: d != 0, lambda d: d == 0),
}
