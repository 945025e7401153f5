"""The step function."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ._base import Activation, ActivationFunction


class step(ActivationFunction):
    r"""step(x) = 1 for x > 0, else 0: the derivative of relu.

    Its own derivative is 0 wherever it has one, and 0 is stated at the jump too. SymPy's
    ``Heaviside(x, 0)`` is the same function, torch's is ``heaviside(x, 0)``.

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
    continuous = False
    kinks = (sp.S.Zero,)
    lipschitz = sp.oo
    source = "McCulloch and Pitts 1943"

    @classmethod
    def definition(cls, x: sp.Expr) -> sp.Expr:
        return sp.Piecewise((1, x > 0), (0, True))

    @classmethod
    def slope(cls, x: sp.Expr) -> sp.Expr:
        return sp.S.Zero

    def _eval_rewrite_as_Heaviside(self, x: sp.Expr, **hints: Any) -> sp.Expr:
        return sp.Heaviside(x, 0)


class Step(Activation):
    """step at every entry."""

    function = step
