"""Half the squared distance."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

from ..exact.scalars import Norm
from ._base import Loss


class SquaredErrorLoss(Loss):
    r"""L = ((a_1 - y_1)^2 + … + (a_n - y_n)^2) / 2; its gradient is a - y.

    The half is there for the gradient's sake. ``mean`` is the mean over the examples of a batch.

    Examples
    --------
    >>> import symnet as sn
    >>> sn.SquaredErrorLoss()([3, 1], [1, 2])
    5/2

    Source: Rumelhart, Hinton and Williams, Learning representations by back-propagating errors,
    1986, equation 3.
    """

    called = "the squared error"
    mean_over = "columns"
    source = "Rumelhart, Hinton and Williams 1986"

    def entry(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        return (a - y) ** 2 / 2

    def formula(self, a: MatrixExpr, y: MatrixExpr) -> sp.Expr:
        return Norm(difference(a, y)) ** 2 / 2

    def gradient(self, a: MatrixExpr, y: MatrixExpr) -> MatrixExpr:
        return difference(a, y)


def difference(a: MatrixExpr, y: MatrixExpr) -> MatrixExpr:
    """a - y, in this order."""
    return sp.MatAdd(a, sp.MatMul(-1, y))


def squared_error(a: Any, y: Any, **options: Any) -> sp.Expr:
    """Half the squared distance of a and y: ``SquaredErrorLoss(**options)(a, y)``.

    >>> import symnet as sn
    >>> sn.squared_error([3, 1], [1, 2])
    5/2
    """
    return SquaredErrorLoss(**options)(a, y)
