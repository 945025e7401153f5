"""Where two functions differ: a point, as simple as one is found, or that there is none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from operator import mul

from flint import fmpq

from ..exact.polyhedron import Polyhedron
from .cells import Cells, Vector, inner_point
from .finding import find_cells
from .layer_list import LayerList, added, scaled
from .limits import NO_LIMITS, Limits
from .parts import parts_of
from .reducing import reduced

#: How often the grid is halved on which a simple point is looked for.
_HALVINGS = 64


def are_equal(
    one: LayerList, other: LayerList, domain: Polyhedron, limits: Limits = NO_LIMITS
) -> bool:
    """Whether two functions are equal on a domain."""
    difference = added([one, scaled(other, -1)])
    return isinstance(nonzero_of(difference, domain, limits), int)


def nonzero_of(
    layers: LayerList, domain: Polyhedron, limits: Limits = NO_LIMITS
) -> tuple[Vector, int] | int:
    """A point where an output is not zero and the first such output; else the number of regions.

    A continuous function is zero iff its affine map is zero on every region; the regions are those
    of the reduced layers. With jumps, it is so on all parts, of lower dimension too. Points with
    small denominators are tried first, and looked for last.
    """
    small = layers if layers.switches else reduced(layers)
    zero = (fmpq(0),) * small.inputs
    inside = inner_point(domain.vertices, domain.rays)
    some = [zero, *domain.vertices[:1], *islice(_nearby(inside), 4)]
    found = _first(some, small, domain)
    if found is not None:
        return found
    if small.switches:
        return _nonzero_on_parts(small, domain, limits)
    cells = find_cells(small, domain, limits)
    for cell in range(len(cells)):
        for row in small.affine_on(cells.signs[cell].tolist()).tolist():
            if any(row):
                place = _somewhere_nonzero(cells, cell, row)
                found = _first([*_nearby(place), place], small, domain)
                assert found is not None
                return found
    return len(cells)


def _nonzero_on_parts(
    layers: LayerList, domain: Polyhedron, limits: Limits
) -> tuple[Vector, int] | int:
    parts = parts_of(layers, domain, limits)
    tables = layers.affine_maps([part.signs for part in parts])
    for part, table in zip(parts, tables, strict=True):
        for k, row in enumerate(table.tolist()):
            x = part.set.nonzero_point(row)
            if x is not None:
                near = (p for p in _nearby(x) if part.set.contains(p))
                return next((p for p in near if layers.value(p)[k]), x), k
    return len(parts)


def _first(
    candidates: Iterable[Vector], layers: LayerList, domain: Polyhedron
) -> tuple[Vector, int] | None:
    """The first point of the domain where an output is not zero, with this output."""
    for x in candidates:
        values = layers.value(x) if domain.contains(x) else []
        output = next((k for k, v in enumerate(values) if v), None)
        if output is not None:
            return x, output
    return None


def _nearby(x: Vector) -> Iterator[Vector]:
    """Points on finer and finer grids, as near to x as there are."""
    for k in range(_HALVINGS):
        yield tuple(fmpq((2 * v * 2**k + 1).floor() // 2, 2**k) for v in x)


def _somewhere_nonzero(cells: Cells, cell: int, row: list[fmpq]) -> Vector:
    """A point of a cell at which a x + c, which is not identically zero, is not zero."""
    inside = cells.inner_point(cell)
    steps = [*(cells.directions[r] for r in cells.rays(cell)), *cells.lines]
    beyond = [tuple(a + b for a, b in zip(inside, step, strict=True)) for step in steps]
    places = [inside, *(cells.point(v) for v in cells.corners(cell)), *beyond]
    return next(x for x in places if sum(map(mul, row, x), row[-1]))
