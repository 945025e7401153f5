"""The way down through the layers: a block of cells until it is finished, or falls into several."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat

from symnet.regions.block import Block
from symnet.regions.limits import Limits
from symnet.regions.line import refine_line
from symnet.regions.refine import refine
from symnet.regions.segments import Segments
from symnet.regions.shape import Shape
from symnet.regions.signs import FilteredLayer
from symnet.regions.vertices import ExactEvaluator, VertexTable

# Values per block (cells times units): enough to hide numpy's overhead, few enough for the cache.
_BLOCK_VALUES = 3 << 18


@dataclass
class Descent:
    """What the way down needs, and the number of cells found so far."""

    layers: list[FilteredLayer]
    table: VertexTable
    evaluator: ExactEvaluator
    limits: Limits
    block_cells: int | None
    cells: int
    blocks: int = 0

    def leaves(self, block: Block, depth: int) -> Iterator[Shape | Segments]:
        """Yield the shapes of the finished blocks, depth first."""
        depth, found = self.down(block, depth)
        del block
        if isinstance(found, Shape | Segments):
            self.blocks += 1
            yield found
            return
        # no name here holds a part while it is cut
        for leaves in map(self.leaves, found, repeat(depth)):
            yield from leaves

    def down(self, block: Block, depth: int) -> tuple[int, Shape | Segments | Iterator[Block]]:
        """Refine a block until it is finished, or falls into several; and the depth there.

        While the cells fit in one block, the values of earlier layers are let go.
        """
        layers = self.layers
        while depth < len(layers):
            layer = layers[depth]
            depth += 1
            cut = refine_line if isinstance(block.shape, Segments) else refine
            refinement = cut(block, layer, self.table, self.evaluator)
            self.found(refinement.shape.cells - block.shape.cells, depth)
            if depth == len(layers):
                return depth, refinement.shape
            limit = self._cells_at_once(layer, layers[depth])
            if refinement.shape.cells > limit:
                return depth, refinement.split(limit)
            block = refinement.whole()
        return depth, block.shape

    def _cells_at_once(self, *layers: FilteredLayer) -> int:
        width = max(1, *(layer.bias.shape[0] for layer in layers))
        return self.block_cells or max(64, _BLOCK_VALUES // width)

    def found(self, cells: int, depth: int) -> None:
        """Count more cells, say so, and stop if they are too many."""
        self.cells += cells
        place = f"layer {depth} of {len(self.layers)}"
        if self.blocks:
            place += f", {self.blocks} parts of the domain done"
        self.limits.say(f"{self.cells} regions, {place}")
        self.limits.check(self.cells, place)
