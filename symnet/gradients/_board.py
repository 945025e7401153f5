"""Derivatives as they are written on the board: dL/dz_1, not carried out."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

from ..notation._transposition import transposed


class PartialDerivative(MatrixExpr):
    """The derivative of a number or a column by a matrix, as a name.

    That of a number has the shape of the matrix, that of a column is the Jacobian.

    Examples
    --------
    >>> L, n = sp.Symbol("L"), sp.Symbol("n", integer=True, positive=True)
    >>> z, a = sp.MatrixSymbol("z", n, 1), sp.MatrixSymbol("a", 3, 1)
    >>> PartialDerivative(L, z), PartialDerivative(L, z).shape, PartialDerivative(a, z).shape
    (dL/dz, (n, 1), (3, n))
    """

    #: Needs parentheses under an exponent, and in a line of text beside other factors.
    is_stacked = True

    def __new__(cls, value: Any, variable: MatrixExpr) -> PartialDerivative:
        self: PartialDerivative = sp.Basic.__new__(cls, value, variable)
        return self

    @property
    def value(self) -> Any:
        """What is derived."""
        return self.args[0]

    @property
    def variable(self) -> MatrixExpr:
        """By what it is derived."""
        return self.args[1]

    @property
    def shape(self) -> tuple[sp.Expr, sp.Expr]:
        if not getattr(self.value, "is_Matrix", False):
            return tuple(self.variable.shape)
        (rows, cols), (height, width) = self.value.shape, self.variable.shape
        return (rows, height) if cols == width == 1 else (width, cols)

    def doit(self, **hints: Any) -> PartialDerivative:
        return self

    def _latex(self, printer: Any) -> str:
        above, below = (printer._print(a) for a in self.args)
        return rf"\frac{{\partial {above}}}{{\partial {below}}}"

    def _sympystr(self, printer: Any) -> str:
        above, below = (printer._print(a) for a in self.args)
        return f"d{above}/d{below}"


@transposed.register
def _(expr: PartialDerivative) -> Any:
    return PartialDerivative(*(transposed(a) for a in expr.args))
