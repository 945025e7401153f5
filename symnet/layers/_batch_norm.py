"""Batch normalisation at inference."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.matrixbase import MatrixBase

from ..errors import WeightError
from ..exact.convert import exact_matrix
from ..exact.rational_matrix import RationalMatrix
from ._entrywise import diagonal, explicit, repeated, scale
from ._normalisation import Normalisation


class BatchNorm(Normalisation):
    r"""x -> gamma (x - mu) / sqrt(v + eps) + beta, entry by entry.

    At inference mu and v are numbers that training left, not the statistics of this input; so the
    layer is affine: W x + b with W = diag(gamma / sqrt(v + eps)) and b = beta - W mu.

    Parameters
    ----------
    size : int or positive integer symbol
        The parameters are then symbols, columns (size, 1), which a :class:`Sequential` numbers.

    or

    gamma, beta, mu, v : (size, 1) columns, or flat lists; gamma and beta may be None for 1 and 0
        v holds variances, so none of its entries is negative.
    eps : number or scalar expression
        1/100000 where it is left out.
    affine : bool
        Whether there are a gamma and a beta, where a size is given.

    Examples
    --------
    >>> import symnet as sn
    >>> sn.BatchNorm([2], [5], [1], [3], eps=1)([4])
    Matrix([[8]])
    >>> sn.BatchNorm([1, 1], [0, 0], [0, 0], [2, 3], eps=0).affine_parts(2)[0]
    Matrix([
    [sqrt(2)/2,         0],
    [        0, sqrt(3)/3]])

    Source: Ioffe and Szegedy, Batch normalization, 2015, section 3.1.
    """

    roles = ("gamma", "beta", "mu", "v", "epsilon")
    torch = "BatchNorm1d"
    onnx = "BatchNormalization"

    @classmethod
    def _check(cls, columns: Sequence[MatrixExpr], eps: sp.Expr) -> None:
        v = columns[3]
        entries = v.as_explicit() if isinstance(v, RationalMatrix | MatrixBase) else ()
        for k, entry in enumerate(entries):
            if entry.is_negative:
                raise WeightError(f"v[{k}] is {entry}; it is a variance, so it is not negative")
            if entry + eps == 0:
                raise WeightError(
                    f"v[{k}] + eps is 0, and BatchNorm divides by its root; give an eps"
                )

    def definition(self, x: MatrixExpr) -> MatrixExpr:
        gamma, beta, mu, v = self.columns
        count = x.shape[1]
        weight = diagonal(scale(gamma, v, self.eps))
        value = weight * (x - repeated(mu, count))
        return value if isinstance(beta, sp.ZeroMatrix) else value + repeated(beta, count)

    def affine_parts(self, inputs: sp.Expr | None) -> tuple[MatrixExpr, MatrixExpr]:
        gamma, beta, mu, v = self.columns
        weight = diagonal(scale(gamma, v, self.eps))
        bias = explicit(beta - weight * mu)
        return exact_matrix(weight), exact_matrix(bias)
