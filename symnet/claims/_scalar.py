"""Identities between real functions of one real variable t, whose other symbols are parameters."""

from __future__ import annotations

import sympy as sp

from ._line import line_of

#: The variable; every other symbol is a parameter with its assumptions.
T = sp.Dummy("t", real=True)


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
    if _kinks_at_zero_only(f):
        # for a kink at 0 the two half-lines and the point cover the line
        positive = sp.Dummy("p", positive=True)
        cases = [f.subs(T, value).doit() for value in (positive, -positive, sp.S.Zero)]
        if all(_is_zero_function(_unfolded(case)) for case in cases):
            return "case split on the sign of t"
    return None


def _kinks_at_zero_only(f: sp.Expr) -> bool:
    return not f.atoms(sp.Piecewise) or all(
        cond == sp.true or (cond.is_Relational and sp.S.Zero in cond.args)
        for p in f.atoms(sp.Piecewise)
        for _, cond in p.args
    )


def _unfolded(f: sp.Expr) -> sp.Expr:
    return sp.piecewise_fold(f) if f.has(sp.Piecewise) else f


def _is_zero_function(f: sp.Expr) -> bool:
    """Whether f is zero as a rational function of exponentials, with denominators that are not."""
    if f == 0:
        return True
    f = f.rewrite(sp.exp)
    if f.has(sp.Max, sp.Min, sp.Abs, sp.Piecewise, sp.sign, sp.Heaviside):
        return False
    numerator, denominator = sp.fraction(sp.together(f))
    return denominator.is_zero is False and sp.expand(sp.powsimp(sp.expand(numerator))) == 0

