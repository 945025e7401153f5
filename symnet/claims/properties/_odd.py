"""Odd functions."""

from __future__ import annotations

from .._claim import Claim
from ._base import Property, combined


class odd(Property):
    """f(-x) = -f(x).

    Examples
    --------
    >>> import symnet as sn
    >>> sn.prove(sn.odd(sn.Hardtanh())).verdict
    'proved'

    Source: definition.
    """

    statement = "f(-x) = -f(x)"

    def claims(self) -> tuple[Claim, ...]:
        x = self.subject.variables
        opposite = combined((-1, x))
        return (
            Claim(
                self.subject.at(*opposite), -self.subject.value, where=self.holds_at(x, opposite)
            ),
        )
