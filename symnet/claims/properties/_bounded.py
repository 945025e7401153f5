"""Bounded functions."""

from __future__ import annotations

from typing import Any

from .._claim import Claim
from ._base import Property


class bounded(Property):
    """lower <= f(x) <= upper, for every output.

    Parameters
    ----------
    function : scalar expression or network
    lower, upper : numbers or expressions; None for no bound
    *variables, where, domain : as for every property

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> x = sp.Symbol("x", real=True)
    >>> print(sn.prove(sn.bounded(sn.relu(x), 0, 1)))
    refuted; at x = 2: 2 > 1

    Source: definition.
    """

    statement = "lower <= f(x) <= upper"

    def __init__(
        self,
        function: Any,
        lower: Any = None,
        upper: Any = None,
        *variables: Any,
        where: Any = True,
        domain: Any = None,
    ) -> None:
        super().__init__(function, *variables, where=where, domain=domain)
        if lower is None and upper is None:
            raise TypeError("bounded(f, lower, upper) needs a bound")
        self.lower, self.upper = lower, upper

    def claims(self) -> tuple[Claim, ...]:
        where = self.holds_at(self.subject.variables)
        pairs = ((self.lower, ">="), (self.upper, "<="))
        return tuple(
            Claim(entry, bound, relation, where)
            for bound, relation in pairs
            if bound is not None
            for entry in self.subject.entries()
        )
