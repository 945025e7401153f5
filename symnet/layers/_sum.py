"""Branches that are added."""

from __future__ import annotations

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

from ._branches import Branches
from ._entrywise import total


class Sum(Branches):
    """x -> f(x) + g(x) + …

    Parameters
    ----------
    *networks : Network
        They take the same number of inputs and give the same number of outputs.

    Raises
    ------
    ShapeError
        Where two branches differ in size, for some value of the symbols.

    Examples
    --------
    >>> import symnet as sn
    >>> net = sn.Sum(sn.Linear(3, 2), sn.Linear(3, 2))
    >>> net(net.input)
    (W_1*x + b_1) + (W_2*x + b_2)
    >>> sn.Sum(sn.Identity(), sn.Abs())([-3, 3])
    Matrix([
    [0],
    [6]])

    Source: definition.
    """

    onnx = "Sum"

    def features(self, inputs: sp.Expr | None) -> sp.Expr | None:
        sizes = (branch.features(inputs) for branch in self.children)
        return next((size for size in sizes if size is not None), None)

    def forward(self, x: MatrixExpr) -> MatrixExpr:
        return total([branch(x) for branch in self.children])

    definition = forward

    def _check_shapes(self) -> None:
        super()._check_shapes()
        self._check_equal(list(self._outputs()), "gives")
