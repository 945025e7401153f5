"""Open intervals, and what is known of a function on one: its zeros, its signs, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from ..exact.ball import ball_of
from ._forms import Form
from ._growth import UnsettledError
from ._line_functions import LineFunctions
from ._polynomials import Polynomial
from ._roots import Bracket, Root, exactly, simplest_between
from ._terms import NEGATIVE, POSITIVE, ZERO

#: An irrational number is enclosed between multiples of 2^-this.
_GRID = 36
#: Points are looked for up to 2^this.
_FARTHEST = 40


@dataclass(frozen=True)
class Span:
    """An open interval; None is infinite."""

    low: Root | None
    high: Root | None


@dataclass(frozen=True)
class Step:
    """q' l - q l' = m d for q = p / ``divisor``, which is positive: (q / l)' has the sign of m d.

    The variations of d, of l where it is not 1, and of the factors of m whose sign is not evident
    are the parts. Between neighbouring ``critical`` points q / l is monotone.
    """

    divisor: Polynomial
    lower: Polynomial | None
    multiplier: Form
    critical: tuple[Root, ...] = ()


@dataclass(frozen=True)
class Variation:
    """The zeros of a function on an open interval, and its sign (-1, 0, 1) before, between, after.

    ``reason`` is "constant", "terms", "roots", "factors" or "monotone"; ``parts`` are what it
    rests on: the factors, or what the ``step`` to the derivative names.
    """

    polynomial: Polynomial
    span: Span
    zeros: tuple[Root, ...]
    signs: tuple[int, ...]
    reason: str
    parts: tuple[Variation, ...] = ()
    #: The exponents of the factors.
    powers: tuple[int, ...] = ()
    step: Step | None = None

    @property
    def bits(self) -> int:
        """The set of all signs that the function has."""
        found = ZERO if self.zeros else 0
        for sign in self.signs:
            found |= {-1: NEGATIVE, 0: ZERO, 1: POSITIVE}[sign]
        return found


def gaps(span: Span, roots: Sequence[Root]) -> list[tuple[Root | None, Root | None]]:
    """Neighbouring points among the ends of an interval and points inside."""
    return list(pairwise([span.low, *roots, span.high]))


def _bound(root: Root, upper: bool) -> Fraction:
    """A fraction on a side of a root, near it: the end of its bracket, or the number itself."""
    at = exactly(root)
    if at is None:
        assert isinstance(root, Bracket)
        return root.high if upper else root.low
    q = at.rational
    if q is not None:
        return q
    scale = 2**_GRID
    ball = ball_of(at.value * scale, 2 * _GRID + 64)
    if not ball.rad() < 1:
        raise UnsettledError(f"where {at.value} lies")
    nearest = int(ball.mid().floor().unique_fmpz())
    return Fraction(nearest + (3 if upper else -3), scale)


def inside_gap(functions: LineFunctions, gap: tuple[Root | None, Root | None]) -> Fraction:
    """A simple fraction between two roots."""
    low, high = gap
    if low is None or high is None:
        return _outside(low, high)
    below, above = _bound(low, True), _bound(high, False)
    while below >= above:
        if not any(isinstance(root, Bracket) and root.exact is None for root in gap):
            raise UnsettledError("two zeros that are very near to each other")
        for root in gap:
            if isinstance(root, Bracket):
                root.halve(functions)
        below, above = _bound(low, True), _bound(high, False)
    third = (above - below) / 3
    return simplest_between(below + third, above - third)


def _outside(low: Root | None, high: Root | None) -> Fraction:
    """An integer beyond the only end."""
    if low is not None:
        return Fraction(_bound(low, True) // 1) + 1
    return Fraction(0) if high is None else -Fraction(-_bound(high, False) // 1) - 1


def towards(
    functions: LineFunctions, gap: tuple[Root | None, Root | None], start: Fraction, end: int
) -> Iterator[Fraction]:
    """Fractions from one inside a gap nearer and nearer to an end of it."""
    goal = gap[end]
    side = 1 if end else -1
    if goal is None:
        for k in range(_FARTHEST):
            yield start + side * 2**k
        raise UnsettledError("a zero that is very large")
    for k in range(1, 4 * _FARTHEST):
        bound = _bound(goal, not end)
        yield bound + (start - bound) / 2**k
        if isinstance(goal, Bracket):
            goal.halve(functions)
    raise UnsettledError("a zero that is very near to another one")
