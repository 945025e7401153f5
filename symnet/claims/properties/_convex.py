"""Convex functions."""

from __future__ import annotations

import sympy as sp

from .._claim import Claim
from ._base import Property, combined


class convex(Property):
    """f(t x + (1 - t) y) <= t f(x) + (1 - t) f(y) for 0 <= t <= 1.

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> x = sp.Symbol("x", real=True)
    >>> sn.prove(sn.convex(sn.hardtanh(x))).verdict
    'refuted'

    Source: Boyd and Vandenberghe, Convex optimization, 2004, section 3.1.
    """

    statement = "f(t x + (1 - t) y) <= t f(x) + (1 - t) f(y) for 0 <= t <= 1"
    source = "Boyd and Vandenberghe 2004, section 3.1"

    def claims(self) -> tuple[Claim, ...]:
        return (chords(self, "<="),)

    def by_derivative(self) -> Claim | None:
        bend = self.slope(2)
        return None if bend is None else Claim(bend[0], 0, ">=", bend[1])


def chords(of: Property, relation: str) -> Claim:
    """Where the graph lies to its chords: below them ("<="), above (">="), on them ("=")."""
    x, y = of.two_points()
    t = of.scalar("t", x, y)
    between = combined((t, x), (1 - t, y))
    f = of.subject
    mean = t * f.value + (1 - t) * f.at(*y)
    where = sp.And(t >= 0, t <= 1, of.holds_at(x, y))
    return Claim(f.at(*between), mean, relation, where)
