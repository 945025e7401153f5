"""The hinge loss."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

from ..activations._relu import ReLU
from ..activations._step import Step
from ..base import Apply
from ..exact.scalars import Inner
from ._base import Loss


class HingeLoss(Loss):
    r"""The mean of max(0, 1 - y_i a_i), for targets y_i = 1 or -1.

    Examples
    --------
    >>> import symnet as sn
    >>> sn.HingeLoss()([2, sn.relu(1) / 2], [1, -1])
    3/4

    Source: Cortes and Vapnik, Support-vector networks, 1995.
    """

    called = "the hinge loss"
    targets = sp.FiniteSet(-1, 1)
    convention = "the derivative of max(0, t) at 0 is 0"
    source = "Cortes and Vapnik 1995"

    def entry(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        return sp.Max(0, 1 - y * a)

    def formula(self, a: MatrixExpr, y: MatrixExpr) -> sp.Expr:
        return Inner(sp.OneMatrix(*a.shape), Apply(ReLU(), self._margin(a, y)))

    def gradient(self, a: MatrixExpr, y: MatrixExpr) -> MatrixExpr:
        return sp.MatMul(-1, sp.HadamardProduct(y, Apply(Step(), self._margin(a, y))))

    def _margin(self, a: MatrixExpr, y: MatrixExpr) -> MatrixExpr:
        return sp.MatAdd(sp.OneMatrix(*a.shape), sp.MatMul(-1, sp.HadamardProduct(y, a)))


def hinge_loss(a: Any, y: Any, **options: Any) -> sp.Expr:
    """The mean of max(0, 1 - y a): ``HingeLoss(**options)(a, y)``.

    >>> import symnet as sn
    >>> sn.hinge_loss([0, 3], [1, -1], reduction="sum")
    5
    """
    return HingeLoss(**options)(a, y)
