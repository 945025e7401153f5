"""Extrema, convexity and monotony of a function that jumps, from all its parts, exactly."""

from __future__ import annotations

from itertools import product

from flint import fmpq

from ..errors import DomainError
from ..exact.half_open import HalfOpen, Vector
from ..exact.linear_program import Feasible, LinearSystem, feasible_point
from ..exact.polyhedron import Polyhedron
from .layer_list import LayerList
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


def jumps_inside(cells: PartCells, domain: Polyhedron, output: int) -> bool:
    """Whether an output jumps inside the domain; a function that does is not convex.

    Raises
    ------
    DomainError
        Where it jumps only on the boundary of the domain, and convexity is not decided.
    """
    tables, jumps = cells.tables(cells.layers), False
    for i, j, common in cells.disagreements():
        pair = zip(tables[i].tolist()[output], tables[j].tolist()[output], strict=True)
        place = HalfOpen(common)
        if place.vanishes([a - b for a, b in pair]):
            continue
        if all(place.range((*(-v for v in h.normal), h.offset))[0] for h in domain.half_spaces):
            return True
        jumps = True
    if jumps:
        raise DomainError(
            "the function jumps on the boundary of its domain, and whether it is convex there is "
            "not decided; restrict it to a domain inside"
        )
    return False


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
