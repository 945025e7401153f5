"""MatMul."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from ...exact.sparse_matrix import SparseRationalMatrix
from ...layers._linear import Linear
from ...layers._sparse_linear import SparseLinear
from .._base import MAX_ENTRIES
from ._base import (
    Array,
    Constant,
    Flow,
    Operator,
    OperatorError,
    Value,
    array_of,
    checked,
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
        shape = (*rows, *array.shape[1:])
        return _linear(flow, np.atleast_2d(array.T), factor, shape, prod(rows), True)
    flow, array = flow_of(right), array_of(left)
    inner = flow.shape[-2:-1] or flow.shape
    _check(inner, array, array.shape[-1:])
    if any(size != 1 for size in flow.shape[:-2]):
        raise OperatorError(f"a matrix times a tensor of shape {flow.shape} is not supported")
    last = flow.shape[-1:] if len(flow.shape) > 1 else ()
    shape = (*flow.shape[:-2], *array.shape[:-1], *last)
    return _linear(flow, np.atleast_2d(array), factor, shape, prod(last), False)


def _check(inner: tuple[int, ...], array: Array, outer: tuple[int, ...]) -> None:
    if array.ndim not in (1, 2):
        raise OperatorError(f"a constant of shape {array.shape} is not a matrix")
    if inner != outer:
        raise OperatorError(f"{inner} entries do not fit a matrix of shape {array.shape}")


def _linear(
    flow: Flow, weight: Array, factor: float, shape: Sequence[int], copies: int, outside: bool
) -> Flow:
    """The linear layer for as many copies of a matrix as there are rows or columns."""
    exact = scaled(matrix(weight), factor)
    if copies == 1:
        return flow.then(Linear(exact), shape)
    if weight.size * copies > MAX_ENTRIES >> 4:
        raise OperatorError(f"{copies} times a matrix of shape {weight.shape} is too large")
    checked(shape)
    rows, cols = np.indices(weight.shape).reshape(2, 1, -1)
    copy = np.arange(copies)[:, None]
    if outside:
        i, j = copy * weight.shape[0] + rows, copy * weight.shape[1] + cols
    else:
        i, j = rows * copies + copy, cols * copies + copy
    sparse = SparseRationalMatrix.of_entries(
        (weight.shape[0] * copies, weight.shape[1] * copies),
        i.ravel(), j.ravel(), exact.flat() * copies, exact.denominator,
    )  # fmt: skip
    return flow.then(SparseLinear(sparse), shape)
