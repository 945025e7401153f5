"""Terms at points: exact for rational operations, floats where a function makes them inexact.

This only finds points to look at; a counterexample is verified by exact evaluation.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ._cases import Goal, Run
from ._terms import NEGATIVE, POSITIVE, ZERO

_UNDEFINED = float("nan")
#: Floats closer to zero than this are taken for zero.
_TINY = 1e-11


@dataclass(frozen=True, slots=True)
class NumberAlgebra:
    """Numbers as forms; NaN is no value."""

    values: Mapping[Any, Any]

    def number(self, value: Any) -> Any:
        return value

    def variable(self, symbol: Any) -> Any:
        return self.values[symbol]

    def sum(self, parts: list[tuple[Any, Any]]) -> Any:
        return sum([c * v for v, c in parts])

    def product(self, factors: list[Any]) -> Any:
        return math.prod(factors)

    def power(self, base: Any, exponent: Any) -> Any:
        if (base == 0 and exponent < 0) or (base < 0 and exponent.denominator != 1):
            return _UNDEFINED
        if isinstance(base, float) or exponent.denominator != 1:
            return float(base) ** float(exponent)
        return Fraction(base) ** int(exponent)

    def function(self, name: str, arguments: list[Any]) -> Any:
        if not arguments:
            return _CONSTANTS.get(name, _UNDEFINED)
        call = _CALLS.get(name)
        if call is None or (name == "log" and arguments[0] <= 0):
            return _UNDEFINED
        return call(*map(float, arguments))

    def undefined(self) -> Any:
        return _UNDEFINED

    def guarded(self, form: Any, test: Any) -> Any:
        return _UNDEFINED if test != test else form

    def conditions(self, form: Any) -> Sequence[tuple[Any, int]]:
        return ((0, POSITIVE),) if form != form else ()


@dataclass(frozen=True, slots=True)
class PointCell:
    """A single point."""

    algebra: NumberAlgebra

    def signs(self, form: Any) -> int:
        """The sign of a number; none where it is not one."""
        if isinstance(form, float) and abs(form) < _TINY:
            return ZERO
        return POSITIVE if form > 0 else NEGATIVE if form < 0 else ZERO if form == 0 else 0


def may_fail(goal: Goal, values: Mapping[Any, Any]) -> bool:
    """Whether the claim seems to fail at a point."""
    algebra = NumberAlgebra(values)
    try:
        return goal.outcome(Run(algebra, PointCell(algebra), {})) == "fails"
    except (OverflowError, ZeroDivisionError, ValueError):
        return False


_CALLS: dict[str, Callable[..., float]] = {
    "exp": math.exp,
    "log": math.log,
    "erf": math.erf,
    "sin": math.sin,
    "cos": math.cos,
    "atan": math.atan,
    "sinh": math.sinh,
    "cosh": math.cosh,
    "tanh": math.tanh,
    "asinh": math.asinh,
}
_CONSTANTS = {"pi": math.pi, "EulerGamma": 0.5772156649015329, "GoldenRatio": 1.618033988749895}
