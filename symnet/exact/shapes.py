"""Shapes inside matrix expressions, which SymPy checks for numbers only."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.matrixbase import MatrixBase

from ..errors import ShapeError
from .rational_matrix import RationalMatrix


def same_size(a: sp.Expr, b: sp.Expr) -> bool:
    """Whether two sizes are equal for all values of their symbols; ``n`` and ``n + 0`` are."""
    return a == b or sp.expand(a - b) == 0


def check_shapes(expr: Any) -> None:
    """Raise :class:`ShapeError` for a product or sum whose parts do not fit for every size.

    >>> n, m = sp.symbols("n m", integer=True, positive=True)
    >>> check_shapes(sp.MatrixSymbol("A", 2, n) * sp.MatrixSymbol("B", m, 3))
    Traceback (most recent call last):
        ...
    symnet.errors.ShapeError: A*B does not fit: A has shape (2, n) and B has shape (m, 3)
    """
    seen: set[Any] = set()
    waiting = [expr]
    while waiting:
        part = waiting.pop()
        if part in seen or isinstance(part, RationalMatrix | MatrixBase | sp.MatrixSymbol):
            continue
        seen.add(part)
        matrices = [a for a in part.args if isinstance(a, MatrixExpr | MatrixBase)]
        if isinstance(part, sp.MatMul):
            pairs = pairwise(matrices)
            _refuse(part, next(((a, b) for a, b in pairs if not _meet(a, b)), None))
        elif isinstance(part, sp.MatAdd | sp.HadamardProduct):
            first = matrices[0]
            _refuse(part, next(((first, b) for b in matrices[1:] if not _alike(first, b)), None))
        waiting.extend(part.args)


def _meet(a: Any, b: Any) -> bool:
    return same_size(sp.sympify(a.shape[1]), sp.sympify(b.shape[0]))


def _alike(a: Any, b: Any) -> bool:
    return all(
        same_size(sp.sympify(p), sp.sympify(q)) for p, q in zip(a.shape, b.shape, strict=True)
    )


def _refuse(whole: Any, pair: tuple[Any, Any] | None) -> None:
    if pair is not None:
        a, b = pair
        raise ShapeError(
            f"{whole} does not fit: {a} has shape {tuple(a.shape)} "
            f"and {b} has shape {tuple(b.shape)}"
        )
