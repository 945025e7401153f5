"""Powers entry by entry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from ...layers._entrywise import EntrywisePower
from .._algebra import diagonal, hadamard, is_column, times
from ._base import Differential, NodeRule


class PowerRule(NodeRule):
    """d(A^(∘ p)) = p A^(∘ (p - 1)) ∘ dA."""

    kinds = (sp.HadamardPower,)
    name = "entrywise power"
    statement = "d(A^(∘ p)) = p A^(∘ (p - 1)) ∘ dA"

    def push(self, node: Any, d: Differential) -> Any:
        return hadamard(_slope(node), d.push(node.base))

    def pull(self, node: Any, adjoint: Any, d: Differential) -> Iterator[tuple[Any, Any]]:
        yield node.base, hadamard(_slope(node), adjoint)

    def jacobian(self, node: Any, d: Differential) -> Any:
        if not is_column(node):
            return super().jacobian(node, d)
        return times(diagonal(_slope(node)), d.jacobian(node.base))

    def examples(self) -> Iterator[tuple[Any, sp.MatrixSymbol]]:
        A, x = sp.MatrixSymbol("A", 2, 3), sp.MatrixSymbol("x", 3, 1)
        yield EntrywisePower(A, sp.Integer(3)), A
        yield EntrywisePower(A, sp.Integer(-1)), A
        yield EntrywisePower(sp.MatMul(A, x), sp.Integer(2)), x


def _slope(node: Any) -> Any:
    base, exponent = node.base, node.exp
    power = base if exponent == 2 else EntrywisePower(base, exponent - 1)
    if exponent == 1:
        power = sp.OneMatrix(*base.shape)
    return times(exponent, power)
