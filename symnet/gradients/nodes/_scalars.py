"""Numbers made of matrices: inner products, norms, and functions of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from ...activations._sign import Sign
from ...base import Apply
from ...exact.scalars import Inner, MatrixScalar, Norm
from .._algebra import inner, is_column, plus, times, transposed
from ._base import Differential, NodeRule


class InnerRule(NodeRule):
    """d<A, B> = <dA, B> + <A, dB>."""

    kinds = (Inner,)
    name = "inner product"
    statement = "d<A, B> = <dA, B> + <A, dB>"

    def push(self, node: Any, d: Differential) -> Any:
        a, b = node.args
        return inner(d.push(a), b) + inner(a, d.push(b))

    def pull(self, node: Any, adjoint: Any, d: Differential) -> Iterator[tuple[Any, Any]]:
        a, b = node.args
        yield a, times(adjoint, b)
        yield b, times(adjoint, a)

    def jacobian(self, node: Any, d: Differential) -> Any:
        a, b = node.args
        if not is_column(a):
            return super().jacobian(node, d)
        parts = ((p, q) for p, q in ((a, b), (b, a)) if d.depends(p))
        return plus(*(times(transposed(q), d.jacobian(p)) for p, q in parts))

    def examples(self) -> Iterator[tuple[Any, sp.MatrixSymbol]]:
        A, x = sp.MatrixSymbol("A", 3, 3), sp.MatrixSymbol("x", 3, 1)
        yield Inner(x, sp.MatMul(A, x)), x
        yield Inner(A, sp.MatMul(A, A)), A


class NormRule(NodeRule):
    """d|A| = <A, dA> / |A|, and d|A|_1 = <sign A, dA>."""

    kinds = (Norm,)
    name = "norm"
    statement = "d|A| = <A, dA> / |A|"

    def push(self, node: Any, d: Differential) -> Any:
        return inner(_direction(node), d.push(node.args[0]))

    def pull(self, node: Any, adjoint: Any, d: Differential) -> Iterator[tuple[Any, Any]]:
        yield node.args[0], times(adjoint, _direction(node))

    def jacobian(self, node: Any, d: Differential) -> Any:
        if not is_column(node.args[0]):
            return super().jacobian(node, d)
        return times(transposed(_direction(node)), d.jacobian(node.args[0]))

    def examples(self) -> Iterator[tuple[Any, sp.MatrixSymbol]]:
        A, x = sp.MatrixSymbol("A", 2, 3), sp.MatrixSymbol("x", 3, 1)
        yield Norm(sp.MatMul(A, x)) ** 2, x
        yield Norm(sp.MatMul(A, x), 1), A


class FunctionOfNumbersRule(NodeRule):
    """d f(s, t) = f_s ds + f_t dt, for a formula in numbers that depend on matrices."""

    kinds = (sp.Add, sp.Mul, sp.Pow, sp.Function)
    name = "function of numbers"
    statement = "d f(s, t) = f_s ds + f_t dt"

    def push(self, node: Any, d: Differential) -> Any:
        return sp.Add(*(slope * d.push(part) for part, slope in _partials(node, d)))

    def pull(self, node: Any, adjoint: Any, d: Differential) -> Iterator[tuple[Any, Any]]:
        for part, slope in _partials(node, d):
            yield part, adjoint * slope

    def jacobian(self, node: Any, d: Differential) -> Any:
        return plus(*(times(slope, d.jacobian(part)) for part, slope in _partials(node, d)))

    def examples(self) -> Iterator[tuple[Any, sp.MatrixSymbol]]:
        A, x = sp.MatrixSymbol("A", 2, 3), sp.MatrixSymbol("x", 3, 1)
        yield 1 / (1 + Norm(x) ** 2), x
        yield sp.MatMul(1 / (1 + Norm(x) ** 2), A, x), x
        yield Inner(A, A) * Inner(x, x) + Norm(A) ** 2, A


def _direction(node: Norm) -> Any:
    matrix, p = node.args
    return Apply(Sign(), matrix) if p == 1 else times(1 / node, matrix)


def _partials(node: Any, d: Differential) -> Iterator[tuple[Any, sp.Expr]]:
    """The numbers in a formula that depend, and the derivative of the formula by each."""
    parts = [part for part in _outermost(node) if d.depends(part)]
    names = {part: sp.Dummy(real=True) for part in parts}
    formula = node.xreplace(names)
    back = {name: part for part, name in names.items()}
    for part, name in names.items():
        yield part, formula.diff(name).xreplace(back)


def _outermost(node: Any) -> Iterator[Any]:
    """Numbers made of matrices, and symbols, that do not stand inside another."""
    of_matrices = any(getattr(arg, "is_Matrix", False) for arg in node.args)
    if of_matrices or isinstance(node, MatrixScalar | sp.Symbol):
        yield node
        return
    found: dict[Any, None] = {}
    for arg in node.args:
        found |= dict.fromkeys(_outermost(arg))
    yield from found
