"""Which engine takes a network apart: by the dimension of the domain, and whether it is bounded."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from fractions import Fraction

import numpy as np

from ..errors import TooManyRegionsError
from ..exact.polyhedron import Polyhedron
from . import decompose, descend, lattice, lattice_cones
from .cells import Cells, LatticeCells, OpenCells, PlaneCells, lattice_layers
from .domain import box, polygon
from .lattice_layers import Layer
from .layer_list import LayerList

Progress = Callable[[int, int], None]

#: Seconds before the first remark on stderr, and between two.
_PATIENCE = 5.0


def find_cells(
    layers: LayerList,
    domain: Polyhedron,
    max_regions: int | None = None,
    progress: Progress | None = None,
) -> Cells:
    """The cells of the layers on a full-dimensional polyhedron of their input space."""
    cells: Cells
    if not domain.is_bounded:
        cells = _open_cells(layers, domain)
    elif domain.ambient <= 2:
        return _plane_cells(layers, domain, max_regions, progress)
    else:
        hidden, output = lattice_layers(layers)
        cells = LatticeCells(lattice.decompose(hidden, domain, output))
    if max_regions is not None and len(cells) > max_regions:
        raise TooManyRegionsError(f"there are {len(cells)} regions, more than {max_regions=}")
    return cells


class Remarks:
    """Progress on stderr: nothing for the first seconds, then a line every few."""

    def __init__(self, wanted: bool | None) -> None:
        self.wanted = sys.stderr.isatty() if wanted is None else wanted
        self.start = self.last = time.monotonic()

    def __call__(self, blocks: int, regions: int) -> None:
        now = time.monotonic()
        if self.wanted and now - self.last > _PATIENCE:
            self.last = now
            print(f"symnet: {regions} regions after {now - self.start:.0f} s", file=sys.stderr)


def _plane_cells(
    layers: LayerList, domain: Polyhedron, max_regions: int | None, progress: Progress | None
) -> PlaneCells:
    corners = [[Fraction(int(v.p), int(v.q)) for v in vertex] for vertex in domain.vertices]
    plane = box(*corners) if domain.ambient == 1 else polygon(_in_order(corners))
    try:
        found = decompose.decompose(
            layers.maps, layers.functions, plane, max_regions=max_regions, progress=progress
        )
    except descend.TooManyRegionsError as error:
        raise TooManyRegionsError(str(error)) from error
    return PlaneCells(found)


def _in_order(corners: list[list[Fraction]]) -> list[list[Fraction]]:
    """The corners of a convex polygon, sorted from left to right, in cyclic order."""
    first, last = corners[0], corners[-1]

    def above(p: list[Fraction]) -> Fraction:
        across = (last[0] - first[0]) * (p[1] - first[1])
        return across - (last[1] - first[1]) * (p[0] - first[0])

    lower = [p for p in corners if above(p) <= 0]
    upper = [p for p in corners if above(p) > 0]
    return [*lower, *reversed(upper)]


def _open_cells(layers: LayerList, domain: Polyhedron) -> OpenCells:
    """Unbounded cells; those of the line are the shadows of those of the strip R x [0, 1]."""
    if layers.starts[-1] == 0:  # nothing bends: the domain is one region
        return OpenCells([domain], np.zeros((1, 0), dtype=np.int8), layers)
    hidden, _ = lattice_layers(layers)
    if domain.ambient > 1:
        found = lattice_cones.decompose_unbounded(hidden, domain)
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
    found = lattice_cones.decompose_unbounded(hidden, strip)
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
