"""Linear functions."""

from __future__ import annotations

from functools import reduce
from operator import add

import sympy as sp

from .._claim import Claim
from ._base import Property, combined
from ._convex import chords


class linear(Property):
    """f(x) = w x for some w: f(x) = x_1 f(e_1) + … + x_n f(e_n).

    Examples
    --------
    >>> import symnet as sn
    >>> print(sn.prove(sn.linear(sn.Sequential(sn.ReLU(), sn.Linear([[1]])))))
    refuted; at x = -1: 0 ≠ -1

    Source: definition.
    """

    statement = "f(x) = x_1 f(e_1) + ... + x_n f(e_n)"

    def claims(self) -> tuple[Claim, ...]:
        f = self.subject
        if f.is_column or self.where is not True or self.domain is not None:
            x, y = self.two_points()
            both = combined((1, x), (1, y))
            sums = Claim(f.at(*both), f.value + f.at(*y), where=self.holds_at(x, y, both))
            return (chords(self, "="), sums)
        n = len(f.variables)
        units = ([sp.Integer(i == k) for i in range(n)] for k in range(n))
        terms = (x * f.at(*unit) for x, unit in zip(f.variables, units, strict=True))
        return (Claim(f.value, reduce(add, terms)),)
