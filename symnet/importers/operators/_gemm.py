"""Gemm."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ._base import (
    Constant,
    Flow,
    Operator,
    Value,
    array_of,
    matrix,
    scaled,
    shifted,
    spread,
)
from ._mat_mul import times


class Gemm(Operator):
    """alpha A' B' + beta C, where A' and B' may be transposed; one of A and B is a constant.

    Source: https://onnx.ai/onnx/operators/onnx__Gemm.html.
    """

    onnx = ("Gemm",)
    attributes = ("alpha", "beta", "broadcast", "transA", "transB")

    def objection(self, constant: Sequence[bool]) -> str | None:
        if sum(constant[:2]) != 1:
            return "of two values that both depend on the input, or neither"
        if len(constant) > 2 and not constant[2]:
            return "with an offset that depends on the input"
        return super().objection(constant)

    def apply(self, inputs: Sequence[Value | None]) -> Flow:
        left, right, *rest = inputs
        if self.attribute("transA", 0):
            left = _transposed(left)
        if self.attribute("transB", 0):
            right = _transposed(right)
        result = times(left, right, self.attribute("alpha", 1.0))
        if rest and rest[0] is not None:
            offset = matrix(spread(array_of(rest[0]), result.shape), "C")
            result = shifted(result, scaled(offset, self.attribute("beta", 1.0)))
        return result


def _transposed(value: Value | None) -> Value:
    if isinstance(value, Flow):
        return value.chosen(value.places.T)
    return Constant(np.transpose(array_of(value)))
