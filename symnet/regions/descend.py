"""Descent through the layers, depth first over blocks of cells.

The finished blocks are glued along their edges. A vertex on an edge between two blocks is made in
both, with the same definition: that is how it is recognised.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat

from symnet.regions.block import Block, split, whole
from symnet.regions.glue import Cells, glue
from symnet.regions.limits import NO_LIMITS, Limits
from symnet.regions.refine import refine
from symnet.regions.shape import Shape
from symnet.regions.signs import FilteredLayer
from symnet.regions.units import UnitNetwork
from symnet.regions.vertices import ExactEvaluator, VertexTable

# Values per block (cells times units): enough to hide numpy's overhead, few enough for the cache.
_BLOCK_VALUES = 3 << 17


def descend(
    network: UnitNetwork,
    block: Block,
    table: VertexTable,
    evaluator: ExactEvaluator,
    limits: Limits = NO_LIMITS,
    block_cells: int | None = None,
) -> Cells:
    """Return the cells into which the layers of the network cut a block."""
    depth, on_line = len(network.layers), network.input_size == 1
    layers = [FilteredLayer(layer, k, depth, on_line) for k, layer in enumerate(network.layers)]
    descent = Descent(layers, table, evaluator, limits, block_cells, block.shape.cells)
    return glue(list(descent.leaves(block, 0)), table, evaluator.unit_offset)


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

    def leaves(self, block: Block, depth: int) -> Iterator[Shape]:
        """Yield the shapes of the finished blocks.

        While the cells fit in one block, the values of earlier layers are let go.
        """
        layers = self.layers
        while depth < len(layers):
            layer = layers[depth]
            depth += 1
            refinement = refine(block, layer, self.table, self.evaluator)
            self._found(refinement.shape.cells - block.shape.cells, depth)
            if depth == len(layers):
                self.blocks += 1
                yield refinement.shape
                return
            limit = self._cells_at_once(layer, layers[depth])
            if refinement.shape.cells > limit:
                parts = split(refinement, layer, self.table, limit)
                del refinement, block
                # no name here holds a part while it is cut
                for leaves in map(self.leaves, parts, repeat(depth)):
                    yield from leaves
                return
            block = whole(refinement, layer)
        yield block.shape

    def _cells_at_once(self, *layers: FilteredLayer) -> int:
        width = max(1, *(layer.bias.shape[0] for layer in layers))
        return self.block_cells or max(64, _BLOCK_VALUES // width)

    def _found(self, cells: int, depth: int) -> None:
        self.cells += cells
        place = f"layer {depth} of {len(self.layers)}"
        if self.blocks:
            place += f", {self.blocks} parts of the domain done"
        self.limits.say(f"{self.cells} regions, {place}")
        self.limits.check(self.cells, place)
