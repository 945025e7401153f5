"""The same expression with other arguments, nothing carried out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

#: What SymPy carries out when it is rebuilt, unless it is told not to.
_EAGER = (sp.Add, sp.Mul, sp.Pow, Relational, sp.Max, sp.Min)


def rebuilt(expr: Any, args: Sequence[Any]) -> Any:
    """``expr`` with ``args``; sums and products stay as they are written."""
    if tuple(args) == expr.args:
        return expr
    if isinstance(expr, _EAGER):
        return expr.func(*args, evaluate=False)
    return expr.func(*args)
