"""Even functions."""

from __future__ import annotations

from .._claim import Claim
from ._base import Property, combined


class even(Property):
    """f(-x) = f(x).

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> x = sp.Symbol("x", real=True)
    >>> print(sn.prove(sn.even(sn.relu(x))))
    refuted; at x = 1: 0 ≠ 1

    Source: definition.
    """

    statement = "f(-x) = f(x)"

    def claims(self) -> tuple[Claim, ...]:
        x = self.subject.variables
        opposite = combined((-1, x))
        return (
            Claim(self.subject.at(*opposite), self.subject.value, where=self.holds_at(x, opposite)),
        )
