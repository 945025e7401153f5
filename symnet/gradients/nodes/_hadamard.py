"""Products entry by entry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from .._algebra import diagonal, hadamard, is_column, plus, times
from ._base import Differential, NodeRule


class HadamardRule(NodeRule):
    """d(A ∘ B) = dA ∘ B + A ∘ dB."""

    kinds = (sp.HadamardProduct,)
    name = "entrywise product"
    statement = "d(A ∘ B) = dA ∘ B + A ∘ dB"

    def push(self, node: Any, d: Differential) -> Any:
        return plus(
            *(hadamard(*rest, d.push(factor)) for factor, rest in _each(node) if d.depends(factor))
        )

    def pull(self, node: Any, adjoint: Any, d: Differential) -> Iterator[tuple[Any, Any]]:
        for factor, rest in _each(node):
            if d.depends(factor):
                yield factor, hadamard(*rest, adjoint)

    def jacobian(self, node: Any, d: Differential) -> Any:
        if not is_column(node):
            return super().jacobian(node, d)
        return plus(
            *(
                times(diagonal(hadamard(*rest)), d.jacobian(factor))
                for factor, rest in _each(node)
                if d.depends(factor)
            )
        )

    def examples(self) -> Iterator[tuple[Any, sp.MatrixSymbol]]:
        A, B, x = (sp.MatrixSymbol(*s) for s in (("A", 2, 3), ("B", 2, 3), ("x", 3, 1)))
        yield sp.HadamardProduct(A, B, A), A
        yield sp.HadamardProduct(x, sp.MatMul(sp.Transpose(A), A, x), x), x


def _each(node: Any) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """Every factor, and the others."""
    for k, factor in enumerate(node.args):
        yield factor, (*node.args[:k], *node.args[k + 1 :])
