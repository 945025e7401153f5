"""The cells of a function with jumps, and the parts from which everything else about it follows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from flint import fmpq_mat

from ..exact.affine import nearest_float
from ..exact.arrays import Ints, Signs
from ..exact.half_open import Form, HalfOpen
from ..exact.polyhedron import Polyhedron
from .boxes import overlapping
from .cells import Cells, Direction, Vector
from .layer_list import LayerList
from .parts import Part
from .same_maps import piece_numbers


class PartCells(Cells):
    """The parts of full dimension, with their closures as cells.

    Cells need not meet in whole facets: beyond a jump, others may begin. A line in a cell counts as
    two rays here, since other cells may have none.
    """

    given = True

    def __init__(self, layers: LayerList, parts: Sequence[Part], ambient: int) -> None:
        self.layers, self.parts = layers, list(parts)
        self.full = [part for part in parts if part.set.dimension == ambient]
        self._ambient = ambient
        solids = [part.set.solid for part in self.full]
        generators = [
            (solid.vertices, (*solid.rays, *(tuple(s * v for v in line[:-1])
                                             for line in solid.lines for s in (1, -1))))
            for solid in solids
        ]  # fmt: skip
        self._points = sorted({v for vertices, _ in generators for v in vertices})
        self._directions = sorted({r for _, rays in generators for r in rays})
        point = {v: k for k, v in enumerate(self._points)}
        ray = {r: k for k, r in enumerate(self._directions)}
        self._corners = [[point[v] for v in vertices] for vertices, _ in generators]
        self._rays = [[ray[r] for r in rays] for _, rays in generators]

    def __len__(self) -> int:
        return len(self.full)

    @property
    def ambient(self) -> int:
        return self._ambient

    @cached_property
    def signs(self) -> Signs:
        rows = [part.signs for part in self.full]
        return np.array(rows, dtype=np.int8).reshape(len(rows), -1)

    @property
    def vertex_count(self) -> int:
        return len(self._points)

    @cached_property
    def proper_vertices(self) -> list[int]:
        found = (c for c, part in zip(self._corners, self.full, strict=True)
                 if not part.set.solid.lines)  # fmt: skip
        return sorted({v for corners in found for v in corners})

    def point(self, vertex: int) -> Vector:
        return self._points[vertex]

    def corners(self, cell: int) -> list[int]:
        return self._corners[cell]

    @property
    def directions(self) -> Sequence[Direction]:
        return self._directions

    def rays(self, cell: int) -> list[int]:
        return self._rays[cell]

    def polyhedron(self, cell: int) -> Polyhedron:
        return self.full[cell].set.solid

    @cached_property
    def neighbours(self) -> Ints:
        """Cells whose facets overlap: those on the two sides of one hyperplane are compared."""
        sides: dict[Form, tuple[list[int], list[int]]] = {}
        for cell, part in enumerate(self.full):
            for form in part.set.forms:
                lead = next(v for v in form if v)
                plane = form if lead > 0 else tuple(-v for v in form)
                sides.setdefault(plane, ([], []))[lead > 0].append(cell)
        pairs = {
            (min(i, j), max(i, j))
            for below, above in sides.values()
            for i in below
            for j in above
            if self._overlap(i, j)
        }
        return np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)

    def _overlap(self, i: int, j: int) -> bool:
        common = self.polyhedron(i).intersection(self.polyhedron(j))
        return common.dimension == self.ambient - 1

    def piece_numbers(self, layers: LayerList) -> Ints:
        """Cells with one map, joined by facets on which the function has it, too."""
        tables, walls = self.tables(layers), []
        for part, table in zip(self.parts, tables, strict=True):
            if part.set.dimension == self.ambient - 1:
                walls.append((part.set, table))
        of_cell = [t for p, t in zip(self.parts, tables, strict=True)
                   if p.set.dimension == self.ambient]  # fmt: skip
        kept = []
        for i, j in self.neighbours.tolist():
            if of_cell[i] == of_cell[j]:
                common = self.polyhedron(i).intersection(self.polyhedron(j))
                if not any(_apart(common, of_cell[i], *wall) for wall in walls):
                    kept.append((i, j))
        pairs = np.array(kept, dtype=np.int64).reshape(-1, 2)
        return piece_numbers(layers, self.signs, pairs)

    def at(self, layers: LayerList, x: Sequence[Any]) -> list[int]:
        """The cells whose closures hold a point; the one that it belongs to comes first."""
        holding = [k for k, part in enumerate(self.full) if part.set.solid.contains(x)]
        return sorted(holding, key=lambda k: not self.full[k].set.contains(x))

    def tables(self, layers: LayerList) -> list[fmpq_mat]:
        """[A | c] on every part, for these layers or others with the same neurons."""
        return layers.affine_maps([part.signs for part in self.parts])

    @cached_property
    def touching(self) -> list[tuple[int, int]]:
        """The pairs of parts whose closures may meet: their bounding boxes do."""
        low, high = (np.array([_bound(p.set.solid, s) for p in self.parts]) for s in (-1, 1))
        return sorted(overlapping(low, high))

    def disagreements(self) -> Iterator[tuple[int, int, Polyhedron]]:
        """Pairs of parts whose maps differ where their closures meet, and where these meet.

        The function is continuous iff there are none: on a closed domain all limits are there.
        """
        tables = self.tables(self.layers)
        for i, j in self.touching:
            if tables[i] == tables[j]:
                continue
            common = self.parts[i].set.solid.intersection(self.parts[j].set.solid)
            rows = (tables[i] - tables[j]).tolist()
            if not all(HalfOpen(common).vanishes(row) for row in rows):
                yield i, j, common

    def jumps_at(self, x: Sequence[Any]) -> bool:
        return any(common.contains(x) for _, _, common in self.disagreements())

    @cached_property
    def is_continuous(self) -> bool:
        """Whether the function has no jump on the domain, as it is computed."""
        return next(self.disagreements(), None) is None


def _apart(facet: Polyhedron, table: fmpq_mat, wall: HalfOpen, other: fmpq_mat) -> bool:
    """Whether another map than the cells' holds on a wall that covers a part of their facet."""
    common = facet.intersection(wall.solid)
    rows = (table - other).tolist()
    return common.dimension == facet.dimension and not all(
        HalfOpen(common).vanishes(row) for row in rows
    )


def _bound(solid: Polyhedron, side: int) -> list[float]:
    """The least (for side -1) or greatest coordinates, rounded outwards."""
    result = []
    for k in range(solid.ambient):
        form = [side * int(i == k) for i in range(solid.ambient)]
        top = solid.maximum(form)
        value = np.inf if top is None else nearest_float(int(top.p), int(top.q))
        result.append(side * float(np.nextafter(value, np.inf)))
    return result
