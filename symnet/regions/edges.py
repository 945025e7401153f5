"""Subdivision of the edges of a complex at the zeros of one layer's units.

A unit crosses an edge iff its signs at the two ends are strictly opposite: a bit test on packed
sign words. The words of the open pieces follow from the word of the first piece by XOR with the
crossings passed on the way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from flint import fmpq

from symnet.exact.arrays import Bools, Floats, Ints, Words
from symnet.regions.roots import order_roots, roots
from symnet.regions.vertices import ExactEvaluator
from symnet.regions.words import members, walk


@dataclass
class LayerState:
    """The units of one layer at the vertices of a block: values, bounds, sign words.

    ``error`` bounds the errors of single values, ``carried`` is the bound to interpolate; see
    `signs`. ``zero`` are the units that vanish, None where there is none; ``linear`` are the linear
    units that are not certified to vanish, None for all.
    """

    index: int
    value: Floats
    error: Floats
    carried: Floats
    positive: Words
    negative: Words
    zero: Words | None
    linear: Bools | None
    vertex: Ints  # the vertices' numbers in the table
    evaluator: ExactEvaluator

    def at(self, vertex: Ints, unit: Ints) -> tuple[Floats, Floats]:
        """Return values and bounds of single units at single vertices."""
        flat = vertex * self.value.shape[1] + unit
        error = self.error.ravel().take(vertex if self.error.shape[1] == 1 else flat)
        return self.value.ravel().take(flat), error

    def zero_taken(
        self, positive_p: Words, positive_q: Words, p: Ints, q: Ints
    ) -> tuple[Words, Words, Words]:
        """Return the units that are positive where p-q begins and ends, and that vanish on it.

        Those that are positive at p and at q are given; a unit that vanishes at one end has the
        sign of the other.
        """
        assert self.zero is not None
        zero_p, zero_q = self.zero.take(p, axis=0), self.zero.take(q, axis=0)
        opening, closing = positive_p | (positive_q & zero_p), positive_q | (positive_p & zero_q)
        return opening, closing, zero_p & zero_q

    def forget(self) -> None:
        """Let go of the values, when nobody will ask for them again."""
        self.value = self.error = self.carried = np.zeros((0, 0))


@dataclass(frozen=True)
class Subdivision:
    """What happens on the edges: new vertices in order along each edge, and the pieces' sign words.

    Crossings are sorted by edge and along it; crossing i is of ``unit[i]`` at new vertex
    ``point[i]``. New vertices are numbered 0, 1, ... by edge and along it; edge e has ``count[e]``
    of them from ``start[e]`` on, and the ``count[e] + 1`` pieces from ``start[e] + e`` on.
    """

    edge: Ints
    unit: Ints
    point: Ints
    count: Ints
    start: Ints
    crossing_count: Ints
    crossing_start: Ints
    vertex_edge: Ints
    vertex_unit: Ints
    t: Floats
    dt: Floats
    piece_words: Words
    positive: Words
    negative: Words


def subdivide(state: LayerState, p: Ints, q: Ints) -> Subdivision:
    """Subdivide the edges p[e] -> q[e] at the zeros of the layer's units."""
    opening, closing = state.positive.take(p, axis=0), state.positive.take(q, axis=0)
    constant = None
    if state.zero is not None:
        opening, closing, constant = state.zero_taken(opening, closing, p, q)
    edge, unit = members(opening ^ closing)
    start, end = p.take(edge), q.take(edge)
    a, ea = state.at(start, unit)
    c, ec = state.at(end, unit)
    t, dt = roots(a, c, ea, ec)

    def ratio(i: int) -> fmpq:
        j = int(unit[i])
        at_p = state.evaluator.preactivations(int(state.vertex[start[i]]), state.index)
        at_q = state.evaluator.preactivations(int(state.vertex[end[i]]), state.index)
        return fmpq(abs(at_p[j]), abs(at_q[j]))

    order, first = order_roots(edge, t, dt, ratio)
    edge, unit = edge.take(order), unit.take(order)
    edges = p.shape[0]
    crossing_count = count = np.bincount(edge, minlength=edges)
    crossing_start = vertex_start = count.cumsum() - count
    point = leader = np.arange(edge.shape[0])
    vertex_edge, vertex_unit, source = edge, unit, order
    if not first.all():
        point = first.cumsum() - 1
        leader = first.nonzero()[0]
        vertex_edge, vertex_unit, source = (x.take(leader) for x in (edge, unit, order))
        count = np.bincount(vertex_edge, minlength=edges)
        vertex_start = count.cumsum() - count

    if leader.size:
        after = np.arange(leader.size) + vertex_edge + 1  # the piece that follows each new vertex
        pieces = walk(
            opening, closing, vertex_start + np.arange(edges), edges + leader.size,
            after.take(point), unit, leader.size == unit.size,
        )  # fmt: skip
        beyond, before = pieces.take(after, axis=0), pieces.take(after - 1, axis=0)
        positive, negative = beyond & before, ~(beyond | before)
        if constant is not None:
            negative &= ~constant.take(vertex_edge, axis=0)
    else:
        pieces = opening
        positive = negative = opening[:0]
    return Subdivision(
        edge, unit, point, count, vertex_start, crossing_count, crossing_start,
        vertex_edge, vertex_unit, t.take(source), dt.take(source),
        pieces, positive, negative,
    )  # fmt: skip


def subdivided_ends(sub: Subdivision, p: Ints, q: Ints, old: int) -> tuple[Ints, Ints]:
    """Return the ends of all pieces; new vertices are numbered from `old` on."""
    pieces = p.shape[0] + sub.vertex_edge.shape[0]
    first_piece = sub.start + np.arange(p.shape[0])
    start, end = np.empty(pieces, dtype=np.int64), np.empty(pieces, dtype=np.int64)
    start[first_piece] = p
    end[first_piece + sub.count] = q
    new = np.arange(sub.vertex_edge.shape[0])
    before = new + sub.vertex_edge
    end[before] = old + new
    start[before + 1] = old + new
    return start, end
