"""Where a function of one variable is positive, zero and negative, by its derivatives.

f = p/h and its derivative have the signs of simpler functions; between neighbouring zeros of
those, p/h is strictly monotone and has at most one zero, which it has iff its signs near both ends
differ. For sums of exponentials h is one of them, and deg + 1 derivatives remove it; logarithms,
the error function and the arcus tangent go when their coefficient is a constant.

Source: Richardson, Towards computing non algebraic cylindrical decompositions, 1991; Maignan,
Solving one and two-dimensional exponential polynomial systems, 1998.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import sympy as sp

from . import _polynomials as poly
from ._clock import checkpoint
from ._forms import Form, FormAlgebra
from ._growth import UnsettledError
from ._intervals import Span, Step, Variation, gaps, inside_gap, towards
from ._line_factors import explicit_roots, factors, opposite
from ._line_functions import LineFunctions, Point
from ._polynomials import Key, Polynomial
from ._roots import Bracket, Root, compare, exactly, ordered
from ._terms import NEGATIVE, POSITIVE

#: Chains of more functions, or functions with more terms, are left alone.
_MOST_STEPS, _MOST_TERMS = 60, 200
#: A degree that no polynomial in t has.
_INFINITE = 1000


class Variations:
    """Finds the variation of polynomials on intervals where their generators are analytic."""

    def __init__(self, algebra: FormAlgebra, t: sp.Symbol) -> None:
        self.functions = LineFunctions(algebra, t)
        self.generators = algebra.generators
        self.t = self.functions.number
        self.known: dict[tuple[Key, Span], Variation] = {}
        self.depth = 0

    def of(self, p: Polynomial, span: Span) -> Variation:
        """The variation of a polynomial.

        Raises
        ------
        UnsettledError
            Where it is not found.
        """
        checkpoint()
        p = self.bare(p) if p else p
        key = (poly.key(p), span)
        found = self.known.get(key)
        if found is None:
            self.depth += 1
            try:
                if self.depth > _MOST_STEPS or len(p) > _MOST_TERMS:
                    raise UnsettledError("the derivatives do not become simple")
                found = self.known[key] = self._of(p, span)
            finally:
                self.depth -= 1
        return found

    def bare(self, p: Polynomial) -> Polynomial:
        """The polynomial without positive factors: a monomial and a number."""
        return self.parted(p)[1]

    def parted(self, p: Polynomial) -> tuple[Form, Polynomial]:
        """A positive form and the polynomial without it."""
        everywhere = self.generators.all
        positive = [g for g in sorted(poly.generators(p)) if everywhere[g].signs == POSITIVE]
        front = poly.common_monomial(p, positive)
        divided = {poly.joined(m, poly.raised(front, -1)): c for m, c in p.items()}
        scale, rest = poly.primitive(divided)
        return Form({front: scale}), rest

    def _of(self, p: Polynomial, span: Span) -> Variation:
        if not p:
            return Variation(p, span, (), (0,), "constant")
        if not self.functions.varying(p):
            sign = self.functions.sign_at(p, Point(sp.S.Zero))
            return Variation(p, span, (), (sign,), "constant")
        bits = self.generators.signs(p, self.signs_of_t(span))
        if bits in (NEGATIVE, POSITIVE):
            return Variation(p, span, (), (1 if bits == POSITIVE else -1,), "terms")
        parts = factors(p)
        if parts is not None:
            return self._product(p, span, parts)
        roots = explicit_roots(self.functions, p)
        if roots is not None:
            return self._from_roots(p, span, roots)
        return self._monotone(p, span)

    def signs_of_t(self, span: Span) -> dict[int, int]:
        """The sign of t, where an interval has one."""
        zero = Point(sp.S.Zero)
        if span.low is not None and compare(self.functions, span.low, zero) >= 0:
            return {self.t: POSITIVE}
        if span.high is not None and compare(self.functions, span.high, zero) <= 0:
            return {self.t: NEGATIVE}
        return {}

    def _product(
        self, p: Polynomial, span: Span, factors: Sequence[tuple[Polynomial, int]]
    ) -> Variation:
        parts = [self.of(q, span) for q, _ in factors]
        zeros = ordered(self.functions, [v.zeros for v in parts])
        signs = [1] * (len(zeros) + 1)
        for part, (_, n) in zip(parts, factors, strict=True):
            for place, sign in enumerate(self._spread(part, zeros)):
                signs[place] *= sign**n
        powers = tuple(n for _, n in factors)
        return Variation(p, span, tuple(zeros), tuple(signs), "factors", tuple(parts), powers)

    def _spread(self, part: Variation, zeros: Sequence[Root]) -> Iterator[int]:
        """The signs of a function between more points than its own zeros."""
        place = 0
        yield part.signs[0]
        for zero in zeros:
            if place < len(part.zeros) and (
                zero is part.zeros[place] or compare(self.functions, zero, part.zeros[place]) == 0
            ):
                place += 1
            yield part.signs[place]

    def _from_roots(self, p: Polynomial, span: Span, roots: Sequence[Root]) -> Variation:
        """The zeros inside the interval, and signs at points between."""
        inside: list[Root] = []
        for root in ordered(self.functions, [roots]):
            if self.is_inside(root, span):
                inside.append(root)
        signs = tuple(self._sign_in_gap(p, gap) for gap in gaps(span, inside))
        return Variation(p, span, tuple(inside), signs, "roots")

    def is_inside(self, root: Root, span: Span) -> bool:
        """Whether a root lies in an interval."""
        for end, side in ((span.low, 1), (span.high, -1)):
            if end is not None and compare(self.functions, root, end) != side:
                return False
        return True

    def _sign_in_gap(self, p: Polynomial, gap: tuple[Root | None, Root | None]) -> int:
        sign = self.functions.sign_at(p, Point.at(inside_gap(self.functions, gap)))
        if not sign:
            raise UnsettledError("a zero between all zeros")
        return sign

    # --- by the derivative

    def _monotone(self, p: Polynomial, span: Span) -> Variation:
        step, d = self._step(p)
        if not d:
            raise UnsettledError(f"whether {self.generators.expr(p)} is constant")
        parts = [self.of(q, span) for q in (d, *self.named(step))]
        if any(part.zeros for part in parts[1 + bool(step.lower) :]):
            raise UnsettledError("a derivative with a pole")
        critical = tuple(ordered(self.functions, [v.zeros for v in parts]))
        found, signs = self.between(p, span, critical)
        step = replace(step, critical=critical)
        return Variation(p, span, tuple(found), tuple(signs), "monotone", tuple(parts), (), step)

    def _step(self, p: Polynomial) -> tuple[Step, Polynomial]:
        """How p becomes simpler, and the derivative."""
        g = max(self.functions.varying(p), key=lambda h: (self.functions.level(h), h))
        divisor, coefficient = self._divisor(p, g)
        if self._degree(coefficient) < _INFINITE:
            step, d = self._reduced(p, divisor, None)
            smaller = not d or self._measure(d, g) < self._measure(p, g)
            if smaller or not self._degree(coefficient):
                return step, d
        return self._reduced(p, divisor, self.bare(coefficient))

    def _groups(self, p: Polynomial, g: int) -> dict[Any, Polynomial]:
        """The coefficients of the powers of a generator."""
        groups: dict[Any, Polynomial] = {}
        for m, c in p.items():
            rest = tuple((h, e) for h, e in m if h != g)
            groups.setdefault(dict(m).get(g, 0), {})[rest] = c
        return groups

    def _divisor(self, p: Polynomial, g: int) -> tuple[Polynomial, Polynomial]:
        """A positive monomial that p is divided by, and the coefficient that is to vanish."""
        groups = self._groups(p, g)
        if not self.functions.is_exponential(g):
            front, rest = self._parted(groups[max(groups)])
            return {front: 1}, rest
        if self.generators.all[g].signs != POSITIVE:
            raise UnsettledError(f"where {self.generators.generator(g)} is zero")
        e = min(groups, key=lambda k: (self._cost(groups[k], k), abs(k), k))
        front, rest = self._parted(groups[e])
        return {poly.joined(front, ((g, e),) if e else ()): 1}, rest

    def _parted(self, a: Polynomial) -> tuple[Any, Polynomial]:
        """The greatest monomial of positive functions that divides a, and the quotient."""
        everywhere = self.generators.all
        varying = self.functions.varying(a) - {self.t}
        front = poly.common_monomial(
            a, sorted(g for g in varying if everywhere[g].signs == POSITIVE)
        )
        return front, {poly.joined(m, poly.raised(front, -1)): c for m, c in a.items()}

    def _cost(self, a: Polynomial, exponent: Any) -> int:
        front, rest = self._parted(a)
        return self._degree(rest) + bool(exponent or front)

    def _measure(self, p: Polynomial, g: int) -> tuple[Any, ...]:
        """What becomes smaller with every derivative."""
        groups = self._groups(p, g)
        if self.functions.is_exponential(g):
            return len(groups), min(self._cost(a, k) for k, a in groups.items())
        return max(groups), self._degree(self._parted(groups[max(groups)])[1])

    def _degree(self, a: Polynomial) -> int:
        """The degree in t of what deg + 1 derivatives remove; large for everything else."""
        if self.functions.varying(a) <= {self.t}:
            powers = [dict(m).get(self.t, 0) for m in a]
            if all(Fraction(k).denominator == 1 and k >= 0 for k in powers):
                return max(int(k) for k in powers)
        return _INFINITE + len(a)

    def _reduced(
        self, p: Polynomial, divisor: Polynomial, lower: Polynomial | None
    ) -> tuple[Step, Polynomial]:
        functions = self.functions
        algebra = functions.algebra
        quotient = algebra.product([Form(p), algebra.power(Form(divisor), -1)])
        slope = functions.derivative(quotient)
        if lower:
            turned = algebra.product([quotient, functions.derivative(Form(lower))])
            slope = algebra.sum([(algebra.product([slope, Form(lower)]), 1), (turned, -1)])
        if not slope.numerator:
            return Step(divisor, lower, algebra.number(0)), {}
        front, d = self.parted(slope.numerator)
        return Step(divisor, lower, Form(front.numerator, slope.factors)), d

    def named(self, step: Step) -> list[Polynomial]:
        """What must have a variation besides the derivative: l, and factors of m."""
        odd = [dict(f) for f, n in step.multiplier.factors if n % 2]
        doubtful = [f for f in odd if self.generators.signs(f) != POSITIVE]
        return [step.lower, *doubtful] if step.lower else doubtful

    def between(
        self, p: Polynomial, span: Span, critical: Sequence[Root]
    ) -> tuple[list[Root], list[int]]:
        """Zeros and signs of p, where a part of it is monotone between critical points."""
        found: list[Root] = []
        signs: list[int] = []
        for gap in gaps(span, critical):
            start, end = self.sign_after(p, gap[0]), self.sign_before(p, gap[1])
            if gap[0] is not None and gap[0] is not span.low:
                if self.sign_of_root(p, gap[0]) == 0:
                    found.append(gap[0])
                    signs.append(start)
                elif signs[-1] != start:
                    raise UnsettledError("signs that do not fit")
            else:
                signs.append(start)
            if start != end:
                found.append(self._bracket(p, gap, start, end))
                signs.append(end)
        return found, signs

    def sign_at(self, p: Polynomial, root: Root) -> int:
        """The sign of any polynomial at any root."""
        p = self.bare(p) if p else p
        for factor, _ in factors(p) or () if self.functions.varying(p) else ():
            if isinstance(root, Bracket) and factor in (root.polynomial, opposite(root.polynomial)):
                return 0
        return self.sign_of_root(p, root)

    def sign_of_root(self, p: Polynomial, root: Root) -> int:
        """The sign at a root of another function."""
        while True:
            at = exactly(root)
            if at is not None:
                return self.functions.sign_at(p, at)
            assert isinstance(root, Bracket)
            if p in (root.polynomial, opposite(root.polynomial)):
                return 0
            bits = 64 + 2 * root.halvings
            sign = self.functions.sign_on(p, root.low, root.high, bits)
            if sign:
                return sign
            root.halve(self.functions)

    def sign_after(self, p: Polynomial, root: Root | None) -> int:
        """The sign right of a root, or near -oo."""
        return self._sign_near(p, root, 1)

    def sign_before(self, p: Polynomial, root: Root | None) -> int:
        """The sign left of a root, or near oo."""
        return self._sign_near(p, root, -1)

    def _sign_near(self, p: Polynomial, root: Root | None, side: int) -> int:
        if root is None:
            return self.functions.sign_towards(p, -side)
        at = exactly(root)
        if at is None:
            sign = self.sign_of_root(p, root)
            at = exactly(root)
            if at is None:
                assert isinstance(root, Bracket)
                return sign or root.above * side * (1 if p == root.polynomial else -1)
        return self.functions.sign_beside(p, at, side)

    def _bracket(
        self, p: Polynomial, gap: tuple[Root | None, Root | None], start: int, end: int
    ) -> Root:
        """The zero in a gap at whose ends p has opposite signs."""
        sign = self.functions.sign_at
        middle = inside_gap(self.functions, gap)
        at_middle = sign(p, Point.at(middle))
        if at_middle == 0:
            return Point.at(middle)
        points = [middle]
        for point in towards(self.functions, gap, middle, 0 if at_middle == end else 1):
            points.append(point)
            here = sign(p, Point.at(point))
            if here == 0:
                return Point.at(point)
            if here != at_middle:
                break
        low, high = sorted(points[-2:])
        root = Bracket(p, low, high, end)
        root.simplify(self.functions)
        return root
