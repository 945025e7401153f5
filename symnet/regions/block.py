"""A block of cells, and its refinement by one layer.

A block is a part of the complex with its own numbering of vertices and edges, and the dense values of the last layer's
units at its vertices. Blocks keep those values in cache and bound the memory that they take; since only exact
truth decides what happens on an edge, two blocks that share an edge subdivide it alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from symnet.regions.arrangement import ChordEnds, arrange
from symnet.regions.edges import LayerState, Subdivision, subdivide, subdivided_ends
from symnet.regions.faces import trace_faces
from symnet.regions.outline import ranges, trace_outlines
from symnet.regions.signs import FilteredLayer, activate, interpolate, interpolate_rows
from symnet.regions.vertices import ExactEvaluator, VertexTable
from symnet.regions.words import pack, unpack

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from symnet.regions.words import Words

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Shape:
    """Combinatorics of a block: cells as counterclockwise cycles, edges, sign words of all layers.

    Cell c has corners ``corner[offset[c]:offset[c + 1]]``; ``side`` are the edges that follow them. Edge e
    runs from ``p[e]`` to ``q[e]``; it is ``outer`` if only one of its two cells is in the block. In
    dimension 1 the cells are the edges, and corner and side are empty.
    """

    vertex: Ints
    p: Ints
    q: Ints
    outer: Bools
    offset: Ints
    corner: Ints
    side: Ints
    positive: Words
    zero: Words

    @property
    def cells(self) -> int:
        """The number of cells."""
        return self.positive.shape[0]


@dataclass(frozen=True)
class Block:
    """A shape, and the outputs of the last layer's units at its vertices.

    ``error`` bounds the outputs' errors (see `signs`), ``active`` are the words of outputs not exactly zero.
    """

    shape: Shape
    output: Floats
    error: Floats
    active: Words


@dataclass(frozen=True)
class NewVertices:
    """New vertex i lies at t[i] on the segment between local vertices p[i] and q[i], |error of t| <= dt[i]."""

    p: Ints
    q: Ints
    t: Floats
    dt: Floats
    on_edge: int


@dataclass(frozen=True)
class Refinement:
    """A refined shape and what is needed for the values at its vertices."""

    shape: Shape
    state: LayerState
    new: NewVertices
    zero_vertex: Ints
    zero_unit: Ints
    positive: Words  # of the units at old and new vertices


def refine(
    block: Block, layer: FilteredLayer, table: VertexTable, evaluator: ExactEvaluator
) -> Refinement:
    """Refine a block by the relu units of the next layer."""
    shape = block.shape
    z, error, carried = layer.values(block.output, block.error)
    positive, negative = layer.signs(z, error, shape.vertex, block.active, evaluator)
    state = LayerState(
        layer.index, z, error, carried, positive, negative, shape.vertex, evaluator
    )
    sub = subdivide(state, shape.p, shape.q)
    offset = int(evaluator.unit_offset[layer.index])
    if table.point.shape[1] == 1:
        return _refine_line(shape, state, sub, layer.relu_count, table, offset)
    return _refine_plane(shape, state, sub, layer.relu_count, table, offset)


def _valid(count: int, width: int) -> Words:
    """The word row with `count` bits set."""
    bits = np.zeros(64 * width, dtype=np.uint8)
    bits[:count] = 1
    return np.packbits(bits, bitorder="little").view("<u8").astype(np.uint64)


def _register(
    shape: Shape,
    sub: Subdivision,
    inner: tuple[Ints, Ints, Ints, Floats, Floats],
    table: VertexTable,
    unit_offset: int,
) -> tuple[NewVertices, Ints]:
    """Append the new vertices to the table; `inner` is (p, q, unit, t, dt) of those inside cells."""
    edge = sub.vertex_edge
    p = np.concatenate([shape.p.take(edge), inner[0]])
    q = np.concatenate([shape.q.take(edge), inner[1]])
    unit = np.concatenate([sub.vertex_unit, inner[2]])
    t, dt = np.concatenate([sub.t, inner[3]]), np.concatenate([sub.dt, inner[4]])
    count, on_edge = unit.shape[0], edge.shape[0]
    vertex = np.concatenate([shape.vertex, np.arange(table.size, table.size + count)])
    definition = np.stack([vertex.take(p), vertex.take(q), unit + unit_offset], axis=1)
    shared = np.zeros(count, dtype=np.bool_)
    shared[:on_edge] = shape.outer.take(edge)
    for part in (slice(0, on_edge), slice(on_edge, count)):  # those inside may refer to those on edges
        known = definition[part]
        first, second = known[:, 0], known[:, 1]
        point, error = interpolate(
            table.point.take(first, axis=0), table.point.take(second, axis=0),
            table.error.take(first, axis=0), table.error.take(second, axis=0),
            t[part, None], dt[part, None],
        )  # fmt: skip
        table.append(known, point, error, shared[part])
    return NewVertices(p, q, t, dt, on_edge), vertex


def _refine_line(
    shape: Shape, state: LayerState, sub: Subdivision, units: int, table: VertexTable, offset: int
) -> Refinement:
    none, nothing = np.zeros(0, dtype=np.int64), np.zeros(0)
    old = shape.vertex.shape[0]
    new, vertex = _register(shape, sub, (none, none, none, nothing, nothing), table, offset)
    p, q = subdivided_ends(sub, shape.p, shape.q, old)
    parent = np.repeat(np.arange(shape.cells), sub.count + 1)
    words = sub.piece_words
    signed = state.positive | state.negative
    nonzero = signed.take(shape.p, axis=0) | signed.take(shape.q, axis=0)
    zero = (~nonzero & _valid(units, words.shape[1])).take(parent, axis=0)
    refined = Shape(
        vertex, p, q, np.zeros(p.shape[0], dtype=np.bool_), none, none, none,
        np.hstack([shape.positive.take(parent, axis=0), words]),
        np.hstack([shape.zero.take(parent, axis=0), zero]),
    )  # fmt: skip
    at_vertices = np.concatenate([state.positive, sub.positive])
    return Refinement(refined, state, new, old + sub.point, sub.unit, at_vertices)


def _refine_plane(
    shape: Shape, state: LayerState, sub: Subdivision, units: int, table: VertexTable, offset: int
) -> Refinement:
    old = shape.vertex.shape[0]
    starts = shape.offset[:-1]
    cell_pos = np.bitwise_or.reduceat(state.positive.take(shape.corner, axis=0), starts, axis=0)
    cell_neg = np.bitwise_or.reduceat(state.negative.take(shape.corner, axis=0), starts, axis=0)
    crossed = cell_pos & cell_neg
    is_cut = crossed.any(axis=1)
    cut, whole = np.flatnonzero(is_cut), np.flatnonzero(~is_cut)
    outline, chords = trace_outlines(
        state, sub, shape.p, shape.corner, shape.side, shape.offset, crossed.take(cut, axis=0), cut
    )
    ends = ChordEnds(state, sub, shape.p, shape.q)
    inside = arrange(chords, outline, ends)
    end_a, end_b = outline.vertex.take(chords.a), outline.vertex.take(chords.b)
    new, vertex = _register(
        shape, sub,
        (end_a.take(inside.chord), end_b.take(inside.chord), inside.unit, inside.t, inside.dt),
        table, offset,
    )  # fmt: skip

    # edges: pieces of the old ones, then pieces of the chords
    edge_p, edge_q = subdivided_ends(sub, shape.p, shape.q, old)
    pieces = edge_p.shape[0]
    piece_p = np.empty(inside.piece_count, dtype=np.int64)
    piece_q = np.empty(inside.piece_count, dtype=np.int64)
    piece_p[inside.piece_start] = end_a
    piece_q[inside.piece_end - 1] = end_b
    inner_vertex = old + new.on_edge + inside.pass_vertex
    piece_q[inside.pass_before] = inner_vertex
    piece_p[inside.pass_before + 1] = inner_vertex
    p, q = np.concatenate([edge_p, piece_p]), np.concatenate([edge_q, piece_q])
    outer = np.zeros(p.shape[0], dtype=np.bool_)
    outer[:pieces] = np.repeat(shape.outer, sub.count + 1)

    # cells: the uncut ones, then the faces in the cut ones
    half, face_offset, face_cell = trace_faces(outline, chords, inside)
    places = outline.vertex.shape[0]
    chord_corner = np.stack([piece_p, piece_q], axis=1).ravel()
    half_corner = np.concatenate([outline.vertex, chord_corner])
    half_side = np.concatenate(
        [outline.piece, pieces + (np.arange(2 * inside.piece_count) >> 1)]
    )
    _, kept = ranges(shape.offset.take(whole), shape.offset[whole + 1] - shape.offset[whole])
    first_piece = sub.start + np.arange(shape.p.shape[0])
    corner = np.concatenate([shape.corner.take(kept), half_corner.take(half)])
    side = np.concatenate([first_piece.take(shape.side.take(kept)), half_side.take(half)])
    sizes = np.concatenate([shape.offset[whole + 1] - shape.offset[whole], np.diff(face_offset)])
    parent = np.concatenate([whole, cut.take(face_cell)])

    # a unit positive on a face is positive on one of any two neighbouring sides
    words = np.concatenate([sub.piece_words, inside.piece_words])
    first = face_offset[:-1]
    side_one, side_two = half_side.take(half.take(first)), half_side.take(half.take(first + 1))
    face_words = words.take(side_one, axis=0) | words.take(side_two, axis=0)
    positive = np.concatenate([cell_pos.take(whole, axis=0), face_words])
    zero = (~(cell_pos | cell_neg) & _valid(units, cell_pos.shape[1])).take(parent, axis=0)
    assert places + 2 * inside.piece_count == half.shape[0]
    refined = Shape(
        vertex, p, q, outer, np.concatenate([[0], np.cumsum(sizes)]), corner, side,
        np.hstack([shape.positive.take(parent, axis=0), positive]),
        np.hstack([shape.zero.take(parent, axis=0), zero]),
    )  # fmt: skip
    zero_vertex = np.concatenate([old + sub.point, old + new.on_edge + inside.zero_vertex])
    zero_unit = np.concatenate([sub.unit, inside.zero_unit])
    at_vertices = np.concatenate([state.positive, sub.positive, inside.positive])
    return Refinement(refined, state, new, zero_vertex, zero_unit, at_vertices)


def outputs(
    refinement: Refinement, shape: Shape, chosen: Ints, layer: FilteredLayer
) -> Block:
    """Return the block with the given shape, whose vertices are `chosen` (ascending)."""
    state, new = refinement.state, refinement.new
    old = state.vertex.shape[0]
    kept = chosen[chosen < old]
    edge = chosen[(chosen >= old) & (chosen < old + new.on_edge)] - old
    inner = chosen[chosen >= old + new.on_edge] - old
    # vertices inside cells need the ends of their chords, chosen or not: those come last
    place = np.full(old + new.p.shape[0], -1)
    place[chosen] = np.arange(chosen.shape[0])
    helpers = np.zeros(place.shape[0], dtype=np.bool_)
    helpers[new.p.take(inner)] = True
    helpers[new.q.take(inner)] = True
    helpers[chosen] = False
    extra = np.flatnonzero(helpers)
    total = chosen.shape[0] + extra.shape[0]
    place[extra] = np.arange(chosen.shape[0], total)
    z = np.empty((total, state.value.shape[1]))
    error = np.empty((total, state.carried.shape[1]), dtype=state.carried.dtype)

    def copy(begin: int, rows: Ints) -> None:
        end = begin + rows.shape[0]
        state.value.take(rows, axis=0, out=z[begin:end], mode="clip")
        state.carried.take(rows, axis=0, out=error[begin:end], mode="clip")

    def fill(begin: int, rows: Ints, p: Ints, q: Ints, value: Floats, bound: Floats) -> None:
        end = begin + rows.shape[0]
        value.take(q, axis=0, out=z[begin:end], mode="clip")
        bound.take(q, axis=0, out=error[begin:end], mode="clip")
        interpolate_rows(
            value.take(p, axis=0), z[begin:end], bound.take(p, axis=0), error[begin:end],
            new.t.take(rows), new.dt.take(rows),
        )  # fmt: skip

    def fill_on_edges(begin: int, rows: Ints) -> None:
        fill(begin, rows, new.p.take(rows), new.q.take(rows), state.value, state.carried)

    copy(0, kept)
    fill_on_edges(kept.shape[0], edge)
    at_corner = np.searchsorted(extra, old)
    copy(chosen.shape[0], extra[:at_corner])
    fill_on_edges(chosen.shape[0] + int(at_corner), extra[at_corner:] - old)
    ends_p, ends_q = place.take(new.p.take(inner)), place.take(new.q.take(inner))
    fill(kept.shape[0] + edge.shape[0], inner, ends_p, ends_q, z, error)

    z, error = z[: chosen.shape[0]], error[: chosen.shape[0]]
    place[extra] = -1
    row = place.take(refinement.zero_vertex)
    here = row >= 0
    row, unit = row[here], refinement.zero_unit[here]
    z[row, unit] = 0.0
    if error.shape[1] > 1:
        error[row, unit] = 0.0
    activate(z[:, : layer.relu_count], error[:, : layer.relu_count])
    positive = refinement.positive.take(chosen, axis=0)
    units = z.shape[1]
    if layer.relu_count < units:  # linear units count as active
        flags = np.ones((chosen.shape[0], units), dtype=np.bool_)
        flags[:, : layer.relu_count] = unpack(positive, layer.relu_count)
        positive = pack(flags)
    return Block(shape, z, error, positive)


def _sub_shape(shape: Shape, cells: Ints) -> tuple[Shape, Ints]:
    """Return the part of a shape with the given cells, and which vertices it has."""
    if shape.offset.shape[0] == 0:
        marked = np.zeros(shape.vertex.shape[0], dtype=np.bool_)
        marked[shape.p.take(cells)] = True
        marked[shape.q.take(cells)] = True
        vertices = np.flatnonzero(marked)
        place = np.cumsum(marked) - 1
        edges, outer = cells, np.zeros(cells.shape[0], dtype=np.bool_)
        offset = corner = side = shape.offset
    else:
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
        shape.positive.take(cells, axis=0), shape.zero.take(cells, axis=0),
    )  # fmt: skip
    return part, vertices


def blocks(
    refinement: Refinement, layer: FilteredLayer, table: VertexTable, limit: int
) -> Iterator[Block]:
    """Yield the refined shape, with values, in blocks of about `limit` cells that lie together."""
    shape = refinement.shape
    if shape.cells <= limit:
        everything = np.arange(shape.vertex.shape[0])
        yield outputs(refinement, shape, everything, layer)
        return
    parts = -(-shape.cells // limit)
    for cells in np.array_split(_nearby_order(shape, table, parts), parts):
        part, vertices = _sub_shape(shape, cells)
        yield outputs(refinement, part, vertices, layer)


def _nearby_order(shape: Shape, table: VertexTable, parts: int) -> Ints:
    """Order the cells by strips of the plane and along each: it only matters for speed."""
    if shape.offset.shape[0] == 0:
        return np.argsort(table.point[shape.vertex.take(shape.p), 0])
    point = table.point.take(shape.vertex.take(shape.corner[shape.offset[:-1]]), axis=0)
    strips = int(np.ceil(np.sqrt(parts)))
    by_x = np.argsort(point[:, 0])
    strip = np.empty(shape.cells, dtype=np.int64)
    strip[by_x] = np.arange(shape.cells) * strips // shape.cells
    return np.lexsort((point[:, 1], strip))

