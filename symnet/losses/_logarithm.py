"""The logarithm at every entry."""

from __future__ import annotations

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.matrixbase import MatrixBase

from ..base import Apply, Network


class Logarithm(Network):
    """x -> log x at every entry, for positive numbers; part of formulas for losses."""

    is_elementwise = True
    is_monotone = True
    name = "log"
    name_latex = r"\log"

    def scalar(self, t: sp.Expr) -> sp.Expr:
        """The function at one entry."""
        return sp.log(t)

    def definition(self, x: MatrixExpr) -> MatrixExpr:
        return x.applyfunc(sp.log) if isinstance(x, MatrixBase) else Apply(self, x)


def log(x: MatrixExpr) -> MatrixExpr:
    """The logarithm at every entry, not carried out on symbols."""
    return x.applyfunc(sp.log) if isinstance(x, MatrixBase) else Apply(Logarithm(), x)
