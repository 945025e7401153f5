"""Diagonal matrices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from .._algebra import diagonal, hadamard, row_sums
from ._base import Differential, NodeRule


class DiagonalRule(NodeRule):
    """d diag(u) = diag(du)."""

    kinds = (sp.DiagMatrix,)
    name = "diagonal matrix"
    statement = "d diag(u) = diag(du)"

    def push(self, node: Any, d: Differential) -> Any:
        return diagonal(d.push(node.args[0]))

    def pull(self, node: Any, adjoint: Any, d: Differential) -> Iterator[tuple[Any, Any]]:
        # the diagonal of G is (G ∘ I) 1
        yield node.args[0], row_sums(hadamard(adjoint, sp.Identity(node.shape[0])))

    def examples(self) -> Iterator[tuple[Any, sp.MatrixSymbol]]:
        A, x = sp.MatrixSymbol("A", 2, 3), sp.MatrixSymbol("x", 3, 1)
        yield sp.MatMul(A, sp.DiagMatrix(x)), x
        yield sp.DiagMatrix(sp.MatMul(A, x)), A
