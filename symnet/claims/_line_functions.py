"""Functions of one real variable as polynomials in generators: derivatives, values, enclosures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp
from flint import arb, ctx, fmpq

from ..exact.ball import ball_of, on_balls
from . import _polynomials as poly
from ._forms import Form, FormAlgebra
from ._growth import UnsettledError, eventual_sign
from ._polynomials import Key, Polynomial
from ._reading import UnreadableError

#: Bits for the signs of numbers, one after the other.
_BITS = (100, 400, 1600)
#: How many derivatives are looked at where a function is zero.
_MOST_DERIVATIVES = 12


@dataclass(frozen=True)
class Point:
    """A real number, as SymPy has it."""

    value: sp.Expr

    @classmethod
    def at(cls, q: Fraction) -> Point:
        return cls(sp.Rational(q.numerator, q.denominator))

    @property
    def rational(self) -> Fraction | None:
        """The number as a fraction, where it is one."""
        if not self.value.is_Rational:
            return None
        return Fraction(int(self.value.p), int(self.value.q))


def compared(a: sp.Expr, b: sp.Expr) -> int:
    """The sign of a - b."""
    if a == b:
        return 0
    sign = _number_sign(a - b)
    if sign is None:
        raise UnsettledError(f"whether {a} = {b}")
    return sign


def _number_sign(value: sp.Expr) -> int | None:
    """The sign of a number that is not zero; None where no ball tells it from zero."""
    if value.is_Rational:
        return int(sp.sign(value))
    for bits in _BITS:
        try:
            ball = ball_of(value, bits)
        except ValueError as error:
            raise UnsettledError(str(error)) from None
        if ball > 0 or ball < 0:
            return 1 if ball > 0 else -1
    return None


class LineFunctions:
    """Polynomials in the generators of an algebra, as functions of a symbol t."""

    def __init__(self, algebra: FormAlgebra, t: sp.Symbol) -> None:
        self.algebra, self.t = algebra, t
        self.generators = algebra.generators
        self.number = self.generators.symbol(t)
        self._slopes: dict[int, Form] = {}
        self._levels: dict[int, int] = {}
        self._values: dict[tuple[Key, sp.Expr], Form] = {}
        self._balls: dict[Key, Callable[[Any], Any]] = {}

    # --- derivatives

    def varies(self, g: int) -> bool:
        """Whether a generator depends on t."""
        return self.generators.depends(g, self.number)

    def varying(self, p: Polynomial) -> set[int]:
        """The generators of a polynomial that depend on t."""
        return {g for g in poly.generators(p) if self.varies(g)}

    def is_exponential(self, g: int) -> bool:
        """Whether the logarithmic derivative of g lies below it; else the derivative does."""
        return self.generators.all[g].kind in ("exp", "root")

    def slope(self, g: int) -> Form:
        """g'."""
        found = self._slopes.get(g)
        if found is None:
            found = self._slopes[g] = self._slope(g)
        return found

    def _slope(self, g: int) -> Form:
        algebra, this = self.algebra, self.generators.all[g]
        if g == self.number:
            return algebra.number(1)
        if not self.varies(g):
            return algebra.number(0)
        (inside,) = this.inside
        inner, own = self.derivative(inside), Form(poly.variable(g))
        square = algebra.power(inside, 2)
        one = algebra.number(1)
        if this.kind == "exp":
            return algebra.product([own, inner])
        if this.kind == "root":
            share = algebra.product([own, inner, algebra.power(inside, -1)])
            return algebra.sum([(share, Fraction(1, this.order))])
        if this.kind == "log":
            return algebra.product([inner, algebra.power(inside, -1)])
        if this.kind == "erf":
            bell = algebra.function("exp", [algebra.sum([(square, -1)])])
            root = algebra.power(algebra.function("pi", []), Fraction(-1, 2))
            return algebra.sum([(algebra.product([bell, root, inner]), 2)])
        if this.kind == "atan":
            return algebra.product([inner, algebra.power(algebra.sum([(one, 1), (square, 1)]), -1)])
        if this.kind == "asinh":
            root = algebra.power(algebra.sum([(one, 1), (square, 1)]), Fraction(-1, 2))
            return algebra.product([inner, root])
        raise UnsettledError(f"{this.kind} is no function that this procedure knows")

    def derivative(self, form: Form) -> Form:
        """The derivative of a form."""
        algebra = self.algebra
        parts: list[tuple[Form, Any]] = []
        below = Form(poly.constant(1), form.factors)
        for monomial, c in form.numerator.items():
            for place, (g, e) in enumerate(monomial):
                if self.varies(g):
                    rest = (*monomial[:place], (g, e - 1), *monomial[place + 1 :])
                    front = Form({tuple((h, k) for h, k in rest if k): c * e})
                    parts.append((algebra.product([front, below, self.slope(g)]), 1))
        for factor, n in form.factors:
            inner = self.derivative(Form(dict(factor)))
            shares = [
                inner,
                Form(form.numerator, form.factors),
                Form(poly.constant(1), ((factor, 1),)),
            ]
            parts.append((algebra.product(shares), -n))
        return algebra.sum(parts) if parts else algebra.number(0)

    def level(self, g: int) -> int:
        """Above the levels of all generators in the derivative and inside; 0 for constants."""
        found = self._levels.get(g)
        if found is None:
            found = self._levels[g] = self._level(g)
        return found

    def _level(self, g: int) -> int:
        if g == self.number or not self.varies(g):
            return int(g == self.number)
        below = self.slope(g).generators()
        for form in self.generators.all[g].inside:
            below |= form.generators()
        return 1 + max(self.level(h) for h in below - {g})

    # --- values

    def value(self, p: Polynomial, at: Point) -> Form:
        """The value at a point, in normal form: zero iff its numerator is seen to be."""
        key = (poly.key(p), at.value)
        found = self._values.get(key)
        if found is None:
            try:
                found = self.algebra.put(Form(p), self.t, self.form_of(at))
            except UnreadableError as error:
                raise UnsettledError(f"the value at {at.value}: {error}") from None
            self._values[key] = found
        return found

    def form_of(self, at: Point) -> Form:
        """A number as a form."""
        return self._form_of(at.value)

    def _form_of(self, value: sp.Expr) -> Form:
        algebra = self.algebra
        if value.is_Rational:
            return algebra.number(Fraction(int(value.p), int(value.q)))
        if value.is_Add:
            return algebra.sum([(self._form_of(a), 1) for a in value.args])
        if value.is_Mul:
            return algebra.product([self._form_of(a) for a in value.args])
        if value.is_Pow and value.exp.is_Rational:
            e = Fraction(int(value.exp.p), int(value.exp.q))
            return algebra.power(self._form_of(value.base), e if e.denominator > 1 else int(e))
        if isinstance(value, sp.log):
            return algebra.function("log", [self._form_of(value.args[0])])
        raise UnsettledError(f"the number {value}")

    def sign_at(self, p: Polynomial, at: Point) -> int:
        """The sign at a point where the generators have values."""
        q = at.rational
        sign = None if q is None else self.sign_on(p, q, q)
        if sign:
            return sign
        form = self.value(p, at)
        if not form.numerator:
            return 0
        sign = _number_sign(form.expr(self.generators))
        if sign is None:
            raise UnsettledError(f"whether {self.generators.expr(p)} is 0 at {at.value}")
        return sign

    def sign_on(self, p: Polynomial, low: Fraction, high: Fraction, bits: int = 128) -> int | None:
        """The sign on all of an interval, where an enclosure tells it."""
        key = poly.key(p)
        call = self._balls.get(key)
        before = ctx.prec
        ctx.prec = bits
        try:
            if call is None:
                call = self._balls[key] = on_balls(self.generators.expr(p), self.t)
            a, b = (arb(fmpq(v.numerator, v.denominator)) for v in (low, high))
            ball = call(a.union(b))
        except ValueError as error:
            raise UnsettledError(str(error)) from None
        finally:
            ctx.prec = before
        return 1 if ball > 0 else -1 if ball < 0 else None

    # --- signs beside a point

    def is_analytic(self, p: Polynomial, at: Point) -> bool:
        """Whether all functions in p are analytic at a point."""
        for g in self.varying(p):
            this = self.generators.all[g]
            for form in this.inside:
                whole = {f for f, _ in form.factors}
                if not self.is_analytic(form.numerator, at):
                    return False
                if not all(self.is_analytic(dict(f), at) for f in whole):
                    return False
                if any(self.sign_at(dict(f), at) == 0 for f in whole):
                    return False
                if this.kind in ("log", "root") and self._form_sign(form, at) <= 0:
                    return False
            if any(e.denominator != 1 or e < 0 for m in p for h, e in m if h == self.number == g):
                return False
        return True

    def _form_sign(self, form: Form, at: Point) -> int:
        sign = self.sign_at(form.numerator, at)
        for factor, n in form.factors:
            sign *= self.sign_at(dict(factor), at) ** n
        return sign

    def sign_beside(self, p: Polynomial, at: Point, side: int) -> int:
        """The sign right (side = 1) or left (-1) of a point, arbitrarily near."""
        if not self.is_analytic(p, at):
            s = sp.Dummy("s", positive=True)
            step = Form({((self.generators.symbol(s), -1),): side})
            there = self.algebra.sum([(self.form_of(at), 1), (step, 1)])
            return self._eventual(p, there, s)
        form = Form(p)
        for order in range(_MOST_DERIVATIVES):
            sign = self._form_sign(form, at)
            if sign:
                return sign * (side**order)
            form = self.derivative(form)
        raise UnsettledError(f"the sign of {self.generators.expr(p)} beside {at.value}")

    def sign_towards(self, p: Polynomial, side: int) -> int:
        """The sign near oo (side = 1) or -oo (-1)."""
        s = sp.Dummy("s", positive=True)
        return self._eventual(p, Form({((self.generators.symbol(s), 1),): side}), s)

    def _eventual(self, p: Polynomial, t: Form, s: sp.Symbol) -> int:
        try:
            form = self.algebra.put(Form(p), self.t, t)
        except UnreadableError as error:
            raise UnsettledError(str(error)) from None
        return eventual_sign(self.generators, form, self.generators.symbol(s))
