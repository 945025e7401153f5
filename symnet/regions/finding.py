"""Which engine takes a network apart: by the dimension of the domain, and whether it is bounded."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from ..exact.polyhedron import Polyhedron
from . import decompose, lattice, lattice_cones
from .cells import Cells, LatticeCells, OpenCells, PlaneCells, lattice_layers
from .domain import box, polygon
from .lattice_layers import Layer
from .layer_list import LayerList
from .limits import NO_LIMITS, Limits


def find_cells(layers: LayerList, domain: Polyhedron, limits: Limits = NO_LIMITS) -> Cells:
    """The cells of the layers on a full-dimensional polyhedron of their input space."""
    if not domain.is_bounded:
        cells = _open_cells(layers, domain, limits)
        limits.check(len(cells), "in all")
        return cells
    if domain.ambient <= 2:
        return _plane_cells(layers, domain, limits)
    hidden, output = lattice_layers(layers)
    return LatticeCells(lattice.decompose(hidden, domain, output, limits=limits))


def _plane_cells(layers: LayerList, domain: Polyhedron, limits: Limits) -> PlaneCells:
    corners = [[Fraction(int(v.p), int(v.q)) for v in vertex] for vertex in domain.vertices]
    plane = box(*corners) if domain.ambient == 1 else polygon(_in_order(corners))
    return PlaneCells(decompose.decompose(layers.maps, layers.functions, plane, limits))


def _in_order(corners: list[list[Fraction]]) -> list[list[Fraction]]:
    """The corners of a convex polygon, sorted from left to right, in cyclic order."""
    first, last = corners[0], corners[-1]

    def above(p: list[Fraction]) -> Fraction:
        across = (last[0] - first[0]) * (p[1] - first[1])
        return across - (last[1] - first[1]) * (p[0] - first[0])

    lower = [p for p in corners if above(p) <= 0]
    upper = [p for p in corners if above(p) > 0]
    return [*lower, *reversed(upper)]


def _open_cells(layers: LayerList, domain: Polyhedron, limits: Limits) -> OpenCells:
    """Unbounded cells; those of the line are the shadows of those of the strip R x [0, 1]."""
    if layers.starts[-1] == 0:  # nothing bends: the domain is one region
        return OpenCells([domain], np.zeros((1, 0), dtype=np.int8), layers)
    hidden, _ = lattice_layers(layers)
    if domain.ambient > 1:
        found = lattice_cones.decompose_unbounded(hidden, domain, limits=limits)
        solids = [found.polyhedron(cell) for cell in range(len(found))]
        return OpenCells(solids, found.signs, layers)
    strip = Polyhedron.from_half_spaces(
        [*((*f.normal, 0) for f in domain.half_spaces), (0, 1), (0, -1)],
        [*(f.offset for f in domain.half_spaces), 1, 0],
        ambient=2,
    )
    if hidden:
        first = hidden[0]
        wide = [[row[0], 0] for row in first.W]
        weight = np.array(wide) if isinstance(first.W, np.ndarray) else wide
        hidden[0] = Layer(weight, first.b, first.activation)
    found = lattice_cones.decompose_unbounded(hidden, strip, limits=limits)
    solids = []
    for cell in range(len(found)):
        solid = found.polyhedron(cell)
        solids.append(
            Polyhedron.from_generators(
                [v[:1] for v in solid.vertices],
                [r[:1] for r in solid.rays if r[0]],
                [r[:1] for r in solid.lines if r[0]],
                ambient=1,
            )
        )
    return OpenCells(solids, found.signs, layers)
