"""Proofs by signs of derivatives, verified: every derivative, zero and sign, without the search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from ..errors import CertificateError
from ..verdict import Proved
from . import _polynomials as poly
from ._cases import Goal, Run, leaves
from ._growth import UnsettledError
from ._intervals import Span, Variation, gaps, inside_gap
from ._line_cells import LineCell
from ._line_factors import explicit_roots
from ._line_functions import Point
from ._polynomials import Key, Polynomial
from ._reading import Reader
from ._roots import Bracket, Root, compare, exactly
from ._terms import POSITIVE
from ._variation_text import VariationText
from ._variations import Variations


@dataclass(frozen=True)
class VariationProof:
    """A goal, and the variations of all functions that it rests on.

    ``shown`` are those of the differences of the sides, piece by piece.
    """

    goal: Goal
    start: LineCell
    shown: tuple[tuple[Any, Variation], ...]

    @property
    def derivation(self) -> VariationText:
        """The argument as text: from the last derivative to the difference of the sides."""
        return VariationText(self.start.variations, self.shown)

    def check(self, claim: Any) -> Proved:
        """The cases gone through again with what was found, and all of that verified."""
        start = self.start
        verified = Verified(start.variations)
        cell = LineCell(start.algebra, verified, start.pieces)
        try:
            outcomes = [leaf.outcome for leaf in leaves(self.goal, cell)]
        except UnsettledError as error:
            raise CertificateError(f"a sign is not verified: {error}") from None
        if not set(outcomes) <= {"holds", "excluded", "undefined"}:
            raise CertificateError("a case is against the claim")
        count = len(verified.sound)
        functions = f"{count} function{'' if count == 1 else 's'}"
        return Proved("certificate", f"zeros and signs of {functions}")


class Verified(Variations):
    """The variations that were found, each verified when it is asked for; none is looked for."""

    def __init__(self, found: Variations) -> None:
        super().__init__(found.functions.algebra, found.functions.t)
        self.found = found.known
        self.sound: set[tuple[Key, Span]] = set()

    def of(self, p: Polynomial, span: Span) -> Variation:
        p = self.bare(p) if p else p
        key = (poly.key(p), span)
        found = self.found.get(key)
        if found is None:
            raise CertificateError(f"nothing is known of {self.generators.expr(p)}")
        if key not in self.sound:
            self.verify(found)
            self.sound.add(key)
        return found

    def verify(self, v: Variation) -> None:
        """That the zeros and signs are those of the function."""
        if len(v.signs) != len(v.zeros) + 1:
            raise CertificateError("there is not one sign between every two zeros")
        for part in v.parts:
            self.of(part.polynomial, part.span)
        _VERIFY[v.reason](self, v)
        for gap, sign in zip(gaps(v.span, v.zeros), v.signs, strict=True):
            at = Point.at(inside_gap(self.functions, gap))
            if self.functions.sign_at(v.polynomial, at) != sign:
                self._wrong(v, f"has another sign at {at.value}")
        for zero in v.zeros:
            self._verify_zero(v, zero)

    def _wrong(self, v: Variation, what: str) -> None:
        raise CertificateError(f"{self.generators.expr(v.polynomial)} {what}")

    def _verify_zero(self, v: Variation, zero: Root) -> None:
        at = exactly(zero)
        if at is not None:
            if self.functions.sign_at(v.polynomial, at) != 0:
                self._wrong(v, f"is not zero at {at.value}")
            return
        assert isinstance(zero, Bracket)
        ends = [self.functions.sign_at(zero.polynomial, Point.at(q)) for q in (zero.low, zero.high)]
        if ends[0] * ends[1] >= 0:
            self._wrong(v, f"does not change its sign between {zero.low} and {zero.high}")

    def _constant(self, v: Variation) -> None:
        if v.polynomial and self.functions.varying(v.polynomial):
            self._wrong(v, "is no constant")

    def _terms(self, v: Variation) -> None:
        wanted = 4 if v.signs == (1,) else 1
        if self.generators.signs(v.polynomial, self.signs_of_t(v.span)) != wanted:
            self._wrong(v, "has terms of several signs")

    def _roots(self, v: Variation) -> None:
        roots = explicit_roots(self.functions, v.polynomial)
        inside = [r for r in roots or () if self.is_inside(r, v.span)]
        if roots is None or len(inside) != len(v.zeros):
            self._wrong(v, "has other zeros")
        for root, zero in zip(inside, v.zeros, strict=True):
            if compare(self.functions, root, zero):
                self._wrong(v, "has other zeros")

    def _factors(self, v: Variation) -> None:
        product = poly.constant(1)
        for part, n in zip(v.parts, v.powers, strict=True):
            product = poly.times(product, poly.power(part.polynomial, n))
        if poly.primitive(product)[1] != v.polynomial:
            self._wrong(v, "is not the product of its factors")
        for part in v.parts:
            for zero in part.zeros:
                if not any(compare(self.functions, zero, other) == 0 for other in v.zeros):
                    self._wrong(v, "has more zeros")

    def _verify_monotone(self, v: Variation) -> None:
        assert v.step is not None
        self._verify_derivative(v)
        if [part.polynomial for part in v.parts[1:]] != [self.bare(q) for q in self.named(v.step)]:
            self._wrong(v, "has a derivative with other factors")
        for part in v.parts[1 + bool(v.step.lower) :]:
            if part.zeros:
                self._wrong(v, "has a derivative with a pole")
        for part in v.parts:
            if part.span != v.span:
                self._wrong(v, "has a derivative elsewhere")
            for zero in part.zeros:
                if not any(compare(self.functions, zero, c) == 0 for c in v.step.critical):
                    self._wrong(v, "is not monotone between its critical points")
        self._count_zeros(v)

    def _verify_derivative(self, v: Variation) -> None:
        """q' l - q l' = m d, with SymPy's derivatives."""
        assert v.step is not None
        t, expr = self.functions.t, self.generators.expr
        step, generators = v.step, self.generators
        everywhere = generators.all
        monomials = [m for p in (step.divisor, step.multiplier.numerator) for m in p]
        positive = all(everywhere[g].signs == POSITIVE for m in monomials for g, _ in m)
        if not positive or any(c <= 0 for c in step.multiplier.numerator.values()):
            self._wrong(v, "is divided by what is not positive")
        q = expr(v.polynomial) / expr(step.divisor)
        lower = expr(step.lower) if step.lower else sp.S.One
        rest = sp.diff(q, t) * lower - q * sp.diff(lower, t)
        rest -= step.multiplier.expr(generators) * expr(v.parts[0].polynomial)
        algebra = self.functions.algebra
        form = Run(algebra, None, {}).form(Reader().term(rest))
        if form.numerator:
            self._wrong(v, "has another derivative")

    def _count_zeros(self, v: Variation) -> None:
        """One zero where the signs at both ends of a monotone part differ, none elsewhere."""
        assert v.step is not None
        expected: list[Root | None] = []
        for gap in gaps(v.span, v.step.critical):
            inner = gap[0] if gap[0] is not v.span.low else None
            if inner is not None and self.sign_of_root(v.polynomial, inner) == 0:
                expected.append(inner)
            ends = self.sign_after(v.polynomial, gap[0]), self.sign_before(v.polynomial, gap[1])
            if ends[0] != ends[1]:
                expected.append(None)
        if len(expected) != len(v.zeros):
            self._wrong(v, "has another number of zeros")
        for known, zero in zip(expected, v.zeros, strict=True):
            if known is not None and compare(self.functions, known, zero):
                self._wrong(v, "has other zeros")


_VERIFY: dict[str, Any] = {
    "constant": Verified._constant,
    "terms": Verified._terms,
    "roots": Verified._roots,
    "factors": Verified._factors,
    "monotone": Verified._verify_monotone,
}
