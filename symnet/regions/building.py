"""The converse: a ReLU network that equals a given piecewise-linear function of one variable."""

from __future__ import annotations

from typing import Any

from ..base import Network
from ..errors import DomainError
from .building_line import one_hidden_layer
from .making import piecewise
from .piecewise_linear import PiecewiseLinear
from .to_network import relu_network


def from_piecewise(function: Any) -> Network:
    r"""A network with one hidden layer of ReLUs that equals a function of one variable.

    With kinks b_1 < … < b_m and slopes s_0, …, s_m between them,

        f(x) = f(b_1) - s_0 relu(b_1 - x) + s_1 relu(x - b_1)
               + sum_{k >= 2} (s_k - s_{k-1}) relu(x - b_k),

    so m + 1 neurons suffice, and m where s_0 or s_1 is 0. The result is taken apart again and
    compared with the function before it is given out.

    Parameters
    ----------
    function : PiecewiseLinear of one variable, or a SymPy expression in one variable
        A function on an interval is equalled there.

    Raises
    ------
    DomainError
        For a function of several variables, or one that jumps.

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> x = sp.Symbol("x", real=True)
    >>> net = sn.from_piecewise(sp.Piecewise((0, x < 0), (2*x, x < 1), (2, True)))
    >>> net([sp.Rational(3, 4)])
    Matrix([[3/2]])

    Source: Arora, Basu, Mianjy and Mukherjee, Understanding deep neural networks with rectified
    linear units, 2018, theorem 2.2.
    """
    pw = function if isinstance(function, PiecewiseLinear) else piecewise(function)
    if pw.network.inputs != 1:
        raise DomainError(
            f"the function has {pw.network.inputs} variables; "
            "a network is built for functions of one variable"
        )
    if not pw.is_continuous:
        raise DomainError("the function jumps, and a network of ReLUs is continuous")
    return relu_network(one_hidden_layer(pw))
