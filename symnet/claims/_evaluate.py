"""The exact value of an expression at a point."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp
from sympy.matrices.matrixbase import MatrixBase

from ..base import Apply
from ..exact.cases import sign_of
from ..exact.rational_matrix import RationalMatrix


def evaluate(expr: Any, point: Mapping[Any, Any]) -> Any:
    """``expr`` with a number for every symbol and an explicit matrix for every matrix symbol.

    Parameters
    ----------
    expr : scalar or matrix expression
    point : mapping of symbols to exact numbers, and of MatrixSymbols to explicit matrices
        Sizes are symbols like others; a matrix must have the shape that they give.

    Examples
    --------
    >>> import sympy as sp
    >>> x = sp.MatrixSymbol("x", 2, 1)
    >>> evaluate(2*x + x, {x: sp.ImmutableMatrix([1, 2])})
    Matrix([
    [3],
    [6]])
    """
    if expr in point:
        return point[expr]
    if isinstance(expr, RationalMatrix):
        return expr.as_explicit()
    if isinstance(expr, MatrixBase):
        return expr.applyfunc(lambda entry: evaluate(entry, point))
    if not expr.args:
        return expr
    args = [evaluate(arg, point) for arg in expr.args]
    if isinstance(expr, Apply):
        value = args[0](args[1])
        return value.doit() if isinstance(value, MatrixBase) else explicit(value)
    if any(isinstance(arg, sp.Expr) and arg.has(sp.nan, sp.zoo) for arg in args):
        # a pole is no value, and SymPy cannot compare with it
        return sp.nan
    value = expr.func(*args)
    return explicit(value) if getattr(value, "is_Matrix", False) else value.doit()


def explicit(value: Any) -> sp.ImmutableDenseMatrix:
    """A matrix expression of explicit parts, multiplied out."""
    value = value.doit()
    return sp.ImmutableDenseMatrix(value if isinstance(value, MatrixBase) else value.as_explicit())


def is_zero(value: Any) -> bool | None:
    """Whether an exact number is zero: by exact arithmetic, else by digits with a known error.

    True only where arithmetic shows it, False only where the number is shown to differ from zero.
    """
    value = sp.sympify(value)
    if value.has(sp.nan, sp.zoo, sp.oo) or not value.is_number or not value.is_real:
        return None
    sign = sign_of(value)
    return None if sign is None else sign == 0


def differ(lhs: Any, rhs: Any) -> bool:
    """Whether two exact values (numbers, or matrices of one shape) are shown to differ.

    A side that has no value at the point (a pole) differs from one that has.
    """
    undefined = [bool(side.has(sp.nan, sp.zoo)) for side in (lhs, rhs)]
    if any(undefined):
        return not all(undefined)
    if isinstance(lhs, MatrixBase):
        if lhs.shape != rhs.shape:
            return True
        return any(is_zero(a - b) is False for a, b in zip(lhs.flat(), rhs.flat(), strict=True))
    return is_zero(lhs - rhs) is False
