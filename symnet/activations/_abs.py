"""The absolute value."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ._base import Activation, ActivationFunction
from ._sign import sign


class abs(ActivationFunction):
    r"""abs(x) = |x| = max(x, -x).

    The derivative at 0 is 0, as in torch. SymPy's ``Abs`` is the same function on the reals, and
    ``.doit()`` gives it.

    Examples
    --------
    >>> import sympy as sp
    >>> import symnet as sn
    >>> x = sp.Symbol("x", real=True)
    >>> sn.abs(-3), sn.abs(x), sn.abs(x).rewrite(sp.Max)
    (3, abs(x), Max(-x, x))

    Source: definition.
    """

    symbol = r"\operatorname{abs}"
    range = sp.Interval(0, sp.oo)
    fixed = sp.Interval(0, sp.oo)
    monotone = False
    piecewise_linear = True
    kinks = (sp.S.Zero,)
    positively_homogeneous = True
    even = True
    convex = True
    lipschitz = sp.S.One
    onnx = "Abs"
    onnx_attributes = ()
    source = "definition"

    @classmethod
    def definition(cls, x: sp.Expr) -> sp.Expr:
        return sp.Abs(x)

    @classmethod
    def cases(cls, x: sp.Expr) -> sp.Expr:
        return sp.Piecewise((x, x > 0), (-x, True))

    @classmethod
    def slope(cls, x: sp.Expr) -> sp.Expr:
        return sign(x)

    def _eval_rewrite_as_Max(self, x: sp.Expr, **hints: Any) -> sp.Expr:
        return sp.Max(x, -x)

    def _eval_rewrite_as_sign(self, x: sp.Expr, **hints: Any) -> sp.Expr:
        # SymPy's Abs(x).rewrite(sign) is x/sign(x), which has no value at 0
        return x * sp.sign(x)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"\left|{{{printer._print(self.args[0])}}}\right|{power}"


class Abs(Activation):
    """abs at every entry."""

    function = abs
