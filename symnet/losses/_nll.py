"""The negative log-likelihood of log-probabilities."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

from ..exact.scalars import Inner
from ._base import Loss


class NLLLoss(Loss):
    r"""L = -y^T a for log-probabilities a; its gradient is -y.

    The target y is a distribution, such as the unit column of a class. ``mean`` is that over the
    examples.

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> sn.NLLLoss()([-sp.log(4), sp.log(3) - sp.log(4)], 0)
    log(4)

    Source: Fisher, On the mathematical foundations of theoretical statistics, 1922; torch for the
    name.
    """

    called = "the negative log-likelihood"
    mean_over = "columns"
    targets = sp.Interval(0, 1)
    is_distribution = True
    torch = "NLLLoss"
    torch_function = "nll_loss"
    source = "Fisher 1922"

    def entry(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        return -y * a

    def formula(self, a: MatrixExpr, y: MatrixExpr) -> sp.Expr:
        return -Inner(y, a)

    def gradient(self, a: MatrixExpr, y: MatrixExpr) -> MatrixExpr:
        return sp.MatMul(-1, y)


def nll_loss(a: Any, y: Any, **options: Any) -> sp.Expr:
    """The negative log-likelihood of log-probabilities: ``NLLLoss(**options)(a, y)``.

    >>> import symnet as sn
    >>> sn.nll_loss([-1, -2], 1)
    2
    """
    return NLLLoss(**options)(a, y)
