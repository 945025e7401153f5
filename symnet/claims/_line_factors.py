"""Polynomials in functions of t: their irreducible factors, and zeros that can be written down."""

from __future__ import annotations

from fractions import Fraction
from math import lcm, prod

import sympy as sp

from . import _polynomials as poly
from ._forms import Form
from ._growth import UnsettledError
from ._line_functions import LineFunctions, Point
from ._polynomials import Polynomial
from ._roots import Bracket, Root

#: Polynomials of a higher degree are left alone.
_HIGHEST_POWER = 40
#: Polynomials with more monomials up to their degrees are not factored, which takes long.
_MOST_MONOMIALS = 20_000

_T = sp.Dummy("t", real=True)


def factors(p: Polynomial) -> list[tuple[Polynomial, int]] | None:
    """Irreducible factors with their exponents, -1 to 1 for a negative number among them."""
    found = sorted(poly.generators(p))
    scale = {g: lcm(*(Fraction(e).denominator for m in p for h, e in m if h == g)) for g in found}
    least = {g: min(0, *(e for m in p for h, e in m if h == g)) for g in found}
    if any(abs(e) * scale[g] > _HIGHEST_POWER for m in p for g, e in m) or any(
        v < 0 for v in least.values()
    ):
        raise UnsettledError("powers that are too high")
    highest = (max(dict(m).get(g, 0) * scale[g] for m in p) for g in found)
    if prod(int(e) + 1 for e in highest) > _MOST_MONOMIALS:
        return None
    names = {g: sp.Dummy(f"g{g}") for g in found}
    terms = {
        tuple(int(dict(m).get(g, 0) * scale[g]) for g in found): sp.Integer(int(c))
        for m, c in p.items()
    }
    c, parts = sp.Poly.from_dict(terms, *names.values(), domain="ZZ").factor_list()
    if len(parts) == 1 and parts[0][1] == 1:
        return None
    made: list[tuple[Polynomial, int]] = []
    for part, n in parts:
        q = {
            tuple((g, Fraction(e, scale[g])) for g, e in zip(found, m, strict=True) if e): int(v)
            for m, v in part.terms()
        }
        made.append((_whole(q), int(n)))
    return [({(): -1}, 1), *made] if c < 0 else made


def explicit_roots(functions: LineFunctions, p: Polynomial) -> list[Root] | None:
    """All real zeros of a polynomial in t alone, or of a e^t + b; else None."""
    varying = functions.varying(p)
    if len(varying) != 1 or poly.generators(p) != varying:
        return None
    (g,) = varying
    if g == functions.number:
        return _polynomial_roots(p)
    this = functions.generators.all[g]
    bare = this.kind == "exp" and this.inside[0] == Form({((functions.number, 1),): 1})
    powers = {dict(m).get(g, 0): c for m, c in p.items()}
    if not bare or len(powers) != 2 or 0 not in powers:
        return None
    ((k, a),) = ((k, a) for k, a in powers.items() if k)
    ratio = -sp.Rational(powers[0]) / sp.Rational(a)
    return [Point(sp.log(ratio) / sp.Rational(k))] if ratio > 0 else []


def _polynomial_roots(p: Polynomial) -> list[Root]:
    whole = {(int(m[0][1]) if m else 0,): sp.Integer(int(c)) for m, c in p.items()}
    f = sp.Poly.from_dict(whole, _T, domain="ZZ")
    if f.degree() <= 2:
        return [Point(r) for r in sorted(sp.real_roots(f), key=sp.default_sort_key)]
    found: list[Root] = []
    for (a, b), _ in f.intervals():
        low, high = (Fraction(int(v.p), int(v.q)) for v in (a, b))
        if low == high:
            found.append(Point.at(low))
            continue
        found.append(Bracket(p, low, high, 1 if f.eval(b) > 0 else -1))
    return found


def opposite(p: Polynomial) -> Polynomial:
    return poly.scaled(p, -1)


def _whole(p: Polynomial) -> Polynomial:
    """Exponents that are integers as integers."""
    return {
        tuple((g, int(e) if Fraction(e).denominator == 1 else e) for g, e in m): c
        for m, c in p.items()
    }
