"""Products and sums of weights: numbers are multiplied out, symbols are left as they stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.expressions.permutation import PermutationMatrix
from sympy.matrices.matrixbase import MatrixBase

from .convert import as_rational, exact_matrix
from .rational_matrix import RationalMatrix


def terms_of(matrix: MatrixExpr) -> tuple[MatrixExpr, ...]:
    """The summands of a matrix expression."""
    return tuple(matrix.args) if isinstance(matrix, sp.MatAdd) else (matrix,)


def factors_of(matrix: MatrixExpr) -> tuple[sp.Expr, tuple[MatrixExpr, ...]]:
    """The scalar factor and the matrix factors of a matrix expression."""
    if isinstance(matrix, sp.MatMul):
        coefficient, factors = matrix.as_coeff_matrices()
        return coefficient, tuple(factors)
    return sp.S.One, (matrix,)


def product_of(left: MatrixExpr, right: MatrixExpr) -> MatrixExpr:
    """left · right as one flat product; nothing is multiplied out."""
    p, before = factors_of(left)
    q, after = factors_of(right)
    factors = [f for f in (*before, *after) if not isinstance(f, sp.Identity)]
    scalar = [] if p * q == 1 else [p * q]
    if not factors:
        factors = [before[0]]
    return sp.MatMul(*scalar, *factors) if len(scalar) + len(factors) > 1 else factors[0]


def multiplied(left: MatrixExpr, right: MatrixExpr) -> MatrixExpr:
    """left · right with neighbours that are explicit multiplied out."""
    if isinstance(left, RationalMatrix) and isinstance(right, RationalMatrix):
        return left.times(right)
    if isinstance(left, sp.ZeroMatrix) or isinstance(right, sp.ZeroMatrix):
        return sp.ZeroMatrix(left.shape[0], right.shape[1])
    p, before = factors_of(left)
    q, after = factors_of(right)
    if _is_explicit(before[-1]) and _is_explicit(after[0]):
        middle = _explicit_product(before[-1], after[0])
        outer = (*before[:-1], middle, *after[1:])
    else:
        outer = (*before, *after)
    return _as_product(p * q, outer)


def added(terms: Iterable[MatrixExpr]) -> MatrixExpr:
    """The sum; explicit summands are added, equal ones are counted, zeros are left out."""
    given = list(terms)
    terms = [t for t in given if not _is_plainly_zero(t)] or given[:1]
    numbers = [t for t in terms if isinstance(t, RationalMatrix)]
    others = [t.as_explicit() if isinstance(t, RationalMatrix) else t for t in terms]
    if len(numbers) == len(terms):
        total = numbers[0]
        for number in numbers[1:]:
            total = total.plus(number)
        return total
    if len(others) == 1:
        return others[0]
    atoms = sum(isinstance(t, sp.MatrixSymbol) for t in others)
    products = sum(isinstance(t, sp.MatMul) for t in others)
    if atoms == products == 1 and len(others) == 2:
        # SymPy's order, without its recursion into deeply nested terms
        return sp.MatAdd(*sorted(others, key=lambda t: t.class_key()))
    result: MatrixExpr = sp.MatAdd(*others).doit(deep=False)
    return exact_matrix(result.applyfunc(sp.expand)) if isinstance(result, MatrixBase) else result


def scaled(scalar: sp.Expr, matrix: MatrixExpr) -> MatrixExpr:
    """scalar · matrix, with the scalar in every summand."""
    if isinstance(matrix, sp.ZeroMatrix) or scalar == 1:
        return matrix
    parts = (factors_of(term) for term in terms_of(matrix))
    return added(_as_product(scalar * c, factors) for c, factors in parts)


def _as_product(scalar: sp.Expr, factors: Sequence[MatrixExpr]) -> MatrixExpr:
    """A product in the form that SymPy's ``*`` gives it."""
    kept = [f for f in factors if not isinstance(f, sp.Identity)] or [factors[0]]
    if scalar == 0:
        return sp.ZeroMatrix(factors[0].shape[0], factors[-1].shape[1])
    if len(kept) == 1:
        if scalar == 1:
            return kept[0]
        if _is_explicit(kept[0]):
            entries = kept[0].as_explicit().applyfunc(lambda e: sp.expand(scalar * e))
            return exact_matrix(entries)
    kept = [f.as_explicit() if isinstance(f, RationalMatrix) else f for f in kept]
    return sp.MatMul(*([] if scalar == 1 else [scalar]), *kept)


def _is_explicit(matrix: MatrixExpr) -> bool:
    return isinstance(matrix, RationalMatrix | MatrixBase)


def _explicit_product(left: MatrixExpr, right: MatrixExpr) -> MatrixExpr:
    p, q = as_rational(left), as_rational(right)
    if p is not None and q is not None:
        return p.times(q)
    return exact_matrix((left.as_explicit() * right.as_explicit()).applyfunc(sp.expand))


def _is_plainly_zero(matrix: MatrixExpr) -> bool:
    """Seen at once, without a look at the entries of a SymPy matrix."""
    if isinstance(matrix, RationalMatrix):
        return matrix.is_zero_matrix
    return isinstance(matrix, sp.ZeroMatrix)


def is_identity(matrix: MatrixExpr) -> bool:
    """Whether the matrix is seen to be the identity."""
    if isinstance(matrix, sp.Identity):
        return True
    rational = as_rational(matrix)
    if rational is None or rational.shape[0] != rational.shape[1]:
        # flint calls a matrix with ones on its diagonal one, also where it is not square
        return False
    return rational.denominator == 1 and bool(rational.numerators.is_one())


def is_zero(matrix: MatrixExpr) -> bool:
    """Whether the matrix is seen to be zero."""
    if isinstance(matrix, sp.ZeroMatrix):
        return True
    rational = as_rational(matrix)
    return rational is not None and rational.is_zero_matrix


def is_permutation(matrix: MatrixExpr) -> bool:
    """Whether the matrix is seen to be a permutation of the unit vectors."""
    if isinstance(matrix, PermutationMatrix):
        return True
    rational = as_rational(matrix)
    if rational is None or rational.denominator != 1:
        return False
    rows, cols = (int(s) for s in rational.shape)
    ones = [divmod(k, cols) for k, n in enumerate(rational.flat()) if n == 1]
    zeros = rational.flat().count(0)
    return (
        rows == cols == len(ones) == len({i for i, _ in ones}) == len({j for _, j in ones})
        and zeros == rows * cols - rows
    )
