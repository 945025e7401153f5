"""Softmax: diag(p) - p p^T."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ...base import Apply
from ...layers._softmax import Softmax
from .._algebra import diagonal, hadamard, is_column, plus, times, transposed
from ._base import LayerRule


class SoftmaxRule(LayerRule):
    """The Jacobian of p = softmax(z) is diag(p) - p p^T, which is symmetric."""

    layer = Softmax
    statement = "dp = (diag(p) - p p^T) dz"
    source = "Bridle 1990, equation 11"

    def jacobian(self, layer: Any, z: Any) -> Any:
        p = Apply(layer, z)
        return plus(diagonal(p), times(-1, p, transposed(p)))

    def push(self, layer: Any, z: Any, dz: Any) -> Any:
        if is_column(z):
            return times(self.jacobian(layer, z), dz)
        p = Apply(layer, z)
        size = z.shape[0]
        sums = times(sp.OneMatrix(size, size), hadamard(p, dz))
        return hadamard(p, plus(dz, times(-1, sums)))

    def pull(self, layer: Any, z: Any, adjoint: Any) -> Any:
        return self.push(layer, z, adjoint)
