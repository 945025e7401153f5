"""Which engine takes a network apart: by the dimension of the domain, and whether it is bounded."""

from __future__ import annotations

from fractions import Fraction

from ..exact.polyhedron import Polyhedron
from ..exact.threads import one_thread
from . import decompose, lattice, lattice_cones, unbounded
from .cells import Cells, Direction
from .common_lines import common_lines, section
from .domain import box, polygon
from .engine_cells import ConeCells, LatticeCells, OpenCells, PlaneCells, lattice_layers
from .layer_list import LayerList
from .limits import NO_LIMITS, Limits
from .part_cells import PartCells
from .parts import parts_of
from .stored_cells import LiftedCells, one_cell


@one_thread()
def find_cells(layers: LayerList, domain: Polyhedron, limits: Limits = NO_LIMITS) -> Cells:
    """The cells of the layers on a full-dimensional polyhedron of their input space."""
    if layers.switches:
        return PartCells(layers, parts_of(layers, domain, limits), domain.ambient)
    if layers.starts[-1] == 0:  # nothing bends
        return one_cell(domain, ())
    lines = common_lines(layers, domain)
    if lines:
        return _lifted(layers, domain, lines, limits)
    if domain.ambient <= 2:
        find = plane_cells if domain.is_bounded else _open_cells
        return find(layers, domain, limits)
    hidden, output = lattice_layers(layers)
    if domain.is_bounded:
        return LatticeCells(lattice.decompose(hidden, domain, output, limits=limits))
    cells = ConeCells(lattice_cones.decompose_unbounded(hidden, domain, limits=limits))
    limits.check(len(cells), "in all")
    return cells


def _lifted(
    layers: LayerList, domain: Polyhedron, lines: tuple[Direction, ...], limits: Limits
) -> Cells:
    """Cells that contain lines: those of the coordinates that the lines leave, and the lines."""
    inner, part, free = section(layers, domain, lines)
    if not free:
        return one_cell(domain, layers.exact.margins([Fraction(0)] * domain.ambient))
    return LiftedCells(find_cells(inner, part, limits), free, lines, domain.ambient)


def plane_cells(layers: LayerList, domain: Polyhedron, limits: Limits = NO_LIMITS) -> PlaneCells:
    """The cells on a bounded part of the line or plane, with all their corners and sides.

    The layers have no switches.
    """
    assert not layers.switches
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
    """Cells on an unbounded part of the line or plane, without lines."""
    return OpenCells(unbounded.decompose_unbounded(layers.maps, layers.functions, domain, limits))
