"""Entrywise pieces of definitions, which SymPy can compute with and NumPy can run."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.matrixbase import MatrixBase


class EntrywisePower(sp.HadamardPower):
    """SymPy's entrywise power, which generated NumPy code can hold too."""

    def _numpycode(self, printer: Any) -> str:
        base, exponent = (printer._print(arg) for arg in self.args)
        return f"({base})**({exponent})"

    def _sympystr(self, printer: Any) -> str:
        if hasattr(printer, "hadamard"):  # the printer for the board
            return str(printer._print_HadamardPower(self))
        return f"HadamardPower({', '.join(printer._print(arg) for arg in self.args)})"


def explicit(matrix: MatrixExpr) -> MatrixExpr:
    """``matrix`` entry by entry where it has a definite size and no symbols for matrices."""
    concrete = all(isinstance(size, int | sp.Integer) for size in matrix.shape)
    if isinstance(matrix, MatrixBase) or not concrete or matrix.atoms(sp.MatrixSymbol):
        return matrix
    return matrix.as_explicit()


def scale(gamma: MatrixExpr, v: MatrixExpr, eps: sp.Expr) -> MatrixExpr:
    """The column with the entries gamma / sqrt(v + eps)."""
    shifted = v if eps == 0 else sp.MatAdd(v, sp.MatMul(eps, sp.OneMatrix(*v.shape)))
    root = EntrywisePower(shifted, -sp.S.Half)
    return explicit(root if isinstance(gamma, sp.OneMatrix) else sp.HadamardProduct(gamma, root))


def diagonal(column: MatrixExpr) -> MatrixExpr:
    """The diagonal matrix with that column on it."""
    if isinstance(column, MatrixBase):
        return sp.ImmutableDenseMatrix(sp.diag(*column))
    return sp.DiagMatrix(column)


def repeated(column: MatrixExpr, count: sp.Expr) -> MatrixExpr:
    """The column, ``count`` times side by side."""
    return column if count == 1 else explicit(column * sp.OneMatrix(1, count))


def total(terms: Sequence[MatrixExpr]) -> MatrixExpr:
    """The sum; no step is taken unless all summands are explicit."""
    if all(isinstance(term, MatrixBase) for term in terms):
        return reduce(add, terms)
    return sp.MatAdd(*terms) if len(terms) > 1 else terms[0]
