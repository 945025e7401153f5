"""Min and Max."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np

from ...activations._relu import ReLU
from ...layers._maxout import Maxout
from ._base import (
    Array,
    Constant,
    Flow,
    Operator,
    Value,
    common_shape,
    computed,
    given,
    joined,
    together,
)


class MinMax(Operator):
    """The least or greatest of several tensors, entry by entry; some may be constants.

    Source: https://onnx.ai/onnx/operators/onnx__Max.html.
    """

    onnx = ("Min", "Max")

    def apply(self, inputs: Sequence[Value | None]) -> Value:
        values = [given(value) for value in inputs]
        shape = common_shape(*(value.shape for value in values))
        flows = [v.spread(shape) for v in values if isinstance(v, Flow)]
        constants = together([v for v in values if isinstance(v, Constant)])
        greatest = self.node.kind == "Max"
        bound = reduce(np.maximum if greatest else np.minimum, constants) if constants else None
        if not flows:
            return computed(bound, *(v.array for v in values if isinstance(v, Constant)))
        flow = flows[0] if len(flows) == 1 else _extreme(flows, greatest)
        return flow if bound is None else bounded(flow, bound, greatest)


def _extreme(flows: Sequence[Flow], greatest: bool) -> Flow:
    """max(x, y, …), or -max(-x, -y, …): the entries that are compared side by side."""
    sign, size, count = 1 if greatest else -1, flows[0].size, len(flows)
    column = joined([flow.scaled(sign) for flow in flows])
    order = np.arange(count * size).reshape(count, size).T
    return column.chosen(order).then(Maxout(count), flows[0].shape).scaled(sign)


def bounded(flow: Flow, bound: Array, below: bool) -> Flow:
    """max(x, c) = relu(x - c) + c, or min(x, c) = c - relu(c - x)."""
    sign = 1 if below else -1
    return flow.scaled(sign, -sign * bound).then(ReLU()).scaled(sign, bound)
