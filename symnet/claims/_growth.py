"""The sign of a function near an end of its interval, by its terms that grow fastest.

Towards s = oo a function is a sum of terms c exp(q(s)) s^a (log s)^b and a rest that is smaller
than a known one; the greatest term has the function's sign.

Source: Gruntz, On computing limits in a symbolic manipulation system, 1996, for the comparison of
terms; Hardy, Orders of infinity, 1910.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import factorial
from typing import Any

import sympy as sp

from ..exact.cases import sign_of
from ._clock import checkpoint
from ._forms import Form
from ._generators import Generators
from ._polynomials import Polynomial

#: How many terms of a power series are taken, one number after the other.
_ORDERS = (1, 2, 4, 7)


class UnsettledError(Exception):
    """What is not decided; the message says what."""


@dataclass(frozen=True)
class Size:
    """exp(sum of c s^k) s^a (log s)^b, as (k, c) with falling k > 0, a and b."""

    rates: tuple[tuple[Fraction, sp.Expr], ...] = ()
    power: sp.Expr = sp.S.Zero
    logs: Fraction = Fraction(0)

    def times(self, other: Size) -> Size:
        rates = dict(self.rates)
        for k, c in other.rates:
            rates[k] = sp.expand(rates.get(k, 0) + c)
        kept = sorted(((k, c) for k, c in rates.items() if c != 0), reverse=True)
        return Size(tuple(kept), sp.expand(self.power + other.power), self.logs + other.logs)

    def raised(self, r: Fraction) -> Size:
        q = sp.Rational(r.numerator, r.denominator)
        if r == 0:
            return ONE
        rates = tuple((k, sp.expand(c * q)) for k, c in self.rates)
        return Size(rates, sp.expand(self.power * q), self.logs * r)

    def trend(self) -> int:
        """1 where it grows to oo, -1 where it falls to 0, 0 where it is 1."""
        for value in (*(c for _, c in self.rates), self.power):
            sign = _sign(value)
            if sign:
                return sign
        return (self.logs > 0) - (self.logs < 0)

    def above(self, other: Size) -> int:
        """The sign of the comparison with another one."""
        return self.times(other.raised(Fraction(-1))).trend()


ONE = Size()


def _sign(value: sp.Expr) -> int:
    sign = sign_of(sp.sympify(value))
    if sign is None:
        raise UnsettledError(f"the sign of {value}")
    return sign


@dataclass(frozen=True)
class Series:
    """Terms from the greatest to the smallest, and a rest of at most some size; None is no rest."""

    terms: tuple[tuple[Size, sp.Expr], ...]
    rest: Size | None = None

    @property
    def top(self) -> tuple[Size, sp.Expr]:
        """The greatest term."""
        if not self.terms:
            raise UnsettledError("the terms that grow fastest cancel")
        return self.terms[0]

    def plus(self, other: Series) -> Series:
        return _series([*self.terms, *other.terms], [self.rest, other.rest])

    def times(self, other: Series) -> Series:
        checkpoint()
        terms = [(a.times(b), sp.expand(c * d)) for a, c in self.terms for b, d in other.terms]
        sizes = [s.rest for s in (self, other)]
        rests: list[Size | None] = []
        for rest, with_ in ((sizes[0], other), (sizes[1], self)):
            if rest is not None:
                bounds = [with_.terms[0][0]] if with_.terms else []
                bounds += [with_.rest] if with_.rest is not None else []
                rests += [rest.times(b) for b in bounds]
        return _series(terms, rests)

    def scaled(self, c: sp.Expr) -> Series:
        return self.times(_number(c))


def _series(terms: Iterable[tuple[Size, sp.Expr]], rests: Iterable[Size | None]) -> Series:
    rest: Size | None = None
    for size in rests:
        if size is not None and (rest is None or size.above(rest) > 0):
            rest = size
    merged: list[tuple[Size, sp.Expr]] = []
    for size, c in terms:
        if rest is not None and size.above(rest) <= 0:
            continue
        for place, (other, d) in enumerate(merged):
            order = size.above(other)
            if order == 0:
                merged[place] = (other, sp.expand(c + d))
                break
            if order > 0:
                merged.insert(place, (size, c))
                break
        else:
            merged.append((size, c))
    return Series(tuple((size, c) for size, c in merged if _sign(c)), rest)


def _number(c: Any) -> Series:
    return Series(((ONE, sp.sympify(c)),) if c != 0 else ())


def _split(series: Series) -> tuple[Size, sp.Expr, Series]:
    """(size, c, w) with series = c · size · (1 + w) and w -> 0."""
    size, c = series.top
    whole = series.times(Series(((size.raised(Fraction(-1)), 1 / c),)))
    return size, c, _series(whole.terms[1:], [whole.rest])


def _composed(w: Series, coefficients: Sequence[sp.Expr]) -> Series:
    """sum c_k w^k + O(w^n) for w -> 0."""
    bound = w.terms[0][0] if w.terms else w.rest
    total, power = _number(0), _number(1)
    for c in coefficients:
        total = total.plus(power.scaled(c))
        power = power.times(w)
    if bound is None:
        return total
    if bound.trend() >= 0:
        raise UnsettledError("a part that does not tend to 0")
    return _series(total.terms, [total.rest, bound.raised(Fraction(len(coefficients)))])


class Growth:
    """Series of forms in a symbol s that tends to oo."""

    def __init__(self, generators: Generators, s: int, order: int) -> None:
        self.generators, self.s, self.order = generators, s, order
        self.known: dict[int, Series] = {}

    def form(self, form: Form) -> Series:
        total = self.polynomial(form.numerator)
        for factor, n in form.factors:
            total = total.times(self._power(self.polynomial(dict(factor)), Fraction(-n)))
        return total

    def polynomial(self, p: Polynomial) -> Series:
        total = _number(0)
        for monomial, c in p.items():
            part = _number(sp.Rational(c.numerator, c.denominator))
            for g, e in monomial:
                part = part.times(self._generator(g, Fraction(e)))
            total = total.plus(part)
        return total

    def _generator(self, g: int, exponent: Fraction) -> Series:
        this = self.generators.all[g]
        if g == self.s:
            power = sp.Rational(exponent.numerator, exponent.denominator)
            return Series(((Size(power=power), sp.S.One),))
        if not self.generators.depends(g, self.s):
            q = sp.Rational(exponent.numerator, exponent.denominator)
            return _number(self.generators.generator(g) ** q)
        if this.kind == "exp":
            return self._exp(self.form(this.inside[0]).scaled(sp.Rational(exponent)))
        if g not in self.known:
            self.known[g] = self._function(this.kind, this)
        return self._power(self.known[g], exponent)

    def _function(self, kind: str, this: Any) -> Series:
        inside = self.form(this.inside[0])
        if kind == "log":
            return self._log(inside)
        if kind == "root":
            return self._power(inside, Fraction(1, this.order))
        made = {"erf": self._erf, "atan": self._atan}.get(kind)
        if made is None:
            raise UnsettledError(f"how {kind} behaves at the end of the interval")
        return made(inside)

    def _power(self, base: Series, r: Fraction) -> Series:
        if r == 1:
            return base
        if r.denominator == 1 and r > 0:
            total = _number(1)
            for _ in range(int(r)):
                total = total.times(base)
            return total
        size, c, w = _split(base)
        q = sp.Rational(r.numerator, r.denominator)
        rows = [sp.binomial(q, k) for k in range(self.order + 1)]
        return _composed(w, rows).times(Series(((size.raised(r), c**q),)))

    def _exp(self, v: Series) -> Series:
        if v.rest is not None and v.rest.trend() >= 0:
            raise UnsettledError("an exponential of what is known too roughly")
        rates: list[tuple[Fraction, sp.Expr]] = []
        power, front = sp.S.Zero, sp.S.One
        small: list[tuple[Size, sp.Expr]] = []
        for size, c in v.terms:
            if size.trend() < 0:
                small.append((size, c))
            elif size == ONE:
                front = sp.exp(c)
            elif not size.rates and size.logs == 0 and size.power.is_Rational:
                rates.append((Fraction(int(size.power.p), int(size.power.q)), c))
            elif size == Size(logs=Fraction(1)):
                power = c
            else:
                raise UnsettledError("an exponential that grows faster than exp(s^k)")
        rows = [sp.Rational(1, factorial(k)) for k in range(self.order + 1)]
        lead = Series(((Size(tuple(sorted(rates, reverse=True)), power), front),))
        return _composed(Series(tuple(small), v.rest), rows).times(lead)

    def _log(self, u: Series) -> Series:
        size, c, w = _split(u)
        if _sign(c) < 0 or size.logs:
            raise UnsettledError("a logarithm of a logarithm")
        terms = [(Size(power=sp.Rational(k)), rate) for k, rate in size.rates]
        terms += [(Size(logs=Fraction(1)), size.power), (ONE, sp.log(c))]
        rows = [sp.S.Zero, *(sp.Rational((-1) ** (k + 1), k) for k in range(1, self.order + 1))]
        return _series([t for t in terms if t[1] != 0], []).plus(_composed(w, rows))

    def _limited(self, u: Series, value: Any, series: Callable[[int], sp.Expr]) -> Series | None:
        """A function with a convergent power series, where u has a finite limit; else None."""
        small = _series([t for t in u.terms if t[0].trend() < 0], [u.rest])
        big = [t for t in u.terms if t[0].trend() >= 0]
        if any(size.trend() > 0 for size, _ in big):
            return None
        if big:
            return _composed(small, [value(big[0][1])])
        return _composed(small, [series(k) for k in range(2 * self.order)])

    def _erf(self, u: Series) -> Series:
        two = 2 / sp.sqrt(sp.pi)
        found = self._limited(
            u,
            sp.erf,
            lambda k: two * sp.Rational((-1) ** (k // 2), factorial(k // 2) * k) if k % 2 else 0,
        )
        if found is not None:
            return found
        sign = _sign(u.top[1])
        inverse = self._power(u, Fraction(-1))
        square = inverse.times(inverse)
        rows = [
            sp.Rational((-1) ** k * factorial(2 * k), 4**k * factorial(k))
            for k in range(self.order + 1)
        ]
        tail = self._exp(u.times(u).scaled(sp.S.NegativeOne)).times(inverse)
        tail = tail.times(_composed(square, rows)).scaled(-1 / sp.sqrt(sp.pi))
        return _number(sign).plus(tail)

    def _atan(self, u: Series) -> Series:
        def coefficient(k: int) -> sp.Expr:
            return sp.Rational((-1) ** (k // 2), k) if k % 2 else sp.S.Zero

        found = self._limited(u, sp.atan, coefficient)
        if found is not None:
            return found
        inverse = self._power(u, Fraction(-1))
        rows = [-coefficient(k) for k in range(2 * self.order)]
        return _number(_sign(u.top[1]) * sp.pi / 2).plus(_composed(inverse, rows))


def eventual_sign(generators: Generators, form: Form, s: int) -> int:
    """The sign of a form for all large s.

    Raises
    ------
    UnsettledError
        Where the terms do not tell.
    """
    reason = None
    for order in _ORDERS:
        try:
            return _sign(Growth(generators, s, order).form(form).top[1])
        except UnsettledError as error:
            reason = error
    raise UnsettledError(f"the sign near the end of the interval: {reason}")
