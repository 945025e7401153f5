"""Polynomial inequalities in one variable: complete, by all roots and the signs between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import lcm
from typing import Any

import sympy as sp

from . import _polynomials as poly
from ._clock import checkpoint
from ._generators import Generators
from ._polynomials import Key
from ._terms import ANY, NEGATIVE, POSITIVE, ZERO

_T = sp.Dummy("t", real=True)

#: Polynomials of a higher degree, or with larger coefficients, are left alone.
_HIGHEST_DEGREE = 60


@dataclass(frozen=True)
class NoValue:
    """That no value of one generator satisfies all constraints, by their roots."""

    constraints: tuple[tuple[Key, int], ...]
    name = "all roots in one variable"


def one_variable(
    generators: Generators, constraints: Sequence[tuple[Key, int]], g: int
) -> NoValue | sp.Expr | None:
    """Whether the constraints in one generator alone contradict each other.

    Otherwise a rational value that satisfies them, or None where there is only an irrational one.
    """
    chosen = [c for c in constraints if poly.generators(dict(c[0])) == {g}]
    if generators.all[g].signs != ANY:
        chosen.append((poly.key(poly.variable(g)), generators.all[g].signs))
    # t is a root of the generator, so that all exponents are whole
    scale = lcm(*(e.denominator for p, _ in chosen for m, _ in p for _, e in m))
    read = [(_as_polynomial(p, scale), signs) for p, signs in chosen]
    known = [(p, signs) for p, signs in read if p is not None]
    if not known or len(known) < len(read):
        return None
    irrational = False
    for value, signs_at in _samples([p for p, _ in known]):
        checkpoint()
        if all(s & allowed for s, (_, allowed) in zip(signs_at, known, strict=True)):
            if value is not None:
                return value**scale
            irrational = True
    return None if irrational else NoValue(tuple(chosen))


def _as_polynomial(p: Key, scale: int) -> sp.Poly | None:
    """A positive multiple of the polynomial, in t with t^scale = the generator."""
    exponents = {m: int(m[0][1] * scale) if m else 0 for m, _ in p}
    least = min(0, *exponents.values())
    if max(exponents.values()) - least > _HIGHEST_DEGREE:
        return None
    terms = {(exponents[m] - least,): sp.Rational(c.numerator, c.denominator) for m, c in p}
    return sp.Poly.from_dict(terms, _T, domain="QQ")


def _samples(polynomials: Sequence[sp.Poly]) -> Iterator[tuple[sp.Expr | None, list[int]]]:
    """Points between all roots and at them, with the signs of the polynomials there.

    The value at an irrational root is None.
    """
    parts = {f.monic() for p in polynomials for f, _ in p.factor_list()[1]}
    parts.add(sp.Poly(_T, _T, domain="QQ"))
    product = sp.Poly(1, _T, domain="QQ")
    for part in parts:
        product *= part
    roots = _separate(product)
    for k, (a, b) in enumerate(roots):
        before = a - 1 if k == 0 else (roots[k - 1][1] + a) / 2
        yield before, [_sign(p.eval(before)) for p in polynomials]
        if a == b:
            yield a, [_sign(p.eval(a)) for p in polynomials]
            continue
        (own,) = (f for f in parts if f.eval(a) * f.eval(b) < 0)
        # another polynomial without that factor has no root between a and b
        yield None, [ZERO if p.rem(own).is_zero else _sign(p.eval(a)) for p in polynomials]
    after = roots[-1][1] + 1
    yield after, [_sign(p.eval(after)) for p in polynomials]


def _separate(product: sp.Poly) -> list[tuple[Any, Any]]:
    """Intervals around the roots with gaps between them; a rational root is [a, a]."""
    eps = None
    while True:
        checkpoint()
        found = [interval for interval, _ in product.intervals(eps=eps)]
        if all(p[1] < q[0] for p, q in pairwise(found)):
            return found
        eps = sp.Rational(1, 1000) if eps is None else eps / 1000


def _sign(value: Any) -> int:
    return POSITIVE if value > 0 else NEGATIVE if value < 0 else ZERO
