"""Expand."""

from __future__ import annotations

from collections.abc import Sequence

from ._base import Array, Value, broadcast, common_shape, integers_of
from ._rearrangement import Rearrangement


class Expand(Rearrangement):
    """A tensor repeated along axes of size 1.

    Source: https://onnx.ai/onnx/operators/onnx__Expand.html.
    """

    onnx = ("Expand",)
    others = "a shape"

    def arranged(self, array: Array, others: Sequence[Value | None]) -> Array:
        return broadcast(array, common_shape(array.shape, integers_of(others[0])))
