"""The soft plus."""

from __future__ import annotations

import sympy as sp

from ._base import Activation, ActivationFunction
from ._floats import log_of_one_plus_exp
from ._sigmoid import sigmoid


class softplus(ActivationFunction):
    r"""softplus(x) = log(1 + exp(x)).

    torch's ``beta`` is softplus(beta x) / beta, and its ``threshold`` is rounding: neither is here.

    Examples
    --------
    >>> import sympy as sp
    >>> from symnet import softplus
    >>> x = sp.Symbol("x", real=True)
    >>> softplus(0), softplus(x).diff(x), softplus(x).is_positive
    (log(2), sigmoid(x), True)

    Source: Dugas, Bengio, Bélisle, Nadeau and Garcia, Incorporating second-order functional
    knowledge for better option pricing, 2001.
    """

    symbol = r"\operatorname{softplus}"
    range = sp.Interval.open(0, sp.oo)
    monotone = True
    convex = True
    lipschitz = sp.S.One
    torch = "Softplus"
    onnx = "Softplus"
    onnx_attributes = ()
    source = "Dugas et al. 2001"

    @classmethod
    def definition(cls, x: sp.Expr) -> sp.Expr:
        return sp.log(1 + sp.exp(x))

    @classmethod
    def in_floats(cls, x: sp.Expr) -> sp.Expr:
        return log_of_one_plus_exp(x)

    @classmethod
    def slope(cls, x: sp.Expr) -> sp.Expr:
        return sigmoid(x)


class Softplus(Activation):
    """softplus at every entry."""

    function = softplus
