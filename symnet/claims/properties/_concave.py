"""Concave functions."""

from __future__ import annotations

from .._claim import Claim
from ._base import Property
from ._convex import chords


class concave(Property):
    """f(t x + (1 - t) y) >= t f(x) + (1 - t) f(y) for 0 <= t <= 1.

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> x = sp.Symbol("x", real=True)
    >>> sn.prove(sn.concave(sn.relu(x))).verdict
    'refuted'

    Source: Boyd and Vandenberghe, Convex optimization, 2004, section 3.1.
    """

    statement = "f(t x + (1 - t) y) >= t f(x) + (1 - t) f(y) for 0 <= t <= 1"
    source = "Boyd and Vandenberghe 2004, section 3.1"

    def claims(self) -> tuple[Claim, ...]:
        return (chords(self, ">="),)

    def by_derivative(self) -> Claim | None:
        bend = self.slope(2)
        return None if bend is None else Claim(bend[0], 0, "<=", bend[1])
