"""Shape."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ._base import Constant, Operator, Value, given


class Shape(Operator):
    """The sizes of a tensor, which are constants here.

    Source: https://onnx.ai/onnx/operators/onnx__Shape.html.
    """

    onnx = ("Shape",)
    attributes = ("start", "end")

    def is_constant(self, constant: Sequence[bool]) -> bool:
        return True

    def apply(self, inputs: Sequence[Value | None]) -> Constant:
        shape = given(inputs[0]).shape
        part = shape[self.attribute("start", 0) : self.attribute("end", len(shape))]
        return Constant(np.array(part, dtype=np.int64))
