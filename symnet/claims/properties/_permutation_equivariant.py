"""Permutation-equivariant functions."""

from __future__ import annotations

from functools import cached_property

import sympy as sp

from ...base import Network
from ...errors import ShapeError
from .._claim import Claim
from .._predicates import permutation
from ._base import Property
from ._subject import Subject


class permutation_equivariant(Property):
    """f(P x) = P f(x) for every permutation P of the entries.

    Two permutations generate all: the exchange of the first two entries, and the shift by one.

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> x, y = sp.symbols("x y", real=True)
    >>> sn.prove(sn.permutation_equivariant(sp.Matrix([x + 2 * y, y + 2 * x]))).verdict
    'proved'

    Source: Zaheer et al., Deep sets, 2017.
    """

    statement = "f(P x) = P f(x) for every permutation P"
    source = "Zaheer et al. 2017"

    @cached_property
    def subject(self) -> Subject:
        """As for every property; an entrywise function is one of columns of any size."""
        f = self.function
        open_ = isinstance(f, Network) and f.in_features is None and f.is_elementwise
        if not open_ or self.variables or self.domain is not None:
            return super().subject
        x = sp.MatrixSymbol("x", sp.Symbol("n", integer=True, positive=True), 1)
        return Subject(f(x), (x,))

    def claims(self) -> tuple[Claim, ...]:
        f = self.subject
        if f.is_column:
            P = sp.MatrixSymbol("P", f.variables[0].shape[0], f.variables[0].shape[0])
            moved = P * f.variables[0]
            return (Claim(f.at(moved), P * f.value, where=permutation(P)),)
        x, values = f.variables, f.entries()
        if len(values) != len(x):
            raise ShapeError(
                f"f(P x) = P f(x) needs as many outputs as inputs; {self.function} has "
                f"{len(x)} inputs and {len(values)} outputs"
            )
        orders = {(1, 0, *range(2, len(x))), (*range(1, len(x)), 0)} if len(x) > 1 else set()
        return tuple(
            Claim(
                sp.ImmutableDenseMatrix([f.at(*moved)]).reshape(len(x), 1),
                sp.ImmutableDenseMatrix([values[k] for k in order]),
                where=self.holds_at(x, moved),
            )
            for order in sorted(orders)
            for moved in [tuple(x[k] for k in order)]
        )
