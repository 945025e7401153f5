"""The order in which scalar sums and products are written on the board.

SymPy sorts by name: ``b_2 + w_2 (b_1 + w_1 x)`` and ``x (w_1 + w_2)``. A lecturer writes the terms
of higher degree first and the variable last: ``w_2 (w_1 x + b_1) + b_2`` and ``(w_1 + w_2) x``.
"""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

#: Letters that stand for variables rather than for coefficients.
VARIABLES = frozenset("xyztuv")


def board_order(terms: Sequence[sp.Expr]) -> list[sp.Expr]:
    """The terms of a sum, those of higher degree first where all are polynomial.

    >>> x, w, b = sp.symbols("x w b")
    >>> board_order([b, w * (w + x)])
    [w*(w + x), b]
    """
    degrees = [_degree(term) for term in terms]
    if any(degree is None for degree in degrees):
        return list(terms)
    order = sorted(range(len(terms)), key=lambda k: -(degrees[k] or 0))
    if terms[order[0]].could_extract_minus_sign():
        return list(terms)
    return [terms[k] for k in order]


def variable_last(product: sp.Expr) -> tuple[sp.Expr, sp.Symbol] | None:
    """(rest, x) where a product has sums as factors and a variable before them, else None."""
    coefficient, factors = product.as_coeff_mul()
    variables = [f for f in factors if isinstance(f, sp.Symbol) and f.name[:1] in VARIABLES]
    sums = [f for f in factors if f.is_Add]
    if coefficient != 1 or len(variables) != 1 or not sums or any(s.has(*variables) for s in sums):
        return None
    return sp.Mul(*(f for f in factors if f != variables[0])), variables[0]


def _degree(term: sp.Expr) -> int | None:
    """The total degree in the symbols; None where the term is no polynomial in them."""
    if term.is_number:
        return 0
    if isinstance(term, sp.Symbol):
        return 1
    if isinstance(term, sp.Mul | sp.Add):
        parts = [_degree(arg) for arg in term.args]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return None
        return sum(known) if isinstance(term, sp.Mul) else max(known)
    if isinstance(term, sp.Pow) and term.exp.is_Integer and term.exp > 0:
        base = _degree(term.base)
        return None if base is None else base * int(term.exp)
    return None
