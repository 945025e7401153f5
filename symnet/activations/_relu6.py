"""The rectified linear unit, clipped at 6."""

from __future__ import annotations

import sympy as sp

from ._base import Activation, ActivationFunction


class relu6(ActivationFunction):
    r"""relu6(x) = min(6, max(0, x)).

    The derivative is 0 at both kinks, as in torch.

    Examples
    --------
    >>> from symnet import relu6
    >>> relu6(-1), relu6(5), relu6(7)
    (0, 5, 6)

    Source: Krizhevsky, Convolutional deep belief networks on CIFAR-10, 2010.
    """

    symbol = r"\operatorname{ReLU6}"
    range = sp.Interval(0, 6)
    fixed = sp.Interval(0, 6)
    monotone = True
    piecewise_linear = True
    kinks = (sp.S.Zero, sp.Integer(6))
    lipschitz = sp.S.One
    torch = "ReLU6"
    source = "Krizhevsky 2010"

    @classmethod
    def definition(cls, x: sp.Expr) -> sp.Expr:
        return sp.Min(6, sp.Max(0, x))

    @classmethod
    def cases(cls, x: sp.Expr) -> sp.Expr:
        return sp.Piecewise((0, x <= 0), (6, x >= 6), (x, True))

    @classmethod
    def slope(cls, x: sp.Expr) -> sp.Expr:
        return sp.Piecewise((1, sp.And(x > 0, x < 6)), (0, True))


class ReLU6(Activation):
    """relu6 at every entry."""

    function = relu6
