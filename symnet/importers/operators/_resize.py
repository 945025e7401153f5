"""Resize and Upsample."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from ._base import Array, OperatorError, Value, array_of, checked, exactly, integers_of
from ._rearrangement import Rearrangement


class Resize(Rearrangement):
    """Every entry repeated: the nearest one, rounded down from i / scale, as torch exports it.

    Source: https://onnx.ai/onnx/operators/onnx__Resize.html.
    """

    onnx = ("Resize", "Upsample")
    attributes = (
        "antialias", "coordinate_transformation_mode", "cubic_coeff_a", "exclude_outside",
        "extrapolation_value", "keep_aspect_ratio_policy", "mode", "nearest_mode", "scales",
    )  # fmt: skip
    others = "scales or sizes"

    def objection(self, constant: Sequence[bool]) -> str | None:
        mode = self.attribute("mode", "nearest")
        if mode != "nearest":
            return f"with mode = {mode}"
        if self.node.kind == "Resize" and self.version > 10:
            where = self.attribute("coordinate_transformation_mode", "half_pixel")
            down = self.attribute("nearest_mode", "round_prefer_floor")
            if (where, down) != ("asymmetric", "floor"):
                return f"with coordinates {where} and rounding {down}"
        if self.attribute("keep_aspect_ratio_policy", "stretch") != "stretch":
            return "with an aspect ratio that is kept"
        if self.attribute("antialias", 0):
            return "with antialias"
        return super().objection(constant)

    def arranged(self, array: Array, others: Sequence[Value | None]) -> Array:
        *_, scales, sizes = [None, None, *self._given(others)]
        if sizes is not None:
            wanted = integers_of(sizes)
            factors = [Fraction(n, m) for n, m in zip(wanted, array.shape, strict=False)]
        elif scales is not None and array_of(scales).size:
            factors = list(exactly(array_of(scales)).ravel())
        else:
            factors = [Fraction(v) for v in self.attribute("scales", ())]
        if len(factors) != array.ndim or any(f <= 0 for f in factors):
            raise OperatorError(f"{len(factors)} scales do not fit a tensor of {array.shape}")
        shape = [int(f * n) for f, n in zip(factors, array.shape, strict=True)]
        checked(shape)
        for axis, (n, f) in enumerate(zip(shape, factors, strict=True)):
            most = array.shape[axis] - 1
            places = np.array([min(int(i / f), most) for i in range(n)])
            array = np.take(array, places, axis=axis)
        return array

    def _given(self, others: Sequence[Value | None]) -> list[Value | None]:
        """Scales and sizes; a region of interest comes first in newer versions."""
        if self.version < 11 or self.node.kind == "Upsample":
            return [others[0] if others else None, None]
        rest = [*others, None, None, None]
        return [rest[1], rest[2]]
