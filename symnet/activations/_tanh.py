"""The hyperbolic tangent."""

from __future__ import annotations

import sympy as sp

from ._base import Activation, ActivationFunction


class tanh(ActivationFunction):
    r"""tanh(x) = (exp(x) - exp(-x)) / (exp(x) + exp(-x)).

    It prints like SymPy's ``tanh`` and is another object, which states its facts as every
    activation does; ``.doit()`` and ``.rewrite(sympy.tanh)`` give SymPy's.

    Examples
    --------
    >>> import sympy as sp
    >>> from symnet import tanh
    >>> x = sp.Symbol("x", real=True)
    >>> tanh(0), tanh(x).diff(x), tanh(x).doit() == sp.tanh(x)
    (0, 1 - tanh(x)**2, True)

    Source: LeCun, Bottou, Orr and Müller, Efficient backprop, 1998.
    """

    symbol = r"\tanh"
    range = sp.Interval.open(-1, 1)
    fixed = sp.FiniteSet(0)
    monotone = True
    odd = True
    lipschitz = sp.S.One
    torch = "Tanh"
    onnx = "Tanh"
    onnx_attributes = ()
    source = "LeCun, Bottou, Orr and Müller 1998"

    @classmethod
    def definition(cls, x: sp.Expr) -> sp.Expr:
        return sp.tanh(x)

    @classmethod
    def slope(cls, x: sp.Expr) -> sp.Expr:
        return 1 - cls(x) ** 2


class Tanh(Activation):
    """tanh at every entry."""

    function = tanh
