"""Selu."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...activations._elu import ELU
from ._base import Flow, Operator, Value, exactly, flow_of


class Selu(Operator):
    """gamma elu(x, alpha), with the numbers that the node has, or the defaults in float32.

    Source: https://onnx.ai/onnx/operators/onnx__Selu.html.
    """

    onnx = ("Selu",)
    attributes = ("alpha", "gamma", "consumed_inputs")

    def objection(self, constant: Sequence[bool]) -> str | None:
        return "of a constant" if all(constant) else super().objection(constant)

    def apply(self, inputs: Sequence[Value | None]) -> Flow:
        alpha = self.attribute("alpha", 1.67326319217681884765625)
        gamma = self.attribute("gamma", 1.05070102214813232421875)
        flow = flow_of(inputs[0]).then(ELU(alpha))
        return flow.scaled(exactly(np.array(gamma)))
