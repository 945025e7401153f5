"""What modules and functions of torch are, in the operators of ONNX, at inference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..activations._prelu import PReLU
from ._arrays import array_of
from ._building import activation_of, applied
from .operators import Constant, Flow, OperatorError

#: What a module of this name gives at a value; found under the names of torch.nn.
MODULES: dict[str, Callable[..., Any]] = {}


def module(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Put a function under the names of modules."""

    def put(function: Callable[..., Any]) -> Callable[..., Any]:
        MODULES.update(dict.fromkeys(names, function))
        return function

    return put


def at_module(name: str, layer: Any, values: tuple[Any, ...]) -> Any:
    """The value of a module at values."""
    known = MODULES.get(name)
    if known is not None:
        return known(layer, *values)
    function = activation_of(name, lambda key: getattr(layer, key, None))
    if function is None:
        raise OperatorError(f"the module {name}")
    parameters = [getattr(layer, p) for p in function.parameters]
    return entrywise(function, values[0], parameters)


def entrywise(function: Any, x: Any, parameters: Any) -> Flow:
    """An activation at every entry."""
    if not isinstance(x, Flow):
        raise OperatorError(f"{function.__name__} of a constant")
    return x.then(function.layer(*parameters))


def tensor(value: Any, name: str = "a parameter") -> Any:
    """A parameter as an array; None stays None."""
    return None if value is None else array_of(value, name)


def linear(x: Flow, weight: Any, bias: Any = None) -> Any:
    """x W^T + b along the last axis."""
    W, b = tensor(weight), tensor(bias)
    if len(x.shape) == 2:
        return applied("Gemm", x, W, b, transB=1)
    product = applied("MatMul", x, W.T)
    return product if b is None else applied("Add", product, b)


def convolution(x: Flow, weight: Any, bias: Any = None, stride: Any = 1, padding: Any = 0,
                dilation: Any = 1, groups: int = 1) -> Any:  # fmt: skip
    """A cross-correlation over one or two axes."""
    W, b = tensor(weight), tensor(bias)
    axes = W.ndim - 2
    d = _each(dilation, axes)
    if isinstance(padding, str):
        total = [
            a * (k - 1) if padding == "same" else 0 for a, k in zip(d, W.shape[2:], strict=True)
        ]
        pads = (*(t // 2 for t in total), *(t - t // 2 for t in total))
    else:
        pads = _each(padding, axes) * 2
    return applied("Conv", x, W, b, strides=_each(stride, axes), pads=pads, dilations=d,
                   group=groups)  # fmt: skip


def max_pool(x: Flow, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1,
             ceil_mode: bool = False, return_indices: bool = False) -> Any:  # fmt: skip
    """Maxima over windows."""
    if return_indices:
        raise OperatorError("a pool that gives places too")
    axes = len(x.shape) - 2
    kernel = _each(kernel_size, axes)
    return applied(
        "MaxPool", x, kernel_shape=kernel, strides=_each(stride or kernel, axes),
        pads=_each(padding, axes) * 2, dilations=_each(dilation, axes), ceil_mode=int(ceil_mode),
    )  # fmt: skip


def average_pool(x: Flow, kernel_size: Any, stride: Any = None, padding: Any = 0,
                 ceil_mode: bool = False, count_include_pad: bool = True,
                 divisor_override: Any = None) -> Any:  # fmt: skip
    """Means over windows."""
    if divisor_override is not None:
        raise OperatorError("a pool with a divisor of its own")
    axes = len(x.shape) - 2
    kernel = _each(kernel_size, axes)
    return applied(
        "AveragePool", x, kernel_shape=kernel, strides=_each(stride or kernel, axes),
        pads=_each(padding, axes) * 2, ceil_mode=int(ceil_mode),
        count_include_pad=int(count_include_pad),
    )  # fmt: skip


def adaptive_pool(kind: str, x: Flow, output_size: Any) -> Any:
    """A pool with so many windows, where these are equal."""
    axes = len(x.shape) - 2
    sizes = [n if v is None else int(v)
             for v, n in zip(_each(output_size, axes), x.shape[2:], strict=True)]  # fmt: skip
    if any(n % v for n, v in zip(x.shape[2:], sizes, strict=True)):
        raise OperatorError(f"an adaptive pool from {x.shape[2:]} to {tuple(sizes)} points")
    kernel = [n // v for n, v in zip(x.shape[2:], sizes, strict=True)]
    return applied(kind, x, kernel_shape=tuple(kernel), strides=tuple(kernel))


def _each(value: Any, axes: int) -> tuple[Any, ...]:
    given = tuple(value) if isinstance(value, tuple | list) else (value,) * axes
    return given * axes if len(given) == 1 else given


@module("Linear")
def _(layer: Any, x: Flow) -> Any:
    return linear(x, layer.weight, layer.bias)


@module("Conv1d", "Conv2d")
def _(layer: Any, x: Flow) -> Any:
    if layer.padding_mode != "zeros":
        raise OperatorError(f"{type(layer).__name__} with padding_mode={layer.padding_mode!r}")
    return convolution(x, layer.weight, layer.bias, layer.stride, layer.padding, layer.dilation,
                       layer.groups)  # fmt: skip


@module("ConvTranspose1d", "ConvTranspose2d")
def _(layer: Any, x: Flow) -> Any:
    return applied(
        "ConvTranspose", x, tensor(layer.weight), tensor(layer.bias), strides=layer.stride,
        pads=tuple(layer.padding) * 2, output_padding=layer.output_padding,
        dilations=layer.dilation, group=layer.groups,
    )  # fmt: skip


@module("BatchNorm1d", "BatchNorm2d")
def _(layer: Any, x: Flow) -> Any:
    if layer.running_mean is None:
        raise OperatorError(f"{type(layer).__name__} with the statistics of its input")
    mu, v = tensor(layer.running_mean), tensor(layer.running_var)
    gamma = np.ones_like(mu) if layer.weight is None else tensor(layer.weight)
    beta = np.zeros_like(mu) if layer.bias is None else tensor(layer.bias)
    return applied("BatchNormalization", x, gamma, beta, mu, v, epsilon=float(layer.eps))


@module("LayerNorm")
def _(layer: Any, x: Flow) -> Any:
    gamma = tensor(layer.weight)
    gamma = np.ones(layer.normalized_shape) if gamma is None else gamma
    return applied("LayerNormalization", x, gamma, tensor(layer.bias),
                   axis=-len(layer.normalized_shape), epsilon=float(layer.eps))  # fmt: skip


@module("MaxPool1d", "MaxPool2d")
def _(layer: Any, x: Flow) -> Any:
    return max_pool(x, layer.kernel_size, layer.stride, layer.padding, layer.dilation,
                    layer.ceil_mode, layer.return_indices)  # fmt: skip


@module("AvgPool1d", "AvgPool2d")
def _(layer: Any, x: Flow) -> Any:
    divisor = getattr(layer, "divisor_override", None)
    return average_pool(x, layer.kernel_size, layer.stride, layer.padding, layer.ceil_mode,
                        layer.count_include_pad, divisor)  # fmt: skip


@module("AdaptiveAvgPool1d", "AdaptiveAvgPool2d")
def _(layer: Any, x: Flow) -> Any:
    return adaptive_pool("AveragePool", x, layer.output_size)


@module("AdaptiveMaxPool1d", "AdaptiveMaxPool2d")
def _(layer: Any, x: Flow) -> Any:
    return adaptive_pool("MaxPool", x, layer.output_size)


@module("PReLU")
def _(layer: Any, x: Flow) -> Any:
    slopes = tensor(layer.weight)
    if slopes.size == 1:
        return x.then(PReLU(slopes.ravel()[0]))
    return applied("PRelu", x, slopes.reshape(-1, *[1] * (len(x.shape) - 2)))


@module("Softplus")
def _(layer: Any, x: Flow) -> Any:
    if layer.beta != 1:
        raise OperatorError(f"Softplus with beta={layer.beta}")
    return entrywise(activation_of("Softplus", lambda key: None), x, ())


@module("Softmax")
def _(layer: Any, x: Flow) -> Any:
    return applied("Softmax", x, axis=1 if layer.dim is None else layer.dim)


@module("Flatten")
def _(layer: Any, x: Flow) -> Any:
    return flattened(x, layer.start_dim, layer.end_dim)


@module("Unflatten")
def _(layer: Any, x: Flow) -> Any:
    axis = layer.dim % len(x.shape)
    sizes = tuple(layer.unflattened_size)
    return reshaped(x, (*x.shape[:axis], *sizes, *x.shape[axis + 1 :]))


@module("Dropout", "Dropout1d", "Dropout2d", "AlphaDropout", "FeatureAlphaDropout", "Identity")
def _(layer: Any, x: Any) -> Any:
    return x


def flattened(x: Flow, start: int = 0, end: int = -1) -> Flow:
    """Several axes as one."""
    count = len(x.shape)
    first, last = start % count, end % count
    return reshaped(x, (*x.shape[:first], -1, *x.shape[last + 1 :]))


def reshaped(x: Flow, shape: Any) -> Flow:
    """The same numbers in another shape; -1 stands for what is left."""
    try:
        return x.shaped(x.places.reshape(tuple(int(n) for n in shape)).shape)
    except (ValueError, TypeError):
        raise OperatorError(f"a tensor of shape {x.shape} has no shape {tuple(shape)}") from None


def as_value(value: Any) -> Any:
    """A tensor as a constant; all else as it is."""
    return Constant(tensor(value)) if hasattr(value, "detach") else value
