"""The identity."""

from __future__ import annotations

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

from ._base import Activation, ActivationFunction


class identity(ActivationFunction):
    r"""identity(x) = x.

    Examples
    --------
    >>> import sympy as sp
    >>> from symnet import identity
    >>> x = sp.Symbol("x", real=True)
    >>> identity(x), identity(x).doit(), identity(3)
    (identity(x), x, 3)

    Source: torch.nn.Identity, for the name.
    """

    symbol = r"\operatorname{id}"
    range = sp.S.Reals
    fixed = sp.S.Reals
    monotone = True
    piecewise_linear = True
    positively_homogeneous = True
    odd = True
    convex = True
    lipschitz = sp.S.One
    torch = "Identity"
    onnx = "Identity"
    source = "definition"

    @classmethod
    def definition(cls, x: sp.Expr) -> sp.Expr:
        return x

    @classmethod
    def slope(cls, x: sp.Expr) -> sp.Expr:
        return sp.S.One


class Identity(Activation):
    """The layer that changes nothing."""

    function = identity

    def affine_parts(self, inputs: sp.Expr | None) -> tuple[MatrixExpr, MatrixExpr] | None:
        return None if inputs is None else (sp.Identity(inputs), sp.ZeroMatrix(inputs, 1))
