"""What stands for activations, layers and functions while a forward function runs."""

from __future__ import annotations

from typing import Any

import numpy as np
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.matrixbase import MatrixBase

from ..activations import ActivationFunction, every_function
from ..activations._relu import ReLU
from ..base import Network
from ..errors import TracingError
from ..layers._softmax import Softmax
from ._column import Column, Factor, as_scalar

FOLLOWED = "what is followed is @, +, -, * by a scalar, .T, activations, layers and networks"


class _Layer:
    """A layer that can be called on a traced matrix; otherwise it is as it was."""

    def __init__(self, layer: Network) -> None:
        self._layer = layer

    def __call__(self, value: Any) -> Any:
        if not isinstance(value, Column):
            return self._layer(value)
        return Column(value.graph, value.graph.applied(self._layer, value.matrix()))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._layer, name)


_BY_NAME: dict[str, Any] = {f.__name__: f.layer for f in every_function()} | {
    "softmax": Softmax,
    "absolute": next(f for f in every_function() if f.__name__ == "abs").layer,
}


def stand_in(value: Any) -> Any:
    """What the function sees in place of ``value``; None for the value itself."""
    if isinstance(value, Network):
        return _Layer(value)
    if not callable(value):
        return None
    for known, own in ((np.maximum, maximum), (np.vstack, _stacked), (np.concatenate, _stacked)):
        if value is known:
            return own
    if isinstance(value, type) and issubclass(value, Network | MatrixExpr | MatrixBase):
        return None
    if isinstance(value, type) and issubclass(value, ActivationFunction):
        return _applying(value, value.layer)
    module = getattr(value, "__module__", None) or "numpy"
    if module.partition(".")[0] not in ("numpy", "math", "sympy", "symnet"):
        return None
    return _applying(value, _BY_NAME.get(getattr(value, "__name__", "")))


def _applying(function: Any, layer: Any) -> Any:
    def apply(*args: Any, **options: Any) -> Any:
        if not any(isinstance(a, Column) and a.node is not None for a in args):
            return function(*(_plain(a) for a in args), **options)
        if layer is None:
            raise TracingError(
                f"{function.__name__} is no activation that symnet knows; {FOLLOWED}"
            )
        parameters = [as_scalar(a) for a in args[1:]]
        named = {n: as_scalar(v) for n, v in options.items()}
        if named:
            order = layer.function.parameters
            parameters += [named[n] for n in order[len(parameters) :] if n in named]
        return _Layer(layer(*parameters))(args[0])

    return apply


def _plain(value: Any) -> Any:
    return as_scalar(value) if isinstance(value, Column | Factor) else value


def maximum(*args: Any, **options: Any) -> Any:
    columns = [a for a in args if isinstance(a, Column) and a.node is not None]
    others = [a for a in args if not any(a is c for c in columns)]
    if not columns:
        return max(*args, **options)
    if len(columns) != 1 or len(others) != 1 or as_scalar(others[0]) != 0:
        raise TracingError("max of matrices is followed for max(0, z) alone, which is relu(z)")
    return _Layer(ReLU())(columns[0])


def minimum(*args: Any, **options: Any) -> Any:
    if any(isinstance(a, Column) for a in args):
        raise TracingError("min of matrices is not followed; use symnet.activation for functions")
    return min(*args, **options)


def _stacked(parts: Any, axis: int = 0) -> Any:
    columns = [p for p in parts if isinstance(p, Column)]
    if len(columns) != len(parts) or axis != 0 or not columns:
        raise TracingError("only whole columns are stacked, one below the other")
    graph = columns[0].graph
    return Column(graph, graph.stack([c.matrix() for c in columns]))
