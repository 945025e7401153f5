"""A claim: a relation between two expressions that is to be proved or refuted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

import sympy as sp
from sympy.core.relational import Relational

from ..base import Network
from ..verdict import NEGATED, Verdict
from ._decide import decide


@dataclass(frozen=True)
class Claim:
    """``lhs relation rhs`` for all real values of the symbols under their assumptions.

    Where one side has no value (at a pole, outside the domain of a logarithm) and the other one
    has, the claim is false; where neither has one it says nothing. Symbols are real unless their
    assumptions say more; a weight that is inverted is invertible.

    Parameters
    ----------
    lhs, rhs : scalar or matrix expressions of one shape, or networks; matrices entry by entry
        ``lhs`` alone may be a SymPy relation such as ``sp.Le(f, g)``.
    relation : "=", "<=", "<", ">=", ">" or "!="
        "!=" of matrices: they are not the same.
    where : a SymPy condition, such as ``sp.And(a >= 0, sp.Ne(b, 0))``
        Only values that satisfy it count.
    domain : Box, Polyhedron, Slice, or a dict of symbols and intervals
        Where the variables lie: those of a network's input, or all scalars sorted by name.

    Examples
    --------
    >>> import sympy as sp
    >>> from symnet import Claim, relu
    >>> x = sp.Symbol("x", real=True)
    >>> print(Claim(relu(x) + relu(-x), sp.Abs(x)).prove())
    proved (piecewise-linear cases: 2 cases)
    >>> print(Claim(relu(x), 1, "<=").prove())
    refuted; at x = 2: 2 > 1
    """

    lhs: Any
    rhs: Any = None
    relation: str = "="
    where: Any = True
    domain: Any = None

    def __post_init__(self) -> None:
        if self.rhs is None:
            for name, value in _parts_of(self.lhs).items():
                object.__setattr__(self, name, value)
        if self.relation not in NEGATED:
            raise ValueError(
                f"the relation is {self.relation!r}; it must be one of {', '.join(NEGATED)}"
            )

    def narrowed(self, where: Any, domain: Any) -> Self:
        """The same claim for fewer values."""
        both = where if self.where is True else sp.And(self.where, where)
        return replace(
            self,
            where=self.where if where is True else both,
            domain=self.domain if domain is None else domain,
        )

    def prove(self, *, timeout: float | None = None) -> Verdict:
        """The verdict: see :func:`symnet.prove`."""
        return decide(self, timeout)

    def __str__(self) -> str:
        parts = [f"{self.lhs} {self.relation} {self.rhs}"]
        if self.where is not True and self.where != sp.true:
            parts.append(f"where {self.where}")
        if self.domain is not None:
            parts.append(f"on {self.domain}")
        return ", ".join(parts)


def prove(
    lhs: Any,
    rhs: Any = None,
    *,
    relation: str = "=",
    where: Any = True,
    domain: Any = None,
    timeout: float | None = None,
) -> Verdict:
    """Whether ``lhs = rhs`` (or ``<=``, …) for all values of the symbols under their assumptions.

    Parameters
    ----------
    lhs, rhs : scalar or matrix expressions of one shape, or two networks
        Sizes may be symbols; the claim is then for all sizes. ``lhs`` alone may be a SymPy
        relation, a :class:`Claim`, or a property such as ``symnet.convex(f)``.
    relation : "=", "<=", "<", ">=", ">" or "!="
    where : a SymPy condition on the symbols
    domain : Box, Polyhedron, Slice, or a dict of symbols and intervals
    timeout : seconds after which the answer is Undecided, with what was tried

    Returns
    -------
    Proved, Refuted or Undecided
        Proved has a certificate that ``check()`` verifies; Refuted the smallest point that was
        found, with both values; Undecided the reason and what may help.

    Raises
    ------
    ShapeError
        If the sides have different shapes.
    NameClashError
        If two different symbols have one name.
    DomainError
        If the domain does not fit, or a symbol is not real.

    Examples
    --------
    >>> import sympy as sp
    >>> from symnet import prove, relu
    >>> x = sp.Symbol("x", real=True)
    >>> print(prove(relu(x) - relu(-x), x))
    proved (piecewise-linear cases: 2 cases)
    >>> print(prove(relu(x) + relu(-x), x))
    refuted; at x = -1: 1 ≠ -1
    >>> print(prove(sp.Lt(relu(x), 1 + x)))
    refuted; at x = -1: 0 ≥ 0
    """
    claim = lhs
    if rhs is not None or not hasattr(lhs, "prove"):
        claim = Claim(lhs, rhs, relation)
    verdict: Verdict = claim.narrowed(where, domain).prove(timeout=timeout)
    return verdict


def _parts_of(relation: Any) -> dict[str, Any]:
    """lhs, rhs and relation of what was given alone."""
    if isinstance(relation, Relational):
        names = {"==": "="}
        return {
            "lhs": relation.lhs,
            "rhs": relation.rhs,
            "relation": names.get(relation.rel_op, relation.rel_op),
        }
    if relation in (sp.true, sp.false) and isinstance(relation, sp.Basic):
        # SymPy has evaluated the relation already
        return {"lhs": sp.Integer(relation == sp.true), "rhs": sp.S.One, "relation": "="}
    if isinstance(relation, bool):
        raise TypeError(
            f"the claim is {relation}: `==` compares how two expressions are written; "
            "give both sides, prove(lhs, rhs), or a relation, sympy.Eq(lhs, rhs)"
        )
    what = "network" if isinstance(relation, Network) else type(relation).__name__
    raise TypeError(
        f"a {what} alone claims nothing; give both sides, prove(lhs, rhs), or a relation such as "
        "sympy.Eq(lhs, rhs) or sympy.Le(lhs, rhs), or a property such as symnet.convex(f)"
    )
