"""The cells of a decomposition, whichever engine found them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat

from ..exact.affine import nearest_float
from ..exact.arrays import Floats, Ints, Signs
from ..exact.polyhedron import Polyhedron
from .layer_list import LayerList
from .same_maps import piece_numbers

Vector = tuple[fmpq, ...]
Direction = tuple[int, ...]
Progress = Callable[[int, int], None]


class Cells(ABC):
    """Full-dimensional closed convex cells that cover a polyhedron, and their signs.

    A cell is the hull of its vertices, rays and of ``lines``, which all cells have in common. Where
    there are lines, its vertices are one point on each of its minimal faces. Cells, vertices and
    rays are numbered from 0.
    """

    #: Directions of the lines in every cell.
    lines: tuple[Direction, ...] = ()

    #: Whether vertices are what their coordinates say, rather than what vanishes there.
    given = False

    #: The affine maps [A | c] of the cells, where they were given with them.
    maps: Sequence[fmpq_mat] | None = None

    @abstractmethod
    def __len__(self) -> int: ...

    @property
    @abstractmethod
    def ambient(self) -> int:
        """The number of coordinates."""

    @property
    @abstractmethod
    def signs(self) -> Signs:
        """(cells, virtual neurons): -1, 1, or 0 where it vanishes identically on the cell."""

    @property
    @abstractmethod
    def vertex_count(self) -> int:
        """The number of vertices."""

    @abstractmethod
    def point(self, vertex: int) -> Vector:
        """The exact coordinates of a vertex."""

    @abstractmethod
    def corners(self, cell: int) -> list[int]:
        """The vertices of a cell."""

    @property
    def directions(self) -> Sequence[Direction]:
        """The extreme rays of all cells, as primitive integer vectors."""
        return ()

    def rays(self, cell: int) -> list[int]:
        """The extreme rays of a cell."""
        return []

    @property
    def bounded(self) -> bool:
        """Whether all cells are polytopes."""
        return not self.lines and not self.directions

    @cached_property
    def corner_pairs(self) -> tuple[Ints, Ints]:
        """Every cell with every one of its vertices, by cells."""
        return _pairs([self.corners(cell) for cell in range(len(self))])

    @cached_property
    def ray_pairs(self) -> tuple[Ints, Ints]:
        """Every cell with every one of its rays, by cells."""
        return _pairs([self.rays(cell) for cell in range(len(self))])

    @cached_property
    def float_points(self) -> tuple[Floats, Floats]:
        """Coordinates of the vertices in float64, (vertices, d), and bounds of their errors."""
        exact = [self.point(v) for v in range(self.vertex_count)]
        flat = [[nearest_float(int(x.p), int(x.q)) for x in p] for p in exact]
        points = np.array(flat, dtype=np.float64).reshape(len(exact), self.ambient)
        return points, np.abs(points) * 2.0**-52 + 2.0**-1070

    @property
    @abstractmethod
    def neighbours(self) -> Ints:
        """(pairs, 2): the cells with a common facet."""

    def polyhedron(self, cell: int) -> Polyhedron:
        """A cell with both of its minimal descriptions."""
        points = [self.point(v) for v in self.corners(cell)]
        rays = [self.directions[r] for r in self.rays(cell)]
        return Polyhedron.from_generators(points, rays, self.lines, ambient=self.ambient)

    @property
    def proper_vertices(self) -> Sequence[int]:
        """The vertices of cells without lines."""
        return () if self.lines else range(self.vertex_count)

    @property
    def is_continuous(self) -> bool:
        """Whether the function is continuous on the domain."""
        return True

    def jumps_at(self, x: Sequence[Any]) -> bool:
        """Whether the function jumps at the point x, or at points as near as one likes."""
        return False

    def at(self, layers: LayerList, x: Sequence[Any]) -> list[int]:
        """The cells that hold the point x: their signs are those at x, or x is on their walls.

        Layer by layer the two affine pieces agree where a neuron is at its breakpoint; so a cell
        with such signs has the forms at x that the network has, and x satisfies its inequalities.
        """
        margins = layers.exact.margins([Fraction(int(v.p), int(v.q)) for v in x])
        here = np.array(margins, dtype=np.int8)
        found: list[int] = np.flatnonzero(((self.signs == here) | (here == 0)).all(axis=1)).tolist()
        return found

    def inner_point(self, cell: int) -> Vector:
        """A point inside a cell."""
        rays = [self.directions[r] for r in self.rays(cell)]
        return inner_point([self.point(v) for v in self.corners(cell)], rays)

    def piece_numbers(self, layers: LayerList) -> Ints:
        """For every cell the number of its piece: cells with one map, joined by facets."""
        return piece_numbers(layers, self.signs, self.neighbours)


def _pairs(lists: list[list[int]]) -> tuple[Ints, Ints]:
    owner = np.repeat(np.arange(len(lists)), [len(part) for part in lists])
    return owner, np.array([v for part in lists for v in part], dtype=np.int64)


def inner_point(vertices: Sequence[Any], rays: Sequence[Any]) -> Vector:
    """A point in the relative interior of the hull of vertices and rays."""
    n = fmpq(len(vertices))
    centre = [sum(column, fmpq(0)) / n for column in zip(*vertices, strict=True)]
    for ray in rays:
        centre = [a + r for a, r in zip(centre, ray, strict=True)]
    return tuple(centre)
