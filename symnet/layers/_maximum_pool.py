"""What maxima over windows have in common, along one axis and over a plane."""

from __future__ import annotations

from typing import Any

import numpy as np
import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.matrixbase import MatrixBase

from ..base import Apply
from ..exact.algebra import product_of
from ..exact.convert import as_rational
from ..exact.rational_matrix import RationalMatrix
from ..exact.sparse_matrix import SparseRationalMatrix
from ._maxout import Maxout
from ._pool import Pool


class MaximumPool(Pool):
    """The greatest entry of every window of every channel; the padding is no entry."""

    piecewise_linear = True
    onnx = "MaxPool"

    @property
    def groups(self) -> list[list[int]]:
        """The places in the input of the entries of every window."""
        return [[k for k in row if k >= 0] for row in self._places().tolist()]

    @property
    def equal_groups(self) -> list[list[int]]:
        """The same with as many places for each window: one of its own stands for those outside."""
        places = self._places()
        filled: list[list[int]] = np.where(
            places >= 0, places, places.max(axis=1, keepdims=True)
        ).tolist()
        return filled

    @property
    def laid_out(self) -> SparseRationalMatrix:
        """The matrix that puts the windows one after the other, for maxima of groups."""
        return SparseRationalMatrix.choosing(self.equal_groups, int(self.in_features))

    def forward(self, x: MatrixExpr) -> MatrixExpr:
        return self.definition(x) if isinstance(x, MatrixBase) else Apply(self, x)

    def definition(self, x: MatrixExpr) -> MatrixExpr:
        columns = as_rational(x)
        if columns is not None:
            return self.number(columns).as_explicit()
        if not isinstance(x, MatrixBase):
            return Apply(Maxout(self.windows.points), product_of(self.laid_out.as_explicit(), x))
        groups = self.groups
        return sp.ImmutableDenseMatrix(
            len(groups), x.cols, lambda i, j: sp.Max(*(x[k, j] for k in groups[i]))
        )

    def number(self, columns: RationalMatrix) -> RationalMatrix:
        """The value at rational columns, in exact integers."""
        count, entries = int(columns.shape[1]), columns.flat()
        flat: list[Any] = [
            max(entries[k * count + j] for k in group)
            for group in self.groups
            for j in range(count)
        ]
        return RationalMatrix(len(flat) // count, count, flat, columns.denominator)
