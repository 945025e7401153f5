"""Add, Sub and Sum."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from ._base import (
    Constant,
    Flow,
    Operator,
    Value,
    common_shape,
    computed,
    exactly,
    given,
    joined,
    together,
)


class Add(Operator):
    """Sums and differences of tensors, constants among them.

    Source: https://onnx.ai/onnx/operators/onnx__Add.html.
    """

    onnx = ("Add", "Sub", "Sum")
    attributes = ("axis", "broadcast", "consumed_inputs")

    def objection(self, constant: Sequence[bool]) -> str | None:
        if self.attribute("broadcast", 0) and self.attribute("axis", None) is not None:
            return "with the attribute axis"
        return super().objection(constant)

    def apply(self, inputs: Sequence[Value | None]) -> Value:
        values = [given(value) for value in inputs]
        if self.node.kind == "Sub":
            values[1] = negative(values[1])
        shape = common_shape(*(value.shape for value in values))
        flows = [v.spread(shape) for v in values if isinstance(v, Flow)]
        constants = together([v for v in values if isinstance(v, Constant)])
        total = reduce(lambda a, b: a + b, constants) if constants else None
        if not flows:
            return computed(total, *(v.array for v in values if isinstance(v, Constant)))
        flow = flows[0] if len(flows) == 1 else joined(flows, added=True)
        return flow if total is None else flow.scaled(1, total)


def negative(value: Value) -> Value:
    """-x."""
    if isinstance(value, Constant):
        return computed(-exactly(value.array), value.array)
    return value.scaled(-1)
