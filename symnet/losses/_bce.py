"""Binary cross-entropy of probabilities."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

from ..activations._sigmoid import Sigmoid
from ..exact.scalars import Inner
from ._base import Loss
from ._bce_with_logits import BCEWithLogitsLoss
from ._logarithm import log
from ._powers import reciprocal
from ._squared_error import difference


class BCELoss(Loss):
    r"""The mean of -y_i log a_i - (1 - y_i) log(1 - a_i), for probabilities a_i.

    Its gradient is (a - y) / (a (1 - a)), entry by entry.

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> sn.BCELoss()([sp.Rational(1, 4)], [1])
    log(4)

    Source: Cox, The regression analysis of binary sequences, 1958.
    """

    called = "the binary cross-entropy"
    predictions = sp.Interval(0, 1)
    targets = sp.Interval(0, 1)
    link = Sigmoid
    with_logits = BCEWithLogitsLoss
    torch = "BCELoss"
    torch_function = "binary_cross_entropy"
    source = "Cox 1958"

    def entry(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        # 0 log 0 is 0
        terms = ((w, p) for w, p in ((y, a), (1 - y, 1 - a)) if w != 0)
        return sp.Add(*(w * sp.log(1 / p) if p.is_Rational and p > 0 else -w * sp.log(p)
                        for w, p in terms))  # fmt: skip

    def formula(self, a: MatrixExpr, y: MatrixExpr) -> sp.Expr:
        one = sp.OneMatrix(*a.shape)
        return -Inner(y, log(a)) - Inner(difference(one, y), log(difference(one, a)))

    def gradient(self, a: MatrixExpr, y: MatrixExpr) -> MatrixExpr:
        one = sp.OneMatrix(*a.shape)
        below = sp.HadamardProduct(a, difference(one, a))
        return sp.HadamardProduct(difference(a, y), reciprocal(below))


def binary_cross_entropy(a: Any, y: Any, **options: Any) -> sp.Expr:
    """Binary cross-entropy of probabilities: ``BCELoss(**options)(a, y)``.

    >>> import sympy as sp, symnet as sn
    >>> sn.binary_cross_entropy([sp.Rational(1, 2)] * 2, [1, 0], reduction="sum")
    2*log(2)
    """
    return BCELoss(**options)(a, y)
