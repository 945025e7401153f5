"""PRelu."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...activations._prelu import PReLU
from ...activations._relu import ReLU
from ._base import (
    Flow,
    Operator,
    OperatorError,
    Value,
    array_of,
    broadcast,
    common_shape,
    exactly,
    flow_of,
    joined,
)


class PRelu(Operator):
    """max(0, x) + a min(0, x); one slope is a layer of its own, several are written out.

    Source: https://onnx.ai/onnx/operators/onnx__PRelu.html.
    """

    onnx = ("PRelu",)
    attributes = ("consumed_inputs",)

    def objection(self, constant: Sequence[bool]) -> str | None:
        if len(constant) != 2 or constant[0] or not constant[1]:
            return "with slopes that are not constants"
        return super().objection(constant)

    def apply(self, inputs: Sequence[Value | None]) -> Flow:
        flow, slope = flow_of(inputs[0]), exactly(array_of(inputs[1]))
        slope = self._by_channel(slope, flow.shape)
        if not slope.size:
            raise OperatorError("there are no slopes")
        if (slope == slope.ravel()[0]).all():
            return flow.then(PReLU(slope.ravel()[0]))
        common_shape(flow.shape, slope.shape)
        below = flow.scaled(-1).then(ReLU()).scaled(-broadcast(slope, flow.shape))
        return joined([flow.then(ReLU()), below], added=True)

    def _by_channel(self, slope: Any, shape: tuple[int, ...]) -> Any:
        """Older versions have one slope for every channel, which is the second axis."""
        if self.version < 7 and slope.ndim == 1 and len(shape) > 1 and slope.size == shape[1]:
            return slope.reshape(-1, *(1,) * (len(shape) - 2))
        return slope
