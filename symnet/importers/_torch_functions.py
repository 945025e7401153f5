"""What functions and methods of torch are, at values of a graph."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..activations import every_function
from ..activations._hardtanh import Hardtanh
from ._building import applied
from ._torch_modules import (
    adaptive_pool,
    as_value,
    average_pool,
    convolution,
    entrywise,
    flattened,
    linear,
    max_pool,
    reshaped,
    tensor,
)
from .operators import Constant, Flow, OperatorError


def at_function(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The value of a function or method of torch by its name, at values."""
    args = tuple(map(as_value, args))
    kwargs = {key: as_value(v) for key, v in kwargs.items() if key not in ("inplace", "training")}
    if not any(isinstance(v, Flow) for v in _flat(args)):
        raise OperatorError(f"the function {name} of values that do not depend on the input")
    known = FUNCTIONS.get(name)
    if known is not None:
        try:
            return known(*args, **kwargs)
        except TypeError as error:
            raise OperatorError(f"the function {name} with these arguments ({error})") from None
    return _activation(name.rstrip("_"), args, kwargs)


def _flat(args: Any) -> list[Any]:
    return [v for a in args for v in (a if isinstance(a, tuple | list) else (a,))]


def _activation(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    approximate = kwargs.pop("approximate", "none")
    for function in every_function():
        wanted = function.options.get("approximate", "none")
        torch = (function.torch or "").lower()
        if name not in (function.__name__, torch) or name == "gelu" != torch:
            continue
        if torch == "gelu" and wanted != approximate:
            continue
        given = dict(zip(function.parameters, args[1:], strict=False)) | kwargs
        chosen = [given.pop(p, d) for p, d in zip(function.parameters, _defaults(function),
                                                  strict=True)]  # fmt: skip
        if given:
            raise OperatorError(f"the function {name} with {', '.join(given)}")
        return entrywise(function, args[0], [_number(v) for v in chosen])
    raise OperatorError(f"the function {name}")


def _defaults(function: Any) -> Any:
    # torch's are floats, which are taken as they are
    count = len(function.parameters) - len(function.defaults)
    return [None] * count + [float(v) for v in function.defaults]


def _number(value: Any) -> Any:
    return value.array.ravel()[0] if isinstance(value, Constant) else value


def _binary(kind: str, turned: bool = False) -> Callable[..., Any]:
    def apply(a: Any, b: Any, alpha: Any = 1) -> Any:
        if alpha != 1:
            raise OperatorError(f"{kind} with alpha={alpha}")
        pair = [v if isinstance(v, Flow | Constant) else np.float64(v) for v in (a, b)]
        return applied(kind, *(pair[::-1] if turned else pair))

    return apply


def _axes(x: Flow, dims: Any) -> Any:
    return tuple(dims[0]) if len(dims) == 1 and isinstance(dims[0], tuple | list) else tuple(dims)


def _permute(x: Flow, *dims: Any) -> Flow:
    return x.chosen(x.places.transpose(_axes(x, dims)))


def _item(x: Any, index: Any) -> Any:
    if not isinstance(x, Flow):
        return x[index]
    found = x.places[index]
    if np.ndim(found) == 0:
        found = np.asarray(found)
    return x.chosen(np.asarray(found))


def _reduce(kind: str) -> Callable[..., Any]:
    def apply(x: Flow, dim: Any = None, keepdim: bool = False) -> Any:
        axes = (
            range(len(x.shape)) if dim is None else dim if isinstance(dim, tuple | list) else (dim,)
        )
        kept = {"axes": tuple(axes)} if kind != "ReduceSum" else {}
        more = (np.array(list(axes), dtype=np.int64),) if kind == "ReduceSum" else ()
        return applied(kind, x, *more, keepdims=int(keepdim), **kept)

    return apply


def _clamp(x: Flow, min: Any = None, max: Any = None) -> Any:
    if min is not None and max is not None and not isinstance(min, Constant | Flow):
        return x.then(Hardtanh(min, max))
    if min is not None:
        x = _binary("Max")(x, min)
    return x if max is None else _binary("Min")(x, max)


def _squeeze(x: Flow, *dims: Any) -> Flow:
    count = len(x.shape)
    axes = {d % count for d in _axes(x, dims)} if dims else set(range(count))
    return x.shaped([n for k, n in enumerate(x.shape) if k not in axes or n != 1])


def _unsqueeze(x: Flow, dim: int) -> Flow:
    return x.shaped(np.expand_dims(x.places, dim).shape)


def _softmax(x: Flow, dim: Any = None, dtype: Any = None, **more: Any) -> Any:
    return applied("Softmax", x, axis=1 if dim is None else dim)


def _batch_norm(x: Flow, mu: Any, v: Any, weight: Any = None, bias: Any = None, *rest: Any,
                eps: float = 1e-5, momentum: Any = None) -> Any:  # fmt: skip
    gamma = Constant(np.ones_like(mu.array)) if weight is None else weight
    beta = Constant(np.zeros_like(mu.array)) if bias is None else bias
    return applied("BatchNormalization", x, gamma, beta, mu, v, epsilon=float(eps))


def _layer_norm(
    x: Flow, shape: Any, weight: Any = None, bias: Any = None, eps: float = 1e-5
) -> Any:
    gamma = np.ones(tuple(shape)) if weight is None else weight
    return applied("LayerNormalization", x, gamma, bias, axis=-len(shape), epsilon=float(eps))


def _array(value: Any) -> Any:
    return value.array if isinstance(value, Constant) else tensor(value)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "add": _binary("Add"), "iadd": _binary("Add"), "add_": _binary("Add"), "sub": _binary("Sub"),
    "radd": _binary("Add"), "rsub": _binary("Sub", turned=True), "mul": _binary("Mul"),
    "mul_": _binary("Mul"), "truediv": _binary("Div"), "div": _binary("Div"),
    "maximum": _binary("Max"), "minimum": _binary("Min"), "matmul": _binary("MatMul"),
    "neg": lambda x: applied("Neg", x),
    "cat": lambda xs, dim=0, axis=None: applied("Concat", *xs, axis=dim if axis is None else axis),
    "concat": lambda xs, dim=0: applied("Concat", *xs, axis=dim),
    "flatten": lambda x, start_dim=0, end_dim=-1: flattened(x, start_dim, end_dim),
    "view": lambda x, *shape: reshaped(x, _axes(x, shape)),
    "reshape": lambda x, *shape: reshaped(x, _axes(x, shape)),
    "permute": _permute, "transpose": lambda x, a, b: x.chosen(x.places.swapaxes(a, b)),
    "t": lambda x: x.chosen(x.places.T), "getitem": _item, "squeeze": _squeeze,
    "unsqueeze": _unsqueeze, "contiguous": lambda x: x, "clone": lambda x: x,
    "detach": lambda x: x, "float": lambda x: x, "double": lambda x: x,
    "dropout": lambda x, *more, **named: x, "dropout1d": lambda x, *more, **named: x,
    "dropout2d": lambda x, *more, **named: x,
    "size": lambda x, dim=None: x.shape if dim is None else x.shape[dim],
    "dim": lambda x: len(x.shape),
    "mean": _reduce("ReduceMean"), "sum": _reduce("ReduceSum"),
    "amax": _reduce("ReduceMax"), "amin": _reduce("ReduceMin"),
    "clamp": _clamp, "clip": _clamp, "softmax": _softmax,
    "linear": lambda x, weight, bias=None: linear(x, _array(weight), _array(bias)),
    "conv1d": lambda x, w, b=None, *rest, **named: convolution(x, _array(w), _array(b), *rest,
                                                               **named),
    "conv2d": lambda x, w, b=None, *rest, **named: convolution(x, _array(w), _array(b), *rest,
                                                               **named),
    "max_pool1d": max_pool, "max_pool2d": max_pool, "avg_pool1d": average_pool,
    "avg_pool2d": average_pool, "batch_norm": _batch_norm, "layer_norm": _layer_norm,
    "adaptive_avg_pool1d": lambda x, size: adaptive_pool("AveragePool", x, size),
    "adaptive_avg_pool2d": lambda x, size: adaptive_pool("AveragePool", x, size),
}  # fmt: skip
