"""Corners and sides of the cells of a function with jumps, as the engine of the plane has them.

Cells need not meet in whole sides there: a side is cut at the corners of others that lie on it.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property, partial

import numpy as np

from ...exact.affine import as_fraction
from ...exact.arrays import Floats, Ints
from ..glue import Cells
from ..part_cells import PartCells

Point = tuple[Fraction, ...]


class PartOutlines:
    """What a picture asks of a complex; vertices and cells are numbered from 0."""

    def __init__(self, cells: PartCells) -> None:
        self._points = [tuple(map(as_fraction, cells.point(v))) for v in range(cells.vertex_count)]
        rings = [self._ring(cells.corners(k)) for k in range(len(cells))]
        if cells.ambient == 2:
            rings = [self._cut(ring) for ring in rings]
        self.cells = _numbered(rings, len(self._points), cells)

    def __len__(self) -> int:
        return len(self.cells.offset) - 1

    @property
    def vertex_count(self) -> int:
        """The number of vertices."""
        return len(self._points)

    def exact_point(self, vertex: int) -> Point:
        """The coordinates of a vertex."""
        return self._points[vertex]

    @cached_property
    def points(self) -> Floats:
        """(vertices, d): coordinates in float64."""
        return np.array([[float(x) for x in p] for p in self._points])

    def polygon(self, cell: int) -> Ints:
        """The vertices of a cell, counterclockwise or from left to right."""
        start, end = self.cells.offset[cell : cell + 2].tolist()
        return self.cells.corner[start:end]

    @cached_property
    def side_cells(self) -> Ints:
        """(sides, 2): the cells of each side; -1 in second place on the boundary."""
        result = np.full((len(self.cells.p), 2), -1)
        for cell in range(len(self)):
            start, end = self.cells.offset[cell : cell + 2].tolist()
            for side in self.cells.side[start:end].tolist():
                result[side, int(result[side, 0] >= 0)] = cell
        return result

    def adjacency(self) -> Ints:
        """(inner sides, 3): the pairs of cells with a common side, and the side."""
        inner = np.flatnonzero(self.side_cells[:, 1] >= 0)
        return np.column_stack([self.side_cells[inner], inner])

    def _ring(self, corners: list[int]) -> list[int]:
        """The corners counterclockwise, from the least on."""
        first, *others = sorted(corners, key=lambda v: self._points[v])
        if len(self._points[first]) == 1:
            return [first, *others]
        x, y = self._points[first]

        def slope(v: int) -> tuple[bool, Fraction, Fraction]:
            a, b = self._points[v]
            # those straight above the first come last; of two on one ray none is a corner
            return a == x, (b - y) / (a - x) if a != x else Fraction(0), b

        return [first, *sorted(others, key=slope)]

    def _cut(self, ring: list[int]) -> list[int]:
        found = []
        for p, q in zip(ring, [*ring[1:], ring[0]], strict=True):
            inside = [v for v in range(len(self._points)) if self._between(p, v, q)]
            found += [p, *sorted(inside, key=partial(self._far, p))]
        return found

    def _between(self, p: int, v: int, q: int) -> bool:
        (px, py), (x, y), (qx, qy) = (self._points[k] for k in (p, v, q))
        if (qx - px) * (y - py) != (qy - py) * (x - px):
            return False
        return 0 < (x - px) * (qx - px) + (y - py) * (qy - py) < self._far(p, q)

    def _far(self, p: int, q: int) -> Fraction:
        """The square of the distance."""
        pairs = zip(self._points[p], self._points[q], strict=True)
        return sum(((a - b) ** 2 for a, b in pairs), Fraction(0))


def _numbered(rings: list[list[int]], vertices: int, cells: PartCells) -> Cells:
    """The cells with their sides: edges of the plane, points of the line."""
    every = np.arange(vertices)
    offset = np.cumsum([0, *map(len, rings)])
    corner = np.array([v for ring in rings for v in ring], dtype=np.int64)
    nothing = np.zeros((len(rings), 0), dtype=np.uint64)
    if cells.ambient == 1:
        return Cells(every, every, every, offset, corner, corner, nothing, nothing)
    number: dict[tuple[int, int], int] = {}
    side = []
    for ring in rings:
        for a, b in zip(ring, [*ring[1:], ring[0]], strict=True):
            side.append(number.setdefault((min(a, b), max(a, b)), len(number)))
    p, q = np.array(list(number), dtype=np.int64).T
    return Cells(every, p, q, offset, corner, np.array(side), nothing, nothing)
