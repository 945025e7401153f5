"""The soft sign."""

from __future__ import annotations

import sympy as sp

from ._base import Activation, ActivationFunction


class softsign(ActivationFunction):
    r"""softsign(x) = x / (1 + |x|).

    Its derivative 1 / (1 + |x|)^2 is continuous.

    Examples
    --------
    >>> from symnet import softsign
    >>> softsign(3), softsign(-1)
    (3/4, -1/2)

    Source: Turian, Bergstra and Bengio, Quadratic features and deep architectures for chunking,
    2009.
    """

    symbol = r"\operatorname{softsign}"
    range = sp.Interval.open(-1, 1)
    fixed = sp.FiniteSet(0)
    monotone = True
    odd = True
    lipschitz = sp.S.One
    torch = "Softsign"
    onnx = "Softsign"
    onnx_attributes = ()
    source = "Turian, Bergstra and Bengio 2009"

    @classmethod
    def definition(cls, x: sp.Expr) -> sp.Expr:
        return x / (1 + sp.Abs(x))

    @classmethod
    def cases(cls, x: sp.Expr) -> sp.Expr:
        return sp.Piecewise((x / (1 + x), x > 0), (x / (1 - x), True))

    @classmethod
    def in_floats(cls, x: sp.Expr) -> sp.Expr:
        return cls.definition(x)

    @classmethod
    def slope(cls, x: sp.Expr) -> sp.Expr:
        return 1 / (1 + sp.Abs(x)) ** 2


class Softsign(Activation):
    """softsign at every entry."""

    function = softsign
