"""Layers: entrywise ones by the chain rule, the others as their own rules say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from ...activations._prelu import PReLU
from ...activations._tanh import Tanh
from ...base import Apply
from ...layers._batch_norm import BatchNorm
from ...layers._layer_norm import LayerNorm
from ...layers._max import Max
from ...layers._maxout import Maxout
from ...layers._softmax import Softmax
from .._algebra import diagonal, hadamard, inner, is_column, plus, times
from .._slope import by_parameters, slope_at
from ..layers import rule_of_layer, unfolded
from ._base import Differential, NodeRule


class ApplicationRule(NodeRule):
    """d f(Z) = f'(Z) ∘ dZ for an entrywise f; the Jacobian at a column is diag(f'(z))."""

    kinds = (Apply,)
    name = "chain rule"
    statement = "d f(Z) = f'(Z) ∘ dZ"

    def parts(self, node: Any, d: Differential) -> tuple[Any, ...]:
        if not node.layer.is_elementwise and rule_of_layer(node.layer) is None:
            return (unfolded(node),)
        return tuple(p for p in (node.argument, *_parameters(node.layer, d)) if d.depends(p))

    def push(self, node: Any, d: Differential) -> Any:
        layer, z = node.layer, node.argument
        rule = rule_of_layer(layer)
        if rule is not None:
            return rule.push(layer, z, d.push(z))
        if not layer.is_elementwise:
            return d.push(unfolded(node))
        own = [times(d.push(s), by_parameters(layer, z, s)) for s in _parameters(layer, d)]
        return plus(hadamard(slope_at(layer, z), d.push(z)), *own)

    def pull(self, node: Any, adjoint: Any, d: Differential) -> Iterator[tuple[Any, Any]]:
        layer, z = node.layer, node.argument
        rule = rule_of_layer(layer)
        if rule is not None:
            yield z, rule.pull(layer, z, adjoint)
        elif not layer.is_elementwise:
            yield unfolded(node), adjoint
        else:
            if d.depends(z):
                yield z, hadamard(slope_at(layer, z), adjoint)
            for symbol in _parameters(layer, d):
                yield symbol, inner(adjoint, by_parameters(layer, z, symbol))

    def jacobian(self, node: Any, d: Differential) -> Any:
        layer, z = node.layer, node.argument
        if not is_column(z):
            return super().jacobian(node, d)
        rule = rule_of_layer(layer)
        if rule is not None:
            return times(rule.jacobian(layer, z), d.jacobian(z))
        if not layer.is_elementwise:
            return d.jacobian(unfolded(node))
        return times(diagonal(slope_at(layer, z)), d.jacobian(z))

    def examples(self) -> Iterator[tuple[Any, sp.MatrixSymbol]]:
        x, eps = sp.MatrixSymbol("x", 2, 1), sp.Symbol("epsilon", positive=True)
        B, slope = sp.MatrixSymbol("B", 2, 2), sp.Symbol("a", real=True)
        columns = [sp.MatrixSymbol(name, 2, 1) for name in ("gamma", "beta", "mu", "v")]
        norm = BatchNorm(*columns, eps=eps)
        for layer, size in (
            (Tanh(), 2), (Softmax(), 2), (LayerNorm(3, eps=eps), 3), (Max(), 3), (Maxout(2), 4),
            (norm, 2),
        ):  # fmt: skip
            A = sp.MatrixSymbol("A", size, 2)
            yield Apply(layer, sp.MatMul(A, x)), x
            yield Apply(layer, sp.MatMul(A, B)), B
        A = sp.MatrixSymbol("A", 2, 2)
        yield Apply(norm, sp.MatMul(A, B)), columns[0]
        yield Apply(PReLU(slope), sp.MatMul(A, B)), slope


def _parameters(layer: Any, d: Differential) -> list[sp.Symbol]:
    return [s for s in sorted(layer.free_symbols, key=str) if d.depends(s)]
