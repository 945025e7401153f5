"""Identity and Dropout."""

from __future__ import annotations

from collections.abc import Sequence

from ._base import Operator, OperatorError, Value, array_of


class Dropout(Operator):
    """x -> x, what dropout is at inference; so nothing stays of it.

    Source: https://onnx.ai/onnx/operators/onnx__Dropout.html.
    """

    onnx = ("Identity", "Dropout")
    attributes = ("ratio", "seed", "is_test")

    def objection(self, constant: Sequence[bool]) -> str | None:
        if self.node.kind == "Dropout" and self.version < 7 and not self.attribute("is_test", 0):
            return "in training mode; export the model for inference"
        if len(constant) > 2 and self.node.inputs[2] and not constant[2]:
            return "with a training mode that depends on the input"
        return super().objection(constant)

    def apply(self, inputs: Sequence[Value | None]) -> Value:
        mode = inputs[2] if len(inputs) > 2 else None
        if mode is not None and array_of(mode).any():
            raise OperatorError("it is in training mode; export the model for inference")
        value = inputs[0]
        if value is None:
            raise OperatorError("an input is missing")
        return value
