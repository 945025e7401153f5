"""The greatest entries of a matrix, as an expression."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr


class Greatest(MatrixExpr):
    """The greatest of every ``group`` consecutive entries, in every column of ``matrix``.

    Parameters
    ----------
    matrix : (n, m) matrix expression
    group : positive integer expression that divides n

    Examples
    --------
    >>> Greatest(sp.ImmutableDenseMatrix([1, 4, 3, 2]), 2).as_explicit()
    Matrix([
    [4],
    [3]])
    """

    def __new__(cls, matrix: MatrixExpr, group: Any) -> Greatest:
        self: Greatest = sp.Basic.__new__(cls, matrix, sp.sympify(group))
        return self

    @property
    def shape(self) -> tuple[sp.Expr, sp.Expr]:
        matrix, group = self.args
        return matrix.shape[0] / group, matrix.shape[1]

    def _entry(self, i: Any, j: Any, **kwargs: Any) -> Any:
        matrix, group = self.args
        if not group.is_Integer:
            return sp.MatrixElement(self, i, j)
        return sp.Max(*(matrix[group * i + k, j] for k in range(group)))

    def _numpycode(self, printer: Any) -> str:
        matrix, group = self.args
        inside = printer._print(matrix)
        if group == matrix.shape[0]:
            return f"({inside}).max(axis=0, keepdims=True)"
        size = printer._print(group)
        return f"(lambda x: x.reshape(-1, {size}, x.shape[1]).max(axis=1))({inside})"

    def _latex(self, printer: Any) -> str:
        matrix, group = self.args
        which = "" if group == matrix.shape[0] else f"_{{{printer._print(group)}}}"
        return rf"\max{which}\left({printer._print(matrix)}\right)"
