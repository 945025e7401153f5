"""DepthToSpace and SpaceToDepth."""

from __future__ import annotations

from collections.abc import Sequence

from ._base import Array, OperatorError, Value
from ._rearrangement import Rearrangement


class DepthToSpace(Rearrangement):
    """Channels as blocks of pixels (pixel shuffle), and back.

    Source: https://onnx.ai/onnx/operators/onnx__DepthToSpace.html.
    """

    onnx = ("DepthToSpace", "SpaceToDepth")
    attributes = ("blocksize", "mode")

    def objection(self, constant: Sequence[bool]) -> str | None:
        if self.attribute("mode", "DCR") not in ("DCR", "CRD"):
            return f"with mode = {self.attribute('mode', '')}"
        return super().objection(constant)

    def arranged(self, array: Array, others: Sequence[Value | None]) -> Array:
        block = self.attribute("blocksize", 1)
        wrong = OperatorError(f"blocks of {block} do not fit a tensor of shape {array.shape}")
        if array.ndim != 4 or block < 1:
            raise wrong
        n, c, h, w = array.shape
        depth_first = self.attribute("mode", "DCR") == "DCR"
        if self.node.kind == "SpaceToDepth":
            if h % block or w % block:
                raise wrong
            parts = array.reshape(n, c, h // block, block, w // block, block)
            order = (0, 3, 5, 1, 2, 4) if depth_first else (0, 1, 3, 5, 2, 4)
            shape = n, c * block * block, h // block, w // block
            return parts.transpose(order).reshape(shape)
        if c % (block * block):
            raise wrong
        depth = c // (block * block)
        if depth_first:
            parts = array.reshape(n, block, block, depth, h, w).transpose(0, 3, 4, 1, 5, 2)
        else:
            parts = array.reshape(n, depth, block, block, h, w).transpose(0, 1, 4, 2, 5, 3)
        return parts.reshape(n, depth, h * block, w * block)
