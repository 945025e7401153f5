"""Derivatives of smooth functions of one variable, from which some properties follow at once."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ._subject import Subject

#: Functions with all derivatives on the whole real line.
_SMOOTH = (sp.exp, sp.sin, sp.cos, sp.erf, sp.tanh, sp.sinh, sp.cosh, sp.atan, sp.asinh)


def derivative(f: Subject, order: int) -> sp.Expr | None:
    """f', f'', … where f is seen to have it on the whole line; else None.

    >>> x = sp.Symbol("x", real=True)
    >>> derivative(Subject(sp.log(1 + sp.exp(x)), (x,)), 1)
    exp(x)/(exp(x) + 1)
    >>> derivative(Subject(sp.Abs(x), (x,)), 1)
    """
    if len(f.variables) != 1 or f.is_column or not isinstance(f.value, sp.Expr):
        return None
    (x,) = f.variables
    meaning = f.value.doit()
    if not x.is_real or meaning.is_Matrix or not _is_smooth(meaning):
        return None
    return sp.diff(meaning, x, order)


def _is_smooth(e: Any) -> bool:
    """Whether an expression is made of smooth functions, and has a value everywhere."""
    if e.is_Symbol or e.is_Rational or e in (sp.pi, sp.E):
        return bool(e.is_real)
    if not all(map(_is_smooth, e.args)):
        return False
    if e.is_Add or e.is_Mul or isinstance(e, _SMOOTH):
        return True
    if e.is_Pow:
        whole = e.exp.is_Integer and e.exp > 0
        return bool(whole or e.base.is_positive)
    return isinstance(e, sp.log) and bool(e.args[0].is_positive)
