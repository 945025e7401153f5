"""Explicit matrices whose entries are formulas in symbols."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp
from sympy.matrices.matrixbase import MatrixBase

from .._algebra import inner, plus, times
from ._base import Differential, NodeRule


class ExplicitRule(NodeRule):
    """d(a_ij) = (da_ij), for symbols that are numbers."""

    kinds = (MatrixBase,)
    name = "explicit matrix"
    statement = "d(a_ij) = (da_ij)"

    def parts(self, node: Any, d: Differential) -> list[Any]:
        return _symbols(node, d)

    def push(self, node: Any, d: Differential) -> Any:
        return plus(*(times(d.push(s), _by(node, s)) for s in _symbols(node, d)))

    def pull(self, node: Any, adjoint: Any, d: Differential) -> Iterator[tuple[Any, Any]]:
        for symbol in _symbols(node, d):
            yield symbol, inner(adjoint, _by(node, symbol))

    def examples(self) -> Iterator[tuple[Any, sp.MatrixSymbol]]:
        t, A = sp.Symbol("t", real=True), sp.MatrixSymbol("A", 2, 2)
        yield sp.MatMul(sp.ImmutableDenseMatrix([[t, 2], [t**2, t]]), A), t


def _symbols(node: Any, d: Differential) -> list[sp.Symbol]:
    return [s for s in sorted(node.free_symbols, key=str) if d.depends(s)]


def _by(node: Any, symbol: sp.Symbol) -> Any:
    return sp.ImmutableDenseMatrix(node.diff(symbol))
