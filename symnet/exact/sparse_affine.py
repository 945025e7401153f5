"""Exact affine maps x -> W x + b whose W is mostly zero, as those of convolutions and pools are."""

from __future__ import annotations

from typing import Any

import numpy as np
from flint import fmpz, fmpz_mat

from .affine import AffineMap, integers_of_floats, nearest_float
from .arrays import Bools, Floats, Ints
from .rational_matrix import RationalMatrix
from .sparse_matrix import SparseRationalMatrix
from .sparse_rows import SparseRows, is_sparse

#: So many rows are multiplied by the matrix with its zeros, where it has at most so many entries,
#: and at most so many for each that is not 0: it is the product of two matrices that is fast.
_MANY, _CELLS, _ZEROS = 64, 1 << 24, 64


class SparseAffineMap(AffineMap):
    """The map x -> W x + b that keeps the entries of W that are not 0 only.

    What follows from W with its zeros, as ``weight`` and ``integers()``, is made when it is asked
    for, and not kept.

    >>> sums = SparseRows((2, 3), np.array([0, 2, 3]), np.array([0, 1, 2]), np.array([1.0, 1, 2]))
    >>> net = SparseAffineMap.of_rows(sums, np.array([0.0, 0.5]))
    >>> net.of_points(np.array([[1.0, 2.0, 3.0]]))
    array([[3., 6.]])
    >>> net.times(fmpz_mat([[1], [2], [3], [1]])).entries(), net.denominator
    ([6, 13], 2)
    """

    __slots__ = ("_exact", "_sparse")

    def __init__(
        self, rows: SparseRows, bias: Floats, is_float: bool, exact: SparseRationalMatrix | None
    ) -> None:
        self._sparse, self.bias, self.is_float, self._exact = rows, bias, is_float, exact
        self._extent = None

    @classmethod
    def of_rows(cls, rows: SparseRows, bias: Floats) -> SparseAffineMap:
        """The map whose entries are exactly these float64 numbers."""
        if not (np.isfinite(rows.values).all() and np.isfinite(bias).all()):
            raise ValueError("weights must be finite: found an infinity or a NaN")
        return cls(rows, np.asarray(bias, dtype=np.float64), True, None)

    @classmethod
    def of_exact(cls, matrix: SparseRationalMatrix) -> SparseAffineMap:
        """The map with the exact entries [W | b]."""
        rows, width = map(int, matrix.shape)
        q = matrix.denominator
        values = np.array([nearest_float(v, q) for v in matrix.numerators], dtype=np.float64)
        is_float = bool(np.isfinite(values).all())
        if is_float:
            ints, e = integers_of_floats(values)
            pairs = zip(matrix.numerators.tolist(), ints, strict=True)
            is_float = all(v << e == i * q for v, i in pairs)
        last = matrix.columns == width - 1
        bias = np.zeros(rows)
        bias[matrix.row_of[last]] = values[last]
        counts = np.bincount(matrix.row_of[~last], minlength=rows)
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        own = SparseRows((rows, width - 1), starts, matrix.columns[~last], values[~last])
        return cls(own, bias, is_float, matrix)

    @classmethod
    def of_matrix(cls, weight: SparseRationalMatrix, bias: RationalMatrix) -> SparseAffineMap:
        """The map with this weight and this bias, a column."""
        common = int(fmpz(weight.denominator).lcm(bias.denominator))
        up, across = common // weight.denominator, common // bias.denominator
        rows, columns = map(int, weight.shape)
        values = [*(weight.numerators * up).tolist(), *(v * across for v in bias.flat())]
        return cls.of_exact(
            SparseRationalMatrix.of_entries(
                (rows, columns + 1),
                np.concatenate([weight.row_of, np.arange(rows)]),
                np.concatenate([weight.columns, np.full(rows, columns)]),
                values,
                common,
            )
        )

    @property
    def sparse(self) -> SparseRows:
        return self._sparse

    @property
    def weight(self) -> Floats:
        return self._sparse.dense()

    @property
    def shape(self) -> tuple[int, int]:
        return self._sparse.shape

    @property
    def terms(self) -> int:
        return self._sparse.terms

    def __reduce__(self) -> tuple[Any, ...]:
        return SparseAffineMap.of_exact, (self.exact,)

    @property
    def exact(self) -> SparseRationalMatrix:
        """[W | b], made once."""
        if self._exact is None:
            rows, (m, n) = self._sparse, self.shape
            ints, e = integers_of_floats(np.concatenate([rows.values, self.bias]))
            self._exact = SparseRationalMatrix.of_entries(
                (m, n + 1),
                np.concatenate([rows.row_of, np.arange(m)]),
                np.concatenate([rows.columns, np.full(m, n)]),
                ints,
                1 << e,
            )
        return self._exact

    @property
    def nonzero(self) -> Bools:
        result = np.zeros((self.shape[0], self.shape[1] + 1), dtype=np.bool_)
        result[self.exact.row_of, self.exact.columns] = True
        return result

    @property
    def has_offset(self) -> Bools:
        result = np.zeros(self.shape[0], dtype=np.bool_)
        result[self.exact.row_of[self.exact.columns == self.shape[1]]] = True
        return result

    def integers(self) -> tuple[fmpz_mat, fmpz]:
        dense = self.exact.dense()
        # a factor of all entries is left out of the dense matrix, the denominator with it
        return dense.numerators, fmpz(dense.denominator)

    @property
    def denominator(self) -> fmpz:
        return fmpz(self.exact.denominator)

    def times(self, columns: fmpz_mat) -> fmpz_mat:
        return fmpz_mat(self.exact.numerators_times(columns.tolist()))

    def row(self, i: int) -> fmpz_mat:
        return fmpz_mat(self.exact.some_rows([i]))

    def of_points(self, points: Floats) -> Floats:
        return self._sparse.apply(points)

    def sizes_of_points(self, points: Floats) -> Floats:
        return self._sparse.absolute.apply(points)

    def pulled(self, rows: Floats) -> Floats:
        cells = self.shape[0] * self.shape[1]
        if len(rows) >= _MANY and cells <= min(_CELLS, _ZEROS * len(self._sparse.values)):
            product: Floats = rows @ self.weight
            return product
        return self._sparse.T.apply(rows)

    def _sizes(self) -> tuple[float, float]:
        sizes = np.abs(np.concatenate([self._sparse.values, self.bias]))
        if not self.is_float or sizes.min(initial=np.inf) < 2.0**-1000:
            exact = self.exact
            floats = [nearest_float(abs(v), exact.denominator) for v in exact.numerators]
            sizes = np.array(floats, dtype=np.float64)
        return float(sizes.min(initial=np.inf)), float(sizes.max(initial=0.0))

    def scaled(self, rows: Ints, columns: Ints | None = None) -> AffineMap:
        own = self._sparse
        exponent = rows[own.row_of] + (0 if columns is None else columns[own.columns])
        reach = sum(int(np.abs(k).max(initial=0)) for k in (rows, columns) if k is not None)
        if self.is_float and self.is_normal(reach):
            values = own.with_values(np.ldexp(own.values, exponent))
            return SparseAffineMap.of_rows(values, np.ldexp(self.bias, rows))
        exact = self.exact
        last = np.zeros(self.shape[1] + 1, dtype=np.int64)
        last[:-1] = 0 if columns is None else columns
        shift = rows[exact.row_of] + last[exact.columns]
        low = min(0, int(shift.min(initial=0)))
        pairs = zip(exact.numerators.tolist(), (shift - low).tolist(), strict=True)
        return SparseAffineMap.of_exact(
            SparseRationalMatrix(
                *exact.shape, exact.starts, exact.columns, [v << s for v, s in pairs],
                exact.denominator << -low,
            )
        )  # fmt: skip

    def reordered(self, rows: Ints, columns: Ints) -> AffineMap:
        if self.is_float:
            own, where, across = self._sparse, np.argsort(rows), np.argsort(columns)
            entries = SparseRows.of_entries(
                (len(rows), len(columns)), where[own.row_of], across[own.columns], own.values
            )
            return SparseAffineMap.of_rows(entries, self.bias[rows])
        exact = self.exact
        where, across = np.argsort(rows), np.append(np.argsort(columns), self.shape[1])
        return SparseAffineMap.of_exact(
            SparseRationalMatrix.of_entries(
                (len(rows), len(columns) + 1), where[exact.row_of], across[exact.columns],
                exact.numerators, exact.denominator,
            )
        )  # fmt: skip

    def after(self, inner: AffineMap) -> AffineMap:
        self._check_composes(inner)
        m, count = self.shape[0], inner.shape[1]
        if isinstance(inner, SparseAffineMap):
            found = self.exact.after(_augmented(inner))
            if is_sparse(m, count, found.count):
                return SparseAffineMap.of_exact(found)
            dense = found.dense()
            return AffineMap.from_integers(dense.numerators, dense.denominator)
        matrix, denominator = inner.integers()
        stacked = fmpz_mat([*matrix.tolist(), [0] * count + [denominator]])
        return AffineMap.from_integers(self.times(stacked), self.denominator * denominator)

    def inside(self, outer: AffineMap) -> AffineMap:
        """outer(self(x)), for an outer map with all its entries."""
        matrix, denominator = outer.integers()
        table = matrix.tolist()
        product = self.exact.before([row[:-1] for row in table], range(self.shape[0]))
        last = self.shape[1]
        for i, row in enumerate(table):
            product[i, last] += row[-1] * self.denominator
        return AffineMap.from_integers(product, denominator * self.denominator)


def _augmented(affine: SparseAffineMap) -> SparseRationalMatrix:
    """[W b; 0 1]."""
    exact, (m, n) = affine.exact, affine.shape
    return SparseRationalMatrix.of_entries(
        (m + 1, n + 1), np.append(exact.row_of, m), np.append(exact.columns, n),
        np.append(exact.numerators, exact.denominator), exact.denominator,
    )  # fmt: skip


def unit_map(n: int) -> AffineMap:
    """x -> x on n numbers."""
    if not is_sparse(n, n, n):
        return AffineMap.from_floats(np.eye(n), np.zeros(n))
    place = np.arange(n + 1)
    return SparseAffineMap.of_rows(SparseRows((n, n), place, place[:-1], np.ones(n)), np.zeros(n))
