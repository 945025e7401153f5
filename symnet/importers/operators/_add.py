"""Add and Sub."""

from __future__ import annotations

from collections.abc import Sequence

from ...layers._linear import Linear
from ._base import (
    Constant,
    Operator,
    Value,
    array_of,
    diagonal,
    exactly,
    flow_of,
    matrix,
    ones,
    scaled,
    shifted,
    spread,
)


class Add(Operator):
    """x + c, c + x, x - c and c - x with a constant c.

    Source: https://onnx.ai/onnx/operators/onnx__Add.html.
    """

    onnx = ("Add", "Sub")

    def objection(self, constant: Sequence[bool]) -> str | None:
        if not any(constant):
            return "of two values that both depend on the input"
        return super().objection(constant)

    def apply(self, inputs: Sequence[Value | None]) -> Value:
        left, right = inputs
        sign = 1 if self.node.kind == "Add" else -1
        if isinstance(left, Constant) and isinstance(right, Constant):
            return Constant(exactly(left.array) + sign * exactly(right.array))
        if isinstance(right, Constant):
            flow = flow_of(left)
            return shifted(flow, scaled(matrix(spread(right.array, flow.shape)), sign))
        flow = flow_of(right)
        if sign < 0:
            flow = flow.then(Linear(scaled(diagonal(ones(flow.size)), -1)))
        return shifted(flow, matrix(spread(array_of(left), flow.shape)))
