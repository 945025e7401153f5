"""Polynomials in generators that are found on the way, with rational exponents where those make
sense: the exponent of a generator that is positive may be any rational number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import gcd, lcm
from typing import Any

from ._clock import checkpoint

#: Generators with their exponents, none of them zero, in the order of the generators' numbers.
Monomial = tuple[tuple[int, Any], ...]
#: Coefficients of monomials, none of them zero.
Polynomial = dict[Monomial, Any]
#: A polynomial that can be a key.
Key = frozenset[tuple[Monomial, Any]]

ONE: Monomial = ()

#: More terms than this are not multiplied out.
_MOST_TERMS = 20_000


class TooLargeError(Exception):
    """A product with too many terms."""


def constant(value: Any) -> Polynomial:
    """The constant polynomial."""
    return {ONE: value} if value else {}


def variable(g: int, exponent: Any = 1) -> Polynomial:
    """A generator to a power."""
    return {((g, exponent),): 1}


def plus(a: Polynomial, b: Polynomial, c: Any = 1) -> Polynomial:
    """a + c b."""
    total = dict(a)
    for monomial, v in b.items():
        value = total.get(monomial, 0) + c * v
        if value:
            total[monomial] = value
        else:
            total.pop(monomial, None)
    return total


def scaled(a: Polynomial, c: Any) -> Polynomial:
    """c a."""
    return {m: c * v for m, v in a.items()} if c else {}


def times(a: Polynomial, b: Polynomial) -> Polynomial:
    """a b."""
    if len(a) * len(b) > _MOST_TERMS:
        raise TooLargeError(f"a product of {len(a)} and {len(b)} terms")
    checkpoint()
    total: Polynomial = {}
    for m, v in a.items():
        for n, w in b.items():
            product = joined(m, n)
            value = total.get(product, 0) + v * w
            if value:
                total[product] = value
            else:
                total.pop(product, None)
    return total


def power(a: Polynomial, n: int) -> Polynomial:
    """a^n for n >= 0."""
    if n < 0:
        raise ValueError(f"the power {n} of a polynomial is none")
    if n > 1 and len(a) > 1 and n > 200:
        raise TooLargeError(f"the power {n} of {len(a)} terms")
    result = constant(1)
    for bit in bin(n)[2:]:
        result = times(result, result)
        if bit == "1":
            result = times(result, a)
    return result


def joined(m: Monomial, n: Monomial) -> Monomial:
    """The product of two monomials."""
    if not m:
        return n
    if not n:
        return m
    exponents = dict(m)
    for g, e in n:
        exponents[g] = exponents.get(g, 0) + e
    return tuple(sorted((g, e) for g, e in exponents.items() if e))


def raised(m: Monomial, e: Any) -> Monomial:
    """The monomial to a power."""
    return tuple((g, k * e) for g, k in m) if e else ONE


def content(a: Polynomial) -> Any:
    """The positive rational c for which a / c has integers without a common divisor."""
    values = list(a.values())
    denominator = lcm(*(v.denominator for v in values))
    numerator = gcd(*(int(v * denominator) for v in values))
    return Fraction(numerator, denominator)


def primitive(a: Polynomial) -> tuple[Any, Polynomial]:
    """(c, p) with a = c p, c > 0 and p with integers without a common divisor."""
    c = content(a)
    return c, (a if c == 1 else {m: int(v / c) for m, v in a.items()})


def leading(a: Polynomial) -> Monomial:
    """The greatest monomial: of the highest degree, then by generators."""
    return max(a, key=lambda m: (sum(e for _, e in m), m))


def common_monomial(a: Polynomial, generators: Iterable[int]) -> Monomial:
    """The monomial in some generators that divides all terms."""
    found = []
    for g in generators:
        least = min(next((e for h, e in m if h == g), 0) for m in a)
        if least:
            found.append((g, least))
    return tuple(sorted(found))


def generators(a: Polynomial) -> set[int]:
    """The numbers of the generators in it."""
    return {g for m in a for g, _ in m}


def key(a: Polynomial) -> Key:
    """The polynomial as a key."""
    return frozenset(a.items())


def terms(k: Key) -> Iterator[tuple[Monomial, Any]]:
    """The terms of a key, in a fixed order."""
    yield from sorted(k, key=lambda t: (-sum(e for _, e in t[0]), t[0]))
