"""The skeleton of a complex in general position: vertices and edges, one neuron at a time.

In general position every vertex of the complex lies on exactly d constraints (neurons' zero sets
and domain facets), and around it the complex looks like d coordinate hyperplanes.  Then vertices
and edges know everything (the f-vector, all cells, all facets): a face is named by its signs, and a
vertex is on the faces that release some of its d zeros.  A new hyperplane cuts edges in vertices
and 2-faces in edges; each cut edge bounds 2 (d - 1) two-faces, one for each zero and each side to
which it is released, and two new vertices are joined iff they come from the same 2-face.

A 2-face is recognised by a 64-bit sum of random numbers over its signs.  That is no guess: two
vertices of one 2-face always have the same sum, so if every sum occurs exactly twice the pairs are
right, and if not the caller is told.  The same holds for a form that vanishes at a vertex
without need: `NotSimpleError` is raised and the face lattice takes over.

The edge-subdivision idea is that of Berzins, Polyhedral complex extraction from ReLU networks using
edge subdivision, ICML 2023, there in floats and for networks in general position.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from symnet.regions.lattice_layers import PreparedLayer
from symnet.regions.lattice_vertices import BLOCK, VertexStore

__all__ = ["NotSimpleError", "Skeleton"]

Integers = NDArray[np.int64]
Words = NDArray[np.uint64]


class NotSimpleError(Exception):
    """The complex is not in general position, or two names of faces collided."""


class Skeleton:
    """Vertices with their d zeros, edges with their d - 1 zeros.

    Constraints are numbered: the 2d facets of the box (2k below, 2k + 1 above in coordinate k),
    then the columns of the stages in turn.  `one_sided` ones have only their positive side in the
    domain.
    """

    def __init__(self, store: VertexStore, dimension: int, constraints: int) -> None:
        d = dimension
        self.store, self.dimension = store, d
        self.one_sided = np.zeros(constraints, dtype=bool)
        self.one_sided[: 2 * d] = True
        generator = np.random.default_rng(0)
        self.hash = generator.integers(-(2**63), 2**63 - 1, size=constraints, dtype=np.int64)
        self.settled = np.zeros(constraints, dtype=np.int64)
        self.settled[: 2 * d] = self.hash[: 2 * d]
        # Where the sign of a constraint stands in the vertices' words.
        self.word = np.zeros(constraints, dtype=np.int64)
        self.bit = np.zeros(constraints, dtype=np.uint64)
        self.first = 2 * d
        self.alive = np.ones(0, dtype=bool)
        self._unsettled = slice(self.first, self.first)
        self._start_with_a_box()

    def _start_with_a_box(self) -> None:
        """Corner i is at the upper end of coordinate k iff bit k of i is set."""
        d = self.dimension
        corner = np.arange(2**d)
        bits = (corner[:, None] >> np.arange(d)) & 1
        self.vertex_zeros = (2 * np.arange(d) + bits).astype(np.int32)
        self._made = [self.vertex_zeros]
        inside = np.ones(2 * d, dtype=np.int64) @ self.hash[: 2 * d]
        self.vertex_name: Integers = inside - self.hash[self.vertex_zeros].sum(axis=1)
        ends, zeros, names = [], [], []
        for k in range(d):
            low = corner[bits[:, k] == 0]
            ends.append(np.stack([low, low + (1 << k)], axis=1))
            zeros.append(np.delete(self.vertex_zeros[low], k, axis=1))
            names.append(self.vertex_name[low] + self.hash[2 * k])
        self.edge_count = d << (d - 1)
        self.ends: Integers = np.concatenate(ends)
        # The edge of the layer's start, or of the first cut by its form, that an edge is part of.
        self.carriers = self.ends
        self.edge_zeros = np.concatenate(zeros)
        self.edge_name: Integers = np.concatenate(names)
        self.crossings: Words = np.zeros((0, self.edge_count), dtype=np.uint64)

    def _reserve(self, extra: int) -> None:
        need = self.edge_count + extra
        for name in ("ends", "carriers", "edge_zeros", "edge_name"):
            old = getattr(self, name)
            if need > len(old):
                new = np.empty((max(need, 2 * len(old)), *old.shape[1:]), dtype=old.dtype)
                new[: self.edge_count] = old[: self.edge_count]
                setattr(self, name, new)
        if need > self.crossings.shape[1]:
            old = self.crossings
            new = np.empty((len(old), max(need, 2 * old.shape[1])), dtype=np.uint64)
            new[:, : self.edge_count] = old[:, : self.edge_count]
            self.crossings = new

    def _crossed(self, ends: Integers) -> Words:
        """The forms of the current layer with opposite signs at the ends, words first."""
        store, p, q = self.store, ends[:, 0], ends[:, 1]
        crossed = np.empty((len(store.plus), len(p)), dtype=np.uint64)
        for row, plus, minus in zip(crossed, store.plus, store.minus, strict=True):
            np.bitwise_and(plus.take(p), minus.take(q), out=row)
            row |= minus.take(p) & plus.take(q)
        return crossed

    def insert_layer(
        self, layer: PreparedLayer, depth: int, after: Callable[[int], None] | None = None
    ) -> None:
        """Cut by all forms of one layer; ``after`` is called with the number of each."""
        store, first, m = self.store, self.first, layer.hyperplanes
        self.settle()
        self._name_edges()
        store.enter(layer, depth)
        zero = store.signs[: store.count, :m] == 0
        # A form that vanishes at all vertices is zero everywhere and cuts nothing.
        if (zero.any(axis=0) & ~zero.all(axis=0)).any():
            raise NotSimpleError("a form vanishes at a vertex of the previous layers")
        start = store.word_start[depth + 1]
        self.word[first : first + m] = start + np.arange(m) // 64
        self.bit[first : first + m] = np.arange(m) % 64
        self.carriers = self.ends.copy()
        self.crossings = self._crossed(self.ends[: self.edge_count])
        made, names = [self.vertex_zeros], [self.vertex_name]
        self._made = made
        for column in range(m):
            zeros, name = self._insert(column)
            made.append(zeros)
            names.append(name)
            if after is not None:
                after(column)
        self.vertex_zeros = self.zeros_so_far()
        self._made = [self.vertex_zeros]
        self.vertex_name = np.concatenate(names)
        self.first += m
        self._unsettled = slice(first, first + m)

    def zeros_so_far(self) -> NDArray[np.int32]:
        """The zeros of all vertices, those of the current layer too."""
        return np.concatenate(self._made)

    def settle(self) -> None:
        """Name the vertices by their signs in the last layer, too."""
        self.store.leave()
        here = self._unsettled
        m = here.stop - here.start
        signs = self.store.signs[: self.store.count, :m]
        for start in range(0, len(signs), BLOCK):
            rows = slice(start, start + BLOCK)
            self.vertex_name[rows] += signs[rows].astype(np.int64) @ self.hash[here]
        self.settled[here] = self.hash[here]
        self._unsettled = slice(here.stop, here.stop)

    def _name_edges(self) -> None:
        """An edge has the signs of its first end p, but for the zero of p that it leaves."""
        ends = self.ends[: self.edge_count]
        zeros = self.edge_zeros[: self.edge_count]
        left = self.vertex_zeros[ends[:, 0]].sum(axis=1) - zeros.sum(axis=1)
        step = self.hash[left] * self.sign(left, ends[:, 1])
        self.edge_name = self.vertex_name[ends[:, 0]] + step

    def sign(self, constraints: Integers, vertices: Integers) -> Integers:
        """The nonzero signs of constraints at vertices; one-sided ones are positive."""
        words = self.store.words[vertices, self.word[constraints]]
        positive = (words >> self.bit[constraints]) & np.uint64(1)
        return np.where(self.one_sided[constraints] | (positive == 1), 1, -1)

    def _insert(self, column: int) -> tuple[NDArray[np.int32], Integers]:
        """Cut by one form; the zeros and the settled names of the new vertices."""
        store, d = self.store, self.dimension
        word = self.crossings[column >> 6, : self.edge_count]
        cut = np.flatnonzero(word & np.uint64(1 << (column & 63)))
        n = len(cut)
        zeros, names = self.edge_zeros.take(cut, axis=0), self.edge_name.take(cut)
        made = np.empty((n, d), dtype=np.int32)
        made[:, :-1], made[:, -1] = zeros, self.first + column
        if n == 0:
            return made, names
        edges, carriers = self.ends.take(cut, axis=0), self.carriers.take(cut, axis=0)
        new = np.arange(store.count, store.count + n)
        if store.cut(edges, carriers, column):
            raise NotSimpleError("two forms vanish at the same point of an edge")
        inserted = store.signs[store.count - n : store.count, :column].astype(np.int64)
        place, other, slot, side = self._pairs(
            zeros, names + inserted @ self.hash[self.first : self.first + column]
        )
        m = len(place)
        self._reserve(n + m)
        e, f = self.edge_count, self.edge_count + n
        self.ends[cut, 1] = new
        self.ends[e:f, 0], self.ends[e:f, 1] = new, edges[:, 1]
        self.edge_zeros[e:f], self.edge_name[e:f] = zeros, names
        self.ends[f : f + m, 0], self.ends[f : f + m, 1] = new[place], new[other]
        self.carriers[e:f], self.carriers[f : f + m] = carriers, self.ends[f : f + m]
        rows = np.arange(m)
        zeros = zeros[place]
        released = zeros[rows, slot]
        zeros[rows, slot] = self.first + column
        self.edge_zeros[f : f + m] = zeros
        self.edge_name[f : f + m] = names[place] + side * self.settled[released]
        self.edge_count = f + m
        self.crossings[:, cut] = self._crossed(self.ends[cut])
        self.crossings[:, e : f + m] = self._crossed(self.ends[e : f + m])
        return made, names

    def _pairs(
        self, zeros: NDArray[np.int32], names: Integers
    ) -> tuple[Integers, Integers, Integers, Integers]:
        """Pairs of new vertices in a common 2-face; the slot and side that the first released."""
        slots = zeros.shape[1]
        step = self.hash[zeros]
        both = np.empty((*zeros.shape, 2), dtype=np.int64)
        np.add(names[:, None], step, out=both[:, :, 0])
        np.subtract(names[:, None], step, out=both[:, :, 1])
        allowed = np.ones(both.shape, dtype=bool)
        np.logical_not(self.one_sided[zeros], out=allowed[:, :, 1])
        half = np.flatnonzero(allowed)
        keys = both.ravel().take(half)
        order = np.argsort(keys)
        keys = keys.take(order)
        if len(keys) % 2 or (keys[::2] != keys[1::2]).any() or (keys[1:-1:2] == keys[2::2]).any():
            raise NotSimpleError("a name of a face does not occur exactly twice")
        order = half.take(order)
        first, second = order[::2], order[1::2]
        width = max(2 * slots, 1)
        return first // width, second // width, first // 2 % max(slots, 1), 1 - 2 * (first % 2)

    def finish(self) -> None:
        """Keep what describes the complex and forget what served to build it."""
        self.settle()
        self.store.finish()
        self.ends = self.ends[: self.edge_count].copy()
        self.edge_zeros = self.edge_zeros[: self.edge_count].copy()
        self.edge_name = np.zeros(0, dtype=np.int64)
        self.carriers = np.zeros((0, 2), dtype=np.int64)
        self.crossings = np.zeros((0, self.edge_count), dtype=np.uint64)

    def vertices(self) -> Integers:
        """The vertices in the domain."""
        alive = np.ones(self.store.count, dtype=bool)
        alive[: len(self.alive)] = self.alive
        return np.flatnonzero(alive)

    def clip(self, columns: int) -> None:
        """Keep the positive side of the stage just inserted, whose forms become domain facets."""
        store = self.store
        outside: NDArray[np.bool_] = np.any(store.minus[:, : store.count] != 0, axis=0)
        self.alive = ~outside
        kept = ~outside[self.ends[: self.edge_count]].any(axis=1)
        self.ends = self.ends[: self.edge_count][kept]
        self.edge_zeros = self.edge_zeros[: self.edge_count][kept]
        self.edge_count = len(self.ends)
        self.one_sided[self.first - columns : self.first] = True
