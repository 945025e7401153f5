"""ReduceSum, ReduceMean, ReduceMax and ReduceMin."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from ...exact.sparse_matrix import SparseRationalMatrix
from ...layers._avg_pool1d import AvgPool1d
from ...layers._max import Max
from ...layers._maxout import Maxout
from ...layers._sparse_linear import SparseLinear
from ._base import Flow, Operator, OperatorError, Value, axis_of, flow_of, integers_of


class Reduce(Operator):
    """Sums, means, maxima and minima along axes, all of them where none are given.

    Source: https://onnx.ai/onnx/operators/onnx__ReduceSum.html.
    """

    onnx = ("ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin")
    attributes = ("axes", "keepdims", "noop_with_empty_axes")

    def objection(self, constant: Sequence[bool]) -> str | None:
        if constant[0] or not all(constant[1:]):
            return "of a constant, or along axes that depend on the input"
        return super().objection(constant)

    def apply(self, inputs: Sequence[Value | None]) -> Flow:
        flow = flow_of(inputs[0])
        count = len(flow.shape)
        second = inputs[1] if len(inputs) > 1 else None
        given = list(self.attribute("axes", ())) if second is None else integers_of(second)
        if not given and self.attribute("noop_with_empty_axes", 0):
            return flow
        axes = {axis_of(k, count) for k in given} or set(range(count))
        if len(axes) != (len(given) or count):
            raise OperatorError(f"the axes {given} repeat")
        kept = [k for k in range(count) if k not in axes]
        order = [*kept, *sorted(axes)]
        groups = flow.places.transpose(order).reshape(prod(flow.shape[k] for k in kept), -1)
        if self.attribute("keepdims", 1):
            shape = [1 if k in axes else n for k, n in enumerate(flow.shape)]
        else:
            shape = [flow.shape[k] for k in kept]
        return self._joined(flow, groups, shape)

    def _joined(self, flow: Flow, groups: np.ndarray, shape: Sequence[int]) -> Flow:
        rows, size = groups.shape
        if self.node.kind in ("ReduceMax", "ReduceMin"):
            sign = 1 if self.node.kind == "ReduceMax" else -1
            greatest = Max() if rows == 1 else Maxout(size)
            return flow.scaled(sign).chosen(groups).then(greatest, shape).scaled(sign)
        if self.node.kind == "ReduceMean":
            return flow.chosen(groups).then(AvgPool1d(size, size, rows), shape)
        row = np.repeat(np.arange(rows), size)
        matrix = SparseRationalMatrix.of_entries(
            (rows, flow.size), row, groups.ravel(), [1] * groups.size
        )
        return flow.then(SparseLinear(matrix), shape)
