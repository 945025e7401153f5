"""Transpose."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ._base import Array, OperatorError, Value
from ._rearrangement import Rearrangement


class Transpose(Rearrangement):
    """The axes in another order, reversed where none is given.

    Source: https://onnx.ai/onnx/operators/onnx__Transpose.html.
    """

    onnx = ("Transpose",)
    attributes = ("perm",)

    def arranged(self, array: Array, others: Sequence[Value | None]) -> Array:
        order = self.attribute("perm", tuple(range(array.ndim))[::-1])
        if sorted(order) != list(range(array.ndim)):
            raise OperatorError(f"{tuple(order)} is no order of {array.ndim} axes")
        return np.transpose(array, order)
