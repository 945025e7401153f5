"""Idempotent functions."""

from __future__ import annotations

from ...errors import ShapeError
from .._claim import Claim
from ._base import Property


class idempotent(Property):
    """f(f(x)) = f(x).

    Examples
    --------
    >>> import symnet as sn
    >>> sn.prove(sn.idempotent(sn.ReLU())).verdict
    'proved'

    Source: definition.
    """

    statement = "f(f(x)) = f(x)"

    def claims(self) -> tuple[Claim, ...]:
        f = self.subject
        values = (f.value,) if f.is_column else tuple(f.entries())
        if len(values) != len(f.variables):
            raise ShapeError(
                f"f(f(x)) needs as many outputs as inputs; {self.function} has "
                f"{len(f.variables)} inputs and {len(values)} outputs"
            )
        where = self.holds_at(f.variables, values)
        return (Claim(f.at(*values), f.value, where=where),)
