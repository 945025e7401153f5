"""Exact affine maps x -> W x + b: float64 entries when they are floats, integers when needed.

Building big integers for all weights costs more than a whole float run, so an `AffineMap`
carries the nearest float64 entries and makes the integer matrix `[W | b] * denominator` on demand.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from flint import fmpq, fmpz, fmpz_mat

from symnet.exact.arrays import Bools, Floats, Ints
from symnet.exact.sparse_rows import SparseRows


def nearest_float(numerator: int, denominator: int) -> float:
    """Return the float64 nearest to a rational, an infinity when it is out of range."""
    try:
        return numerator / denominator
    except OverflowError:
        return float("inf") if (numerator > 0) == (denominator > 0) else float("-inf")


def integers_of_floats(values: Floats) -> tuple[list[int], int]:
    """Return integers n_i and e >= 0 with ``values[i] == n_i / 2**e``, for finite floats.

    >>> integers_of_floats(np.array([0.5, 3.0, -0.25]))
    ([2, 12, -1], 2)
    """
    flat = np.asarray(values, dtype=np.float64).ravel()
    if not np.isfinite(flat).all():
        raise ValueError("weights must be finite: found an infinity or a NaN")
    mantissa, exponent = np.frexp(flat)
    digits = (mantissa * 2.0**53).astype(np.int64)
    nonzero = digits != 0
    low = digits & -digits  # the lowest set bit, so that the common denominator is least
    trailing = np.where(nonzero, np.frexp(np.abs(low.astype(np.float64)))[1] - 1, 0)
    lowest = np.where(nonzero, exponent.astype(np.int64) - 53 + trailing, 0)
    common = int(min(0, lowest.min(initial=0)))
    shift = np.where(nonzero, lowest - common, 0)
    odd = digits >> trailing
    pairs = zip(odd.tolist(), shift.tolist(), strict=True)
    return [n << s for n, s in pairs], -common


class AffineMap:
    """The exact map x -> W x + b, W of shape (m, n), b of shape (m,).

    `weight` and `bias` are the nearest float64 entries; `is_float` says that they are the entries.
    """

    __slots__ = ("_extent", "_integers", "_nonzero", "_weight", "bias", "is_float")

    bias: Floats
    is_float: bool

    def __init__(
        self,
        weight: Floats,
        bias: Floats,
        is_float: bool,
        nonzero: Bools | None,
        integers: tuple[fmpz_mat, fmpz] | None,
    ) -> None:
        self._weight, self.bias, self.is_float = weight, bias, is_float
        self._nonzero, self._integers = nonzero, integers
        # bounds of the sizes of the nonzero entries
        self._extent: tuple[float, float] | None = None

    @classmethod
    def from_floats(cls, weight: Any, bias: Any) -> AffineMap:
        """Return the map whose entries are exactly these float64 numbers."""
        w = np.ascontiguousarray(weight, dtype=np.float64)
        b = np.ascontiguousarray(bias, dtype=np.float64).reshape(-1)
        if w.ndim != 2 or w.shape[0] != b.shape[0]:
            raise ValueError(f"W must be (m, n) and b (m,): got {w.shape} and {b.shape}")
        if not (np.isfinite(w).all() and np.isfinite(b).all()):
            raise ValueError("weights must be finite: found an infinity or a NaN")
        return cls(w, b, True, None, None)

    @classmethod
    def from_integers(cls, matrix: fmpz_mat, denominator: int | fmpz) -> AffineMap:
        """Return the map [W | b] = matrix / denominator, denominator > 0."""
        m, n = matrix.nrows(), matrix.ncols() - 1
        d = int(denominator)
        if d <= 0:
            raise ValueError(f"the common denominator must be positive, got {d}")
        entries = [int(v) for v in matrix.entries()]
        floats = np.array([nearest_float(v, d) for v in entries], dtype=np.float64)
        floats = floats.reshape(m, n + 1)
        exact = bool(np.isfinite(floats).all())
        if exact:
            ints, e = integers_of_floats(floats)
            exact = all(v << e == i * d for v, i in zip(entries, ints, strict=True))
        nonzero = np.array([v != 0 for v in entries], dtype=np.bool_).reshape(m, n + 1)
        weight, bias = np.ascontiguousarray(floats[:, :n]), floats[:, n].copy()
        return cls(weight, bias, exact, nonzero, (matrix, fmpz(d)))

    @classmethod
    def from_rationals(cls, weight: Sequence[Sequence[Any]], bias: Sequence[Any]) -> AffineMap:
        """Return the map with these rows of rationals (int, Fraction, fmpq or float)."""
        rows = [
            [as_fraction(v) for v in (*row, offset)]
            for row, offset in zip(weight, bias, strict=True)
        ]
        denominator = 1
        for value in {v.denominator for row in rows for v in row}:
            denominator = int(fmpz(denominator).lcm(value))
        width = len(rows[0]) if rows else 1
        flat = [v.numerator * (denominator // v.denominator) for row in rows for v in row]
        return cls.from_integers(fmpz_mat(len(rows), width, flat), denominator)

    def __reduce__(self) -> tuple[Any, ...]:
        if self.is_float:
            return AffineMap.from_floats, (self.weight, self.bias)
        return AffineMap.from_rationals, self.fractions()

    @property
    def weight(self) -> Floats:
        """(m, n): the nearest float64 entries of W."""
        return self._weight

    @property
    def sparse(self) -> SparseRows | None:
        """The entries of W that are not zero, where W is mostly zero and only they are kept."""
        return None

    @property
    def shape(self) -> tuple[int, int]:
        """(m, n): the sizes of output and input."""
        return self.weight.shape[0], self.weight.shape[1]

    @property
    def terms(self) -> int:
        """The greatest number of terms that are not zero in a row of W h."""
        return self.shape[1]

    @property
    def nonzero(self) -> Bools:
        """(m, n + 1): which exact entries of [W | b] are not zero (a float may underflow)."""
        if self._nonzero is None:
            self._nonzero = np.column_stack([self.weight != 0, self.bias != 0])
        return self._nonzero

    @property
    def has_offset(self) -> Bools:
        """(m,): which exact entries of b are not zero."""
        return self.nonzero[:, -1]

    @property
    def denominator(self) -> fmpz:
        """The d > 0 of ``integers``."""
        return self.integers()[1]

    def times(self, columns: fmpz_mat) -> fmpz_mat:
        """[W | b] times ``denominator`` times the columns."""
        return self.integers()[0] * columns

    def row(self, i: int) -> fmpz_mat:
        """One row of [W | b] times ``denominator``."""
        matrix, n = self.integers()[0], self.shape[1] + 1
        return fmpz_mat(1, n, [matrix[i, k] for k in range(n)])

    def of_points(self, points: Floats) -> Floats:
        """W times every row of (points, n), in floats and in any order of summation."""
        return points @ self.weight.T

    def sizes_of_points(self, points: Floats) -> Floats:
        """The same with |W|."""
        return points @ np.abs(self.weight).T

    def pulled(self, rows: Floats) -> Floats:
        """(rows, m) times W, in floats."""
        return rows @ self.weight

    def integers(self) -> tuple[fmpz_mat, fmpz]:
        """Return (N, d) with [W | b] = N / d, N of shape (m, n + 1), d > 0; made once."""
        if self._integers is None:
            m, n = self.shape
            ints, e = integers_of_floats(np.column_stack([self.weight, self.bias]))
            self._integers = fmpz_mat(m, n + 1, ints), fmpz(1) << e
        return self._integers

    def fractions(self) -> tuple[list[list[Fraction]], list[Fraction]]:
        """Return W and b as lists of `Fraction`."""
        matrix, denominator = self.integers()
        rows = [[Fraction(int(v), int(denominator)) for v in row] for row in matrix.tolist()]
        return [row[:-1] for row in rows], [row[-1] for row in rows]

    def is_normal(self, margin: int = 0) -> bool:
        """Whether entries times 2**k, abs(k) <= margin, are far from overflow and underflow."""
        if margin > 900:
            return False
        if self._extent is None:
            self._extent = self._sizes()
        smallest, largest = self._extent
        return smallest >= 2.0 ** (margin - 1000) and largest < 2.0 ** (1000 - margin)

    def _sizes(self) -> tuple[float, float]:
        """The smallest and the largest size of an entry that is not zero."""
        sizes = [np.abs(entries) for entries in (self.weight, self.bias)]
        smallest = min(size.min(initial=np.inf) for size in sizes)
        if smallest < 2.0**-1000:
            size = np.abs(np.column_stack([self.weight, self.bias]))
            smallest = size.min(initial=np.inf, where=self.nonzero)
        return float(smallest), float(max(size.max(initial=0.0) for size in sizes))

    def rows_near_one(self, columns: Ints | None) -> tuple[AffineMap, Ints] | None:
        """Return the map with the largest entry of each row in [1/2, 1), and the rows' exponents.

        The columns of W are multiplied by 2**columns[j] first. None where entries come near to
        overflow or underflow on the way.
        """
        with np.errstate(over="ignore", under="ignore"):
            factor = None if columns is None else np.ldexp(1.0, columns)
            weight = self.weight if factor is None else self.weight * factor
            size, offset = np.abs(weight), np.abs(self.bias)
            top = np.maximum(size.max(axis=1, initial=0.0), offset)
            smallest = min(size.min(initial=np.inf), offset.min(initial=np.inf))
            if smallest == 0:
                nonzero = self.nonzero
                smallest = min(
                    size.min(initial=np.inf, where=nonzero[:, :-1]),
                    offset.min(initial=np.inf, where=nonzero[:, -1]),
                )
        largest = top.max(initial=0.0)
        if not (smallest > 2.0**-1000 * max(1.0, largest) and largest < 2.0**1000):
            return None
        exponent = np.frexp(top)[1].astype(np.int64)
        if not self.is_float:
            return self.scaled(-exponent, columns), exponent
        by_row = np.ldexp(1.0, -exponent)
        weight = np.multiply(weight, by_row[:, None], out=size)
        result = AffineMap(weight, self.bias * by_row, True, self._nonzero, None)
        result._extent = float(smallest) / max(1.0, 2.0 * float(largest)), 1.0
        return result, exponent

    def scaled(self, rows: Ints, columns: Ints | None = None) -> AffineMap:
        """Return the map with rows times 2**rows[i], and the columns of W times 2**columns[j]."""
        if columns is None:
            columns = np.zeros(self.shape[1], dtype=np.int64)
        reach = sum(int(np.abs(k).max(initial=0)) for k in (rows, columns))
        if self.is_float and self.is_normal(reach):
            by_row = np.ldexp(1.0, rows)
            weight = self.weight * np.ldexp(1.0, columns)
            weight *= by_row[:, None]
            result = AffineMap(weight, self.bias * by_row, True, self._nonzero, None)
            assert self._extent is not None
            smallest, largest = self._extent
            result._extent = smallest * 2.0**-reach, largest * 2.0**reach
            return result
        matrix, denominator = self.integers()
        low = [min(0, int(k.min(initial=0))) for k in (rows, columns)]
        shift, across = (rows - low[0]).tolist(), [*(columns - low[1]).tolist(), -low[1]]
        table = [
            [v << (i + j) for v, j in zip(row, across, strict=True)]
            for row, i in zip(matrix.tolist(), shift, strict=True)
        ]
        return AffineMap.from_integers(fmpz_mat(table), denominator << -sum(low))

    def after(self, inner: AffineMap) -> AffineMap:
        """Return x -> self(inner(x)), exactly."""
        self._check_composes(inner)
        quick = self._after_floats(inner)
        if quick is not None:
            return quick
        if inner.sparse is not None:
            return inner.inside(self)
        n2, d2 = self.integers()
        n1, d1 = inner.integers()
        last = [0] * inner.shape[1] + [d1]
        stacked = fmpz_mat([*n1.tolist(), last]) if inner.shape[0] else fmpz_mat([last])
        return AffineMap.from_integers(n2 * stacked, d2 * d1)

    def _check_composes(self, inner: AffineMap) -> None:
        if self.shape[1] != inner.shape[0]:
            raise ValueError(
                f"shapes do not compose: W_2 is {self.shape}, W_1 is {inner.shape}; "
                f"the columns of W_2 must be the rows of W_1"
            )

    def inside(self, outer: AffineMap) -> AffineMap:
        """x -> outer(self(x)), where one of the two has a way of its own to do so."""
        return outer.after(self)

    def reordered(self, rows: Ints, columns: Ints) -> AffineMap:
        """The map with row k the old row ``rows[k]``, and the same for the columns of W."""
        if self.is_float:
            weight = self.weight[np.ix_(rows, columns)]
            return AffineMap.from_floats(weight, self.bias[rows])
        table, order = self.integers()[0].tolist(), [*columns.tolist(), self.shape[1]]
        flat = [table[i][j] for i in rows.tolist() for j in order]
        return AffineMap.from_integers(
            fmpz_mat(len(rows), len(columns) + 1, flat), self.denominator
        )

    def _after_floats(self, inner: AffineMap) -> AffineMap | None:
        """The composition where every entry is one product with a power of two, so a float.

        It is so where the inner map puts each entry in one place at most, or the outer one reads
        one entry for each of its own: maxima, selections and scalings are of this kind.
        """
        if not self.is_float or not inner.is_float or 0 in (*self.shape, *inner.shape):
            return None
        read = None if self.bias.any() else _single(self.weight)
        if read is not None and inner.is_normal(read[2]):
            place, factor, _ = read
            weight = inner.weight[place] * factor[:, None]
            return AffineMap.from_floats(weight, inner.bias[place] * factor)
        put = None if inner.bias.any() else _single_in_columns(inner)
        if put is not None and self.is_normal(put[2]):
            place, factor, _ = put
            return AffineMap.from_floats(self.weight[:, place] * factor, self.bias)
        return None


def _single_in_columns(inner: AffineMap) -> tuple[Ints, Floats, int] | None:
    """The same for the columns of W."""
    sparse = inner.sparse
    if sparse is None:
        return _single(inner.weight.T)
    turned = sparse.T
    if turned.terms > 1:
        return None
    place, value = np.zeros(inner.shape[1], dtype=np.int64), np.zeros(inner.shape[1])
    place[turned.row_of], value[turned.row_of] = turned.columns, turned.values
    return _powers_of_two(place, value)


def _single(matrix: Floats) -> tuple[Ints, Floats, int] | None:
    """Place and value of the one entry that is not 0 of every row, and the greatest exponent.

    None where a row has several, or an entry is no power of two. A row of zeros has the value 0.
    """
    if (np.count_nonzero(matrix, axis=1) > 1).any():
        return None
    place = np.abs(matrix).argmax(axis=1)
    return _powers_of_two(place, matrix[np.arange(len(matrix)), place])


def _powers_of_two(place: Ints, value: Floats) -> tuple[Ints, Floats, int] | None:
    mantissa, exponent = np.frexp(value)
    if not np.isin(np.abs(mantissa), (0.0, 0.5)).all():
        return None
    return place, value, int(np.abs(exponent).max(initial=0))


def as_fraction(value: Any) -> Fraction:
    """Return the rational that an int, float, Fraction, fmpz, fmpq or NumPy scalar is."""
    if isinstance(value, fmpq):
        return Fraction(int(value.p), int(value.q))
    if isinstance(value, fmpz):
        return Fraction(int(value))
    if isinstance(value, np.generic):
        return Fraction(value.item())
    return Fraction(value)
