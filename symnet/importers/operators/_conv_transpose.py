"""ConvTranspose."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from ...layers._conv1d import Conv1d
from ...layers._conv2d import Conv2d
from ...layers._sparse_linear import SparseLinear
from .._base import MAX_ENTRIES
from ._base import Flow, OperatorError, Value, array_of, checked, exactly, flow_of, matrix
from ._windowed import Windowed


class ConvTranspose(Windowed):
    """The transpose of the matrix of a convolution from the grid of the result to the input's.

    Source: https://onnx.ai/onnx/operators/onnx__ConvTranspose.html.
    """

    onnx = ("ConvTranspose",)
    attributes = ("auto_pad", "dilations", "group", "kernel_shape", "output_padding", "pads",
                  "strides")  # fmt: skip

    def objection(self, constant: Sequence[bool]) -> str | None:
        if not all(constant[1:]):
            return "with weights that depend on the input"
        if self.attribute("auto_pad", "NOTSET") not in ("NOTSET", "VALID"):
            return f"with auto_pad = {self.attribute('auto_pad', '')}"
        return super().objection(constant)

    def apply(self, inputs: Sequence[Value | None]) -> Flow:
        flow, weight = flow_of(inputs[0]), array_of(inputs[1])
        size, kernel, groups = self.grid(flow), weight.shape[2:], self.attribute("group", 1)
        if weight.ndim != len(flow.shape) or groups < 1 or len(weight) != flow.shape[1]:
            raise OperatorError(
                f"a weight of shape {weight.shape} in {groups} groups does not fit a tensor of "
                f"shape {flow.shape}"
            )
        stride, pads, dilation = self.sides(size, kernel)
        extra = list(self.attribute("output_padding", (0,) * len(size)))
        if len(extra) != len(size) or any(
            not 0 <= e < s for e, s in zip(extra, stride, strict=True)
        ):
            raise OperatorError(f"an output padding {extra} does not fit the strides {stride}")
        count = len(size)
        wide = [
            s * (n - 1) + e + d * (k - 1) + 1 - pads[j] - pads[j + count]
            for j, (n, k, s, d, e) in enumerate(
                zip(size, kernel, stride, dilation, extra, strict=True)
            )
        ]
        shape = (1, weight.shape[1] * groups, *wide)
        checked(shape)
        entries = weight.size * prod(size)
        if entries > MAX_ENTRIES >> 4:
            raise OperatorError(f"a matrix with {entries} entries is too large")
        kind = (Conv1d, Conv2d)[count - 1]
        flat = matrix(weight.reshape(len(weight), -1))
        back = kind(flat, None, wide, stride, pads, dilation, groups, kernel)
        bias = None
        if len(inputs) > 2 and inputs[2]:
            each = exactly(array_of(inputs[2])).reshape(1, -1, *(1,) * count)
            bias = matrix(np.broadcast_to(each, shape).ravel(), "b")
        return flow.then(SparseLinear(back.sparse.T, bias), shape)
