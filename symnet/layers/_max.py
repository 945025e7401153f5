"""The greatest entry."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.matrixbase import MatrixBase

from ..base import Apply, Network
from ._greatest import Greatest


class Max(Network):
    """x -> max(x_1, …, x_n), one number for every column.

    Examples
    --------
    >>> import symnet as sn
    >>> sn.Max()([3, 7, 5])
    Matrix([[7]])

    Source: definition.
    """

    piecewise_linear = True
    is_homogeneous = True
    onnx = "ReduceMax"

    def __new__(cls) -> Max:
        self: Max = sp.Basic.__new__(cls)
        return self

    @property
    def name(self) -> str:
        return "max"

    @property
    def name_latex(self) -> str:
        return r"\max"

    def features(self, inputs: sp.Expr | None) -> sp.Expr:
        return sp.S.One

    def forward(self, x: MatrixExpr) -> MatrixExpr:
        return self.definition(x) if isinstance(x, MatrixBase) else Apply(self, x)

    def definition(self, x: MatrixExpr) -> MatrixExpr:
        greatest = Greatest(x, x.shape[0])
        return greatest.as_explicit() if isinstance(x, MatrixBase) else greatest

    def _pretty(self, printer: Any) -> Any:
        # SymPy's own would take the layer for its function Max
        return printer.emptyPrinter(self)
