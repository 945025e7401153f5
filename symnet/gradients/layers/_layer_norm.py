"""Layer normalisation: (C - h h^T / n) / sigma with h the normalised column."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

from ...base import Apply, Network
from ...exact.scalars import Norm
from ...layers._entrywise import EntrywisePower, repeated, scale
from ...layers._layer_norm import LayerNorm
from .._algebra import diagonal, hadamard, is_column, plus, times, transposed
from ._base import LayerRule


class LayerNormRule(LayerRule):
    """h = C z / sigma, C = I - 1 1^T / n, sigma^2 = |C z|^2 / n + eps.

    d sigma = (C z)^T dz / (n sigma), so dh = (C - h h^T / n) dz / sigma: symmetric.
    """

    layer = LayerNorm
    statement = "dh = (C - h h^T / n) dz / sigma, for h = C z / sigma"
    source = "Ba, Kiros and Hinton, Layer normalization, 2016; by the product rule"

    def covers(self, layer: Network) -> bool:
        gamma, beta = layer.columns
        return isinstance(gamma, sp.OneMatrix) and isinstance(beta, sp.ZeroMatrix)

    def jacobian(self, layer: Any, z: Any) -> Any:
        size, h = z.shape[0], Apply(layer, z)
        deviation = sp.sqrt(Norm(times(_centring(size), z)) ** 2 / size + layer.eps)
        outer = times(-1 / size, h, transposed(h))
        return times(1 / deviation, plus(_centring(size), outer))

    def push(self, layer: Any, z: Any, dz: Any) -> Any:
        if is_column(z):
            return times(self.jacobian(layer, z), dz)
        size, count = z.shape
        h, centring = Apply(layer, z), _centring(size)
        squares = times(
            1 / size, EntrywisePower(transposed(times(centring, z)), sp.Integer(2)),
            sp.OneMatrix(size, 1),
        )  # fmt: skip
        inverse = diagonal(scale(sp.OneMatrix(count, 1), squares, layer.eps))
        means = times(1 / size, sp.OneMatrix(size, size), hadamard(h, dz))
        return times(plus(times(centring, dz), times(-1, hadamard(h, means))), inverse)

    def pull(self, layer: Any, z: Any, adjoint: Any) -> Any:
        return self.push(layer, z, adjoint)


def scaled_and_shifted(layer: LayerNorm, z: MatrixExpr) -> Any:
    """diag(gamma) h + beta."""
    gamma, beta = layer.columns
    size, count = z.shape
    plain = LayerNorm.build(sp.OneMatrix(size, 1), sp.ZeroMatrix(size, 1), layer.eps)
    value = times(diagonal(gamma), Apply(plain, z))
    return plus(value, repeated(beta, count))


def _centring(size: sp.Expr) -> Any:
    """C = I - 1 1^T / n, which takes the mean away."""
    return plus(sp.Identity(size), times(-1 / size, sp.OneMatrix(size, size)))
