"""MatMul."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from ...layers._linear import Linear
from .._base import MAX_ENTRIES
from ._base import (
    Array,
    Constant,
    Flow,
    Operator,
    OperatorError,
    Value,
    array_of,
    flow_of,
    matrix,
    scaled,
)


class MatMul(Operator):
    """A B as numpy.matmul has it; one of them is a constant matrix.

    Source: https://onnx.ai/onnx/operators/onnx__MatMul.html.
    """

    onnx = ("MatMul",)

    def objection(self, constant: Sequence[bool]) -> str | None:
        if sum(constant) != 1:
            return "of two values that both depend on the input, or neither"
        return super().objection(constant)

    def apply(self, inputs: Sequence[Value | None]) -> Flow:
        return times(inputs[0], inputs[1])


def times(left: Value | None, right: Value | None, factor: float = 1.0) -> Flow:
    """factor A B; a tensor with more rows is taken row by row."""
    if isinstance(right, Constant):
        flow, array = flow_of(left), right.array
        rows = flow.shape[:-1]
        _check(flow.shape[-1:], array, array.shape[:1])
        return _linear(flow, array.T, factor, (*rows, *array.shape[1:]), prod(rows), True)
    flow, array = flow_of(right), array_of(left)
    inner = flow.shape[-2:-1] or flow.shape
    _check(inner, array, array.shape[-1:])
    if any(size != 1 for size in flow.shape[:-2]):
        raise OperatorError(f"a matrix times a tensor of shape {flow.shape} is not supported")
    last = flow.shape[-1:] if len(flow.shape) > 1 else ()
    shape = (*flow.shape[:-2], *array.shape[:-1], *last)
    return _linear(flow, array, factor, shape, prod(last), False)


def _check(inner: tuple[int, ...], array: Array, outer: tuple[int, ...]) -> None:
    if array.ndim != 2:
        raise OperatorError(f"a constant of shape {array.shape} is not a matrix")
    if inner != outer:
        raise OperatorError(f"{inner} entries do not fit a matrix of shape {array.shape}")


def _linear(
    flow: Flow, weight: Array, factor: float, shape: Sequence[int], copies: int, outside: bool
) -> Flow:
    """The linear layer for as many copies of a matrix as there are rows or columns."""
    if copies != 1:
        if weight.size * copies**2 > MAX_ENTRIES:
            raise OperatorError(f"{copies} times a matrix of shape {weight.shape} is too large")
        unit = np.eye(copies, dtype=weight.dtype)
        weight = np.kron(unit, weight) if outside else np.kron(weight, unit)
    return flow.then(Linear(scaled(matrix(weight), factor)), shape)
