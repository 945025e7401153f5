"""The exponential linear unit."""

from __future__ import annotations

from types import MappingProxyType

import sympy as sp

from ._base import Activation, ActivationFunction
from ._floats import expm1, negative_part
from ._relu import ReLU


class elu(ActivationFunction):
    r"""elu(x, alpha) = x for x > 0, else alpha (exp(x) - 1); alpha is 1 where it is left out.

    The derivative at 0 is alpha, as in torch.

    Examples
    --------
    >>> import sympy as sp
    >>> from symnet import elu
    >>> elu(2), elu(-1), elu(-1, 3)
    (2, -1 + exp(-1), -3 + 3*exp(-1))

    Source: Clevert, Unterthiner and Hochreiter, Fast and accurate deep network learning by
    exponential linear units, 2016.
    """

    symbol = r"\operatorname{ELU}"
    parameters = ("alpha",)
    defaults = (sp.S.One,)
    fixed = sp.Interval(0, sp.oo)
    kinks = (sp.S.Zero,)
    torch = "ELU"
    onnx = "Elu"
    onnx_attributes = (("alpha", 1.0),)
    source = "Clevert, Unterthiner and Hochreiter 2016"

    @classmethod
    def definition(cls, x: sp.Expr, alpha: sp.Expr) -> sp.Expr:
        return sp.Piecewise((x, x > 0), (alpha * (sp.exp(x) - 1), True))

    @classmethod
    def in_floats(cls, x: sp.Expr, alpha: sp.Expr) -> sp.Expr:
        return sp.Piecewise((x, x > 0), (alpha * expm1(negative_part(x)), True))

    @classmethod
    def slope(cls, x: sp.Expr, alpha: sp.Expr) -> sp.Expr:
        return sp.Piecewise((1, x > 0), (alpha * sp.exp(x), True))


class ELU(Activation):
    """elu at every entry.

    Parameters
    ----------
    alpha : number or scalar expression
        1 where it is left out.
    """

    function = elu
    special = MappingProxyType({(sp.S.Zero,): ReLU})

    @property
    def range(self) -> sp.Set:
        (alpha,) = self.values
        if alpha.is_positive:
            return sp.Interval.open(-alpha, sp.oo)
        return sp.Interval(0, sp.oo) if alpha.is_nonpositive else sp.S.Reals

    @property
    def is_monotone(self) -> bool | None:  # type: ignore[override]
        (alpha,) = self.values
        answer: bool | None = alpha.is_nonnegative
        return answer

    @property
    def lipschitz(self) -> sp.Expr:
        (alpha,) = self.values
        return sp.Max(1, sp.Abs(alpha))
