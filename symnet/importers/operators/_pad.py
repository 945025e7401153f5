"""Pad."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ._base import (
    Flow,
    Operator,
    OperatorError,
    Value,
    axis_of,
    checked,
    exactly,
    flow_of,
    integers_of,
    number_of,
)


class Pad(Operator):
    """A tensor continued on its sides: by a number, by its edge, mirrored, or round again.

    Source: https://onnx.ai/onnx/operators/onnx__Pad.html.
    """

    onnx = ("Pad",)
    attributes = ("mode", "pads", "value")

    def objection(self, constant: Sequence[bool]) -> str | None:
        if constant[0] or not all(constant[1:]):
            return "of a constant, or with sizes that depend on the input"
        if self.attribute("mode", "constant") not in ("constant", "edge", "reflect", "wrap"):
            return f"with mode = {self.attribute('mode', '')}"
        return super().objection(constant)

    def apply(self, inputs: Sequence[Value | None]) -> Flow:
        flow, count = flow_of(inputs[0]), len(flow_of(inputs[0]).shape)
        rest = [*inputs[1:], None, None, None]
        pads = list(self.attribute("pads", ())) if rest[0] is None else integers_of(rest[0])
        axes = (
            range(count) if rest[2] is None else [axis_of(k, count) for k in integers_of(rest[2])]
        )
        if len(pads) != 2 * len(axes) or any(p < 0 for p in pads):
            raise OperatorError(f"the pads {pads} do not fit {len(axes)} axes, or are negative")
        widths = [(0, 0)] * count
        for k, axis in enumerate(axes):
            widths[axis] = (pads[k], pads[k + len(axes)])
        checked([n + a + b for n, (a, b) in zip(flow.shape, widths, strict=True)])
        mode = self.attribute("mode", "constant")
        if mode != "constant":
            return flow.chosen(np.pad(flow.places, widths, mode=mode))
        places = np.pad(flow.places, widths, constant_values=-1)
        value = self.attribute("value", 0.0) if rest[1] is None else number_of(rest[1])
        padded = flow.chosen(places)
        if value == 0:
            return padded
        (number,) = exactly(np.array([value]))
        return padded.scaled(1, np.where(places < 0, number, 0))
