"""A refutation as it stands in notes: what would follow from the claim, and where that fails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from ..base import Network
from ..claims import Claim
from ..claims._induction import RELATIONS
from ..claims.properties import Property
from ..document import Block, Chain, Link, Math, Prose, Words
from ..verdict import Refuted


def refutation(claim: Claim | Property, verdict: Refuted, said: str) -> Iterator[Block]:
    """What the claim says in symbols, if its words do not, and the point at which it fails."""
    if isinstance(claim, Claim):
        if not _is_formula(said) or claim.where is not True:
            yield Prose(("The claim would be", *_restrictions(claim)))
            yield Chain(_shown(claim.lhs), (Link(_shown(claim.rhs), relation=claim.relation),))
        yield Prose(_at(verdict))
    elif verdict.detail:
        yield Prose(("In fact ", verdict.detail, *_found(verdict), "."))
    else:
        yield Prose(("If ", *claim.words(), ", then", *_consequence(claim), *_at(verdict)))


def _is_formula(said: str) -> bool:
    """Whether the words are one formula."""
    return said.count("$") == 2 and said.startswith("$") and said.endswith(("$", "$."))


def _restrictions(claim: Claim) -> Words:
    words: list[Any] = []
    if claim.where is not True:
        conditions = claim.where.args if isinstance(claim.where, sp.And) else (claim.where,)
        for place, condition in enumerate(sorted(conditions, key=sp.default_sort_key)):
            words += [", where " if place == 0 else ", ", Math(condition)]
        words.append(",")
    if claim.domain is not None:
        words.append(f" on {claim.domain},")
    return tuple(words)


def _consequence(claim: Property) -> Words:
    """The equation that a property comes to, where it is one."""
    claims = claim.claims()
    if len(claims) != 1:
        return (" both sides would be equal everywhere. ",)
    (one,) = claims
    said = RELATIONS[one.relation](one.lhs, one.rhs, evaluate=False)
    return (" ", Math(said), *_restrictions(one)[:-1], ". ")


def _at(verdict: Refuted) -> Words:
    """The point, and the two sides there."""
    left, right = _value(verdict.lhs_value), _value(verdict.rhs_value)
    point = _point(verdict)
    here: Words = ("At ", *point) if point else ("In fact",)
    if verdict.lhs_value == verdict.rhs_value:
        return (*here, " both sides are ", Math(left), ".")
    return (*here, " the left side is ", Math(left), " and the right side is ", Math(right), ".")


def _found(verdict: Refuted) -> Words:
    """What was found instead, where a point shows it."""
    left, right = _value(verdict.lhs_value), _value(verdict.rhs_value)
    if not verdict.counterexample:
        return ()
    if left == right:
        return (": ", Math(left))
    return (": at ", *_point(verdict), " they are ", Math(left), " and ", Math(right))


def _point(verdict: Refuted) -> Words:
    words: list[Any] = []
    for place, (symbol, value) in enumerate(verdict.counterexample.items()):
        words += [", "] * bool(place) + [Math(symbol), " = ", Math(_value(value))]
    return tuple(words)


def _value(value: Any) -> Any:
    """A 1×1 matrix as the number in it."""
    one = isinstance(value, sp.MatrixBase) and value.shape == (1, 1)
    return value[0, 0] if one else value


def _shown(side: Any) -> Any:
    return side(side.input) if isinstance(side, Network) else side
