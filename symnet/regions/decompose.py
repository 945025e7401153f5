"""The decomposition of an interval or a polygon into the linear regions of a network.

Layer by layer, depth first over blocks of cells; the finished blocks are glued along their edges. A
vertex on an edge between two blocks is made in both, with the same definition: that is how it is
recognised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from symnet.exact.affine import AffineMap, nearest_float
from symnet.regions.block import Block, split, whole
from symnet.regions.complex import Complex
from symnet.regions.domain import Domain
from symnet.regions.glue import glue
from symnet.regions.refine import refine
from symnet.regions.shape import Shape
from symnet.regions.signs import FilteredLayer
from symnet.regions.units import Activation, Source, per_neuron, unit_network
from symnet.regions.vertices import ExactEvaluator, VertexTable
from symnet.regions.words import pack

# Values per block (cells times units): large enough to hide numpy's overhead, small enough for the
# cache.
_BLOCK_VALUES = 1 << 18


class TooManyRegionsError(RuntimeError):
    """The decomposition was stopped because it has more regions than allowed."""


def decompose(
    layers: Sequence[AffineMap | tuple[Any, Any]],
    activations: Activation | Sequence[Activation],
    domain: Domain,
    *,
    max_regions: int | None = None,
    block_cells: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Complex:
    """Return the complex of linear regions of ``layers[-1] o f o ... o f o layers[0]`` on `domain`.

    A layer is an `AffineMap` or a pair (W, b) of float64 arrays, taken exactly; `activations` is
    one function for all hidden layers, or a sequence with one entry per hidden layer. Cells are
    refined in blocks of `block_cells`; `progress` is called with the numbers of blocks and regions
    finished so far.
    """
    maps = [m if isinstance(m, AffineMap) else AffineMap.from_floats(*m) for m in layers]
    if not isinstance(activations, Sequence):
        activations = [activations] * (len(maps) - 1)
    network = unit_network(maps, activations)
    if network.input_size != domain.dimension:
        raise ValueError(
            f"the network takes {network.input_size} inputs, the domain has dimension "
            f"{domain.dimension}; prepend the affine map of a slice to the layers"
        )
    table = VertexTable(domain.homogeneous(), domain.dimension)
    evaluator = ExactEvaluator(network, table)
    filtered = [FilteredLayer(layer, k, len(maps) - 1) for k, layer in enumerate(network.layers)]
    leaves: list[Shape] = []
    finished = 0
    for leaf in _leaves(_start(domain, table), 0, filtered, table, evaluator, block_cells):
        leaves.append(leaf)
        finished += leaf.cells
        if max_regions is not None and finished > max_regions:
            raise TooManyRegionsError(
                f"more than max_regions={max_regions} regions: {finished} found so far; "
                f"allow more, or take a smaller domain"
            )
        if progress is not None:
            progress(len(leaves), finished)
    source = Source(tuple(maps), tuple(per_neuron(maps, activations)))
    cells = glue(leaves, table, evaluator.unit_offset)
    return Complex(source, network, domain, table, evaluator, cells)


def _start(domain: Domain, table: VertexTable) -> Block:
    """The domain as a block of one cell."""
    corners = np.array(
        [[nearest_float(v.numerator, v.denominator) for v in c] for c in domain.corners]
    )
    inexact = [[float(v) != v for v in corner] for corner in domain.corners]
    error = np.where(inexact, np.abs(corners) * 2.0**-53 + 2.0**-1074, 0.0)
    n = len(domain.corners)
    definition = np.full((n, 3), -1, dtype=np.int64)
    vertex = table.append(definition, corners, error, np.zeros(n, dtype=np.bool_))
    around = np.arange(n)
    words = np.zeros((1, 0), dtype=np.uint64)
    none = np.zeros(0, dtype=np.int64)
    if domain.dimension == 1:
        shape = Shape(
            vertex,
            around[:1],
            around[1:],
            np.zeros(1, dtype=np.bool_),
            none,
            none,
            none,
            words,
            words,
        )
    else:
        shape = Shape(
            vertex, around, np.roll(around, -1), np.ones(n, dtype=np.bool_),
            np.array([0, n]), around, around, words, words,
        )  # fmt: skip
    present = np.array([[v != 0 for v in corner] for corner in domain.corners])
    return Block(
        shape, corners.copy(), np.sqrt(np.square(error).sum(axis=1, keepdims=True)), pack(present)
    )


def _leaves(
    block: Block,
    depth: int,
    layers: list[FilteredLayer],
    table: VertexTable,
    evaluator: ExactEvaluator,
    block_cells: int | None,
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
        if depth == len(layers):
            yield refinement.shape
            return
        width = max(layer.bias.shape[0], layers[depth].bias.shape[0], 1)
        limit = block_cells or max(64, _BLOCK_VALUES // width)
        if refinement.shape.cells > limit:
            for part in split(refinement, layer, table, limit):
                yield from _leaves(part, depth, layers, table, evaluator, block_cells)
            return
        block = whole(refinement, layer)
    yield block.shape
