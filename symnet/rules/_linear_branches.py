"""Branches that are linear are one linear layer: added, with a skip connection, or stacked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sympy as sp
from sympy.matrices.matrixbase import MatrixBase

from ..activations._identity import Identity
from ..activations._relu import ReLU
from ..base import Network
from ..exact.algebra import added, is_zero
from ..exact.rational_matrix import RationalMatrix
from ..layers._batch_norm import BatchNorm
from ..layers._concat import Concat
from ..layers._linear import Linear
from ..layers._residual import Residual
from ..layers._sum import Sum
from ..sequential import Sequential
from ._base import Rewriting, Rule


def _as_linear(branch: Network, size: sp.Expr | None) -> Linear | None:
    """The branch as a linear layer, if by its definition it is one."""
    if isinstance(branch, Linear):
        return branch
    parts = None if size is None else branch.affine_parts(size)
    return None if parts is None else Linear(*parts)


def _known(layer: Network, size: sp.Expr | None) -> sp.Expr | None:
    return layer.in_features if layer.in_features is not None else size


def _sum_of(branches: Sequence[Linear]) -> Linear:
    offsets = [branch.args[1] for branch in branches if branch.has_bias]
    return Linear(added(b.args[0] for b in branches), added(offsets) if offsets else None)


class SumOfLinear(Rule):
    """(W_1 x + b_1) + (W_2 x + b_2) = (W_1 + W_2) x + (b_1 + b_2)."""

    name = "sum of linear branches"
    statement = "(W_1 x + b_1) + (W_2 x + b_2) = (W_1 + W_2) x + (b_1 + b_2)"
    source = "distributive law"
    order = 42

    def rewrite(
        self, layers: Sequence[Network], sizes: Sequence[sp.Expr | None]
    ) -> Rewriting | None:
        for k, layer in enumerate(layers):
            if not isinstance(layer, Sum):
                continue
            size = _known(layer, sizes[k])
            seen = [(branch, _as_linear(branch, size)) for branch in layer.children]
            linear = [as_linear for _, as_linear in seen if as_linear is not None]
            if len(linear) < 2 and len(layer.children) > 1:
                continue
            others = [branch for branch, as_linear in seen if as_linear is None]
            merged = _sum_of(linear) if linear else others[0]
            whole = layer.func(merged, *others) if others and linear else merged
            return Rewriting(k, k + 1, (whole,), ("add the linear branches",))
        return None

    def examples(self) -> Iterable[Sequence[Network]]:
        n, m = sp.symbols("n m", integer=True, positive=True)
        yield [Sum(Linear(n, m), Linear(n, m))]
        yield [Sum(Linear(n, m), Sequential(Linear(n, m), ReLU()), Linear(n, m, bias=False))]
        yield [Sum(Linear([[1, 2]], [3]), Linear([[4, 5]], [6]))]
        yield [Sum(Identity(), Linear(n, n))]
        yield [Sum(Linear([[1]]), Linear([[2]]))]

    def near_misses(self) -> Iterable[Sequence[Network]]:
        n, m = sp.symbols("n m", integer=True, positive=True)
        yield [Sum(Linear(n, m), Sequential(Linear(n, m), ReLU()))]


class ResidualOfLinear(Rule):
    """(W x + b) + x = (W + I) x + b."""

    name = "residual of a linear layer"
    statement = "(W x + b) + x = (W + I) x + b"
    source = "He et al., Deep residual learning (2016), equation 1"
    order = 42

    def rewrite(
        self, layers: Sequence[Network], sizes: Sequence[sp.Expr | None]
    ) -> Rewriting | None:
        for k, layer in enumerate(layers):
            inner = (
                _as_linear(layer.children[0], _known(layer, sizes[k]))
                if isinstance(layer, Residual)
                else None
            )
            if inner is not None:
                weight, bias = inner.args[:2]
                size = weight.shape[0]
                unit = (
                    RationalMatrix(size, size, sp.eye(size).flat())
                    if isinstance(weight, RationalMatrix)
                    else sp.Identity(size)
                )
                whole = Linear(added([weight, unit]), bias)
                return Rewriting(k, k + 1, (whole,), ("add the skip connection to the weight",))
        return None

    def examples(self) -> Iterable[Sequence[Network]]:
        n = sp.Symbol("n", integer=True, positive=True)
        yield [Residual(Linear(n, n))]
        yield [Residual(Linear([[1, 2], [3, 4]], [5, 6]))]
        yield [Linear(n, n), Residual(Identity())]
        yield [Residual(BatchNorm([2], [1], [1], [3], eps=1))]

    def near_misses(self) -> Iterable[Sequence[Network]]:
        n = sp.Symbol("n", integer=True, positive=True)
        yield [Residual(Sequential(Linear(n, n), ReLU()))]


class ConcatOfLinear(Rule):
    """[W_1 x + b_1; W_2 x + b_2] = [W_1; W_2] x + [b_1; b_2]."""

    name = "stack of linear branches"
    statement = "[W_1 x + b_1; W_2 x + b_2] = [W_1; W_2] x + [b_1; b_2]"
    condition = "all branches are linear layers"
    source = "block multiplication of matrices"
    order = 42

    def rewrite(
        self, layers: Sequence[Network], sizes: Sequence[sp.Expr | None]
    ) -> Rewriting | None:
        for k, layer in enumerate(layers):
            if not isinstance(layer, Concat):
                continue
            size = _known(layer, sizes[k])
            seen = [_as_linear(branch, size) for branch in layer.children]
            branches = [branch for branch in seen if branch is not None]
            if len(branches) == len(layer.children):
                weight, bias = (_stacked([b.args[j] for b in branches]) for j in (0, 1))
                whole = Linear(weight, bias if any(b.has_bias for b in branches) else None)
                return Rewriting(k, k + 1, (whole,), ("stack weights and biases",))
        return None

    def examples(self) -> Iterable[Sequence[Network]]:
        n, m, k = sp.symbols("n m k", integer=True, positive=True)
        yield [Concat(Linear(n, m), Linear(n, k))]
        yield [Concat(Linear([[1, 2]], [3]), Linear([[4, 5], [6, 7]]))]
        yield [Concat(Identity(), Linear(n, n))]

    def near_misses(self) -> Iterable[Sequence[Network]]:
        n, m = sp.symbols("n m", integer=True, positive=True)
        yield [Concat(Linear(n, m), ReLU())]


def _stacked(parts: Sequence[sp.MatrixExpr]) -> sp.MatrixExpr:
    shown = [p.as_explicit() if isinstance(p, RationalMatrix) else p for p in parts]
    if all(isinstance(p, MatrixBase) or (is_zero(p) and p.shape[0].is_Integer) for p in shown):
        return sp.ImmutableDenseMatrix.vstack(*(sp.ImmutableDenseMatrix(p) for p in shown))
    return sp.BlockMatrix([[p] for p in shown])
