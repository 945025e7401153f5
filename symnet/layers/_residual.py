"""A network with a skip connection."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

from ..errors import LayerError, ShapeError
from ..exact.shapes import same_size
from ._branches import Branches, count_of
from ._entrywise import total


class Residual(Branches):
    """x -> f(x) + x.

    Parameters
    ----------
    f : Network
        It gives as many numbers as it takes.

    Raises
    ------
    ShapeError
        Where it does not, for some value of the symbols.

    Examples
    --------
    >>> import symnet as sn
    >>> net = sn.Residual(sn.Linear(3, 3))
    >>> net(net.input)
    (W_1*x + b_1) + x

    Source: He, Zhang, Ren and Sun, Deep residual learning for image recognition, 2016.
    """

    def __new__(cls, *networks: Any) -> Any:
        if len(networks) > 1:
            raise LayerError(
                f"Residual takes one network, and got {len(networks)}; "
                "put them one after the other: Residual(Sequential(f, g))"
            )
        return super().__new__(cls, *networks)

    def features(self, inputs: sp.Expr | None) -> sp.Expr | None:
        return self.in_features if inputs is None else inputs

    def forward(self, x: MatrixExpr) -> MatrixExpr:
        return total([self.children[0](x), x])

    definition = forward

    def _check_shapes(self) -> None:
        network = self.children[0]
        taken, (given,) = self._inputs(), self._outputs()
        if given is not None and not same_size(taken, given):
            raise ShapeError(
                f"Residual adds {network} to its input, and {network} takes {count_of(taken)} "
                f"and gives {count_of(given)}; both must be the same"
            )
