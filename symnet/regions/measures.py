"""Extrema, Lipschitz constants, convexity and monotony of a piecewise-linear function, exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_mat

from .cells import Cells, inner_point
from .domains import number
from .layer_list import LayerList


@dataclass(frozen=True)
class Extremum:
    """The value, oo or -oo where there is none, and a point that attains it (else None)."""

    value: sp.Expr
    point: tuple[sp.Rational, ...] | None


def tables(layers: LayerList, cells: Cells) -> Iterator[tuple[int, list[list[fmpq]]]]:
    """Every cell with its [A | c]."""
    signs = cells.signs
    for cell in range(len(cells)):
        yield cell, layers.affine_on(signs[cell].tolist()).tolist()


def maximum(layers: LayerList, cells: Cells, output: int, sign: int) -> Extremum:
    """The greatest value of an output (of minus the output for sign -1).

    An affine function on a polyhedron is greatest at a vertex, unless it grows along a ray or a
    line. On polytopes every vertex is looked at once.
    """
    best: fmpq | None = None
    place: tuple[fmpq, ...] = ()
    seen: set[int] = set()
    for cell, table in tables(layers, cells):
        row = [sign * v for v in table[output]]
        numbers = cells.corners(cell)
        new = [v for v in numbers if v not in seen]
        seen.update(new)
        candidates = [cells.point(v) for v in new]
        if not cells.bounded:
            solid = cells.polyhedron(cell)
            if solid.maximum(row[:-1]) is None:
                return Extremum(sign * sp.oo, None)
            candidates = list(solid.vertices)
        for x in candidates:
            value = _at(row, x)
            if best is None or value > best:
                best, place = value, x
    assert best is not None
    return Extremum(number(sign * best), tuple(number(v) for v in place))


def _at(row: list[fmpq], x: Any) -> fmpq:
    return sum((a * v for a, v in zip(row, x, strict=False)), row[-1])


def lipschitz(layers: LayerList, cells: Cells, p: Any) -> sp.Expr:
    """The least L with |f(x) - f(y)|_p <= L |x - y|_p: the greatest operator norm of an A.

    The domain is convex, so the segment from x to y runs through the regions.
    """
    slopes = {tuple(tuple(row[:-1]) for row in table) for _, table in tables(layers, cells)}
    if p in (1, sp.oo, float("inf")):
        norms = []
        for A in slopes:
            lines = zip(*A, strict=True) if p == 1 else A
            norms.append(max(sum((abs(v) for v in line), fmpq(0)) for line in lines))
        return number(max(norms))
    if p != 2:
        raise ValueError(f"the Lipschitz constant is known for p = 1, 2 and oo, not for p = {p}")
    grams: set[tuple[fmpq, ...]] = set()
    size = 1
    for A in slopes:
        M = fmpq_mat([list(row) for row in A])
        size = min(M.nrows(), M.ncols())
        gram = M * M.transpose() if M.nrows() == size else M.transpose() * M
        grams.add(tuple(gram.entries()))
    if size == 1:
        return sp.sqrt(number(max(gram[0] for gram in grams)))
    roots = {_greatest_eigenvalue(gram, size) for gram in grams}
    # equal algebraic numbers are equal objects here, so the comparisons below end
    top = roots.pop()
    for root in roots:
        top = root if (root > top) == sp.true else top
    return sp.sqrt(top)


def _greatest_eigenvalue(gram: tuple[fmpq, ...], size: int) -> sp.Expr:
    x = sp.Dummy("x")
    coefficients = fmpq_mat(size, size, list(gram)).charpoly().coeffs()
    polynomial = sp.Poly([number(v) for v in reversed(coefficients)], x)
    return sp.real_roots(polynomial)[-1]


def is_convex(layers: LayerList, cells: Cells, output: int) -> bool:
    """Whether an output is convex on the domain.

    A continuous function that is affine on the cells is convex iff at every common facet the map
    of the one cell does not exceed that of the other inside the other (it is convex on every line
    in general position, hence by continuity on all).
    """
    rows = {cell: table[output] for cell, table in tables(layers, cells)}
    for i, j in cells.neighbours.tolist():
        if rows[i] != rows[j]:
            x = _inside(cells, j)
            if _at(rows[i], x) > _at(rows[j], x):
                return False
    return True


def _inside(cells: Cells, cell: int) -> tuple[fmpq, ...]:
    if cells.bounded:
        return inner_point([cells.point(v) for v in cells.corners(cell)], [])
    solid = cells.polyhedron(cell)
    return inner_point(solid.vertices, solid.rays)


def is_monotone(layers: LayerList, cells: Cells, decreasing: bool) -> bool:
    """Whether no output decreases (increases) when an input grows and the others stay."""
    sign = -1 if decreasing else 1
    return all(
        sign * v >= 0 for _, table in tables(layers, cells) for row in table for v in row[:-1]
    )


def nonzero_point(cells: Cells, cell: int, row: list[fmpq]) -> tuple[fmpq, ...]:
    """A point of a cell at which a x + c, which is not identically zero, is not zero."""
    solid = cells.polyhedron(cell)
    inside = inner_point(solid.vertices, solid.rays)
    if _at(row, inside):
        return inside
    steps = [*solid.rays, *(line[:-1] for line in solid.lines)]
    beyond = [tuple(a + b for a, b in zip(inside, step, strict=True)) for step in steps]
    return next(x for x in [*solid.vertices, *beyond] if _at(row, x))
