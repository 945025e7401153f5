"""Blocks of cells with the dense values of the last layer's units at their vertices.

Blocks keep those values in cache and bound the memory that they take. Since only exact truth
decides what happens on an edge, two blocks that share an edge subdivide it alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from symnet.exact.arrays import Bools, Floats, Ints, Words
from symnet.regions.interpolation import interpolate_rows
from symnet.regions.segments import Segments
from symnet.regions.shape import Shape, nearby_order, part_of
from symnet.regions.words import with_linear

if TYPE_CHECKING:
    from symnet.regions.refine import NewVertices, Refinement


@dataclass
class Block:
    """A shape, and the values of the last layer's units at its vertices.

    ``error`` bounds their errors (see `signs`), ``active`` are the words of the outputs that are
    not exactly zero; the first `relu` units are relu units.
    """

    shape: Shape | Segments
    value: Floats
    error: Floats
    active: Words
    relu: int = 0

    def release(self) -> tuple[Floats, Floats]:
        """Hand over the values and their bounds: who cuts the block lets them go when it can."""
        values = self.value, self.error
        del self.value, self.error
        return values

    def writable(self) -> Block:
        """Return the block with values that may be written to; those from elsewhere may not."""
        value, error = (np.require(v, requirements="W") for v in (self.value, self.error))
        return replace(self, value=value, error=error)


def split(refinement: Refinement, limit: int) -> Iterator[Block]:
    """Yield the refined shape, with values, in blocks of about `limit` cells that lie together.

    All are made at once, so that the values before need not be kept, and each is let go in turn.
    """
    shape = refinement.shape
    positive = refinement.positive()
    parts = -(-shape.cells // limit)
    blocks = []
    for cells in np.array_split(nearby_order(shape, refinement.table, parts), parts):
        part, vertices = part_of(shape, cells)
        blocks.append(outputs(refinement, positive, part, vertices))
    blocks.reverse()
    return (blocks.pop() for _ in range(parts))


def whole(refinement: Refinement) -> Block:
    """Return the refined shape, with values, as one block."""
    everything = np.arange(refinement.shape.vertex.shape[0])
    return outputs(refinement, refinement.positive(), refinement.shape, everything)


def outputs(refinement: Refinement, positive: Words, shape: Shape, chosen: Ints) -> Block:
    """Return the block with the given shape, whose vertices are `chosen` (ascending).

    `positive` are the words of the positive units at all vertices of the refined shape.
    """
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
    extra = helpers.nonzero()[0]
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
        if not rows.size:
            return
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
    positive = positive.take(chosen, axis=0)
    relu = refinement.layer.relu_count
    linear = None
    if state.linear is not None:
        ends = new.p.take(inner), new.q.take(inner)
        linear = _linear(state.linear, new, [kept, edge], ends)
    return Block(shape, z, error, with_linear(positive, relu, z.shape[1], linear), relu)


def _linear(known: Bools, new: NewVertices, chosen: list[Ints], ends: tuple[Ints, Ints]) -> Bools:
    """The flags at old vertices, at new ones on edges, at those between two ends.

    What vanishes at both ends vanishes between them.
    """
    kept, edge = chosen
    on_edges = slice(0, new.on_edge)
    outer = known.take(new.p[on_edges], axis=0) | known.take(new.q[on_edges], axis=0)
    every = np.concatenate([known, outer])
    inner = every.take(ends[0], axis=0) | every.take(ends[1], axis=0)
    return np.concatenate([known.take(kept, axis=0), outer.take(edge, axis=0), inner])
