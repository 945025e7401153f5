"""The chords of a cell cut each other into pieces: which cross, in what order, and which at one
point.

Two chords of a convex polygon cross inside it iff their ends interleave on its outline; no
arithmetic is needed. Along a chord the crossings are ordered by the roots of the other chords'
units.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from flint import fmpq, fmpz

from symnet.exact.arrays import Floats, Ints, Words
from symnet.regions.edges import LayerState, Subdivision
from symnet.regions.interpolation import interpolate
from symnet.regions.outline import Chords, Outline
from symnet.regions.roots import order_roots, roots
from symnet.regions.words import members, walk

_PAIRS_AT_ONCE = 1 << 21


@dataclass(frozen=True)
class Arrangement:
    """Interior vertices and chord pieces.

    Interior vertex i is the zero of ``unit[i]`` on chord ``chord[i]`` at ``t[i]`` of the way. The
    pieces of chord c are ``piece_start[c] .. piece_end[c] - 1``, from end a to end b. Each passage
    of a chord through an interior vertex is a row of ``pass_chord, pass_vertex, pass_before`` (the
    piece before it).
    """

    chord: Ints
    unit: Ints
    t: Floats
    dt: Floats
    piece_start: Ints
    piece_end: Ints
    piece_count: int
    pass_chord: Ints
    pass_vertex: Ints
    pass_before: Ints
    piece_words: Words

    def positive(self) -> Words:
        """Return the words of the units that are positive at the interior vertices."""
        words = np.zeros((self.unit.shape[0], self.piece_words.shape[1]), dtype=np.uint64)
        ahead, behind = self.pass_before, self.pass_before + 1
        words[self.pass_vertex] = self.piece_words.take(ahead, axis=0)
        words[self.pass_vertex] &= self.piece_words.take(behind, axis=0)
        return words


class ChordEnds:
    """Values of units at the ends of chords: old vertices, or new ones on edges."""

    def __init__(self, state: LayerState, sub: Subdivision, p: Ints, q: Ints) -> None:
        self.state, self.sub = state, sub
        self.old = state.vertex.shape[0]
        self.p, self.q = p.take(sub.vertex_edge), q.take(sub.vertex_edge)

    def at(self, vertex: Ints, unit: Ints) -> tuple[Floats, Floats]:
        """Return values and bounds of units at vertices (old ones and those on edges)."""
        new = vertex - self.old
        on_edge = new >= 0
        if on_edge.all():
            return self._on_edges(new, unit)
        value, error = self.state.at(np.minimum(vertex, self.old - 1), unit)
        value[on_edge], error[on_edge] = self._on_edges(new[on_edge], unit[on_edge])
        return value, error

    def _on_edges(self, new: Ints, unit: Ints) -> tuple[Floats, Floats]:
        zp, ep = self.state.at(self.p.take(new), unit)
        zq, eq = self.state.at(self.q.take(new), unit)
        return interpolate(zp, zq, ep, eq, self.sub.t.take(new), self.sub.dt.take(new))

    def words(self, vertex: Ints) -> tuple[Words, Words]:
        """Return the words of the positive and of the negative units at vertices."""
        new = vertex - self.old
        on_edge = new >= 0
        if on_edge.all():
            return self.sub.positive.take(new, axis=0), self.sub.negative.take(new, axis=0)
        known = np.minimum(vertex, self.old - 1)
        positive, negative = (
            w.take(known, axis=0) for w in (self.state.positive, self.state.negative)
        )
        positive[on_edge] = self.sub.positive.take(new[on_edge], axis=0)
        negative[on_edge] = self.sub.negative.take(new[on_edge], axis=0)
        return positive, negative

    def exactly(self, vertex: int, unit: int) -> fmpz:
        """Return a positive multiple of a unit's value, the same for all units at the vertex."""
        state, new = self.state, vertex - self.old
        p = vertex if new < 0 else int(self.p[new])
        at_p = state.evaluator.preactivations(int(state.vertex[p]), state.index)
        if new < 0:
            return at_p[unit]
        q, zero = int(self.q[new]), int(self.sub.vertex_unit[new])
        at_q = state.evaluator.preactivations(int(state.vertex[q]), state.index)
        return abs(at_p[zero]) * at_q[unit] + abs(at_q[zero]) * at_p[unit]


def _pairs(cell_of_chord: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Yield all pairs i < j of chords of the same cell, lexicographically, in portions."""
    chords = cell_of_chord.shape[0]
    per_cell = np.bincount(cell_of_chord)
    last = per_cell.cumsum().take(cell_of_chord)
    later = last - 1 - np.arange(chords)
    total = later.cumsum()
    begin = 0
    while begin < chords:
        done = int(total[begin - 1]) if begin else 0
        end = max(begin + 1, int(np.searchsorted(total, done + _PAIRS_AT_ONCE, side="right")))
        portion = later[begin:end]
        i = np.arange(begin, min(end, chords)).repeat(portion)
        j = np.arange(i.shape[0]) - (portion.cumsum() - portion).take(i - begin) + i + 1
        yield i, j
        begin = end


def crossing_pairs(chords: Chords) -> tuple[Ints, Ints]:
    """Return the pairs i < j of chords that cross inside their cell: their ends interleave."""
    found_i, found_j = [], []
    for i, j in _pairs(chords.cell):
        ai, bi, aj, bj = chords.a.take(i), chords.b.take(i), chords.a.take(j), chords.b.take(j)
        cross = (ai < aj) & (aj < bi) & (bi < bj) | (aj < ai) & (ai < bj) & (bj < bi)
        found_i.append(i[cross])
        found_j.append(j[cross])
    if len(found_i) == 1:
        return found_i[0], found_j[0]
    empty = [np.zeros(0, dtype=np.int64)]
    return np.concatenate(empty + found_i), np.concatenate(empty + found_j)


def arrange(chords: Chords, outline: Outline, ends: ChordEnds) -> Arrangement:
    """Cut the chords at their crossings."""
    i, j = crossing_pairs(chords)
    pairs = i.shape[0]
    chord, other = np.concatenate([i, j]), np.concatenate([j, i])
    pair = np.concatenate([np.arange(pairs), np.arange(pairs)])
    end_a, end_b = outline.vertex.take(chords.a), outline.vertex.take(chords.b)
    unit = chords.unit.take(other)
    both = np.concatenate([end_a.take(chord), end_b.take(chord)])
    z, e = ends.at(both, np.concatenate([unit, unit]))
    t, dt = roots(z[: 2 * pairs], z[2 * pairs :], e[: 2 * pairs], e[2 * pairs :])
    del both, z, e

    def ratio(k: int) -> fmpq:
        c, u = int(chord[k]), int(unit[k])
        return fmpq(abs(ends.exactly(int(end_a[c]), u)), abs(ends.exactly(int(end_b[c]), u)))

    order, first = order_roots(chord, t, dt, ratio)
    chord, other, pair = chord.take(order), other.take(order), pair.take(order)
    passage = leader = np.arange(2 * pairs)
    source, pass_vertex, pass_chord = leader[:pairs], pair, chord
    if not first.all():
        passage = first.cumsum() - 1
        leader = first.nonzero()[0]
        label = _concurrent(pair, passage, leader, pairs)
        kept = label == source
        source = kept.nonzero()[0]  # on chord i of pair (i, j): the unit of j vanishes there
        pass_vertex = (kept.cumsum() - 1).take(label).take(pair.take(leader))
        pass_chord = chord.take(leader)
    per_chord = np.bincount(pass_chord, minlength=chords.cell.shape[0])
    piece_start = (per_chord + 1).cumsum() - (per_chord + 1)
    pass_before = np.arange(leader.shape[0]) + pass_chord

    (pos_a, neg_a), (pos_b, neg_b) = ends.words(end_a), ends.words(end_b)
    opening, closing = pos_a | (pos_b & ~neg_a), pos_b | (pos_a & ~neg_b)
    simple = int(np.bitwise_count(chords.mask).sum()) == chords.cell.shape[0]
    passing = pass_before.take(passage) + 1
    changing = chords.unit.take(other)
    if not simple:  # several units vanish on some chords
        row, changing = members(chords.mask.take(other, axis=0))
        passing = passing.take(row)
    words = walk(
        opening, closing, piece_start, leader.shape[0] + chords.cell.shape[0],
        passing, changing, simple and leader.size == chord.size,
    )  # fmt: skip
    return Arrangement(
        i.take(source), chords.unit.take(j.take(source)), t.take(source), dt.take(source),
        piece_start, piece_start + per_chord + 1, leader.shape[0] + chords.cell.shape[0],
        pass_chord, pass_vertex, pass_before,
        words,
    )  # fmt: skip


def _concurrent(pair: Ints, passage: Ints, leader: Ints, pairs: int) -> Ints:
    """Return for each pair the least pair that crosses at the same point.

    Pairs are numbered lexicographically. If chords i_0 < i_1 < ... meet at a point, the pairs (i_0,
    k) and (j, k) share a passage of chord k, and (i_0, k), (i_0, i_1) one of chord i_0: two rounds
    of minima suffice.
    """
    label = np.arange(pairs)
    for _ in range(2):
        least = np.minimum.reduceat(label.take(pair), leader).take(passage)
        np.minimum.at(label, pair, least)
    return label
