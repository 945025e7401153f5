"""Concat."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from .._base import MAX_ENTRIES
from ._base import (
    Constant,
    Flow,
    Operator,
    OperatorError,
    Value,
    axis_of,
    checked,
    exactly,
    given,
    joined,
)


class Concat(Operator):
    """Tensors one after the other along an axis; some of them may be constants.

    Source: https://onnx.ai/onnx/operators/onnx__Concat.html.
    """

    onnx = ("Concat",)
    attributes = ("axis",)

    def apply(self, inputs: Sequence[Value | None]) -> Value:
        values = [given(value) for value in inputs]
        axis = axis_of(self.attribute("axis", 0), len(values[0].shape))
        flows = [value for value in values if isinstance(value, Flow)]
        if sum(prod(value.shape) for value in values) > MAX_ENTRIES >> 4:
            raise OperatorError("the tensors are too large together")
        if not flows:
            return Constant(_stacked([v.array for v in values if isinstance(v, Constant)], axis))
        starts = iter(np.cumsum([0, *(flow.size for flow in flows)]).tolist())
        places = _stacked(
            [v.places + next(starts) if isinstance(v, Flow) else np.full(v.shape, -1)
             for v in values], axis,
        )  # fmt: skip
        checked(places.shape)
        column = flows[0] if len(flows) == 1 else joined(flows)
        result = column.chosen(places)
        if len(flows) == len(values):
            return result
        numbers = [np.zeros(v.shape, dtype=np.int64) if isinstance(v, Flow) else exactly(v.array)
                   for v in values]  # fmt: skip
        return result.scaled(1, _stacked(numbers, axis))


def _stacked(arrays: Sequence[np.ndarray], axis: int) -> np.ndarray:
    try:
        return np.concatenate(arrays, axis=axis)
    except ValueError:
        shapes = ", ".join(str(a.shape) for a in arrays)
        raise OperatorError(f"the shapes {shapes} do not fit along axis {axis}") from None
