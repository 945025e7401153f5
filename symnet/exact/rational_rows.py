"""Reading numbers as the rationals that they are, and rows of them as primitive integer rows.

A float is the dyadic rational that its bits say; nothing is rounded.  Vectors that matter only up
to a positive factor (normals, rays, homogeneous points) are kept primitive: integers without a
common divisor.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import gcd, isfinite, lcm
from typing import Any

from flint import fmpq, fmpz

__all__ = ["as_fmpq", "as_fmpq_rows", "clear_denominators", "primitive"]


def as_fmpq(value: Any) -> fmpq:
    """The rational number equal to an int, float, Fraction, flint number, NumPy scalar or SymPy

    >>> as_fmpq(0.75), as_fmpq(-2)
    (3/4, -2)
    """
    if isinstance(value, fmpq):
        return value
    if isinstance(value, (int, fmpz)):
        return fmpq(int(value))
    if hasattr(value, "p") and hasattr(value, "q"):
        return fmpq(int(value.p), int(value.q))
    if hasattr(value, "numerator") and hasattr(value, "denominator"):
        return fmpq(int(value.numerator), int(value.denominator))
    if hasattr(value, "as_integer_ratio"):
        if not isfinite(value):
            raise ValueError(
                f"a rational number was expected, found {value!r}: it has no exact value"
            )
        p, q = value.as_integer_ratio()
        return fmpq(int(p), int(q))
    raise TypeError(f"a rational number was expected, found {value!r} ({type(value).__name__})")


def as_fmpq_rows(matrix: Iterable[Iterable[Any]]) -> list[list[fmpq]]:
    """The entries of a matrix, row by row, as rationals."""
    return [[as_fmpq(entry) for entry in row] for row in matrix]


def clear_denominators(row: Sequence[fmpq]) -> tuple[list[int], int]:
    """Integers p and the least integer q > 0 with row = p / q.

    >>> clear_denominators([fmpq(1, 2), fmpq(2, 3)])
    ([3, 4], 6)
    """
    q = lcm(*(int(entry.q) for entry in row))
    return [int(entry.p) * (q // int(entry.q)) for entry in row], q


def primitive(row: Sequence[int]) -> tuple[int, ...]:
    """The shortest integer vector on the same ray (the zero vector stays).

    >>> primitive([4, -6, 0])
    (2, -3, 0)
    """
    divisor = gcd(*row)
    return tuple(row) if divisor in (0, 1) else tuple(entry // divisor for entry in row)
