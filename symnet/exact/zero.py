"""Real numbers that are given as the only zero of a function in an interval."""

from __future__ import annotations

from typing import Any

import sympy as sp
from flint import arb, ctx, fmpq

from .ball import Ball, on_balls

_T = sp.Symbol("t", real=True)
#: Bits with which the zero is seen to be one.
_BITS = 128
_FEW = 12


class Zero(sp.Expr):
    """The only zero of f between two rational numbers, at which f has opposite signs.

    That f is continuous there and strictly monotone is seen from enclosures of f and f' on the
    whole interval; so f has a zero, by the intermediate value theorem, and only one.

    Parameters
    ----------
    function : expression in ``t``, with a derivative that is not zero between the two numbers
    t : symbol
    low, high : rational numbers

    Raises
    ------
    ValueError
        Where that is not seen.

    Examples
    --------
    >>> import sympy as sp
    >>> x = sp.Symbol("x", real=True)
    >>> c = Zero(sp.exp(x) + x, x, sp.Rational(-3, 5), sp.Rational(-1, 2))
    >>> c, c.evalf(10)
    (zero(t + exp(t), -3/5, -1/2), -0.5671432904)

    Source: Bolzano's theorem.
    """

    is_commutative = True
    is_real = True
    is_extended_real = True
    is_finite = True
    is_number = True

    def __new__(cls, function: Any, t: Any, low: Any, high: Any) -> Any:
        f = sp.sympify(function).xreplace({t: _T})
        a, b = sp.Rational(low), sp.Rational(high)
        _check(f, a, b)
        return sp.Basic.__new__(cls, f, _T, a, b)

    @property
    def free_symbols(self) -> set[Any]:
        return set()

    def enclosure(self, bits: int) -> Ball:
        """A ball around the number with about so many bits, by Newton's method on intervals."""
        before, ctx.prec = ctx.prec, bits + 64
        try:
            f, t, low, high = self.args
            call, slope = on_balls(f, t), on_balls(sp.diff(f, t), t)
            ball = _ball(low).union(_ball(high))
            while True:
                middle = ball.mid()
                # the zero is in both, by the mean value theorem
                better = ball.intersection(middle - call(middle) / slope(ball))
                if not 2 * better.rad() < ball.rad():
                    return better
                ball = better
        finally:
            ctx.prec = before

    def is_zero_of(self, number: sp.Expr) -> bool:
        """Whether a number with this one in it is f or -f there, as it is written."""
        f, t, *_ = self.args
        other, own = (sp.expand(e.doit()) for e in (number.xreplace({self: t}), f))
        return bool(sp.expand(other - own) == 0 or sp.expand(other + own) == 0)

    def _eval_evalf(self, prec: int) -> sp.Float:
        ball = self.enclosure(prec + _FEW)
        return sp.Float._new(sp.Float(ball.mid().str(prec, radius=False), dps=prec)._mpf_, prec)

    def _eval_is_zero(self) -> bool | None:
        return False if self.args[2] * self.args[3] >= 0 else None

    def _sympystr(self, printer: Any) -> str:
        f, _, low, high = self.args
        return f"zero({', '.join(printer._print(part) for part in (f, low, high))})"

    def _latex(self, printer: Any) -> str:
        f, _, low, high = (printer._print(part) for part in self.args)
        return rf"\operatorname{{zero}}\left({f};\; {low}, {high}\right)"


def _ball(q: sp.Rational) -> Ball:
    return arb(fmpq(int(q.p), int(q.q)))


def _check(f: sp.Expr, low: sp.Rational, high: sp.Rational) -> None:
    """That f is continuous, changes its sign, and is strictly monotone."""
    if f.has(sp.Piecewise, sp.sign, sp.Heaviside) or f.free_symbols != {_T} or low >= high:
        raise ValueError(f"{f} is not seen to be continuous between {low} and {high}")
    call, slope = on_balls(f, _T), on_balls(sp.diff(f, _T), _T)
    a, b = _ball(low), _ball(high)
    before, ctx.prec = ctx.prec, _BITS
    try:
        ends, whole, change = (call(a), call(b)), call(a.union(b)), slope(a.union(b))
    finally:
        ctx.prec = before
    if not whole.is_finite():
        raise ValueError(f"{f} is not seen to have values everywhere between {low} and {high}")
    if not any(one < 0 and two > 0 for one, two in (ends, ends[::-1])):
        raise ValueError(f"{f} is not seen to change its sign between {low} and {high}")
    if not (change > 0 or change < 0):
        raise ValueError(f"{f} is not seen to be monotone between {low} and {high}")
