"""Descent through the layers, depth first over blocks of cells.

The finished blocks are glued along their edges. A vertex on an edge between two blocks is made in
both, with the same definition: that is how it is recognised.
"""

from __future__ import annotations

import numpy as np

from symnet.regions.block import Block
from symnet.regions.descent import Descent
from symnet.regions.glue import Cells, glue, glue_line
from symnet.regions.limits import NO_LIMITS, Limits
from symnet.regions.segments import Segments
from symnet.regions.shape import Shape
from symnet.regions.sharing import process_count, shared_leaves
from symnet.regions.signs import FilteredLayer
from symnet.regions.units import UnitNetwork
from symnet.regions.vertices import ExactEvaluator, VertexTable


@np.errstate(all="ignore")
def descend(
    network: UnitNetwork,
    block: Block,
    table: VertexTable,
    evaluator: ExactEvaluator,
    limits: Limits = NO_LIMITS,
    block_cells: int | None = None,
) -> Cells:
    """Return the cells into which the layers of the network cut a block."""
    depth, on_line = len(network.layers), isinstance(block.shape, Segments)
    layers = [FilteredLayer(layer, k, depth, on_line) for k, layer in enumerate(network.layers)]
    descent = Descent(layers, table, evaluator, limits, block_cells, block.shape.cells)
    if process_count(limits.n_jobs) > 1:
        shapes = shared_leaves(descent, block, limits.n_jobs)
    else:
        shapes = list(descent.leaves(block, 0))
    parts = [shape for shape in shapes if isinstance(shape, Segments)]
    if parts:
        return glue_line(parts, table)
    return glue([s for s in shapes if isinstance(s, Shape)], table, evaluator.unit_offset)
