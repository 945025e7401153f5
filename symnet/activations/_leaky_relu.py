"""The leaky rectified linear unit."""

from __future__ import annotations

import sympy as sp

from ._two_slopes import TwoSlopes, TwoSlopesFunction


class leaky_relu(TwoSlopesFunction):
    r"""leaky_relu(x, a) = max(0, x) + a min(0, x); the slope a is 1/100 where it is left out.

    The derivative at 0 is a, as in torch. For a = 1 it is the identity, for a = 0 relu.

    Examples
    --------
    >>> import sympy as sp
    >>> from symnet import leaky_relu
    >>> x, a = sp.symbols("x a", real=True)
    >>> leaky_relu(-3), leaky_relu(x, a)
    (-3/100, leaky_relu(x, a))
    >>> leaky_relu(x, a).rewrite(sp.Piecewise)
    Piecewise((x, x > 0), (a*x, True))

    Source: Maas, Hannun and Ng, Rectifier nonlinearities improve neural network acoustic models,
    2013; torch for the default.
    """

    symbol = r"\operatorname{LeakyReLU}"
    parameters = ("negative_slope",)
    defaults = (sp.Rational(1, 100),)
    torch = "LeakyReLU"
    onnx = "LeakyRelu"
    onnx_attributes = (("alpha", 0.01),)
    source = "Maas, Hannun and Ng 2013"


class LeakyReLU(TwoSlopes):
    """leaky_relu at every entry.

    Parameters
    ----------
    negative_slope : number or scalar expression
        1/100 where it is left out.
    """

    function = leaky_relu
