"""Maxima of affine functions: sums, unions, and which terms are needed, exactly.

A term is a row (a, c) for a x + c. In tropical algebra a maximum of terms is a polynomial, a sum of
maxima a product, and a term is needed iff it is a vertex of the upper hull of all (a, c).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import add, mul

from flint import fmpq

from ..errors import TooManyTermsError
from ..exact.linear_program import Feasible, LinearSystem, feasible_point
from ..exact.polyhedron import Polyhedron

Term = tuple[fmpq, ...]
Terms = tuple[Term, ...]


def plus(one: Terms, other: Terms, domain: Polyhedron, most: int) -> Terms:
    """max(one) + max(other): the sums of all pairs, those that are needed."""
    if len(one) == 1 or len(other) == 1:
        return tuple(tuple(map(add, s, t)) for s in one for t in other)
    if len(one) * len(other) > most:
        raise TooManyTermsError(
            f"a sum of maxima of {len(one)} and {len(other)} affine functions has up to "
            f"{len(one) * len(other)} terms, more than max_terms={most}; allow more, or take a "
            "smaller network"
        )
    return needed((tuple(map(add, s, t)) for s in one for t in other), domain)


def scaled(terms: Terms, factor: fmpq) -> Terms:
    """factor max(terms), for a factor > 0."""
    return tuple(tuple(factor * v for v in t) for t in terms)


def needed(terms: Iterable[Term], domain: Polyhedron) -> Terms:
    """The terms that are greater than all others somewhere inside a full-dimensional domain.

    Every linear program asks only about the terms that are known to be needed; a point where they
    are smaller shows one more that is (Clarkson, More output-sensitive geometric algorithms, 1994).

    >>> line = Polyhedron.from_half_spaces(ambient=1)
    >>> needed([(fmpq(1), fmpq(0)), (fmpq(-1), fmpq(0)), (fmpq(0), fmpq(0))], line)
    ((-1, 0), (1, 0))
    """
    best: dict[Term, fmpq] = {}
    for t in terms:
        best[t[:-1]] = max(t[-1], best.get(t[:-1], t[-1]))
    every = sorted((*a, c) for a, c in best.items())
    found: dict[Term, None] = {}
    for term in every:
        while term not in found:
            x = _above(term, list(found), domain)
            if x is None:
                break
            found[_greatest(every, x)] = None
    return tuple(sorted(found))


def _greatest(terms: Sequence[Term], x: Sequence[fmpq]) -> Term:
    """The term that is greatest at x + (e, e^2, …) for all small e > 0."""
    return max(terms, key=lambda t: (at(t, x), t))


def at(term: Term, x: Sequence[fmpq]) -> fmpq:
    """The value of a term at a point."""
    return sum(map(mul, term, x), term[-1])


def _above(term: Term, others: Sequence[Term], domain: Polyhedron) -> tuple[fmpq, ...] | None:
    """A point inside the domain at which a term is greater than others; None if there is none."""
    rows = [[b - a for a, b in zip(term, other, strict=True)] for other in others]
    A = [row[:-1] for row in rows] + [[fmpq(v) for v in h.normal] for h in domain.half_spaces]
    b = [-row[-1] for row in rows] + [fmpq(h.offset) for h in domain.half_spaces]
    system = LinearSystem.of(A, b, strict=range(len(A)), variables=domain.ambient)
    answer = feasible_point(system)
    return answer.point if isinstance(answer, Feasible) else None
