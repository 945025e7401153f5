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
    MAX_CONSTANTS,
    Array,
    Constant,
    Flow,
    Operator,
    OperatorError,
    Value,
    array_of,
    checked,
    computed,
    exactly,
    flow_of,
    matrix,
    scaled,
)


class MatMul(Operator):
    """A B as numpy.matmul has it; at least one of them is a constant.

    Source: https://onnx.ai/onnx/operators/onnx__MatMul.html.
    """

    onnx = ("MatMul",)

    def objection(self, constant: Sequence[bool]) -> str | None:
        if not any(constant):
            return "of two values that both depend on the input"
        return super().objection(constant)

    def apply(self, inputs: Sequence[Value | None]) -> Value:
        if all(isinstance(value, Constant) for value in inputs):
            return product(*map(array_of, inputs))
        return times(inputs[0], inputs[1])


def product(left: Array, right: Array) -> Constant:
    """A B for constants, exactly."""
    if left.ndim > 2 or right.ndim > 2 or not left.ndim or left.shape[-1:] != right.shape[:1]:
        raise OperatorError(f"constants of the shapes {left.shape} and {right.shape} do not fit")
    if left.size * prod(right.shape[1:]) > MAX_CONSTANTS:
        raise OperatorError(
            f"a product of constants of the shapes {left.shape} and {right.shape} is too large"
        )
    return computed(exactly(left) @ exactly(right), left, right)


def times(left: Value | None, right: Value | None, factor: float = 1.0) -> Flow:
    """factor A B; a tensor with more rows is taken row by row."""
    if isinstance(right, Constant):
        flow, array = flow_of(left), right.array
        rows = flow.shape[:-1]
        _check(flow.shape[-1:], array, array.shape[:1])
        shape = (*rows, *array.shape[1:])
        return _linear(flow, np.atleast_2d(array.T), factor, shape, prod(rows), 1)
    flow, array = flow_of(right), array_of(left)
    inner = flow.shape[-2:-1] or flow.shape
    _check(inner, array, array.shape[-1:])
    last = flow.shape[-1:] if len(flow.shape) > 1 else ()
    shape = (*flow.shape[:-2], *array.shape[:-1], *last)
    return _linear(flow, np.atleast_2d(array), factor, shape, prod(flow.shape[:-2]), prod(last))


def _check(inner: tuple[int, ...], array: Array, outer: tuple[int, ...]) -> None:
    if array.ndim not in (1, 2):
        raise OperatorError(f"a constant of shape {array.shape} is not a matrix")
    if inner != outer:
        raise OperatorError(f"{inner} entries do not fit a matrix of shape {array.shape}")


def _linear(
    flow: Flow, weight: Array, factor: float, shape: Sequence[int], outer: int, inner: int
) -> Flow:
    """The linear layer I ⊗ W ⊗ I: a copy of the matrix for every row, column and sample."""
    exact = scaled(matrix(weight), factor)
    if outer * inner == 1:
        return flow.then(Linear(exact), shape)
    if weight.size * outer * inner > MAX_ENTRIES >> 4:
        raise OperatorError(f"{outer * inner} times a matrix of shape {weight.shape} is too large")
    checked(shape)
    rows, cols = np.indices(weight.shape).reshape(2, 1, -1, 1)
    before, after = np.arange(outer)[:, None, None], np.arange(inner)[None, None, :]
    i, j = ((before * size + place) * inner + after
            for size, place in zip(weight.shape, (rows, cols), strict=True))  # fmt: skip
    values = np.array(exact.flat(), dtype=object).reshape(1, -1, 1)
    sparse = SparseRationalMatrix.of_entries(
        (weight.shape[0] * outer * inner, weight.shape[1] * outer * inner),
        i.ravel(), j.ravel(), np.broadcast_to(values, i.shape).ravel(), exact.denominator,
    )  # fmt: skip
    return flow.then(SparseLinear(sparse), shape)
