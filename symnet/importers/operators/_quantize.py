"""DequantizeLinear and QuantizeLinear."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from ._base import (
    Array,
    Constant,
    Operator,
    OperatorError,
    Value,
    array_of,
    axis_of,
    exactly,
    given,
)


class DequantizeLinear(Operator):
    """(x - zero) scale for integers x: exactly, as rational numbers.

    Source: https://onnx.ai/onnx/operators/onnx__DequantizeLinear.html.
    """

    onnx = ("DequantizeLinear",)
    attributes: ClassVar[tuple[str, ...]] = ("axis", "block_size", "output_dtype")

    def objection(self, constant: Sequence[bool]) -> str | None:
        if not all(constant):
            return "of integers that depend on the input, which rounding made"
        return super().objection(constant)

    def apply(self, inputs: Sequence[Value | None]) -> Constant:
        numbers = array_of(inputs[0])
        scale, zero = self._parameters(inputs, numbers.shape)
        return Constant((exactly(numbers) - zero) * scale)

    def _parameters(
        self, inputs: Sequence[Value | None], shape: tuple[int, ...]
    ) -> tuple[Array, Array]:
        """The scale and the zero point, shaped so that they fit along their axis."""
        scale = exactly(array_of(inputs[1]))
        has_zero = len(inputs) > 2 and inputs[2] is not None
        zero = exactly(array_of(inputs[2])) if has_zero else np.zeros_like(scale)
        if scale.size == zero.size == 1:
            return scale.reshape(()), zero.reshape(())
        axis = axis_of(self.attribute("axis", 1), len(shape))
        block = self.attribute("block_size", 0)
        if block:
            return self._blocks(scale, shape, axis, block), self._blocks(zero, shape, axis, block)
        if scale.ndim != 1 or scale.size != shape[axis] or zero.size != scale.size:
            raise OperatorError(f"{scale.size} scales do not fit axis {axis} of {shape}")
        wanted = [-1 if k == axis else 1 for k in range(len(shape))]
        return scale.reshape(wanted), zero.reshape(wanted)

    @staticmethod
    def _blocks(numbers: Array, shape: tuple[int, ...], axis: int, block: int) -> Array:
        """One number for so many entries along an axis, repeated for each of them."""
        wanted = [-(-n // block) if k == axis else n for k, n in enumerate(shape)]
        if block < 1 or list(numbers.shape) != wanted:
            raise OperatorError(
                f"scales of shape {numbers.shape} in blocks of {block} do not fit {shape}"
            )
        each = np.repeat(numbers, min(block, shape[axis]), axis=axis)
        return each[tuple(slice(0, n) for n in shape)]


class QuantizeLinear(DequantizeLinear):
    """round(x / scale) + zero for constants x, halves to the even one, within the type.

    Source: https://onnx.ai/onnx/operators/onnx__QuantizeLinear.html.
    """

    onnx = ("QuantizeLinear",)
    attributes = ("axis", "saturate")

    def objection(self, constant: Sequence[bool]) -> str | None:
        if not all(constant):
            return "of a value that depends on the input, which it rounds"
        return Operator.objection(self, constant)

    def apply(self, inputs: Sequence[Value | None]) -> Constant:
        value = given(inputs[0])
        numbers = exactly(array_of(value))
        scale, zero = self._parameters(inputs, numbers.shape)
        if not scale.all():
            raise OperatorError("a scale is 0")
        kind = array_of(inputs[2]).dtype if len(inputs) > 2 and inputs[2] else np.dtype(np.uint8)
        if kind.kind not in "iu":
            raise OperatorError(f"to {kind}, which is no type of integers")
        bounds = np.iinfo(kind)
        whole = np.asarray(np.vectorize(round, otypes=[object])(numbers / scale) + zero)
        clipped = [min(max(int(v), int(bounds.min)), int(bounds.max)) for v in whole.ravel()]
        return Constant(np.array(clipped, dtype=kind).reshape(numbers.shape))
