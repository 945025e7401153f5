"""Gather and GatherND."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ._base import Array, OperatorError, Value, array_of, axis_of, checked, integers_of
from ._rearrangement import Rearrangement


class Gather(Rearrangement):
    """Slices along an axis, or parts at tuples of places, which are constants.

    Source: https://onnx.ai/onnx/operators/onnx__Gather.html.
    """

    onnx = ("Gather", "GatherND")
    attributes = ("axis", "batch_dims")

    def objection(self, constant: Sequence[bool]) -> str | None:
        if self.attribute("batch_dims", 0):
            return "with batch_dims"
        return super().objection(constant)

    def arranged(self, array: Array, others: Sequence[Value | None]) -> Array:
        shape = array_of(others[0]).shape
        places = np.array(integers_of(others[0]), dtype=np.int64).reshape(shape)
        if self.node.kind == "Gather":
            axis = axis_of(self.attribute("axis", 0), array.ndim)
            _check(places, array.shape[axis])
            checked([*array.shape[:axis], *array.shape[axis + 1 :], max(1, places.size)])
            return np.take(array, places, axis=axis)
        if not shape or not 1 <= shape[-1] <= array.ndim:
            raise OperatorError(f"places of shape {shape} do not fit a tensor of {array.shape}")
        for k, size in enumerate(array.shape[: shape[-1]]):
            _check(places[..., k], size)
        return np.asarray(array[tuple(np.moveaxis(places, -1, 0))])


def _check(places: Array, size: int) -> None:
    if places.size and not -size <= places.min() <= places.max() < size:
        raise OperatorError(f"the places {places.ravel()[:9].tolist()} are not among {size}")
