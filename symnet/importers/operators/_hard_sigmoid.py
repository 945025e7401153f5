"""HardSigmoid."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...activations._hardtanh import Hardtanh
from ._base import Flow, Operator, Value, exactly, flow_of


class HardSigmoid(Operator):
    """max(0, min(1, alpha x + beta)).

    Source: https://onnx.ai/onnx/operators/onnx__HardSigmoid.html.
    """

    onnx = ("HardSigmoid",)
    attributes = ("alpha", "beta", "consumed_inputs")

    def objection(self, constant: Sequence[bool]) -> str | None:
        return "of a constant" if all(constant) else super().objection(constant)

    def apply(self, inputs: Sequence[Value | None]) -> Flow:
        defaults = (("alpha", 0.2), ("beta", 0.5))
        numbers = np.array([self.attribute(k, float(np.float32(v))) for k, v in defaults])
        alpha, beta = exactly(numbers)
        return flow_of(inputs[0]).scaled(alpha, beta).then(Hardtanh(0, 1))
