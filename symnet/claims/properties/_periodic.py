"""Periodic functions."""

from __future__ import annotations

from typing import Any

import sympy as sp

from .._claim import Claim
from ._base import Property


class periodic(Property):
    """f(x + p) = f(x), where both lie in the domain.

    Parameters
    ----------
    function : scalar expression or network
    period : number or expression, p
    *variables, where, domain : as for every property

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> x = sp.Symbol("x", real=True)
    >>> saw = sn.relu(x) - 2 * sn.relu(x - 1) + 2 * sn.relu(x - 2)
    >>> sn.prove(sn.periodic(saw, 2)).verdict
    'refuted'

    Source: definition.
    """

    statement = "f(x + p) = f(x)"

    def __init__(
        self, function: Any, period: Any, *variables: Any, where: Any = True, domain: Any = None
    ) -> None:
        super().__init__(function, *variables, where=where, domain=domain)
        self.period = sp.sympify(period)

    def claims(self) -> tuple[Claim, ...]:
        x = self.subject.variables
        later = tuple(v + self.period for v in x)
        where = self.holds_at(x, later)
        return (Claim(self.subject.at(*later), self.subject.value, where=where),)
