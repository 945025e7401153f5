"""A linear layer that is mostly zero."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ..errors import LayerError, ShapeError
from ..exact.rational_matrix import RationalMatrix
from ..exact.sparse_matrix import SparseRationalMatrix
from ._structured import Structured, rational_column


class SparseLinear(Structured):
    """x -> W x + b, where only the entries of W that are not 0 are kept.

    Parameters
    ----------
    W : (out_features, in_features) SparseRationalMatrix
    b : (out_features, 1) column of rational numbers, or a flat list; None for no bias

    Examples
    --------
    >>> import symnet as sn
    >>> W = sn.SparseRationalMatrix.of_entries((2, 1000), [0, 1], [999, 3], [1, -2])
    >>> layer = sn.SparseLinear(W, [5, 0])
    >>> layer(list(range(1000))).T
    Matrix([[1004, -6]])

    Source: definition.
    """

    def __new__(cls, W: Any, b: Any = None) -> SparseLinear:
        if not isinstance(W, SparseRationalMatrix):
            raise LayerError(
                f"SparseLinear takes a SparseRationalMatrix, and got {type(W).__name__}; "
                "for a matrix with all its entries there is Linear"
            )
        offset: Any = sp.ZeroMatrix(W.shape[0], 1)
        if b is not None and not isinstance(b, sp.ZeroMatrix):
            offset = rational_column(b, "b")
            if offset.shape[0] != W.shape[0]:
                raise ShapeError(f"W has {W.shape[0]} rows and b has {offset.shape[0]} entries")
            if offset.is_zero_matrix:
                offset = sp.ZeroMatrix(W.shape[0], 1)
        self: SparseLinear = sp.Basic.__new__(cls, W, offset)
        return self

    @property
    def sparse(self) -> SparseRationalMatrix:
        matrix: SparseRationalMatrix = self.args[0]
        return matrix

    @property
    def offset(self) -> RationalMatrix | sp.ZeroMatrix:
        return self.args[1]

    @property
    def in_features(self) -> sp.Expr:
        return self.args[0].shape[1]

    def features(self, inputs: sp.Expr | None) -> sp.Expr:
        return self.args[0].shape[0]

    @property
    def own_parameters(self) -> dict[str, Any]:
        return {"W": self.args[0], "b": self.args[1]} if self.has_bias else {"W": self.args[0]}

    def _sympystr(self, printer: Any) -> str:
        shown = self.args if self.has_bias else self.args[:1]
        return f"SparseLinear({', '.join(printer._print(a) for a in shown)})"
