"""A sparse matrix of rational numbers as one SymPy atom."""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd
from typing import Any

import numpy as np
import sympy as sp
from flint import fmpz_mat
from sympy.core.basic import Atom
from sympy.matrices.expressions.matexpr import MatrixExpr

from .arrays import Floats, Ints
from .rational_matrix import RationalMatrix
from .sparse_rows import Batch, batches


class SparseRationalMatrix(Atom, MatrixExpr):
    """A matrix that is mostly zero, row by row: the places and the values of the other entries.

    Row i has the entries ``numerators[k] / denominator`` in the columns ``columns[k]``, for k from
    ``starts[i]`` to ``starts[i + 1]``; columns increase, no numerator is 0, and the fractions have
    no common divisor. So equal matrices have equal parts.

    Parameters
    ----------
    rows, cols : int
        The shape.
    starts : (rows + 1,) integers
    columns : (count,) integers
    numerators : (count,) integers
    denominator : positive int

    Examples
    --------
    >>> A = SparseRationalMatrix.of_entries((2, 3), [0, 1, 1], [1, 0, 2], [2, 4, 6], 4)
    >>> A.as_explicit()
    Matrix([
    [0, 1/2,   0],
    [1,   0, 3/2]])
    >>> A
    SparseRationalMatrix(2, 3, [0, 1, 3], [1, 0, 2], [1, 2, 3], 2)
    """

    is_commutative = False
    __slots__ = ("_cols", "_grouped", "_rows", "columns", "denominator", "numerators", "starts")

    starts: Ints
    columns: Ints
    numerators: Any
    denominator: int
    _grouped: list[tuple[Batch, list[fmpz_mat]]] | None

    def __new__(
        cls, rows: Any, cols: Any, starts: Any, columns: Any, numerators: Any, denominator: Any = 1
    ) -> SparseRationalMatrix:
        starts = np.asarray(starts, dtype=np.int64)
        row = np.repeat(np.arange(int(rows)), np.diff(starts))
        return cls.of_entries((int(rows), int(cols)), row, columns, numerators, denominator)

    @classmethod
    def of_entries(
        cls, shape: tuple[int, int], rows: Any, columns: Any, numerators: Any, denominator: Any = 1
    ) -> SparseRationalMatrix:
        """The matrix with these entries; several in one place are added."""
        rows, columns = (np.asarray(v, dtype=np.int64) for v in (rows, columns))
        values = _objects(numerators)
        keys = rows * shape[1] + columns
        if (np.diff(keys) <= 0).any():
            order = np.argsort(keys, kind="stable")
            keys, values = keys[order], values[order]
            first = np.flatnonzero(np.concatenate([[True], np.diff(keys) != 0]))
            if len(first) < len(keys):
                keys, values = keys[first], np.add.reduceat(values, first)
        kept = values != 0
        if not kept.all():
            keys, values = keys[kept], values[kept]
        denominator = int(denominator)
        common = gcd(denominator, *values.tolist()) if denominator != 1 else 1
        if common != 1:
            values, denominator = values // common, denominator // common
        self = Atom.__new__(cls)
        self._rows, self._cols = sp.Integer(shape[0]), sp.Integer(shape[1])
        row, self.columns = np.divmod(keys, shape[1])
        counts = np.bincount(row, minlength=shape[0])
        self.starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        self.numerators, self.denominator = values, denominator
        self._grouped = None
        for array in (self.starts, self.columns, self.numerators):
            array.flags.writeable = False
        return self

    @classmethod
    def choosing(cls, places: Any, width: int) -> SparseRationalMatrix:
        """The matrix with y_i = x_places[i]; a place of -1 gives 0."""
        places = np.asarray(places, dtype=np.int64).ravel()
        rows = np.flatnonzero(places >= 0)
        return cls.of_entries((len(places), width), rows, places[rows], [1] * len(rows))

    @property
    def shape(self) -> tuple[sp.Integer, sp.Integer]:
        return self._rows, self._cols

    @property
    def count(self) -> int:
        """How many entries are not 0."""
        return len(self.columns)

    @property
    def row_of(self) -> Ints:
        """(count,): the row of every entry."""
        return np.repeat(np.arange(int(self._rows)), np.diff(self.starts))

    # --- arithmetic

    def times(self, other: RationalMatrix) -> RationalMatrix:
        """The exact product with a dense matrix."""
        rows, count = int(self._rows), int(other.shape[1])
        flat = [v for row in self.numerators_times(other.numerators.tolist()) for v in row]
        return RationalMatrix(rows, count, flat, self.denominator * other.denominator)

    def numerators_times(self, columns: Sequence[Sequence[Any]]) -> list[list[Any]]:
        """The numerators times a dense matrix of integers, row by row."""
        width = len(columns[0])
        result: list[Any] = [[0] * width] * int(self._rows)
        table = np.empty((len(columns), width), dtype=object)
        table[:] = columns
        for batch, kernels in self._products:
            laid = table[batch.columns]
            if batch.rows.shape[1] == 1:
                sums = (self.numerators[batch.entries].transpose(0, 2, 1) * laid).sum(axis=1)
                for i, row in zip(batch.rows[:, 0].tolist(), sums.tolist(), strict=True):
                    result[i] = row
                continue
            shape = laid.shape[1:]
            flat = laid.reshape(len(laid), -1).tolist()
            for rows, kernel, window in zip(batch.rows.tolist(), kernels, flat, strict=True):
                value = (kernel * fmpz_mat(*shape, window)).tolist()
                for i, row in zip(rows, value, strict=True):
                    result[i] = row
        return result

    @property
    def _products(self) -> list[tuple[Batch, list[fmpz_mat]]]:
        """Groups of rows with entries in the same columns, and their entries as matrices."""
        if self._grouped is None:
            self._grouped = []
            for batch in batches(self.starts, self.columns):
                _, size, count = batch.entries.shape
                tables = self.numerators[batch.entries].reshape(len(batch.rows), -1).tolist()
                kernels = [fmpz_mat(size, count, table) for table in tables] if size > 1 else []
                self._grouped.append((batch, kernels))
        return self._grouped

    def some_rows(self, rows: Sequence[int]) -> list[list[Any]]:
        """The numerators of some rows, with their zeros."""
        found = []
        for i in rows:
            row = [0] * int(self._cols)
            for k in range(int(self.starts[i]), int(self.starts[i + 1])):
                row[int(self.columns[k])] = self.numerators[k]
            found.append(row)
        return found

    def before(self, outer: Sequence[Sequence[Any]], rows: Sequence[int]) -> fmpz_mat:
        """outer times some rows, without the denominator.

        >>> A = SparseRationalMatrix.of_entries((3, 2), [0, 1, 2], [1, 0, 1], [2, 4, 6])
        >>> A.before([[1, 10]], [0, 2])
        [0, 62]
        """
        place = np.full(int(self._rows), -1)
        place[np.asarray(rows, dtype=np.int64)] = np.arange(len(rows))
        at = place[self.row_of]
        order = np.flatnonzero(at >= 0)
        order = order[np.argsort(self.columns[order], kind="stable")]
        columns, at, values = self.columns[order], at[order], self.numerators[order]
        first = np.flatnonzero(np.diff(columns, prepend=-1))
        result = fmpz_mat(len(outer), int(self._cols))
        if len(first):
            for k, row in enumerate(outer):
                sums = np.add.reduceat(values * _objects([int(v) for v in row])[at], first)
                for j, value in zip(columns[first].tolist(), sums.tolist(), strict=True):
                    result[k, j] = value
        return result

    def after(self, inner: SparseRationalMatrix) -> SparseRationalMatrix:
        """The exact product self · inner."""
        counts = np.diff(inner.starts)[self.columns]
        left = np.repeat(np.arange(self.count), counts)
        steps = np.arange(len(left)) - np.repeat(np.cumsum(counts) - counts, counts)
        right = inner.starts[self.columns[left]] + steps
        return SparseRationalMatrix.of_entries(
            (int(self._rows), int(inner._cols)),
            self.row_of[left],
            inner.columns[right],
            self.numerators[left] * inner.numerators[right],
            self.denominator * inner.denominator,
        )

    def _eval_transpose(self) -> SparseRationalMatrix:
        return SparseRationalMatrix.of_entries(
            (int(self._cols), int(self._rows)),
            self.columns,
            self.row_of,
            self.numerators,
            self.denominator,
        )

    def dense(self) -> RationalMatrix:
        """The same matrix with its zeros."""
        rows, cols = int(self._rows), int(self._cols)
        flat: list[int] = [0] * (rows * cols)
        places = (self.row_of * cols + self.columns).tolist()
        for place, value in zip(places, self.numerators.tolist(), strict=True):
            flat[place] = value
        return RationalMatrix(rows, cols, flat, self.denominator)

    def floats(self) -> Floats | None:
        """The matrix with its zeros in float64 where that is exact, else None."""
        values = RationalMatrix(1, max(self.count, 1), self.numerators.tolist() or [0],
                                self.denominator).floats()  # fmt: skip
        if values is None:
            return None
        dense = np.zeros((int(self._rows), int(self._cols)))
        dense[self.row_of, self.columns] = values[0, : self.count]
        return dense

    @property
    def is_unit(self) -> bool:
        """Whether it is the identity."""
        n = int(self._rows)
        return (
            self._rows == self._cols
            and self.count == n
            and self.denominator == 1
            and bool((self.columns == np.arange(n)).all())
            and bool((self.row_of == np.arange(n)).all())
            and bool((self.numerators == 1).all())
        )

    # --- SymPy's manners

    def _hashable_content(self) -> tuple[Any, ...]:
        parts = (self.starts, self.columns, self.numerators)
        return (self._rows, self._cols, self.denominator, *(tuple(p.tolist()) for p in parts))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SparseRationalMatrix):
            return False
        return (
            self.shape == other.shape
            and self.denominator == other.denominator
            and np.array_equal(self.starts, other.starts)
            and np.array_equal(self.columns, other.columns)
            and np.array_equal(self.numerators, other.numerators)
        )

    __hash__ = MatrixExpr.__hash__

    def _parts(self) -> tuple[Any, ...]:
        arrays = (self.starts, self.columns, self.numerators)
        shape = int(self._rows), int(self._cols)
        return (*shape, *(array.tolist() for array in arrays), self.denominator)

    def __reduce__(self) -> tuple[Any, ...]:
        return SparseRationalMatrix, self._parts()

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return self.__reduce__()

    def class_key(self) -> tuple[int, int, str]:
        return 5, 0, type(self).__name__

    def sort_key(self, order: Any = None) -> Any:
        return self.class_key(), (1, (str(hash(self)),)), sp.S.One.sort_key(), sp.S.One

    def _entry(self, i: Any, j: Any, **kwargs: Any) -> Any:
        if not all(isinstance(k, int | sp.Integer) for k in (i, j)):
            return self.as_explicit()[i, j]
        here = slice(int(self.starts[int(i)]), int(self.starts[int(i) + 1]))
        place = int(np.searchsorted(self.columns[here], int(j))) + here.start
        if place < here.stop and self.columns[place] == int(j):
            return sp.Rational(self.numerators[place], self.denominator)
        return sp.S.Zero

    def as_explicit(self) -> sp.ImmutableDenseMatrix:
        """The same matrix as a SymPy matrix with one object an entry."""
        return self.dense().as_explicit()

    def doit(self, **hints: Any) -> SparseRationalMatrix:
        return self

    def _sympystr(self, printer: Any) -> str:
        if self.count > 64:
            return f"<{self._rows}x{self._cols} sparse matrix with {self.count} entries>"
        return self._sympyrepr(printer)

    def _sympyrepr(self, printer: Any) -> str:
        return f"SparseRationalMatrix({', '.join(map(str, self._parts()))})"

    def _latex(self, printer: Any) -> str:
        if self._rows * self._cols > 64:
            return rf"\left[{self._rows} \times {self._cols}\right]"
        return str(printer._print(self.as_explicit()))

    def _pretty(self, printer: Any) -> Any:
        return printer._print(self.as_explicit())

    def _numpycode(self, printer: Any) -> str:
        return str(printer._print(self.as_explicit()))


def _objects(values: Sequence[int]) -> Any:
    """An array of Python integers, which do not overflow."""
    if isinstance(values, np.ndarray) and values.dtype == object:
        return values
    flat = values.tolist() if isinstance(values, np.ndarray) else [int(v) for v in values]
    array = np.empty(len(flat), dtype=object)
    array[:] = flat
    return array
