"""The sign."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ._base import Activation, ActivationFunction


class sign(ActivationFunction):
    r"""sign(x) = 1 for x > 0, 0 at 0, -1 for x < 0: the derivative of abs.

    Its own derivative is 0 wherever it has one, and 0 is stated at the jump too, as in torch.
    SymPy's ``sign`` is the same function on the reals, and ``.doit()`` gives it.

    Examples
    --------
    >>> from symnet import sign
    >>> sign(3), sign(0), sign(-3)
    (1, 0, -1)

    Source: definition.
    """

    symbol = r"\operatorname{sign}"
    range = sp.FiniteSet(-1, 0, 1)
    fixed = sp.FiniteSet(-1, 0, 1)
    monotone = True
    piecewise_linear = True
    continuous = False
    kinks = (sp.S.Zero,)
    odd = True
    lipschitz = sp.oo
    onnx = "Sign"
    onnx_attributes = ()
    source = "definition"

    @classmethod
    def definition(cls, x: sp.Expr) -> sp.Expr:
        return sp.sign(x)

    @classmethod
    def cases(cls, x: sp.Expr) -> sp.Expr:
        return sp.Piecewise((1, x > 0), (-1, x < 0), (0, True))

    @classmethod
    def slope(cls, x: sp.Expr) -> sp.Expr:
        return sp.S.Zero

    def _eval_rewrite_as_sign(self, x: sp.Expr, **hints: Any) -> sp.Expr:
        return sp.sign(x)


class Sign(Activation):
    """sign at every entry."""

    function = sign
