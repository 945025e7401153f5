"""Real functions of one real variable t, whose other symbols are parameters.

The line is cut at the knots of all piecewise-linear parts; on every piece and at every knot these
parts are affine, and what remains is compared as a rational function of exponentials.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

import sympy as sp

from ..exact.line import Line, condition_of, line_of

#: The variable; every other symbol is a parameter with its assumptions.
T = sp.Dummy("t", real=True)

#: A piece of the line: a point of it, and an expression that runs through it.
Cell = tuple[Fraction, sp.Expr]


def canonical(f: sp.Expr) -> sp.Expr:
    """A form that is the same for equal piecewise-linear functions of T; else the definition."""
    line = line_of(f, T)
    return line.written_in(T) if line is not None else f.doit()


def vanishes(f: sp.Expr) -> str | None:
    """How it was shown that f(t) = 0 for all real t, or None if it was not."""
    line = line_of(f, T)
    if line is not None:
        return "exact piecewise-linear normal form" if line.is_zero else None
    f = f.doit()
    if _is_zero_function(f):
        return "normal form in exponentials"
    if all(_is_zero_function(_on(f, cell)) for cell in _cells(f)):
        return "case split at the knots"
    return None


def is_nondecreasing(f: sp.Expr) -> bool:
    """Whether it could be shown that f(s) <= f(t) for all s <= t."""
    line = line_of(f, T)
    if line is not None:
        return _is_nondecreasing_line(line)
    f = f.doit()
    pieces = list(_cells(f))
    # the function is continuous where it has the same value from both sides of every knot
    knots = sorted(_knots(f))
    for knot in knots:
        point = _number(knot)
        sides = [_open_piece(f, cell).subs(T, point) for cell in _beside(pieces, knot)]
        at = _on(f, (knot, point))
        if not all(_is_zero_function(side - at) for side in sides):
            return False
    for sample, run in pieces:
        if sample in knots:
            continue
        derivative = _open_piece(f, (sample, run)).diff(T)
        if not _is_nonnegative(derivative.subs(T, run)):
            return False
    return True


# --- pieces of the line


def _knots(f: sp.Expr) -> set[Fraction]:
    """Where a piecewise-linear part or condition of f changes."""
    line = line_of(f, T)
    if line is not None:
        return set(line.knots)
    if isinstance(f, sp.Piecewise):
        found: set[Fraction] = set()
        for value, condition in f.args:
            known = condition_of(condition, T)
            found |= _knots(value) | (known[0] if known is not None else set())
        return found
    # where two parts of a maximum cross
    crossing: set[Fraction] = set()
    if isinstance(f, sp.Max | sp.Min | sp.Abs | sp.sign):
        lines = [line for arg in f.args if (line := line_of(arg, T)) is not None]
        for k, first in enumerate(lines):
            for second in (*lines[:k], line_of(sp.S.Zero, T)):
                both = zip(_all_pieces(first), _all_pieces(second), strict=False)
                crossing |= {(d - b) / (a - c) for (a, b), (c, d) in both if a != c}
    return crossing.union(*(_knots(arg) for arg in f.args))


def _all_pieces(line: Line | None) -> tuple[tuple[Fraction, Fraction], ...]:
    return () if line is None else line.between


def _cells(f: sp.Expr) -> Iterator[Cell]:
    """Every open piece between the knots, and every knot."""
    knots = sorted(_knots(f))
    positive, negative = sp.Dummy("p", positive=True), sp.Dummy("q", negative=True)
    if not knots:
        yield Fraction(0), T
        return
    yield knots[0] - 1, _number(knots[0]) + negative
    for left, right in pairwise(knots):
        # the sign is all that is known of a point of a bounded piece
        run = positive if left >= 0 else negative if right <= 0 else T
        yield (left + right) / 2, run
    yield knots[-1] + 1, _number(knots[-1]) + positive
    for knot in knots:
        yield knot, _number(knot)


def _beside(cells: list[Cell], knot: Fraction) -> list[Cell]:
    samples = [cell for cell in cells if cell[0] != knot]
    below = [c for c in samples if c[0] < knot]
    above = [c for c in samples if c[0] > knot]
    return [max(below, key=lambda c: c[0]), min(above, key=lambda c: c[0])]


def _open_piece(f: sp.Expr, cell: Cell) -> sp.Expr:
    """f on an open piece, as a function of T."""
    return _on(f, (cell[0], T))


def _on(f: sp.Expr, cell: Cell) -> sp.Expr:
    """f on a piece, where its piecewise-linear parts are affine and its conditions are decided."""
    sample, run = cell
    line = line_of(f, T)
    if line is not None:
        if run.is_Rational:
            return _number(line(sample))
        slope, intercept = line.piece_at(sample)
        return _number(slope) * run + _number(intercept)
    if isinstance(f, sp.Piecewise):
        for value, condition in f.args:
            known = condition_of(condition, T)
            if known is None:
                break
            if known[1](sample):
                return _on(value, cell)
    args = [_on(arg, cell) for arg in f.args]
    if isinstance(f, sp.Max | sp.Min):
        args = _without_smaller(args, 1 if isinstance(f, sp.Max) else -1)
    return f.func(*args) if f.args else f


def _without_smaller(args: list[sp.Expr], sign: int) -> list[sp.Expr]:
    """The arguments of a maximum (sign 1) or minimum (-1) without those that others dominate."""
    kept = list(args)
    for a in args:
        others = [b for b in kept if b != a]
        if a in kept and any(_is_nonnegative(sign * (b - a)) for b in others):
            kept.remove(a)
    return kept


# --- what is left on a piece


def _is_zero_function(f: sp.Expr) -> bool:
    """Whether f is zero as a rational function of exponentials, with denominators that are not."""
    if f == 0:
        return True
    f = f.rewrite(sp.exp)
    if f.has(sp.Max, sp.Min, sp.Abs, sp.Piecewise, sp.sign, sp.Heaviside):
        return False
    numerator, denominator = sp.fraction(sp.together(f))
    return denominator.is_zero is False and sp.expand(sp.powsimp(sp.expand(numerator))) == 0


def _is_nonnegative(f: sp.Expr) -> bool:
    """Whether SymPy's assumptions show f >= 0 as a quotient of sums of exponentials."""
    if f.is_nonnegative:
        return True
    together = sp.together(f.rewrite(sp.exp))
    numerator, denominator = sp.fraction(together)
    quotient = sp.factor_terms(sp.expand(numerator)) / denominator
    if quotient.is_nonnegative:
        return True
    # factoring is worth it for small quotients, and can take for ever on large ones
    return together.count_ops() < 60 and bool(sp.factor(together).is_nonnegative)


def _is_nondecreasing_line(line: Line) -> bool:
    if any(slope < 0 for slope, _ in line.between):
        return False
    for k, knot in enumerate(line.knots):
        (a, b), (c, d) = line.between[k : k + 2]
        if not a * knot + b <= line.at[k] <= c * knot + d:
            return False
    return True


def _number(value: Fraction) -> sp.Rational:
    return sp.Rational(value.numerator, value.denominator)
