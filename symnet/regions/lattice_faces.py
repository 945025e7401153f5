"""The face lattice of the complex, cut by one form after the other: right in every special
position.

Faces of each dimension k = 1 … d are listed with their facets (faces of dimension k - 1).  On a
face a form is affine, so its signs on the face are those at the vertices: a face carries, for the
forms of the current layer, the OR of its facets' words of + and of -.  A form cuts the faces on
which it has both signs.  A cut k-face f becomes f+, f- and the new (k - 1)-face f0 = f with the
form zero:

- the facets of f+ (f-) are the facets of f on that side, the parts on that side of those that are
  cut, and f0;
- the facets of f0 are g0 for the cut facets g of f, and the (k - 2)-faces of f on which the form is
  zero.  Such a face lies in exactly two facets of f, one on each side, neither of them cut: so
  looking through the uncut facets on the positive side finds each of them once.

Faces with at most one sign are left alone: a form that only touches a face, or is identically zero
on it, changes nothing.  No arithmetic happens here; new vertices and their signs come from the
store. (Edelsbrunner, O'Rourke and Seidel, Constructing arrangements of lines and hyperplanes, 1986,
for the incremental construction; here the hyperplanes bend and a domain bounds them.)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from symnet.regions.lattice_layers import PreparedLayer
from symnet.regions.lattice_vertices import VertexStore

__all__ = ["FaceLattice", "Faces", "Start", "box_start", "ranges"]

Integers = NDArray[np.int64]
Words = NDArray[np.uint64]
Booleans = NDArray[np.bool_]


def ranges(start: Integers, length: Integers) -> Integers:
    """The concatenation of start[i], …, start[i] + length[i] - 1 over i."""
    offsets = np.cumsum(length) - length
    return np.repeat(start - offsets, length) + np.arange(int(length.sum()))


class Faces:
    """All faces of one dimension: lists of facets in one growing buffer, and words."""

    def __init__(self, lists: list[list[int]]) -> None:
        self.count = len(lists)
        self.length: Integers = np.array([len(entry) for entry in lists], dtype=np.int64)
        self.start: Integers = np.cumsum(self.length) - self.length
        self.buffer: Integers = np.array([v for entry in lists for v in entry], dtype=np.int64)
        self.used = len(self.buffer)
        self.words: Words = np.zeros((self.count, 0), dtype=np.uint64)

    def facets(self, faces: Integers) -> tuple[Integers, Integers]:
        """The facets of the given faces, one list after the other, and the lists' lengths."""
        length = self.length[faces]
        return self.buffer.take(ranges(self.start[faces], length)), length

    def all_facets(self) -> tuple[Integers, Integers]:
        """The facets of all faces in order, and the lists' lengths."""
        return self.facets(np.arange(self.count))

    def replace(self, faces: Integers, entries: Integers, length: Integers, words: Words) -> None:
        """Give faces new lists and words."""
        need = self.used + len(entries)
        if need > len(self.buffer):
            self.buffer = np.concatenate(
                [self.buffer[: self.used], np.empty(max(need, 64), dtype=np.int64)]
            )
        self.buffer[self.used : need] = entries
        self.start[faces] = self.used + np.cumsum(length) - length
        self.length[faces] = length
        self.words[faces] = words
        self.used = need

    def append(self, entries: Integers, length: Integers, words: Words) -> Integers:
        """New faces; their numbers."""
        n = len(length)
        need = self.count + n
        if need > len(self.start):
            size = max(need, 2 * len(self.start))
            for name in ("start", "length", "words"):
                old = getattr(self, name)
                new = np.empty((size, *old.shape[1:]), dtype=old.dtype)
                new[: self.count] = old[: self.count]
                setattr(self, name, new)
        faces = np.arange(self.count, need)
        self.count = need
        self.replace(faces, entries, length, words)
        return faces

    def compact(self, kept: Integers | None = None, renumber: Integers | None = None) -> None:
        """Drop replaced lists, and faces that are not kept; rename the facets."""
        faces = np.arange(self.count) if kept is None else kept
        self.buffer, length = self.facets(faces)
        if renumber is not None:
            self.buffer = renumber[self.buffer]
        self.length, self.count, self.used = length, len(faces), len(self.buffer)
        self.start = np.cumsum(length) - length
        self.words = self.words[faces]


@dataclass(frozen=True)
class Start:
    """A complex to start from: for k = 1, 2, … the facets of every k-face, by their numbers."""

    lists: list[list[list[int]]]
    facet_constraint: list[int]
    constraints: int


def box_start(d: int) -> Start:
    """The faces of a box; corner i is at the upper end of coordinate k iff bit k of i is set.

    Constraint 2k is its lower, 2k + 1 its upper facet in coordinate k.
    """
    codes: list[dict[tuple[int, ...], int]] = [{} for _ in range(d + 1)]
    for code in product((0, 1, 2), repeat=d):
        level = codes[code.count(2)]
        level[code] = len(level)
    codes[0] = {code: sum(v << k for k, v in enumerate(code)) for code in codes[0]}

    def below(code: tuple[int, ...]) -> list[int]:
        free = [k for k, v in enumerate(code) if v == 2]
        ends = [(*code[:k], end, *code[k + 1 :]) for k in free for end in (0, 1)]
        return [codes[len(free) - 1][end] for end in ends]

    lists = [[below(code) for code in codes[k]] for k in range(1, d + 1)]
    walls = [next(2 * k + v for k, v in enumerate(code) if v != 2) for code in codes[d - 1]]
    return Start(lists, walls, 2 * d)


class FaceLattice:
    """The complex as a lattice of faces; `facet_constraint[g]` is the constraint that made facet g.

    Constraints are numbered: the 2d facets of the box (2k below, 2k + 1 above in coordinate k),
    then the columns of the stages in turn.
    """

    def __init__(self, store: VertexStore, start: Start) -> None:
        self.store, self.dimension = store, len(start.lists)
        self.faces = [Faces([]), *(Faces(lists) for lists in start.lists)]
        self.facet_constraint: Integers = np.array(start.facet_constraint, dtype=np.int64)
        self.first = start.constraints

    def insert_layer(
        self, layer: PreparedLayer, depth: int, after: Callable[[int], None] | None = None
    ) -> None:
        """Cut by all forms of one layer; ``after`` is called with the number of each."""
        self.store.enter(layer, depth)
        if layer.hyperplanes == 0:
            return
        self._spread_words()
        self._carriers: Integers = self.faces[1].all_facets()[0].reshape(-1, 2)
        for column in range(layer.hyperplanes):
            self._insert(column)
            if after is not None:
                after(column)
        self.first += layer.hyperplanes
        for faces in self.faces[1:]:
            faces.compact()

    def finish(self) -> None:
        """Keep what describes the complex and forget what served to build it."""
        self.store.finish()
        for faces in self.faces[1:]:
            faces.compact()
            faces.words = np.zeros((faces.count, 0), dtype=np.uint64)

    def _vertex_words(self, vertices: Integers) -> Words:
        store = self.store
        return np.stack([row.take(vertices) for row in (*store.plus, *store.minus)], axis=1)

    def _words(self, k: int, faces: Integers) -> Words:
        return self._vertex_words(faces) if k == 0 else self.faces[k].words.take(faces, axis=0)

    def _spread_words(self) -> None:
        """The words of all faces for the layer just entered, from the vertices upwards."""
        for k in range(1, self.dimension + 1):
            entries, length = self.faces[k].all_facets()
            self.faces[k].words = self._union(self._words(k - 1, entries), length)

    @staticmethod
    def _union(words: Words, length: Integers) -> Words:
        if len(length) == 0:
            return np.zeros((0, words.shape[1]), dtype=np.uint64)
        return np.bitwise_or.reduceat(words, np.cumsum(length) - length, axis=0)

    def _insert(self, column: int) -> None:
        d, half = self.dimension, len(self.store.plus)
        word, bit = column >> 6, np.uint64(1 << (column & 63))
        cut = []
        for faces in self.faces[1:]:
            words = faces.words[: faces.count]
            cut.append(np.flatnonzero(words[:, word] & words[:, half + word] & bit))
        if len(cut[-1]) == 0:
            return
        old_signs = self.store.signs[: self.store.count, column]
        touches = bool((old_signs == 0).any())
        rank, zero, minus = self._cut_edges(cut[0], column)
        for k in range(2, d + 1):
            rank, zero, minus = self._cut_faces(k, cut[k - 1], rank, zero, minus, column, touches)

    def _cut_edges(self, cut: Integers, column: int) -> tuple[Integers, Integers, Integers]:
        """Cut edges at new vertices: positions among the cut ones, new vertices, negative parts."""
        edges, n = self.faces[1], len(cut)
        rank = np.full(edges.count + n, -1, dtype=np.int64)
        rank[cut] = np.arange(n)
        ends, _ = edges.facets(cut)
        p, q = ends[::2], ends[1::2]
        swap = self.store.signs[p, column] < 0
        p, q = np.where(swap, q, p), np.where(swap, p, q)
        first = self.store.count
        carriers = self._carriers[cut]
        self.store.cut(np.stack([p, q], axis=1), carriers, column)
        self._carriers = np.concatenate([self._carriers, carriers])
        zero = np.arange(first, first + n)
        pairs, two = np.empty(2 * n, dtype=np.int64), np.full(n, 2, dtype=np.int64)
        pairs[::2], pairs[1::2] = p, zero
        if self.dimension == 2:
            self._inherit_constraints(cut)
        edges.replace(cut, pairs, two, self._vertex_words(p) | self._vertex_words(zero))
        pairs[::2] = q
        minus = edges.append(pairs, two, self._vertex_words(q) | self._vertex_words(zero))
        return rank, zero, minus

    def _cut_faces(
        self,
        k: int,
        cut: Integers,
        rank: Integers,
        zero: Integers,
        minus: Integers,
        column: int,
        touches: bool,
    ) -> tuple[Integers, Integers, Integers]:
        """Cut faces of dimension k; rank, zero and minus describe the cut faces one dimension
        below.

        Returns the same three for this dimension.
        """
        faces, below, n = self.faces[k], self.faces[k - 1], len(cut)
        half = len(self.store.plus)
        word, bit = column >> 6, np.uint64(1 << (column & 63))
        entries, length = faces.facets(cut)
        owner = np.repeat(np.arange(n), length)
        place = rank.take(entries)
        is_cut = place >= 0
        words = below.words.take(entries, axis=0)
        # A cut facet has kept its number for its positive part, and has that part's words by now.
        on_plus = (words[:, word] & bit) != 0
        on_minus = ((words[:, half + word] & bit) != 0) | is_cut

        halves = zero[place[is_cut]]
        halves_owner = owner[is_cut]
        if touches:
            side = on_plus & ~is_cut
            ridges, counts = below.facets(entries[side])
            flat = self._words(k - 2, ridges)
            on_zero = ((flat[:, word] | flat[:, half + word]) & bit) == 0
            halves = np.concatenate([halves, ridges[on_zero]])
            halves_owner = np.concatenate([halves_owner, np.repeat(owner[side], counts)[on_zero]])
            order = np.argsort(halves_owner, kind="stable")
            halves, halves_owner = halves[order], halves_owner[order]
        counts = np.bincount(halves_owner, minlength=n)
        new_rank = np.full(faces.count + n, -1, dtype=np.int64)
        new_rank[cut] = np.arange(n)
        new_zero = below.append(halves, counts, self._union(self._words(k - 2, halves), counts))
        if k == 2:
            self._carriers = np.concatenate([self._carriers, halves.reshape(-1, 2)])

        parts = entries.copy()
        parts[is_cut] = minus[place[is_cut]]
        up = self._with_new_facet(entries[on_plus], owner[on_plus], new_zero)
        down = self._with_new_facet(parts[on_minus], owner[on_minus], new_zero)
        if k == self.dimension - 1:
            self._inherit_constraints(cut)
        if k == self.dimension:
            made = np.full(n, self.first + column, dtype=np.int64)
            self.facet_constraint = np.concatenate([self.facet_constraint, made])
        faces.replace(cut, *up, self._union(below.words.take(up[0], axis=0), up[1]))
        new_minus = faces.append(*down, self._union(below.words.take(down[0], axis=0), down[1]))
        return new_rank, new_zero, new_minus

    def _inherit_constraints(self, cut: Integers) -> None:
        """The negative parts of cut facets lie in the same constraint."""
        pieces = self.facet_constraint[cut]
        self.facet_constraint = np.concatenate([self.facet_constraint, pieces])

    @staticmethod
    def _with_new_facet(
        entries: Integers, owner: Integers, new: Integers
    ) -> tuple[Integers, Integers]:
        """Lists of entries by owner, each with its new facet at the end."""
        length = np.bincount(owner, minlength=len(new)) + 1
        lists = np.empty(len(entries) + len(new), dtype=np.int64)
        lists[np.arange(len(entries)) + owner] = entries
        lists[np.cumsum(length) - 1] = new
        return lists, length

    def clip(self, columns: int) -> None:
        """Keep the positive side of the stage just inserted, whose `columns` forms bound it."""
        half = len(self.store.plus)
        renumber: Integers | None = None
        for k, faces in enumerate(self.faces[1:], start=1):
            kept = np.flatnonzero(~faces.words[: faces.count, half:].any(axis=1))
            count = faces.count
            faces.compact(kept, renumber)
            renumber = np.full(count, -1, dtype=np.int64)
            renumber[kept] = np.arange(len(kept))
            if k == self.dimension - 1:
                self.facet_constraint = self.facet_constraint[kept]
