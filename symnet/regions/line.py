"""The refinement of a part of a line by one layer: zeros of its units, in order along the line.

Vertices and cells are kept from left to right, so that the ends of cell c are vertices c and c + 1.
A unit crosses a cell iff its signs at the two ends are strictly opposite.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from flint import fmpq

from symnet.exact.arrays import Bools, Floats, Ints, Words
from symnet.regions.block import Block
from symnet.regions.edges import LayerState
from symnet.regions.interpolation import interpolate, interpolate_rows
from symnet.regions.roots import order_roots, roots
from symnet.regions.segments import Segments
from symnet.regions.signs import FilteredLayer
from symnet.regions.vertices import ExactEvaluator, VertexTable
from symnet.regions.words import members, walk, with_linear


@dataclass(frozen=True)
class Zeros:
    """Zeros of units inside of cells, from left to right; zeros at one point follow each other.

    Zero i is of ``unit[i]`` in cell ``cell[i]``, at t[i] of the way within dt[i]; ``first`` says
    which begin a new point.
    """

    cell: Ints
    unit: Ints
    t: Floats
    dt: Floats
    first: Bools

    def points(self) -> Zeros:
        """One zero for each point."""
        if self.first.all():
            return self
        k = self.first.nonzero()[0]
        return Zeros(
            self.cell.take(k), self.unit.take(k), self.t.take(k), self.dt.take(k),
            self.first.take(k),
        )  # fmt: skip


@dataclass(frozen=True)
class LineRefinement:
    """Refined segments, and what is needed for the values at their vertices.

    The old vertices and the new ones, which are `points`, stand in the places ``old`` and ``new``
    of all; ``words`` are those of the units that are positive on the refined cells.
    """

    shape: Segments
    state: LayerState
    points: Zeros
    old: Ints
    new: Ints
    words: Words
    layer: FilteredLayer

    def whole(self) -> Block:
        """The refined segments, with values, as one block."""
        everything = slice(0, self.shape.vertex.shape[0])
        return self._part(self.shape, everything, slice(0, None), slice(0, None))

    def split(self, limit: int) -> Iterator[Block]:
        """The refined segments, with values, in blocks of about `limit` cells.

        All are made at once, so that the values before need not be kept, and each is let go in
        turn.
        """
        cells = self.shape.cells
        parts = -(-cells // limit)
        cuts = [cells * k // parts for k in range(parts + 1)]
        blocks = [self._between(*cuts[k : k + 2]) for k in reversed(range(parts))]
        return (blocks.pop() for _ in range(parts))

    def _between(self, start: int, end: int) -> Block:
        """The block of the cells from `start` on and before `end`."""
        shape = Segments(
            self.shape.vertex[start : end + 1], self.shape.pattern.of(np.arange(start, end))
        )
        kept, made = (
            slice(*np.searchsorted(at, (start, end + 1)).tolist()) for at in (self.old, self.new)
        )
        return self._part(shape, slice(start, end + 1), kept, made)

    def _part(self, shape: Segments, places: slice, kept: slice, made: slice) -> Block:
        """The block whose vertices are at these places: these of the old and of the new ones."""
        state, relu = self.state, self.layer.relu_count
        old, new = self.old[kept] - places.start, self.new[made] - places.start
        cell, t, dt = self.points.cell[made], self.points.t[made], self.points.dt[made]
        count, units = places.stop - places.start, state.value.shape[1]
        value = np.empty((count, units))
        error = np.empty((count, state.carried.shape[1]), dtype=state.carried.dtype)
        z, e = (a[1:].take(cell, axis=0) for a in (state.value, state.carried))
        interpolate_rows(
            state.value.take(cell, axis=0), z, state.carried.take(cell, axis=0), e, t, dt
        )
        value[old], error[old] = state.value[kept], state.carried[kept]
        value[new], error[new] = z, e
        positive = np.empty((count, self.words.shape[1]), dtype=np.uint64)
        positive[old] = state.positive[kept]
        after = self.new[made]
        positive[new] = self.words.take(after, axis=0) & self.words.take(after - 1, axis=0)
        linear = None
        if state.linear is not None:
            linear = np.empty((count, units - relu), dtype=np.bool_)
            linear[old] = state.linear[kept]
            # what vanishes at both ends vanishes between them
            linear[new] = state.linear[:-1].take(cell, axis=0) | state.linear[1:].take(cell, axis=0)
        return Block(shape, value, error, with_linear(positive, relu, units, linear), relu)


def refine_line(
    block: Block, layer: FilteredLayer, table: VertexTable, evaluator: ExactEvaluator
) -> LineRefinement:
    """Refine a part of a line by the relu units of a layer; its values are used up."""
    assert isinstance(block.shape, Segments)
    vertex, pattern = block.shape.vertex, block.shape.pattern
    state = layer.evaluate(block, evaluator)
    opening, closing, zero = _signs_of_cells(state)
    zeros = _zeros(state, opening ^ closing)
    points = zeros.points()

    cells, count = pattern.cells, points.cell.shape[0]
    old, new = np.arange(cells + 1), np.arange(1, count + 1)
    every = old[:-1]
    per_cell = np.bincount(points.cell, minlength=cells)
    parent = every.repeat(per_cell + 1)
    old[1:] += per_cell.cumsum()
    new += points.cell
    change = new if points is zeros else new.take(zeros.first.cumsum() - 1)
    words = walk(opening, closing, old[:-1], cells + count, change, zeros.unit, points is zeros)
    refined = np.empty(cells + 1 + count, dtype=np.int64)
    refined[old] = vertex
    refined[new] = _register(vertex, points, table, int(evaluator.unit_offset[layer.index]))
    if zero is not None:
        zero = zero.take(parent, axis=0)
    shape = Segments(refined, pattern.refined(parent, words, zero))
    return LineRefinement(shape, state, points, old, new, words, layer)


def _signs_of_cells(state: LayerState) -> tuple[Words, Words, Words | None]:
    """The units that are positive where each cell begins and where it ends, and that vanish on it.

    The last is None where there is none.
    """
    p, q = state.positive[:-1], state.positive[1:]
    if state.zero is None:
        return p, q, None
    ends = np.arange(p.shape[0] + 1)
    opening, closing, zero = state.zero_taken(p, q, ends[:-1], ends[1:])
    return opening, closing, zero if zero.any() else None


def _zeros(state: LayerState, crossed: Words) -> Zeros:
    """The zeros of units in the cells that they cross."""
    cell, unit = members(crossed)
    units, value, error = state.value.shape[1], state.value.ravel(), state.error.ravel()
    place = cell * units + unit
    if state.error.shape[1] == 1:
        ea, ec = error.take(cell), error[1:].take(cell)
    else:
        ea, ec = error.take(place), error[units:].take(place)
    t, dt = roots(value.take(place), value[units:].take(place), ea, ec)

    def ratio(i: int) -> fmpq:
        j, c = int(unit[i]), int(cell[i])
        ends = state.vertex[c : c + 2].tolist()
        at_p, at_q = (state.evaluator.preactivations(v, state.index) for v in ends)
        return fmpq(abs(at_p[j]), abs(at_q[j]))

    order, first = order_roots(cell, t, dt, ratio)
    return Zeros(cell.take(order), unit.take(order), t.take(order), dt.take(order), first)


def _register(vertex: Ints, points: Zeros, table: VertexTable, unit_offset: int) -> Ints:
    """Append the new vertices to the table; the rows that they have there."""
    p, q = vertex.take(points.cell), vertex[1:].take(points.cell)
    definition = np.empty((p.shape[0], 3), dtype=np.int64)
    definition[:, 0], definition[:, 1] = p, q
    np.add(points.unit, unit_offset, out=definition[:, 2])
    point, error = interpolate(
        table.point.take(p, axis=0), table.point.take(q, axis=0),
        table.error.take(p, axis=0), table.error.take(q, axis=0),
        points.t[:, None], points.dt[:, None],
    )  # fmt: skip
    return table.append(definition, point, error, np.False_)
