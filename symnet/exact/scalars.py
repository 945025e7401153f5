"""Numbers made of matrices, as expressions: inner products and norms, not carried out."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.core.basic import Basic
from sympy.matrices.matrixbase import MatrixBase
from sympy.printing.precedence import PRECEDENCE

from ..errors import ShapeError, WeightError
from .convert import exact_matrix
from .shapes import same_size


class MatrixScalar(sp.Expr):
    """A real number that depends on matrices; ``doit`` gives it where they are explicit."""

    is_commutative = True
    is_real = True
    is_extended_real = True

    def __new__(cls, *args: Any) -> Any:
        return Basic.__new__(cls, *(sp.sympify(a) for a in args))

    def doit(self, **hints: Any) -> Any:
        deep = hints.get("deep", True)
        args = [a.doit(**hints) for a in self.args] if deep else self.args
        args = [_explicit(a) for a in args]
        if all(isinstance(a, MatrixBase) for a in args if getattr(a, "is_Matrix", False)):
            return self._value(*args)
        return self.func(*args)

    def _value(self, *args: Any) -> sp.Expr:
        raise NotImplementedError

    def _eval_derivative(self, symbol: Any) -> sp.Expr:
        if not self.has(symbol):
            return sp.S.Zero
        return sp.Derivative(self, symbol, evaluate=False)

    def _eval_is_zero(self) -> bool | None:
        return None


def _explicit(part: Any) -> Any:
    """A matrix entry by entry where nothing in it is a symbol for a matrix or a size."""
    if not getattr(part, "is_Matrix", False) or isinstance(part, MatrixBase):
        return part
    known = all(sp.sympify(size).is_Integer for size in part.shape)
    if not known or part.atoms(sp.MatrixSymbol):
        return part
    return sp.ImmutableDenseMatrix(part.as_explicit())


class Inner(MatrixScalar):
    """<A, B>, the sum of all a_ij b_ij; for columns a^T b.

    Examples
    --------
    >>> Inner(sp.ImmutableMatrix([1, 2]), sp.ImmutableMatrix([3, 4])).doit()
    11
    >>> n = sp.Symbol("n", integer=True, positive=True)
    >>> Inner(sp.MatrixSymbol("a", n, 1), sp.MatrixSymbol("b", n, 1))
    a.T*b
    """

    # for columns it is written as a product
    precedence = PRECEDENCE["Mul"]

    def _value(self, a: Any, b: Any) -> sp.Expr:
        return sp.Add(*(p * q for p, q in zip(a.flat(), b.flat(), strict=True)))

    def _written(self) -> Any:
        a, b = self.args
        if isinstance(a, sp.OneMatrix) and a.shape == (1, 1):
            return b
        if a.shape[1] == 1:
            return sp.MatMul(_transposed(a), b)
        if a.shape[0] == 1:
            return sp.MatMul(a, _transposed(b))
        if isinstance(a, sp.OneMatrix):
            rows, cols = a.shape
            return sp.MatMul(sp.OneMatrix(1, rows), b, sp.OneMatrix(cols, 1))
        return None

    def _sympystr(self, printer: Any) -> str:
        written = self._written()
        if written is not None:
            return str(printer._print(written))
        return f"<{', '.join(printer._print(a) for a in self.args)}>"

    def _latex(self, printer: Any) -> str:
        written = self._written()
        if written is not None:
            return str(printer._print(written))
        inside = ", ".join(printer._print(a) for a in self.args)
        return rf"\left\langle {inside} \right\rangle"


def _transposed(a: Any) -> Any:
    if isinstance(a, sp.OneMatrix):
        return sp.OneMatrix(*reversed(a.shape))
    return a.arg if isinstance(a, sp.Transpose) else sp.Transpose(a)


class Norm(MatrixScalar):
    """(sum of all |a_ij|^p)^(1/p), of a column its p-norm; p is 1 or 2.

    Examples
    --------
    >>> Norm(sp.ImmutableMatrix([3, -4])).doit(), Norm(sp.ImmutableMatrix([3, -4]), 1).doit()
    (5, 7)
    """

    is_nonnegative = True

    def __new__(cls, matrix: Any, p: Any = 2) -> Any:
        return super().__new__(cls, matrix, p)

    def _value(self, matrix: Any, p: sp.Expr) -> sp.Expr:
        if p == 1:
            return sp.Add(*(abs(entry) for entry in matrix.flat()))
        return sp.sqrt(sp.Add(*(entry**2 for entry in matrix.flat())))

    def _sympystr(self, printer: Any) -> str:
        matrix, p = self.args
        return f"|{printer._print(matrix)}|" + ("" if p == 2 else f"_{p}")

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        matrix, p = self.args
        below = "" if p == 2 else f"_{{{p}}}"
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"\left\lVert {printer._print(matrix)} \right\rVert{below}{power}"


def norm(matrix: Any, p: Any = 2) -> sp.Expr:
    """The p-norm of all entries of a matrix, p = 1 or 2: a number where the matrix is explicit.

    >>> norm([3, -4]), norm(sp.MatrixSymbol("W", 2, 2)) ** 2
    (5, |W|**2)
    """
    if p not in (1, 2):
        raise WeightError(f"norm takes p = 1 or 2, and got {p}")
    return Norm(exact_matrix(matrix, "the matrix", column=True), p).doit(deep=False)


def inner(a: Any, b: Any) -> sp.Expr:
    """<A, B>, the sum of all a_ij b_ij: a number where both matrices are explicit.

    >>> inner([1, 2], [3, 4])
    11
    """
    left, right = (exact_matrix(m, what, column=True) for m, what in ((a, "A"), (b, "B")))
    if not all(map(same_size, map(sp.sympify, left.shape), map(sp.sympify, right.shape))):
        raise ShapeError(
            f"A has shape {tuple(left.shape)} and B has shape {tuple(right.shape)}; an inner "
            "product is that of matrices of one shape"
        )
    return Inner(left, right).doit(deep=False)
