"""What layers have in common that do nothing to a column at inference."""

from __future__ import annotations

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.matrixbase import MatrixBase

from ..base import Apply, Network


class Inert(Network):
    """x -> x."""

    def forward(self, x: MatrixExpr) -> MatrixExpr:
        return x if isinstance(x, MatrixBase) else Apply(self, x)

    def definition(self, x: MatrixExpr) -> MatrixExpr:
        return x

    def affine_parts(self, inputs: sp.Expr | None) -> tuple[MatrixExpr, MatrixExpr] | None:
        return None if inputs is None else (sp.Identity(inputs), sp.ZeroMatrix(inputs, 1))
