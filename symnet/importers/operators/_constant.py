"""Constant."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ._base import Constant, Operator, OperatorError, Value


class ConstantNode(Operator):
    """A tensor in the graph.

    Source: https://onnx.ai/onnx/operators/onnx__Constant.html.
    """

    onnx = ("Constant",)
    attributes = ("value", "value_float", "value_floats", "value_int", "value_ints")

    def apply(self, inputs: Sequence[Value | None]) -> Constant:
        for name in self.attributes:
            value = self.attribute(name, None)
            if value is not None:
                kind = np.int64 if "int" in name else np.float32
                return Constant(value if name == "value" else np.array(value, dtype=kind))
        raise OperatorError("it has no value")
