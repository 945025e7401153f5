"""Cells given by signs of forms: what a form's sign is there is shown, or it is left open."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

from . import _polynomials as poly
from ._contradictions import Constraint, farkas
from ._forms import Form, FormAlgebra
from ._generators import opposite
from ._polynomials import Key, Polynomial
from ._terms import ANY, NEGATIVE, POSITIVE, ZERO

#: exp(k log(f)) is written as f^k up to this k.
_HIGHEST_POWER = 12


@dataclass
class FormCell:
    """The points where some polynomials have some signs.

    ``known`` are all of them, by the polynomial; ``single`` those of generators.
    """

    algebra: FormAlgebra
    known: dict[Key, int] = field(default_factory=dict)
    single: dict[int, int] = field(default_factory=dict)
    found: dict[Key, int] = field(default_factory=dict)

    @property
    def constraints(self) -> list[Constraint]:
        """The polynomials that define the cell, with their signs."""
        return list(self.known.items())

    def polynomial(self, form: Form) -> tuple[Key, bool]:
        """A polynomial with the sign of the form, or with the opposite one (True)."""
        form = self._without_logarithms(form)
        p = form.numerator
        for factor, n in form.factors:
            if n % 2 and self.algebra.generators.signs(dict(factor)) != POSITIVE:
                p = poly.times(p, dict(factor))
        return normalised(self._without_positive_factors(p))

    def _without_positive_factors(self, p: Polynomial) -> Polynomial:
        """The polynomial without the monomial of positive generators that divides it."""
        if not p:
            return p
        everywhere = self.algebra.generators.all
        positive = [g for g in sorted(poly.generators(p)) if everywhere[g].signs == POSITIVE]
        front = poly.common_monomial(p, positive)
        return {poly.joined(m, poly.raised(front, -1)): c for m, c in p.items()}

    def _without_logarithms(self, form: Form) -> Form:
        """exp(f) - 1, which has the sign of f, for a linear combination f of logarithms."""
        generators = self.algebra.generators
        logs = {g for g in poly.generators(form.numerator) if generators.all[g].kind == "log"}
        if not logs or any(generators.signs(dict(f)) != POSITIVE for f, _ in form.factors):
            return form
        bare = {((g, 1),) for g in logs}
        others = (m for m in form.numerator if m not in bare)
        if any(g in logs for m in others for g, _ in m):
            return form
        scale = lcm(*(form.numerator[m].denominator for m in bare if m in form.numerator))
        whole = poly.scaled(form.numerator, scale)
        if any(abs(whole[m]) > _HIGHEST_POWER for m in bare if m in whole):
            return form
        power = self.algebra.function("exp", [Form(whole)])
        return self.algebra.sum([(power, 1), (self.algebra.number(1), -1)])

    def signs(self, form: Form) -> int:
        """Signs that contain all that the form has on the cell."""
        p, turned = self.polynomial(form)
        signs = self.signs_of(p)
        return opposite(signs) if turned else signs

    def signs_of(self, p: Key) -> int:
        """The same for a polynomial."""
        if not p:
            return ZERO
        found = self.found.get(p)
        if found is None:
            found = self.found[p] = self._signs_of(p)
        return found

    def _signs_of(self, p: Key) -> int:
        signs = self.known.get(p, ANY)
        signs &= self.algebra.generators.signs(dict(p), self.single)
        for bit in (NEGATIVE, ZERO, POSITIVE):
            if signs & bit and signs != bit and self.known:
                shown = farkas(self.algebra.generators, [*self.constraints, (p, bit)])
                if shown is not None:
                    signs &= ~bit
        return signs

    def part(self, form: Form, signs: int) -> FormCell | None:
        """The part where the form has one of some signs."""
        p, turned = self.polynomial(form)
        signs = opposite(signs) if turned else signs
        if signs == ZERO:
            solved = self._solved(dict(p))
            if solved is not None:
                return solved
        known = {**self.known, p: self.known.get(p, ANY) & signs}
        return self._with(self.algebra, known)

    @staticmethod
    def _with(algebra: FormAlgebra, known: dict[Key, int]) -> FormCell:
        single = {}
        for p, signs in known.items():
            if len(p) == 1:
                ((m, _),) = p
                if len(m) == 1 and m[0][1] == 1:
                    single[m[0][0]] = signs
        return FormCell(algebra, known, single)

    def _solved(self, p: Polynomial) -> FormCell | None:
        """The part where p = 0, by a symbol that p determines."""
        generators = self.algebra.generators
        for m, c in sorted(p.items()):
            if len(m) != 1 or m[0][1] != 1 or generators.all[m[0][0]].kind != "symbol":
                continue
            g = m[0][0]
            rest = {n: Fraction(-v) / c for n, v in p.items() if n != m}
            if any(generators.depends(h, g) for h in poly.generators(rest)):
                continue
            symbol = generators.all[g].name
            values = {**self.algebra.values, symbol: Form(rest)}
            algebra = FormAlgebra(generators, {})
            algebra.values = {s: algebra.put(v, symbol, Form(rest)) for s, v in values.items()}
            known: dict[Key, int] = {}
            signs_of_g = generators.all[g].signs
            conditions = [*self.known.items()]
            if signs_of_g != ANY:
                conditions.append((poly.key({m: 1}), signs_of_g))
            for q, signs in conditions:
                form = algebra.put(Form(dict(q)), symbol, Form(rest))
                k, turned = FormCell(algebra).polynomial(form)
                signs = opposite(signs) if turned else signs
                if not k:
                    if not signs & ZERO:
                        return None
                    continue
                known[k] = known.get(k, ANY) & signs
            return self._with(algebra, known)
        return None


def normalised(p: Polynomial) -> tuple[Key, bool]:
    """The polynomial in lowest terms with a positive leading coefficient; whether it was turned."""
    if not p:
        return poly.key(p), False
    _, p = poly.primitive(p)
    turned = p[poly.leading(p)] < 0
    return poly.key(poly.scaled(p, -1) if turned else p), turned
