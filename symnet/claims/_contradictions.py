"""Sets of polynomial inequalities without a solution, each shown by a certificate.

The generators of the polynomials are taken as independent variables, of which a few facts are
known (an exponential is positive, exp(x) >= 1 + x, …): what contradicts itself then has no
solution, whatever the generators are. The certificates:

- *signs*: a polynomial has only terms of one sign (a sum of products of variables whose signs are
  known), and the opposite sign was assumed;
- *Farkas*: a combination of the inequalities and of products of them, with nonnegative multipliers,
  is 0 > 0 or -1 >= 0 (Motzkin 1936, Handelman 1988);
- *one variable*: all roots of all polynomials, and the signs between them;
- *oracle*: an SMT solver says so; nothing is verified.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, combinations_with_replacement

from ..exact.ball import ball_of
from . import _polynomials as poly
from ._clock import checkpoint
from ._generators import Generators
from ._multipliers import multipliers
from ._polynomials import ONE, Key, Polynomial
from ._terms import ANY, NEGATIVE, POSITIVE, ZERO

#: A polynomial and the signs that it has.
Constraint = tuple[Key, int]


@dataclass(frozen=True)
class Inequality:
    """g > 0, g >= 0 or g = 0 by its ``signs``, and what it is a product of."""

    g: Polynomial
    signs: int
    factors: tuple[Constraint, ...]

    def __hash__(self) -> int:
        return hash((poly.key(self.g), self.signs))


@dataclass(frozen=True)
class Farkas:
    """Multipliers of products of constraints whose combination is a contradiction."""

    combination: tuple[tuple[Fraction, tuple[Constraint, ...]], ...]
    name = "Farkas multipliers"


#: Products of two inequalities are formed only among so many.
_MOST_FACTORS = 14
#: Larger linear programs are not tried.
_MOST_ROWS = 400
#: Squares of differences are formed only of so many monomials.
_MOST_ROOTS = 24


def farkas(
    generators: Generators, constraints: Sequence[Constraint], products: bool = True
) -> Farkas | None:
    """Multipliers that show that no values satisfy the constraints, where they are found."""
    given = [q for c in constraints for q in _inequalities(c)]
    known = list(_basic_facts(generators, constraints))
    given += [q for c in known for q in _inequalities(c)]
    more = [q for c in _multiplied(generators, known) for q in _inequalities(c)]
    found = _combination(generators, given)
    if found is None and more:
        found = _combination(generators, [*given, *more])
    if found is None and products:
        given += _signed_monomials(generators, [Inequality(g, 0, ()) for g in _single(given)])
        if len(given) <= _MOST_FACTORS:
            found = _combination(generators, [*given, *more, *_products(given)])
    return found


def _single(given: Sequence[Inequality]) -> Iterator[Polynomial]:
    """The generators in some inequalities, each alone."""
    for g in sorted(set().union(*(poly.generators(q.g) for q in given))):
        yield poly.variable(g)


def _inequalities(constraint: Constraint) -> Iterator[Inequality]:
    """The constraint as g > 0, g >= 0 or g = 0; nothing where it is g != 0."""
    p, signs = constraint
    if signs in (POSITIVE, POSITIVE | ZERO, ZERO):
        yield Inequality(dict(p), signs, (constraint,))
    elif signs in (NEGATIVE, NEGATIVE | ZERO):
        turned = POSITIVE | (signs & ZERO)
        yield Inequality(poly.scaled(dict(p), -1), turned, (constraint,))


def _products(given: Sequence[Inequality]) -> Iterator[Inequality]:
    for a, b in combinations_with_replacement(given, 2):
        checkpoint()
        signs = ZERO if ZERO in (a.signs, b.signs) else a.signs | b.signs
        yield Inequality(poly.times(a.g, b.g), signs, (*a.factors, *b.factors))


def _combination(generators: Generators, rows: Sequence[Inequality]) -> Farkas | None:
    rows = [*rows, *_signed_monomials(generators, rows), *_squares(generators, rows)]
    if len(rows) > _MOST_ROWS:
        return None
    y = multipliers([(row.g, row.signs) for row in rows])
    if y is None:
        return None
    pairs = zip(y, rows, strict=True)
    return Farkas(tuple((Fraction(int(v.p), int(v.q)), row.factors) for v, row in pairs if v))


def _signed_monomials(generators: Generators, rows: Sequence[Inequality]) -> Iterator[Inequality]:
    """Monomials of one sign: even powers, products of generators with known signs."""
    for m in sorted({m for row in rows for m in row.g if m != ONE}):
        yield from _inequalities((poly.key({m: 1}), generators.signs({m: 1})))


def _squares(generators: Generators, rows: Sequence[Inequality]) -> Iterator[Inequality]:
    """(m - n)^2 and (m + n)^2 for monomials whose squares and product are there."""
    present = {m for row in rows for m in row.g} | {ONE}
    roots = []
    for m in sorted(present):
        half = tuple((g, Fraction(e) / 2 if e.denominator > 1 or e % 2 else e // 2) for g, e in m)
        if all(e.denominator == 1 or generators.all[g].signs == POSITIVE for g, e in half):
            roots.append(half)
    for m, n in combinations(roots[:_MOST_ROOTS], 2):
        if poly.joined(m, n) in present:
            for sign in (1, -1):
                p: Polynomial = poly.plus({m: 1}, {n: 1}, sign)
                square = poly.times(p, p)
                yield Inequality(square, ZERO | POSITIVE, ((poly.key(square), ZERO | POSITIVE),))


# --- what is known of generators


def facts(generators: Generators, constraints: Sequence[Constraint]) -> Iterator[Constraint]:
    """What holds for the functions among the generators, as constraints."""
    basic = list(_basic_facts(generators, constraints))
    yield from basic
    yield from _multiplied(generators, basic)


def _multiplied(generators: Generators, known: Sequence[Constraint]) -> Iterator[Constraint]:
    """What is known, times the positive generators that some of its terms are divided by."""
    for p, signs in known:
        below = {g for m, _ in p for g, e in m if e < 0}
        if below and all(generators.all[g].signs == POSITIVE for g in below):
            front = poly.variable(min(below))
            for g in below - {min(below)}:
                front = poly.times(front, poly.variable(g))
            yield poly.key(poly.times(dict(p), front)), signs


def _basic_facts(generators: Generators, constraints: Sequence[Constraint]) -> Iterator[Constraint]:
    present = set().union(*(poly.generators(dict(p)) for p, _ in constraints))
    exponentials = []
    for g in sorted(present):
        this = generators.all[g]
        own = poly.variable(g)
        if this.kind == "exp" and not this.inside[0].factors:
            (m,) = this.inside[0].numerator
            if all(h in present or generators.all[h].signs != ANY for h, _ in m):
                exponentials.append((g, m))
                yield from tangents(own, {m: 1})
        elif this.kind in ("erf", "sin", "cos"):
            signs = POSITIVE if this.kind == "erf" else POSITIVE | ZERO
            yield poly.key(poly.plus(poly.constant(1), own)), signs
            yield poly.key(poly.plus(poly.constant(1), own, -1)), signs
        elif this.signs == POSITIVE and not generators.generator(g).free_symbols:
            yield from _enclosure(generators, g)
    for k, (g, m) in enumerate(exponentials):
        for h, n in exponentials[:k]:
            quotient = poly.times(poly.variable(g), poly.variable(h, -1))
            yield from tangents(quotient, {m: 1, n: -1})


def tangents(e: Polynomial, inside: Polynomial) -> Iterator[Constraint]:
    """exp(p) >= 1 + p, and exp(-p) >= 1 - p."""
    one = poly.constant(1)
    ((m, c),) = e.items()
    for power, sign in ((e, 1), ({poly.raised(m, -1): c}, -1)):
        yield poly.key(poly.plus(poly.plus(power, one, -1), inside, -sign)), POSITIVE | ZERO


def _enclosure(generators: Generators, g: int) -> Iterator[Constraint]:
    """A rational interval around a constant."""
    try:
        ball = ball_of(generators.generator(g), bits=100)
    except ValueError:
        return
    floor = (ball * 10**6).floor().unique_fmpz()
    if floor is None:
        return
    own = poly.variable(g)
    yield poly.key(poly.plus(own, poly.constant(Fraction(int(floor), 10**6)), -1)), POSITIVE | ZERO
    yield poly.key(poly.plus(poly.constant(Fraction(int(floor) + 1, 10**6)), own, -1)), POSITIVE
