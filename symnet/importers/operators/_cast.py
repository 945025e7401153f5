"""Cast."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .._base import rounded
from ._base import Constant, Operator, OperatorError, Value, exactly, given

#: ONNX's numbers for types: floats, and integers.
_FLOATS = {1: "float32", 10: "float16", 11: "float64"}
_INTEGERS = {2: "uint8", 3: "int8", 4: "uint16", 5: "int16", 6: "int32", 7: "int64",
             12: "uint32", 13: "uint64"}  # fmt: skip


class Cast(Operator):
    """x -> x for floats that depend on the input, which are real numbers here.

    Constants are rounded to the type as the operator does.

    Source: https://onnx.ai/onnx/operators/onnx__Cast.html.
    """

    onnx = ("Cast", "CastLike")
    attributes = ("to", "saturate", "round_mode")

    def objection(self, constant: Sequence[bool]) -> str | None:
        if self.node.kind == "CastLike":
            return None if not constant[0] else "of a constant"
        to = self.attribute("to", 0)
        if to not in _FLOATS and to not in _INTEGERS:
            return f"to the type number {to}"
        if not constant[0] and to in _INTEGERS:
            return "to integers, which rounds a value that depends on the input"
        return super().objection(constant)

    def apply(self, inputs: Sequence[Value | None]) -> Value:
        value = given(inputs[0])
        if not isinstance(value, Constant):
            return value
        to, numbers = self.attribute("to", 0), exactly(value.array)
        flat = numbers.ravel().tolist()
        if to in _INTEGERS:
            kind = np.iinfo(_INTEGERS[to])
            whole = [int(v) for v in flat]  # towards 0
            if any(not kind.min <= v <= kind.max for v in whole):
                raise OperatorError(f"a constant does not fit {_INTEGERS[to]}")
            return Constant(np.array(whole, dtype=_INTEGERS[to]).reshape(numbers.shape))
        try:
            near = np.array([v.numerator / v.denominator for v in flat])
        except OverflowError:
            raise OperatorError(f"a constant does not fit {_FLOATS[to]}") from None
        return Constant(rounded(near, flat.__getitem__, _FLOATS[to]).reshape(numbers.shape))
