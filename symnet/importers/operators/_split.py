"""Split."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ._base import Constant, Operator, OperatorError, Value, axis_of, given, integers_of


class Split(Operator):
    """A tensor cut along an axis, in pieces of given sizes or of equal ones.

    Source: https://onnx.ai/onnx/operators/onnx__Split.html.
    """

    onnx = ("Split",)
    attributes = ("axis", "split", "num_outputs")
    gives_all = True

    def objection(self, constant: Sequence[bool]) -> str | None:
        if not all(constant[1:]):
            return "into sizes that depend on the input"
        return super().objection(constant)

    def apply(self, inputs: Sequence[Value | None]) -> tuple[Value, ...]:
        value = given(inputs[0])
        axis = axis_of(self.attribute("axis", 0), len(value.shape))
        size, count = value.shape[axis], len(self.node.outputs)
        sizes = list(self.attribute("split", ()))
        if len(inputs) > 1 and inputs[1] is not None:
            sizes = integers_of(inputs[1])
        if not sizes:
            each = -(-size // count)
            sizes = [each] * (count - 1) + [size - each * (count - 1)]
        if sum(sizes) != size or len(sizes) != count or min(sizes) < 1:
            raise OperatorError(f"pieces {sizes} for {count} outputs do not make {size}")
        cuts = np.cumsum(sizes)[:-1].tolist()
        if isinstance(value, Constant):
            return tuple(Constant(part) for part in np.split(value.array, cuts, axis))
        return tuple(value.chosen(part) for part in np.split(value.places, cuts, axis))
