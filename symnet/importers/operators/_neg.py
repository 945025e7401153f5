"""Neg."""

from __future__ import annotations

from collections.abc import Sequence

from ._base import Constant, Operator, Value, exactly, given


class Neg(Operator):
    """-x.

    Source: https://onnx.ai/onnx/operators/onnx__Neg.html.
    """

    onnx = ("Neg",)

    def apply(self, inputs: Sequence[Value | None]) -> Value:
        value = given(inputs[0])
        return Constant(-exactly(value.array)) if isinstance(value, Constant) else value.scaled(-1)
