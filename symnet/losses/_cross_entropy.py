"""Cross-entropy of logits."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.matrixbase import MatrixBase

from ..base import Apply
from ..exact.scalars import Inner
from ..layers._softmax import Softmax
from ._base import Loss, columns_of
from ._logarithm import log
from ._squared_error import difference


class CrossEntropyLoss(Loss):
    r"""L = -y^T log p with p = softmax(z), for logits z; its gradient is p - y.

    The target y is a distribution: its entries sum to 1. ``mean`` is that over the examples.

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> sn.CrossEntropyLoss()([0, sp.log(3)], 1)
    -log(3) + log(4)
    >>> sn.CrossEntropyLoss()([0, sp.log(3)], [1, 0])
    log(4)

    Source: Bridle, Probabilistic interpretation of feedforward classification network outputs,
    1990.
    """

    called = "the cross-entropy"
    mean_over = "columns"
    separable = False
    targets = sp.Interval(0, 1)
    is_distribution = True
    torch = "CrossEntropyLoss"
    torch_function = "cross_entropy"
    source = "Bridle 1990"

    def total(self, a: MatrixBase, y: MatrixBase) -> sp.Expr:
        total = sp.S.Zero
        for z, target in zip(columns_of(a), columns_of(y), strict=True):
            together = sp.log(sp.Add(*map(sp.exp, z)))
            total += sp.Add(*(t * (together - v) for t, v in zip(target, z, strict=True)))
        return total

    def formula(self, a: MatrixExpr, y: MatrixExpr) -> sp.Expr:
        return -Inner(y, log(Apply(Softmax(), a)))

    def gradient(self, a: MatrixExpr, y: MatrixExpr) -> MatrixExpr:
        return difference(Apply(Softmax(), a), y)


def cross_entropy(z: Any, y: Any, **options: Any) -> sp.Expr:
    """Cross-entropy of softmax(z): ``CrossEntropyLoss(**options)(z, y)``.

    >>> import symnet as sn
    >>> sn.cross_entropy([0, 0], 0)
    log(2)
    """
    return CrossEntropyLoss(**options)(z, y)
