"""ThresholdedRelu."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...activations._relu import ReLU
from ...activations._step import Step
from ._base import Flow, Operator, Value, exactly, flow_of, joined


class ThresholdedRelu(Operator):
    """x where x > alpha, else 0: relu(x - alpha) + alpha step(x - alpha).

    Source: https://onnx.ai/onnx/operators/onnx__ThresholdedRelu.html.
    """

    onnx = ("ThresholdedRelu",)
    attributes = ("alpha",)

    def objection(self, constant: Sequence[bool]) -> str | None:
        return "of a constant" if all(constant) else super().objection(constant)

    def apply(self, inputs: Sequence[Value | None]) -> Flow:
        alpha = exactly(np.array(self.attribute("alpha", 1.0)))
        above = flow_of(inputs[0]).scaled(1, -alpha)
        if not alpha.all():
            return above.then(ReLU())
        return joined([above.then(ReLU()), above.then(Step()).scaled(alpha)], added=True)
