"""The exact value of an expression at a point, and whether a claim fails there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp
from sympy.assumptions import AppliedPredicate
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean, BooleanFunction
from sympy.matrices.exceptions import NonInvertibleMatrixError
from sympy.matrices.matrixbase import MatrixBase

from ..activations._base import ActivationFunction
from ..base import Apply
from ..errors import WeightError
from ..exact.cases import sign_of
from ..exact.rational_matrix import RationalMatrix
from ._clock import checkpoint
from ._predicates import predicate_holds

_POLES = (sp.nan, sp.zoo, sp.oo, -sp.oo)


class UnknownValueError(Exception):
    """A value that exact arithmetic does not give, such as the order of two equal-looking roots."""


def evaluate(expr: Any, point: Mapping[Any, Any]) -> Any:
    """``expr`` with a number for every symbol and an explicit matrix for every matrix symbol.

    Where the expression has no real value (a pole, the logarithm of a negative number), ``nan``.

    Parameters
    ----------
    expr : scalar or matrix expression
    point : mapping of symbols to exact numbers, and of MatrixSymbols to explicit matrices
        Sizes are symbols like others; a matrix must have the shape that they give.

    Examples
    --------
    >>> import sympy as sp
    >>> x = sp.MatrixSymbol("x", 2, 1)
    >>> evaluate(2*x + x, {x: sp.ImmutableMatrix([1, 2])})
    Matrix([
    [3],
    [6]])
    """
    checkpoint()
    if expr in point:
        return point[expr]
    if isinstance(expr, RationalMatrix):
        return expr.as_explicit()
    if isinstance(expr, MatrixBase):
        return expr.applyfunc(lambda entry: evaluate(entry, point))
    if isinstance(expr, sp.Piecewise):
        return _branch(expr, point)
    if not expr.args:
        return expr
    if expr.has(sp.Integral, sp.Derivative, sp.Sum, sp.Product, sp.Limit, sp.Subs):
        raise UnknownValueError(f"{expr} binds a variable")
    args = [evaluate(arg, point) for arg in expr.args]
    if isinstance(expr, Apply):
        value = args[0](args[1])
        return value.doit() if isinstance(value, MatrixBase) else explicit(value)
    if any(isinstance(arg, sp.Expr) and arg.has(*_POLES) for arg in args):
        # a pole is no value, and SymPy cannot compare with it
        return sp.nan
    by_sign = _BY_SIGN.get(expr.func)
    if by_sign is not None and all(arg.is_number for arg in args):
        return by_sign(args)
    value = expr.func(*args)
    if getattr(value, "is_Matrix", False):
        return explicit(value)
    # what a known activation does not evaluate cannot be told apart by its cases
    value = value if isinstance(value, ActivationFunction) else value.doit()
    return sp.nan if value.has(*_POLES) or _is_unreal(expr, value) else value


#: What is real where its arguments are; SymPy takes digits to see it, and seconds for them.
_REAL = (sp.Add, sp.Mul, sp.exp, sp.erf, sp.tanh, sp.atan, sp.sin, sp.cos)


def _is_unreal(expr: Any, value: Any) -> bool:
    """Whether the value of an expression at real arguments is no real number."""
    if isinstance(expr, _REAL):
        return bool(value.has(sp.I))
    return value.is_real is False


def explicit(value: Any) -> sp.ImmutableDenseMatrix:
    """A matrix expression of explicit parts, multiplied out."""
    value = value.doit()
    return sp.ImmutableDenseMatrix(value if isinstance(value, MatrixBase) else value.as_explicit())


def _branch(expr: sp.Piecewise, point: Mapping[Any, Any]) -> Any:
    for value, condition in expr.args:
        if holds(condition, point):
            return evaluate(value, point)
    return sp.nan


def holds(condition: Boolean, point: Mapping[Any, Any]) -> bool:
    """Whether a condition is true at a point; false where one of its sides has no value there."""
    if condition in (sp.true, sp.false):
        return bool(condition)
    if isinstance(condition, Relational):
        sides = [evaluate(side, point) for side in condition.args]
        return not any(map(_undefined, sides)) and _stands(condition.rel_op, *sides)
    if isinstance(condition, BooleanFunction):
        truths = [sp.true if holds(arg, point) else sp.false for arg in condition.args]
        return bool(condition.func(*truths))
    if isinstance(condition, AppliedPredicate):
        truth = predicate_holds(condition, evaluate(condition.arg, point))
        if truth is not None:
            return truth
    raise UnknownValueError(f"the condition {condition}")


def _sign(number: sp.Expr) -> int:
    sign = sign_of(number)
    if sign is None:
        raise UnknownValueError(f"the sign of {number}")
    return sign


def _greatest(args: list[sp.Expr]) -> sp.Expr:
    best = args[0]
    for arg in args[1:]:
        best = arg if _sign(arg - best) > 0 else best
    return best


def _step(args: list[sp.Expr]) -> sp.Expr:
    # SymPy's step takes its value at 0 as a second argument
    sign = _sign(args[0])
    return args[1] if sign == 0 else sp.Integer(sign > 0)


#: Functions whose value depends on signs, which SymPy takes from a few digits.
_BY_SIGN: dict[Any, Callable[[list[sp.Expr]], sp.Expr]] = {
    sp.Max: _greatest,
    sp.Min: lambda args: -_greatest([-arg for arg in args]),
    sp.Abs: lambda args: _sign(args[0]) * args[0],
    sp.sign: lambda args: sp.Integer(_sign(args[0])),
    sp.Heaviside: _step,
}


def is_zero(value: Any) -> bool | None:
    """Whether an exact number is zero: by exact arithmetic, else by digits with a known error.

    True only where arithmetic shows it, False only where the number is shown to differ from zero.
    """
    value = sp.sympify(value)
    if value.has(*_POLES) or not value.is_number or not value.is_real:
        return None
    sign = sign_of(value)
    return None if sign is None else sign == 0


def differ(lhs: Any, rhs: Any) -> bool:
    """Whether two exact values (numbers, or matrices of one shape) are shown to differ.

    A side that has no value at the point (a pole) differs from one that has.
    """
    return fails("=", lhs, rhs)


def fails(relation: str, lhs: Any, rhs: Any) -> bool:
    """Whether ``lhs relation rhs`` is shown to be false for two exact values.

    Matrices are compared entry by entry, and ``!=`` fails where all entries are equal. A side
    without a value fails a relation with one that has a value, and says nothing else.
    """
    undefined = [_undefined(side) for side in (lhs, rhs)]
    if any(undefined):
        return not all(undefined)
    if isinstance(lhs, MatrixBase):
        if lhs.shape != rhs.shape:
            return relation != "!="
        pairs = list(zip(lhs.flat(), rhs.flat(), strict=True))
        if relation == "!=":
            return all(a == b or is_zero(a - b) for a, b in pairs)
        return any(_fails(relation, a, b) for a, b in pairs)
    return _fails(relation, lhs, rhs)


def _fails(relation: str, lhs: sp.Expr, rhs: sp.Expr) -> bool:
    difference = lhs - rhs
    if not difference.is_number or not difference.is_real:
        return False
    sign = sign_of(difference)
    return sign is not None and not _TRUTH[relation](sign)


def _stands(relation: str, lhs: sp.Expr, rhs: sp.Expr) -> bool:
    return _TRUTH[relation](_sign(lhs - rhs))


_TRUTH: dict[str, Callable[[int], bool]] = {
    "=": lambda sign: sign == 0,
    "==": lambda sign: sign == 0,
    "!=": lambda sign: sign != 0,
    "<=": lambda sign: sign <= 0,
    "<": lambda sign: sign < 0,
    ">=": lambda sign: sign >= 0,
    ">": lambda sign: sign > 0,
}


def _undefined(value: Any) -> bool:
    return bool(value.has(*_POLES))


# --- claims at points


def sides_at(question: Any, point: Mapping[Any, Any]) -> tuple[Any, Any] | None:
    """Both values at a point where the claim says something and fails, else None."""
    try:
        if not holds(question.where, point):
            return None
        values = evaluate(question.lhs, point), evaluate(question.rhs, point)
        return values if fails(question.relation, *values) else None
    except (WeightError, NonInvertibleMatrixError, UnknownValueError):
        # no value here: a layer takes no negative variance, a matrix has no inverse
        return None
