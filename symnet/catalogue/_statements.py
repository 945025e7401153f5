"""A theorem as it stands in notes: statement, derivation or counterexample, verdict, source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain

from ..claims import Claim
from ..claims._induction import Induction
from ..derivation import Derivation
from ..document import Aside, Block, Figure, Prose, Statement, Typeset, Words
from ..errors import TheoremError
from ..notation._formula_text import formula_text
from ..pictures import Picture
from ..verdict import Proved, Refuted, Undecided
from ._bibliography import Bibliography
from ._outline import with_references
from ._refutation import refutation
from ._theorem import Theorem


@dataclass(frozen=True)
class Place:
    """Where a theorem stands: its number, and what others are called to which it refers."""

    number: str
    heads: Mapping[str, str]
    bibliography: Bibliography


def kind_of(theorem: Theorem) -> str:
    """What a theorem is called; only what was proved is a theorem."""
    if isinstance(theorem.verdict, Refuted):
        return "False claim"
    return "Theorem" if theorem.verdict and not theorem.problem else "Open question"


def statement(theorem: Theorem, place: Place) -> Statement:
    """The theorem with its derivation or its counterexample, its verdict and its source."""
    words = with_references(_words(theorem.statement), place.heads)
    blocks = tuple(_blocks(theorem, place))
    code = theorem.source.decode().rstrip() + "\n\nprint(claim.prove())"
    return Statement(kind_of(theorem), "", words, blocks, theorem.name, place.number, code)


def _blocks(theorem: Theorem, place: Place) -> Iterator[Block]:
    for head in ("Why", "Conditions"):
        if text := theorem.part(head):
            # a sentence begins with a capital, a condition perhaps with a symbol
            sentence = text[0].upper() + text[1:] if head == "Why" else f"Conditions: {text}"
            yield Prose(with_references(_words(sentence), place.heads))
    if isinstance(theorem.verdict, Refuted):
        yield from refutation(theorem.claim, theorem.verdict, theorem.statement)
    elif not theorem.problem:
        yield from _proof(theorem)
    yield from _figure(theorem)
    source = _words(theorem.part("Source"))
    cited = (place.bibliography.cited(w) if isinstance(w, str) else (w,) for w in source)
    words = (_verdict_in_words(theorem), *((" Source: ",) if source else ()))
    yield Aside((*words, *chain.from_iterable(cited)))


def _proof(theorem: Theorem) -> Iterator[Block]:
    """The derivation, or sequence, base and step of an induction."""
    shown = theorem.derivation
    if shown is None and isinstance(theorem.claim, Induction):
        # a verdict that was kept does not hold them
        proof = theorem.claim.prove()
        shown = proof.derivation if isinstance(proof, Proved) else None
    if isinstance(shown, Derivation):
        # the theorem itself says what it comes to
        shown = replace(shown, closing=())
    if shown is not None:
        yield from shown.document().blocks


def _figure(theorem: Theorem) -> Iterator[Figure]:
    picture = getattr(theorem.module, "figure", None)
    if picture is None:
        return
    if not isinstance(picture, Picture):
        raise TheoremError(
            f"{theorem.path}: figure is of type {type(picture).__name__}; make it with "
            "symnet.piecewise(net).plot() or as a symnet.pictures.Picture"
        )
    caption = getattr(theorem.module, "caption", "")
    files = {suffix: partial(picture.content, suffix) for suffix in (".svg", ".tikz")}
    yield Figure(files, _words(caption), picture.description)


def _verdict_in_words(theorem: Theorem) -> str:
    verdict = theorem.verdict
    if theorem.problem and not theorem.is_refuted:
        return f"This claim is not proved: {theorem.problem}."
    if isinstance(verdict, Undecided):
        tried = f" (tried: {', '.join(verdict.tried)})" if verdict.tried else ""
        return f"Neither proved nor refuted{tried}."
    if isinstance(verdict, Refuted):
        return f"Refuted by {verdict.method}."
    assert isinstance(verdict, Proved)
    whole = " for all values of the symbols" if isinstance(theorem.claim, Claim) else ""
    steps = ""
    if isinstance(checked := theorem.checked, Proved):
        other = "" if checked.method == verdict.method else f" ({checked.method})"
        steps = f", and so is every step of the derivation{other}"
    return f"Proved{whole} ({verdict.method}){steps}."


def _words(text: str) -> Words:
    """Running text; what stands between dollars is LaTeX."""
    parts = text.split("$")
    return tuple(
        Typeset(part, formula_text(part)) if place % 2 else part
        for place, part in enumerate(parts)
        if part
    )
