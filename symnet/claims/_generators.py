"""The generators of polynomials: symbols, and functions that are no polynomials of others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from ._polynomials import Key, Monomial, Polynomial
from ._terms import ANY, NEGATIVE, POSITIVE, ZERO


@dataclass(frozen=True)
class Generator:
    """A symbol or a function of other generators, and the signs that it can have.

    ``kind`` is "symbol", "exp" (of the form ``inside``), "log", "root" (number ``order``),
    "constant", or the name of a function; ``inside`` are the forms of its arguments.
    """

    kind: str
    name: Any
    inside: tuple[Any, ...] = ()
    order: int = 1
    signs: int = ANY


class Generators:
    """Numbers for generators, in the order in which they are met.

    ``assumed`` are signs of symbols that a claim's condition states.
    """

    def __init__(self, assumed: Mapping[Any, int] | None = None) -> None:
        self.all: list[Generator] = []
        self.assumed = dict(assumed or {})
        self.numbers: dict[Any, int] = {}

    def number(self, generator: Generator) -> int:
        """The number of a generator, a new one for a new generator."""
        identity = (generator.kind, generator.name, generator.inside, generator.order)
        found = self.numbers.get(identity)
        if found is None:
            found = self.numbers[identity] = len(self.all)
            self.all.append(generator)
        return found

    def symbol(self, symbol: Any) -> int:
        """The number of a symbol."""
        signs = signs_of_symbol(symbol) & self.assumed.get(symbol, ANY)
        return self.number(Generator("symbol", symbol, signs=signs))

    def depends(self, g: int, on: int) -> bool:
        """Whether a generator is another one or a function of it."""
        return g == on or any(
            self.depends(h, on) for form in self.all[g].inside for h in form.generators()
        )

    def signs(self, a: Polynomial, known: dict[int, int] | None = None) -> int:
        """Signs that contain all that a polynomial has, by those of its terms alone.

        ``known`` are signs of generators that are smaller than usual.
        """
        total = 0
        for monomial, coefficient in a.items():
            sign = self._monomial_signs(monomial, known or {})
            total |= sign if coefficient > 0 else opposite(sign)
            if total & NEGATIVE and total & POSITIVE:
                return ANY
        if total & (NEGATIVE | POSITIVE) and total & ZERO:
            # one term that is never zero is enough
            strict = any(not self._monomial_signs(m, known or {}) & ZERO for m in a)
            return total & ~ZERO if strict else total
        return total or ZERO

    def _monomial_signs(self, monomial: Monomial, known: dict[int, int]) -> int:
        signs = POSITIVE
        for g, e in monomial:
            sign = known.get(g, ANY) & self.all[g].signs
            if e.denominator == 1 and int(e) % 2 == 0:
                sign = (sign & ZERO) | (POSITIVE if sign & ~ZERO else 0)
            signs = product_signs(signs, sign)
        return signs

    # --- back to SymPy

    def expr(self, a: Polynomial | Key) -> sp.Expr:
        """The polynomial as SymPy has it."""
        items = a.items() if isinstance(a, dict) else a
        return sp.Add(*(self._number(c) * self.monomial(m) for m, c in items))

    def monomial(self, m: Monomial) -> sp.Expr:
        """The monomial as SymPy has it."""
        return sp.Mul(*(self.generator(g) ** self._number(e) for g, e in m))

    def generator(self, g: int) -> sp.Expr:
        """The generator as SymPy has it."""
        this = self.all[g]
        if this.kind == "symbol":
            return this.name
        if this.kind == "constant":
            return getattr(sp, this.name)
        inside = [form.expr(self) for form in this.inside]
        if this.kind == "root":
            return inside[0] ** sp.Rational(1, this.order)
        if this.kind == "undefined":
            return sp.Function(this.name)(*inside)
        return getattr(sp, this.kind)(*inside)

    @staticmethod
    def _number(value: Any) -> sp.Rational:
        return sp.Rational(value.numerator, value.denominator)


def signs_of_symbol(symbol: Any) -> int:
    """The signs that a symbol can have by its assumptions."""
    signs = 0
    for bit, fact in ((NEGATIVE, "negative"), (ZERO, "zero"), (POSITIVE, "positive")):
        if getattr(symbol, f"is_{fact}", None) is not False:
            signs |= bit
    return signs


def opposite(signs: int) -> int:
    """The signs of the negative."""
    return (
        (signs & ZERO)
        | (POSITIVE if signs & NEGATIVE else 0)
        | (NEGATIVE if signs & POSITIVE else 0)
    )


def product_signs(a: int, b: int) -> int:
    """The signs of a product."""
    signs = ZERO if (a | b) & ZERO else 0
    if a & POSITIVE:
        signs |= b & ~ZERO
    if a & NEGATIVE:
        signs |= opposite(b) & ~ZERO
    return signs
