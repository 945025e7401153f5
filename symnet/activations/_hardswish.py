"""The hard swish."""

from __future__ import annotations

import sympy as sp

from ._base import Activation, ActivationFunction


class hardswish(ActivationFunction):
    r"""hardswish(x) = x min(1, max(0, x/6 + 1/2)).

    A parabola from -3 to 3, with its least value -3/8 at -3/2. The derivative is 0 at -3 and
    1 at 3, as in torch.

    Examples
    --------
    >>> from symnet import hardswish
    >>> hardswish(-4), hardswish(1), hardswish(4)
    (0, 2/3, 4)

    Source: Howard et al., Searching for MobileNetV3, 2019.
    """

    symbol = r"\operatorname{HardSwish}"
    range = sp.Interval(sp.Rational(-3, 8), sp.oo)
    fixed = sp.Union(sp.FiniteSet(0), sp.Interval(3, sp.oo))
    monotone = False
    kinks = (sp.Integer(-3), sp.Integer(3))
    lipschitz = sp.Rational(3, 2)
    torch = "Hardswish"
    onnx = "HardSwish"
    onnx_attributes = ()
    source = "Howard et al. 2019"

    @classmethod
    def definition(cls, x: sp.Expr) -> sp.Expr:
        return x * sp.Min(1, sp.Max(0, x / 6 + sp.S.Half))

    @classmethod
    def cases(cls, x: sp.Expr) -> sp.Expr:
        return sp.Piecewise((0, x <= -3), (x, x >= 3), (x * (x + 3) / 6, True))

    @classmethod
    def slope(cls, x: sp.Expr) -> sp.Expr:
        return sp.Piecewise((0, x <= -3), (1, x >= 3), (x / 3 + sp.S.Half, True))


class Hardswish(Activation):
    """hardswish at every entry."""

    function = hardswish
