"""Additive functions."""

from __future__ import annotations

from .._claim import Claim
from ._base import Property, combined


class additive(Property):
    """f(x + y) = f(x) + f(y).

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> x = sp.Symbol("x", real=True)
    >>> print(sn.prove(sn.additive(sn.relu(x))))
    refuted; at x = 1, y = -1: 0 ≠ 1

    Source: definition.
    """

    statement = "f(x + y) = f(x) + f(y)"

    def claims(self) -> tuple[Claim, ...]:
        x, y = self.two_points()
        both = combined((1, x), (1, y))
        f = self.subject
        return (Claim(f.at(*both), f.value + f.at(*y), where=self.holds_at(x, y, both)),)
