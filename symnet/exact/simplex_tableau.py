"""The dictionary of a linear program in integers, and the least-index criss-cross method on it.

For max c x subject to A x <= b (some rows equations, x free) with slacks s = b - A x, a dictionary
writes the basic variables as affine functions of the nonbasic ones.  All entries are integers over
one common denominator (the determinant of the basis), and a pivot divides exactly (Edmonds 1967,
Bareiss 1968), so that no gcd is ever taken.

The criss-cross method (Terlaky 1985, Wang 1987) needs no first phase: whichever variable of least
index is wrong, in the primal or in the dual sense, is pivoted with the partner of least index.  It
ends in finitely many steps at an optimal dictionary, at a row that no nonnegative slacks satisfy,
or at a column along which nothing stops the objective.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

__all__ = ["Tableau", "float_basis"]

IntegerArray = NDArray[np.object_]


class Tableau:
    """The dictionary of max c x, A x <= b, with integer A, b, c.

    Variables are numbered 0 … m-1 (slacks) and m … m+n-1 (the entries of x); `table` has a row for
    every basic variable and a last one for the objective, column 0 is the constant, column k+1
    belongs to nonbasic variable k.
    """

    def __init__(
        self,
        rows: Sequence[Sequence[int]],
        right: Sequence[int],
        objective: Sequence[int],
        equal: frozenset[int],
    ) -> None:
        m, n = len(rows), len(objective)
        self.m, self.n, self.equal = m, n, equal
        self.table: IntegerArray = np.zeros((m + 1, n + 1), dtype=object)
        for i, (row, value) in enumerate(zip(rows, right, strict=True)):
            self.table[i, 0] = value
            self.table[i, 1:] = [-entry for entry in row]
        self.table[m, 1:] = list(objective)
        self.denominator = 1
        self.basic = list(range(m))
        self.nonbasic = [m + j for j in range(n)]

    def pivot(self, i: int, k: int) -> None:
        """Exchange the basic variable of row i with the nonbasic variable of column k + 1."""
        table, column = self.table, k + 1
        element = table[i, column]
        row, col = table[i].copy(), table[:, column].copy()
        table *= element
        table -= np.multiply.outer(col, row)
        table //= self.denominator
        table[:, column] = col
        table[i] = -row
        table[i, column] = self.denominator
        if element < 0:
            table *= -1
            element = -element
        self.denominator = element
        self.basic[i], self.nonbasic[k] = self.nonbasic[k], self.basic[i]

    def eliminate_free_variables(self, preferred: Iterable[int] = ()) -> None:
        """Make the entries of x basic, trading them against slacks, equations first."""
        order = [*sorted(self.equal), *preferred, *range(self.m)]
        for i in dict.fromkeys(order):
            for k in range(self.n):
                if self.nonbasic[k] >= self.m and self.table[i, k + 1] != 0 and self.basic[i] == i:
                    self.pivot(i, k)
                    break

    def solve(self) -> tuple[str, int, int]:
        """Criss-cross to the end: how it ended, at which row or column, with which sign."""
        m, fixed = self.m, self.equal
        while True:
            sign_of_constants = self.table[:m, 0]
            gains = self.table[m, 1:]
            wrong: list[tuple[int, int, int]] = []
            for i, variable in enumerate(self.basic):
                if variable < m and (
                    sign_of_constants[i] < 0 or (variable in fixed and sign_of_constants[i] != 0)
                ):
                    wrong.append((variable, 0, i))
            for k, variable in enumerate(self.nonbasic):
                if variable < m and variable not in fixed and gains[k] > 0:
                    wrong.append((variable, 1, k))
            if not wrong:
                for k, variable in enumerate(self.nonbasic):
                    if variable >= m and gains[k] != 0:
                        return "unbounded", k, 1 if gains[k] > 0 else -1
                return "optimal", 0, 0
            _, kind, place = min(wrong)
            if kind == 0:
                upwards = 1 if sign_of_constants[place] < 0 else -1
                partners = [
                    (variable, k)
                    for k, variable in enumerate(self.nonbasic)
                    if variable < m
                    and variable not in fixed
                    and self.table[place, k + 1] * upwards > 0
                ]
                if not partners:
                    return "infeasible", place, upwards
                self.pivot(place, min(partners)[1])
            else:
                blockers = [
                    (variable, i)
                    for i, variable in enumerate(self.basic)
                    if variable < m and variable not in fixed and self.table[i, place + 1] < 0
                ]
                if not blockers:
                    return "unbounded", place, 1
                self.pivot(min(blockers)[1], place)

    def entry(self, i: int, column: int) -> fmpq:
        """One entry of the dictionary as a rational."""
        return fmpq(self.table[i, column], self.denominator)

    def point(self) -> list[fmpq]:
        """The value of x where all nonbasic variables are zero."""
        x = [fmpq(0)] * self.n
        for i, variable in enumerate(self.basic):
            if variable >= self.m:
                x[variable - self.m] = self.entry(i, 0)
        return x

    def direction(self, k: int, sign: int) -> list[fmpq]:
        """The direction of x in which nonbasic variable k grows (sign 1) or shrinks (sign -1)."""
        x = [fmpq(0)] * self.n
        for i, variable in enumerate(self.basic):
            if variable >= self.m:
                x[variable - self.m] = sign * self.entry(i, k + 1)
        if self.nonbasic[k] >= self.m:
            x[self.nonbasic[k] - self.m] = fmpq(sign)
        return x

    def row_multipliers(self, i: int, sign: int) -> list[fmpq]:
        """The combination of constraints that row i states, s_i - sum T_ik s_k, times the sign."""
        y = [fmpq(0)] * self.m
        if i < self.m:
            y[self.basic[i]] = fmpq(sign)
        for k, variable in enumerate(self.nonbasic):
            if variable < self.m:
                y[variable] = -sign * self.entry(i, k + 1)
        return y


def float_basis(
    A: NDArray[np.float64],
    b: NDArray[np.float64],
    c: NDArray[np.float64],
    equal: frozenset[int],
    limit: int,
) -> list[int]:
    """A guess, in floats, of the constraints that are tight at the optimum; whoever uses it checks
    it exactly.

    The dictionary method again, with the largest violation instead of the least index, and at most
    `limit` pivots.
    """
    m, n = A.shape
    table = np.zeros((m + 1, n + 1))
    table[:m, 0], table[:m, 1:], table[m, 1:] = b, -A, c
    basic, nonbasic = np.arange(m), m + np.arange(n)
    fixed = np.zeros(m + n, dtype=bool)
    fixed[list(equal)] = True
    tolerance = 1e-9

    def pivot(i: int, k: int) -> None:
        row, col = table[i].copy(), table[:, k + 1].copy()
        element = row[k + 1]
        np.subtract(table, np.multiply.outer(col / element, row), out=table)
        table[:, k + 1] = col / element
        table[i] = -row / element
        table[i, k + 1] = 1 / element
        basic[i], nonbasic[k] = nonbasic[k], basic[i]

    for k in range(n):
        weights = np.abs(table[:m, k + 1]) * np.where(fixed[basic], 1e6, 1.0) * (basic < m)
        if weights.max(initial=0.0) > tolerance:
            pivot(int(weights.argmax()), k)
    for _ in range(limit):
        primal = np.where(basic < m, -table[:m, 0], 0.0)
        movable = (nonbasic < m) & ~fixed[nonbasic]
        dual = np.where(movable, table[m, 1:], 0.0)
        worst_primal, worst_dual = primal.max(initial=0.0), dual.max(initial=0.0)
        if max(worst_primal, worst_dual) <= tolerance:
            break
        if worst_primal >= worst_dual:
            i = int(primal.argmax())
            candidates = np.where(movable & (table[i, 1:] > tolerance), table[i, 1:], np.inf)
            ratios = np.where(np.isfinite(candidates), np.abs(table[m, 1:]) / candidates, np.inf)
            k = int(ratios.argmin())
            if not np.isfinite(ratios[k]):
                break
        else:
            k = int(dual.argmax())
            column = table[:m, k + 1]
            ratios = np.where(
                (basic < m) & (column < -tolerance), np.abs(table[:m, 0]) / np.abs(column), np.inf
            )
            i = int(ratios.argmin())
            if not np.isfinite(ratios[i]):
                break
        pivot(i, k)
    return [int(variable) for variable in nonbasic if variable < m]
