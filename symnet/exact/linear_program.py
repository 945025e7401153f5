"""Exact linear programming over the rationals, with a certificate for every answer.

A `LinearSystem` is A x <= b in which some rows are strict (<) and some are equations (=); x is
free.  Three theorems say what a certificate is (Schrijver, Theory of Linear and Integer
Programming, 1986, sections 7.3 and 7.8):

- Motzkin: the system has no solution iff there are multipliers y, nonnegative except on equations,
  with y A = 0 and either y b < 0, or y b = 0 and y > 0 on some strict row (`check_infeasible`);
- duality: x maximises c x over A x <= b iff there is such a y with y A = c and y b = c x
  (`check_optimal`);
- c x is unbounded iff there are a solution x and a ray r with A r <= 0 (0 on equations), c r > 0
  (`check_unbounded`).

The checks are plain rational sums that share nothing with the method that found the answer.  The
method is a float dictionary whose final basis is verified exactly by two rational solves, and the
exact criss-cross method otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat

from symnet.exact.rational_rows import as_fmpq, as_fmpq_rows, clear_denominators
from symnet.exact.simplex_tableau import Tableau, float_basis

__all__ = [
    "Feasible",
    "Infeasible",
    "LinearSystem",
    "Optimal",
    "Unbounded",
    "check_feasible",
    "check_infeasible",
    "check_optimal",
    "check_unbounded",
    "feasible_point",
    "maximise",
]

Vector = tuple[fmpq, ...]


@dataclass(frozen=True)
class LinearSystem:
    """The system A x <= b (m, n), with `<` on the rows in `strict` and `=` on those in `equal`."""

    A: tuple[Vector, ...]
    b: Vector
    variables: int
    strict: frozenset[int] = frozenset()
    equal: frozenset[int] = frozenset()

    @classmethod
    def of(
        cls,
        A: Iterable[Iterable[Any]],
        b: Iterable[Any],
        *,
        strict: Iterable[int] = (),
        equal: Iterable[int] = (),
        variables: int | None = None,
    ) -> LinearSystem:
        """Read a system of any rational numbers; `variables` is needed only if A has no row."""
        rows = tuple(tuple(row) for row in as_fmpq_rows(A))
        right = tuple(as_fmpq(value) for value in b)
        n = variables if variables is not None else len(rows[0]) if rows else 0
        if len(rows) != len(right) or any(len(row) != n for row in rows):
            raise ValueError(
                f"A x <= b needs as many rows in A as entries in b and {n} columns; "
                f"found {len(rows)} rows of lengths {sorted({len(row) for row in rows})} "
                f"and {len(right)} entries"
            )
        system = cls(rows, right, n, frozenset(strict), frozenset(equal))
        if system.strict & system.equal or not (system.strict | system.equal) <= set(
            range(len(rows))
        ):
            raise ValueError(
                "a row is either strict or an equation, and the row numbers start at 0"
            )
        return system


@dataclass(frozen=True)
class Feasible:
    """A point that satisfies every row, the strict ones strictly."""

    point: Vector


@dataclass(frozen=True)
class Infeasible:
    """Multipliers y of the rows that add up to 0 < 0 or 0 <= -1."""

    multipliers: Vector


@dataclass(frozen=True)
class Optimal:
    """The maximum, a point that attains it and the multipliers that prove it."""

    value: fmpq
    point: Vector
    multipliers: Vector


@dataclass(frozen=True)
class Unbounded:
    """A feasible point and a ray along which the objective grows for ever."""

    point: Vector
    ray: Vector


def _dot(a: Sequence[fmpq], b: Sequence[fmpq]) -> fmpq:
    return sum((x * y for x, y in zip(a, b, strict=True) if x and y), fmpq(0))


def check_feasible(system: LinearSystem, point: Sequence[fmpq]) -> bool:
    """Whether the point satisfies every row."""
    slacks = [value - _dot(row, point) for row, value in zip(system.A, system.b, strict=True)]
    return all(
        s == 0 if i in system.equal else s > 0 if i in system.strict else s >= 0
        for i, s in enumerate(slacks)
    )


def _combination(system: LinearSystem, y: Sequence[fmpq]) -> tuple[list[fmpq], fmpq, bool]:
    """y A, y b, and whether y has the signs that multipliers of <= and = may have."""
    left = [_dot(y, [row[j] for row in system.A]) for j in range(system.variables)]
    return left, _dot(y, system.b), all(v >= 0 or i in system.equal for i, v in enumerate(y))


def check_infeasible(system: LinearSystem, multipliers: Sequence[fmpq]) -> bool:
    """Whether the multipliers prove that the system has no solution (Motzkin's theorem)."""
    left, right, signs = _combination(system, multipliers)
    strict = any(multipliers[i] > 0 for i in system.strict)
    return signs and not any(left) and (right < 0 or (right == 0 and strict))


def check_optimal(system: LinearSystem, objective: Sequence[fmpq], result: Optimal) -> bool:
    """Whether point and multipliers prove each other optimal."""
    left, right, signs = _combination(system, result.multipliers)
    return (
        check_feasible(system, result.point)
        and signs
        and left == list(objective)
        and right == _dot(objective, result.point) == result.value
    )


def check_unbounded(system: LinearSystem, objective: Sequence[fmpq], result: Unbounded) -> bool:
    """Whether the objective grows for ever from the point along the ray, inside the system."""
    slopes = [_dot(row, result.ray) for row in system.A]
    inside = all(s == 0 if i in system.equal else s <= 0 for i, s in enumerate(slopes))
    return check_feasible(system, result.point) and inside and _dot(objective, result.ray) > 0


def _floats(values: Sequence[Sequence[int]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Rows of integers scaled into [-1, 1], each by its own factor."""
    scaled = [[v / max(1, *map(abs, row)) if row else 0.0 for v in row] for row in values]
    return np.array(scaled, dtype=np.float64).reshape(len(values), -1)


def _verified(system: LinearSystem, objective: Vector, basis: Sequence[int]) -> Optimal | None:
    """The optimum whose tight rows are `basis`, if exact arithmetic confirms it."""
    n = system.variables
    if len(basis) != n:
        return None
    square = fmpq_mat([list(system.A[i]) for i in basis])
    try:
        x = square.solve(fmpq_mat(n, 1, [system.b[i] for i in basis])).entries()
        y = square.transpose().solve(fmpq_mat(n, 1, list(objective))).entries()
    except ZeroDivisionError:
        return None
    multipliers = [fmpq(0)] * len(system.A)
    for i, value in zip(basis, y, strict=True):
        multipliers[i] = value
    if any(value < 0 and i not in system.equal for i, value in enumerate(multipliers)):
        return None
    if not check_feasible(system, x):
        return None
    return Optimal(_dot(objective, x), tuple(x), tuple(multipliers))


def maximise(
    objective: Iterable[Any], system: LinearSystem, *, warm_start: bool = True
) -> Optimal | Unbounded | Infeasible:
    """The maximum of a linear form over a closed system, or why there is none.

    >>> maximise([1, 1], LinearSystem.of([[2, 1], [1, 2]], [2, 2])).value
    4/3
    """
    c = tuple(as_fmpq(value) for value in objective)
    if system.strict:
        raise ValueError(
            "a maximum is taken over a closed system: drop the strict rows' strictness first"
        )
    if len(c) != system.variables:
        raise ValueError(
            f"the objective has {len(c)} coefficients, the system {system.variables} variables"
        )
    cleared = [
        clear_denominators([value, *row]) for row, value in zip(system.A, system.b, strict=True)
    ]
    goal, goal_scale = clear_denominators(list(c))
    basis: list[int] = []
    if warm_start and system.A and system.variables:
        rows = _floats([row for row, _ in cleared])
        limit = 4 * (len(system.A) + system.variables)
        with np.errstate(all="ignore"):
            basis = float_basis(rows[:, 1:], rows[:, 0], _floats([goal])[0], system.equal, limit)
        found = _verified(system, c, basis)
        if found is not None:
            return found
    tableau = Tableau(
        [row[1:] for row, _ in cleared], [row[0] for row, _ in cleared], goal, system.equal
    )
    tableau.eliminate_free_variables(basis)
    status, place, sign = tableau.solve()

    def unscaled(y: list[fmpq], scale: int) -> Vector:
        return tuple(value * q / scale for value, (_, q) in zip(y, cleared, strict=True))

    if status == "unbounded":
        ray = tuple(tableau.direction(place, sign))
        tableau.table[-1, :] = 0
        status, place, sign = tableau.solve()
        if status == "optimal":
            return Unbounded(tuple(tableau.point()), ray)
    if status == "infeasible":
        return Infeasible(unscaled(tableau.row_multipliers(place, sign), 1))
    point = tuple(tableau.point())
    return Optimal(
        _dot(c, point), point, unscaled(tableau.row_multipliers(tableau.m, 1), goal_scale)
    )


def feasible_point(system: LinearSystem, *, warm_start: bool = True) -> Feasible | Infeasible:
    """A point of the system, or multipliers that prove that it has none.

    The widest margin t <= 1 with A x + t <= b on all inequalities decides most systems at once;
    where it is zero, a second program gives the margin to the strict rows alone.

    >>> feasible_point(LinearSystem.of([[1], [-1]], [0, 0], strict=[0]))
    Infeasible(multipliers=(1, 1))
    """
    m = len(system.A)
    inequalities = frozenset(range(m)) - system.equal
    for wide in (inequalities, system.strict):
        rows = [[*row, fmpq(i in wide)] for i, row in enumerate(system.A)]
        rows.append([fmpq(0)] * system.variables + [fmpq(1)])
        margin = LinearSystem(
            tuple(tuple(row) for row in rows),
            (*system.b, fmpq(1)),
            system.variables + 1,
            equal=system.equal,
        )
        objective = [0] * system.variables + [1]
        best = maximise(objective, margin, warm_start=warm_start)
        if isinstance(best, Infeasible):
            return Infeasible(best.multipliers[:m])
        assert isinstance(best, Optimal)
        if best.value > 0 or (best.value == 0 and not system.strict):
            return Feasible(best.point[:-1])
        if best.value < 0 or wide is system.strict:
            return Infeasible(best.multipliers[:m])
    raise AssertionError("a margin is positive, zero or negative")
