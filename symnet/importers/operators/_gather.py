"""Gather."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ._base import Array, OperatorError, Value, array_of, axis_of, integers_of
from ._rearrangement import Rearrangement


class Gather(Rearrangement):
    """Slices along an axis, at constant places.

    Source: https://onnx.ai/onnx/operators/onnx__Gather.html.
    """

    onnx = ("Gather",)
    attributes = ("axis",)

    def objection(self, constant: Sequence[bool]) -> str | None:
        if len(constant) != 2:
            return "without data and places"
        return super().objection(constant)

    def arranged(self, array: Array, others: Sequence[Value | None]) -> Array:
        axis = axis_of(self.attribute("axis", 0), array.ndim)
        places = np.array(integers_of(others[0]), dtype=np.int64).reshape(array_of(others[0]).shape)
        size = array.shape[axis] if array.ndim else 0
        if places.size and not -size <= places.min() <= places.max() < size:
            raise OperatorError(f"the places {places.ravel().tolist()} are not among {size}")
        return np.take(array, places, axis=axis)
