"""Where."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ._base import (
    Constant,
    Flow,
    Operator,
    OperatorError,
    Value,
    array_of,
    broadcast,
    common_shape,
    computed,
    given,
    joined,
    together,
)


class Where(Operator):
    """The entries of one tensor where a constant condition holds, of another elsewhere.

    Source: https://onnx.ai/onnx/operators/onnx__Where.html.
    """

    onnx = ("Where",)

    def objection(self, constant: Sequence[bool]) -> str | None:
        if not constant[0]:
            return "by a condition that depends on the input"
        return super().objection(constant)

    def apply(self, inputs: Sequence[Value | None]) -> Value:
        condition = array_of(inputs[0])
        values = [given(value) for value in inputs[1:]]
        if condition.dtype != np.bool_:
            raise OperatorError(f"its condition holds {condition.dtype}, and truth values belong")
        shape = common_shape(condition.shape, *(value.shape for value in values))
        constants = [value for value in values if isinstance(value, Constant)]
        numbers = iter(together(constants))
        flows = [value.spread(shape) for value in values if isinstance(value, Flow)]
        starts = iter(np.cumsum([0, *(flow.size for flow in flows)]).tolist())
        spread, here = iter(flows), broadcast(condition, shape)
        places = [next(spread).places + next(starts) if isinstance(v, Flow)
                  else np.full(shape, -1) for v in values]  # fmt: skip
        offsets = [np.zeros(shape, dtype=np.int64) if isinstance(v, Flow)
                   else broadcast(next(numbers), shape) for v in values]  # fmt: skip
        if not flows:
            return computed(np.where(here, *offsets), *(c.array for c in constants))
        column = flows[0] if len(flows) == 1 else joined(flows)
        result = column.chosen(np.where(here, *places))
        return result.scaled(1, np.where(here, *offsets)) if constants else result
