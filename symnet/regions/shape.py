"""The combinatorics of a part of the plane, and how to take a part of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from symnet.exact.arrays import Bools, Ints
from symnet.regions.outline import ranges
from symnet.regions.pattern import Pattern
from symnet.regions.vertices import VertexTable


@dataclass(frozen=True)
class Shape:
    """Combinatorics of a block: cells as counterclockwise cycles, edges, patterns of all layers.

    Cell c has corners ``corner[offset[c]:offset[c + 1]]``; ``side`` are the edges that follow them.
    Edge e runs from ``p[e]`` to ``q[e]``; it is ``outer`` if only one of its two cells is in the
    block.
    """

    vertex: Ints
    p: Ints
    q: Ints
    outer: Bools
    offset: Ints
    corner: Ints
    side: Ints
    pattern: Pattern

    @property
    def cells(self) -> int:
        """The number of cells."""
        return self.pattern.cells


def part_of(shape: Shape, cells: Ints) -> tuple[Shape, Ints]:
    """Return the part of a shape with the given cells, and which vertices it has."""
    sizes = shape.offset[cells + 1] - shape.offset[cells]
    _, half = ranges(shape.offset.take(cells), sizes)
    corner, side = shape.corner.take(half), shape.side.take(half)
    uses = np.bincount(side, minlength=shape.p.shape[0])
    edges = np.flatnonzero(uses)
    outer = uses.take(edges) == 1
    marked = np.zeros(shape.vertex.shape[0], dtype=np.bool_)
    marked[corner] = True
    vertices = np.flatnonzero(marked)
    place = np.cumsum(marked) - 1
    corner = place.take(corner)
    side = (np.cumsum(uses > 0) - 1).take(side)
    offset = np.concatenate([[0], np.cumsum(sizes)])
    part = Shape(
        shape.vertex.take(vertices), place.take(shape.p.take(edges)),
        place.take(shape.q.take(edges)), outer, offset, corner, side,
        shape.pattern.of(cells),
    )  # fmt: skip
    return part, vertices


def nearby_order(shape: Shape, table: VertexTable, parts: int) -> Ints:
    """Order the cells by strips of the plane and along each: it only matters for speed."""
    point = table.point.take(shape.vertex.take(shape.corner[shape.offset[:-1]]), axis=0)
    strips = int(np.ceil(np.sqrt(parts)))
    by_x = np.argsort(point[:, 0])
    strip = np.empty(shape.cells, dtype=np.int64)
    strip[by_x] = np.arange(shape.cells) * strips // shape.cells
    y = point[:, 1]
    low, high = float(y.min()), float(y.max())
    if not low < high:
        return np.argsort(strip)
    return np.argsort(strip + (y - low) / (2 * (high - low)))
