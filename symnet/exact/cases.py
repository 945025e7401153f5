"""Cases at explicit numbers, decided exactly.

SymPy compares numbers by a few digits of their difference: ``log(1 + exp(-40)) > 0`` is False
there, and ``Max(0, -log(1 + exp(-40)))`` is not 0.
"""

from __future__ import annotations

import sympy as sp
from sympy.core.relational import Relational

from .ball import ball_of
from .zero import Zero

#: Bits to try, one after the other.
_BITS = (100, 400, 1700)
#: Exponents of e from which on SymPy is not asked.
_LARGE = 1000


def sign_of(number: sp.Expr) -> int | None:
    """The sign of a real number; None where it cannot be told.

    Examples
    --------
    >>> sign_of(sp.log(1 + sp.exp(-40))), sign_of(sp.sqrt(2) ** 2 - 2), sign_of(sp.pi - 4)
    (1, 0, -1)
    """
    if number.is_Rational:
        return int(sp.sign(number))
    if number.is_infinite:
        return 1 if number.is_extended_positive else -1
    try:
        for bits in _BITS:
            ball = ball_of(number, bits)
            if ball > 0 or ball < 0:
                return 1 if ball > 0 else -1
    except ValueError:
        # a function without balls: SymPy's assumptions may tell
        if number.is_positive or number.is_negative:
            return 1 if number.is_positive else -1
    return 0 if _is_zero(number) else None


def _is_zero(number: sp.Expr) -> bool:
    """Whether a number that no ball tells from 0 is seen to be 0."""
    if sp.expand(number) == 0 or any(zero.is_zero_of(number) for zero in number.atoms(Zero)):
        return True
    exponents = [e.exp for e in number.atoms(sp.exp)]
    if exponents:
        numerator = sp.fraction(sp.together(number))[0]
        if sp.powsimp(sp.expand(numerator)) == 0:
            return True
        if any(e.is_Rational and abs(e) > _LARGE for e in exponents):
            # SymPy would write such numbers out, digit by digit
            return False
    return bool(number.is_zero)


def chosen(cases: sp.Expr, variable: sp.Symbol, number: sp.Expr) -> sp.Expr | None:
    """The value of ``cases`` where ``variable`` is ``number``; None where that cannot be told."""
    if not isinstance(cases, sp.Piecewise):
        return cases.xreplace({variable: number})
    for value, condition in cases.args:
        truth = {rel: _holds(rel, variable, number) for rel in condition.atoms(Relational)}
        if None in truth.values():
            return None
        if condition.xreplace({rel: sp.sympify(t) for rel, t in truth.items()}) == True:  # noqa: E712
            return value.xreplace({variable: number})
    return None


def _holds(relation: Relational, variable: sp.Symbol, number: sp.Expr) -> bool | None:
    sign = sign_of((relation.lhs - relation.rhs).xreplace({variable: number}))
    return None if sign is None else bool(relation.func(sign, 0))
