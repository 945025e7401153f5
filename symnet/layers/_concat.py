"""Branches that are stacked."""

from __future__ import annotations

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.matrixbase import MatrixBase

from ._branches import _ANY, Branches


class Concat(Branches):
    """x -> [f(x); g(x); …], one below the other.

    Parameters
    ----------
    *networks : Network
        They take the same number of inputs; the numbers of outputs are added.

    Raises
    ------
    ShapeError
        Where two branches take different sizes, for some value of the symbols.

    Examples
    --------
    >>> import symnet as sn
    >>> sn.Concat(sn.Linear(3, 2), sn.Linear(3, 4)).out_features
    6
    >>> sn.Concat(sn.ReLU(), sn.Step())([5])
    Matrix([
    [5],
    [1]])

    Source: Szegedy et al., Going deeper with convolutions, 2015; ONNX for the name.
    """

    onnx = "Concat"

    def features(self, inputs: sp.Expr | None) -> sp.Expr | None:
        sizes = [branch.features(inputs) for branch in self.children]
        return None if None in sizes else sp.Add(*sizes)

    def inputs_for(self, outputs: sp.Expr) -> sp.Expr | None:
        if self.in_features is not None:
            return self.in_features
        each = self.features(_ANY)
        ratio = None if each is None else each / _ANY
        return outputs / ratio if ratio is not None and ratio.is_Rational else None

    def forward(self, x: MatrixExpr) -> MatrixExpr:
        parts = [branch(x) for branch in self.children]
        if all(isinstance(part, MatrixBase) for part in parts):
            return sp.ImmutableDenseMatrix.vstack(*parts)
        return sp.BlockMatrix([[part] for part in parts])

    definition = forward
