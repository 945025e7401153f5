"""The rectified linear unit."""

from __future__ import annotations

import sympy as sp

from ._base import Activation, ActivationFunction
from ._step import step


class relu(ActivationFunction):
    r"""relu(x) = max(0, x).

    The derivative at 0 is 0, as in torch, JAX and Keras (SymPy's ``Max(0, x)`` says 1/2).

    Examples
    --------
    >>> import sympy as sp
    >>> from symnet import relu
    >>> x = sp.Symbol("x", real=True)
    >>> relu(x), relu(-2), relu(x).rewrite(sp.Max)
    (relu(x), 0, Max(0, x))

    Source: Nair and Hinton, Rectified linear units improve restricted Boltzmann machines, 2010.
    """

    symbol = r"\operatorname{ReLU}"
    range = sp.Interval(0, sp.oo)
    fixed = sp.Interval(0, sp.oo)
    monotone = True
    piecewise_linear = True
    kinks = (sp.S.Zero,)
    positively_homogeneous = True
    convex = True
    lipschitz = sp.S.One
    torch = "ReLU"
    onnx = "Relu"
    onnx_attributes = ()
    source = "Nair and Hinton 2010"

    @classmethod
    def _value(cls, x: sp.Expr) -> sp.Expr | None:
        # SymPy's Max takes a hundred times as long, and images have thousands of entries
        return (x if x.p > 0 else sp.S.Zero) if x.is_Rational else super()._value(x)

    @classmethod
    def definition(cls, x: sp.Expr) -> sp.Expr:
        return sp.Max(0, x)

    @classmethod
    def cases(cls, x: sp.Expr) -> sp.Expr:
        return sp.Piecewise((x, x > 0), (0, True))

    @classmethod
    def slope(cls, x: sp.Expr) -> sp.Expr:
        return step(x)


class ReLU(Activation):
    """relu at every entry."""

    function = relu
