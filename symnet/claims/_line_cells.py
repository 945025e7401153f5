"""Cells on the real line: points and open intervals, with the signs that functions have there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy as sp

from . import _polynomials as poly
from ._forms import Form, FormAlgebra
from ._intervals import Span, Variation, gaps, inside_gap
from ._line_functions import Point
from ._polynomials import Polynomial
from ._roots import Root
from ._terms import NEGATIVE, POSITIVE, ZERO
from ._variations import Variations

Piece = Root | Span

BIT = {-1: NEGATIVE, 0: ZERO, 1: POSITIVE}


@dataclass
class LineCell:
    """Some points and intervals of a line."""

    algebra: FormAlgebra
    variations: Variations
    pieces: tuple[Piece, ...]

    @classmethod
    def line(cls, algebra: FormAlgebra, t: sp.Symbol) -> LineCell:
        """The whole line."""
        return cls(algebra, Variations(algebra, t), (Span(None, None),))

    def polynomial(self, form: Form) -> Polynomial:
        """A polynomial with the sign of the form, wherever it has a value."""
        p = form.numerator
        for factor, n in form.factors:
            if n % 2 and self.algebra.generators.signs(dict(factor)) != POSITIVE:
                p = poly.times(p, dict(factor))
        return p

    def signs(self, form: Form) -> int:
        """The signs that a form has on the cell."""
        found = 0
        p = self.polynomial(form)
        for piece in self._where_defined(form).pieces:
            found |= self.bits(p, piece)
        return found or ZERO

    def bits(self, p: Polynomial, piece: Piece) -> int:
        """The signs that a polynomial has on a piece."""
        if isinstance(piece, Span):
            return self.variations.of(p, piece).bits
        return BIT[self.variations.sign_at(p, piece)]

    def _where_defined(self, form: Form) -> LineCell:
        """The part on which the form has a value."""
        level = self.variations.functions.level
        needs = sorted(
            form.needs, key=lambda n: max(map(level, poly.generators(dict(n[0]))), default=0)
        )
        cell = self
        for p, signs in needs:
            cell = cell._part(dict(p), signs)
        return cell

    def part(self, form: Form, signs: int) -> LineCell | None:
        """The part where the form has one of some signs, or has no value."""
        made = self._part(self.polynomial(form), signs)
        return made if made.pieces else None

    def _part(self, p: Polynomial, signs: int) -> LineCell:
        pieces: list[Piece] = []
        for piece in self.pieces:
            if isinstance(piece, Span):
                pieces += _allowed(self.variations.of(p, piece), signs)
            elif self.bits(p, piece) & signs:
                pieces.append(piece)
        return LineCell(self.algebra, self.variations, tuple(pieces))

    def samples(self, form: Form, signs: int) -> Iterator[Root]:
        """A point in every part where the form has one of some signs."""
        p = self.polynomial(form)
        functions = self.variations.functions
        for piece in self.pieces:
            if not isinstance(piece, Span):
                if self.bits(p, piece) & signs:
                    yield piece
                continue
            found = self.variations.of(p, piece)
            for gap, sign in zip(gaps(piece, found.zeros), found.signs, strict=True):
                if BIT[sign] & signs:
                    yield Point.at(inside_gap(functions, gap))
            if signs & ZERO:
                yield from found.zeros

    def anywhere(self) -> Iterator[Root]:
        """A point in every piece."""
        for piece in self.pieces:
            if isinstance(piece, Span):
                ends = (piece.low, piece.high)
                yield Point.at(inside_gap(self.variations.functions, ends))
            else:
                yield piece


def _allowed(found: Variation, signs: int) -> Iterator[Piece]:
    """The pieces of an interval on which a function has one of some signs."""
    start: Root | None = found.span.low
    is_open = bool(BIT[found.signs[0]] & signs)
    for zero, sign in zip(found.zeros, found.signs[1:], strict=True):
        goes_on = bool(BIT[sign] & signs)
        if is_open and goes_on and signs & ZERO:
            continue
        if is_open:
            yield Span(start, zero)
        if signs & ZERO:
            yield zero
        start, is_open = zero, goes_on
    if is_open:
        yield Span(start, found.span.high)
