"""The Gaussian error linear unit in its tanh form."""

from __future__ import annotations

from types import MappingProxyType

import sympy as sp

from ._base import Activation, ActivationFunction
from ._sigmoid import sigmoid
from ._tanh import tanh

#: The coefficient of the cubic term, 0.044715 exactly.
CUBIC = sp.Rational(44715, 1000000)


class gelu_tanh(ActivationFunction):
    r"""gelu_tanh(x) = x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2.

    It is another function than gelu, and less than 1/2000 from it. The stated range is an interval
    around the true one, whose lower end, about -0.17004, has no closed form; so is the Lipschitz
    constant 113/100 a bound (the steepest slope is about 1.1290).

    Examples
    --------
    >>> from symnet import gelu_tanh
    >>> gelu_tanh(0), gelu_tanh(1).evalf(7), gelu_tanh(-1).evalf(7)
    (0, 0.8411920, -0.1588080)

    Source: Hendrycks and Gimpel, Gaussian error linear units, 2016.
    """

    symbol = r"\operatorname{GELU}_{\tanh}"
    range = sp.Interval(sp.Rational(-171, 1000), sp.oo)
    range_is_exact = False
    fixed = sp.FiniteSet(0)
    monotone = False
    lipschitz = sp.Rational(113, 100)
    torch = "GELU"
    onnx = "Gelu"
    onnx_attributes = ()
    options = MappingProxyType({"approximate": "tanh"})
    source = "Hendrycks and Gimpel 2016"

    @staticmethod
    def inner(x: sp.Expr) -> sp.Expr:
        """What stands within tanh."""
        return sp.sqrt(2 / sp.pi) * (x + CUBIC * x**3)

    @classmethod
    def definition(cls, x: sp.Expr) -> sp.Expr:
        return x * (1 + sp.tanh(cls.inner(x))) / 2

    @classmethod
    def in_floats(cls, x: sp.Expr) -> sp.Expr:
        return x * sigmoid.in_floats(2 * cls.inner(x))

    @classmethod
    def slope(cls, x: sp.Expr) -> sp.Expr:
        gate = tanh(cls.inner(x))
        steepness = sp.sqrt(2 / sp.pi) * (1 + 3 * CUBIC * x**2)
        return (1 + gate) / 2 + x * (1 - gate**2) * steepness / 2


class GELUTanh(Activation):
    """gelu_tanh at every entry."""

    function = gelu_tanh
