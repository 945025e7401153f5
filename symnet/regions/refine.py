"""The refinement of a shape by one layer: edges, then chords in cells, then faces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from symnet.exact.arrays import Bools, Floats, Ints, Words
from symnet.regions.arrangement import Arrangement, ChordEnds, arrange
from symnet.regions.block import Block, split, whole
from symnet.regions.edges import LayerState, Subdivision, subdivide, subdivided_ends
from symnet.regions.faces import trace_faces
from symnet.regions.interpolation import interpolate
from symnet.regions.outline import Chords, Outline, offsets, trace_outlines
from symnet.regions.shape import Shape
from symnet.regions.signs import FilteredLayer
from symnet.regions.vertices import ExactEvaluator, VertexTable


@dataclass(frozen=True)
class NewVertices:
    """Where the new vertices lie: at t[i], within dt[i], on the segment from p[i] to q[i].

    p and q count the old vertices and those before i; the first ``on_edge`` lie on edges.
    """

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
    sub: Subdivision
    inside: Arrangement
    layer: FilteredLayer
    table: VertexTable

    def positive(self) -> Words:
        """Return the words of the units that are positive at the old and the new vertices."""
        return np.concatenate([self.state.positive, self.sub.positive, self.inside.positive()])

    def whole(self) -> Block:
        """The refined shape, with values, as one block."""
        return whole(self)

    def split(self, limit: int) -> Iterator[Block]:
        """The refined shape, with values, in blocks of about `limit` cells that lie together."""
        return split(self, limit)


def _register(
    shape: Shape,
    sub: Subdivision,
    inner: tuple[Ints, Ints, Ints, Floats, Floats],
    table: VertexTable,
    unit_offset: int,
) -> tuple[NewVertices, Ints]:
    """Append the new vertices to the table; `inner` is (p, q, unit, t, dt) inside cells."""
    edge = sub.vertex_edge
    p = np.concatenate([shape.p.take(edge), inner[0]])
    q = np.concatenate([shape.q.take(edge), inner[1]])
    unit = np.concatenate([sub.vertex_unit, inner[2]])
    t, dt = np.concatenate([sub.t, inner[3]]), np.concatenate([sub.dt, inner[4]])
    count, on_edge = unit.shape[0], edge.shape[0]
    vertex = np.concatenate([shape.vertex, np.arange(table.size, table.size + count)])
    definition = np.empty((count, 3), dtype=np.int64)
    definition[:, 0], definition[:, 1] = vertex.take(p), vertex.take(q)
    np.add(unit, unit_offset, out=definition[:, 2])
    shared = np.zeros(count, dtype=np.bool_)
    shared[:on_edge] = shape.outer.take(edge)
    for part in (
        slice(0, on_edge),
        slice(on_edge, count),
    ):  # those inside may refer to those on edges
        known = definition[part]
        first, second = known[:, 0], known[:, 1]
        point, error = interpolate(
            table.point.take(first, axis=0), table.point.take(second, axis=0),
            table.error.take(first, axis=0), table.error.take(second, axis=0),
            t[part, None], dt[part, None],
        )  # fmt: skip
        table.append(known, point, error, shared[part])
    return NewVertices(p, q, t, dt, on_edge), vertex


def refine(
    block: Block, layer: FilteredLayer, table: VertexTable, evaluator: ExactEvaluator
) -> Refinement:
    """Refine a block of the plane by the relu units of a layer; its values are used up."""
    shape = block.shape
    assert isinstance(shape, Shape)
    state = layer.evaluate(block, evaluator)
    sub = subdivide(state, shape.p, shape.q)
    offset = int(evaluator.unit_offset[layer.index])
    old = shape.vertex.shape[0]
    starts = shape.offset[:-1]
    cell_pos: Words = np.bitwise_or.reduceat(
        state.positive.take(shape.corner, axis=0), starts, axis=0
    )
    cell_neg: Words = np.bitwise_or.reduceat(
        state.negative.take(shape.corner, axis=0), starts, axis=0
    )
    crossed: Words = cell_pos & cell_neg
    is_cut: Bools = crossed[:, 0] != 0 if crossed.shape[1] == 1 else np.any(crossed, axis=1)
    cut, whole = is_cut.nonzero()[0], (~is_cut).nonzero()[0]
    outline, chords = trace_outlines(
        state, sub, shape.p, shape.corner, shape.side, shape.offset, crossed.take(cut, axis=0), cut
    )
    ends = ChordEnds(state, sub, shape.p, shape.q)
    inside = arrange(chords, outline, ends)
    if layer.is_last:
        state.forget()
    end_a, end_b = outline.vertex.take(chords.a), outline.vertex.take(chords.b)
    new, vertex = _register(
        shape, sub,
        (end_a.take(inside.chord), end_b.take(inside.chord), inside.unit, inside.t, inside.dt),
        table, offset,
    )  # fmt: skip

    # edges: pieces of the old ones, then pieces of the chords
    edge_p, edge_q = subdivided_ends(sub, shape.p, shape.q, old)
    pieces = edge_p.shape[0]
    chord_corner = np.empty(2 * inside.piece_count, dtype=np.int64)
    piece_p, piece_q = chord_corner[0::2], chord_corner[1::2]
    piece_p[inside.piece_start] = end_a
    piece_q[inside.piece_end - 1] = end_b
    inner_vertex = old + new.on_edge + inside.pass_vertex
    piece_q[inside.pass_before] = inner_vertex
    piece_p[inside.pass_before + 1] = inner_vertex
    p, q = np.concatenate([edge_p, piece_p]), np.concatenate([edge_q, piece_q])
    outer = np.zeros(p.shape[0], dtype=np.bool_)
    outer[:pieces] = shape.outer.repeat(sub.count + 1)

    # cells: the uncut ones, then the faces in the cut ones
    half, face_offset = trace_faces(outline, chords, inside)
    places = outline.vertex.shape[0]
    half_corner = np.concatenate([outline.vertex, chord_corner])
    half_side = np.concatenate([outline.piece, pieces + (np.arange(2 * inside.piece_count) >> 1)])
    sizes = shape.offset[1:] - starts
    kept = (~is_cut).repeat(sizes)
    first_piece = sub.start + np.arange(shape.p.shape[0])
    corner = np.concatenate([shape.corner[kept], half_corner.take(half)])
    side = np.concatenate([first_piece.take(shape.side[kept]), half_side.take(half)])
    sizes = np.concatenate([sizes.take(whole), face_offset[1:] - face_offset[:-1]])

    # every face has a piece of a chord on its outline
    beside = np.maximum.reduceat(half, face_offset[:-1]) - places if cut.size else half
    chord = np.arange(end_a.shape[0]).repeat(inside.piece_end - inside.piece_start)
    chord = chord.take(beside >> 1)
    parent = np.concatenate([whole, cut.take(chords.cell.take(chord))])
    face_words = _beside(beside, chord, chords, outline, inside, sub.piece_words)
    positive = np.concatenate([cell_pos.take(whole, axis=0), face_words])
    zero = None
    if state.zero is not None:
        zero = ~(cell_pos | cell_neg) & layer.all_units
        zero = zero.take(parent, axis=0) if zero.any() else None
    assert places + 2 * inside.piece_count == half.shape[0]
    refined = Shape(
        vertex, p, q, outer, offsets(sizes), corner, side,
        shape.pattern.refined(parent, positive, zero),
    )  # fmt: skip
    return Refinement(refined, state, new, sub, inside, layer, table)


def _beside(
    half: Ints,
    chord: Ints,
    chords: Chords,
    outline: Outline,
    inside: Arrangement,
    outline_words: Words,
) -> Words:
    """Return the words of the faces to the left of half-edges 2 k (piece k from a to b), 2 k + 1.

    They are those of the piece, and the own units of its `chord` where they are positive on that
    side. To the right of the way from a to b is the piece of outline that follows a.
    """
    right = chords.mask & outline_words.take(outline.piece.take(chords.a), axis=0)
    own = np.empty((2 * right.shape[0], right.shape[1]), dtype=np.uint64)
    own[0::2], own[1::2] = chords.mask ^ right, right
    words: Words = inside.piece_words.take(half >> 1, axis=0)
    words |= own.take(2 * chord + (half & 1), axis=0)
    return words
