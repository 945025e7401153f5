"""What leaky_relu and prelu have in common: a slope of its own on the negative side."""

from __future__ import annotations

from types import MappingProxyType

import sympy as sp

from ._base import Activation, ActivationFunction
from ._identity import Identity
from ._relu import ReLU


class TwoSlopesFunction(ActivationFunction):
    """max(0, x) + a min(0, x)."""

    monotone = None
    piecewise_linear = True
    fixed = sp.Interval(0, sp.oo)
    kinks = (sp.S.Zero,)
    positively_homogeneous = True

    @classmethod
    def definition(cls, x: sp.Expr, a: sp.Expr) -> sp.Expr:
        return sp.Max(0, x) + a * sp.Min(0, x)

    @classmethod
    def cases(cls, x: sp.Expr, a: sp.Expr) -> sp.Expr:
        return sp.Piecewise((x, x > 0), (a * x, True))

    @classmethod
    def slope(cls, x: sp.Expr, a: sp.Expr) -> sp.Expr:
        return sp.Piecewise((1, x > 0), (a, True))


class TwoSlopes(Activation):
    """max(0, x) + a min(0, x) at every entry."""

    special = MappingProxyType({(sp.S.One,): Identity, (sp.S.Zero,): ReLU})

    @property
    def range(self) -> sp.Set:
        (a,) = self.values
        return sp.Interval(0, sp.oo) if a.is_nonpositive else sp.S.Reals

    @property
    def is_monotone(self) -> bool | None:  # type: ignore[override]
        (a,) = self.values
        answer: bool | None = a.is_nonnegative
        return answer

    @property
    def lipschitz(self) -> sp.Expr:
        (a,) = self.values
        return sp.Max(1, sp.Abs(a))
