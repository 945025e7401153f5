"""Traces and determinants."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from .._algebra import inner, times, transposed
from ._base import Differential, NodeRule


class TraceRule(NodeRule):
    """d tr(A) = tr(dA) = <I, dA>."""

    kinds = (sp.Trace,)
    name = "trace"
    statement = "d tr(A) = <I, dA>"

    def push(self, node: Any, d: Differential) -> Any:
        return inner(sp.Identity(node.arg.shape[0]), d.push(node.arg))

    def pull(self, node: Any, adjoint: Any, d: Differential) -> Iterator[tuple[Any, Any]]:
        yield node.arg, times(adjoint, sp.Identity(node.arg.shape[0]))

    def examples(self) -> Iterator[tuple[Any, sp.MatrixSymbol]]:
        A, B = sp.MatrixSymbol("A", 2, 3), sp.MatrixSymbol("B", 3, 2)
        yield sp.Trace(sp.MatMul(A, B)), B
        yield 3 * sp.Trace(sp.MatMul(A, B)) ** 2, A


class DeterminantRule(NodeRule):
    """d det(A) = det(A) <A^-T, dA>, where A has an inverse."""

    kinds = (sp.Determinant,)
    name = "determinant"
    statement = "d det(A) = det(A) <A^-T, dA>"

    def push(self, node: Any, d: Differential) -> Any:
        return node * inner(transposed(sp.Inverse(node.arg)), d.push(node.arg))

    def pull(self, node: Any, adjoint: Any, d: Differential) -> Iterator[tuple[Any, Any]]:
        yield node.arg, times(adjoint, node, transposed(sp.Inverse(node.arg)))

    def examples(self) -> Iterator[tuple[Any, sp.MatrixSymbol]]:
        A = sp.MatrixSymbol("A", 2, 2)
        yield sp.Determinant(A), A
        yield sp.log(sp.Determinant(sp.MatMul(A, sp.Transpose(A)))), A
