"""The mean absolute error."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

from ..activations._sign import Sign
from ..base import Apply
from ..exact.scalars import Norm
from ._base import Loss
from ._squared_error import difference


class L1Loss(Loss):
    r"""L = (|a_1 - y_1| + … + |a_n - y_n|) / n; its gradient is sign(a - y) / n.

    Examples
    --------
    >>> import symnet as sn
    >>> sn.L1Loss()([3, 1], [1, 2])
    3/2

    Source: Boscovich 1757, in Stigler, The History of Statistics, 1986, chapter 1.
    """

    called = "the mean absolute error"
    convention = "the derivative of |t| at 0 is 0"
    torch = "L1Loss"
    torch_function = "l1_loss"
    source = "Boscovich 1757"

    def entry(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        return sp.Abs(a - y)

    def formula(self, a: MatrixExpr, y: MatrixExpr) -> sp.Expr:
        return Norm(difference(a, y), 1)

    def gradient(self, a: MatrixExpr, y: MatrixExpr) -> MatrixExpr:
        return Apply(Sign(), difference(a, y))


def l1_loss(a: Any, y: Any, **options: Any) -> sp.Expr:
    """The mean of the absolute differences: ``L1Loss(**options)(a, y)``.

    >>> import symnet as sn
    >>> sn.l1_loss([3, 1], [1, 2], reduction="sum")
    3
    """
    return L1Loss(**options)(a, y)
