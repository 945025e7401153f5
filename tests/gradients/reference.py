"""Derivatives by SymPy's scalar differentiation, entry by entry: the slow route."""

from random import Random

import sympy as sp
from sympy.matrices.matrixbase import MatrixBase

from symnet.claims._evaluate import evaluate

#: Sizes of layers to choose from.
SIZES = (1, 2, 3)


def rational(random):
    """A rational number that is rarely met again, and is not 0."""
    return sp.Rational(
        random.choice([-1, 1]) * random.randint(1, 40), random.choice([7, 9, 11, 13])
    )


def matrix(random, rows, cols):
    return sp.ImmutableDenseMatrix(rows, cols, [rational(random) for _ in range(rows * cols)])


def point_for(random, *exprs, sizes=None):
    """A number for every size and scalar, a rational matrix for every matrix symbol."""
    point = dict(sizes or {})
    free = set().union(*(e.free_symbols for e in exprs))
    matrices = sorted((s for s in free if isinstance(s, sp.MatrixSymbol)), key=str)
    dimensions = set().union(*(sp.sympify(k).free_symbols for m in matrices for k in m.shape))
    for size in sorted(dimensions, key=str):
        point.setdefault(size, sp.Integer(random.choice(SIZES)))
    for symbol in sorted(free - dimensions - set(matrices), key=str):
        point[symbol] = abs(rational(random)) + 1
    for m in matrices:
        point[m] = matrix(random, *(int(sp.sympify(k).subs(point)) for k in m.shape))
        if m.name.startswith("v"):  # a variance
            point[m] = point[m].applyfunc(abs)
    return point


def written_out(expr, variable, point):
    """The expression entry by entry, with the variable's entries as real symbols; and these."""
    if isinstance(variable, sp.MatrixSymbol):
        shape = point[variable].shape
        symbols = sp.ImmutableDenseMatrix(*shape, lambda i, j: sp.Symbol(f"t_{i}_{j}", real=True))
    else:
        symbols = sp.ImmutableDenseMatrix([[sp.Symbol("t", real=True)]])
    value = symbols if isinstance(variable, sp.MatrixSymbol) else symbols[0, 0]
    explicit = evaluate(expr, {**point, variable: value})
    if not isinstance(explicit, MatrixBase):
        explicit = sp.ImmutableDenseMatrix([[explicit]])
    return explicit, symbols


def scalar_jacobian(expr, variable, point):
    """(entries of expr, entries of variable), both column by column, at the point."""
    explicit, symbols = written_out(expr, variable, point)
    given = point[variable]
    given = given if isinstance(given, MatrixBase) else sp.Matrix([[given]])
    at = dict(zip(symbols, given, strict=True))
    rows, cols = list(explicit.T), list(symbols.T)
    return sp.ImmutableDenseMatrix(
        len(rows), len(cols), lambda i, j: rows[i].diff(cols[j]).subs(at).doit()
    )


def equal(a, b):
    """Whether two explicit matrices or numbers are exactly equal."""
    entries = zip(a.flat(), b.flat(), strict=True) if isinstance(a, MatrixBase) else [(a, b)]
    same = not isinstance(a, MatrixBase) or a.shape == b.shape
    return same and all(_is_zero(p - q) for p, q in entries)


def _is_zero(value):
    if value.is_Rational or sp.expand(value) == 0:
        return sp.expand(value) == 0
    if abs(value.evalf(40)) > sp.Rational(1, 10**25):
        return False
    numerator, _ = sp.fraction(sp.together(value.rewrite(sp.exp)))
    return sp.expand(numerator) == 0 or sp.radsimp(value) == 0 or sp.simplify(value) == 0


def seeded(*parts):
    return Random("/".join(map(str, parts)))
