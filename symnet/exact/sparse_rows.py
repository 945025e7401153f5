"""The float64 entries of a matrix that is mostly zero, ready to be multiplied by many points."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .arrays import Bools, Floats, Ints, Words

#: Smaller matrices are kept with their zeros.
LARGE = 1 << 14
#: So many numbers are laid out at a time.
_VALUES_AT_ONCE = 1 << 20


def is_sparse(rows: int, columns: int, count: int) -> bool:
    """Whether a matrix with ``count`` entries that are not 0 is kept without its zeros."""
    return rows * columns >= LARGE and count <= rows * columns // 4


@dataclass(frozen=True)
class Batch:
    """Groups of rows with entries in the same columns: of one size, and with as many entries.

    ``rows`` is (groups, size), ``columns`` (groups, entries), and ``entries`` (groups, size,
    entries) says where the values stand.
    """

    rows: Ints
    columns: Ints
    entries: Ints


@dataclass(frozen=True, eq=False)
class SparseRows:
    """W of a shape by the places and the values of its entries, row by row, columns increasing.

    Rows with entries in the same columns, such as those of one window of a convolution, are
    multiplied together, as one matrix.

    >>> W = SparseRows((2, 3), np.array([0, 1, 3]), np.array([1, 0, 2]), np.array([2.0, 1.0, 3.0]))
    >>> W.apply(np.array([[1.0, 10.0, 100.0]]))
    array([[ 20., 301.]])
    >>> W.T.dense()
    array([[0., 1.],
           [2., 0.],
           [0., 3.]])
    """

    shape: tuple[int, int]
    starts: Ints
    columns: Ints
    values: Floats

    @classmethod
    def of_entries(
        cls, shape: tuple[int, int], rows: Ints, columns: Ints, values: Floats
    ) -> SparseRows:
        """The matrix with these entries, each in a place of its own, in any order."""
        order = np.lexsort((columns, rows))
        counts = np.bincount(rows, minlength=shape[0])
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return cls(shape, starts, columns[order], values[order])

    @cached_property
    def row_of(self) -> Ints:
        """(count,): the row of every entry."""
        return np.repeat(np.arange(self.shape[0]), np.diff(self.starts))

    @property
    def terms(self) -> int:
        """The greatest number of entries of a row."""
        return int(np.diff(self.starts).max(initial=0))

    def dense(self) -> Floats:
        """The matrix with its zeros."""
        result = np.zeros(self.shape)
        result[self.row_of, self.columns] = self.values
        return result

    def with_values(self, values: Floats) -> SparseRows:
        """Other values in the same places."""
        made = SparseRows(self.shape, self.starts, self.columns, values)
        made.__dict__["_batches"] = self._batches
        return made

    @cached_property
    def absolute(self) -> SparseRows:
        """|W|."""
        return self.with_values(np.abs(self.values))

    @cached_property
    def T(self) -> SparseRows:
        """The transpose."""
        shape = self.shape[1], self.shape[0]
        return SparseRows.of_entries(shape, self.columns, self.row_of, self.values)

    def apply(self, points: Floats) -> Floats:
        """(points, n) -> (points, m): W times every row, in the precision of the points."""
        result = np.zeros((points.shape[0], self.shape[0]), dtype=points.dtype)
        values = self.values.astype(points.dtype, copy=False)
        for batch in self._batches:
            if batch.rows.shape[1] == 1:
                rows = batch.rows[:, 0]
                for j in range(batch.columns.shape[1]):
                    terms = points[:, batch.columns[:, j]]
                    terms *= values[batch.entries[:, 0, j]]
                    result[:, rows] += terms
                continue
            size = max(1, _VALUES_AT_ONCE // max(1, len(points) * batch.columns.shape[1]))
            for k in range(0, len(batch.rows), size):
                part = slice(k, k + size)
                laid = points[:, batch.columns[part]].transpose(1, 0, 2)
                weight = values[batch.entries[part]].transpose(0, 2, 1)
                result[:, batch.rows[part]] = (laid @ weight).transpose(1, 0, 2)
        return result

    @cached_property
    def _batches(self) -> list[Batch]:
        return batches(self.starts, self.columns)

    def row_sums(self, values: Floats) -> Floats:
        """(m,): the sums of numbers that stand in the places of the entries."""
        sums = np.bincount(self.row_of, weights=values, minlength=self.shape[0])
        return sums.astype(np.float64, copy=False)

    def row_maxima(self, values: Floats) -> Floats:
        """(m,): the greatest of numbers, none negative, that stand in the places of the entries."""
        result = np.zeros(self.shape[0])
        filled = np.flatnonzero(np.diff(self.starts))
        if len(filled):
            result[filled] = np.maximum.reduceat(values, self.starts[filled])
        return result

    def touches(self, active: Words, point: Ints, row: Ints) -> Bools:
        """Whether row ``row[k]`` has an entry at an input that is active at point ``point[k]``.

        ``active`` (points, words) holds the inputs as bits.
        """
        counts = np.diff(self.starts)[row]
        owner = np.repeat(np.arange(len(row)), counts)
        steps = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
        column = self.columns[self.starts[row][owner] + steps]
        bits = active[point[owner], column >> 6] >> (column & 63).astype(np.uint64)
        hit = (bits & np.uint64(1)).astype(np.bool_)
        return np.bincount(owner[hit], minlength=len(row)) > 0


def batches(starts: Ints, columns: Ints) -> list[Batch]:
    """The rows that have entries, in batches; row i has those from starts[i] to starts[i + 1]."""
    counts = np.diff(starts)
    found: list[Batch] = []
    for k in np.unique(counts[counts > 0]).tolist():
        rows = np.flatnonzero(counts == k)
        entries = starts[rows][:, None] + np.arange(k)
        found += _alike(rows, columns[entries], entries)
    return found


def _alike(rows: Ints, columns: Ints, entries: Ints) -> Iterator[Batch]:
    """Rows with equally many entries, in batches of groups with the same columns."""
    different, group = np.unique(columns, axis=0, return_inverse=True)
    group = group.ravel()
    order = np.argsort(group, kind="stable")
    sizes = np.bincount(group, minlength=len(different))
    first = np.cumsum(sizes) - sizes
    for size in np.unique(sizes).tolist():
        chosen = np.flatnonzero(sizes == size)
        members = order[first[chosen][:, None] + np.arange(size)]
        yield Batch(rows[members], different[chosen], entries[members])
