"""Mish."""

from __future__ import annotations

import sympy as sp

from ._base import Activation, ActivationFunction
from ._floats import log_of_one_plus_exp
from ._sigmoid import sigmoid
from ._softplus import softplus
from ._tanh import tanh


class mish(ActivationFunction):
    r"""mish(x) = x tanh(log(1 + exp(x))).

    The stated range is an interval around the true one, whose lower end, about -0.30884, has no
    closed form; so is the Lipschitz constant 11/10 a bound (the steepest slope is about 1.0885).

    Examples
    --------
    >>> import sympy as sp
    >>> from symnet import mish
    >>> mish(0), mish(sp.log(2)).rewrite(sp.exp)
    (0, 4*log(2)/5)

    Source: Misra, Mish: a self regularized non-monotonic activation function, 2020.
    """

    symbol = r"\operatorname{Mish}"
    range = sp.Interval(sp.Rational(-309, 1000), sp.oo)
    range_is_exact = False
    fixed = sp.FiniteSet(0)
    monotone = False
    lipschitz = sp.Rational(11, 10)
    torch = "Mish"
    onnx = "Mish"
    onnx_attributes = ()
    source = "Misra 2020"

    @classmethod
    def definition(cls, x: sp.Expr) -> sp.Expr:
        return x * sp.tanh(sp.log(1 + sp.exp(x)))

    @classmethod
    def in_floats(cls, x: sp.Expr) -> sp.Expr:
        return x * sp.tanh(log_of_one_plus_exp(x))

    @classmethod
    def slope(cls, x: sp.Expr) -> sp.Expr:
        gate = tanh(softplus(x))
        return gate + x * (1 - gate**2) * sigmoid(x)


class Mish(Activation):
    """mish at every entry."""

    function = mish
