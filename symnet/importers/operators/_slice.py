"""Slice."""

from __future__ import annotations

from collections.abc import Sequence

from ._base import Array, OperatorError, Value, axis_of, integers_of
from ._rearrangement import Rearrangement


class Slice(Rearrangement):
    """Entries from a start to an end with a step, along some axes, as NumPy slices.

    Source: https://onnx.ai/onnx/operators/onnx__Slice.html.
    """

    onnx = ("Slice",)
    attributes = ("starts", "ends", "axes")
    others = "starts, ends, axes or steps"

    def arranged(self, array: Array, others: Sequence[Value | None]) -> Array:
        if self.version < 10:
            starts, ends = (list(self.attribute(k, ())) for k in ("starts", "ends"))
            axes, steps = list(self.attribute("axes", range(len(starts)))), [1] * len(starts)
        else:
            given = [None if v is None else integers_of(v) for v in (*others, None, None)]
            starts, ends = given[0] or [], given[1] or []
            axes = list(range(len(starts))) if given[2] is None else given[2]
            steps = [1] * len(starts) if given[3] is None else given[3]
        if not len(starts) == len(ends) == len(axes) == len(steps) or 0 in steps:
            raise OperatorError(f"starts {starts}, ends {ends}, axes {axes}, steps {steps}")
        chosen = [slice(None)] * array.ndim
        for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
            chosen[axis_of(axis, array.ndim)] = _slice(
                start, end, step, array.shape[axis_of(axis, array.ndim)]
            )
        return array[tuple(chosen)]


def _slice(start: int, end: int, step: int, size: int) -> slice:
    """ONNX clamps what lies outside; counting down, the end before the first one is -size - 1."""
    start, end = (k + size if k < 0 else k for k in (start, end))
    if step > 0:
        return slice(min(max(start, 0), size), min(max(end, 0), size), step)
    stop = min(max(end, -1), size - 1)
    return slice(min(max(start, 0), size - 1), None if stop < 0 else stop, step)
