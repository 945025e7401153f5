"""Conv."""

from __future__ import annotations

from collections.abc import Sequence

from ...layers._conv1d import Conv1d
from ...layers._conv2d import Conv2d
from ._base import Flow, OperatorError, Value, array_of, flow_of, matrix
from ._windowed import Windowed


class Conv(Windowed):
    """A convolution over one or two axes with constant weights.

    Source: https://onnx.ai/onnx/operators/onnx__Conv.html.
    """

    onnx = ("Conv",)
    attributes = ("auto_pad", "dilations", "group", "kernel_shape", "pads", "strides")

    def objection(self, constant: Sequence[bool]) -> str | None:
        if not all(constant[1:]) or len(constant) < 2:
            return "with weights that depend on the input"
        return super().objection(constant)

    def apply(self, inputs: Sequence[Value | None]) -> Flow:
        flow, weight = flow_of(inputs[0]), array_of(inputs[1])
        size, kernel = self.grid(flow), weight.shape[2:]
        groups = self.attribute("group", 1)
        stated = tuple(self.attribute("kernel_shape", kernel))
        if weight.ndim != len(flow.shape) or stated != kernel or groups < 1:
            raise OperatorError(
                f"a kernel {stated} and a weight of shape {weight.shape} in {groups} groups do not "
                f"fit a tensor of shape {flow.shape}"
            )
        if weight.shape[1] * groups != flow.shape[1]:
            raise OperatorError(
                f"{flow.shape[1]} channels do not fit a weight of shape {weight.shape} "
                f"in {groups} groups"
            )
        stride, pads, dilation = self.sides(size, kernel)
        bias = matrix(array_of(inputs[2]).ravel(), "b") if len(inputs) > 2 and inputs[2] else None
        flat = matrix(weight.reshape(len(weight), -1))
        kind = (Conv1d, Conv2d)[len(size) - 1]
        layer = kind(flat, bias, size, stride, pads, dilation, groups, kernel)
        return flow.then(layer, (1, len(weight), *layer.out_size))
