"""The Gaussian error linear unit."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.printing.numpy import NumPyPrinter, SciPyPrinter

from ._base import Activation, ActivationFunction


class gelu(ActivationFunction):
    r"""gelu(x) = x P(Z <= x) = x (1 + erf(x / sqrt 2)) / 2 for a standard normal Z.

    The stated range is an interval around the true one, whose lower end, about -0.16997, has no
    closed form. The steepest slope is at sqrt 2.

    Examples
    --------
    >>> import sympy as sp
    >>> from symnet import gelu
    >>> gelu(0), gelu(sp.sqrt(2))
    (0, sqrt(2)*(erf(1) + 1)/2)

    Source: Hendrycks and Gimpel, Gaussian error linear units, 2016.
    """

    symbol = r"\operatorname{GELU}"
    range = sp.Interval(sp.Rational(-17, 100), sp.oo)
    range_is_exact = False
    fixed = sp.FiniteSet(0)
    monotone = False
    lipschitz = (1 + sp.erf(1)) / 2 + sp.exp(-1) / sp.sqrt(sp.pi)
    torch = "GELU"
    onnx = "Gelu"
    onnx_attributes = ()
    source = "Hendrycks and Gimpel 2016"

    @classmethod
    def definition(cls, x: sp.Expr) -> sp.Expr:
        return x * (1 + sp.erf(x / sp.sqrt(2))) / 2

    @classmethod
    def in_floats(cls, x: sp.Expr) -> sp.Expr:
        return x * sp.erfc(-x / sp.sqrt(2)) / 2

    @classmethod
    def slope(cls, x: sp.Expr) -> sp.Expr:
        below = (1 + sp.erf(x / sp.sqrt(2))) / 2
        return below + x * sp.exp(-(x**2) / 2) / sp.sqrt(2 * sp.pi)

    def _numpycode(self, printer: Any) -> str:
        if not isinstance(printer, NumPyPrinter) or isinstance(printer, SciPyPrinter):
            return self._pythoncode(printer)
        # NumPy has no erfc, and SciPy is not always there
        erfc = printer._module_format("math.erfc")
        vectorize = printer._module_format("numpy.vectorize")
        x = self.args[0]
        inside = printer._print(-x / sp.sqrt(2))
        return f"({printer._print(x / 2)})*{vectorize}({erfc}, otypes=[float])({inside})"


class GELU(Activation):
    """gelu at every entry."""

    function = gelu
