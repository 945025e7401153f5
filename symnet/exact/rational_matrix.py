"""A matrix of rational numbers as one SymPy atom."""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd
from typing import Any

import numpy as np
import sympy as sp
from flint import fmpq, fmpz, fmpz_mat
from sympy.core.basic import Atom
from sympy.matrices.expressions.matexpr import MatrixExpr

from .affine import integers_of_floats
from .arrays import Floats


class RationalMatrix(Atom, MatrixExpr):
    """The matrix ``numerators / denominator``, in lowest terms, as one leaf of an expression.

    A trained network has 10^5 weights and more; as leaves of their own they would make every
    ``subs`` and ``free_symbols`` walk through all of them. So they are one atom, that holds
    integers over a common denominator (a float is dyadic, so this costs a shift).

    Parameters
    ----------
    rows, cols : int
        The shape.
    numerators : fmpz_mat of shape (rows, cols), or a flat sequence of rows * cols integers
    denominator : positive int

    Examples
    --------
    >>> from symnet.exact.rational_matrix import RationalMatrix
    >>> A = RationalMatrix(1, 2, [2, 4], 6)
    >>> A.as_explicit()
    Matrix([[1/3, 2/3]])
    >>> A.denominator
    3
    """

    is_commutative = False
    __slots__ = ("_as_floats", "_cols", "_rows", "denominator", "numerators")

    numerators: fmpz_mat
    denominator: int
    _as_floats: Floats | None

    def __new__(
        cls, rows: Any, cols: Any, numerators: fmpz_mat | Sequence[int], denominator: Any = 1
    ) -> RationalMatrix:
        rows, cols, denominator = int(rows), int(cols), int(denominator)
        if not isinstance(numerators, fmpz_mat):
            numerators = fmpz_mat(rows, cols, [int(n) for n in numerators])
        numerators, denominator = _lowest_terms(numerators, denominator)
        self = Atom.__new__(cls)
        self._rows, self._cols = sp.Integer(rows), sp.Integer(cols)
        self.numerators, self.denominator = numerators, denominator
        self._as_floats = None
        return self

    @property
    def shape(self) -> tuple[sp.Integer, sp.Integer]:
        return self._rows, self._cols

    def flat(self) -> list[int]:
        """The numerators row by row, as Python integers."""
        return [int(n) for n in self.numerators.entries()]

    def floats(self) -> Floats | None:
        """The matrix in float64 where that is exact and far from underflow, else None.

        >>> RationalMatrix(1, 2, [1, 3], 4).floats()
        array([[0.25, 0.75]])
        >>> RationalMatrix(1, 1, [1], 3).floats() is None
        True
        """
        if self._as_floats is None:
            exponent = self.denominator.bit_length() - 1
            numerators = self.flat()
            if self.denominator != 1 << exponent or exponent > 900:
                return None
            if max((n.bit_length() for n in numerators), default=0) > 900:
                return None
            floats = [float(n) for n in numerators]
            if any(int(f) != n for f, n in zip(floats, numerators, strict=True)):
                return None
            rows, cols = map(int, self.shape)
            self._as_floats = np.ldexp(np.array(floats).reshape(rows, cols), -exponent)
            self._as_floats.flags.writeable = False
        return self._as_floats

    @classmethod
    def from_floats(cls, array: Floats) -> RationalMatrix:
        """The matrix of exactly these finite float64 numbers."""
        numerators, exponent = integers_of_floats(array)
        matrix = cls(array.shape[0], array.shape[1], numerators, 1 << exponent)
        if exponent < 900 and np.abs(array).max(initial=0) < 2.0**800:
            matrix._as_floats = array.copy()
            matrix._as_floats.flags.writeable = False
        return matrix

    def _hashable_content(self) -> tuple[Any, ...]:
        return (self._rows, self._cols, self.denominator, tuple(self.flat()))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RationalMatrix):
            return False
        return (
            self.shape == other.shape
            and self.denominator == other.denominator
            and self.numerators == other.numerators
        )

    __hash__ = MatrixExpr.__hash__

    def __reduce__(self) -> tuple[Any, ...]:
        return RationalMatrix, (int(self._rows), int(self._cols), self.flat(), self.denominator)

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return self.__reduce__()

    def class_key(self) -> tuple[int, int, str]:
        return 5, 0, type(self).__name__

    def sort_key(self, order: Any = None) -> Any:
        return self.class_key(), (1, (str(hash(self)),)), sp.S.One.sort_key(), sp.S.One

    def __getitem__(self, key: Any) -> sp.Rational:
        if isinstance(key, tuple) and len(key) == 2 and all(_is_index(k) for k in key):
            i, j = (int(k) for k in key)
            entry = fmpq(self.numerators[i, j], fmpz(self.denominator))
            return sp.Rational(int(entry.p), int(entry.q))
        return self.as_explicit()[key]

    def _entry(self, i: Any, j: Any, **kwargs: Any) -> Any:
        if _is_index(i) and _is_index(j):
            return self[i, j]
        return self.as_explicit()[i, j]

    def as_explicit(self) -> sp.ImmutableDenseMatrix:
        """The same matrix as a SymPy matrix with one object an entry."""
        q = self.denominator
        divisors = ((n, gcd(n, q)) for n in self.flat())
        entries = [sp.Rational.from_coprime_ints(n // g, q // g) for n, g in divisors]
        return sp.ImmutableDenseMatrix(int(self._rows), int(self._cols), entries)

    def doit(self, **hints: Any) -> RationalMatrix:
        return self

    def _eval_transpose(self) -> RationalMatrix:
        return RationalMatrix(self._cols, self._rows, self.numerators.transpose(), self.denominator)

    def times(self, other: RationalMatrix) -> RationalMatrix:
        """The exact product, by fast integer arithmetic."""
        return RationalMatrix(
            self._rows,
            other._cols,
            self.numerators * other.numerators,
            self.denominator * other.denominator,
        )

    def plus(self, other: RationalMatrix) -> RationalMatrix:
        """The exact sum."""
        p, q = fmpz(self.denominator), fmpz(other.denominator)
        scale = p.lcm(q)
        total = self.numerators * (scale // p) + other.numerators * (scale // q)
        return RationalMatrix(self._rows, self._cols, total, int(scale))

    @property
    def is_zero_matrix(self) -> bool:
        return self.numerators == fmpz_mat(int(self._rows), int(self._cols))

    def _sympystr(self, printer: Any) -> str:
        if self._rows * self._cols > 64:
            return f"<{self._rows}x{self._cols} rational matrix>"
        return str(printer._print(self.as_explicit()))

    def _sympyrepr(self, printer: Any) -> str:
        return f"RationalMatrix({self._rows}, {self._cols}, {self.flat()}, {self.denominator})"

    def _latex(self, printer: Any) -> str:
        if self._rows * self._cols > 64:
            return rf"\left[{self._rows} \times {self._cols}\right]"
        return str(printer._print(self.as_explicit()))

    def _pretty(self, printer: Any) -> Any:
        return printer._print(self.as_explicit())

    def _numpycode(self, printer: Any) -> str:
        return str(printer._print(self.as_explicit()))


def _is_index(key: Any) -> bool:
    return isinstance(key, int | sp.Integer) and not isinstance(key, bool)


def _lowest_terms(numerators: fmpz_mat, denominator: int) -> tuple[fmpz_mat, int]:
    if denominator <= 0:
        raise ValueError(f"the denominator is {denominator}; it must be positive")
    if denominator == 1:
        return numerators, 1
    common = fmpz(denominator)
    for entry in numerators.entries():
        common = common.gcd(entry)
        if common == 1:
            return numerators, denominator
    reduced = [entry // common for entry in numerators.entries()]
    shape = numerators.nrows(), numerators.ncols()
    return fmpz_mat(*shape, reduced), int(fmpz(denominator) // common)
