"""Nonnegative multipliers of inequalities that add up to a contradiction: floats guess, rationals
decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat
from numpy.typing import NDArray

from ..exact.rational_rows import as_fmpq
from ._clock import checkpoint
from ._polynomials import ONE, Polynomial
from ._terms import POSITIVE, ZERO

Floats = NDArray[np.float64]


def multipliers(rows: Sequence[tuple[Polynomial, int]]) -> list[fmpq] | None:
    """y with sum y_i g_i a constant c <= 0, and c < 0 or y_i > 0 for a strict row, if it is found.

    Parameters
    ----------
    rows : pairs (g, signs) that say g > 0, g >= 0 or g = 0
        y_i >= 0 except for equations.

    Source: Motzkin 1936, for the theorem; Lawson and Hanson, Solving least squares problems, 1974,
    for the method.
    """
    monomials = {m: k for k, m in enumerate(sorted({m for g, _ in rows for m in g} | {ONE}))}
    # an equation counts twice, once with the opposite sign; the last column is -c
    signed = [(k, 1) for k in range(len(rows))]
    signed += [(k, -1) for k, (_, signs) in enumerate(rows) if signs == ZERO]
    height = len(monomials) + 1
    matrix = [[fmpq(0)] * (len(signed) + 1) for _ in range(height)]
    for column, (k, sign) in enumerate(signed):
        g, signs = rows[k]
        for m, c in g.items():
            matrix[monomials[m]][column] = sign * as_fmpq(c)
        matrix[-1][column] = fmpq(int(signs == POSITIVE))
    matrix[monomials[ONE]][-1] = matrix[-1][-1] = fmpq(1)
    support = _support(np.array([[float(v.p) / float(v.q) for v in row] for row in matrix]))
    if support is None:
        return None
    solution = _solved(matrix, support)
    if solution is None or any(v < 0 for v in solution):
        return None
    y = [fmpq(0)] * len(rows)
    for column, value in zip(support, solution, strict=True):
        if column < len(signed):
            k, sign = signed[column]
            y[k] += sign * value
    return y


def _support(A: Floats) -> list[int] | None:
    """Columns whose combination with positive coefficients is the last unit vector, in floats."""
    height, width = A.shape
    sizes = np.linalg.norm(A, axis=0)
    A = A / np.where(sizes > 0, sizes, 1)
    goal = np.zeros(height)
    goal[-1] = 1
    chosen: list[int] = []
    x = np.zeros(width)
    for _ in range(3 * height):
        checkpoint()
        rest = goal - A @ x
        gain = A.T @ rest
        gain[chosen] = 0
        best = int(gain.argmax())
        if gain[best] < 1e-10:
            break
        chosen.append(best)
        while True:
            part = np.linalg.lstsq(A[:, chosen], goal, rcond=None)[0]
            if (part > 1e-12).all():
                break
            old = x[chosen]
            falling = part <= 1e-12
            with np.errstate(all="ignore"):
                steps = np.where(falling, old / (old - part), np.inf)
            step = float(np.nanmin(steps))
            moved = old + min(step, 1.0) * (part - old)
            kept = [(c, v) for c, v in zip(chosen, moved, strict=True) if v > 1e-12]
            if len(kept) == len(chosen):
                kept = [p for k, p in enumerate(kept) if k != int(np.nanargmin(steps))]
            x[:] = 0
            chosen = [c for c, _ in kept]
            x[chosen] = [v for _, v in kept]
            if not chosen:
                break
        x[:] = 0
        if chosen:
            x[chosen] = part
    return sorted(chosen) if np.abs(goal - A @ x).max() < 1e-7 else None


def _solved(matrix: Sequence[Sequence[Any]], support: Sequence[int]) -> list[fmpq] | None:
    """The exact coefficients of the columns in the support, if there are any."""
    augmented = [
        [*(row[c] for c in support), fmpq(int(k == len(matrix) - 1))]
        for k, row in enumerate(matrix)
    ]
    reduced, rank = fmpq_mat(augmented).rref()
    rows = reduced.tolist()[:rank]
    pivots = [next(k for k, v in enumerate(row) if v) for row in rows]
    if len(support) in pivots:
        return None
    solution = [fmpq(0)] * len(support)
    for pivot, row in zip(pivots, rows, strict=True):
        solution[pivot] = row[-1]
    return solution
