"""Counterexamples: the smallest that is found, integers first, then small denominators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import chain, product
from math import comb
from random import Random
from typing import Any

import sympy as sp

from ..verdict import Refuted
from ._cases import Goal
from ._clock import checkpoint
from ._evaluate import sides_at
from ._numbers import may_fail
from ._points import admits
from ._question import Question

#: How many integer points are tried, and how many with a denominator d (divided by d).
_INTEGERS, _FRACTIONS = 700, 500
_LARGEST_DENOMINATOR = 12


def smallest(
    question: Question, goal: Goal, symbols: Sequence[Any], scattered: bool = True
) -> Refuted | None:
    """The first counterexample of the search, verified exactly.

    ``scattered``: after the small points also some that lie all over the place.
    """
    admitted = [lru_cache(maxsize=None)(_admitter(s)) for s in symbols]
    every = _ordered(len(symbols))
    for point in chain(every, _scattered(len(symbols)) if scattered else ()):
        checkpoint()
        if not all(fits(v) for fits, v in zip(admitted, point, strict=True)):
            continue
        values = dict(zip(symbols, point, strict=True))
        if may_fail(goal, values):
            refuted = refuted_at(question, values)
            if refuted is not None:
                return refuted
    return None


def refuted_at(question: Question, values: Mapping[Any, Any]) -> Refuted | None:
    """The refutation at a point, if exact evaluation confirms it."""
    point = {s: sp.Rational(v.numerator, v.denominator) for s, v in values.items()}
    if not all(admits(s, v) for s, v in point.items() if isinstance(s, sp.Symbol)):
        return None
    sides = sides_at(question, point)
    return None if sides is None else Refuted(point, *sides, relation=question.relation)


def _admitter(symbol: Any) -> Any:
    def fits(value: Fraction) -> bool:
        number = sp.Rational(value.numerator, value.denominator)
        return not isinstance(symbol, sp.Symbol) or admits(symbol, number)

    return fits


def _ordered(count: int) -> Iterator[tuple[Any, ...]]:
    """Points of so many numbers: integers by the sum of their sizes, then halves, thirds, …"""
    if count == 0:
        yield ()
        return
    for denominator in range(1, _LARGEST_DENOMINATOR + 1):
        found = 0
        for size in range(40 * denominator):
            found += _how_many(count, size)
            if found > (_INTEGERS if denominator == 1 else _FRACTIONS // denominator):
                break
            for numerators in _of_size(count, size):
                if denominator == 1:
                    yield numerators
                elif any(n % denominator for n in numerators):
                    yield tuple(Fraction(n, denominator) for n in numerators)


def _how_many(count: int, size: int) -> int:
    """The number of integer vectors whose entries' sizes add up to ``size``."""
    if size == 0:
        return 1
    return sum(
        2**k * comb(count, k) * comb(size - 1, k - 1) for k in range(1, min(count, size) + 1)
    )


def _of_size(count: int, size: int) -> Iterator[tuple[int, ...]]:
    """The integer vectors whose entries' sizes add up to ``size``, the most even ones first."""
    vectors = list(_compositions(count, size))
    vectors.sort(key=lambda v: (max(v, default=0), tuple(-n for n in v)))
    for sizes in vectors:
        yield from product(*(((n, -n) if n else (0,)) for n in sizes))


def _compositions(count: int, size: int) -> Iterator[tuple[int, ...]]:
    if count == 1:
        yield (size,)
        return
    for first in range(size, -1, -1):
        for rest in _compositions(count - 1, size - first):
            yield (first, *rest)


def _scattered(count: int) -> Iterator[tuple[Fraction, ...]]:
    """Points all over the place, the same every time."""
    if not count:
        return
    random = Random(0)
    for scale in (3, 10, 100, 1000, 10**6):
        for _ in range(60):
            numbers = (random.randint(-scale, scale) for _ in range(count))
            yield tuple(Fraction(n, random.choice((1, 2, 3))) for n in numbers)


def near(hint: Mapping[Any, Any], symbols: Sequence[Any]) -> Iterator[dict[Any, Any]]:
    """Points near a hint, rounded more and more finely; what it does not say is 0, 1, -1 or 2."""
    for filling in (0, 1, -1, 2):
        for denominator in (1, 2, 3, 10, 1000, 10**12):
            yield {
                s: Fraction(int(v.p), int(v.q)).limit_denominator(denominator)
                if isinstance(v := hint.get(s, sp.Integer(filling)), sp.Rational)
                else Fraction(v).limit_denominator(denominator)
                for s in symbols
            }
