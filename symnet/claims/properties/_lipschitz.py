"""Lipschitz continuity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp

from ...errors import LayerError
from .._claim import Claim
from ._base import Property
from ._subject import Point, Subject


class lipschitz(Property):
    """|f(x) - f(y)| <= L |x - y| in the p-norm, p = 1, 2 or oo.

    Parameters
    ----------
    function : scalar expression, column of expressions or network
    constant : number or expression, L
    *variables, where, domain : as for every property
    p : 1, 2 or oo

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> x = sp.Symbol("x", real=True)
    >>> sn.prove(sn.lipschitz(2 * sn.relu(x), 1)).verdict
    'refuted'

    Source: definition.
    """

    statement = "|f(x) - f(y)| <= L |x - y|"

    def __init__(
        self,
        function: Any,
        constant: Any,
        *variables: Any,
        p: Any = 2,
        where: Any = True,
        domain: Any = None,
    ) -> None:
        super().__init__(function, *variables, where=where, domain=domain)
        if p not in (1, 2, sp.oo):
            raise ValueError(f"the p-norm is known for p = 1, 2 and oo, not for p = {p}")
        self.constant, self.p = sp.sympify(constant), sp.sympify(p)

    def claims(self) -> tuple[Claim, ...]:
        x, y = self.two_points()
        f = self.subject
        if f.is_column:
            raise LayerError(
                f"a Lipschitz constant of a function of {x[0].shape[0]} inputs needs a definite "
                "number of them; substitute it first"
            )
        change = change_of(f, y)
        step = [a - b for a, b in zip(x, y, strict=True)]
        where = self.holds_at(x, y)
        if self.p == 2 and (len(change) > 1 or len(step) > 1):
            squares = (sp.Add(*(d**2 for d in part)) for part in (change, step))
            left, right = squares
            return (Claim(left, self.constant**2 * right, "<=", where),)
        left, right = (_norm(part, self.p) for part in (change, step))
        return (Claim(left, self.constant * right, "<=", where),)

    def by_derivative(self) -> Claim | None:
        slope = self.slope(1)
        return None if slope is None else Claim(sp.Abs(slope[0]), self.constant, "<=", slope[1])


def change_of(f: Subject, y: Point) -> list[sp.Expr]:
    """f(x) - f(y), entry by entry."""
    there = f.at(*y)
    others = there.flat() if hasattr(there, "flat") else [there]
    return [a - b for a, b in zip(f.entries(), others, strict=True)]


def _norm(parts: Sequence[sp.Expr], p: sp.Expr) -> sp.Expr:
    sizes = [sp.Abs(part) for part in parts]
    return sp.Max(*sizes) if p == sp.oo else sp.Add(*sizes)
