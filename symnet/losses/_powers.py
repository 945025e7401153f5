"""Quotients at every entry."""

from __future__ import annotations

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.matrixbase import MatrixBase

from ..layers._entrywise import EntrywisePower


def reciprocal(x: MatrixExpr) -> MatrixExpr:
    """1 / x at every entry, not carried out on symbols.

    >>> n = sp.Symbol("n", integer=True, positive=True)
    >>> reciprocal(sp.MatrixSymbol("p", n, 1))
    HadamardPower(p, -1)
    """
    if isinstance(x, MatrixBase):
        return x.applyfunc(lambda entry: 1 / entry)
    return EntrywisePower(x, sp.S.NegativeOne)
