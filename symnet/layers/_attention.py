"""Softmax attention, as an expression in queries, keys and values."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.matrixbase import MatrixBase

from ..errors import ShapeError
from ..exact.convert import exact_matrix
from ..exact.rational_matrix import RationalMatrix
from ..exact.shapes import same_size
from ._softmax import Softmax


def attention(Q: Any, K: Any, V: Any) -> MatrixExpr:
    """V softmax(K^T Q / sqrt d): every query gets a mean of the values, weighted by its keys.

    Columns are tokens. For one query q with the weights p = softmax(K^T q / sqrt d) the Jacobian by
    q is V (diag(p) - p p^T) K^T / sqrt d; the order of the keys does not matter if the values are
    in the same one.

    Parameters
    ----------
    Q : (d, s) queries
    K : (d, t) keys
    V : (e, t) values

    Raises
    ------
    ShapeError
        Where the sizes do not fit.

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> d, t = sp.symbols("d t", integer=True, positive=True)
    >>> q, K, V = (sp.MatrixSymbol(*s) for s in (("q", d, 1), ("K", d, t), ("V", d, t)))
    >>> sn.attention(q, K, V)
    V*softmax(1/sqrt(d)*K.T*q)
    >>> sn.attention([[1], [0]], [[0, 0], [1, 2]], [[3, 5]])
    Matrix([[4]])

    Source: Vaswani et al., Attention is all you need, 2017, equation 1.
    """
    queries, keys, values = (
        _outward(exact_matrix(m, name, column=True)) for m, name in ((Q, "Q"), (K, "K"), (V, "V"))
    )
    for name, a, b, what in (
        ("Q", queries.shape[0], keys.shape[0], "rows"),
        ("V", values.shape[1], keys.shape[1], "columns"),
    ):
        if not same_size(sp.sympify(a), sp.sympify(b)):
            raise ShapeError(f"{name} has {a} {what} and K has {b}; attention needs as many")
    scale = 1 / sp.sqrt(sp.sympify(queries.shape[0]))
    if all(isinstance(m, MatrixBase) for m in (queries, keys)):
        weights = Softmax()(scale * keys.T * queries)
        return values * weights if isinstance(values, MatrixBase) else sp.MatMul(values, weights)
    return sp.MatMul(values, Softmax()(sp.MatMul(scale, sp.Transpose(keys), queries)))


def _outward(matrix: MatrixExpr) -> MatrixExpr:
    return matrix.as_explicit() if isinstance(matrix, RationalMatrix) else matrix
