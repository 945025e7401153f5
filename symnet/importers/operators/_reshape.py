"""What changes the shape of a tensor and not the order of its entries."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from ._base import MAX_AXES, Constant, Operator, OperatorError, Value, given, integers_of


class Reshape(Operator):
    """Reshape, Flatten, Squeeze and Unsqueeze.

    Source: https://onnx.ai/onnx/operators/onnx__Reshape.html, and the pages of the others.
    """

    onnx = ("Reshape", "Flatten", "Squeeze", "Unsqueeze")
    attributes = ("shape", "allowzero", "axis", "axes")

    def objection(self, constant: Sequence[bool]) -> str | None:
        if not all(constant[1:]):
            return "to a shape that is not a constant"
        return super().objection(constant)

    def apply(self, inputs: Sequence[Value | None]) -> Value:
        value = given(inputs[0])
        second = inputs[1] if len(inputs) > 1 else None
        numbers = None if second is None else integers_of(second)
        shape = getattr(self, f"_{self.node.kind.lower()}")(value.shape, numbers)
        if prod(shape) != prod(value.shape) or min(shape, default=1) < 0:
            raise OperatorError(f"a tensor of shape {value.shape} has no shape {tuple(shape)}")
        if len(shape) > MAX_AXES:
            raise OperatorError(f"{len(shape)} axes are too many; at most {MAX_AXES} are read")
        if isinstance(value, Constant):
            return Constant(value.array.reshape(shape))
        return value.shaped(shape)

    def _reshape(self, old: tuple[int, ...], numbers: list[int] | None) -> list[int]:
        wanted = list(self.attribute("shape", ())) if numbers is None else numbers
        if not self.attribute("allowzero", 0):
            wanted = [old[k] if n == 0 and k < len(old) else n for k, n in enumerate(wanted)]
        if wanted.count(-1) == 1:
            known = -prod(wanted)
            wanted[wanted.index(-1)] = prod(old) // known if known else 0
        return wanted

    def _flatten(self, old: tuple[int, ...], numbers: list[int] | None) -> list[int]:
        axis = self.attribute("axis", 1)
        axis = axis + len(old) if axis < 0 else axis
        return [prod(old[:axis]), prod(old[axis:])]

    def _squeeze(self, old: tuple[int, ...], numbers: list[int] | None) -> list[int]:
        axes = self._axes(numbers, len(old))
        if not axes:
            return [n for n in old if n != 1]
        return [n for k, n in enumerate(old) if k not in axes]

    def _unsqueeze(self, old: tuple[int, ...], numbers: list[int] | None) -> list[int]:
        count = len(old) + len(numbers or self.attribute("axes", ()))
        axes, rest = self._axes(numbers, count), list(old)
        return [1 if k in axes else rest.pop(0) for k in range(count)]

    def _axes(self, numbers: list[int] | None, count: int) -> set[int]:
        axes = numbers or self.attribute("axes", ())
        found = {k + count if k < 0 else k for k in axes}
        if any(not 0 <= k < count for k in found) or len(found) != len(axes):
            raise OperatorError(f"the axes {list(axes)} are not among {count}")
        return found
