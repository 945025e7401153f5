"""Cells as the engines hold them: in and on the plane, or in more dimensions, bounded or not."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from flint import fmpq

from ..exact.arrays import Floats, Ints, Signs
from .cells import Cells, Direction, Vector
from .complex import Complex
from .lattice_cones import ConeComplex
from .lattice_geometry import CellComplex
from .lattice_layers import Layer
from .layer_list import LayerList
from .unbounded import OpenComplex


class PlaneCells(Cells):
    """Bounded cells of dimension 1 and 2."""

    def __init__(self, complex_: Complex) -> None:
        self.complex = complex_
        self._points: dict[int, Vector] = {}

    def __len__(self) -> int:
        return len(self.complex)

    @property
    def ambient(self) -> int:
        return self.complex.dimension

    @cached_property
    def signs(self) -> Signs:
        return complex_signs(self.complex)

    @property
    def vertex_count(self) -> int:
        return self.complex.vertex_count

    def point(self, vertex: int) -> Vector:
        if vertex not in self._points:
            exact = self.complex.exact_point(vertex)
            self._points[vertex] = tuple(fmpq(v.numerator, v.denominator) for v in exact)
        return self._points[vertex]

    def corners(self, cell: int) -> list[int]:
        corners: list[int] = self.complex.polygon(cell).tolist()
        return corners

    @property
    def neighbours(self) -> Ints:
        return self.complex.adjacency()[:, :2]

    @cached_property
    def corner_pairs(self) -> tuple[Ints, Ints]:
        table = self.complex.cells
        return np.repeat(np.arange(len(self)), np.diff(table.offset)), table.corner

    @cached_property
    def float_points(self) -> tuple[Floats, Floats]:
        return self.complex.points, self.complex.point_errors

    def piece_numbers(self, layers: LayerList) -> Ints:
        return self.complex.pieces


class OpenCells(Cells):
    """Cells of unbounded parts of the line and plane, none of which contains a line."""

    def __init__(self, complex_: OpenComplex) -> None:
        self.complex = complex_
        self._points: dict[int, Vector] = {}
        ray = complex_.at_infinity
        self._finite, self._infinite = np.flatnonzero(~ray), np.flatnonzero(ray)
        #: the number of a vertex of the complex among the vertices here, or among the rays
        self._number = np.where(ray, np.cumsum(ray) - 1, np.cumsum(~ray) - 1)

    def __len__(self) -> int:
        return len(self.complex)

    @property
    def ambient(self) -> int:
        return self.complex.dimension

    @cached_property
    def signs(self) -> Signs:
        return complex_signs(self.complex)

    @property
    def vertex_count(self) -> int:
        return int(self._finite.shape[0])

    def point(self, vertex: int) -> Vector:
        if vertex not in self._points:
            *x, t = self.complex.vector(int(self._finite[vertex]))
            self._points[vertex] = tuple(fmpq(v, t) for v in x)
        return self._points[vertex]

    @cached_property
    def directions(self) -> Sequence[Direction]:
        return [self.complex.vector(v)[:-1] for v in self._infinite.tolist()]

    def _members(self, cell: int, at_infinity: bool) -> list[int]:
        found = self.complex.polygon(cell)
        chosen = found[self.complex.at_infinity[found] == at_infinity]
        members: list[int] = self._number[chosen].tolist()
        return members

    def corners(self, cell: int) -> list[int]:
        return self._members(cell, False)

    def rays(self, cell: int) -> list[int]:
        return self._members(cell, True)

    @property
    def neighbours(self) -> Ints:
        return self.complex.adjacency()[:, :2]

    def _all_members(self, at_infinity: bool) -> tuple[Ints, Ints]:
        table = self.complex.cells
        owner = np.repeat(np.arange(len(self)), np.diff(table.offset))
        chosen = self.complex.at_infinity[table.corner] == at_infinity
        return owner[chosen], self._number[table.corner[chosen]]

    @cached_property
    def corner_pairs(self) -> tuple[Ints, Ints]:
        return self._all_members(False)

    @cached_property
    def ray_pairs(self) -> tuple[Ints, Ints]:
        return self._all_members(True)

    @cached_property
    def float_points(self) -> tuple[Floats, Floats]:
        return self.complex.points[self._finite], self.complex.point_errors[self._finite]

    def piece_numbers(self, layers: LayerList) -> Ints:
        return self.complex.pieces


def complex_signs(complex_: Complex) -> Signs:
    """The signs of all layers side by side."""
    parts = [complex_.signs(k) for k in range(len(complex_.network.layers))]
    return np.hstack([np.zeros((len(complex_), 0), dtype=np.int8), *parts])


class LatticeCells(Cells):
    """Bounded cells of dimension 3 and more."""

    def __init__(self, complex_: CellComplex) -> None:
        self.complex = complex_

    def __len__(self) -> int:
        return len(self.complex)

    @property
    def ambient(self) -> int:
        return self.complex.dimension

    @property
    def signs(self) -> Signs:
        return self.complex.signs

    @property
    def vertex_count(self) -> int:
        return self.complex.vertex_count

    def point(self, vertex: int) -> Vector:
        return self.complex.exact_point(vertex)

    def corners(self, cell: int) -> list[int]:
        corners: list[int] = self.complex.cell_vertices(cell).tolist()
        return corners

    @cached_property
    def float_points(self) -> tuple[Floats, Floats]:
        return self.complex.points, self.complex.point_errors

    @property
    def neighbours(self) -> Ints:
        return self.complex.adjacency()


class ConeCells(Cells):
    """Cells of unbounded parts of three- and higher-dimensional space, none with a line."""

    def __init__(self, complex_: ConeComplex) -> None:
        self.complex = complex_
        self._members = [complex_.vertices(cell) for cell in range(len(complex_))]
        used = np.unique(np.concatenate(self._members))
        ray = complex_.at_infinity[used]
        self._finite, self._infinite = used[~ray], used[ray]
        self._points: dict[int, Vector] = {}

    def __len__(self) -> int:
        return len(self.complex)

    @property
    def ambient(self) -> int:
        return self.complex.dimension

    @cached_property
    def signs(self) -> Signs:
        return self.complex.signs

    @property
    def vertex_count(self) -> int:
        return int(self._finite.shape[0])

    def point(self, vertex: int) -> Vector:
        if vertex not in self._points:
            *x, t = self.complex.vector(int(self._finite[vertex]))
            self._points[vertex] = tuple(fmpq(v, t) for v in x)
        return self._points[vertex]

    @cached_property
    def directions(self) -> Sequence[Direction]:
        return [self.complex.vector(v)[:-1] for v in self._infinite.tolist()]

    def corners(self, cell: int) -> list[int]:
        return _places(self._members[cell], self._finite)

    def rays(self, cell: int) -> list[int]:
        return _places(self._members[cell], self._infinite)

    @cached_property
    def neighbours(self) -> Ints:
        return self.complex.adjacency()


def _places(members: Ints, chosen: Ints) -> list[int]:
    """Where the members that were chosen stand among those, which are sorted."""
    found: list[int] = np.searchsorted(chosen, members[np.isin(members, chosen)]).tolist()
    return found


def lattice_layers(layers: LayerList) -> tuple[list[Layer], tuple[Any, Any]]:
    """Hidden layers and output as the engine of three and more inputs takes them."""
    assert not layers.switches
    pairs = zip(layers.maps, layers.functions, strict=False)
    hidden = [Layer(*_entries(affine), functions) for affine, functions in pairs]
    return hidden, _entries(layers.maps[-1])


def _entries(affine: Any) -> tuple[Any, Any]:
    return (affine.weight, affine.bias) if affine.is_float else affine.fractions()
