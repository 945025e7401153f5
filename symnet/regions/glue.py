"""Gluing finished blocks into one complex.

Blocks that share an edge make the same vertices on it. The key (p, q, u) of a vertex on the edge
p-q, the zero of unit u, identifies it: on one segment a unit has one zero, and of several units
with the same zero the first is used by every block. Layers are glued in order, so that p and q are
already identified.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from symnet.exact.arrays import Bools, Ints, Words
from symnet.regions.pattern import joined_words
from symnet.regions.segments import Segments
from symnet.regions.shape import Shape
from symnet.regions.vertices import VertexTable


@dataclass(frozen=True)
class Cells:
    """The cells of the whole complex; vertex v is number ``table_row[v]`` of the vertex table.

    As in `Shape`: cell c has corners ``corner[offset[c]:offset[c + 1]]``, counterclockwise, and
    sides between them; side e joins ``p[e]`` and ``q[e]``. In dimension 1 the sides of a cell are
    its two end points, and p = q.
    """

    table_row: Ints
    p: Ints
    q: Ints
    offset: Ints
    corner: Ints
    side: Ints
    positive: Words
    zero: Words


def glue_line(parts: Sequence[Segments], table: VertexTable) -> Cells:
    """Return the cells of all parts of a line, which share no vertices but their ends."""
    ends = [part.vertex[:-1] for part in parts], [part.vertex[1:] for part in parts]
    count = sum(part.cells for part in parts)
    corner = np.empty(2 * count, dtype=np.int64)
    corner[0::2], corner[1::2] = (end[0] if len(end) == 1 else np.concatenate(end) for end in ends)
    every = np.arange(table.size)
    positive, zero = joined_words([part.pattern for part in parts])
    return Cells(
        every, every, every, np.arange(0, 2 * count + 1, 2), corner, corner, positive, zero
    )


def glue(shapes: Sequence[Shape], table: VertexTable, unit_offset: Ints) -> Cells:
    """Return the cells of all blocks, with vertices and edges on common edges identified."""
    same = _identify(table, unit_offset) if len(shapes) > 1 else None
    joined = [_numbered(shape, same) for shape in shapes]
    edges = np.cumsum([0] + [shape.p.shape[0] for shape in shapes])
    p = np.concatenate([part[0] for part in joined])
    q = np.concatenate([part[1] for part in joined])
    positive, zero = joined_words([shape.pattern for shape in shapes])
    corner = np.concatenate([part[2] for part in joined])
    side = np.concatenate(
        [shape.side + start for shape, start in zip(shapes, edges[:-1].tolist(), strict=True)]
    )
    sizes = np.concatenate([np.diff(shape.offset) for shape in shapes])
    offset = np.concatenate([[0], np.cumsum(sizes)])
    if same is not None:
        outer = np.concatenate([shape.outer for shape in shapes])
        p, q, side = _merge_edges(p, q, side, outer, table.size)
        used = np.zeros(table.size, dtype=np.bool_)
        used[corner] = True
        place = np.cumsum(used) - 1
        p, q, corner = place.take(p), place.take(q), place.take(corner)
        rows = np.flatnonzero(used)
    else:
        rows = np.arange(table.size)
    return Cells(rows, p, q, offset, corner, side, positive, zero)


def _numbered(shape: Shape, same: Ints | None) -> tuple[Ints, Ints, Ints]:
    vertex = shape.vertex if same is None else same.take(shape.vertex)
    return vertex.take(shape.p), vertex.take(shape.q), vertex.take(shape.corner)


def _identify(table: VertexTable, unit_offset: Ints) -> Ints:
    """Return for every vertex the first vertex of the table that is the same point of the same
    edge.
    """
    same = np.arange(table.size)
    shared = np.flatnonzero(table.shared)
    if not shared.size:
        return same
    # the definition of a vertex on an edge refers to vertices of earlier layers only
    layer = np.searchsorted(unit_offset, table.definition[shared, 2], side="right")
    for level in np.unique(layer).tolist():
        rows = shared[layer == level]
        key = table.definition.take(rows, axis=0)
        key[:, :2] = same.take(key[:, :2])
        order = np.lexsort((rows, key[:, 2], key[:, 1], key[:, 0]))
        key, rows = key.take(order, axis=0), rows.take(order)
        fresh = np.append(True, (key[1:] != key[:-1]).any(axis=1))
        same[rows] = rows[np.flatnonzero(fresh)].take(np.cumsum(fresh) - 1)
    return same


def _merge_edges(
    p: Ints, q: Ints, side: Ints, outer: Bools, vertices: int
) -> tuple[Ints, Ints, Ints]:
    """Identify outer edges with the same ends."""
    rows = np.flatnonzero(outer)
    low, high = np.minimum(p[rows], q[rows]), np.maximum(p[rows], q[rows])
    order = np.argsort(low * vertices + high)
    rows, low, high = rows.take(order), low.take(order), high.take(order)
    fresh = np.append(True, (low[1:] != low[:-1]) | (high[1:] != high[:-1]))
    same = np.arange(p.shape[0])
    same[rows] = rows[np.flatnonzero(fresh)].take(np.cumsum(fresh) - 1)
    kept = same == np.arange(p.shape[0])
    number = (np.cumsum(kept) - 1).take(same)
    return p[kept], q[kept], number.take(side)
