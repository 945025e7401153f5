"""Cells and facets of a finished complex, from its skeleton or from its face lattice.

Both give the same arrays: `Incidence` for cells and for facets, with vertices by their numbers in
the store, and for every facet its two cells (-1 outside the domain) and the constraint it lies in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symnet.regions.lattice_faces import FaceLattice, ranges
from symnet.regions.lattice_simple import NotSimple, Skeleton
from symnet.regions.lattice_vertices import BLOCK

__all__ = [
    "Facets",
    "Incidence",
    "lattice_cells",
    "lattice_facets",
    "skeleton_cells",
    "skeleton_facets",
]

Integers = NDArray[np.int64]
Words = NDArray[np.uint64]


@dataclass(frozen=True)
class Incidence:
    """Faces with sign words and vertices: face i has vertices[start[i] : start[i + 1]]."""

    words: Words
    start: Integers
    vertices: Integers
    names: Integers


@dataclass(frozen=True)
class Facets:
    """Facets: the cells on the positive and the negative side, the constraint, the vertices."""

    cells: Integers
    constraint: Integers
    start: Integers
    vertices: Integers


def _release(skeleton: Skeleton, vertices: Integers, slots: list[int]) -> tuple[Integers, Integers]:
    """Names of the faces at each vertex that release these zeros, and their places (vertex, sides).

    Bit b of the sides is set where slots[b] is released to the negative side.
    """
    zeros = skeleton.vertex_zeros[vertices][:, slots]
    step = skeleton.hash[zeros]
    names = skeleton.vertex_name[vertices][:, None]
    allowed = np.ones(names.shape, dtype=bool)
    for b in range(len(slots)):
        names = np.concatenate([names + step[:, b, None], names - step[:, b, None]], axis=1)
        two_sided = ~skeleton.one_sided[zeros[:, b, None]]
        allowed = np.concatenate([allowed, allowed & two_sided], axis=1)
    place = np.flatnonzero(allowed)
    return names.ravel()[place], place


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


def skeleton_cells(skeleton: Skeleton) -> Incidence:
    """The cells: at every vertex, all choices of a side for each of its zeros."""
    skeleton.settle()
    d, vertices = skeleton.dimension, skeleton.vertices()
    slots = list(range(d))
    names, place = _release(skeleton, vertices, slots)
    order = np.argsort(names)
    names, place = names[order], place[order]
    first = np.concatenate([[True], names[1:] != names[:-1]])
    start = np.flatnonzero(first)
    group = np.cumsum(first) - 1
    members, sides = vertices[place >> d], place & (2**d - 1)
    words = _words(skeleton, members[start], slots, sides[start])
    for begin in range(0, len(members), 16 * BLOCK):
        part = slice(begin, begin + 16 * BLOCK)
        if (_words(skeleton, members[part], slots, sides[part]) != words[group[part]]).any():
            raise NotSimple("two cells have the same name")
    return Incidence(words, np.append(start, len(members)), members, names[start])


def skeleton_facets(skeleton: Skeleton, cells: Incidence) -> Facets:
    """The facets: at every vertex, one zero kept and a side chosen for each of the others."""
    d, vertices = skeleton.dimension, skeleton.vertices()
    all_names, all_vertices, all_constraints = [], [], []
    for kept in range(d):
        names, place = _release(skeleton, vertices, [s for s in range(d) if s != kept])
        all_names.append(names)
        all_vertices.append(vertices[place >> (d - 1)])
        all_constraints.append(skeleton.vertex_zeros[all_vertices[-1], kept].astype(np.int64))
    names, members = np.concatenate(all_names), np.concatenate(all_vertices)
    constraints = np.concatenate(all_constraints)
    order = np.argsort(names)
    names, members, constraints = names[order], members[order], constraints[order]
    start = np.flatnonzero(np.concatenate([[True], names[1:] != names[:-1]]))
    constraint, names = constraints[start], names[start]
    if (constraints != np.repeat(constraint, np.diff(np.append(start, len(members))))).any():
        raise NotSimple("two facets have the same name")
    sides = np.full((len(start), 2), -1, dtype=np.int64)
    for side in (0, 1):
        inner = np.ones(len(start), dtype=bool) if side == 0 else ~skeleton.one_sided[constraint]
        wanted = (names + (1 - 2 * side) * skeleton.hash[constraint])[inner]
        found = np.searchsorted(cells.names, wanted)
        if (found == len(cells.names)).any() or (cells.names[found] != wanted).any():
            raise NotSimple("a facet bounds no cell")
        sides[inner, side] = found
    return Facets(sides, constraint, np.append(start, len(members)), members)


def vertices_of_faces(lattice: FaceLattice, top: int) -> tuple[Integers, Integers]:
    """The vertices of all faces of dimension `top`, and where each face's list starts."""
    vertices, length = lattice.faces[1].all_facets()
    for k in range(2, top + 1):
        start = np.cumsum(length) - length
        entries, counts = lattice.faces[k].all_facets()
        face = np.repeat(np.repeat(np.arange(len(counts)), counts), length[entries])
        below = vertices[ranges(start[entries], length[entries])]
        pairs = np.unique(face * lattice.store.count + below)
        face, vertices = np.divmod(pairs, lattice.store.count)
        length = np.bincount(face, minlength=len(counts))
    return vertices, np.concatenate([[0], np.cumsum(length)])


def lattice_cells(lattice: FaceLattice) -> Incidence:
    """The cells of a face lattice; their words are the unions of their vertices' words."""
    vertices, start = vertices_of_faces(lattice, lattice.dimension)
    lattice.store.leave()
    words = np.bitwise_or.reduceat(lattice.store.words[vertices], start[:-1], axis=0)
    return Incidence(words, start, vertices, np.arange(len(start) - 1))


def lattice_facets(lattice: FaceLattice, cells: Incidence) -> Facets:
    """The facets of a face lattice; their sides are told by the words of their cells."""
    d = lattice.dimension
    facets, length = lattice.faces[d].all_facets()
    cell = np.repeat(np.arange(len(length)), length)
    vertices, start = vertices_of_faces(lattice, d - 1)
    sides = np.full((len(start) - 1, 2), -1, dtype=np.int64)
    order = np.argsort(facets, kind="stable")
    facets, cell = facets[order], cell[order]
    again = np.concatenate([[False], facets[1:] == facets[:-1]])
    sides[facets[~again], 0] = cell[~again]
    sides[facets[again], 1] = cell[again]
    return Facets(sides, lattice.facet_constraint, start, vertices)
