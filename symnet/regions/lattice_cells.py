"""Cells and facets of a finished complex as arrays, and how a face lattice gives them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symnet.regions.lattice_faces import FaceLattice, ranges

__all__ = ["Cells", "Facets", "Members", "lattice_cells", "lattice_facets", "vertices_of_faces"]

Integers = NDArray[np.int64]
Words = NDArray[np.uint64]


@dataclass(frozen=True)
class Cells:
    """Sign words of all cells, those of + and then those of -, and a number that names each."""

    words: Words
    names: Integers


@dataclass(frozen=True)
class Facets:
    """The two cells of every facet (-1 outside the domain), its constraint and its name."""

    cells: Integers
    constraint: Integers
    names: Integers


@dataclass(frozen=True)
class Members:
    """Vertices of faces, by numbers in the store: face i has vertices[start[i] : start[i + 1]]."""

    start: Integers
    vertices: Integers

    def of(self, face: int) -> Integers:
        """The vertices of one face."""
        return self.vertices[self.start[face] : self.start[face + 1]]


def vertices_of_faces(lattice: FaceLattice, top: int) -> Members:
    """The vertices of all faces of dimension `top`."""
    vertices, length = lattice.faces[1].all_facets()
    for k in range(2, top + 1):
        start = np.cumsum(length) - length
        entries, counts = lattice.faces[k].all_facets()
        face = np.repeat(np.repeat(np.arange(len(counts)), counts), length[entries])
        below = vertices[ranges(start[entries], length[entries])]
        pairs = np.sort(face * lattice.store.count + below)
        pairs = pairs[np.concatenate([[True], pairs[1:] != pairs[:-1]])]
        face, vertices = np.divmod(pairs, lattice.store.count)
        length = np.bincount(face, minlength=len(counts))
    return Members(np.concatenate([[0], np.cumsum(length)]), vertices)


def lattice_cells(lattice: FaceLattice) -> Cells:
    """The cells of a face lattice; a face's words are the union of its facets' words."""
    words = lattice.store.words[: lattice.store.count]
    for faces in lattice.faces[1:]:
        entries, length = faces.all_facets()
        words = np.bitwise_or.reduceat(words[entries], np.cumsum(length) - length, axis=0)
    return Cells(words, np.arange(len(words)))


def lattice_facets(lattice: FaceLattice) -> Facets:
    """The facets of a face lattice."""
    facets, length = lattice.faces[lattice.dimension].all_facets()
    cell = np.repeat(np.arange(len(length)), length)
    pair = np.full((len(lattice.facet_constraint), 2), -1, dtype=np.int64)
    order = np.argsort(facets, kind="stable")
    facets, cell = facets[order], cell[order]
    again = np.concatenate([[False], facets[1:] == facets[:-1]])
    pair[facets[~again], 0] = cell[~again]
    pair[facets[again], 1] = cell[again]
    return Facets(pair, lattice.facet_constraint, np.arange(len(pair)))
