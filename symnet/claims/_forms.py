"""Quotients of polynomials in symbols, exponentials, logarithms, roots: what terms are on a cell.

Two forms are equal as functions if their difference has the numerator zero; where they have values
is what their conditions say. exp(p) is a product of powers of exponentials of single monomials,
log(p) a sum of logarithms, so that exp(x + y) = exp(x) exp(y), log(exp(x)) = x and
log(1 + exp(x)) = x + log(1 + exp(-x)) are seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp
from flint import fmpz

from . import _polynomials as poly
from ._generators import Generator, Generators
from ._polynomials import Key, Monomial, Polynomial
from ._reading import UnreadableError
from ._terms import NEGATIVE, POSITIVE, ZERO

#: That a polynomial has one of some signs.
Need = tuple[Key, int]

_NONZERO = NEGATIVE | POSITIVE

#: Numbers with more bits are divided by primes up to a bound, and the rest is taken for a prime.
_LARGEST_FACTORED, _SMALL_PRIMES = 100, 10_000


@dataclass(frozen=True, slots=True)
class Form:
    """numerator / product of factors to powers; it has a value where all needs are met."""

    numerator: Polynomial
    factors: tuple[tuple[Key, int], ...] = ()
    needs: frozenset[Need] = frozenset()

    @property
    def key(self) -> tuple[Any, ...]:
        """What makes the form the same as another one."""
        return poly.key(self.numerator), self.factors

    def __hash__(self) -> int:
        return hash(self.key)

    def generators(self) -> set[int]:
        """The numbers of the generators in it."""
        below = (poly.generators(dict(f)) for f, _ in self.factors)
        return poly.generators(self.numerator).union(*below)

    def expr(self, generators: Generators) -> sp.Expr:
        """The form as SymPy has it."""
        below = sp.Mul(*(generators.expr(f) ** n for f, n in self.factors))
        return generators.expr(self.numerator) / below


class FormAlgebra:
    """How forms are made; ``values`` are forms in the place of symbols that a cell determines."""

    def __init__(
        self, generators: Generators | None = None, values: Mapping[Any, Form] | None = None
    ) -> None:
        self.generators = Generators() if generators is None else generators
        self.values = dict(values or {})

    # --- what every algebra has

    def number(self, value: Any) -> Form:
        return Form(poly.constant(value))

    def variable(self, symbol: Any) -> Form:
        known = self.values.get(symbol)
        return self._generator(self.generators.symbol(symbol)) if known is None else known

    def undefined(self) -> Form:
        # nothing has a sign that is not there
        return Form({}, (), frozenset({(poly.key({}), POSITIVE)}))

    def guarded(self, form: Form, test: Form) -> Form:
        if test.needs <= form.needs:
            return form
        return Form(form.numerator, form.factors, form.needs | test.needs)

    def conditions(self, form: Form) -> Sequence[tuple[Form, int]]:
        ordered = sorted(form.needs, key=lambda need: (repr(sorted(need[0])), need[1]))
        return [(Form(dict(p)), signs) for p, signs in ordered]

    def sum(self, parts: list[tuple[Form, Any]]) -> Form:
        common: dict[Key, int] = {}
        for form, _ in parts:
            for factor, n in form.factors:
                common[factor] = max(n, common.get(factor, 0))
        total: Polynomial = {}
        for form, c in parts:
            own = dict(form.factors)
            numerator = form.numerator
            for factor, n in common.items():
                missing = n - own.get(factor, 0)
                if missing:
                    numerator = poly.times(numerator, poly.power(dict(factor), missing))
            total = poly.plus(total, numerator, c)
        return self._made(total, common, frozenset().union(*(f.needs for f, _ in parts)))

    def product(self, factors: list[Form]) -> Form:
        numerator = poly.constant(1)
        below: dict[Key, int] = {}
        for form in factors:
            numerator = poly.times(numerator, form.numerator)
            for factor, n in form.factors:
                below[factor] = below.get(factor, 0) + n
        return self._made(numerator, below, frozenset().union(*(f.needs for f in factors)))

    def power(self, base: Form, exponent: Any) -> Form:
        if exponent.denominator != 1:
            return self._root(base, Fraction(exponent))
        n = int(exponent)
        if n >= 0:
            below = {f: k * n for f, k in base.factors if n}
            return self._made(poly.power(base.numerator, n), below, base.needs)
        return self.power(self._inverse(base), -n)

    def function(self, name: str, arguments: list[Form]) -> Form:
        special = _FUNCTIONS.get(name)
        if special is not None:
            return special(self, *arguments)
        needs = frozenset().union(*(a.needs for a in arguments))
        inside = tuple(Form(a.numerator, a.factors) for a in arguments)
        sign = 1
        if name in ("erf", "sin", "atan", "asinh") and self._leads_negative(inside[0]):
            inside, sign = (self._times(inside[0], -1),), -1
        if name == "cos" and self._leads_negative(inside[0]):
            inside = (self._times(inside[0], -1),)
        if not arguments:
            generator = Generator("constant", name, signs=POSITIVE)
        elif name.endswith("()"):
            generator = Generator("undefined", name[:-2], inside)
        else:
            generator = Generator(name, name, inside)
        if name in ("erf", "sin", "atan", "asinh", "cos") and not inside[0].numerator:
            return Form(poly.constant(int(name == "cos")), (), needs)
        made = self._generator(self.generators.number(generator))
        return Form(poly.scaled(made.numerator, sign), (), needs)

    def put(self, form: Form, symbol: Any, value: Form) -> Form:
        """The form with a value in the place of a symbol."""
        g = self.generators.symbol(symbol)
        if not any(self.generators.depends(h, g) for h in form.generators()):
            return form
        above = self._put(form.numerator, g, value)
        below = [(self._put(dict(f), g, value), n) for f, n in form.factors]
        made = self.product([above, *(self.power(f, -n) for f, n in below)])
        return Form(made.numerator, made.factors, made.needs)

    def _put(self, p: Polynomial, g: int, value: Form) -> Form:
        terms = []
        for m, c in p.items():
            factors = [self.power(self._rebuilt(h, g, value), e) for h, e in m]
            terms.append((self.product(factors), c))
        return self.sum(terms)

    def _rebuilt(self, h: int, g: int, value: Form) -> Form:
        if h == g:
            return value
        this = self.generators.all[h]
        if not self.generators.depends(h, g):
            return self._generator(h)
        inside = [self.put(form, self.generators.all[g].name, value) for form in this.inside]
        if this.kind == "root":
            return self.power(inside[0], Fraction(1, this.order))
        return self.function(f"{this.name}()" if this.kind == "undefined" else this.kind, inside)

    # --- parts

    def _generator(self, number: int, exponent: Any = 1) -> Form:
        return Form(poly.variable(number, exponent))

    def _times(self, form: Form, c: Any) -> Form:
        return Form(poly.scaled(form.numerator, c), form.factors, form.needs)

    def _leads_negative(self, form: Form) -> bool:
        return bool(form.numerator) and form.numerator[poly.leading(form.numerator)] < 0

    def _made(
        self, numerator: Polynomial, below: Mapping[Key, int], needs: frozenset[Need]
    ) -> Form:
        numerator = self._reduced(numerator)
        if not numerator:
            return Form({}, (), needs)
        ordered = sorted(below.items(), key=lambda item: repr(sorted(item[0])))
        return Form(numerator, tuple((f, n) for f, n in ordered if n), needs)

    def _reduced(self, a: Polynomial) -> Polynomial:
        """The polynomial with whole powers of roots written out."""
        for g in sorted(poly.generators(a)):
            this = self.generators.all[g]
            if this.kind != "root":
                continue
            radicand = this.inside[0].numerator
            total: Polynomial = {}
            for m, c in a.items():
                e = next((e for h, e in m if h == g), 0)
                whole = e // this.order
                rest = tuple((h, k) for h, k in m if h != g)
                if e - whole * this.order:
                    rest = poly.joined(rest, ((g, e - whole * this.order),))
                total = poly.plus(total, poly.times({rest: c}, poly.power(radicand, int(whole))))
            a = total
        return a

    def _inverse(self, form: Form) -> Form:
        above = poly.constant(1)
        for factor, n in form.factors:
            above = poly.times(above, poly.power(dict(factor), n))
        if not form.numerator:
            return self.undefined()
        c, front, below = self._split(form.numerator)
        roots = [(g, e) for g, e in front if self.generators.all[g].kind == "root"]
        front = tuple((g, e) for g, e in front if self.generators.all[g].kind != "root")
        above = poly.times(above, {poly.raised(front, -1): Fraction(1) / c})
        for g, e in roots:
            # 1/r = r^(n-1) / r^n, and r^n is no root
            this = self.generators.all[g]
            scale, radicand = poly.primitive(this.inside[0].numerator)
            above = poly.times(above, {((g, this.order - e),): Fraction(1) / scale})
            if radicand != poly.constant(1):
                below[poly.key(radicand)] = below.get(poly.key(radicand), 0) + 1
        needs = {(f, _NONZERO) for f in below if self._may_vanish(f)}
        return self._made(above, below, form.needs | needs)

    def _split(self, a: Polynomial) -> tuple[Any, Monomial, dict[Key, int]]:
        """a = c · front · product of factors: front of positive generators, factors primitive."""
        c, a = poly.primitive(a)
        front = poly.common_monomial(a, self._positive(a))
        a = {poly.joined(m, poly.raised(front, -1)): v for m, v in a.items()}
        plain = poly.common_monomial(a, sorted(poly.generators(a)))
        a = {poly.joined(m, poly.raised(plain, -1)): v for m, v in a.items()}
        if a[poly.leading(a)] < 0:
            c, a = -c, poly.scaled(a, -1)
        factors = {poly.key(poly.variable(g)): int(e) for g, e in plain}
        if a != poly.constant(1):
            factors[poly.key(a)] = 1
        return c, front, factors

    def _positive(self, a: Polynomial) -> list[int]:
        found = sorted(poly.generators(a))
        return [g for g in found if self.generators.all[g].signs == POSITIVE]

    def _may_vanish(self, factor: Key) -> bool:
        return bool(self.generators.signs(dict(factor)) & ZERO)

    # --- functions

    def _exp(self, a: Form) -> Form:
        if a.factors:
            c, p = poly.primitive(a.numerator)
            if self._leads_negative(a):
                c, p = -c, poly.scaled(p, -1)
            made = Generator("exp", None, (Form(p, a.factors),), signs=POSITIVE)
            return Form({((self.generators.number(made), c),): 1}, (), a.needs)
        total = self.number(1)
        for monomial, c in a.numerator.items():
            total = self.product([total, self._exp_of(monomial, c)])
        return Form(total.numerator, total.factors, total.needs | a.needs)

    def _exp_of(self, monomial: Monomial, c: Any) -> Form:
        """exp(c · monomial)."""
        if len(monomial) == 1 and monomial[0][1] == 1:
            inner = self.generators.all[monomial[0][0]]
            if inner.kind == "log":
                return self.power(inner.inside[0], c)
        made = Generator("exp", None, (Form({monomial: 1}),), signs=POSITIVE)
        return self._generator(self.generators.number(made), c)

    def _log(self, a: Form) -> Form:
        if not a.numerator:
            return self.undefined()
        c, front, factors = self._split(a.numerator)
        powers: dict[Key, int] = {}
        for f, n in (*self._factored(factors).items(), *((f, -n) for f, n in a.factors)):
            powers[f] = powers.get(f, 0) + n
        doubtful = {f: n for f, n in powers.items() if self.generators.signs(dict(f)) != POSITIVE}
        needs = a.needs
        total: list[tuple[Form, Any]] = []
        if doubtful or c < 0:
            # all factors whose sign is not known stay together
            above, below = poly.constant(1 if c > 0 else -1), {}
            product = above
            for f, n in doubtful.items():
                above = poly.times(above, poly.power(dict(f), n)) if n > 0 else above
                below.update({f: -n} if n < 0 else {})
                product = poly.times(product, dict(f)) if n % 2 else product
            needs = needs | {(poly.key(product), POSITIVE)}
            needs = needs | {(f, _NONZERO) for f in doubtful}
            total.append((self._log_of(self._made(above, below, frozenset())), 1))
        total += [(self._log_of_number(abs(c)), 1)]
        total += [(self._log_of(Form(dict(f))), n) for f, n in powers.items() if f not in doubtful]
        total += [(self._log_of_generator(g), e) for g, e in front]
        made = self.sum(total)
        return Form(made.numerator, made.factors, made.needs | needs)

    def _log_of(self, form: Form) -> Form:
        signs = self.generators.signs(poly.plus(form.numerator, poly.constant(1), -1))
        known = signs if not form.factors else NEGATIVE | ZERO | POSITIVE
        return self._generator(self.generators.number(Generator("log", None, (form,), signs=known)))

    def _log_of_generator(self, g: int) -> Form:
        this = self.generators.all[g]
        if this.kind == "exp":
            return this.inside[0]
        if this.kind == "root":
            return self._times(self._log(this.inside[0]), Fraction(1, this.order))
        return self._log_of(self._generator(g))

    def _log_of_number(self, c: Any) -> Form:
        powers = _factored(c)
        logs = [(self._log_of(self.number(int(p))), int(n)) for p, n in powers.items() if p != 1]
        return self.sum(logs) if logs else self.number(0)

    def _factored(self, factors: Mapping[Key, int]) -> dict[Key, int]:
        """The factors as products of positive ones, where SymPy finds them."""
        found: dict[Key, int] = {}
        for f, n in factors.items():
            for g, k in self._positive_factors(f).items():
                found[g] = found.get(g, 0) + k * n
        return found

    def _positive_factors(self, f: Key) -> dict[Key, int]:
        p = dict(f)
        whole = all(e.denominator == 1 and e >= 0 for m in p for _, e in m)
        if len(p) == 1 or len(p) > 40 or not whole or sum(e for _, e in poly.leading(p)) > 12:
            return {f: 1}
        names = {g: sp.Dummy(f"g{g}") for g in sorted(poly.generators(p))}
        expr = sp.Add(*(c * sp.Mul(*(names[g] ** int(e) for g, e in m)) for m, c in p.items()))
        _, parts = sp.factor_list(expr)
        back = {name: g for g, name in names.items()}
        made: dict[Key, int] = {}
        for part, n in parts:
            terms = sp.Poly(part, *names.values()).terms()
            q = {
                tuple(
                    (back[s], int(e)) for s, e in zip(names.values(), exponents, strict=True) if e
                ): int(c)
                for exponents, c in terms
            }
            made[poly.key(q)] = int(n)
        if len(made) == 1 and list(made.values()) == [1]:
            return {f: 1}
        positive = all(self.generators.signs(dict(g)) == POSITIVE for g in made)
        return made if positive else {f: 1}

    def _tanh(self, a: Form) -> Form:
        e = self._exp(self._times(a, 2))
        one = self.number(1)
        return self.product(
            [self.sum([(e, 1), (one, -1)]), self._inverse(self.sum([(e, 1), (one, 1)]))]
        )

    def _half(self, a: Form, sign: int) -> Form:
        up, down = self._exp(a), self._exp(self._times(a, -1))
        return self.sum([(up, Fraction(1, 2)), (down, Fraction(sign, 2))])

    def _root(self, base: Form, exponent: Fraction) -> Form:
        if base.factors:
            if any(self.generators.signs(dict(f)) != POSITIVE for f, _ in base.factors):
                raise UnreadableError("a root of a quotient whose denominator may be negative")
            above = self._root(Form(base.numerator), exponent)
            below = [self.power(Form(dict(f)), -exponent * n) for f, n in base.factors]
            return self._needing(self.product([above, *below]), base.needs)
        if not base.numerator:
            return self._needing(self.number(0) if exponent > 0 else self.undefined(), base.needs)
        needed = POSITIVE if exponent < 0 else ZERO | POSITIVE
        needs = base.needs
        if self.generators.signs(base.numerator) & ~needed:
            needs = needs | {(poly.key(base.numerator), needed)}
        c, rest = poly.primitive(base.numerator)
        front = poly.common_monomial(rest, self._positive(rest))
        rest = {poly.joined(m, poly.raised(front, -1)): v for m, v in rest.items()}
        parts = [Form({poly.raised(front, exponent): 1}), self._root_of_number(c, exponent)]
        parts += self._roots_of_monomial(rest, exponent)
        return self._needing(self.product(parts), needs)

    def _needing(self, form: Form, needs: frozenset[Need]) -> Form:
        return Form(form.numerator, form.factors, form.needs | needs)

    def _roots_of_monomial(self, p: Polynomial, exponent: Fraction) -> list[Form]:
        """The power of a primitive polynomial, factor by factor for a nonnegative monomial."""
        if p == poly.constant(1):
            return []
        if len(p) == 1:
            ((m, c),) = p.items()
            if c == 1 and all(not self.generators.all[g].signs & NEGATIVE for g, _ in m):
                return [self._power_of_part(poly.variable(g), e * exponent) for g, e in m]
        return [self._power_of_part(p, exponent)]

    def _power_of_part(self, p: Polynomial, exponent: Fraction) -> Form:
        """A whole power times a root of one that is no product."""
        whole = exponent.numerator // exponent.denominator
        rest = exponent - whole
        made = self.power(Form(p), whole)
        if not rest:
            return made
        signs = self.generators.signs(p) & (ZERO | POSITIVE)
        root = Generator("root", None, (Form(p),), rest.denominator, signs or ZERO | POSITIVE)
        number = self.generators.number(root)
        return self.product([made, self._generator(number, rest.numerator)])

    def _root_of_number(self, c: Any, exponent: Fraction) -> Form:
        """c^exponent for a positive rational c, by roots of primes."""
        powers = _factored(c)
        parts = [
            self._power_of_part(poly.constant(int(prime)), exponent * int(n))
            for prime, n in powers.items()
        ]
        return self.product(parts)


def _factored(c: Any) -> dict[int, int]:
    """The powers of primes in a positive rational; of a large number only small primes."""
    powers: dict[int, int] = {}
    for number, sign in ((c.numerator, 1), (c.denominator, -1)):
        large = int(number).bit_length() > _LARGEST_FACTORED
        parts = fmpz(int(number)).factor(_SMALL_PRIMES) if large else fmpz(int(number)).factor()
        for prime, n in parts:
            powers[int(prime)] = powers.get(int(prime), 0) + sign * int(n)
    return {prime: n for prime, n in powers.items() if n and prime != 1}


_FUNCTIONS: dict[str, Any] = {
    "exp": FormAlgebra._exp,
    "log": FormAlgebra._log,
    "tanh": FormAlgebra._tanh,
    "sinh": lambda algebra, a: algebra._half(a, -1),
    "cosh": lambda algebra, a: algebra._half(a, 1),
}
