"""The hard hyperbolic tangent."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import sympy as sp

from ..errors import LayerError
from ._base import Activation, ActivationFunction
from ._relu6 import ReLU6


class hardtanh(ActivationFunction):
    r"""hardtanh(x, lo, hi) = min(hi, max(lo, x)), for lo <= hi; -1 and 1 where they are left out.

    The derivative is 0 at both kinks, as in torch.

    Examples
    --------
    >>> import sympy as sp
    >>> from symnet import hardtanh
    >>> hardtanh(2), hardtanh(sp.Rational(1, 2)), hardtanh(7, 0, 6)
    (1, 1/2, 6)

    Source: Collobert, Large scale machine learning, thesis, 2004; torch.nn.Hardtanh.
    """

    symbol = r"\operatorname{HardTanh}"
    parameters = ("min_val", "max_val")
    defaults = (sp.S.NegativeOne, sp.S.One)
    monotone = True
    piecewise_linear = True
    lipschitz = sp.S.One
    torch = "Hardtanh"
    onnx = "Clip"
    source = "Collobert 2004"

    @classmethod
    def complete(cls, given: tuple[Any, ...]) -> tuple[Any, ...]:
        lo, hi = super().complete(given)
        if sp.sympify(hi - lo).is_negative:
            raise LayerError(f"hardtanh takes min_val <= max_val, and got {lo} and {hi}")
        return lo, hi

    @classmethod
    def definition(cls, x: sp.Expr, lo: sp.Expr, hi: sp.Expr) -> sp.Expr:
        return sp.Min(hi, sp.Max(lo, x))

    @classmethod
    def cases(cls, x: sp.Expr, lo: sp.Expr, hi: sp.Expr) -> sp.Expr:
        return sp.Piecewise((lo, x <= lo), (hi, x >= hi), (x, True))

    @classmethod
    def slope(cls, x: sp.Expr, lo: sp.Expr, hi: sp.Expr) -> sp.Expr:
        return sp.Piecewise((1, sp.And(x > lo, x < hi)), (0, True))


class Hardtanh(Activation):
    """hardtanh at every entry.

    Parameters
    ----------
    min_val, max_val : number or scalar expression
        -1 and 1 where they are left out.
    """

    function = hardtanh
    special = MappingProxyType({(sp.S.Zero, sp.Integer(6)): ReLU6})

    @property
    def range(self) -> sp.Set:
        return sp.Interval(*self.values)

    @property
    def fixed(self) -> sp.Set:
        return sp.Interval(*self.values)

    @property
    def kinks(self) -> tuple[sp.Expr, ...]:
        return self.values
