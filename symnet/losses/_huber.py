"""Huber's loss."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

from ..activations import Activation, ActivationFunction
from ..activations._hardtanh import Hardtanh, hardtanh
from ..base import Apply
from ..errors import LossError
from ..exact.scalars import Inner
from ._base import Loss
from ._squared_error import difference


class huber(ActivationFunction):
    """t^2 / 2 where |t| <= delta, else delta (|t| - delta / 2): Huber's function of one number.

    >>> huber(1, 2), huber(-3, 2)
    (1/2, 4)

    Source: Huber, Robust estimation of a location parameter, 1964.
    """

    symbol = r"\operatorname{huber}"
    parameters = ("delta",)
    range = sp.Interval(0, sp.oo)
    even = True
    convex = True
    source = "Huber 1964"

    @classmethod
    def definition(cls, x: sp.Expr, delta: sp.Expr) -> sp.Expr:
        return cls.cases(x, delta)

    @classmethod
    def cases(cls, x: sp.Expr, delta: sp.Expr) -> sp.Expr:
        far = delta * (sp.Abs(x) - delta / 2)
        return sp.Piecewise((x**2 / 2, sp.And(x >= -delta, x <= delta)), (far, True))

    @classmethod
    def slope(cls, x: sp.Expr, delta: sp.Expr) -> sp.Expr:
        return hardtanh(x, -delta, delta)


class HuberPenalty(Activation):
    """Huber's function at every entry."""

    function = huber


class HuberLoss(Loss):
    r"""The mean of h(a_i - y_i): quadratic up to delta, linear beyond; its gradient is clipped.

    h(t) = t^2 / 2 for \|t\| <= delta, else delta (\|t\| - delta / 2).

    Parameters
    ----------
    delta : number or scalar expression, positive; 1 where it is left out

    Examples
    --------
    >>> import symnet as sn
    >>> sn.HuberLoss(reduction="sum")([3, 1], [0, 2])
    3
    >>> sn.HuberLoss(2, reduction="sum")([3, 1], [0, 2])
    9/2

    Source: Huber, Robust estimation of a location parameter, 1964.
    """

    called = "Huber's loss"
    parameters = ("delta",)
    defaults = (sp.S.One,)
    torch = "HuberLoss"
    torch_function = "huber_loss"
    source = "Huber 1964"

    @classmethod
    def _check(cls, *parameters: sp.Expr) -> None:
        if parameters[0].is_positive is False:
            raise LossError(f"HuberLoss takes delta > 0, and got {parameters[0]}")

    def entry(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        return huber.cases(a - y, *self.values)

    def formula(self, a: MatrixExpr, y: MatrixExpr) -> sp.Expr:
        return Inner(sp.OneMatrix(*a.shape), Apply(HuberPenalty(*self.values), difference(a, y)))

    def gradient(self, a: MatrixExpr, y: MatrixExpr) -> MatrixExpr:
        (delta,) = self.values
        return Apply(Hardtanh(-delta, delta), difference(a, y))


def huber_loss(a: Any, y: Any, delta: Any = 1, **options: Any) -> sp.Expr:
    """The mean of Huber's function: ``HuberLoss(delta, **options)(a, y)``.

    >>> import symnet as sn
    >>> sn.huber_loss([3, 1], [0, 2])
    3/2
    """
    return HuberLoss(delta, **options)(a, y)
