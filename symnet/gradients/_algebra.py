"""Products, sums and transposes of derivatives: nothing is multiplied out, zeros and ones go."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.matrixbase import MatrixBase

from ..exact.algebra import factors_of
from ..exact.rational_matrix import RationalMatrix
from ..exact.scalars import Inner


def is_zero(part: Any) -> bool:
    """Whether a number or a matrix is seen to be zero."""
    if isinstance(part, sp.ZeroMatrix) or part == 0:
        return True
    return isinstance(part, RationalMatrix) and part.is_zero_matrix


def is_column(matrix: MatrixExpr) -> bool:
    """Whether it is one column for every value of the symbols."""
    return bool(sp.sympify(matrix.shape[1]) == 1)


def times(*parts: Any) -> Any:
    """The product of scalars and matrices as one flat product."""
    coefficient = sp.S.One
    factors: list[Any] = []
    shapes = []
    for part in parts:
        if not getattr(part, "is_Matrix", False):
            coefficient *= part
            continue
        shapes.append(part.shape)
        c, own = factors_of(part)
        coefficient *= c
        factors += own
    if not shapes:
        return coefficient
    if coefficient == 0 or any(map(is_zero, factors)):
        return sp.ZeroMatrix(shapes[0][0], shapes[-1][1])
    kept = _merged([f for f in factors if not isinstance(f, sp.Identity)] or factors[:1])
    if coefficient == 1:
        return kept[0] if len(kept) == 1 else sp.MatMul(*kept)
    if len(kept) == 1 and isinstance(kept[0], sp.MatAdd) and coefficient == -1:
        return plus(*(times(-1, term) for term in kept[0].args))
    return sp.MatMul(coefficient, *kept)


def _merged(factors: list[Any]) -> list[Any]:
    """The factors, L (r^T ⊗ M) written as r^T ⊗ L M, and L (M ⊗ r^T) as L M ⊗ r^T."""
    for k, factor in enumerate(factors):
        if k and isinstance(factor, sp.KroneckerProduct) and len(factor.args) == 2:
            first, second = factor.args
            if sp.sympify(first.shape[0]) == 1:
                return [kronecker(first, times(*factors[:k], second)), *_merged(factors[k + 1 :])]
            if sp.sympify(second.shape[0]) == 1:
                return [kronecker(times(*factors[:k], first), second), *_merged(factors[k + 1 :])]
    return factors


def plus(*terms: Any) -> Any:
    """The sum, in the order of its terms."""
    flat = [t for term in terms for t in (term.args if isinstance(term, sp.MatAdd) else (term,))]
    kept = [term for term in flat if not is_zero(term)]
    if not kept:
        return terms[0]
    if not getattr(kept[0], "is_Matrix", False):
        return sp.Add(*kept)
    return kept[0] if len(kept) == 1 else sp.MatAdd(*kept)


def hadamard(*parts: Any) -> Any:
    """The product entry by entry; numbers are taken out of it, matrices of ones left out."""
    coefficient, factors = sp.S.One, []
    for part in parts:
        if is_zero(part):
            return sp.ZeroMatrix(*part.shape)
        own = (part,)
        if isinstance(part, sp.MatMul):
            c, matrices = part.as_coeff_matrices()
            coefficient *= c
            part = matrices[0] if len(matrices) == 1 else sp.MatMul(*matrices)
            own = (part,)
        if isinstance(part, sp.HadamardProduct):
            own = part.args
        factors += [f for f in own if not isinstance(f, sp.OneMatrix)]
    if not factors:
        return times(coefficient, parts[0])
    product = factors[0] if len(factors) == 1 else sp.HadamardProduct(*factors)
    return times(coefficient, product)


def diagonal(column: MatrixExpr) -> MatrixExpr:
    """The diagonal matrix with that column on it."""
    coefficient, factors = factors_of(column)
    if len(factors) == 1 and isinstance(factors[0], sp.OneMatrix):
        return times(coefficient, sp.Identity(column.shape[0]))
    if coefficient != 1:
        return times(coefficient, diagonal(times(*factors)))
    return sp.ZeroMatrix(column.shape[0], column.shape[0]) if is_zero(column) else sp.DiagMatrix(
        column)  # fmt: skip


def transposed(matrix: MatrixExpr) -> Any:
    """The transpose, taken inside as far as that is no computation."""
    if isinstance(matrix, MatrixBase):
        return sp.ImmutableDenseMatrix(matrix.T)
    if isinstance(matrix, RationalMatrix):
        return matrix._eval_transpose()
    if isinstance(matrix, sp.Transpose):
        return matrix.arg
    if isinstance(matrix, sp.ZeroMatrix | sp.OneMatrix):
        return matrix.func(*reversed(matrix.shape))
    if isinstance(matrix, sp.Identity | sp.DiagMatrix):
        return matrix
    if isinstance(matrix, sp.MatMul):
        scalar, factors = factors_of(matrix)
        return times(scalar, *map(transposed, reversed(factors)))
    if isinstance(matrix, sp.MatAdd) and all(transposed(term) == term for term in matrix.args):
        return matrix
    if isinstance(matrix, sp.KroneckerProduct):
        return matrix.func(*map(transposed, matrix.args))
    if isinstance(matrix, sp.BlockMatrix):
        blocks = matrix.blocks
        rows, cols = blocks.shape
        return sp.BlockMatrix(
            [[transposed(blocks[i, j]) for i in range(rows)] for j in range(cols)]
        )
    return sp.Transpose(matrix)


def inner(left: MatrixExpr, right: MatrixExpr) -> sp.Expr:
    """<A, B>, numbers taken out of it."""
    (p, a), (q, b) = factors_of(left), factors_of(right)
    if is_zero(left) or is_zero(right):
        return sp.S.Zero
    return p * q * Inner(times(*a), times(*b))


def row_sums(matrix: MatrixExpr) -> Any:
    """A 1, the sums over the rows; one column is its own."""
    if is_column(matrix):
        return matrix
    return times(matrix, sp.OneMatrix(matrix.shape[1], 1))


def kronecker(row: MatrixExpr, matrix: MatrixExpr) -> Any:
    """row ⊗ matrix; a number is a factor."""
    if is_zero(row) or is_zero(matrix):
        return sp.ZeroMatrix(row.shape[0] * matrix.shape[0], row.shape[1] * matrix.shape[1])
    return sp.KroneckerProduct(row, matrix)


def number(product: Iterable[MatrixExpr]) -> sp.Expr:
    """A product of matrices that is a 1×1 matrix, as a number."""
    coefficient, (first, *others) = factors_of(times(*product))
    if not others:
        return coefficient * Inner(sp.OneMatrix(1, 1), first)
    return coefficient * Inner(transposed(first), times(*others))
