"""Clip."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...activations._hardtanh import Hardtanh
from ...activations._relu6 import ReLU6
from ._base import Constant, Operator, Value, exactly, given, number_of
from ._min_max import bounded


class Clip(Operator):
    """min(hi, max(lo, x)); either bound may be left out.

    Source: https://onnx.ai/onnx/operators/onnx__Clip.html.
    """

    onnx = ("Clip",)
    attributes = ("min", "max", "consumed_inputs")

    def objection(self, constant: Sequence[bool]) -> str | None:
        if not all(constant[1:]):
            return "between bounds that depend on the input"
        return super().objection(constant)

    def apply(self, inputs: Sequence[Value | None]) -> Value:
        value = given(inputs[0])
        lo, hi = (self._bound(k, name, inputs) for k, name in ((1, "min"), (2, "max")))
        if isinstance(value, Constant):
            array = exactly(value.array)
            array = array if lo is None else np.maximum(array, lo)
            return Constant(array if hi is None else np.minimum(array, hi))
        if lo is not None and hi is not None and lo <= hi:
            return value.then(ReLU6() if (lo, hi) == (0, 6) else Hardtanh(lo, hi))
        if lo is not None:
            value = bounded(value, lo, below=True)
        return value if hi is None else bounded(value, hi, below=False)

    def _bound(self, k: int, name: str, inputs: Sequence[Value | None]) -> Any:
        """A bound as a fraction; an infinite one, or the greatest float32, bounds nothing."""
        number = self.attribute(name, None)
        if len(inputs) > k and inputs[k] is not None:
            number = number_of(inputs[k])
        if number is None or abs(float(number)) >= float(np.finfo(np.float32).max):
            return None
        return exactly(np.asarray(number)).item()
