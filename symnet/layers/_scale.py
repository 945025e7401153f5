"""Every entry times a number, plus a number."""

from __future__ import annotations

from typing import Any

import numpy as np
import sympy as sp

from ..errors import ShapeError
from ..exact.rational_matrix import RationalMatrix
from ..exact.sparse_matrix import SparseRationalMatrix
from ._structured import Structured, rational_column


class Scale(Structured):
    """x -> s x + t, entry by entry: W = diag(s), which is kept as s.

    Parameters
    ----------
    s : (n, 1) column of rational numbers, or a flat list
    t : the same, or None for 0

    Examples
    --------
    >>> import symnet as sn
    >>> sn.Scale([2, -1], [0, 5])([3, 4]).T
    Matrix([[6, 1]])

    Source: definition.
    """

    onnx = "Mul"

    def __new__(cls, s: Any, t: Any = None) -> Scale:
        factors = rational_column(s, "s")
        offset: Any = sp.ZeroMatrix(*factors.shape)
        if t is not None and not isinstance(t, sp.ZeroMatrix):
            offset = rational_column(t, "t")
            if offset.shape != factors.shape:
                raise ShapeError(f"s has {factors.shape[0]} entries and t has {offset.shape[0]}")
            if offset.is_zero_matrix:
                offset = sp.ZeroMatrix(*factors.shape)
        self: Scale = sp.Basic.__new__(cls, factors, offset)
        return self

    @property
    def factors(self) -> RationalMatrix:
        """s, a column."""
        matrix: RationalMatrix = self.args[0]
        return matrix

    @property
    def offset(self) -> RationalMatrix | sp.ZeroMatrix:
        return self.args[1]

    @property
    def in_features(self) -> sp.Expr:
        return self.args[0].shape[0]

    def features(self, inputs: sp.Expr | None) -> sp.Expr:
        return self.args[0].shape[0]

    @property
    def is_homogeneous(self) -> bool:  # type: ignore[override]
        return isinstance(self.offset, sp.ZeroMatrix)

    @property
    def own_parameters(self) -> dict[str, Any]:
        return (
            {"s": self.args[0]} if self.is_homogeneous else {"s": self.args[0], "t": self.args[1]}
        )

    def _make(self) -> SparseRationalMatrix:
        n = int(self.in_features)
        place = np.arange(n)
        return SparseRationalMatrix.of_entries(
            (n, n), place, place, self.factors.flat(), self.factors.denominator
        )

    def _sympystr(self, printer: Any) -> str:
        shown = self.args[:1] if self.is_homogeneous else self.args
        return f"Scale({', '.join(printer._print(a) for a in shown)})"
