"""Softmax."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from ...layers._softmax import Softmax as SoftmaxLayer
from ._base import Flow, Operator, OperatorError, Value, axis_of, flow_of, joined

#: Along one axis of a tensor there are at most so many columns, each a branch of the network.
MAX_COLUMNS = 1 << 10


class Softmax(Operator):
    """exp(x_i) / (exp(x_1) + … + exp(x_n)) along an axis; before version 13 along all from it on.

    Source: https://onnx.ai/onnx/operators/onnx__Softmax.html.
    """

    onnx = ("Softmax",)
    attributes = ("axis",)

    def objection(self, constant: Sequence[bool]) -> str | None:
        return "of a constant" if all(constant) else super().objection(constant)

    def apply(self, inputs: Sequence[Value | None]) -> Flow:
        flow = flow_of(inputs[0])
        old = self.version < 13
        axis = axis_of(self.attribute("axis", 1 if old else -1), len(flow.shape))
        if old:
            columns = flow.places.reshape(prod(flow.shape[:axis]), -1)
        else:
            columns = np.moveaxis(flow.places, axis, -1).reshape(-1, flow.shape[axis])
        if len(columns) == 1:
            return flow.then(SoftmaxLayer())
        if len(columns) > MAX_COLUMNS:
            raise OperatorError(f"over {len(columns)} columns; at most {MAX_COLUMNS} are read")
        parts = [flow.chosen(column).then(SoftmaxLayer()) for column in columns]
        back = np.argsort(columns.ravel(), kind="stable")
        return joined(parts).chosen(back.reshape(flow.shape))
