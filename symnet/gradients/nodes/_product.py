"""The product rule."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from ...exact.algebra import factors_of
from .._algebra import (
    diagonal,
    hadamard,
    inner,
    is_column,
    kronecker,
    number,
    plus,
    row_sums,
    times,
    transposed,
)
from ._base import Differential, NodeRule


class ProductRule(NodeRule):
    """d(A B) = dA B + A dB, and d(c A) = dc A + c dA for a number c."""

    kinds = (sp.MatMul,)
    name = "product"
    statement = "d(A B) = dA B + A dB"

    def push(self, node: Any, d: Differential) -> Any:
        scalar, factors = factors_of(node)
        terms = [
            times(scalar, *factors[:k], d.push(factor), *factors[k + 1 :])
            for k, factor in enumerate(factors)
            if d.depends(factor)
        ]
        if d.depends(scalar):
            terms.append(times(d.push(scalar), *factors))
        return plus(*terms)

    def pull(self, node: Any, adjoint: Any, d: Differential) -> Iterator[tuple[Any, Any]]:
        scalar, factors = factors_of(node)
        for k, factor in enumerate(factors):
            if not d.depends(factor):
                continue
            left = [transposed(f) for f in reversed(factors[:k])]
            after = factors[k + 1 :]
            if isinstance(factor, sp.DiagMatrix) and after:
                # <G, L diag(u) R> = <(L^T G ∘ R) 1, u>
                yield (
                    factor.args[0],
                    row_sums(hadamard(times(scalar, *left, adjoint), times(*after))),
                )
                continue
            right = [transposed(f) for f in reversed(after)]
            yield factor, times(scalar, *left, adjoint, *right)
        if d.depends(scalar):
            yield scalar, inner(adjoint, times(*factors))

    def jacobian(self, node: Any, d: Differential) -> Any:
        if not is_column(node):
            return super().jacobian(node, d)
        scalar, factors = factors_of(node)
        terms = [
            times(scalar, self._through(factors[:k], factor, factors[k + 1 :], d))
            for k, factor in enumerate(factors)
            if d.depends(factor)
        ]
        if d.depends(scalar):
            terms.append(times(*factors, d.jacobian(scalar)))
        return plus(*terms)

    def _through(self, before: Any, factor: Any, after: Any, d: Differential) -> Any:
        """The Jacobian of L F R by F alone, for R a column."""
        if not after:
            return times(*before, d.jacobian(factor))
        rest = times(*after)
        if isinstance(factor, sp.DiagMatrix):
            return times(*before, diagonal(rest), d.jacobian(factor.args[0]))
        if is_column(factor):
            return times(number(after), *before, d.jacobian(factor))
        if sp.sympify(factor.shape[0]) == 1:
            return times(*before, transposed(rest), d.jacobian(factor))
        left = times(*before) if before else sp.Identity(factor.shape[0])
        if isinstance(factor, sp.Transpose):
            # L W^T r has the Jacobian L ⊗ r^T in vec W
            return times(kronecker(left, transposed(rest)), d.jacobian(factor.args[0]))
        return times(kronecker(transposed(rest), left), d.jacobian(factor))

    def examples(self) -> Iterator[tuple[Any, sp.MatrixSymbol]]:
        A, B, x = (sp.MatrixSymbol(*s) for s in (("A", 2, 3), ("B", 3, 2), ("x", 3, 1)))
        y = sp.MatrixSymbol("y", 2, 1)
        yield sp.MatMul(3, A, B, A), A
        yield sp.MatMul(A, x), x
        yield sp.MatMul(A, x), A
        yield sp.MatMul(B, A, x), A
        yield sp.MatMul(sp.Transpose(A), y), A
        yield sp.MatMul(B, A, sp.Transpose(A), y), A
        yield sp.MatMul(x, sp.Transpose(x), B, A, x), x
        yield sp.MatMul(B, A, sp.DiagMatrix(x), B, A, x), x
