"""A piecewise-linear function as cases: one row for each affine map, with minimal conditions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sympy as sp
from flint import fmpq

from ..document import Cases, Document, Math, Words
from ..exact.polyhedron import Polyhedron
from .cells import Vector, inner_point
from .domains import number
from .region import HalfSpace, Region

if TYPE_CHECKING:
    from .piecewise_linear import PiecewiseLinear

#: Half-spaces whose intersection is a convex part, for every part of a case.
Parts = list[list[HalfSpace]]


def as_piecewise(pw: PiecewiseLinear) -> Any:
    """One ``Piecewise`` for each output; see :meth:`PiecewiseLinear.as_piecewise`."""
    columns = [_rows(pw, k) for k in range(pw.network.outputs)]
    entries = [_expression(rows, pw.variables) for rows in columns]
    return entries[0] if len(entries) == 1 else sp.ImmutableDenseMatrix(entries)


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
    groups: dict[tuple[fmpq, ...], list[int]] = {}
    for region in sorted(pw.regions, key=_middle):
        row = [region.table[output, j] for j in range(pw.network.inputs + 1)]
        groups.setdefault(tuple(row), []).append(region.index)
    walls = set(pw.domain.polyhedron.half_spaces)
    solids = [region.polyhedron for region in pw.regions]
    result = []
    for key, members in groups.items():
        terms = (number(a) * x for a, x in zip(key, pw.variables, strict=False))
        value = sp.Add(*terms, number(key[-1]))
        parts = [
            [HalfSpace(h.normal, h.offset) for h in solid.half_spaces if h not in walls]
            for solid in _convex_parts(members, solids)
        ]
        result.append((value, [sorted(part, key=lambda h: (h.a, h.b)) for part in parts]))
    return result


def _middle(region: Region) -> Vector:
    return inner_point(region.polyhedron.vertices, region.polyhedron.rays)


def _convex_parts(members: list[int], solids: list[Polyhedron]) -> list[Polyhedron]:
    """Convex polyhedra with the union of these cells: one if that is convex, else joined in pairs.

    The cells cover the domain, so the hull of some is their union iff no other cell has inner
    points in it.
    """
    parts = [({m}, solids[m]) for m in members]
    if len(members) > 2 and _is_union(set(members), hull := _hull([s for _, s in parts]), solids):
        return [hull]
    i = 0
    while i < len(parts):
        cells, solid = parts[i]
        for j in range(i + 1, len(parts)):
            both, hull = cells | parts[j][0], _hull([solid, parts[j][1]])
            if _is_union(both, hull, solids):
                parts = [(both, hull), *(p for k, p in enumerate(parts) if k not in (i, j))]
                i = -1
                break
        i += 1
    return [solid for _, solid in parts]


def _is_union(cells: set[int], hull: Polyhedron, solids: list[Polyhedron]) -> bool:
    return not any(
        k not in cells and hull.intersection(other).dimension == hull.ambient
        for k, other in enumerate(solids)
    )


def _hull(parts: Sequence[Polyhedron]) -> Polyhedron:
    return Polyhedron.from_generators(
        [v for p in parts for v in p.vertices],
        [r for p in parts for r in p.rays],
        [line[:-1] for p in parts for line in p.lines],
        ambient=parts[0].ambient,
    )
