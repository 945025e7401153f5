"""Neg."""

from __future__ import annotations

from collections.abc import Sequence

from ._add import negative
from ._base import Operator, Value, given


class Neg(Operator):
    """-x.

    Source: https://onnx.ai/onnx/operators/onnx__Neg.html.
    """

    onnx = ("Neg",)

    def apply(self, inputs: Sequence[Value | None]) -> Value:
        return negative(given(inputs[0]))
