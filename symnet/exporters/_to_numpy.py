"""A network as a function of arrays of float64, and how far it may be from the exact one."""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatch
from typing import Any

import numpy as np
import sympy as sp
from flint import arb_mat

from .._late import late
from ..activations import Activation
from ..activations._relu import ReLU
from ..activations._two_slopes import TwoSlopes
from ..base import Network
from ..errors import ExportError
from ..exact.arrays import Floats
from ..exact.rational_matrix import RationalMatrix
from ..exact.sparse_matrix import SparseRationalMatrix
from ..layers._batch_norm import BatchNorm
from ..layers._concat import Concat
from ..layers._convolution import Convolution
from ..layers._inert import Inert
from ..layers._layer_norm import LayerNorm
from ..layers._linear import Linear
from ..layers._max import Max
from ..layers._maximum_pool import MaximumPool
from ..layers._maxout import Maxout
from ..layers._residual import Residual
from ..layers._scale import Scale
from ..layers._select import Select
from ..layers._softmax import Softmax
from ..layers._structured import Structured
from ..layers._sum import Sum
from ..sequential import Sequential
from ._base import Rounding
from ._dense import dense_parts, width_after, width_of

Step = Callable[[Floats], Floats]


class NumpyNetwork:
    """A network in float64: ``f(x)`` for one row of numbers or for many rows.

    >>> import symnet as sn
    >>> f = sn.Sequential(sn.Linear([[1, -1]]), sn.ReLU()).to_numpy()
    >>> f([[3, 1], [1, 3]])
    array([[2.],
           [0.]])
    >>> f.error([3, 1]) < 1e-14
    array([ True])
    """

    def __init__(self, net: Network) -> None:
        self.net, self.width = net, width_of(net)
        #: What was rounded to float64.
        self.rounding = Rounding("float64", allowed=True)
        self._step = _step(net, self.width, self.rounding)

    def __call__(self, x: Any) -> Floats:
        """The values; (n,) gives (m,), and (N, n) gives (N, m)."""
        array = np.asarray(x, dtype=np.float64)
        if array.ndim not in (1, 2) or array.shape[-1] != self.width:
            raise ExportError(
                f"the network takes rows of {self.width} numbers, and got shape {array.shape}"
            )
        result = self._step(np.atleast_2d(array))
        return result[0] if array.ndim == 1 else result

    def error(self, x: Any) -> Floats:
        """A bound on |f(x) - net(x)| for every output, for the very x that is given.

        Raises
        ------
        NoBoundError
            For layers of which it is not known how far rounding can take them.
        """
        rows = np.atleast_2d(np.asarray(x, dtype=np.float64))
        precision = late("testing._rounding", "Precision").of(np.float64)
        run = late("testing._rounding", "start")(arb_mat(rows.T.tolist()), precision)
        bound: Floats = late("testing._rounding", "through")(self.net, run).error.T
        return bound[0] if np.ndim(x) == 1 else bound

    def __repr__(self) -> str:
        return f"<{self.net.name} in NumPy, {self.rounding.exported(None)}>"


def to_numpy(net: Network) -> NumpyNetwork:
    """The network in float64; its weights are rounded, which its text and its error say."""
    return NumpyNetwork(net)


@singledispatch
def _step(layer: Network, width: int, rounding: Rounding) -> Step:
    return _affine(*dense_parts(layer, width), rounding)


def _affine(weight: Any, bias: Any, rounding: Rounding) -> Step:
    W = rounding.floats(weight, "W").T.copy()
    b = None if isinstance(bias, sp.ZeroMatrix) else rounding.column(bias, "b")
    return (lambda x: x @ W) if b is None else (lambda x: x @ W + b)


@_step.register
def _(layer: Linear, width: int, rounding: Rounding) -> Step:
    return _affine(layer.args[0], layer.args[1], rounding)


@_step.register
def _(layer: Sequential, width: int, rounding: Rounding) -> Step:
    steps = []
    for child in layer.children:
        steps.append(_step(child, width, rounding))
        width = width_after(child, width)

    def run(x: Floats) -> Floats:
        for step in steps:
            x = step(x)
        return x

    return run


@_step.register
def _(layer: Inert, width: int, rounding: Rounding) -> Step:
    return lambda x: x


@_step.register
def _(layer: BatchNorm, width: int, rounding: Rounding) -> Step:
    gamma, beta, mu, v = (rounding.column(c.as_explicit(), "BatchNorm") for c in layer.columns)
    root = np.sqrt(v + rounding.scalar(layer.eps, "eps"))
    return lambda x: (x - mu) * (gamma / root) + beta


@_step.register
def _(layer: LayerNorm, width: int, rounding: Rounding) -> Step:
    gamma, beta = (rounding.column(c.as_explicit(), "LayerNorm") for c in layer.columns)
    eps = rounding.scalar(layer.eps, "eps")

    def run(x: Floats) -> Floats:
        centred = x - x.mean(axis=1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=1, keepdims=True) + eps)
        return np.asarray(centred / spread * gamma + beta)

    return run


@_step.register
def _(layer: Scale, width: int, rounding: Rounding) -> Step:
    s = rounding.column(layer.factors, "s")
    if layer.is_homogeneous:
        return lambda x: x * s
    t = rounding.column(layer.offset, "t")
    return lambda x: x * s + t


@_step.register
def _(layer: Select, width: int, rounding: Rounding) -> Step:
    places = layer.places
    return lambda x: np.where(places >= 0, x[:, places], 0.0)


@_step.register
def _(layer: Structured, width: int, rounding: Rounding) -> Step:
    W = layer.sparse
    filled = np.flatnonzero(np.diff(W.starts))
    starts, columns = W.starts[filled], W.columns
    values = rounding.column(_column(W), "W") if W.count else np.zeros(0)
    count = int(W.shape[0])
    offset = layer.offset
    b = 0.0 if isinstance(offset, sp.ZeroMatrix) else rounding.column(offset, "b")

    def run(x: Floats) -> Floats:
        result = np.zeros((len(x), count))
        if len(filled):
            result[:, filled] = np.add.reduceat(x[:, columns] * values, starts, axis=1)
        return np.asarray(result + b)

    return run


def _column(W: SparseRationalMatrix) -> RationalMatrix:

    return RationalMatrix(W.count, 1, W.numerators.tolist(), W.denominator)


@_step.register
def _(layer: Convolution, width: int, rounding: Rounding) -> Step:
    places, groups = layer.windows.places, layer.groups
    channels, out = layer.channels
    kernel = rounding.floats(layer.args[0], "W").reshape(groups, out // groups, -1)
    bias = layer.args[1]
    b = 0.0 if isinstance(bias, sp.ZeroMatrix) else rounding.floats(bias, "b")

    def run(x: Floats) -> Floats:
        grid = x.reshape(len(x), groups, channels // groups, -1)
        # the last point is 0, where places outside of the grid, -1, look
        grid = np.concatenate([grid, np.zeros((*grid.shape[:3], 1))], axis=3)
        laid = np.moveaxis(grid[..., places], 4, 3)  # samples, groups, channels, points, windows
        laid = laid.reshape(len(x), groups, -1, len(places))
        value = (kernel @ laid).reshape(len(x), out, -1)
        return np.asarray(value + b).reshape(len(x), -1)

    return run


@_step.register
def _(layer: MaximumPool, width: int, rounding: Rounding) -> Step:
    places = layer._places()
    inside = np.where(places >= 0, places, places.max(axis=1, keepdims=True))
    return lambda x: np.asarray(x[:, inside].max(axis=2))


@_step.register
def _(layer: Softmax, width: int, rounding: Rounding) -> Step:
    def run(x: Floats) -> Floats:
        powers = np.exp(x - x.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))

    return run


@_step.register
def _(layer: Max, width: int, rounding: Rounding) -> Step:
    return lambda x: np.asarray(x.max(axis=1, keepdims=True))


@_step.register
def _(layer: Maxout, width: int, rounding: Rounding) -> Step:
    k = int(layer.k)
    return lambda x: np.asarray(x.reshape(len(x), -1, k).max(axis=2))


@_step.register
def _(layer: Residual, width: int, rounding: Rounding) -> Step:
    step = _step(layer.children[0], width, rounding)
    return lambda x: step(x) + x


@_step.register
def _(layer: Sum, width: int, rounding: Rounding) -> Step:
    steps = [_step(child, width, rounding) for child in layer.children]
    return lambda x: np.asarray(sum(step(x) for step in steps))


@_step.register
def _(layer: Concat, width: int, rounding: Rounding) -> Step:
    steps = [_step(child, width, rounding) for child in layer.children]
    return lambda x: np.concatenate([step(x) for step in steps], axis=1)


@_step.register
def _(layer: Activation, width: int, rounding: Rounding) -> Step:
    t = sp.Dummy("t", real=True)
    run = sp.lambdify(t, layer.scalar(t), modules="numpy")

    def entrywise(x: Floats) -> Floats:
        with np.errstate(over="ignore"):
            return np.broadcast_to(np.asarray(run(x), dtype=np.float64), x.shape)

    return entrywise


@_step.register
def _(layer: ReLU, width: int, rounding: Rounding) -> Step:
    return lambda x: np.maximum(x, 0.0)


@_step.register
def _(layer: TwoSlopes, width: int, rounding: Rounding) -> Step:
    slope = rounding.scalar(layer.values[0], "the slope")
    return lambda x: np.where(x > 0, x, slope * x)
