"""The scaled exponential linear unit."""

from __future__ import annotations

import sympy as sp

from ._base import Activation, ActivationFunction
from ._floats import expm1, negative_part

#: The decimals of torch's source, as exact rational numbers.
ALPHA = sp.Rational("1.6732632423543772848170429916717")
SCALE = sp.Rational("1.0507009873554804934193349852946")


class selu(ActivationFunction):
    r"""selu(x) = scale x for x > 0, else scale alpha (exp(x) - 1).

    The constants are the decimal fractions that torch's source has,
    alpha = 1.6732632423543772848170429916717 and scale = 1.0507009873554804934193349852946,
    as rational numbers. They are roundings of closed forms with erfc that the paper derives (its
    text prints 1.6733 and 1.0507). The derivative at 0 is scale alpha, as in torch.

    Examples
    --------
    >>> from symnet import selu
    >>> selu(1), selu(0), selu(-1).evalf(5)
    (5253504936777402467096674926473/5000000000000000000000000000000, 0, -1.1113)

    Source: Klambauer, Unterthiner, Mayr and Hochreiter, Self-normalizing neural networks, 2017;
    torch.nn.SELU for the constants.
    """

    symbol = r"\operatorname{SELU}"
    range = sp.Interval.open(-SCALE * ALPHA, sp.oo)
    fixed = sp.FiniteSet(0)
    monotone = True
    kinks = (sp.S.Zero,)
    lipschitz = SCALE * ALPHA
    torch = "SELU"
    onnx = "Selu"
    source = "Klambauer, Unterthiner, Mayr and Hochreiter 2017"

    @classmethod
    def definition(cls, x: sp.Expr) -> sp.Expr:
        return sp.Piecewise((SCALE * x, x > 0), (SCALE * ALPHA * (sp.exp(x) - 1), True))

    @classmethod
    def in_floats(cls, x: sp.Expr) -> sp.Expr:
        below = SCALE * ALPHA * expm1(negative_part(x))
        return sp.Piecewise((SCALE * x, x > 0), (below, True))

    @classmethod
    def slope(cls, x: sp.Expr) -> sp.Expr:
        return sp.Piecewise((SCALE, x > 0), (SCALE * ALPHA * sp.exp(x), True))


class SELU(Activation):
    """selu at every entry."""

    function = selu
