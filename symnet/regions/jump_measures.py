"""Extrema, convexity and monotony of a function that jumps, from all its parts, exactly."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

from flint import fmpq

from ..exact.half_open import Form, HalfOpen, Vector
from ..exact.linear_program import Feasible, LinearSystem, feasible_point
from ..exact.polyhedron import Polyhedron
from .cells import Cells
from .domains import flattened
from .finding import find_cells
from .layer_list import LayerList, identity
from .part_cells import PartCells


def supremum(
    layers: LayerList, cells: PartCells, output: int, sign: int
) -> tuple[fmpq, Vector | None] | None:
    """The supremum of sign * output, and a point that attains it, None where none does.

    None altogether where it is oo.
    """
    best: tuple[fmpq, Vector | None] | None = None
    for part, table in zip(cells.parts, cells.tables(layers), strict=True):
        row = [sign * v for v in table.tolist()[output]]
        found = part.set.supremum(row)
        if found is None:
            return None
        if best is None or found[0] > best[0] or (found[0] == best[0] and best[1] is None):
            best = found
    return best


def is_convex(
    layers: LayerList,
    cells: PartCells,
    domain: Polyhedron,
    output: int,
    convex_inside: Callable[[LayerList, Cells, int], bool],
) -> bool:
    """Whether an output is convex on a domain; ``convex_inside`` is for continuous functions.

    A convex function does not jump inside the domain. It may on the boundary, upwards: f is convex
    iff it is inside, is not below its limit from there on the boundary, and is convex on each facet
    of the domain. (A point on the boundary is between two others only in a face that holds all.)
    """
    tables = [table.tolist()[output] for table in cells.tables(layers)]
    if _jumps_inside(cells, domain, tables):
        return False
    if not convex_inside(layers, cells, output):
        return False
    # inside, a convex function is the greatest of its maps
    inner = [
        t for t, p in zip(tables, cells.parts, strict=True) if p.set.dimension == cells.ambient
    ]
    for row, part in zip(tables, cells.parts, strict=True):
        for other in inner:
            top = part.set.supremum([b - a for a, b in zip(row, other, strict=True)])
            if top is None or top[0] > 0:
                return False
    return all(
        _convex_on_facet(layers, domain, facet, output, convex_inside)
        for facet in HalfOpen(domain).forms
    )


def _jumps_inside(cells: PartCells, domain: Polyhedron, tables: list[list[fmpq]]) -> bool:
    """Whether an output jumps inside the domain."""
    for i, j, common in cells.disagreements():
        place = HalfOpen(common)
        differ = not place.vanishes([a - b for a, b in zip(tables[i], tables[j], strict=True)])
        if differ and all(place.range(wall)[0] for wall in HalfOpen(domain).forms):
            return True
    return False


def _convex_on_facet(
    layers: LayerList,
    domain: Polyhedron,
    facet: Form,
    output: int,
    convex_inside: Callable[[LayerList, Cells, int], bool],
) -> bool:
    place = HalfOpen(domain).zeros(facet)
    if place is None or place.dimension == 0:
        return True
    flat = flattened(place.solid)
    inner = LayerList.affine(flat.affine() or identity(flat.ambient)).then(layers)
    cells = find_cells(inner, flat.polyhedron)
    if isinstance(cells, PartCells) and not cells.is_continuous:
        return is_convex(inner, cells, flat.polyhedron, output, convex_inside)
    return convex_inside(inner, cells, output)


def is_monotone(layers: LayerList, cells: PartCells, decreasing: bool) -> bool:
    """Whether no output falls (rises) when one input grows.

    For every two parts and every input, a linear system asks for points x and y of the two that
    differ in this input alone, x before y, with the values the wrong way round.
    """
    sign = -1 if decreasing else 1
    tables = [table.tolist() for table in cells.tables(layers)]
    parts = [part.set for part in cells.parts]
    for (a, one), (b, other) in product(zip(parts, tables, strict=True), repeat=2):
        for k in range(cells.ambient):
            pairs = _pairs(a, b, k)
            for row, image in zip(one, other, strict=True):
                falls = [*(-sign * v for v in row[:-1]), *(sign * v for v in image[:-1])]
                if _has_solution(pairs, falls, sign * (row[-1] - image[-1])):
                    return False
    return True


Rows = list[tuple[list[fmpq], fmpq, str]]


def _pairs(a: HalfOpen, b: HalfOpen, k: int) -> Rows:
    """Rows for x in a, y in b, x_k <= y_k and the other coordinates equal."""
    d = a.solid.ambient
    rows: Rows = []
    for place, before, after in ((a, 0, d), (b, d, 0)):
        kinds = (("", place.forms), ("<", place.strict), ("=", place.equations))
        for kind, forms in kinds:
            for form in forms:
                left = [0] * before + [-v for v in form[:-1]] + [0] * after
                rows.append(([fmpq(v) for v in left], fmpq(form[-1]), kind))
    for i in range(d):
        left = [fmpq(int(j == i) - int(j == d + i)) for j in range(2 * d)]
        rows.append((left, fmpq(0), "" if i == k else "="))
    return rows


def _has_solution(rows: Rows, falls: list[fmpq], bound: fmpq) -> bool:
    """Whether the rows hold at a point where also falls x < bound."""
    every = [*rows, (falls, bound, "<")]
    system = LinearSystem.of(
        [left for left, _, _ in every],
        [right for _, right, _ in every],
        strict=[i for i, (_, _, kind) in enumerate(every) if kind == "<"],
        equal=[i for i, (_, _, kind) in enumerate(every) if kind == "="],
    )
    return isinstance(feasible_point(system), Feasible)
