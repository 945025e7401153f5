"""A network as a model of Keras."""

from __future__ import annotations

from functools import singledispatchmethod
from typing import Any

import numpy as np

from ..activations import Activation
from ..activations._elu import ELU
from ..activations._hardsigmoid import Hardsigmoid
from ..activations._hardswish import Hardswish
from ..activations._hardtanh import Hardtanh
from ..activations._leaky_relu import LeakyReLU
from ..activations._logsigmoid import LogSigmoid
from ..activations._prelu import PReLU
from ..activations._relu6 import ReLU6
from ..base import Network
from ..errors import ExportError
from ..layers._batch_norm import BatchNorm
from ..layers._concat import Concat
from ..layers._convolution import Convolution, numbers
from ..layers._inert import Inert
from ..layers._layer_norm import LayerNorm
from ..layers._linear import Linear
from ..layers._maximum_pool import MaximumPool
from ..layers._residual import Residual
from ..layers._softmax import Softmax
from ..layers._sum import Sum
from ..sequential import Sequential
from ._base import rounding_of
from ._dense import dense_parts, width_after, width_of

#: Activations that Keras has by name, with no parameters.
_NAMES = ("relu", "sigmoid", "tanh", "softplus", "softsign", "silu", "mish", "selu", "gelu")


def to_keras(net: Network, dtype: Any = None, rounding: bool = False) -> Any:
    """The network as a functional ``keras.Model`` that takes and gives rows of numbers.

    Parameters
    ----------
    net : Network
        With a fixed number of inputs, and numbers as weights.
    dtype : "float16", "float32" or "float64"
        The type of the weights; left out, the shortest from float32 on that holds all exactly.
    rounding : bool
        Round weights that no float of the type is, instead of an error.

    Returns
    -------
    keras.Model
        ``model.exported`` says the type, and what was rounded.

    Raises
    ------
    ExportError
        For weights that are no floats of the type, and layers that Keras does not have.

    Examples
    --------
    >>> import symnet as sn
    >>> net = sn.Sequential(sn.Linear([[1, 0.5]]), sn.ReLU())
    >>> model = net.to_keras()  # doctest: +SKIP
    >>> sn.from_keras(model) == net  # doctest: +SKIP
    True

    Source: https://keras.io/api/layers.
    """
    try:
        import keras
    except ImportError as error:
        raise ImportError("to_keras needs the package keras") from error
    writer = _Writer(keras, net, dtype, rounding)
    width = width_of(net)
    x = keras.Input((width,), dtype=writer.rounding.dtype)
    model = keras.Model(x, writer.through(net, x, width))
    model.exported = writer.rounding.exported(None)
    return model


class _Writer:
    def __init__(self, keras: Any, net: Network, dtype: Any, rounding: bool) -> None:
        self.layers = keras.layers
        self.rounding = rounding_of(net, dtype, rounding, "float32" if dtype is None else "float16")

    def made(self, kind: str, *args: Any, **options: Any) -> Any:
        """A layer of Keras."""
        return getattr(self.layers, kind)(*args, dtype=self.rounding.dtype, **options)

    def filled(self, layer: Any, x: Any, *weights: Any) -> Any:
        """The value of a layer with these weights."""
        y = layer(x)
        layer.set_weights(list(weights))
        return y

    @singledispatchmethod
    def through(self, layer: Network, x: Any, width: int) -> Any:
        """The value of a layer at the value x of ``width`` numbers a row."""
        W, b = dense_parts(layer, width)
        return self.through(Linear(W, b), x, width)

    @through.register
    def _(self, layer: Sequential, x: Any, width: int) -> Any:
        for child in layer.children:
            x = self.through(child, x, width)
            width = width_after(child, width)
        return x

    @through.register
    def _(self, layer: Linear, x: Any, width: int) -> Any:
        weights = [self.rounding.floats(layer.args[0], "W").T]
        if layer.has_bias:
            weights.append(self.rounding.column(layer.args[1], "b"))
        dense = self.made("Dense", weights[0].shape[1], use_bias=layer.has_bias)
        return self.filled(dense, x, *weights)

    @through.register
    def _(self, layer: Inert, x: Any, width: int) -> Any:
        return x

    @through.register
    def _(self, layer: BatchNorm, x: Any, width: int) -> Any:
        columns = [self.rounding.column(c.as_explicit(), "BatchNorm") for c in layer.columns]
        eps = self.rounding.scalar(layer.eps, "eps")
        return self.filled(self.made("BatchNormalization", epsilon=eps), x, *columns)

    @through.register
    def _(self, layer: LayerNorm, x: Any, width: int) -> Any:
        columns = [self.rounding.column(c.as_explicit(), "LayerNorm") for c in layer.columns]
        eps = self.rounding.scalar(layer.eps, "eps")
        return self.filled(self.made("LayerNormalization", epsilon=eps), x, *columns)

    @through.register
    def _(self, layer: Convolution, x: Any, width: int) -> Any:
        _, bias, size, stride, padding, dilation, groups, kernel = layer.args
        n, s, p, d, k = map(numbers, (size, stride, padding, dilation, kernel))
        into, out = layer.channels
        axes = layer.axes
        has_bias = "b" in layer.own_parameters
        flat = self.rounding.floats(layer.args[0], "W").reshape(out, into // int(groups), *k)
        weights = [np.moveaxis(flat, (0, 1), (-1, -2))]
        weights += [self.rounding.column(bias, "b")] if has_bias else []
        x = self._last(x, (into, *n))
        if any(p):
            sides = tuple(zip(p[:axes], p[axes:], strict=True))
            x = self.made(f"ZeroPadding{axes}D", sides if axes == 2 else sides[0])(x)
        conv = self.made(
            f"Conv{axes}D", out, k, strides=s, dilation_rate=d, groups=int(groups),
            use_bias=has_bias, data_format="channels_last",
        )  # fmt: skip
        return self._first(self.filled(conv, x, *weights), axes)

    @through.register
    def _(self, layer: MaximumPool, x: Any, width: int) -> Any:
        kernel, size, _, stride, padding, dilation, ceil, _ = layer.args
        if any(padding) or set(dilation) != {1} or bool(ceil):
            raise ExportError(f"{layer}: Keras has maxima over windows on the grid alone")
        n, k, s = map(numbers, (size, kernel, stride))
        x = self._last(x, (layer.channels, *n))
        pool = self.made(f"MaxPooling{layer.axes}D", k, strides=s, data_format="channels_last")
        return self._first(pool(x), layer.axes)

    def _last(self, x: Any, shape: tuple[int, ...]) -> Any:
        """Rows as grids with the channels last."""
        order = (*range(2, len(shape) + 1), 1)
        return self.made("Permute", order)(self.made("Reshape", shape)(x))

    def _first(self, x: Any, axes: int) -> Any:
        """Grids with the channels last as rows."""
        order = (axes + 1, *range(1, axes + 1))
        return self.made("Flatten")(self.made("Permute", order)(x))

    @through.register
    def _(self, layer: Softmax, x: Any, width: int) -> Any:
        return self.made("Softmax")(x)

    @through.register
    def _(self, layer: Residual, x: Any, width: int) -> Any:
        return self.made("Add")([self.through(layer.children[0], x, width), x])

    @through.register
    def _(self, layer: Sum, x: Any, width: int) -> Any:
        parts = [self.through(child, x, width) for child in layer.children]
        return self.made("Add")(parts) if len(parts) > 1 else parts[0]

    @through.register
    def _(self, layer: Concat, x: Any, width: int) -> Any:
        parts = [self.through(child, x, width) for child in layer.children]
        return self.made("Concatenate")(parts) if len(parts) > 1 else parts[0]

    @through.register
    def _(self, layer: Activation, x: Any, width: int) -> Any:
        if layer.name == "identity":
            return x
        if layer.name not in _NAMES:
            raise ExportError(f"{layer} has no layer in Keras")
        return self.made("Activation", layer.name)(x)

    @through.register
    def _(self, layer: LeakyReLU, x: Any, width: int) -> Any:
        slope = self.rounding.scalar(layer.values[0], "the slope of LeakyReLU")
        return self.made("LeakyReLU", negative_slope=slope)(x)

    @through.register
    def _(self, layer: PReLU, x: Any, width: int) -> Any:
        slope = self.rounding.scalar(layer.values[0], "the slope of PReLU")
        return self.made("LeakyReLU", negative_slope=slope)(x)

    @through.register
    def _(self, layer: ELU, x: Any, width: int) -> Any:
        return self.made("ELU", alpha=self.rounding.scalar(layer.values[0], "alpha of ELU"))(x)

    @through.register
    def _(self, layer: ReLU6, x: Any, width: int) -> Any:
        return self.made("ReLU", max_value=6.0)(x)

    @through.register
    def _(self, layer: Hardtanh, x: Any, width: int) -> Any:
        low, high = layer.values
        if low != 0:
            raise ExportError(f"{layer} has no layer in Keras")
        return self.made("ReLU", max_value=self.rounding.scalar(high, "max_val"))(x)

    @through.register
    def _(self, layer: Hardsigmoid, x: Any, width: int) -> Any:
        return self.made("Activation", "hard_sigmoid")(x)

    @through.register
    def _(self, layer: LogSigmoid, x: Any, width: int) -> Any:
        return self.made("Activation", "log_sigmoid")(x)

    @through.register
    def _(self, layer: Hardswish, x: Any, width: int) -> Any:
        return self.made("Activation", "hard_silu")(x)
