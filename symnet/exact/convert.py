"""What a user gives as a weight, made exact: a float becomes the rational number that it is."""

from __future__ import annotations

from numbers import Complex, Rational, Real
from typing import Any

import numpy as np
import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.matrixbase import MatrixBase

from ..errors import WeightError
from .rational_matrix import RationalMatrix
from .shapes import check_shapes


def exact_number(value: Any, what: str = "the number") -> sp.Expr:
    """The exact real number or expression that ``value`` is.

    Raises
    ------
    WeightError
        For NaN, an infinity, a complex number, or something that is no number.

    Examples
    --------
    >>> exact_number(0.1)
    3602879701896397/36028797018963968
    """
    if isinstance(value, sp.Expr):
        if value.is_Matrix:
            raise WeightError(f"{what} is the matrix {value}, and a number was expected")
        floats = value.atoms(sp.Float)
        if floats:
            value = value.xreplace({f: _dyadic(f) for f in floats})
        if value.has(sp.nan, sp.zoo, sp.oo, -sp.oo):
            raise WeightError(f"{what} is {value}; it must be finite")
        if value.has(sp.I) or value.is_real is False:
            raise WeightError(f"{what} is {value}, which is not real; symnet's weights are real")
        return value
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool | int):
        return sp.Integer(int(value))
    if isinstance(value, Complex) and not isinstance(value, Real):
        raise WeightError(f"{what} is {value}, which is complex; symnet's weights are real")
    if hasattr(value, "as_integer_ratio"):
        try:
            return sp.Rational(*map(int, value.as_integer_ratio()))
        except (ValueError, OverflowError):
            raise WeightError(f"{what} is {value}; it must be finite") from None
    if isinstance(value, Rational):
        return sp.Rational(int(value.numerator), int(value.denominator))
    raise WeightError(
        f"{what} is {value!r} of type {type(value).__name__}; "
        "give an int, a Fraction, a float or a SymPy expression"
    )


def _dyadic(value: sp.Float) -> sp.Rational:
    """The rational number that a SymPy float is."""
    sign, mantissa, exponent, _ = value._mpf_
    return sp.Integer(-int(mantissa) if sign else int(mantissa)) * sp.Integer(2) ** int(exponent)


def exact_matrix(value: Any, name: str = "W", *, column: bool = False) -> MatrixExpr:
    """The exact matrix that ``value`` is.

    Parameters
    ----------
    value : (rows, cols) nested list, NumPy array, SymPy matrix or matrix expression
        With ``column=True`` a flat sequence of length n is the column (n, 1).
    name : str
        What error messages call it.

    Returns
    -------
    MatrixExpr
        A :class:`RationalMatrix` where every entry is rational, an ``ImmutableDenseMatrix`` where
        entries hold symbols, and a matrix expression as it came.
    """
    if isinstance(value, RationalMatrix):
        return value
    if isinstance(value, MatrixBase):
        return _from_rows(value.rows, value.cols, value.flat(), name)
    if isinstance(value, sp.Basic) and getattr(value, "is_Matrix", False):
        check_shapes(value)
        known = isinstance(value, sp.ZeroMatrix | sp.Identity | sp.OneMatrix)
        if known and all(size.is_Integer for size in value.shape):
            return exact_matrix(value.as_explicit(), name)
        return value
    if isinstance(value, sp.Basic | str | bytes) or np.isscalar(value):
        kind = f"the {type(value).__name__} {value!r}"
        raise WeightError(f"{name} is {kind}, and a matrix was expected, for example [[{value!r}]]")
    array = _as_array(value, name)
    if column and array.ndim == 1:
        array = array.reshape(-1, 1)
    if array.ndim != 2:
        hint = " (a bias may be a flat list)" if column else ", for example [[1, 2], [3, 4]]"
        raise WeightError(
            f"{name} has {array.ndim} axes, shape {array.shape}; "
            f"a matrix with rows and columns is needed{hint}"
        )
    if 0 in array.shape:
        raise WeightError(
            f"{name} has shape {array.shape}; it must have at least one row and one column"
        )
    if array.dtype.kind == "f" and array.dtype.itemsize <= 8:
        return _from_floats(array, name)
    rows, cols = array.shape
    if array.dtype.kind in "iub":
        return RationalMatrix(rows, cols, [int(n) for n in array.ravel().tolist()])
    return _from_rows(rows, cols, list(array.ravel()), name)


def _as_array(value: Any, name: str) -> np.ndarray[Any, Any]:
    if isinstance(value, np.ma.MaskedArray):
        raise WeightError(f"{name} is a masked array; fill its gaps first: {name}.filled(0)")
    if isinstance(value, np.ndarray):
        return value
    if hasattr(value, "__array__"):
        return np.asarray(value)
    try:
        rows = list(value)
    except TypeError:
        raise WeightError(
            f"{name} is {value!r} of type {type(value).__name__}, and a matrix was expected"
        ) from None
    nested = [isinstance(row, list | tuple | np.ndarray) for row in rows]
    if any(nested):
        lengths = [len(r) if n else "a number" for r, n in zip(rows, nested, strict=True)]
        if len(set(lengths)) > 1:
            raise WeightError(f"the rows of {name} have different lengths: {lengths}")
        array: np.ndarray[Any, Any] = np.empty((len(rows), len(rows[0])), dtype=object)
        for i, row in enumerate(rows):
            for j, entry in enumerate(row):
                array[i, j] = entry
        return array
    array = np.empty(len(rows), dtype=object)
    array[:] = rows
    return array


def _from_floats(array: np.ndarray[Any, Any], name: str) -> RationalMatrix:
    array = array.astype(np.float64)
    finite = np.isfinite(array)
    if not finite.all():
        i, j = (int(k) for k in np.argwhere(~finite)[0])
        count = int((~finite).sum())
        raise WeightError(
            f"{name}[{i}, {j}] is {array[i, j]}; every weight must be finite"
            + (f" ({count} entries are not)" if count > 1 else "")
        )
    return RationalMatrix.from_floats(array)


def _from_rows(rows: int, cols: int, entries: list[Any], name: str) -> MatrixExpr:
    exact = [
        exact_number(entry, f"{name}[{k // cols}, {k % cols}]") for k, entry in enumerate(entries)
    ]
    if not all(entry.is_Rational for entry in exact):
        return sp.ImmutableDenseMatrix(rows, cols, exact)
    denominator = int(sp.ilcm(1, *(entry.q for entry in exact)))
    return RationalMatrix(
        rows, cols, [int(e.p) * (denominator // int(e.q)) for e in exact], denominator
    )


def as_rational(matrix: MatrixExpr) -> RationalMatrix | None:
    """``matrix`` as one atom if all its entries are rational numbers, else None."""
    if isinstance(matrix, RationalMatrix):
        return matrix
    if isinstance(matrix, MatrixBase) and all(entry.is_Rational for entry in matrix.flat()):
        converted = exact_matrix(matrix)
        return converted if isinstance(converted, RationalMatrix) else None
    return None
