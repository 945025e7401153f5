"""Inverses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from .._algebra import times, transposed
from ._base import Differential, NodeRule


class InverseRule(NodeRule):
    """d(A^-1) = -A^-1 dA A^-1."""

    kinds = (sp.Inverse,)
    name = "inverse"
    statement = "d(A^-1) = -A^-1 dA A^-1"

    def push(self, node: Any, d: Differential) -> Any:
        return times(-1, node, d.push(node.arg), node)

    def pull(self, node: Any, adjoint: Any, d: Differential) -> Iterator[tuple[Any, Any]]:
        turned = transposed(node)
        yield node.arg, times(-1, turned, adjoint, turned)

    def examples(self) -> Iterator[tuple[Any, sp.MatrixSymbol]]:
        A, B = sp.MatrixSymbol("A", 2, 2), sp.MatrixSymbol("B", 2, 3)
        yield sp.MatMul(sp.Inverse(A), B), A
