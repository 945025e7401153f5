"""Mul and Div."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...activations._silu import SiLU
from ._base import (
    Constant,
    Flow,
    Operator,
    OperatorError,
    Value,
    common_shape,
    computed,
    exactly,
    given,
    together,
)


class Mul(Operator):
    """x c, c x and x / c with a constant c; and x sigmoid(x), which is written as such a product.

    Source: https://onnx.ai/onnx/operators/onnx__Mul.html.
    """

    onnx = ("Mul", "Div")

    def objection(self, constant: Sequence[bool]) -> str | None:
        if self.node.kind == "Div" and not constant[1]:
            return "by a value that depends on the input"
        if not any(constant) and self._silu() is None:
            return "of two values that both depend on the input"
        return super().objection(constant)

    def _silu(self) -> int | None:
        """Which factor is x, where the other one is sigmoid(x)."""
        for k, (x, other) in enumerate(zip(self.node.inputs, self.node.inputs[::-1], strict=True)):
            maker = self.makers.get(other)
            if maker is not None and (maker.kind, maker.inputs[:1]) == ("Sigmoid", (x,)):
                return k
        return None

    def apply(self, inputs: Sequence[Value | None]) -> Value:
        left, right = map(given, inputs)
        shape = common_shape(left.shape, right.shape)
        if isinstance(left, Flow) and isinstance(right, Flow):
            return (left, right)[self._silu() or 0].then(SiLU())
        if isinstance(left, Constant) and isinstance(right, Constant):
            return self._product(left, right)
        flow, constant = (left, right) if isinstance(left, Flow) else (right, left)
        assert isinstance(flow, Flow)
        assert isinstance(constant, Constant)
        factor = _inverse(exactly(constant.array)) if self.node.kind == "Div" else constant.array
        return flow.spread(shape).scaled(factor)

    def _product(self, left: Constant, right: Constant) -> Constant:
        number, factor = together([left, right])
        # integers are divided towards 0
        result = number * (factor if self.node.kind == "Mul" else _inverse(factor))
        return computed(result, left.array, right.array)


def _inverse(numbers: np.ndarray) -> np.ndarray:
    if not numbers.all():
        raise OperatorError("a divisor is 0")
    return np.asarray(1 / numbers, dtype=object)
