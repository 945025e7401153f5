"""ConstantOfShape."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ._base import Constant, Operator, Value, checked, integers_of, number_of


class ConstantOfShape(Operator):
    """A tensor with one number everywhere.

    Source: https://onnx.ai/onnx/operators/onnx__ConstantOfShape.html.
    """

    onnx = ("ConstantOfShape",)
    attributes = ("value",)

    def objection(self, constant: Sequence[bool]) -> str | None:
        if not all(constant):
            return "with a shape that depends on the input"
        return super().objection(constant)

    def apply(self, inputs: Sequence[Value | None]) -> Constant:
        shape = integers_of(inputs[0])
        checked(shape)
        value = Constant(self.attribute("value", np.zeros(1, np.float32)))
        return Constant(np.full(shape, number_of(value)))
