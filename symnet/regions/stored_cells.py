"""Cells from plain data, such as a file, and cells that were found in fewer dimensions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from flint import fmpq, fmpq_mat

from ..exact.arrays import Ints, Signs
from ..exact.polyhedron import Polyhedron
from ..exact.rational_rows import clear_denominators, primitive
from .cells import Cells, Direction, Vector


@dataclass(frozen=True)
class Outlines:
    """Points, rays and lines, and for every cell the numbers of its vertices and rays."""

    points: list[Vector]
    corners: list[list[int]]
    directions: list[Direction]
    rays: list[list[int]]
    lines: tuple[Direction, ...]
    ambient: int

    @classmethod
    def of(cls, solid: Polyhedron) -> Outlines:
        """A polyhedron as the only cell."""
        points, rays = list(solid.vertices), list(solid.rays)
        return cls(
            points, [list(range(len(points)))], rays, [list(range(len(rays)))],
            tuple(line[:-1] for line in solid.lines), solid.ambient,
        )  # fmt: skip


class StoredCells(Cells):
    """Cells from plain data, such as a file."""

    given = True

    def __init__(
        self,
        outlines: Outlines,
        signs: Signs,
        neighbours: Ints,
        maps: Sequence[fmpq_mat] | None = None,
    ) -> None:
        self.outlines, self._signs, self._neighbours = outlines, signs, neighbours
        self.maps = maps
        self.lines = outlines.lines

    def __len__(self) -> int:
        return len(self.outlines.corners)

    @property
    def ambient(self) -> int:
        return self.outlines.ambient

    @property
    def signs(self) -> Signs:
        return self._signs

    @property
    def vertex_count(self) -> int:
        return len(self.outlines.points)

    def point(self, vertex: int) -> Vector:
        return self.outlines.points[vertex]

    def corners(self, cell: int) -> list[int]:
        return self.outlines.corners[cell]

    @property
    def directions(self) -> Sequence[Direction]:
        return self.outlines.directions

    def rays(self, cell: int) -> list[int]:
        return self.outlines.rays[cell]

    @property
    def neighbours(self) -> Ints:
        return self._neighbours


class LiftedCells(Cells):
    """The sums of cells and of lines: x = (u at some coordinates, 0 at the others) + lines."""

    def __init__(
        self, cells: Cells, coordinates: Sequence[int], lines: tuple[Direction, ...], ambient: int
    ) -> None:
        self.cells, self.coordinates, self.lines = cells, tuple(coordinates), lines
        self.given = cells.given
        self._ambient = ambient

    def _lifted(self, u: Sequence[int]) -> Direction:
        at = dict(zip(self.coordinates, u, strict=True))
        return tuple(at.get(k, 0) for k in range(self.ambient))

    def __len__(self) -> int:
        return len(self.cells)

    @property
    def ambient(self) -> int:
        return self._ambient

    @property
    def signs(self) -> Signs:
        return self.cells.signs

    @property
    def vertex_count(self) -> int:
        return self.cells.vertex_count

    def point(self, vertex: int) -> Vector:
        at = dict(zip(self.coordinates, self.cells.point(vertex), strict=True))
        return tuple(at.get(k, fmpq(0)) for k in range(self.ambient))

    def corners(self, cell: int) -> list[int]:
        return self.cells.corners(cell)

    @cached_property
    def directions(self) -> Sequence[Direction]:
        return [self._lifted(r) for r in self.cells.directions]

    def rays(self, cell: int) -> list[int]:
        return self.cells.rays(cell)

    @property
    def neighbours(self) -> Ints:
        return self.cells.neighbours


class SectionCells(Cells):
    """Cells that contain lines, on the coordinates that the lines leave."""

    def __init__(self, cells: Cells, coordinates: Sequence[int]) -> None:
        self.cells, self.coordinates = cells, tuple(coordinates)
        self.given = cells.given
        reduced, rank = fmpq_mat([[fmpq(v) for v in line] for line in cells.lines]).rref()
        self._lines = reduced.tolist()[:rank]

    def _chosen(self, x: Sequence[fmpq | int]) -> Vector:
        """A point or ray modulo the lines, which determine the other coordinates."""
        shifted = [fmpq(v) for v in x]
        for line in self._lines:
            factor = shifted[next(k for k, v in enumerate(line) if v)]
            shifted = [a - factor * b for a, b in zip(shifted, line, strict=True)]
        return tuple(shifted[k] for k in self.coordinates)

    def __len__(self) -> int:
        return len(self.cells)

    @property
    def ambient(self) -> int:
        return len(self.coordinates)

    @property
    def signs(self) -> Signs:
        return self.cells.signs

    @property
    def vertex_count(self) -> int:
        return self.cells.vertex_count

    def point(self, vertex: int) -> Vector:
        return self._chosen(self.cells.point(vertex))

    def corners(self, cell: int) -> list[int]:
        return self.cells.corners(cell)

    @cached_property
    def directions(self) -> Sequence[Direction]:
        rays = (self._chosen(r) for r in self.cells.directions)
        return [primitive(clear_denominators(ray)[0]) for ray in rays]

    def rays(self, cell: int) -> list[int]:
        return self.cells.rays(cell)

    @property
    def neighbours(self) -> Ints:
        return self.cells.neighbours


def one_cell(domain: Polyhedron, signs: Sequence[int]) -> StoredCells:
    """A polyhedron as the only cell, with these signs."""
    nothing = np.zeros((0, 2), dtype=np.int64)
    return StoredCells(Outlines.of(domain), np.array([signs], dtype=np.int8), nothing)
