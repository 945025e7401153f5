"""The sum rule."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from .._algebra import plus
from ._base import Differential, NodeRule


class SumRule(NodeRule):
    """d(A + B) = dA + dB."""

    kinds = (sp.MatAdd,)
    name = "sum"
    statement = "d(A + B) = dA + dB"

    def push(self, node: Any, d: Differential) -> Any:
        return plus(*(d.push(term) for term in node.args))

    def pull(self, node: Any, adjoint: Any, d: Differential) -> Iterator[tuple[Any, Any]]:
        for term in node.args:
            yield term, adjoint

    def jacobian(self, node: Any, d: Differential) -> Any:
        return plus(*(d.jacobian(term) for term in node.args))

    def examples(self) -> Iterator[tuple[Any, sp.MatrixSymbol]]:
        A, B, x = (sp.MatrixSymbol(*s) for s in (("A", 2, 3), ("B", 2, 3), ("x", 3, 1)))
        yield sp.MatAdd(A, sp.MatMul(2, A), B), A
        yield sp.MatAdd(x, sp.MatMul(3, x)), x
