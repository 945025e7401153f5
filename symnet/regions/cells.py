"""The cells of a decomposition, whichever engine found them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat

from ..errors import CertificateError
from ..exact.affine import nearest_float
from ..exact.arrays import Floats, Ints, Signs
from ..exact.polyhedron import Polyhedron
from . import certificate, lattice_certify
from .certificate_cells import certify_cells
from .complex import Complex
from .lattice_certify import Claim, certify_claim
from .lattice_geometry import CellComplex
from .lattice_layers import Activation, Layer
from .layer_list import LayerList
from .same_maps import piece_numbers

Vector = tuple[fmpq, ...]
Progress = Callable[[int, int], None]


class Cells(ABC):
    """Full-dimensional closed convex cells that cover a polyhedron, and their signs.

    Cells and vertices are numbered from 0.
    """

    #: Whether all cells are polytopes.
    bounded = True

    @abstractmethod
    def __len__(self) -> int: ...

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

    @cached_property
    def corner_pairs(self) -> tuple[Ints, Ints]:
        """Every cell with every one of its vertices, by cells."""
        lists = [self.corners(cell) for cell in range(len(self))]
        owner = np.repeat(np.arange(len(lists)), [len(c) for c in lists])
        return owner, np.array([v for c in lists for v in c], dtype=np.int64)

    @cached_property
    def float_points(self) -> tuple[Floats, Floats]:
        """Coordinates of the vertices in float64, (vertices, d), and bounds of their errors."""
        exact = [self.point(v) for v in range(self.vertex_count)]
        points = np.array([[nearest_float(int(x.p), int(x.q)) for x in p] for p in exact])
        return points, np.abs(points) * 2.0**-52 + 2.0**-1070

    @property
    @abstractmethod
    def neighbours(self) -> Ints:
        """(pairs, 2): the cells with a common facet."""

    @abstractmethod
    def polyhedron(self, cell: int) -> Polyhedron:
        """A cell with both of its minimal descriptions."""

    def piece_numbers(self, layers: LayerList) -> Ints:
        """For every cell the number of its piece: cells with one map, joined by facets."""
        return piece_numbers(layers, self.signs, self.neighbours)

    def certify(self, layers: LayerList, domain: Polyhedron) -> None:
        """Raise :class:`CertificateError` unless the cells are those of the layers."""
        try:
            self._certify(layers, domain)
        except (certificate.CertificateError, lattice_certify.CertificateError) as error:
            raise CertificateError(str(error)) from error

    @abstractmethod
    def _certify(self, layers: LayerList, domain: Polyhedron) -> None: ...


class PolytopeCells(Cells):
    """Cells that are polytopes: each is the hull of its vertices."""

    def polyhedron(self, cell: int) -> Polyhedron:
        points = [self.point(v) for v in self.corners(cell)]
        return Polyhedron.from_generators(points, ambient=len(points[0]))

    def facets(self) -> list[tuple[frozenset[int], frozenset[int]]]:
        """Every facet: its cells and its vertices."""
        owners: dict[frozenset[int], list[int]] = {}
        for cell in range(len(self)):
            numbers = self.corners(cell)
            points = [self.point(v) for v in numbers]
            for wall in self.polyhedron(cell).half_spaces:
                tight = (v for v, x in zip(numbers, points, strict=True) if wall.slack(x) == 0)
                owners.setdefault(frozenset(tight), []).append(cell)
        return [(frozenset(cells), vertices) for vertices, cells in owners.items()]

    def _certify(self, layers: LayerList, domain: Polyhedron) -> None:
        hidden, output = lattice_layers(layers)
        claim = Claim(
            [self.point(v) for v in range(self.vertex_count)],
            [
                (tuple(signs), frozenset(self.corners(cell)))
                for cell, signs in enumerate(self.signs.tolist())
            ],
            self.facets(),
            lambda cell: _split(layers, self.signs[cell].tolist()),
        )
        certify_claim(hidden, domain, output, claim)


class PlaneCells(PolytopeCells):
    """Cells of dimension 1 and 2."""

    def __init__(self, complex_: Complex) -> None:
        self.complex = complex_
        self._points: dict[int, Vector] = {}

    def __len__(self) -> int:
        return len(self.complex)

    @cached_property
    def signs(self) -> Signs:
        parts = [self.complex.signs(k) for k in range(len(self.complex.network.layers))]
        return np.hstack([np.zeros((len(self), 0), dtype=np.int8), *parts])

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

    def _certify(self, layers: LayerList, domain: Polyhedron) -> None:
        if layers.functions:
            certificate.certify(self.complex)
        else:
            super()._certify(layers, domain)


class LatticeCells(PolytopeCells):
    """Cells of dimension 3 and more."""

    def __init__(self, complex_: CellComplex) -> None:
        self.complex = complex_

    def __len__(self) -> int:
        return len(self.complex)

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

    def _certify(self, layers: LayerList, domain: Polyhedron) -> None:
        self.complex.certify()


class StoredCells(PolytopeCells):
    """Cells from plain data, such as a file."""

    def __init__(
        self, points: list[Vector], cells: list[list[int]], signs: Signs, neighbours: Ints
    ) -> None:
        self._points, self._cells, self._signs = points, cells, signs
        self._neighbours = neighbours

    def __len__(self) -> int:
        return len(self._cells)

    @property
    def signs(self) -> Signs:
        return self._signs

    @property
    def vertex_count(self) -> int:
        return len(self._points)

    def point(self, vertex: int) -> Vector:
        return self._points[vertex]

    def corners(self, cell: int) -> list[int]:
        return self._cells[cell]

    @property
    def neighbours(self) -> Ints:
        return self._neighbours

    def _certify(self, layers: LayerList, domain: Polyhedron) -> None:
        super()._certify(layers, domain)
        pairs = {tuple(sorted(cells)) for cells, _ in self.facets() if len(cells) == 2}
        if pairs != {tuple(sorted(pair)) for pair in self._neighbours.tolist()}:
            raise CertificateError("the pairs of neighbours are not those with a common facet")


class OpenCells(Cells):
    """Cells on an unbounded domain."""

    bounded = False

    def __init__(self, polyhedra: list[Polyhedron], signs: Signs, layers: LayerList) -> None:
        self._polyhedra, self._signs, self._layers = polyhedra, signs, layers
        corners = [p.vertices if not p.lines else () for p in polyhedra]
        self._points = sorted({v for vertices in corners for v in vertices})
        number = {v: k for k, v in enumerate(self._points)}
        self._corners = [[number[v] for v in vertices] for vertices in corners]

    def __len__(self) -> int:
        return len(self._polyhedra)

    @property
    def signs(self) -> Signs:
        return self._signs

    @property
    def vertex_count(self) -> int:
        return len(self._points)

    def point(self, vertex: int) -> Vector:
        return self._points[vertex]

    def corners(self, cell: int) -> list[int]:
        return self._corners[cell]

    @cached_property
    def neighbours(self) -> Ints:
        """Cells meet in whole facets, so a point inside a facet lies in its two cells alone."""
        pairs: set[tuple[int, int]] = set()
        for cell, solid in enumerate(self._polyhedra):
            for wall in solid.half_spaces:
                tight = [v for v in solid.vertices if wall.slack(v) == 0]
                x = inner_point(tight, [r for r in solid.rays if _dot(wall.normal, r) == 0])
                found = cells_at(self._layers, self._signs, x)
                pairs.update((cell, other) for other in found if cell < other)
        return np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)

    def polyhedron(self, cell: int) -> Polyhedron:
        return self._polyhedra[cell]

    def _certify(self, layers: LayerList, domain: Polyhedron) -> None:
        certify_cells(layers, domain, self._polyhedra, self._signs, self.neighbours)


def cells_at(layers: LayerList, signs: Signs, x: Sequence[Any]) -> list[int]:
    """The cells that hold the point x: those whose signs are the signs at x, or x is on a wall.

    Layer by layer the two affine pieces agree where a neuron is at its breakpoint; so a cell with
    such signs has the forms at x that the network has, and x satisfies all its inequalities.
    """
    here = np.array(layers.exact.margins([Fraction(int(v.p), int(v.q)) for v in x]), dtype=np.int8)
    fitting = ((signs == here) | (here == 0)).all(axis=1)
    found: list[int] = np.flatnonzero(fitting).tolist()
    return found


def inner_point(vertices: Sequence[Any], rays: Sequence[Any]) -> Vector:
    """A point in the relative interior of the hull of vertices and rays."""
    n = fmpq(len(vertices))
    centre = [sum(column, fmpq(0)) / n for column in zip(*vertices, strict=True)]
    for ray in rays:
        centre = [a + r for a, r in zip(centre, ray, strict=True)]
    return tuple(centre)


def _dot(a: Sequence[Any], b: Sequence[Any]) -> Any:
    return sum(x * y for x, y in zip(a, b, strict=True))


def lattice_layers(layers: LayerList) -> tuple[list[Layer], tuple[Any, Any]]:
    hidden = []
    for affine, functions in zip(layers.maps, layers.functions, strict=False):
        acts = [Activation.of(f.breakpoints, f.slopes, f.value) for f in functions]
        single = acts[0] if acts and all(act == acts[0] for act in acts) else acts
        hidden.append(Layer(*_entries(affine), single))
    return hidden, _entries(layers.maps[-1])


def _entries(affine: Any) -> tuple[Any, Any]:
    return (affine.weight, affine.bias) if affine.is_float else affine.fractions()


def _split(layers: LayerList, signs: Sequence[int]) -> Any:
    table = layers.affine_on(signs).tolist()
    return fmpq_mat([row[:-1] for row in table]), fmpq_mat([[row[-1]] for row in table])
