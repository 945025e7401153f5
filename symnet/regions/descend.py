"""Descent through the layers, depth first over blocks of cells.

The finished blocks are glued along their edges. A vertex on an edge between two blocks is made in
both, with the same definition: that is how it is recognised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from symnet.regions.block import Block, split, whole
from symnet.regions.glue import Cells, glue
from symnet.regions.refine import refine
from symnet.regions.shape import Shape
from symnet.regions.signs import FilteredLayer
from symnet.regions.units import UnitNetwork
from symnet.regions.vertices import ExactEvaluator, VertexTable

# Values per block (cells times units): enough to hide numpy's overhead, few enough for the cache.
_BLOCK_VALUES = 1 << 18


class TooManyRegionsError(RuntimeError):
    """The decomposition was stopped because it has more regions than allowed."""


@dataclass(frozen=True)
class Limits:
    """How far a decomposition may go, how it is cut in blocks, and who hears of it.

    ``progress`` is called with the numbers of blocks and of regions finished so far.
    """

    max_regions: int | None = None
    block_cells: int | None = None
    progress: Callable[[int, int], None] | None = None

    def check(self, regions: int, depth: int) -> None:
        """Raise an error if there are too many regions."""
        if self.max_regions is not None and regions > self.max_regions:
            raise TooManyRegionsError(
                f"more than max_regions={self.max_regions} regions: {regions} found so far, after "
                f"{depth} layers; allow more, or take a smaller domain"
            )


def descend(
    network: UnitNetwork,
    block: Block,
    table: VertexTable,
    evaluator: ExactEvaluator,
    limits: Limits,
) -> Cells:
    """Return the cells into which the layers of the network cut a block."""
    depth = len(network.layers)
    layers = [FilteredLayer(layer, k, depth) for k, layer in enumerate(network.layers)]
    leaves: list[Shape] = []
    finished = 0
    for leaf in _leaves(block, 0, layers, table, evaluator, limits):
        leaves.append(leaf)
        finished += leaf.cells
        limits.check(finished, depth)
        if limits.progress is not None:
            limits.progress(len(leaves), finished)
    return glue(leaves, table, evaluator.unit_offset)


def _leaves(
    block: Block,
    depth: int,
    layers: list[FilteredLayer],
    table: VertexTable,
    evaluator: ExactEvaluator,
    limits: Limits,
) -> Iterator[Shape]:
    """Yield the shapes of the finished blocks.

    While the cells fit in one block, the values of earlier layers are let go.
    """
    while depth < len(layers):
        layer = layers[depth]
        depth += 1
        refinement = refine(
            block.shape, block.output, block.error, block.active, layer, table, evaluator
        )
        limits.check(refinement.shape.cells, depth)
        if depth == len(layers):
            yield refinement.shape
            return
        width = max(layer.bias.shape[0], layers[depth].bias.shape[0], 1)
        limit = limits.block_cells or max(64, _BLOCK_VALUES // width)
        if refinement.shape.cells > limit:
            for part in split(refinement, layer, table, limit):
                yield from _leaves(part, depth, layers, table, evaluator, limits)
            return
        block = whole(refinement, layer)
    yield block.shape
