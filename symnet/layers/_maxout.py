"""Maxout."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.matrixbase import MatrixBase

from ..base import Apply, Network
from ..errors import ShapeError
from ..sizes import as_size
from ._greatest import Greatest


class Maxout(Network):
    """x -> the greatest of each group of k consecutive entries, n -> n/k.

    After a linear layer it is a maximum of k affine functions, so any convex function can be
    approached. A number of inputs must be a multiple of k; a symbol for it is taken as one.

    Parameters
    ----------
    k : int or positive integer symbol
        The size of a group.

    Raises
    ------
    ShapeError
        If k is not a positive integer, or does not divide the number of inputs.

    Examples
    --------
    >>> import symnet as sn
    >>> sn.Maxout(2)([1, 4, 3, 2])
    Matrix([
    [4],
    [3]])

    Source: Goodfellow, Warde-Farley, Mirza, Courville and Bengio, Maxout networks, 2013.
    """

    piecewise_linear = True
    is_homogeneous = True

    def __new__(cls, k: Any) -> Maxout:
        self: Maxout = sp.Basic.__new__(cls, as_size(k, "the group size k of Maxout"))
        return self

    @property
    def k(self) -> sp.Expr:
        """The size of a group."""
        return self.args[0]

    @property
    def name_latex(self) -> str:
        return rf"\operatorname{{Maxout}}_{{{sp.latex(self.k)}}}"

    @property
    def written_parameters(self) -> tuple[sp.Expr, ...]:
        return tuple(self.args)

    def features(self, inputs: sp.Expr | None) -> sp.Expr | None:
        if inputs is None:
            return None
        groups = inputs / self.k
        if groups.is_integer is False:
            raise ShapeError(
                f"{self} takes groups of {self.k}, and {inputs} is no multiple of {self.k}; "
                f"give the layer before it a multiple of {self.k} outputs"
            )
        return groups

    def inputs_for(self, outputs: sp.Expr) -> sp.Expr:
        return outputs * self.k

    def forward(self, x: MatrixExpr) -> MatrixExpr:
        self.features(x.shape[0])
        if isinstance(x, MatrixBase) and self.k.is_Integer:
            return self.definition(x)
        return Apply(self, x)

    def definition(self, x: MatrixExpr) -> MatrixExpr:
        greatest = Greatest(x, self.k)
        known = isinstance(x, MatrixBase) and self.k.is_Integer
        return greatest.as_explicit() if known else greatest
