"""The step function."""

from __future__ import annotations

import sympy as sp

from ._base import Activation, ActivationFunction


class step(ActivationFunction):
    r"""step(x) = 1 for x > 0, else 0: the derivative of relu.

    Examples
    --------
    >>> from symnet import step
    >>> step(3), step(0), step(-3)
    (1, 0, 0)

    Source: McCulloch and Pitts, A logical calculus of the ideas immanent in nervous activity, 1943.
    """

    symbol = r"\operatorname{step}"
    range = sp.FiniteSet(0, 1)
    fixed = sp.FiniteSet(0, 1)
    monotone = True
    piecewise_linear = True
    kinks = (sp.S.Zero,)
    source = "McCulloch and Pitts 1943"

    @classmethod
    def definition(cls, x: sp.Expr) -> sp.Expr:
        return sp.Piecewise((1, x > 0), (0, True))

    @classmethod
    def slope(cls, x: sp.Expr) -> sp.Expr:
        return sp.S.Zero


class Step(Activation):
    """step at every entry."""

    function = step
