"""Two points with one value, in one or two convex sets on which a function is affine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from operator import mul

import numpy as np
from flint import fmpq, fmpq_mat, fmpz_mat

from ..exact.affine import nearest_float
from ..exact.half_open import Form, HalfOpen
from ..exact.linear_program import (
    Feasible,
    Infeasible,
    LinearSystem,
    Unbounded,
    feasible_point,
    maximise,
)
from ..exact.rational_rows import clear_denominators, primitive
from .cells import Vector

Pair = tuple[Vector, Vector]


@dataclass(frozen=True, eq=False)
class Place:
    """A convex set and the map [A | c] of the function on it."""

    set: HalfOpen
    table: fmpq_mat

    @property
    def inputs(self) -> int:
        """The number of coordinates."""
        return self.set.solid.ambient

    @cached_property
    def images(self) -> list[tuple[int, ...]]:
        """The homogeneous images (A X + c T, T) of the closure's generators (X, T), times q > 0."""
        return [self._image(g) for g in self.set.solid.homogeneous_rays]

    @cached_property
    def image_lines(self) -> list[tuple[int, ...]]:
        """The directions in which the lines of the closure go, times q > 0."""
        return [self._image(line) for line in self.set.solid.lines]

    @cached_property
    def _integers(self) -> tuple[list[list[int]], int]:
        matrix, denominator = self.table.numer_denom()
        return [[int(v) for v in row] for row in matrix.tolist()], int(denominator)

    def _image(self, generator: Sequence[int]) -> tuple[int, ...]:
        rows, denominator = self._integers
        return (*(sum(map(mul, row, generator)) for row in rows), denominator * generator[-1])

    def bounds(self) -> list[tuple[float, float]]:
        """An interval around every output, rounded outwards."""
        return [self._bounds(k) for k in range(self.table.nrows())]

    def _bounds(self, output: int) -> tuple[float, float]:
        if any(line[output] for line in self.image_lines):
            return -np.inf, np.inf
        rays = [image[output] for image in self.images if not image[-1]]
        values = [nearest_float(z[output], z[-1]) for z in self.images if z[-1]]
        low = -np.inf if any(v < 0 for v in rays) else np.nextafter(min(values), -np.inf)
        high = np.inf if any(v > 0 for v in rays) else np.nextafter(max(values), np.inf)
        return float(low), float(high)

    @cached_property
    def walls(self) -> list[tuple[Form, Form]]:
        """Forms that are nonnegative on the set, as forms of some outputs (0 at the others).

        Only for injective maps on full-dimensional sets.
        """
        n, rows = self.inputs, self.table.tolist()
        chosen = _independent([row[:-1] for row in rows])
        square = [rows[k] for k in chosen] + [[fmpq(0)] * n + [fmpq(1)]]
        inverse = fmpq_mat(square).inv()
        found = []
        for form in self.set.forms:
            short = (fmpq_mat(1, n + 1, list(form)) * inverse).entries()
            whole = [fmpq(0)] * (len(rows) + 1)
            for k, v in zip([*chosen, len(rows)], short, strict=True):
                whole[k] = v
            found.append((form, tuple(clear_denominators(whole)[0])))
        return found

    @property
    def turns(self) -> bool:
        """Whether the map, of as many outputs as inputs, keeps the orientation."""
        return bool(fmpq_mat([row[:-1] for row in self.table.tolist()]).det() > 0)

    def closure_holds(self, generator: Sequence[int]) -> bool:
        """Whether the closure of a full-dimensional set holds a homogeneous point or direction."""
        return all(sum(map(mul, form, generator)) >= 0 for form in self.set.forms)

    def collapse(self) -> Pair | None:
        """Two points of the set with one value, None where the map is injective on it."""
        rows = [list(row[:-1]) for row in self.table.tolist()]
        rows += [[fmpq(v) for v in form[:-1]] for form in self.set.equations]
        basis, rank = fmpz_mat([clear_denominators(row)[0] for row in rows]).nullspace()
        if not rank:
            return None
        column = primitive([int(row[0]) for row in basis.tolist()])
        inside = self.set.inner_point()
        ends = (tuple(x + fmpq(v, 2**k) for x, v in zip(inside, column, strict=True))
                for k in count())  # fmt: skip
        return inside, next(end for end in ends if self.set.contains(end))


def _independent(rows: Sequence[Sequence[fmpq]]) -> list[int]:
    """The numbers of the first rows that are a basis of the span of all."""
    columns = fmpq_mat([list(column) for column in zip(*rows, strict=True)]).rref()[0]
    leads = (next((k for k, v in enumerate(row) if v), None) for row in columns.tolist())
    return [k for k in leads if k is not None]


def are_apart(one: Place, other: Place) -> bool:
    """Whether a wall of one of two closed cells shows that they have no two points of one value.

    Images on two sides of a wall of the one meet in it; what of the other touches this wall must
    belong to the one cell as well. It may be that they are apart and no wall shows it.
    """
    return _shown_apart(one, other) or _shown_apart(other, one)


def _shown_apart(one: Place, other: Place) -> bool:
    for _, wall in one.walls:
        values = [sum(map(mul, wall, image)) for image in other.images]
        if all(v <= 0 for v in values) and not any(
            sum(map(mul, wall, line)) for line in other.image_lines
        ):
            generators = other.set.solid.homogeneous_rays
            touching = [g for g, v in zip(generators, values, strict=True) if not v]
            if all(map(one.closure_holds, touching)):
                return True
    return False


def collision(one: Place, other: Place, *, disjoint: bool) -> Pair | None:
    """x in one set, y ≠ x in the other, with one value; None where there are none.

    The sets are disjoint, or closed cells. All (x, y) with one value are a polyhedron; it holds
    only pairs x = y iff x_k - y_k <= 0 on it for all k, and the sum of all x_k - y_k is >= 0.
    """
    pairs = _Pairs.of(one, other)
    if pairs is None:
        return None
    system = pairs.system()
    if disjoint:
        found = feasible_point(system)
        return pairs.at(found.point) if isinstance(found, Feasible) else None
    n = one.inputs
    units = [[int(i == k) for i in range(n)] for k in range(n)]
    for direction in [[-1] * n, *units]:
        goal = pairs.difference(direction)
        best = maximise(goal, system)
        if isinstance(best, Infeasible):
            return None
        point = best.point
        x, y = pairs.at(point)
        if isinstance(best, Unbounded) and x == y:
            x, y = pairs.at([a + b for a, b in zip(point, best.ray, strict=True)])
        if x != y:
            return x, y
    return None


@dataclass(frozen=True, eq=False)
class _Pairs:
    """All (x, y) = p + N s with A x + c = A' y + c', for x and y in two sets."""

    places: tuple[Place, Place]
    start: list[fmpq]
    columns: list[list[fmpq]]

    @classmethod
    def of(cls, one: Place, other: Place) -> _Pairs | None:
        """None where no x and y have one value, wherever they are."""
        n = one.inputs
        rows = [
            [*a[:-1], *(-v for v in b[:-1]), b[-1] - a[-1]]
            for a, b in zip(one.table.tolist(), other.table.tolist(), strict=True)
        ]
        reduced, rank = fmpq_mat(rows).rref()
        solved = reduced.tolist()[:rank]
        pivots = [next(k for k, v in enumerate(row) if v) for row in solved]
        if pivots and pivots[-1] == 2 * n:
            return None
        start = [fmpq(0)] * (2 * n)
        free = [k for k in range(2 * n) if k not in pivots]
        columns = [[fmpq(int(i == k)) for i in range(2 * n)] for k in free]
        for pivot, row in zip(pivots, solved, strict=True):
            start[pivot] = row[-1]
            for column, k in zip(columns, free, strict=True):
                column[pivot] = -row[k]
        return cls((one, other), start, columns)

    def at(self, s: Sequence[fmpq]) -> Pair:
        """The points x and y for these parameters."""
        point = list(self.start)
        for t, column in zip(s, self.columns, strict=True):
            point = [a + t * v for a, v in zip(point, column, strict=True)]
        n = len(point) // 2
        return tuple(point[:n]), tuple(point[n:])

    def difference(self, direction: Sequence[int]) -> list[fmpq]:
        """direction (x - y) as a linear form of s, up to its constant."""
        both = [*direction, *(-v for v in direction)]
        return [sum(map(mul, both, column), fmpq(0)) for column in self.columns]

    def system(self) -> LinearSystem:
        """The conditions on s: x and y lie in their sets."""
        rows, kinds = [], []
        for kind, form in self._conditions():
            rows.append(([-sum(map(mul, form, column), fmpq(0)) for column in self.columns],
                         sum(map(mul, form, self.start), fmpq(form[-1]))))  # fmt: skip
            kinds.append(kind)
        return LinearSystem.of(
            [left for left, _ in rows], [right for _, right in rows],
            strict=[i for i, kind in enumerate(kinds) if kind == "<"],
            equal=[i for i, kind in enumerate(kinds) if kind == "="],
            variables=len(self.columns),
        )  # fmt: skip

    def _conditions(self) -> Iterator[tuple[str, list[int]]]:
        n = self.places[0].inputs
        for place, before in zip(self.places, (0, n), strict=True):
            half_open = place.set
            kinds = (("", half_open.forms), ("<", half_open.strict), ("=", half_open.equations))
            for kind, forms in kinds:
                for form in forms:
                    yield kind, [*[0] * before, *form[:-1], *[0] * (n - before), form[-1]]
