"""Cross-entropy of probabilities."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

from ..exact.scalars import Inner
from ..layers._softmax import Softmax
from ._base import Loss
from ._cross_entropy import CrossEntropyLoss
from ._logarithm import log
from ._powers import reciprocal


class CategoricalCrossEntropyLoss(Loss):
    r"""L = -y^T log p for probabilities p; its gradient is -y / p, entry by entry.

    The target y is a distribution: its entries sum to 1. ``mean`` is that over the examples.

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> sn.CategoricalCrossEntropyLoss()([sp.Rational(1, 4), sp.Rational(3, 4)], 0)
    log(4)

    Source: Bridle, Probabilistic interpretation of feedforward classification network outputs,
    1990.
    """

    called = "the cross-entropy"
    mean_over = "columns"
    predictions = sp.Interval(0, 1)
    targets = sp.Interval(0, 1)
    is_distribution = True
    link = Softmax
    with_logits = CrossEntropyLoss
    source = "Bridle 1990"

    def entry(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        if y == 0:
            return sp.S.Zero  # 0 log 0 is 0
        return y * sp.log(1 / a) if a.is_Rational and a > 0 else -y * sp.log(a)

    def formula(self, a: MatrixExpr, y: MatrixExpr) -> sp.Expr:
        return -Inner(y, log(a))

    def gradient(self, a: MatrixExpr, y: MatrixExpr) -> MatrixExpr:
        return sp.MatMul(-1, sp.HadamardProduct(y, reciprocal(a)))


def categorical_cross_entropy(p: Any, y: Any, **options: Any) -> sp.Expr:
    """Cross-entropy of probabilities: ``CategoricalCrossEntropyLoss(**options)(p, y)``.

    >>> import sympy as sp, symnet as sn
    >>> sn.categorical_cross_entropy([sp.Rational(1, 3)] * 3, 2)
    log(3)
    """
    return CategoricalCrossEntropyLoss(**options)(p, y)
