"""Homogeneous functions."""

from __future__ import annotations

import sympy as sp

from .._claim import Claim
from ._base import Property, combined


class homogeneous(Property):
    """f(c x) = c f(x) for every number c.

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> x = sp.Symbol("x", real=True)
    >>> print(sn.prove(sn.homogeneous(sn.relu(x))))
    refuted; at c = -1, x = 1: 0 ≠ -1

    Source: definition.
    """

    statement = "f(c x) = c f(x) for all c"

    def claims(self) -> tuple[Claim, ...]:
        return (scaling(self, self.scalar("c")),)


def scaling(of: Property, c: sp.Symbol) -> Claim:
    """f(c x) = c f(x)."""
    x = of.subject.variables
    scaled = combined((c, x))
    return Claim(of.subject.at(*scaled), c * of.subject.value, where=of.holds_at(x, scaled))
