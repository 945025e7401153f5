"""A piecewise-linear function as cases: one row for each affine map, with minimal conditions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sympy as sp
from flint import fmpq

from ..document import Cases, Document, Math, Words
from ..exact.half_open import HalfOpen
from ..exact.polyhedron import Polyhedron
from . import jump_cases
from .domains import number
from .part_cells import PartCells
from .region import HalfSpace

if TYPE_CHECKING:
    from .piecewise_linear import PiecewiseLinear

#: Half-spaces whose intersection is a convex part, for every part of a case.
Parts = list[list[HalfSpace]]


def as_piecewise(pw: PiecewiseLinear) -> Any:
    """One ``Piecewise`` for each output; see :meth:`PiecewiseLinear.as_piecewise`."""
    columns = [_rows(pw, k) for k in range(pw.network.outputs)]
    entries = [_expression(rows, pw.variables) for rows in columns]
    return entries[0] if len(entries) == 1 else sp.ImmutableDenseMatrix(entries)


def vanishing(pw: PiecewiseLinear) -> Parts:
    """Convex parts whose union is that of all regions on which a function of one output is 0."""
    return next((parts for value, parts in _rows(pw, 0) if value == 0), [])


def document(pw: PiecewiseLinear) -> Document:
    """The same as blocks: f = { value, condition; … }."""
    blocks = []
    for k in range(pw.network.outputs):
        single = pw.network.outputs == 1
        left = sp.Function("f")(*pw.variables) if single else sp.Symbol(f"f_{k + 1}")
        rows = [(value, _words(parts, pw.variables)) for value, parts in _rows(pw, k)]
        blocks.append(Cases(left, tuple(rows)))
    return Document(tuple(blocks))


def _expression(rows: list[tuple[sp.Expr, Parts]], variables: Sequence[sp.Symbol]) -> sp.Expr:
    if len(rows) == 1:
        return rows[0][0]
    pairs = []
    for value, parts in rows:
        convex = [
            sp.And(*(h.condition(variables) for h in part), evaluate=False)
            if len(part) > 1
            else part[0].condition(variables)
            for part in parts
        ]
        pairs.append((value, sp.Or(*convex, evaluate=False) if len(convex) > 1 else convex[0]))
    return sp.Piecewise(*pairs, evaluate=False)


def _words(parts: Parts, variables: Sequence[sp.Symbol]) -> Words:
    if not any(parts):
        return ("everywhere",)
    words: list[Any] = ["if "]
    for k, part in enumerate(parts):
        words += [", or "] if k else []
        for i, half_space in enumerate(part):
            words += [" and "] if i else []
            words.append(Math(half_space.condition(variables)))
    return tuple(words)


def _rows(pw: PiecewiseLinear, output: int) -> list[tuple[sp.Expr, Parts]]:
    """Every affine map of an output, and the convex parts on which it holds; from left to right."""
    if isinstance(pw.cells, PartCells) and not pw.cells.is_continuous:
        found = jump_cases.cases(pw.cells, output, HalfOpen(pw.domain.polyhedron).forms)
        return [(_value(row, pw.variables), parts) for row, parts in found]
    groups: dict[tuple[fmpq, ...], list[int]] = {}
    for region in sorted(pw.regions, key=lambda region: pw.cells.inner_point(region.index)):
        row = [region.table[output, j] for j in range(pw.network.inputs + 1)]
        groups.setdefault(tuple(row), []).append(region.index)
    walls = set(pw.domain.polyhedron.half_spaces)
    solids = [region.polyhedron for region in pw.regions]
    near: list[set[int]] = [set() for _ in solids]
    for i, j in pw.neighbours:
        near[i].add(j)
        near[j].add(i)
    result = []
    for key, members in groups.items():
        value = _value(key, pw.variables)
        parts = [
            [HalfSpace(h.normal, h.offset) for h in solid.half_spaces if h not in walls]
            for solid in _convex_parts(members, solids, near)
        ]
        result.append((value, [sorted(part, key=lambda h: (h.a, h.b)) for part in parts]))
    return result


def _value(row: Sequence[fmpq], variables: Sequence[sp.Symbol]) -> sp.Expr:
    terms = (number(a) * x for a, x in zip(row, variables, strict=False))
    return sp.Add(*terms, number(row[-1]))


def _convex_parts(
    members: list[int], solids: Sequence[Polyhedron], near: Sequence[set[int]]
) -> list[Polyhedron]:
    """Few convex polyhedra with the union of these cells; ``near`` are the neighbours of each.

    Cells that hang together by facets are one part if their union is convex. Otherwise a part
    takes in neighbouring parts for as long as the union stays convex.
    """
    result = []
    waiting = set(members)
    while waiting:
        component = _component(min(waiting), waiting, near)
        waiting -= component
        hull = _hull([solids[k] for k in sorted(component)])
        if _is_union(component, hull, solids, near):
            result.append(hull)
        else:
            result += _grown(component, solids, near)
    return result


def _component(start: int, allowed: set[int], near: Sequence[set[int]]) -> set[int]:
    found, edge = {start}, [start]
    while edge:
        fresh = (near[edge.pop()] & allowed) - found
        found |= fresh
        edge += fresh
    return found


def _grown(
    component: set[int], solids: Sequence[Polyhedron], near: Sequence[set[int]]
) -> list[Polyhedron]:
    parts = [({k}, solids[k]) for k in sorted(component)]
    result = []
    while parts:
        cells, solid = parts.pop(0)
        k = 0
        while k < len(parts):
            other, hull = parts[k][0], None
            if any(near[c] & other for c in cells):
                hull = _hull([solid, parts[k][1]])
            if hull is not None and _is_union(cells | other, hull, solids, near):
                cells, solid = cells | other, hull
                del parts[k]
                k = 0
            else:
                k += 1
        result.append(solid)
    return result


def _is_union(
    cells: set[int], hull: Polyhedron, solids: Sequence[Polyhedron], near: Sequence[set[int]]
) -> bool:
    """Whether a hull of cells, joined by facets, is their union.

    Otherwise a path inside of it leaves the cells through a facet: a neighbour has inner points in
    the hull. Cells overlap in sets of volume 0 only, so on polytopes the volumes tell.
    """
    if len(cells) == 1:
        return True
    if hull.is_bounded:
        return hull.volume() == sum((solids[k].volume() for k in cells), fmpq(0))
    around = set().union(*(near[k] for k in cells)) - cells
    return not any(hull.intersection(solids[k]).dimension == hull.ambient for k in around)


def _hull(parts: Sequence[Polyhedron]) -> Polyhedron:
    return Polyhedron.from_generators(
        [v for p in parts for v in p.vertices],
        [r for p in parts for r in p.rays],
        [line[:-1] for p in parts for line in p.lines],
        ambient=parts[0].ambient,
    )
