"""What layers have in common whose matrix is known by its structure and not written out."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.matrixbase import MatrixBase

from ..base import Apply, Network
from ..errors import LayerError, ShapeError, WeightError
from ..exact.algebra import added, product_of
from ..exact.convert import as_rational, exact_matrix
from ..exact.rational_matrix import RationalMatrix
from ..exact.sparse_matrix import SparseRationalMatrix

#: Matrices with more entries are not written out with their zeros, nor in a formula.
MAX_WRITTEN = 1 << 12


class Structured(Network):
    """x -> W x + b with a rational W that is mostly zero, or holds its numbers many times.

    ``sparse`` is W, ``times`` multiplies by it, and ``pulled`` by its transpose; a member may do
    so without making W.
    """

    @property
    def sparse(self) -> SparseRationalMatrix:
        """W, of shape (out_features, in_features); made once for equal layers."""
        return _matrix_of(self)

    @property
    def stored(self) -> int:
        """How many numbers the layer holds for its matrix."""
        return self.sparse.count

    @property
    def has_bias(self) -> bool:
        """Whether there is a bias."""
        return isinstance(self.offset, RationalMatrix)

    @property
    def offset(self) -> RationalMatrix | sp.ZeroMatrix:
        """b, of shape (out_features, 1)."""
        return sp.ZeroMatrix(self.features(None), 1)

    def _make(self) -> SparseRationalMatrix:
        raise NotImplementedError

    def times(self, columns: RationalMatrix) -> RationalMatrix:
        """W X without the bias, in exact integers."""
        return self.sparse.times(columns)

    def pulled(self, columns: RationalMatrix) -> RationalMatrix:
        """W^T Y, in exact integers."""
        return self.sparse.T.times(columns)

    def number(self, columns: RationalMatrix) -> RationalMatrix:
        """W X + b in exact integers."""
        value = self.times(columns)
        if not isinstance(self.offset, RationalMatrix):
            return value
        count = int(columns.shape[1])
        return value.plus(self.offset.times(RationalMatrix(1, count, [1] * count)))

    @property
    def W(self) -> SparseRationalMatrix:
        """The matrix, (out_features, in_features)."""
        return self.sparse

    @property
    def b(self) -> MatrixExpr:
        """The bias, (out_features, 1); a ZeroMatrix where there is none."""
        offset = self.offset
        return offset.as_explicit() if isinstance(offset, RationalMatrix) else offset

    def forward(self, x: MatrixExpr) -> MatrixExpr:
        columns = as_rational(x)
        if columns is not None:
            return self.number(columns).as_explicit()
        return self.definition(x) if isinstance(x, MatrixBase) else Apply(self, x)

    def definition(self, x: MatrixExpr) -> MatrixExpr:
        columns = as_rational(x)
        if columns is not None:
            return self.number(columns).as_explicit()
        if isinstance(x, MatrixBase):
            return self._of_entries(x)
        W = self.sparse
        small = W.shape[0] * W.shape[1] <= MAX_WRITTEN
        value = product_of(W.as_explicit() if small else W, x)
        if not isinstance(self.offset, RationalMatrix):
            return value
        bias = self.b if x.shape[1] == 1 else self.b * sp.OneMatrix(1, x.shape[1])
        return added([value, bias])

    def _of_entries(self, x: MatrixBase) -> sp.ImmutableDenseMatrix:
        """The value at a matrix of expressions, zeros left out."""
        W, b = self.sparse, self.offset
        q = sp.Integer(W.denominator)
        rows = []
        for i in range(int(W.shape[0])):
            here = range(int(W.starts[i]), int(W.starts[i + 1]))
            offset = b[i, 0] if isinstance(b, RationalMatrix) else sp.S.Zero
            pairs = [(sp.Integer(W.numerators[k]) / q, int(W.columns[k])) for k in here]
            rows.append([sp.Add(*(v * x[c, j] for v, c in pairs), offset) for j in range(x.cols)])
        return sp.ImmutableDenseMatrix(rows)

    def affine_parts(self, inputs: sp.Expr | None) -> tuple[MatrixExpr, MatrixExpr] | None:
        W = self.sparse
        if W.shape[0] * W.shape[1] > MAX_WRITTEN:
            return None
        return W.dense(), self.offset


@lru_cache(maxsize=32)
def _matrix_of(layer: Structured) -> SparseRationalMatrix:
    return layer._make()


def rational_column(value: Any, name: str) -> RationalMatrix:
    """A column of rational numbers."""
    return rational(value, name, column=True)


def rational(value: Any, name: str, *, column: bool = False) -> RationalMatrix:
    """A matrix of rational numbers, or an error that says that symbols are not taken here."""
    matrix = exact_matrix(value, name, column=column)
    if not isinstance(matrix, RationalMatrix):
        raise WeightError(f"{name} is {matrix}; this layer takes rational numbers")
    if column and matrix.shape[1] != 1:
        raise ShapeError(f"{name} has shape {tuple(matrix.shape)}; it must be one column")
    return matrix


def whole_numbers(value: Any, count: int, what: str, least: int) -> tuple[int, ...]:
    """``count`` whole numbers; one number stands for all of them."""
    given = value if isinstance(value, list | tuple | sp.Tuple) else (value,) * count
    try:
        numbers = tuple(int(v) for v in given)
        same = all(int(v) == v for v in given) and not any(isinstance(v, bool) for v in given)
    except (TypeError, ValueError):
        numbers, same = (), False
    if not same or len(numbers) != count or min(numbers, default=least) < least:
        plural = "s" if count > 1 else ""
        raise LayerError(f"{what} is {value}; give {count} whole number{plural}, {least} or more")
    return numbers
