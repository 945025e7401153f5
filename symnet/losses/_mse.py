"""The mean squared error."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

from ..exact.scalars import Norm
from ._base import Loss
from ._squared_error import difference


class MSELoss(Loss):
    r"""L = ((a_1 - y_1)^2 + … + (a_n - y_n)^2) / n; its gradient is 2 (a - y) / n.

    Examples
    --------
    >>> import symnet as sn
    >>> sn.MSELoss()([3, 1], [1, 2]), sn.MSELoss(reduction="sum")([3, 1], [1, 2])
    (5/2, 5)

    Source: Gauss, Theoria motus corporum coelestium, 1809, section 179.
    """

    called = "the mean squared error"
    torch = "MSELoss"
    torch_function = "mse_loss"
    source = "Gauss 1809"

    def entry(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        return (a - y) ** 2

    def formula(self, a: MatrixExpr, y: MatrixExpr) -> sp.Expr:
        return Norm(difference(a, y)) ** 2

    def gradient(self, a: MatrixExpr, y: MatrixExpr) -> MatrixExpr:
        return sp.MatMul(2, difference(a, y))


def mse_loss(a: Any, y: Any, **options: Any) -> sp.Expr:
    """The mean of the squared differences: ``MSELoss(**options)(a, y)``.

    >>> import sympy as sp, symnet as sn
    >>> n = sp.Symbol("n", integer=True, positive=True)
    >>> sn.mse_loss(sp.MatrixSymbol("a", n, 1), sp.MatrixSymbol("y", n, 1))
    |a - y|**2/n
    """
    return MSELoss(**options)(a, y)
