"""Numbers exactly as they are written, and bounds that keep them small enough to compute with."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterable
from math import log10

import sympy as sp

from ._source import MAX_DIGITS, Source

#: The greatest exponent of a power of something that is no number.
MAX_EXPONENT = 1_000
#: A number in a function such as exp is at most this, an irrational one too in an exponent.
MAX_RATIONAL, MAX_IRRATIONAL = 10**100, 10**6

_DIGITS = sp.Integer(10) ** MAX_DIGITS


def decimal(source: Source, node: ast.Name) -> sp.Rational:
    """The number at a node: 0.1 is 1/10."""
    written = source.written(node).text.replace("_", "").lower()
    mantissa, _, exponent = written.partition("e")
    if exponent and abs(int(exponent)) > MAX_DIGITS:
        raise source.fail(node, f"the exponent of {written[:30]} is beyond {MAX_DIGITS}")
    return sp.Rational(mantissa) * sp.Integer(10) ** int(exponent or 0)


def checked(source: Source, node: ast.AST, value: sp.Expr) -> sp.Expr:
    """The value, if its numbers are of a size that one can compute with."""
    for number in (value.as_coeff_Mul()[0], value.as_coeff_Add()[0]):
        if number.is_Rational and max(abs(number.p), number.q) >= _DIGITS:
            raise source.fail(node, f"a number here has more than {MAX_DIGITS} digits")
    return value


def check_power(source: Source, node: ast.AST, base: sp.Expr, exponent: sp.Expr) -> None:
    """Refuse a power that is no real number, or too large a one."""
    if base.is_Rational and exponent.is_Rational:
        if base == 0 and exponent < 0:
            raise source.fail(node, "division by zero")
        if base < 0 and not exponent.is_Integer:
            raise source.fail(node, f"({base})^({exponent}) is not a real number")
        size = log10(max(abs(base.p), base.q, 2)) * abs(float(_capped(exponent)))
        if size > MAX_DIGITS:
            raise source.fail(node, f"this power has more than {MAX_DIGITS} digits")
    elif exponent.is_Rational and abs(exponent) > MAX_EXPONENT:
        raise source.fail(node, f"an exponent is at most {MAX_EXPONENT}")
    elif exponent.is_number:
        check_argument(source, node, exponent)


def check_argument(source: Source, node: ast.AST, value: sp.Expr) -> None:
    """Refuse a number so large that a function of it could not be computed with."""
    if getattr(value, "is_Matrix", False) or not value.is_number:
        return
    # what is inside has passed this check, so that the digits are quickly found
    size, most = (value, MAX_RATIONAL) if value.is_Rational else (value.evalf(5), MAX_IRRATIONAL)
    if (abs(size) <= most) != True:  # noqa: E712
        power = f"10^{len(str(most)) - 1}"
        raise source.fail(node, f"a number in a function or an exponent is at most {power} here")


def check_product(source: Source, node: ast.AST, factors: Iterable[sp.Expr]) -> None:
    """Refuse a product of numbers that together are far too long, before they are multiplied."""
    numbers = [c for c in (f.as_coeff_Mul()[0] for f in factors) if c.is_Rational]
    if sum(log10(max(abs(c.p), c.q)) for c in numbers if c != 0) > 4 * MAX_DIGITS:
        raise source.fail(node, f"a number here has more than {MAX_DIGITS} digits")


def closest(name: str, known: Iterable[str], otherwise: str) -> str:
    """``; did you mean relu?``, or what to say where no name is near."""
    names = sorted(known)
    match = difflib.get_close_matches(name.lower(), [k.lower() for k in names], n=1)
    if match:
        right = next(k for k in names if k.lower() == match[0])
        return f"; did you mean {right}?"
    return f"; {otherwise}"


def _capped(number: sp.Rational) -> sp.Rational:
    return number if abs(number) < 10**9 else sp.Integer(10**9)
