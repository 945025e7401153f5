"""The hard logistic function."""

from __future__ import annotations

import sympy as sp

from ._base import Activation, ActivationFunction


class hardsigmoid(ActivationFunction):
    r"""hardsigmoid(x) = min(1, max(0, x/6 + 1/2)).

    The derivative is 0 at both kinks, as in torch. Keras once had the slope 1/5 here, and that is
    ONNX's default; ONNX's attributes for this function are alpha = 1/6 and beta = 1/2.

    Examples
    --------
    >>> from symnet import hardsigmoid
    >>> hardsigmoid(-4), hardsigmoid(1), hardsigmoid(4)
    (0, 2/3, 1)

    Source: torch.nn.Hardsigmoid; Howard et al., Searching for MobileNetV3, 2019.
    """

    symbol = r"\operatorname{HardSigmoid}"
    range = sp.Interval(0, 1)
    fixed = sp.FiniteSet(sp.Rational(3, 5))
    monotone = True
    piecewise_linear = True
    kinks = (sp.Integer(-3), sp.Integer(3))
    lipschitz = sp.Rational(1, 6)
    torch = "Hardsigmoid"
    onnx = "HardSigmoid"
    source = "Howard et al. 2019"

    @classmethod
    def definition(cls, x: sp.Expr) -> sp.Expr:
        return sp.Min(1, sp.Max(0, x / 6 + sp.S.Half))

    @classmethod
    def cases(cls, x: sp.Expr) -> sp.Expr:
        return sp.Piecewise((0, x <= -3), (1, x >= 3), (x / 6 + sp.S.Half, True))

    @classmethod
    def slope(cls, x: sp.Expr) -> sp.Expr:
        return sp.Piecewise((sp.Rational(1, 6), sp.And(x > -3, x < 3)), (0, True))


class Hardsigmoid(Activation):
    """hardsigmoid at every entry."""

    function = hardsigmoid
