"""The slow route: derivatives entry by entry, by SymPy's differentiation of scalars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from random import Random
from typing import Any

import sympy as sp
from sympy.matrices.matrixbase import MatrixBase

from ..claims._evaluate import evaluate
from ..losses import Loss

Point = dict[Any, Any]


def sizes_of(*exprs: Any) -> list[sp.Symbol]:
    """The symbols that stand for sizes, by name."""
    found: set[Any] = set()
    for expr in exprs:
        for part in expr.atoms(sp.MatrixSymbol, sp.OneMatrix, sp.Identity, sp.ZeroMatrix):
            found |= set().union(*(sp.sympify(size).free_symbols for size in part.shape))
    return sorted(found, key=str)


def random_point(symbols: Iterable[Any], sizes: Mapping[Any, Any], random: Random) -> Point:
    """Rational numbers, none of them 0, for scalars and the entries of matrices."""
    point: Point = dict(sizes)
    for symbol in symbols:
        if isinstance(symbol, sp.MatrixSymbol):
            rows, cols = (int(sp.sympify(k).subs(sizes)) for k in symbol.shape)
            entries = [_rational(random) for _ in range(rows * cols)]
            point[symbol] = sp.ImmutableDenseMatrix(rows, cols, entries)
            if symbol.name[:1] == "v":  # a variance
                point[symbol] = point[symbol].applyfunc(abs)
        elif symbol not in point:
            point[symbol] = abs(_rational(random))
    return point


def _rational(random: Random) -> sp.Rational:
    sign = random.choice([-1, 1])
    return sp.Rational(sign * random.randint(1, 12), random.choice([5, 7, 9]))


def in_digits(point: Point, digits: int) -> Point:
    """The point in floating-point numbers of so many digits; sizes stay integers."""
    return {
        k: v.applyfunc(lambda t: sp.Float(t, digits)) if isinstance(v, MatrixBase) else v
        for k, v in point.items()
    }


def target_like(matrix: Any, loss: Loss, in_rows: bool) -> Any:
    """Random numbers as a target that the loss takes."""
    if loss.targets == sp.FiniteSet(-1, 1):
        return matrix.applyfunc(sp.sign)
    if loss.targets.sup == 1:
        matrix = matrix.applyfunc(lambda t: 1 / (1 + abs(t)))
    if loss.is_distribution:
        columns = matrix.T if in_rows else matrix
        sums = [sp.Add(*columns[:, j]) for j in range(columns.cols)]
        matrix = sp.ImmutableDenseMatrix(*columns.shape, lambda i, j: columns[i, j] / sums[j])
        return matrix.T if in_rows else matrix
    return matrix


def derivative(expr: Any, variable: Any, point: Point) -> Any:
    """The derivative of a number, in the shape of the variable, or the Jacobian of a column."""
    value = point[variable]
    names = sp.ImmutableDenseMatrix(*value.shape, lambda i, j: sp.Dummy(f"t_{i}{j}", real=True))
    written = evaluate(expr, {**point, variable: names})
    at = dict(zip(names.flat(), value.flat(), strict=True))

    def slope(entry: Any, by: Any) -> Any:
        return entry.diff(by).subs(at).doit()

    if not isinstance(written, MatrixBase):
        return names.applyfunc(lambda by: slope(written, by))
    rows, cols = written.flat(), names.flat()
    return sp.ImmutableDenseMatrix(len(rows), len(cols), lambda i, j: slope(rows[i], cols[j]))
