"""Transposition as a map from expressions to expressions, with new symbols of swapped shape.

Every matrix symbol A is replaced by a symbol of the same name that stands for its transpose; the
result is the transpose of what was given, written in the new symbols, and no step is carried out.
"""

from __future__ import annotations

from functools import singledispatch
from typing import Any

import sympy as sp
from sympy.matrices.expressions.adjoint import Adjoint
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.matexpr import MatrixElement, MatrixExpr
from sympy.matrices.matrixbase import MatrixBase

from ..base import Apply, Network
from ..exact.families import MatrixProduct, MatrixSum, Member, RisingProduct
from ._rebuild import rebuilt


class ApplyToRows(Apply):
    """A layer at every row of a matrix; the transpose of :class:`~symnet.base.Apply`."""

    @property
    def shape(self) -> tuple[sp.Expr, sp.Expr]:
        rows, cols = self.argument.shape
        return rows, self.layer.features(cols)


@singledispatch
def transposed(expr: Any) -> Any:
    """``expr`` in symbols that stand for transposes; a matrix is transposed, a scalar is not.

    >>> import sympy as sp
    >>> W, x = sp.MatrixSymbol("W", 2, 3), sp.MatrixSymbol("x", 3, 1)
    >>> transposed(W * x), transposed(W * x).shape
    (x*W, (1, 2))
    """
    if not isinstance(expr, sp.Basic) or not expr.args or not _has_matrices(expr):
        return expr
    return rebuilt(expr, [transposed(a) for a in expr.args])


def _has_matrices(expr: sp.Basic) -> bool:
    return bool(expr.has(MatrixBase, MatrixExpr))


@transposed.register
def _(expr: MatrixExpr) -> Any:
    # a kind of matrix that nobody taught: its own transpose, with A = (A^T)^T inside
    return sp.Transpose(rebuilt(expr, [_in_place(a) for a in expr.args]))


def _in_place(expr: Any) -> Any:
    """The same value in the new symbols, for a place where nothing is known of transposes."""
    if getattr(expr, "is_Matrix", False):
        return sp.Transpose(transposed(expr))
    return transposed(expr)


@transposed.register
def _(expr: sp.MatrixSymbol) -> Any:
    return sp.MatrixSymbol(expr.args[0], *reversed(expr.shape))


@transposed.register
def _(expr: Member) -> Any:
    return Member(expr.name, expr.number, *reversed(expr.shape))


@transposed.register
def _(expr: MatrixProduct) -> Any:
    kind = MatrixProduct if isinstance(expr, RisingProduct) else RisingProduct
    return kind(transposed(expr.term), expr.limits)


@transposed.register
def _(expr: MatrixSum) -> Any:
    return MatrixSum(transposed(expr.term), expr.limits)


@transposed.register(MatrixBase)
def _(expr: Any) -> Any:
    return sp.ImmutableDenseMatrix(expr.T.applyfunc(transposed))


@transposed.register
def _(expr: MatrixElement) -> Any:
    matrix, i, j = expr.args
    return transposed(matrix)[j, i]


@transposed.register(sp.ZeroMatrix)
@transposed.register(sp.OneMatrix)
def _(expr: Any) -> Any:
    return expr.func(*reversed(expr.shape))


@transposed.register
def _(expr: sp.Identity) -> Any:
    return expr


@transposed.register
def _(expr: sp.MatMul) -> Any:
    scalars = [a for a in expr.args if not a.is_Matrix]
    matrices = [a for a in expr.args if a.is_Matrix]
    return rebuilt(expr, [transposed(a) for a in (*scalars, *reversed(matrices))])


@transposed.register
def _(expr: sp.KroneckerProduct) -> Any:
    return sp.KroneckerProduct(*(transposed(a) for a in expr.args))


@transposed.register(sp.MatAdd)
@transposed.register(sp.HadamardProduct)
@transposed.register(sp.HadamardPower)
@transposed.register(sp.MatPow)
@transposed.register(sp.Inverse)
@transposed.register(sp.Transpose)
@transposed.register(Adjoint)
@transposed.register(sp.DiagMatrix)
@transposed.register(sp.DiagonalMatrix)
def _(expr: Any) -> Any:
    return rebuilt(expr, [transposed(a) for a in expr.args])


@transposed.register
def _(expr: ElementwiseApplyFunction) -> Any:
    return ElementwiseApplyFunction(expr.function, transposed(expr.expr))


@transposed.register
def _(expr: sp.BlockMatrix) -> Any:
    rows, cols = expr.blockshape
    return sp.BlockMatrix(
        [[transposed(expr.blocks[i, j]) for i in range(rows)] for j in range(cols)]
    )


@transposed.register
def _(expr: sp.BlockDiagMatrix) -> Any:
    return sp.BlockDiagMatrix(*(transposed(a) for a in expr.args))


@transposed.register
def _(expr: Apply) -> Any:
    return ApplyToRows(expr.layer, transposed(expr.argument))


@transposed.register
def _(expr: Network) -> Any:
    return expr
