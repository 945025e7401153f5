"""The finished complex as arrays: cells with signs, vertices, edges, facets, adjacency."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from symnet.exact.polyhedron import Polyhedron
from symnet.regions.lattice_cells import (
    Cells,
    Facets,
    Members,
    lattice_cells,
    lattice_facets,
    vertices_of_faces,
)
from symnet.regions.lattice_faces import FaceLattice
from symnet.regions.lattice_layers import Layer, PreparedLayer
from symnet.regions.lattice_simple import Skeleton
from symnet.regions.lattice_simple_cells import (
    skeleton_cell_members,
    skeleton_cells,
    skeleton_facet_members,
    skeleton_facets,
)
from symnet.regions.lattice_vertices import VertexStore

__all__ = ["CellArrays"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Signs = NDArray[np.int8]


class CellArrays:
    """The activation cells of a network on a polytope: full-dimensional, closed, convex.

    Vertices are numbered 0 … n-1; `points[i]` is within `point_errors[i]` of the exact coordinates,
    which `exact_point(i)` gives.  A cell's signs are -1, 0 or 1 for every virtual neuron (a neuron
    has one for each breakpoint; 0 means identically at the breakpoint on the whole cell).
    """

    def __init__(
        self,
        source: Skeleton | FaceLattice,
        layers: Sequence[PreparedLayer],
        coordinate_scale: Integers,
        given: Sequence[Layer],
        output: tuple[Any, Any] | None,
        domain: Polyhedron,
        clipped: bool,
    ) -> None:
        self._source, self._layers, self._scale = source, layers, coordinate_scale
        self.layers, self.output, self.domain = tuple(given), output, domain
        self.is_box = not clipped
        self.dimension = source.dimension

    @property
    def _store(self) -> VertexStore:
        return self._source.store

    @property
    def is_simple(self) -> bool:
        """Whether the network was found to be in general position on the domain."""
        return isinstance(self._source, Skeleton)

    @property
    def exact_decisions(self) -> int:
        """How many signs the float filter left to exact arithmetic."""
        return self._store.exact.decisions

    @cached_property
    def _kept(self) -> Integers:
        if isinstance(self._source, Skeleton):
            return self._source.vertices()
        ends, _ = self._source.faces[1].all_facets()
        return np.unique(ends)

    @cached_property
    def _renumber(self) -> Integers:
        table = np.full(self._store.count, -1, dtype=np.int64)
        table[self._kept] = np.arange(len(self._kept))
        return table

    @property
    def vertex_count(self) -> int:
        """The number of vertices."""
        return len(self._kept)

    @cached_property
    def edges(self) -> Integers:
        """The edges as pairs of vertices (n_edges, 2)."""
        if isinstance(self._source, Skeleton):
            return self._renumber[self._source.ends[: self._source.edge_count]]
        return self._renumber[self._source.faces[1].all_facets()[0].reshape(-1, 2)]

    @cached_property
    def points(self) -> Floats:
        """Float coordinates of the vertices (n, d)."""
        scaled = self._store.values[self._kept, self._store.forms :]
        return np.ldexp(scaled, self._scale.astype(np.int32))

    @cached_property
    def point_errors(self) -> Floats:
        """Bounds on the distance of every float coordinate from the exact one (n, d)."""
        scaled = self._store.errors[self._kept, self._store.forms :]
        return np.ldexp(scaled, self._scale.astype(np.int32)) + 2.0**-1022

    def exact_point(self, vertex: int) -> tuple[fmpq, ...]:
        """The exact coordinates of a vertex."""
        number = int(self._kept[vertex])
        self._store.exact.require([number], self._store.parents)
        return self._store.exact.coordinates(number)

    @cached_property
    def _cells(self) -> Cells:
        if isinstance(self._source, Skeleton):
            return skeleton_cells(self._source)
        return lattice_cells(self._source)

    @cached_property
    def _cell_members(self) -> Members:
        if isinstance(self._source, Skeleton):
            return skeleton_cell_members(self._source, self._cells)
        return vertices_of_faces(self._source, self.dimension)

    @cached_property
    def _facets(self) -> Facets:
        if isinstance(self._source, Skeleton):
            return skeleton_facets(self._source, self._cells)
        return lattice_facets(self._source)

    @cached_property
    def _facet_members(self) -> Members:
        if isinstance(self._source, Skeleton):
            return skeleton_facet_members(self._source, self._facets)
        return vertices_of_faces(self._source, self.dimension - 1)

    def __len__(self) -> int:
        if isinstance(self._source, Skeleton):
            return len(self._cells.names)
        return self._source.faces[self.dimension].count

    def cell_vertices(self, cell: int) -> Integers:
        """The vertices of a cell."""
        return self._renumber[self._cell_members.of(cell)]

    @cached_property
    def facet_cells(self) -> Integers:
        """The two cells of every facet (n_facets, 2), -1 where the domain ends."""
        return self._facets.cells

    def facet_vertices(self, facet: int) -> Integers:
        """The vertices of a facet."""
        return self._renumber[self._facet_members.of(facet)]

    @cached_property
    def _cell_facets(self) -> tuple[Integers, Integers]:
        """Facets sorted by cell, and where each cell's begin."""
        cells = self.facet_cells.ravel()
        order = np.argsort(cells, kind="stable")
        return order // 2, np.searchsorted(cells[order], np.arange(len(self) + 1))

    def cell_facets(self, cell: int) -> Integers:
        """The facets of a cell."""
        facets, start = self._cell_facets
        return facets[start[cell] : start[cell + 1]]

    @cached_property
    def facet_forms(self) -> Integers:
        """(depth, column) of the form that each facet lies in; depth -1 is the domain's boundary.

        On the boundary the column is the half-space's number, in a box 2k below and 2k + 1 above in
        coordinate k.
        """
        constraint = self._facets.constraint
        counts = [2 * self.dimension, *(layer.hyperplanes for layer in self._layers)]
        if not self.is_box:
            clip = self._store.exact.layer(-1)
            counts[0] += clip.hyperplanes
        bounds = np.cumsum([0, *counts])
        depth = np.searchsorted(bounds, constraint, side="right") - 2
        column = constraint - bounds[depth + 1]
        if not self.is_box:
            column = np.where(depth == -1, column - 2 * self.dimension, column)
        return np.stack([depth, column], axis=1)

    def adjacency(self) -> Integers:
        """Pairs of cells with a common facet."""
        cells = self.facet_cells
        return cells[(cells >= 0).all(axis=1)]

    @cached_property
    def signs(self) -> Signs:
        """The sign of every virtual neuron of every layer on every cell (n_cells, n_virtual)."""
        words, store = self._cells.words, self._store
        parts = []
        for depth, layer in enumerate(self._layers):
            column = np.arange(layer.hyperplanes)
            start = store.word_start[depth + 1] + column // 64
            shift = (column % 64).astype(np.uint64)
            plus = (words[:, start] >> shift & np.uint64(1)).astype(np.int8)
            minus = (words[:, start + store.word_count] >> shift & np.uint64(1)).astype(np.int8)
            virtual = layer.column[: len(layer.virtual)]
            parts.append((plus - minus)[:, virtual] * layer.virtual_sign)
        return np.concatenate(parts, axis=1) if parts else np.zeros((len(self), 0), dtype=np.int8)
