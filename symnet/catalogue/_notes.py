"""Theorems as notes: statements, derivations, counterexamples, verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..base import Network
from ..claims import Claim
from ..claims.properties import Property
from ..document import Block, Chain, Document, Link, Math, Prose, Statement, Typeset, Words
from ..verdict import Proved, Refuted
from ._theorem import Theorem


def document(theorems: Sequence[Theorem], title: str = "Theorems") -> Document:
    """The theorems as notes: statements, derivations, verdicts.

    Only what was proved is called a theorem; what was refuted stands with its counterexample.
    """
    blocks = tuple(_statement(theorem) for theorem in theorems)
    return Document(blocks, title=title)


def _statement(theorem: Theorem) -> Statement:
    refuted = isinstance(theorem.verdict, Refuted)
    kind = "Theorem" if theorem.verdict else "Refuted" if refuted else "Open"
    return Statement(
        kind, "", _words(theorem.statement), tuple(_blocks(theorem)), label=theorem.name
    )


def _blocks(theorem: Theorem) -> Iterator[Block]:
    for head in ("Why", "Conditions"):
        if text := theorem.part(head):
            # a sentence begins with a capital, a condition perhaps with a symbol
            sentence = text[0].upper() + text[1:] if head == "Why" else f"Conditions: {text}"
            yield Prose(_words(sentence))
    if theorem.derivation is not None and not theorem.problem:
        yield from theorem.derivation.document().blocks
    elif isinstance(theorem.verdict, Refuted):
        yield from _refutation(theorem.claim, theorem.verdict)
    yield Prose((_verdict_in_words(theorem),))
    if source := theorem.part("Source"):
        yield Prose(("Source: ", *_words(source)))


def _verdict_in_words(theorem: Theorem) -> str:
    verdict = theorem.verdict
    if theorem.problem and not theorem.is_refuted:
        return f"This claim is not proved: {theorem.problem}."
    if isinstance(verdict, Proved):
        checked = theorem.derivation.check() if theorem.derivation is not None else None
        steps = (
            f"; every step of the derivation is proved ({checked.method})"
            if isinstance(checked, Proved)
            else ""
        )
        return f"Proved for all values of the symbols, by {verdict.method}{steps}."
    return f"Refuted by {verdict.method}." if isinstance(verdict, Refuted) else str(verdict)


def _refutation(claim: Claim | Property, verdict: Refuted) -> Iterator[Block]:
    yield Prose(("The claim would be",))
    if isinstance(claim, Claim):
        yield Chain(_shown(claim.lhs), (Link(_shown(claim.rhs), relation=claim.relation),))
    else:
        yield Prose((f"{claim}.",))
    words: list[Any] = ["At "]
    for place, (symbol, value) in enumerate(verdict.counterexample.items()):
        words += [", " if place else "", Math(symbol), " = ", Math(value)]
    sides = (
        " the left side is ",
        Math(verdict.lhs_value),
        " and the right side is ",
        Math(verdict.rhs_value),
        ".",
    )
    yield Prose((*(w for w in words if w != ""), *sides))


def _words(text: str) -> Words:
    """Running text; what stands between dollars is LaTeX."""
    parts = text.split("$")
    return tuple(
        Typeset(part, part) if place % 2 else part for place, part in enumerate(parts) if part
    )


def _shown(side: Any) -> Any:
    return side(side.input) if isinstance(side, Network) else side
