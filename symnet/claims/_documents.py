"""Verdicts as documents: what was claimed, the answer, and a table of cases or the two values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from ..document import Block, Document, Math, Prose, Words
from ..verdict import Proved, Refuted, Verdict

_SYMBOLS = {"=": sp.Eq, "!=": sp.Ne, "<=": sp.Le, "<": sp.Lt, ">=": sp.Ge, ">": sp.Gt}


def document_of(verdict: Verdict) -> Document:
    """The verdict as a short document."""
    return Document(tuple(_blocks(verdict)))


def _blocks(verdict: Verdict) -> Iterator[Block]:
    claim = getattr(verdict, "claim", None)
    if claim is not None:
        yield Prose(("Claim: ", *_claimed(claim), "."))
    if isinstance(verdict, Proved):
        derivation = verdict.derivation
        if derivation is not None:
            yield from derivation.document().blocks
        oracles = f", relying on {', '.join(verdict.oracles)}" if verdict.oracles else ""
        yield Prose((f"Proved by {verdict.method}{oracles}.",))
    elif isinstance(verdict, Refuted):
        yield Prose(_refutation(verdict))
    else:
        yield Prose((f"{str(verdict).capitalize()}.",))


def _claimed(claim: Any) -> Words:
    if hasattr(claim, "words"):
        words: Words = claim.words()
        return words
    relation: list[Any] = [Math(claim.lhs), f" {claim.relation} ", Math(sp.sympify(claim.rhs))]
    if claim.where is not True:
        relation += [" where ", Math(sp.sympify(claim.where))]
    return tuple(relation)


def _refutation(verdict: Refuted) -> Words:
    words: list[Any] = ["It fails" + (" at " if verdict.counterexample else "")]
    for place, (symbol, value) in enumerate(verdict.counterexample.items()):
        words += [", "] * bool(place) + [Math(symbol), " = ", Math(value)]
    sides = (verdict.lhs_value, verdict.rhs_value)
    left, right = (("undefined",) if side is sp.nan else (Math(side),) for side in sides)
    return (*words, ": the left side is ", *left, " and the right side is ", *right, ".")
