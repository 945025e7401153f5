"""Binary cross-entropy of logits."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

from ..activations._sigmoid import Sigmoid
from ..activations._softplus import Softplus, softplus
from ..base import Apply
from ..exact.scalars import Inner
from ._base import Loss
from ._squared_error import difference


class BCEWithLogitsLoss(Loss):
    r"""The mean of log(1 + exp(z_i)) - y_i z_i; its gradient is (sigmoid(z) - y) / n.

    It is the binary cross-entropy of sigmoid(z).

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> sn.BCEWithLogitsLoss()([0], [1])
    log(2)

    Source: Cox, The regression analysis of binary sequences, 1958.
    """

    called = "the binary cross-entropy"
    targets = sp.Interval(0, 1)
    torch = "BCEWithLogitsLoss"
    torch_function = "binary_cross_entropy_with_logits"
    source = "Cox 1958"

    def entry(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        return softplus.definition(a) - y * a

    def formula(self, a: MatrixExpr, y: MatrixExpr) -> sp.Expr:
        return Inner(sp.OneMatrix(*a.shape), Apply(Softplus(), a)) - Inner(y, a)

    def gradient(self, a: MatrixExpr, y: MatrixExpr) -> MatrixExpr:
        return difference(Apply(Sigmoid(), a), y)


def binary_cross_entropy_with_logits(z: Any, y: Any, **options: Any) -> sp.Expr:
    """Binary cross-entropy of sigmoid(z): ``BCEWithLogitsLoss(**options)(z, y)``.

    >>> import symnet as sn
    >>> sn.binary_cross_entropy_with_logits([0, 0], [1, 0])
    log(2)
    """
    return BCEWithLogitsLoss(**options)(z, y)
