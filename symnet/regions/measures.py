"""Extrema, Lipschitz constants, convexity and monotony of a piecewise-linear function, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp
from flint import fmpq, fmpq_mat

from ..exact.affine import nearest_float
from ..exact.arrays import Floats, Ints
from . import jump_measures
from .balls import corner_values, map_balls
from .cells import Cells
from .certificate_forms import difference
from .domains import number
from .layer_list import LayerList
from .part_cells import PartCells

Slope = tuple[tuple[fmpq, ...], ...]


@dataclass(frozen=True)
class Extremum:
    """The value, oo or -oo where there is none, and a point that attains it (else None).

    The point is a vertex, the first in lexicographic order. Where the function jumps, the value is
    the supremum or infimum; it need not be attained, and the point need not be a vertex.
    """

    value: sp.Expr
    point: tuple[sp.Rational, ...] | None


def maximum(layers: LayerList, cells: Cells, output: int, sign: int) -> Extremum:
    """The greatest value of an output (for sign -1: minus that of minus the output, the least).

    An affine function on a polyhedron is greatest at a vertex, unless it grows along a ray or a
    line.
    """
    if isinstance(cells, PartCells) and not cells.is_continuous:
        best = jump_measures.supremum(layers, cells, output, sign)
        if best is None:
            return Extremum(sign * sp.oo, None)
        point = best[1] and tuple(number(x) for x in best[1])
        return Extremum(number(sign * best[0]), point)
    if not cells.bounded and _grows(layers, cells, output, sign):
        return Extremum(sign * sp.oo, None)
    centre, radius = map_balls(layers, cells)
    cell, vertex = cells.corner_pairs
    value, error = corner_values(cells, sign * centre[output], radius[output], cell, vertex)
    open_ = np.unique(vertex[~(value + error < (value - error).max())])
    points = [cells.point(v) for v in open_.tolist()]
    return _greatest([(sign * layers.value(x)[output], x) for x in points], sign)


def _grows(layers: LayerList, cells: Cells, output: int, sign: int) -> bool:
    """Whether an output (for sign -1: minus it) grows along a ray or a line of some cell.

    Cells with a common facet have common lines in it, and so one slope along them.
    """
    row = _table(layers, cells, 0)[output]
    if any(_along(row, line) for line in cells.lines):
        return True
    centre, radius = (ball[output, :-1] for ball in map_balls(layers, cells))
    cell, ray = cells.ray_pairs
    size = [max(map(abs, r)) for r in cells.directions]
    unit = np.array(
        [[nearest_float(v, m) for v in r] for r, m in zip(cells.directions, size, strict=True)]
    ).reshape(-1, cells.ambient)
    with np.errstate(all="ignore"):
        slope = sign * (centre[:, cell] * unit[ray].T).sum(axis=0)
        spread = radius + np.abs(centre) * (cells.ambient + 4) * 2.0**-52
        error = (spread[:, cell] * (np.abs(unit[ray]).T + 2.0**-52)).sum(axis=0) * 1.01 + 1e-290
        if (slope > error).any():
            return True
        open_ = np.flatnonzero(~(slope < -error))
    return any(
        sign * _along(_table(layers, cells, c)[output], cells.directions[r]) > 0
        for c, r in zip(cell[open_].tolist(), ray[open_].tolist(), strict=True)
    )


def _along(row: list[fmpq], direction: Sequence[int]) -> fmpq:
    return sum((a * v for a, v in zip(row, direction, strict=False)), fmpq(0))


def _greatest(candidates: list[tuple[fmpq, tuple[fmpq, ...]]], sign: int) -> Extremum:
    """The greatest value, at the first of its points in lexicographic order."""
    best = max(value for value, _ in candidates)
    place = min(x for value, x in candidates if value == best)
    return Extremum(number(sign * best), tuple(number(x) for x in place))


def _table(layers: LayerList, cells: Cells, cell: int) -> list[list[fmpq]]:
    rows: list[list[fmpq]] = layers.affine_on(cells.signs[cell].tolist()).tolist()
    return rows


def _at(row: list[fmpq], x: Any) -> fmpq:
    return sum((a * v for a, v in zip(row, x, strict=False)), row[-1])


def lipschitz(layers: LayerList, cells: Cells, p: Any) -> sp.Expr:
    """The least L with |f(x) - f(y)|_p <= L |x - y|_p: the greatest operator norm of an A.

    The domain is convex, so the segment from x to y runs through the regions.
    """
    if p not in (1, 2, sp.oo):
        raise ValueError(f"the Lipschitz constant is known for p = 1, 2 and oo, not for p = {p}")
    if not cells.is_continuous:
        return sp.oo
    centre, radius = (ball[:, :-1] for ball in map_balls(layers, cells))
    if p == 2:
        size = np.linalg.norm(centre.transpose(2, 0, 1), 2, axis=(1, 2))
        error = np.sqrt(np.square(radius).sum(axis=(0, 1)))
    else:
        axis = 0 if p == 1 else 1
        size = np.abs(centre).sum(axis=axis).max(axis=0)
        error = radius.sum(axis=axis).max(axis=0)
    # far more than the rounding of a norm of this many entries
    error = error * 1.01 + size * centre[:, :, 0].size * 1e-13
    open_ = np.flatnonzero(~(size + error < (size - error).max()))
    slopes = {
        tuple(tuple(row[:-1]) for row in _table(layers, cells, cell)) for cell in open_.tolist()
    }
    return _spectral(slopes) if p == 2 else number(max(_row_norm(A, p) for A in slopes))


def _row_norm(A: Slope, p: Any) -> fmpq:
    lines = zip(*A, strict=True) if p == 1 else A
    return max(sum((abs(v) for v in line), fmpq(0)) for line in lines)


def _spectral(slopes: set[Slope]) -> sp.Expr:
    """The greatest of the spectral norms, as the root of an eigenvalue of A A^T."""
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
    in general position, hence by continuity on all). The two maps agree on the facet, so any
    vertex outside it shows which is greater.
    """
    pairs = cells.neighbours
    if not len(pairs):
        return True
    gap, doubt = _gaps(layers, cells, output, pairs)
    if (gap < -doubt).any():
        return False
    for i, j in pairs[~(gap > doubt)].tolist():
        one, other = (_table(layers, cells, k)[output] for k in (i, j))
        if one != other:
            x = cells.inner_point(j)
            if _at(one, x) > _at(other, x):
                return False
    return True


def _gaps(layers: LayerList, cells: Cells, output: int, pairs: Ints) -> tuple[Floats, Floats]:
    """f_j - f_i at the vertex of j that shows its sign best, and the error, for cells i, j."""
    centre, radius = (ball[output] for ball in map_balls(layers, cells))
    owner, vertex = cells.corner_pairs
    starts = np.searchsorted(owner, np.arange(len(cells) + 1))
    first, count = starts[pairs[:, 1]], np.diff(starts)[pairs[:, 1]]
    pair = np.repeat(np.arange(len(pairs)), count)
    place = np.arange(len(pair)) - np.repeat(np.cumsum(count) - count, count) + first[pair]
    i, j = pairs.T
    form, room = difference(centre[:, j], radius[:, j], centre[:, i], radius[:, i])
    value, error = corner_values(cells, form, room, pair, vertex[place])
    score = np.where(np.isfinite(error), np.abs(value) - error, -np.inf)
    order = np.lexsort((score, pair))
    best = order[np.cumsum(count) - 1]
    return value[best], error[best]


def is_monotone(layers: LayerList, cells: Cells, decreasing: bool) -> bool:
    """Whether no output decreases (increases) when an input grows and the others stay."""
    if isinstance(cells, PartCells) and not cells.is_continuous:
        return jump_measures.is_monotone(layers, cells, decreasing)
    sign = -1 if decreasing else 1
    centre, radius = (ball[:, :-1] for ball in map_balls(layers, cells))
    if (sign * centre < -radius).any():
        return False
    doubtful = np.flatnonzero(~(sign * centre > radius).all(axis=(0, 1)))
    return all(
        sign * v >= 0
        for cell in doubtful.tolist()
        for row in _table(layers, cells, cell)
        for v in row[:-1]
    )
