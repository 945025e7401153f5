"""SymPy's own functions at every entry: ``(W*x).applyfunc(sin)``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from .._algebra import diagonal, hadamard, times
from ._base import Differential, NodeRule


class ApplyfuncRule(NodeRule):
    """d f(A) = f'(A) ∘ dA, for a function of SymPy at every entry."""

    kinds = (ElementwiseApplyFunction,)
    name = "function at every entry"
    statement = "d f(A) = f'(A) ∘ dA"

    def parts(self, node: Any, d: Differential) -> tuple[Any, ...]:
        return (node.expr,)

    def push(self, node: Any, d: Differential) -> Any:
        return hadamard(_slope(node), d.push(node.expr))

    def pull(self, node: Any, adjoint: Any, d: Differential) -> Iterator[tuple[Any, Any]]:
        yield node.expr, hadamard(_slope(node), adjoint)

    def jacobian(self, node: Any, d: Differential) -> Any:
        return times(diagonal(_slope(node)), d.jacobian(node.expr))

    def examples(self) -> Iterator[tuple[Any, sp.MatrixSymbol]]:
        W, x = sp.MatrixSymbol("W", 2, 3), sp.MatrixSymbol("x", 3, 1)
        t = sp.Dummy("t", real=True)
        inside = ElementwiseApplyFunction(sp.Lambda(t, t**3 + t), sp.MatMul(W, x))
        yield inside, x
        yield ElementwiseApplyFunction(sp.Lambda(t, t**2), inside), W


def _slope(node: Any) -> Any:
    """f'(A); a matrix of one number where f' is a constant."""
    t = sp.Dummy("t", real=True)
    slope = node.function(t).diff(t)
    if t not in slope.free_symbols:
        return times(slope, sp.OneMatrix(*node.expr.shape))
    return ElementwiseApplyFunction(sp.Lambda(t, slope), node.expr)
