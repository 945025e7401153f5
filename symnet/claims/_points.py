"""Points to try: small sizes and small numbers first, then random ones, the same every time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import sympy as sp
from sympy.logic.boolalg import Boolean

from ._matrix_facts import KnownMatrix, known_matrices

Point = dict[Any, Any]

_SMALL = [sp.Integer(n) for n in (1, -1, 0, 2, -2, 3, -3)]
_RATIONAL = [*_SMALL, sp.Rational(1, 2), sp.Rational(-1, 2), sp.Rational(3, 2), sp.Rational(1, 3)]


def symbols_of(*exprs: Any) -> tuple[list[sp.Symbol], list[sp.Symbol], list[sp.MatrixSymbol]]:
    """The sizes, the other scalars, and the matrix symbols in the expressions, sorted by name."""
    free = set().union(*(e.free_symbols for e in exprs))
    matrices = sorted((s for s in free if isinstance(s, sp.MatrixSymbol)), key=str)
    sizes = set().union(*(size.free_symbols for m in matrices for size in m.shape))
    for expr in exprs:
        for part in expr.atoms(sp.Identity, sp.ZeroMatrix, sp.OneMatrix):
            sizes |= set().union(*(size.free_symbols for size in part.shape))
    scalars = sorted((s for s in free - sizes if isinstance(s, sp.Symbol)), key=str)
    return sorted(sizes, key=str), scalars, matrices


def admits(symbol: sp.Symbol, value: sp.Expr) -> bool:
    """Whether the symbol's assumptions allow the value."""
    for fact, wanted in symbol._assumptions_orig.items():
        if fact != "commutative" and getattr(value, f"is_{fact}", None) is not wanted:
            return False
    return True


def points(*exprs: Any, tries: int = 60, seed: int = 0) -> Iterator[Point]:
    """Points for all symbols of the expressions, from small to larger."""
    random = Random(seed)
    sizes, scalars, matrices = symbols_of(*exprs)
    known: dict[Any, KnownMatrix] = {}
    for condition in exprs:
        if isinstance(condition, Boolean):
            known |= known_matrices(condition)
    for k in range(tries):
        pool = _SMALL[: 3 + k // 5] if k < 20 else _RATIONAL
        point: Point = {}
        for place, size in enumerate(sizes):
            point[size] = sp.Integer(_size(k, place, random))
        for scalar in scalars:
            chosen = _choose(scalar, pool, random)
            if chosen is None:
                return
            point[scalar] = chosen
        for matrix in matrices:
            rows, cols = (int(sp.sympify(s).subs(point)) for s in matrix.shape)
            point[matrix] = _matrix(rows, cols, pool, random, known.get(matrix))
        yield point
        if not (sizes or scalars or matrices):
            return


def _matrix(
    rows: int, cols: int, pool: list[sp.Expr], random: Random, known: KnownMatrix | None
) -> sp.ImmutableDenseMatrix:
    """A random matrix, of the kind that a condition asks for."""
    entries = sp.ImmutableDenseMatrix(rows, cols, [random.choice(pool) for _ in range(rows * cols)])
    if known is None:
        return entries
    if rows == cols and "orthogonal" in known.facts:
        # of all permutations the shift by one is most often far from the identity
        order = random.choice([[*range(1, rows), 0], random.sample(range(rows), rows)])
        units = (1,) if "permutation" in known.facts else (1, -1)
        signs = [random.choice(units) for _ in order]
        return sp.ImmutableDenseMatrix(rows, rows, lambda i, j: signs[i] * (order[i] == j))
    if "nonnegative" in known.facts:
        return entries.applyfunc(lambda entry: abs(entry) or sp.S.One)
    if rows == cols and "symmetric" in known.facts:
        alone = "diagonal" in known.facts
        return sp.ImmutableDenseMatrix(
            rows,
            rows,
            lambda i, j: 0 if alone and i != j else entries[min(i, j), max(i, j)],
        )
    return entries


def _size(k: int, place: int, random: Random) -> int:
    """The size at a place in the k-th point: 1, then 1 and 2, and up to 3 where these agree."""
    if k < 12:
        return 1
    largest = 2 if k < 24 else 3
    return (2, 1 + (place + k // 3) % largest, 1 + random.randrange(largest))[k % 3]


def _choose(symbol: sp.Symbol, pool: list[sp.Expr], random: Random) -> sp.Expr | None:
    allowed = [v for v in pool if admits(symbol, v)] or [v for v in _RATIONAL if admits(symbol, v)]
    return random.choice(allowed) if allowed else None


def shrunk(point: Point, still: Callable[[Point], bool]) -> Point:
    """A smaller point at which ``still`` holds: entries made 0, 1 or -1 one after the other."""
    for symbol in list(point):
        value = point[symbol]
        if isinstance(symbol, sp.MatrixSymbol):
            for k in range(len(value)):
                for smaller in _smaller(value.flat()[k]):
                    entries = list(value.flat())
                    entries[k] = smaller
                    candidate = sp.ImmutableDenseMatrix(*value.shape, entries)
                    if still({**point, symbol: candidate}):
                        value = candidate
                        point = {**point, symbol: value}
                        break
        elif not any(
            size.has(symbol) for m in point if isinstance(m, sp.MatrixSymbol) for size in m.shape
        ):
            for smaller in _smaller(value):
                if admits(symbol, smaller) and still({**point, symbol: smaller}):
                    point = {**point, symbol: smaller}
                    break
    return point


def _smaller(value: sp.Expr) -> list[sp.Expr]:
    order = [sp.S.Zero, sp.S.One, sp.S.NegativeOne]
    return order[: order.index(value)] if value in order else order
