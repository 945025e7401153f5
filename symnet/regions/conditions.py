"""Domains from conditions: x_1 + x_2 <= 1 and x_1 >= 0."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp

from ..errors import DomainError
from .domains import Polyhedron


def polyhedron_where(condition: Any, variables: Sequence[sp.Symbol]) -> Polyhedron:
    """The points that satisfy linear inequalities and equations, all of them.

    Parameters
    ----------
    condition : relation, or And of relations
    variables : the coordinates, in their order

    Raises
    ------
    DomainError
        For what is not linear, strict, or not a conjunction, or where no point or one is left.

    Examples
    --------
    >>> from sympy.abc import x, y
    >>> triangle = polyhedron_where((x >= 0) & (y >= 0) & (x + y <= 1), [x, y])
    >>> triangle.contains([0, 1]), triangle.contains([1, 1])
    (True, False)
    """
    sides: dict[str, list[Any]] = {"A": [], "b": [], "C": [], "d": []}
    for part in sp.And.make_args(condition):
        if part in (sp.true, sp.false):
            sides["A"].append([0] * len(variables))
            sides["b"].append(0 if part == sp.true else -1)
            continue
        row, value, equal = _row(part, variables)
        sides["C" if equal else "A"].append(row)
        sides["d" if equal else "b"].append(value)
    return Polyhedron(**sides)


def _row(part: Any, variables: Sequence[sp.Symbol]) -> tuple[list[Any], Any, bool]:
    """a, b and whether it is a x = b rather than a x <= b."""
    if isinstance(part, sp.StrictLessThan | sp.StrictGreaterThan | sp.Ne):
        raise DomainError(f"{part} is not closed, and domains are: write <=, >= or =")
    if not isinstance(part, sp.LessThan | sp.GreaterThan | sp.Eq):
        raise DomainError(f"{part} is no inequality; a domain is where all of several hold")
    difference = part.lhs - part.rhs
    if isinstance(part, sp.GreaterThan):
        difference = -difference
    others = sorted(map(str, difference.free_symbols - set(variables)))
    if others:
        known = ", ".join(map(str, variables))
        raise DomainError(f"{part} speaks of {', '.join(others)}; the coordinates are {known}")
    polynomial = difference.as_poly(*variables)
    if polynomial is None or polynomial.total_degree() > 1:
        raise DomainError(f"{part} is not linear in {', '.join(map(str, variables))}")
    row = [polynomial.coeff_monomial(x) for x in variables]
    return row, -polynomial.coeff_monomial(1), isinstance(part, sp.Eq)
