"""What layers of Keras are, in the operators of ONNX, at inference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from ..activations import every_function
from ..activations._elu import ELU
from ..activations._hardtanh import Hardtanh
from ..activations._leaky_relu import LeakyReLU
from ..activations._relu import ReLU
from ._arrays import Array
from ._building import applied
from .operators import Flow, OperatorError

#: Names of Keras for what has another one here.
_OTHER = {"swish": "silu", "hardswish": "hardswish", "hardsilu": "hardswish", "linear": "identity",
          "hardtanh": "hardtanh"}  # fmt: skip


@dataclass(frozen=True)
class Tensor:
    """A value; where it is ``turned``, its channels come first here and last in Keras."""

    flow: Flow
    turned: bool = False

    def plain(self) -> Flow:
        """With the axes as Keras has them."""
        if not self.turned:
            return self.flow
        return self.flow.chosen(np.moveaxis(self.flow.places, 1, -1))

    def first(self) -> Flow:
        """With the channels first, where Keras has them last."""
        return self.flow if self.turned else self.flow.chosen(np.moveaxis(self.flow.places, -1, 1))

    def each(self, function: Callable[[Flow], Flow]) -> Tensor:
        """After something that acts entry by entry."""
        return Tensor(function(self.flow), self.turned)


@dataclass(frozen=True)
class Layer:
    """A layer in a configuration: its class, its options, and its weights in Keras's order."""

    kind: str
    name: str
    options: dict[str, Any]
    weights: list[Array]

    def get(self, name: str, default: Any = None) -> Any:
        value = self.options.get(name)
        return default if value is None else value

    @property
    def channels_first(self) -> bool:
        return bool(self.get("data_format", "channels_last") == "channels_first")


Rule = Callable[[Layer, Sequence[Tensor]], Tensor]
LAYERS: dict[str, Rule] = {}


def rule(*names: str) -> Callable[[Rule], Rule]:
    """Put a function under the names of layers."""

    def put(function: Rule) -> Rule:
        LAYERS.update(dict.fromkeys(names, function))
        return function

    return put


def activated(value: Tensor, name: Any) -> Tensor:
    """The activation of this name at a value."""
    if isinstance(name, dict):
        name = name.get("config") if isinstance(name.get("config"), str) else name.get("class_name")
    if name in (None, "linear"):
        return value
    if not isinstance(name, str):
        raise OperatorError(f"the activation {name!r}")
    if name == "softmax":
        return Tensor(applied("Softmax", value.plain(), axis=-1))
    if name == "leaky_relu":
        return value.each(lambda f: f.then(LeakyReLU(0.2)))
    word = name.lower().replace("_", "")
    word = _OTHER.get(word, word)
    for function in every_function():
        if function.__name__.replace("_", "") == word and len(function.parameters) == len(
            function.defaults
        ):
            layer = function.layer()
            return value.each(lambda f: f.then(layer))  # noqa: B023  called at once
    raise OperatorError(f"the activation {name!r}")


@rule("Dense")
def _(layer: Layer, values: Sequence[Tensor]) -> Tensor:
    flow = values[0].plain()
    kernel, *bias = layer.weights
    if len(flow.shape) == 2:
        result = applied("Gemm", flow, kernel, *bias)
    else:
        result = applied("MatMul", flow, kernel)
        result = applied("Add", result, bias[0]) if bias else result
    return activated(Tensor(result), layer.get("activation"))


@rule("Conv1D", "Conv2D", "DepthwiseConv1D", "DepthwiseConv2D")
def _(layer: Layer, values: Sequence[Tensor]) -> Tensor:
    kernel, *bias = layer.weights
    groups = layer.get("groups", 1)
    if layer.kind.startswith("Depthwise"):
        groups = kernel.shape[-2]
        kernel = kernel.reshape(*kernel.shape[:-2], 1, -1)
    weight = np.moveaxis(np.moveaxis(kernel, -1, 0), -1, 1)
    result = _windows(layer, values, "Conv", weight, *bias, group=int(groups),
                      dilations=_pair(layer.get("dilation_rate", 1), kernel.ndim - 2))  # fmt: skip
    return activated(result, layer.get("activation"))


@rule("MaxPooling1D", "MaxPooling2D", "AveragePooling1D", "AveragePooling2D")
def _(layer: Layer, values: Sequence[Tensor]) -> Tensor:
    axes = int(layer.kind[-2])
    kernel = _pair(layer.get("pool_size"), axes)
    kind = "MaxPool" if layer.kind.startswith("Max") else "AveragePool"
    return _windows(layer, values, kind, kernel_shape=kernel, default=kernel)


def _windows(layer: Layer, values: Sequence[Tensor], kind: str, *more: Any, default: Any = 1,
             **attributes: Any) -> Tensor:  # fmt: skip
    flow = values[0].plain() if layer.channels_first else values[0].first()
    pads = {"same": "SAME_UPPER", "valid": "VALID"}.get(layer.get("padding", "valid"))
    if pads is None:
        raise OperatorError(f"{layer.kind} with padding={layer.get('padding')!r}")
    strides = _pair(layer.get("strides", default), len(flow.shape) - 2)
    result = applied(kind, flow, *more, strides=strides, auto_pad=pads, **attributes)
    return Tensor(result, not layer.channels_first)


def _pair(value: Any, axes: int) -> tuple[int, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (value,) * axes


@rule("GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalMaxPooling1D",
      "GlobalMaxPooling2D")  # fmt: skip
def _(layer: Layer, values: Sequence[Tensor]) -> Tensor:
    flow = values[0].plain() if layer.channels_first else values[0].first()
    kind = "GlobalAveragePool" if "Average" in layer.kind else "GlobalMaxPool"
    result = applied(kind, flow)
    if layer.get("keepdims", False):
        return Tensor(result, not layer.channels_first)
    return Tensor(result.shaped(result.shape[:2]))


@rule("BatchNormalization")
def _(layer: Layer, values: Sequence[Tensor]) -> Tensor:
    weights = list(layer.weights)
    size = weights[-1].size
    gamma = weights.pop(0) if layer.get("scale", True) else np.ones(size)
    beta = weights.pop(0) if layer.get("center", True) else np.zeros(size)
    axis, count = _axis(layer), len(values[0].flow.shape)
    last = axis in (-1, count - 1)
    if not last and axis != 1:
        raise OperatorError(f"BatchNormalization along the axis {axis}")
    turned = last and count > 2
    flow = values[0].first() if turned else values[0].plain()
    result = applied("BatchNormalization", flow, gamma, beta, *weights,
                     epsilon=float(layer.get("epsilon", 1e-3)))  # fmt: skip
    return Tensor(result, turned)


@rule("LayerNormalization")
def _(layer: Layer, values: Sequence[Tensor]) -> Tensor:
    flow, weights = values[0].plain(), list(layer.weights)
    if _axis(layer) not in (-1, len(flow.shape) - 1):
        raise OperatorError(f"LayerNormalization along the axis {layer.get('axis')}")
    gamma = weights.pop(0) if layer.get("scale", True) else np.ones(flow.shape[-1])
    beta = weights.pop(0) if layer.get("center", True) else None
    return Tensor(applied("LayerNormalization", flow, gamma, beta, axis=-1,
                          epsilon=float(layer.get("epsilon", 1e-3))))  # fmt: skip


def _axis(layer: Layer) -> Any:
    axis = layer.get("axis", -1)
    return axis[0] if isinstance(axis, list | tuple) and len(axis) == 1 else axis


@rule("Activation")
def _(layer: Layer, values: Sequence[Tensor]) -> Tensor:
    return activated(values[0], layer.get("activation"))


@rule("ReLU")
def _(layer: Layer, values: Sequence[Tensor]) -> Tensor:
    most, slope = layer.get("max_value"), layer.get("negative_slope", 0)
    if layer.get("threshold", 0) or (slope and most is not None):
        raise OperatorError("ReLU with a threshold, or with a slope and a greatest value")
    act = LeakyReLU(slope) if slope else ReLU() if most is None else Hardtanh(0, most)
    return values[0].each(lambda f: f.then(act))


@rule("LeakyReLU")
def _(layer: Layer, values: Sequence[Tensor]) -> Tensor:
    slope = layer.get("negative_slope", 0.3)
    return values[0].each(lambda f: f.then(LeakyReLU(slope)))


@rule("ELU")
def _(layer: Layer, values: Sequence[Tensor]) -> Tensor:
    return values[0].each(lambda f: f.then(ELU(layer.get("alpha", 1.0))))


@rule("PReLU")
def _(layer: Layer, values: Sequence[Tensor]) -> Tensor:
    return Tensor(applied("PRelu", values[0].plain(), layer.weights[0][None]))


@rule("Softmax")
def _(layer: Layer, values: Sequence[Tensor]) -> Tensor:
    return Tensor(applied("Softmax", values[0].plain(), axis=_axis(layer)))


@rule("Dropout", "SpatialDropout1D", "SpatialDropout2D", "GaussianNoise", "GaussianDropout",
      "AlphaDropout", "ActivityRegularization", "Identity")  # fmt: skip
def _(layer: Layer, values: Sequence[Tensor]) -> Tensor:
    return values[0]


@rule("Flatten")
def _(layer: Layer, values: Sequence[Tensor]) -> Tensor:
    if layer.channels_first:
        raise OperatorError("Flatten with channels_first")
    flow = values[0].plain()
    return Tensor(flow.shaped((flow.shape[0], flow.size // flow.shape[0])))


@rule("Reshape")
def _(layer: Layer, values: Sequence[Tensor]) -> Tensor:
    flow = values[0].plain()
    try:
        shape = flow.places.reshape(flow.shape[0], *layer.get("target_shape")).shape
    except (ValueError, TypeError):
        raise OperatorError(f"Reshape to {layer.get('target_shape')}") from None
    return Tensor(flow.shaped(shape))


@rule("Permute")
def _(layer: Layer, values: Sequence[Tensor]) -> Tensor:
    flow = values[0].plain()
    return Tensor(flow.chosen(flow.places.transpose(0, *layer.get("dims"))))


@rule("ZeroPadding1D", "ZeroPadding2D")
def _(layer: Layer, values: Sequence[Tensor]) -> Tensor:
    flow = values[0].plain() if layer.channels_first else values[0].first()
    given = layer.get("padding")
    sides = [given] if layer.kind == "ZeroPadding1D" else given
    widths = [_pair(side, 2) for side in sides]
    if sum(max(w) for w in widths) > 1 << 12:
        raise OperatorError(f"{layer.kind} by {given}")
    places = np.pad(flow.places, [(0, 0), (0, 0), *widths], constant_values=-1)
    return Tensor(flow.chosen(places), not layer.channels_first)


@rule("Rescaling")
def _(layer: Layer, values: Sequence[Tensor]) -> Tensor:
    scale, offset = (np.asarray(layer.get(k, d), dtype=np.float64)
                     for k, d in (("scale", 1), ("offset", 0)))  # fmt: skip
    return Tensor(values[0].plain().scaled(scale, offset))


@rule("Add", "Subtract", "Maximum", "Minimum", "Average")
def _(layer: Layer, values: Sequence[Tensor]) -> Tensor:
    turned = all(v.turned for v in values)
    flows = [v.flow if turned else v.plain() for v in values]
    kind = {"Subtract": "Sub", "Maximum": "Max", "Minimum": "Min"}.get(layer.kind, "Add")
    result = reduce(lambda a, b: applied(kind, a, b), flows)
    if layer.kind == "Average":
        result = applied("Div", result, np.float64(len(flows)))
    return Tensor(result, turned)


@rule("Concatenate")
def _(layer: Layer, values: Sequence[Tensor]) -> Tensor:
    axis = _axis(layer)
    if axis == -1 and all(v.turned for v in values):
        return Tensor(applied("Concat", *(v.flow for v in values), axis=1), True)
    return Tensor(applied("Concat", *(v.plain() for v in values), axis=axis))
