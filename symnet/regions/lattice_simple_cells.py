"""Cells and facets of a skeleton in general position.

At each of its vertices a cell is one choice of a side for every zero of the vertex.  A linear form
that is constant on no edge has exactly one lowest vertex on every cell and on every facet, and it
is the one where all edges of the face go up.  So the faces are counted once each by looking at
every vertex at which of its edges go up; a bent hyperplane may have both of its edges going up, or
none. That the names of the faces found are distinct makes names as good as faces from then on: the
vertices of a face are those that give its name.
"""

from __future__ import annotations

from itertools import count

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from symnet.regions.lattice_cells import Cells, Facets, Members
from symnet.regions.lattice_simple import NotSimpleError, Skeleton

__all__ = [
    "count_cells",
    "skeleton_cell_members",
    "skeleton_cells",
    "skeleton_facet_members",
    "skeleton_facets",
]

Booleans = NDArray[np.bool_]
Integers = NDArray[np.int64]
Words = NDArray[np.uint64]


def _rises(skeleton: Skeleton) -> Booleans:
    """For every edge, whether a linear form that is constant on no edge grows from end 0 to 1."""
    store, d = skeleton.store, skeleton.dimension
    ends = skeleton.ends[: skeleton.edge_count]
    X, E = (a[: store.count, store.forms :] for a in (store.values, store.errors))
    for attempt in count():
        weights = np.random.default_rng(attempt).integers(1, 1000, size=d).astype(float)
        with np.errstate(all="ignore"):
            height = X @ weights
            error = 1.0001 * (E + (d + 2) * store.u * np.abs(X)) @ weights + 2.0**-1000
            step = height[ends[:, 1]] - height[ends[:, 0]]
            margin = 1.0001 * (error[ends[:, 1]] + error[ends[:, 0]])
            up, down = step > margin, step < -margin
        unclear = np.flatnonzero(~(up | down))
        vertices = np.unique(ends[unclear]).tolist()
        store.exact.require(vertices, store.parents)
        exact = {v: _exact_height(skeleton, v, weights.tolist()) for v in vertices}
        steps = [exact[q] - exact[p] for p, q in ends[unclear].tolist()]
        if all(steps):
            rises: Booleans = up
            rises[unclear] = [s > 0 for s in steps]
            return rises
    raise AssertionError("some form is constant on none of finitely many edges")


def _exact_height(skeleton: Skeleton, vertex: int, weights: list[float]) -> fmpq:
    """The form at the exact point, in the coordinates' scale of the floats."""
    store, total = skeleton.store, fmpq(0)
    scales = store.coordinate_scale.tolist()
    for x, s, w in zip(store.exact.coordinates(vertex), scales, weights, strict=True):
        total += int(w) * (x / fmpq(2) ** s if s >= 0 else x * fmpq(2) ** -s)
    return total


def _upward(skeleton: Skeleton) -> Booleans:
    """up[v, slot, side]: whether the edge at v that releases that zero to that side goes up."""
    store, d = skeleton.store, skeleton.dimension
    ends, zeros = skeleton.ends[: skeleton.edge_count], skeleton.edge_zeros[: skeleton.edge_count]
    up = np.zeros((store.count, d, 2), dtype=bool)
    rises, total = _rises(skeleton), zeros.sum(axis=1)
    for near, far, goes_up in ((0, 1, rises), (1, 0, ~rises)):
        v = ends[:, near]
        at_v = skeleton.vertex_zeros[v]
        left = at_v.sum(axis=1) - total
        slot = (at_v == left[:, None]).argmax(axis=1)
        side = (1 - skeleton.sign(left, ends[:, far])) // 2
        up[v, slot, side] = goes_up
    return up


def count_cells(skeleton: Skeleton) -> int:
    """How many cells there are, also in the middle of a layer: each has one lowest vertex."""
    store, d = skeleton.store, skeleton.dimension
    ends, zeros = skeleton.ends[: skeleton.edge_count], skeleton.edge_zeros[: skeleton.edge_count]
    low = np.where(_rises(skeleton), ends[:, 0], ends[:, 1])
    at_low = skeleton.zeros_so_far()[low]
    left = at_low.sum(axis=1) - zeros.sum(axis=1)
    slot = (at_low == left[:, None]).argmax(axis=1)
    sides = np.bincount(low * d + slot, minlength=store.count * d).reshape(-1, d)
    return int(sides[skeleton.vertices()].prod(axis=1).sum())


def _lowest(skeleton: Skeleton, up: Booleans, slots: list[int]) -> tuple[Integers, Integers]:
    """Faces that release these zeros at their lowest vertex: that vertex, and the sides as bits."""
    vertices, sides = skeleton.vertices(), np.zeros(len(skeleton.vertices()), dtype=np.int64)
    for b, slot in enumerate(slots):
        plus, minus = up[vertices, slot].T
        vertices = np.concatenate([vertices[plus], vertices[minus]])
        sides = np.concatenate([sides[plus], sides[minus] | (1 << b)])
    return vertices, sides


def _names(skeleton: Skeleton, vertices: Integers, slots: list[int], sides: Integers) -> Integers:
    """The names of the faces at vertices with these zeros released to these sides."""
    names = skeleton.vertex_name[vertices]
    for b, slot in enumerate(slots):
        step = skeleton.hash[skeleton.vertex_zeros[vertices, slot]]
        names = names + np.where(sides >> b & 1, -step, step)
    return names


def _words(skeleton: Skeleton, vertices: Integers, slots: list[int], sides: Integers) -> Words:
    """The words of the faces at vertices with these zeros released to these sides."""
    store = skeleton.store
    words = store.words[vertices]
    rows = np.arange(len(vertices))
    for b, slot in enumerate(slots):
        constraint = skeleton.vertex_zeros[vertices, slot]
        where = skeleton.word[constraint] + store.word_count * (sides >> b & 1)
        named = constraint >= 2 * skeleton.dimension
        words[rows[named], where[named]] |= np.uint64(1) << skeleton.bit[constraint[named]]
    return words


def skeleton_cells(skeleton: Skeleton) -> Cells:
    """The cells, sorted by name."""
    slots = list(range(skeleton.dimension))
    vertices, sides = _lowest(skeleton, _upward(skeleton), slots)
    names = _names(skeleton, vertices, slots, sides)
    order = np.argsort(names)
    names, vertices, sides = names[order], vertices[order], sides[order]
    if (names[1:] == names[:-1]).any():
        raise NotSimpleError("two cells have the same name")
    return Cells(_words(skeleton, vertices, slots, sides), names)


def skeleton_facets(skeleton: Skeleton, cells: Cells) -> Facets:
    """The facets, sorted by name: at every vertex one zero is kept."""
    d, up = skeleton.dimension, _upward(skeleton)
    parts = []
    for kept in range(d):
        slots = [s for s in range(d) if s != kept]
        vertices, sides = _lowest(skeleton, up, slots)
        constraint = skeleton.vertex_zeros[vertices, kept].astype(np.int64)
        parts.append((_names(skeleton, vertices, slots, sides), constraint))
    names = np.concatenate([n for n, _ in parts])
    order = np.argsort(names)
    names, constraint = names[order], np.concatenate([c for _, c in parts])[order]
    if (names[1:] == names[:-1]).any():
        raise NotSimpleError("two facets have the same name")
    pair = np.full((len(names), 2), -1, dtype=np.int64)
    for side in (0, 1):
        inner = np.flatnonzero(~skeleton.one_sided[constraint] | (side == 0))
        wanted = names[inner] + (1 - 2 * side) * skeleton.hash[constraint[inner]]
        pair[inner, side] = _find(cells.names, wanted)
    return Facets(pair, constraint, names)


def _find(names: Integers, wanted: Integers) -> Integers:
    """Places of names in a sorted list, in which they all are."""
    order = np.argsort(wanted)
    found = np.empty(len(wanted), dtype=np.int64)
    # Looking names up in their own order goes through memory once.
    found[order] = np.searchsorted(names, wanted[order])
    if (found == len(names)).any() or (names[found] != wanted).any():
        raise NotSimpleError("a face has an unknown name")
    return found


def _members(skeleton: Skeleton, names: Integers, releases: list[list[int]]) -> Members:
    """The vertices of the faces with these names, which release one of these lists of slots."""
    found, members = [], []
    for slots in releases:
        for sides in range(2 ** len(slots)):
            vertices = skeleton.vertices()
            for b, slot in enumerate(slots):
                if sides >> b & 1:
                    zero = skeleton.vertex_zeros[vertices, slot]
                    vertices = vertices[~skeleton.one_sided[zero]]
            bits = np.full(len(vertices), sides, dtype=np.int64)
            found.append(_find(names, _names(skeleton, vertices, slots, bits)))
            members.append(vertices)
    face, vertices = np.concatenate(found), np.concatenate(members)
    order = np.argsort(face, kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(face, minlength=len(names)))])
    return Members(start, vertices[order])


def skeleton_cell_members(skeleton: Skeleton, cells: Cells) -> Members:
    """The vertices of all cells."""
    return _members(skeleton, cells.names, [list(range(skeleton.dimension))])


def skeleton_facet_members(skeleton: Skeleton, facets: Facets) -> Members:
    """The vertices of all facets."""
    d = skeleton.dimension
    return _members(skeleton, facets.names, [[s for s in range(d) if s != k] for k in range(d)])
