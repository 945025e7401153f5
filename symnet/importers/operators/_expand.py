"""Expand and Tile."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ._base import Array, OperatorError, Value, broadcast, checked, common_shape, integers_of
from ._rearrangement import Rearrangement


class Expand(Rearrangement):
    """A tensor repeated along axes of size 1, or as a whole.

    Source: https://onnx.ai/onnx/operators/onnx__Expand.html.
    """

    onnx = ("Expand", "Tile")
    others = "a shape or repetitions"

    def objection(self, constant: Sequence[bool]) -> str | None:
        if self.node.kind == "Tile" and self.version < 6:
            return "of that version"
        return super().objection(constant)

    def arranged(self, array: Array, others: Sequence[Value | None]) -> Array:
        wanted = integers_of(others[0])
        if self.node.kind == "Expand":
            return broadcast(array, common_shape(array.shape, wanted))
        if len(wanted) != array.ndim:
            raise OperatorError(f"repetitions {wanted} do not fit a tensor of shape {array.shape}")
        checked([n * k for n, k in zip(array.shape, wanted, strict=True)])
        return np.tile(array, wanted)
