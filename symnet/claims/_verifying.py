"""Certificates verified: multipliers multiplied out, the tree of cases walked again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any

from ..errors import CertificateError
from . import _polynomials as poly
from ._cases import Goal, Known, Leaf, Run
from ._contradictions import Constraint, Farkas, facts
from ._generators import Generators
from ._one_variable import NoValue, one_variable
from ._polynomials import ONE, Key, Polynomial
from ._semialgebraic import FormCell
from ._settling import Shown, alternatives, contradiction
from ._terms import ANY, NEGATIVE, POSITIVE, ZERO


@dataclass(frozen=True)
class Settled:
    """A leaf of the tree of cases, and why nothing in it is against the claim."""

    path: tuple[Known, ...]
    shown: tuple[Shown, ...]


@dataclass(frozen=True)
class CaseTree:
    """A goal, the cell of all points, and the leaves of the tree; ``check`` walks it."""

    goal: Goal
    start: FormCell
    leaves: tuple[Settled, ...]

    def check(self) -> int:
        """The number of cases; every branch is there, and every leaf is for the claim.

        Raises
        ------
        CertificateError
            Where a case is missing or open.
        """
        self._node(self.start, self.leaves, 0)
        return len(self.leaves)

    def _node(self, cell: FormCell, below: Sequence[Settled], depth: int) -> None:
        if any(len(leaf.path) == depth for leaf in below):
            if len(below) != 1:
                raise CertificateError("a case is split and not split")
            self._leaf(cell, below[0])
            return
        form = below[0].path[depth].form
        groups: dict[int, list[Settled]] = {}
        for leaf in below:
            known = leaf.path[depth]
            if known.form != form:
                raise CertificateError("a case is split by two expressions at once")
            groups.setdefault(known.signs, []).append(leaf)
        p, turned = cell.polynomial(form)
        for bit in (NEGATIVE, ZERO, POSITIVE):
            if not any(signs & bit for signs in groups):
                self._impossible(cell, p, _turned(bit) if turned else bit)
        for signs, leaves in groups.items():
            part = cell.part(form, signs)
            if part is not None:
                self._node(part, leaves, depth + 1)

    @staticmethod
    def _impossible(cell: FormCell, p: Key, bit: int) -> None:
        generators = cell.algebra.generators
        if not p and bit != ZERO:
            return
        if not cell.known.get(p, ANY) & generators.signs(dict(p), cell.single) & bit:
            return
        shown = contradiction(generators, cell.constraints, [(p, bit)])
        if not isinstance(shown, Shown):
            raise CertificateError(f"a case is missing: {generators.expr(p)} may have another sign")
        verify(generators, [*cell.constraints, (p, bit)], shown)

    def _leaf(self, cell: FormCell, leaf: Settled) -> None:
        run = Run(cell.algebra, cell, {})
        outcome = self.goal.outcome(run)
        if outcome in ("excluded", "undefined", "holds"):
            return
        against = list(alternatives(self.goal, Leaf(leaf.path, run, outcome)))
        if len(against) != len(leaf.shown):
            raise CertificateError("a case is open")
        for extra, shown in zip(against, leaf.shown, strict=True):
            verify(cell.algebra.generators, [*cell.constraints, *extra], shown)


def verify(generators: Generators, constraints: Sequence[Constraint], shown: Shown) -> None:
    """That some constraints have no common solution, by their certificate."""
    certificate = shown.certificate
    if isinstance(certificate, Farkas):
        _verify_multipliers(generators, constraints, certificate)
    elif isinstance(certificate, NoValue):
        if not set(certificate.constraints) <= {*constraints, *_own_signs(generators)}:
            raise CertificateError("the certificate speaks of other constraints")
        (g,) = poly.generators(dict(certificate.constraints[0][0]))
        if not isinstance(one_variable(generators, list(certificate.constraints), g), NoValue):
            raise CertificateError("the roots do not exclude all values")
    else:
        raise CertificateError(
            f"the proof relies on {certificate.program}, whose answers cannot be verified"
        )


def _own_signs(generators: Generators) -> list[Constraint]:
    return [(poly.key(poly.variable(g)), this.signs) for g, this in enumerate(generators.all)]


def _verify_multipliers(
    generators: Generators, constraints: Sequence[Constraint], certificate: Farkas
) -> None:
    """sum y_i g_i is a constant that no nonnegative (or positive) sum can be."""
    known = {*constraints, *facts(generators, constraints)}
    total: Polynomial = {}
    positive = False
    for y, factors in certificate.combination:
        product, signs = poly.constant(1), POSITIVE
        for p, allowed in factors:
            if (p, allowed) not in known and not _is_evident(generators, p, allowed):
                raise CertificateError(f"{generators.expr(p)} was not assumed to have that sign")
            turn = bool(allowed & NEGATIVE)
            product = poly.times(product, poly.scaled(dict(p), -1 if turn else 1))
            signs = ZERO if ZERO in (signs, allowed) else signs | (allowed & ZERO)
        if signs != ZERO and y < 0:
            raise CertificateError("a multiplier of an inequality is negative")
        positive |= signs == POSITIVE and y > 0
        total = poly.plus(total, product, y)
    if set(total) - {ONE}:
        raise CertificateError("the combination of the inequalities is no constant")
    constant = Fraction(total.get(ONE, 0))
    if not (constant < 0 or (constant == 0 and positive)):
        raise CertificateError("the combination of the inequalities is no contradiction")


def _is_evident(generators: Generators, p: Key, allowed: int) -> bool:
    """Whether a polynomial has the signs wherever its generators have theirs, or is a square."""
    if not generators.signs(dict(p)) & ~allowed:
        return True
    return allowed == ZERO | POSITIVE and _is_square(dict(p))


def _is_square(p: Polynomial) -> bool:
    """Whether p is the square of a sum or difference of two monomials."""
    for m, n in combinations([m for m, c in p.items() if c == 1], 2):
        roots = [tuple((g, Fraction(e) / 2) for g, e in monomial) for monomial in (m, n)]
        for sign in (1, -1):
            q = poly.plus({roots[0]: 1}, {roots[1]: 1}, sign)
            if poly.key(poly.times(q, q)) == poly.key(p):
                return True
    return False


def _turned(bit: int) -> int:
    return {NEGATIVE: POSITIVE, POSITIVE: NEGATIVE}.get(bit, bit)


__all__: list[Any] = ["CaseTree", "Settled", "verify"]
