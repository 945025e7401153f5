"""Transposes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from .._algebra import is_column, transposed
from ._base import Differential, NodeRule


class TransposeRule(NodeRule):
    """d(A^T) = (dA)^T."""

    kinds = (sp.Transpose,)
    name = "transpose"
    statement = "d(A^T) = (dA)^T"

    def push(self, node: Any, d: Differential) -> Any:
        return transposed(d.push(node.arg))

    def pull(self, node: Any, adjoint: Any, d: Differential) -> Iterator[tuple[Any, Any]]:
        yield node.arg, transposed(adjoint)

    def jacobian(self, node: Any, d: Differential) -> Any:
        if not is_column(node):
            return super().jacobian(node, d)
        return d.jacobian(node.arg)

    def examples(self) -> Iterator[tuple[Any, sp.MatrixSymbol]]:
        A, x = sp.MatrixSymbol("A", 2, 3), sp.MatrixSymbol("x", 3, 1)
        yield sp.Transpose(A), A
        yield sp.MatMul(A, x, sp.Transpose(x), x), x
