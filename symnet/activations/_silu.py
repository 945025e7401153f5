"""The sigmoid linear unit."""

from __future__ import annotations

import sympy as sp

from ._base import Activation, ActivationFunction
from ._sigmoid import sigmoid


class silu(ActivationFunction):
    r"""silu(x) = x / (1 + exp(-x)), also called swish.

    Its least value is -W(1/e), about -0.278, at x = -1 - W(1/e), with Lambert's W: where the
    derivative is 0, exp(x) = -(1 + x), so that the value is 1 + x. The Lipschitz constant 11/10 is
    a bound (the steepest slope, at the x with (x/2) tanh(x/2) = 1, is about 1.0998).

    Examples
    --------
    >>> import sympy as sp
    >>> from symnet import silu
    >>> silu(0), silu(sp.log(3)), silu.range.inf.evalf(5)
    (0, 3*log(3)/4, -0.27846)

    Source: Elfwing, Uchibe and Doya, Sigmoid-weighted linear units for neural network function
    approximation in reinforcement learning, 2018.
    """

    symbol = r"\operatorname{SiLU}"
    range = sp.Interval(-sp.LambertW(sp.exp(-1)), sp.oo)
    fixed = sp.FiniteSet(0)
    monotone = False
    lipschitz = sp.Rational(11, 10)
    torch = "SiLU"
    source = "Elfwing, Uchibe and Doya 2018"

    @classmethod
    def definition(cls, x: sp.Expr) -> sp.Expr:
        return x / (1 + sp.exp(-x))

    @classmethod
    def in_floats(cls, x: sp.Expr) -> sp.Expr:
        return x * sigmoid.in_floats(x)

    @classmethod
    def slope(cls, x: sp.Expr) -> sp.Expr:
        return sigmoid(x) * (1 + x * (1 - sigmoid(x)))


class SiLU(Activation):
    """silu at every entry."""

    function = silu
