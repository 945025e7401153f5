"""Block matrices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from .._algebra import times, transposed
from ._base import Differential, NodeRule


class BlockRule(NodeRule):
    """d[A; B] = [dA; dB]."""

    kinds = (sp.BlockMatrix,)
    name = "block matrix"
    statement = "d[A; B] = [dA; dB]"

    def parts(self, node: Any, d: Differential) -> list[Any]:
        return [block for block in node.blocks if d.depends(block)]

    def push(self, node: Any, d: Differential) -> Any:
        rows, cols = node.blockshape
        return sp.BlockMatrix(
            [[d.push(node.blocks[i, j]) for j in range(cols)] for i in range(rows)]
        )

    def pull(self, node: Any, adjoint: Any, d: Differential) -> Iterator[tuple[Any, Any]]:
        rows, cols = node.blockshape
        for i in range(rows):
            for j in range(cols):
                if d.depends(node.blocks[i, j]):
                    yield node.blocks[i, j], _part(adjoint, node, i, j)

    def jacobian(self, node: Any, d: Differential) -> Any:
        if node.blockshape[1] != 1:
            return super().jacobian(node, d)
        return sp.BlockMatrix([[d.jacobian(block)] for block in node.blocks])

    def examples(self) -> Iterator[tuple[Any, sp.MatrixSymbol]]:
        A, x = sp.MatrixSymbol("A", 2, 3), sp.MatrixSymbol("x", 3, 1)
        yield sp.BlockMatrix([[sp.MatMul(A, x)], [x]]), x
        yield sp.BlockMatrix([[A, sp.MatMul(2, A)], [A, sp.MatMul(3, A)]]), A


def _part(adjoint: Any, node: Any, i: int, j: int) -> Any:
    """J_i^T G J_j with the inclusions of the blocks: the part of G that stands at a block."""
    heights, widths = node.rowblocksizes, node.colblocksizes
    if isinstance(adjoint, sp.BlockMatrix) and adjoint.blockshape == node.blockshape:
        return adjoint.blocks[i, j]
    factors = []
    if len(heights) > 1:
        factors.append(transposed(_inclusion(heights, i)))
    factors.append(adjoint)
    if len(widths) > 1:
        factors.append(_inclusion(widths, j))
    return times(*factors)


def _inclusion(sizes: Any, place: int) -> sp.BlockMatrix:
    """The columns of the identity that belong to a block."""
    own = sizes[place]
    blocks = [
        sp.Identity(own) if k == place else sp.ZeroMatrix(size, own) for k, size in enumerate(sizes)
    ]
    return sp.BlockMatrix([[block] for block in blocks])
