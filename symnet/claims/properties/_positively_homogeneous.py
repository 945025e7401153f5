"""Positively homogeneous functions."""

from __future__ import annotations

from .._claim import Claim
from ._base import Property
from ._homogeneous import scaling


class positively_homogeneous(Property):
    """f(c x) = c f(x) for every number c >= 0.

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> x = sp.Symbol("x", real=True)
    >>> print(sn.prove(sn.positively_homogeneous(sn.hardtanh(x))))
    refuted; at c = 2, x = 1: 1 ≠ 2

    Source: definition.
    """

    statement = "f(c x) = c f(x) for all c >= 0"

    def claims(self) -> tuple[Claim, ...]:
        return (scaling(self, self.scalar("c", nonnegative=True)),)
