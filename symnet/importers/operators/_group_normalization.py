"""InstanceNormalization and GroupNormalization."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from ...layers._layer_norm import LayerNorm
from ._base import Flow, Operator, OperatorError, Value, array_of, flow_of, joined
from ._softmax import MAX_COLUMNS


class GroupNormalization(Operator):
    """Mean 0 and variance 1 over groups of channels, or each channel, then scaled and shifted.

    Source: https://onnx.ai/onnx/operators/onnx__GroupNormalization.html.
    """

    onnx = ("InstanceNormalization", "GroupNormalization")
    attributes = ("epsilon", "num_groups", "stash_type")

    def objection(self, constant: Sequence[bool]) -> str | None:
        if constant[0] or not all(constant[1:]):
            return "of a constant, or with parameters that depend on the input"
        return super().objection(constant)

    def apply(self, inputs: Sequence[Value | None]) -> Flow:
        flow = flow_of(inputs[0])
        if len(flow.shape) < 3 or flow.shape[0] != 1:
            raise OperatorError(f"a tensor of shape {flow.shape} is no sample with channels")
        channels = flow.shape[1]
        single = self.node.kind == "InstanceNormalization"
        groups = channels if single else self.attribute("num_groups", 1)
        if not 1 <= groups <= MAX_COLUMNS or channels % groups:
            raise OperatorError(f"{channels} channels are not read in {groups} groups")
        # until version 21 a group has one number, from then on a channel
        each = groups if not single and self.version < 21 else channels
        size = prod(flow.shape[1:])
        columns = [array_of(value).ravel() for value in inputs[1:3]]
        if any(len(column) != each for column in columns):
            raise OperatorError(f"{each} scales and offsets do not have the sizes of {columns}")
        gamma, beta = (np.repeat(c, size // each).reshape(groups, -1) for c in columns)
        places = flow.places.reshape(groups, -1)
        eps = self.attribute("epsilon", float(np.float32(1e-5)))
        layers = [LayerNorm(g, b, eps=eps) for g, b in zip(gamma, beta, strict=True)]
        parts = [flow.chosen(p).then(layer) for p, layer in zip(places, layers, strict=True)]
        return (parts[0] if groups == 1 else joined(parts)).shaped(flow.shape)
