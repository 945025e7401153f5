"""Mul and Div."""

from __future__ import annotations

from collections.abc import Sequence

from ...layers._linear import Linear
from ._base import (
    Constant,
    Operator,
    OperatorError,
    Value,
    array_of,
    diagonal,
    exactly,
    flow_of,
    matrix,
    spread,
)


class Mul(Operator):
    """x c, c x and x / c with a constant c.

    Source: https://onnx.ai/onnx/operators/onnx__Mul.html.
    """

    onnx = ("Mul", "Div")

    def objection(self, constant: Sequence[bool]) -> str | None:
        if not any(constant):
            return "of two values that both depend on the input"
        if self.node.kind == "Div" and not constant[1]:
            return "by a value that depends on the input"
        return super().objection(constant)

    def apply(self, inputs: Sequence[Value | None]) -> Value:
        left, right = inputs
        if isinstance(left, Constant) and not isinstance(right, Constant):
            left, right = right, left
        factor = exactly(array_of(right))
        if self.node.kind == "Div":
            if not factor.all():
                raise OperatorError("a divisor is 0")
            factor = 1 / factor
        if isinstance(left, Constant):
            return Constant(exactly(left.array) * factor)
        flow = flow_of(left)
        column = spread(factor, flow.shape)
        if (column == 1).all():
            return flow
        return flow.then(Linear(diagonal(matrix(column))))
