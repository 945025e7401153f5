"""Maxima: the derivative goes to the first of the greatest entries."""

from __future__ import annotations

from typing import Any, ClassVar

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.matrixbase import MatrixBase

from ...base import Apply, Network
from ...exact.cases import sign_of
from ...layers._max import Max
from ...layers._maxout import Maxout
from .._algebra import diagonal, hadamard, is_column, kronecker, times, transposed
from ._base import LayerRule


class Hardmax(Network):
    """1 at the first of the greatest entries of each group of k in every column, 0 elsewhere.

    >>> Hardmax(2)([1, 4, 3, 3]).T
    Matrix([[0, 1, 1, 0]])

    Source: ONNX's operator Hardmax.
    """

    onnx = "Hardmax"

    def __new__(cls, k: Any) -> Hardmax:
        self: Hardmax = sp.Basic.__new__(cls, sp.sympify(k))
        return self

    @property
    def name(self) -> str:
        return "hardmax"

    def forward(self, x: MatrixExpr) -> MatrixExpr:
        return self.definition(x)

    def definition(self, x: MatrixExpr) -> MatrixExpr:
        if not isinstance(x, MatrixBase) or not self.args[0].is_Integer:
            return Apply(self, x)
        size = int(self.args[0])
        result = sp.zeros(*x.shape)
        for j in range(x.shape[1]):
            for start in range(0, int(x.shape[0]), size):
                entries = [x[start + i, j] for i in range(size)]
                for i in range(size):
                    result[start + i, j] = _is_first_greatest(entries, i)
        return sp.ImmutableDenseMatrix(result)


class MaxoutRule(LayerRule):
    """y = S (D z) with D = diag(hardmax(z)) and S = I ⊗ 1^T, which adds up each group."""

    layer: ClassVar[type[Network]] = Maxout
    statement = "dy = (I ⊗ 1^T) diag(hardmax(z)) dz"
    source = "Goodfellow, Warde-Farley, Mirza, Courville and Bengio, Maxout networks, 2013"

    def group(self, layer: Any, z: Any) -> sp.Expr:
        """The size of a group."""
        return layer.k

    def jacobian(self, layer: Any, z: Any) -> Any:
        k = self.group(layer, z)
        return times(_sums(k, z.shape[0]), diagonal(Apply(Hardmax(k), z)))

    def push(self, layer: Any, z: Any, dz: Any) -> Any:
        k = self.group(layer, z)
        return times(_sums(k, z.shape[0]), hadamard(Apply(Hardmax(k), z), dz))

    def pull(self, layer: Any, z: Any, adjoint: Any) -> Any:
        k = self.group(layer, z)
        return hadamard(Apply(Hardmax(k), z), times(transposed(_sums(k, z.shape[0])), adjoint))


class MaxRule(MaxoutRule):
    """The same with one group."""

    layer: ClassVar[type[Network]] = Max
    statement = "dy = hardmax(z)^T dz"
    source = "definition"

    def group(self, layer: Any, z: Any) -> sp.Expr:
        return sp.sympify(z.shape[0])

    def jacobian(self, layer: Any, z: Any) -> Any:
        return transposed(Apply(Hardmax(z.shape[0]), z))

    def push(self, layer: Any, z: Any, dz: Any) -> Any:
        return times(self.jacobian(layer, z), dz) if is_column(z) else super().push(layer, z, dz)


def _sums(k: sp.Expr, size: sp.Expr) -> Any:
    groups = sp.sympify(size) / k
    row = sp.OneMatrix(1, k)
    return row if groups == 1 else kronecker(sp.Identity(groups), row)


def _is_first_greatest(entries: list[sp.Expr], place: int) -> sp.Expr:
    """1 or 0; where it depends on symbols, by cases."""
    conditions: list[Any] = []
    for k, other in enumerate(entries):
        if k == place:
            continue
        difference = entries[place] - other
        sign = sign_of(difference) if difference.is_number else None
        if sign is None:
            conditions.append(difference > 0 if k < place else difference >= 0)
        elif sign < 0 or (sign == 0 and k < place):
            return sp.S.Zero
    return sp.Piecewise((1, sp.And(*conditions)), (0, True)) if conditions else sp.S.One
