"""The logistic function."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ._base import Activation, ActivationFunction


class sigmoid(ActivationFunction):
    r"""sigmoid(x) = 1 / (1 + exp(-x)).

    Examples
    --------
    >>> import sympy as sp
    >>> from symnet import sigmoid
    >>> x = sp.Symbol("x", real=True)
    >>> sigmoid(0), sigmoid(x).diff(x)
    (1/2, (1 - sigmoid(x))*sigmoid(x))

    Source: Verhulst, Recherches mathématiques sur la loi d'accroissement de la population, 1845.
    """

    symbol = r"\sigma"
    range = sp.Interval.open(0, 1)
    monotone = True
    lipschitz = sp.Rational(1, 4)
    torch = "Sigmoid"
    onnx = "Sigmoid"
    onnx_attributes = ()
    source = "Verhulst 1845"

    @classmethod
    def definition(cls, x: sp.Expr) -> sp.Expr:
        return 1 / (1 + sp.exp(-x))

    @classmethod
    def in_floats(cls, x: sp.Expr) -> sp.Expr:
        small = sp.exp(-sp.Abs(x))
        return sp.Piecewise((1, x >= 0), (small, True)) / (1 + small)

    @classmethod
    def slope(cls, x: sp.Expr) -> sp.Expr:
        return cls(x) * (1 - cls(x))

    def _eval_rewrite_as_tanh(self, x: sp.Expr, **hints: Any) -> sp.Expr:
        return (1 + sp.tanh(x / 2)) / 2


class Sigmoid(Activation):
    """sigmoid at every entry."""

    function = sigmoid
