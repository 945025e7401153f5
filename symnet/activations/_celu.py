"""The continuously differentiable exponential linear unit."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ..errors import LayerError
from ._base import Activation, ActivationFunction
from ._floats import expm1, negative_part


class celu(ActivationFunction):
    r"""celu(x, alpha) = x for x > 0, else alpha (exp(x/alpha) - 1), alpha > 0; 1 if left out.

    Examples
    --------
    >>> from symnet import celu
    >>> celu(2), celu(-1), celu(-2, 2)
    (2, -1 + exp(-1), -2 + 2*exp(-1))

    Source: Barron, Continuously differentiable exponential linear units, 2017.
    """

    symbol = r"\operatorname{CELU}"
    parameters = ("alpha",)
    defaults = (sp.S.One,)
    fixed = sp.Interval(0, sp.oo)
    monotone = True
    convex = True
    lipschitz = sp.S.One
    torch = "CELU"
    onnx = "Celu"
    onnx_attributes = (("alpha", 1.0),)
    source = "Barron 2017"

    @classmethod
    def complete(cls, given: tuple[Any, ...]) -> tuple[Any, ...]:
        (alpha,) = super().complete(given)
        if sp.sympify(alpha).is_positive is False:
            raise LayerError(f"celu takes alpha > 0, and got {alpha}")
        return (alpha,)

    @classmethod
    def definition(cls, x: sp.Expr, alpha: sp.Expr) -> sp.Expr:
        return sp.Piecewise((x, x > 0), (alpha * (sp.exp(x / alpha) - 1), True))

    @classmethod
    def in_floats(cls, x: sp.Expr, alpha: sp.Expr) -> sp.Expr:
        return sp.Piecewise((x, x > 0), (alpha * expm1(negative_part(x) / alpha), True))

    @classmethod
    def slope(cls, x: sp.Expr, alpha: sp.Expr) -> sp.Expr:
        return sp.Piecewise((1, x > 0), (sp.exp(x / alpha), True))


class CELU(Activation):
    """celu at every entry.

    Parameters
    ----------
    alpha : positive number or scalar expression
        1 where it is left out.
    """

    function = celu

    @property
    def range(self) -> sp.Set:
        (alpha,) = self.values
        return sp.Interval.open(-alpha, sp.oo)
