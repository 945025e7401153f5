"""Pools."""

from __future__ import annotations

from collections.abc import Sequence

from ...layers._avg_pool1d import AvgPool1d
from ...layers._avg_pool2d import AvgPool2d
from ...layers._max_pool1d import MaxPool1d
from ...layers._max_pool2d import MaxPool2d
from ._base import Flow, OperatorError, Value, flow_of
from ._windowed import Windowed


class Pool(Windowed):
    """MaxPool and AveragePool over one or two axes, and both over the whole grid.

    Source: https://onnx.ai/onnx/operators/onnx__AveragePool.html, and the pages of the others.
    """

    onnx = ("AveragePool", "MaxPool", "GlobalAveragePool", "GlobalMaxPool")
    attributes = ("auto_pad", "ceil_mode", "count_include_pad", "dilations", "kernel_shape",
                  "pads", "storage_order", "strides")  # fmt: skip

    def apply(self, inputs: Sequence[Value | None]) -> Flow:
        flow = flow_of(inputs[0])
        size = self.grid(flow)
        kind = ((AvgPool1d, AvgPool2d), (MaxPool1d, MaxPool2d))["Max" in self.node.kind][
            len(size) - 1
        ]
        if self.node.kind.startswith("Global"):
            layer = kind(size, size, flow.shape[1])
        else:
            kernel = self.attribute("kernel_shape", ())
            stride, pads, dilation = self.sides(size, kernel)
            if max(kernel) > 1 << 12:
                raise OperatorError(f"a kernel of {tuple(kernel)} points is too large")
            layer = kind(
                tuple(kernel), size, flow.shape[1], stride, pads, dilation,
                bool(self.attribute("ceil_mode", 0)), bool(self.attribute("count_include_pad", 0)),
            )  # fmt: skip
        return flow.then(layer, (*flow.shape[:2], *layer.out_size))
