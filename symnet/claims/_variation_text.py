"""Signs of derivatives as an argument that one reads: from the last derivative to the claim."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import sympy as sp

from ..document import Block, Document, Math, Prose, Typeset, Words
from ..shown import Shown
from ._intervals import Span, Variation, gaps
from ._polynomials import Polynomial
from ._roots import Bracket, Root, compare, exactly
from ._variations import Variations

_SIGN = {-1: "negative", 0: "zero", 1: "positive"}
_COMPARED = {-1: " < 0", 0: " = 0", 1: " > 0"}


@dataclass(frozen=True)
class VariationText(Shown):
    """The argument for some functions, each on an interval, with what is claimed of each."""

    variations: Variations
    shown: tuple[tuple[Any, Variation], ...]

    def document(self, label: str | None = None) -> Document:
        """A paragraph for every function, the simplest ones first."""
        return Document(tuple(_Writer(self).blocks()))


class _Writer:
    def __init__(self, text: VariationText) -> None:
        self.shown, self.functions = text.shown, text.variations.functions
        self.t, self.generators = self.functions.t, text.variations.generators
        self.names: dict[int, sp.Expr] = {}
        self.zeros: dict[int, sp.Symbol] = {}

    def blocks(self) -> Iterator[Block]:
        for claimed, variation in self.shown:
            yield from self._parts(variation)
            words: list[Any] = [Math(claimed), " has the sign of ", Math(self._name(variation))]
            yield Prose((*words, *self._on(variation.span), "."))

    def _parts(self, v: Variation) -> Iterator[Block]:
        """What a variation rests on, then itself, each once."""
        if id(v) in self.names:
            return
        for part in v.parts:
            yield from self._parts(part)
        yield Prose((Math(self._name(v)), " = ", Math(self._expr(v.polynomial)), *self._why(v)))

    def _name(self, v: Variation) -> sp.Expr:
        if id(v) not in self.names:
            self.names[id(v)] = sp.Function(f"f_{len(self.names) + 1}")(self.t)
        return self.names[id(v)]

    def _expr(self, p: Polynomial) -> sp.Expr:
        return self.generators.expr(p)

    def _why(self, v: Variation) -> Words:
        signs = (*self._signs(v), ".")
        if v.reason == "terms":
            return (": all terms have one sign, so it is ", *signs)
        if v.reason == "factors":
            names: list[Any] = []
            for part in v.parts:
                names += [", "] * bool(names) + [Math(self._name(part))]
            return (" has the factors ", *names, ", so it is ", *signs)
        if v.reason == "monotone":
            return (*self._slope(v), *self._values(v), " So it is ", *signs)
        return (" is ", *signs)

    # --- monotone parts

    def _below(self, v: Variation) -> sp.Expr:
        assert v.step is not None
        return self._expr(v.step.divisor) * (self._expr(v.step.lower) if v.step.lower else 1)

    def _slope(self, v: Variation) -> Words:
        """The derivative, and where the quotient grows and falls."""
        assert v.step is not None
        below = self._below(v)
        quotient = self._name(v) / below
        left = sp.Derivative(quotient, self.t, evaluate=False)
        lower = self._expr(v.step.lower) if v.step.lower else sp.S.One
        factor = v.step.multiplier.expr(self.generators) / lower**2
        words: list[Any] = [". ", Math(left), " = ", Math(factor * self._name(v.parts[0])), ", so "]
        words += ["it" if below == 1 else Math(quotient), " "]
        for place, piece in enumerate(gaps(v.span, v.step.critical)):
            verb = "increases" if self._direction(v, place) > 0 else "decreases"
            words += [" and "] * bool(place) + [verb, *self._on(Span(*piece))]
        return (*words, ".")

    def _direction(self, v: Variation, place: int) -> int:
        """The sign of the derivative on a part between critical points."""
        assert v.step is not None
        part, critical = v.parts[0], v.step.critical
        passed = sum(any(zero is c for c in critical[:place]) for zero in part.zeros)
        sign = part.signs[passed]
        for other in v.parts[1 + bool(v.step.lower) :]:
            sign *= other.signs[0]
        return sign

    def _values(self, v: Variation) -> Words:
        """The values or signs at the ends of the monotone parts."""
        assert v.step is not None
        critical = v.step.critical
        said = [self._near(v, v.span.low, v.signs[0], -sp.oo)] if self._matters(v, 0) else []
        said += [self._at(v, root, self._sign_at(v, root)) for root in critical]
        if self._matters(v, len(critical)):
            said.append(self._near(v, v.span.high, v.signs[-1], sp.oo))
        words: list[Any] = [" Here "] if said else []
        for place, part in enumerate(said):
            words += [", " if place else "", *part]
        return (*words, ".") if words else ()

    def _matters(self, v: Variation, place: int) -> bool:
        """Whether the sign near an end does not follow from the nearest critical point."""
        assert v.step is not None
        if not v.step.critical or v.step.lower:
            return True
        inner = v.step.critical[0 if place == 0 else -1]
        away = -self._direction(v, place) if place == 0 else self._direction(v, place)
        return self._sign_at(v, inner) == -away

    def _sign_at(self, v: Variation, root: Root) -> int:
        """The sign at a critical point, from the zeros that were found."""
        if any(zero is root for zero in v.zeros):
            return 0
        passed = sum(compare(self.functions, zero, root) < 0 for zero in v.zeros)
        return v.signs[passed]

    def _near(self, v: Variation, end: Root | None, sign: int, infinite: sp.Expr) -> Words:
        at = None if end is None else exactly(end)
        if at is not None and self.functions.is_analytic(v.polynomial, at):
            return self._at(v, at, self.functions.sign_at(v.polynomial, at))
        goal = infinite if end is None else self._end(end)
        return (Math(self._name(v)), _COMPARED[sign], " near ", Math(goal))

    def _at(self, v: Variation, root: Root, sign: int) -> Words:
        at = exactly(root)
        if at is None:
            return (Math(self._name(v).func(self._end(root))), _COMPARED[sign])
        value = self.functions.value(v.polynomial, at).expr(self.generators)
        middle = (" = ", Math(value)) if sign else ()
        return (Math(self._name(v).func(at.value)), *middle, _COMPARED[sign])

    # --- zeros and signs

    def _signs(self, v: Variation) -> Words:
        words: list[Any] = []
        for place, (gap, sign) in enumerate(zip(gaps(v.span, v.zeros), v.signs, strict=True)):
            words += [", "] * bool(place) + [_SIGN[sign], *self._on(Span(*gap))]
        for place, zero in enumerate(v.zeros):
            words += [", " if place else "; zero at ", *self._zero(zero)]
        return tuple(words)

    def _zero(self, zero: Root) -> Words:
        value = Math(self._end(zero))
        if exactly(zero) is not None:
            return (value,)
        assert isinstance(zero, Bracket)
        low, high = decimals(zero.low, zero.high)
        return (value, " between ", Typeset(low, low), " and ", Typeset(high, high))

    def _end(self, root: Root | None) -> sp.Expr:
        assert root is not None
        at = exactly(root)
        if at is not None:
            return at.value
        if id(root) not in self.zeros:
            self.zeros[id(root)] = sp.Symbol(f"c_{len(self.zeros) + 1}", real=True)
        return self.zeros[id(root)]

    def _on(self, span: Span) -> Words:
        if span.low is None and span.high is None:
            return (" everywhere",)
        if span.low is None:
            return (" for ", Math(sp.Lt(self.t, self._end(span.high), evaluate=False)))
        if span.high is None:
            return (" for ", Math(sp.Gt(self.t, self._end(span.low), evaluate=False)))
        low, high = self._end(span.low), self._end(span.high)
        return (" between ", Math(low), " and ", Math(high))


def decimals(low: Fraction, high: Fraction) -> tuple[str, str]:
    """Two numbers as short decimals, the lower one rounded down and the upper one up.

    >>> decimals(Fraction(2, 3), Fraction(3, 4))
    ('0.66', '0.75')
    """
    places = 0
    while 10**places * (high - low) < 1 and places < 30:
        places += 1
    scale = 10**places
    below, above = low * scale // 1, -(-high * scale // 1)
    one, two = (f"{Decimal(int(n)).scaleb(-places):f}" for n in (below, above))
    return one, two
