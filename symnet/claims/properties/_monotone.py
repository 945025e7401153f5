"""Monotone functions."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ...activations._relu import ReLU
from .._claim import Claim
from ._base import Property, combined


class monotone(Property):
    """f(x) <= f(y) for x <= y, entry by entry; ``decreasing``: f(x) >= f(y).

    Parameters
    ----------
    function, *variables, where, domain : as for every property
    decreasing : bool
        Whether f falls where its variables grow.
    strict : bool
        Whether f(x) = f(y) only for x = y, in one variable.

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> x = sp.Symbol("x", real=True)
    >>> sn.prove(sn.monotone(sp.Abs(x))).verdict
    'refuted'

    Source: definition.
    """

    statement = "f(x) <= f(y) for x <= y"

    def __init__(
        self,
        function: Any,
        *variables: Any,
        decreasing: bool = False,
        strict: bool = False,
        where: Any = True,
        domain: Any = None,
    ) -> None:
        super().__init__(function, *variables, where=where, domain=domain)
        self.decreasing, self.strict = decreasing, strict

    def claims(self) -> tuple[Claim, ...]:
        x, y = self.two_points()
        f = self.subject
        if f.is_column:
            # y = x + relu(h) runs through all y >= x
            y = combined((1, x), (1, (ReLU()(y[0]),)))
            return (self._claim(f.value, f.at(*y), sp.true),)
        order = sp.Lt if self.strict else sp.Le
        above = sp.And(*(order(a, b) for a, b in zip(x, y, strict=True)))
        return (self._claim(f.value, f.at(*y), sp.And(above, self.holds_at(x, y))),)

    def by_derivative(self) -> Claim | None:
        slope = self.slope(1)
        return None if slope is None else self._claim(sp.S.Zero, *slope)

    def _claim(self, low: Any, high: Any, where: Any) -> Claim:
        relation = (">" if self.decreasing else "<") + "=" * (not self.strict)
        return Claim(low, high, relation, where)
