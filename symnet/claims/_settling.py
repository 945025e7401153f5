"""Whether a case contradicts itself, or the opposite of a claim contradicts it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from . import _polynomials as poly
from ._cases import Goal, Leaf
from ._contradictions import Constraint, Farkas, farkas
from ._generators import Generators, opposite
from ._one_variable import NoValue, one_variable
from ._oracle import Oracle, ask
from ._terms import NEGATIVE, POSITIVE, SIGNS, ZERO


@dataclass(frozen=True)
class Shown:
    """That some constraints have no solution, with the certificate."""

    constraints: tuple[Constraint, ...]
    certificate: Farkas | NoValue | Oracle

    @property
    def oracle(self) -> str:
        """The program that was relied on; empty where the certificate can be verified."""
        return self.certificate.program if isinstance(self.certificate, Oracle) else ""

    @property
    def method(self) -> str:
        """How it was shown."""
        return self.oracle or self.certificate.name


def alternatives(goal: Goal, leaf: Leaf) -> Iterator[list[Constraint]]:
    """What must be contradictory, together with the cell, for the claim to hold on a leaf."""
    if leaf.outcome == "fails":
        yield []
    if leaf.outcome != "open":
        return
    p, turned = leaf.run.cell.polynomial(leaf.run.form(goal.difference))
    wanted = opposite(SIGNS[goal.relation]) if turned else SIGNS[goal.relation]
    signs = leaf.run.cell.signs_of(p)
    for bit in (NEGATIVE, ZERO, POSITIVE):
        if signs & bit & ~wanted:
            yield [(p, bit)]


def contradiction(
    generators: Generators, cell: Sequence[Constraint], extra: Sequence[Constraint]
) -> Shown | dict[Any, Any] | None:
    """That cell and extra constraints have no solution, or a point that may be one, or nothing."""
    constraints = (*cell, *extra)
    certificate: Any = farkas(generators, constraints)
    hint = None
    if certificate is None:
        for g in sorted(set().union(*(poly.generators(dict(p)) for p, _ in extra or cell))):
            certificate = one_variable(generators, constraints, g)
            if isinstance(certificate, NoValue):
                break
            hint = hint or _hint(generators, g, certificate)
            certificate = None
    if certificate is None:
        certificate = ask(generators, constraints)
    if isinstance(certificate, Farkas | NoValue | Oracle):
        return Shown(constraints, certificate)
    return dict(certificate) if certificate else hint


def _hint(generators: Generators, g: int, value: Any) -> dict[Any, Any] | None:
    """A symbol's value near the one that a generator should have."""
    this = generators.all[g]
    if value is None:
        return None
    if this.kind == "symbol":
        return {this.name: value}
    if this.kind == "exp" and not this.inside[0].factors:
        ((monomial, _),) = this.inside[0].numerator.items()
        if len(monomial) == 1 and monomial[0][1] == 1:
            inner = generators.all[monomial[0][0]]
            if inner.kind == "symbol":
                return {inner.name: Fraction(math.log(float(value))).limit_denominator(1000)}
    return None
