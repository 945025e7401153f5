"""A network at a batch of rows: X W^T + 1 b^T."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

import sympy as sp

from ..base import Apply, Network
from ..layers._concat import Concat
from ..layers._linear import Linear
from ..layers._residual import Residual
from ..layers._sum import Sum
from ..sequential import Sequential
from ._algebra import plus, times, transposed


@singledispatch
def in_rows(net: Network, x: Any) -> Any:
    """The value at every row of ``x``, as rows.

    >>> import symnet as sn
    >>> layer = sn.Linear(3, 2)
    >>> in_rows(layer, sp.MatrixSymbol("X", 5, 3))
    X*W.T + 1*b.T
    """
    if net.is_elementwise:
        return Apply(net, x)
    value = net(sp.Transpose(x) if not isinstance(x, sp.Transpose) else x.arg)
    return sp.Transpose(value) if isinstance(value, Apply) else transposed(value)


@in_rows.register
def _(net: Linear, x: Any) -> Any:
    value = times(x, transposed(net.W))
    if not net.has_bias:
        return value
    return plus(value, times(sp.OneMatrix(x.shape[0], 1), transposed(net.b)))


@in_rows.register
def _(net: Sequential, x: Any) -> Any:
    for layer in net.children:
        x = in_rows(layer, x)
    return x


@in_rows.register
def _(net: Residual, x: Any) -> Any:
    return plus(in_rows(net.children[0], x), x)


@in_rows.register
def _(net: Sum, x: Any) -> Any:
    return plus(*(in_rows(child, x) for child in net.children))


@in_rows.register
def _(net: Concat, x: Any) -> Any:
    return sp.BlockMatrix([[in_rows(child, x) for child in net.children]])
