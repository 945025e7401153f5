"""Forms that neither overflow nor cancel, for generated code."""

from __future__ import annotations

import sympy as sp
from sympy.codegen.cfunctions import expm1, log1p

__all__ = ["expm1", "log_of_one_plus_exp", "negative_part", "positive_part"]


def positive_part(x: sp.Expr) -> sp.Expr:
    """max(x, 0), for arrays too."""
    return (x + sp.Abs(x)) / 2


def negative_part(x: sp.Expr) -> sp.Expr:
    """min(x, 0), for arrays too."""
    return (x - sp.Abs(x)) / 2


def log_of_one_plus_exp(x: sp.Expr) -> sp.Expr:
    """log(1 + exp(x)) = max(x, 0) + log(1 + exp(-|x|))."""
    return positive_part(x) + log1p(sp.exp(-sp.Abs(x)))
