"""Whether a piecewise-linear function takes every value once.

A function is injective iff its maps are on all regions (full column rank), and no two regions hold
different points with one value. Of two regions, the pairs of points with one value are a
polyhedron, about which exact linear programs say whether it holds more than the common points.
Only regions whose images have overlapping bounding boxes are asked, and most of these have a wall
that shows that they are apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product
from typing import TYPE_CHECKING

import numpy as np
import sympy as sp
from flint import fmpq

from ..exact.half_open import HalfOpen
from ..verdict import Proved, Refuted
from .boxes import overlapping
from .cells import Vector
from .collisions import Pair, Place, are_apart, collision
from .domains import number
from .part_cells import PartCells

if TYPE_CHECKING:
    from .piecewise_linear import PiecewiseLinear

#: Coordinates of the points that are tried first, and the number of these points.
_SIMPLE = (0, 1, -1, 2, -2, fmpq(1, 2), fmpq(-1, 2))
_TRIED = 400


def injectivity(pw: PiecewiseLinear) -> Proved | Refuted:
    """Proved, or refuted with two points that have one value."""
    found = _simple_collision(pw)
    if found is None:
        places, disjoint = _places(pw)
        found = next((pair for pair in _collapses(places) if pair is not None), None)
        if found is None:
            found, asked = _collision_of_two(pw, places, disjoint)
            if found is None:
                word = "comparison" if asked == 1 else "comparisons"
                return Proved("decomposition", f"{len(places)} regions, {asked} {word} of two")
    x, y = (tuple(map(number, point)) for point in found)
    points = zip((*pw.variables, *second_point(pw.variables)), (*x, *y), strict=True)
    return Refuted(dict(points), pw(x), pw(y), relation="!=")


def second_point(variables: tuple[sp.Symbol, ...]) -> tuple[sp.Symbol, ...]:
    """Symbols for a second point: y, or y_1, y_2, …, by names that are not taken."""
    taken = {v.name for v in variables}
    stems = (letter for letter in ("y", "z", "w") if not any(n[0] == letter for n in taken))
    stem = next(stems, "second")
    names = [stem] if len(variables) == 1 else [f"{stem}_{k + 1}" for k in range(len(variables))]
    return tuple(
        sp.Symbol(name, **v._assumptions_orig) for name, v in zip(names, variables, strict=True)
    )


def _simple_collision(pw: PiecewiseLinear) -> Pair | None:
    """Two simple points with one value, where there are such."""
    known: dict[tuple[fmpq, ...], Vector] = {}
    grid = sorted(
        islice(product(map(fmpq, _SIMPLE), repeat=pw.network.inputs), _TRIED),
        key=lambda x: (max(v.q for v in x), sum(abs(v) for v in x), [v < 0 for v in x]),
    )
    for x in grid:
        if pw.domain.polyhedron.contains(x):
            first = known.setdefault(tuple(pw.network.value(x)), x)
            if first != x:
                return first, x
    return None


def _places(pw: PiecewiseLinear) -> tuple[list[Place], bool]:
    """Sets that cover the domain, with their maps, and whether they are disjoint."""
    cells = pw.cells
    if isinstance(cells, PartCells) and not cells.is_continuous:
        sets = [part.set for part in cells.parts]
        return list(map(Place, sets, cells.tables(pw.network))), True
    tables = pw.network.affine_maps(cells.signs.tolist())
    solids = (region.polyhedron for region in pw.regions)
    return [Place(HalfOpen(s), t) for s, t in zip(solids, tables, strict=True)], False


def _collapses(places: list[Place]) -> Iterator[Pair | None]:
    return (place.collapse() for place in places)


def _collision_of_two(
    pw: PiecewiseLinear, places: list[Place], disjoint: bool
) -> tuple[Pair | None, int]:
    """Points of two sets with one value, and the number of pairs that were compared."""
    asked = 0
    for i, j in _candidates(pw, places, disjoint):
        asked += 1
        if disjoint or not are_apart(places[i], places[j]):
            found = collision(places[i], places[j], disjoint=disjoint)
            if found is not None:
                return found, asked
    return None, asked


def _candidates(
    pw: PiecewiseLinear, places: list[Place], disjoint: bool
) -> Iterator[tuple[int, int]]:
    """Pairs of sets whose images may meet; those where the function folds come first."""
    outputs, inputs = pw.network.outputs, pw.network.inputs
    if not disjoint and outputs == inputs:
        turned = [place.turns for place in places]
        yield from ((i, j) for i, j in pw.neighbours if turned[i] != turned[j])
    bounds = np.array([place.bounds() for place in places])
    yield from overlapping(bounds[:, :, 0], bounds[:, :, 1])
