"""LayerNormalization."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from ...layers._layer_norm import LayerNorm
from ._base import Flow, Operator, OperatorError, Value, array_of, axis_of, flow_of, joined, spread
from ._softmax import MAX_COLUMNS


class LayerNormalization(Operator):
    """Mean 0 and variance 1 over the axes from one on, then scaled and shifted.

    Source: https://onnx.ai/onnx/operators/onnx__LayerNormalization.html.
    """

    onnx = ("LayerNormalization",)
    attributes = ("axis", "epsilon", "stash_type")

    def objection(self, constant: Sequence[bool]) -> str | None:
        if constant[0] or not all(constant[1:]):
            return "of a constant, or with parameters that depend on the input"
        return super().objection(constant)

    def apply(self, inputs: Sequence[Value | None]) -> Flow:
        flow = flow_of(inputs[0])
        axis = axis_of(self.attribute("axis", -1), len(flow.shape))
        inner = flow.shape[axis:]
        columns = flow.places.reshape(-1, prod(inner))
        if len(columns) > MAX_COLUMNS:
            raise OperatorError(f"over {len(columns)} columns; at most {MAX_COLUMNS} are read")
        gamma, beta = (
            None if value is None else spread(array_of(value), inner)
            for value in [*inputs[1:3], None, None][:2]
        )
        eps = self.attribute("epsilon", float(np.float32(1e-5)))
        zeros = np.zeros(prod(inner))
        layer = LayerNorm(gamma, zeros if beta is None else beta, eps=eps)
        if len(columns) == 1:
            return flow.then(layer)
        return joined([flow.chosen(c).then(layer) for c in columns]).shaped(flow.shape)
