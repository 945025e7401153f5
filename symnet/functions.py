"""What the functions of math and NumPy mean, in SymPy's terms."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import sympy as sp


def _log(x: sp.Expr, base: sp.Expr | None = None) -> sp.Expr:
    return sp.log(x) if base is None else sp.log(x) / sp.log(base)


def _where(condition: Any, yes: sp.Expr, no: sp.Expr) -> sp.Expr:
    return sp.Piecewise((yes, condition), (no, True))


#: Functions of mathematics.
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "exp": sp.exp, "expm1": lambda x: sp.exp(x) - 1, "exp2": lambda x: sp.S(2) ** x,
    "log": _log, "log1p": lambda x: sp.log(1 + x),
    "log2": lambda x: _log(x, sp.S(2)), "log10": lambda x: _log(x, sp.S(10)),
    "sqrt": sp.sqrt, "cbrt": lambda x: sp.real_root(x, 3),
    "hypot": lambda *x: sp.sqrt(sum(t**2 for t in x)),
    "sin": sp.sin, "cos": sp.cos, "tan": sp.tan, "asin": sp.asin, "acos": sp.acos, "atan": sp.atan,
    "arcsin": sp.asin, "arccos": sp.acos, "arctan": sp.atan,
    "atan2": sp.atan2, "arctan2": sp.atan2,
    "sinh": sp.sinh, "cosh": sp.cosh, "tanh": sp.tanh,
    "asinh": sp.asinh, "acosh": sp.acosh, "atanh": sp.atanh,
    "arcsinh": sp.asinh, "arccosh": sp.acosh, "arctanh": sp.atanh,
    "erf": sp.erf, "erfc": sp.erfc, "gamma": sp.gamma, "lgamma": sp.loggamma,
    "fabs": sp.Abs, "absolute": sp.Abs, "abs": sp.Abs, "sign": sp.sign,
    "maximum": sp.Max, "minimum": sp.Min, "fmax": sp.Max, "fmin": sp.Min,
    "floor": sp.floor, "ceil": sp.ceiling, "heaviside": sp.Heaviside,
    "where": _where, "clip": lambda x, low, high: sp.Min(high, sp.Max(low, x)),
    "square": lambda x: x**2, "reciprocal": lambda x: 1 / x, "logaddexp":
        lambda x, y: sp.log(sp.exp(x) + sp.exp(y)),
}  # fmt: skip

#: What operators do, by the names of NumPy.
OPERATORS: dict[str, Callable[..., Any]] = {
    "add": operator.add, "subtract": operator.sub, "multiply": operator.mul,
    "divide": operator.truediv, "true_divide": operator.truediv,
    "power": operator.pow, "float_power": operator.pow, "pow": operator.pow,
    "negative": operator.neg, "positive": operator.pos,
    "greater": sp.Gt, "greater_equal": sp.Ge, "less": sp.Lt, "less_equal": sp.Le,
    "equal": sp.Eq, "not_equal": sp.Ne,
}  # fmt: skip

_BY_OBJECT: dict[Any, Callable[..., Any]] = {
    getattr(module, name): meaning
    for module in (math, np)
    for name, meaning in (FUNCTIONS | OPERATORS).items()
    if hasattr(module, name)
}

#: Floats that stand for a number of mathematics where they bear its name.
CONSTANTS: dict[str, tuple[float, sp.Expr]] = {
    "pi": (math.pi, sp.pi),
    "tau": (math.tau, 2 * sp.pi),
    "e": (math.e, sp.E),
}


def meaning(function: Any) -> Callable[..., Any] | None:
    """The function on SymPy expressions that ``function`` of math or NumPy is, or None.

    Examples
    --------
    >>> meaning(math.log1p)(sp.Symbol("x"))
    log(x + 1)
    """
    try:
        return _BY_OBJECT.get(function)
    except TypeError:
        return None


def is_symbolic(value: Any) -> bool:
    """Whether ``value`` is a function that comes from SymPy or symnet, so takes expressions."""
    module = getattr(value, "__module__", None) or ""
    return callable(value) and module.partition(".")[0] in ("sympy", "symnet")
