"""The logarithm of the logistic function."""

from __future__ import annotations

import sympy as sp

from ._base import Activation, ActivationFunction
from ._floats import log_of_one_plus_exp
from ._sigmoid import sigmoid


class logsigmoid(ActivationFunction):
    r"""logsigmoid(x) = log(1 / (1 + exp(-x))) = -log(1 + exp(-x)).

    Examples
    --------
    >>> import sympy as sp
    >>> from symnet import logsigmoid
    >>> x = sp.Symbol("x", real=True)
    >>> logsigmoid(0), logsigmoid(x).diff(x), logsigmoid(x).is_negative
    (-log(2), sigmoid(-x), True)

    Source: torch.nn.LogSigmoid.
    """

    symbol = r"\operatorname{LogSigmoid}"
    range = sp.Interval.open(-sp.oo, 0)
    monotone = True
    lipschitz = sp.S.One
    torch = "LogSigmoid"
    source = "torch.nn.LogSigmoid"

    @classmethod
    def definition(cls, x: sp.Expr) -> sp.Expr:
        return -sp.log(1 + sp.exp(-x))

    @classmethod
    def in_floats(cls, x: sp.Expr) -> sp.Expr:
        return -log_of_one_plus_exp(-x)

    @classmethod
    def slope(cls, x: sp.Expr) -> sp.Expr:
        return sigmoid(-x)


class LogSigmoid(Activation):
    """logsigmoid at every entry."""

    function = logsigmoid
