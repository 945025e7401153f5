"""Injective functions."""

from __future__ import annotations

import sympy as sp

from ...errors import LayerError
from .._claim import Claim
from ._base import Property


class injective(Property):
    """f(x) ≠ f(y) for x ≠ y.

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> x = sp.Symbol("x", real=True)
    >>> sn.prove(sn.injective(sn.relu(x))).verdict
    'refuted'

    Source: definition.
    """

    statement = "f(x) != f(y) for x != y"

    def claims(self) -> tuple[Claim, ...]:
        x, y = self.two_points()
        f = self.subject
        if f.is_column:
            raise LayerError(
                f"injectivity of a function of {x[0].shape[0]} inputs needs a definite number of "
                "them; substitute it first"
            )
        different = sp.Or(*(sp.Ne(a, b) for a, b in zip(x, y, strict=True)))
        where = sp.And(different, self.holds_at(x, y))
        return (Claim(f.value, f.at(*y), "!=", where),)

    def by_derivative(self) -> Claim | None:
        slope = self.slope(1)
        return None if slope is None else Claim(slope[0], sp.S.Zero, "!=", slope[1])
