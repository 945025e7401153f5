"""Theorem files: one theorem a file, a statement in words and a claim in symnet."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any, TypeGuard

from .base import Network
from .claims import Claim
from .claims.properties import Property
from .derivation import Derivation
from .deriving import derive
from .document import Block, Chain, Document, Link, Math, Prose, Statement, Typeset, Words
from .errors import SymnetError
from .verdict import Proved, Refuted, Verdict

#: The folder, inside a folder of theorem files, of claims that are false.
REFUTED = "refuted"


class TheoremError(SymnetError, ValueError):
    """A theorem file that lacks something."""


@dataclass(frozen=True)
class Theorem:
    """What a theorem file says.

    The file is a Python module: the first line of its docstring is the statement, ``Why:``,
    ``Conditions:`` and ``Source:`` begin further paragraphs, and LaTeX stands between dollars.
    ``claim`` is the claim. Optionally ``derivation`` is a derivation to show instead of the one
    that symnet finds.
    """

    path: Path
    module: ModuleType

    @property
    def name(self) -> str:
        """The name of the file, which is the theorem's conclusion."""
        return self.path.stem

    @property
    def is_refuted(self) -> bool:
        """Whether the file claims something false on purpose: it stands in ``refuted/``."""
        return self.path.parent.name == REFUTED

    @property
    def statement(self) -> str:
        return _paragraphs(self.module)[0]

    def part(self, head: str) -> str:
        """The paragraph of the docstring that begins with ``head:``; empty if there is none."""
        for paragraph in _paragraphs(self.module)[1:]:
            if paragraph.startswith(f"{head}:"):
                return paragraph.removeprefix(f"{head}:").strip()
        return ""

    @property
    def claim(self) -> Claim | Property:
        claim: Claim | Property = self.module.claim
        return claim

    @cached_property
    def verdict(self) -> Verdict:
        """The verdict on the claim."""
        return self.claim.prove()

    @cached_property
    def derivation(self) -> Derivation | None:
        """The derivation that shows the claim, where it is true and there is one."""
        given: Derivation | None = getattr(self.module, "derivation", None)
        claim = self.claim
        if given is None and _is_of_networks(claim) and self.verdict:
            return derive(claim.lhs, to=claim.rhs)
        return given

    @cached_property
    def problem(self) -> str:
        """What is wrong with the file's claim or derivation; empty if nothing is."""
        if self.is_refuted:
            return "" if isinstance(self.verdict, Refuted) else f"not refuted: {self.verdict}"
        if not isinstance(self.verdict, Proved):
            return str(self.verdict)
        checked = self.derivation.check() if self.derivation is not None else Proved("")
        return "" if checked else f"the derivation fails: {checked}"


def read(folder: str | Path) -> tuple[Theorem, ...]:
    """The theorems in a folder, by name, those in its folder ``refuted`` last.

    The files are Python and are run, like test files: read only folders that you trust.

    Raises
    ------
    TheoremError
        If the folder has no theorem files, or one lacks its statement or its claim.
    """
    theorems, problems = read_what_can_be(folder)
    if problems:
        raise TheoremError("; ".join(problems))
    return theorems


def read_what_can_be(folder: str | Path) -> tuple[tuple[Theorem, ...], tuple[str, ...]]:
    """The theorems in a folder, and what is wrong with the files that are none."""
    folder = Path(folder)
    if not folder.is_dir():
        raise TheoremError(f"{folder} is not a folder; give a folder of theorem files")
    files = [*sorted(folder.glob("*.py")), *sorted((folder / REFUTED).glob("*.py"))]
    theorems: list[Theorem] = []
    problems: list[str] = []
    for file in files:
        if file.name.startswith("_"):
            continue
        try:
            theorems.append(read_file(file))
        except TheoremError as problem:
            problems.append(str(problem))
    if not theorems and not problems:
        raise TheoremError(
            f"{folder} holds no theorem files; one is a .py file with a docstring and a claim"
        )
    return tuple(theorems), tuple(problems)


def document(theorems: Sequence[Theorem], title: str = "Theorems") -> Document:
    """The theorems as notes: statements, derivations, verdicts.

    Only what was proved is called a theorem; what was refuted stands with its counterexample.
    """
    blocks = tuple(_statement(theorem) for theorem in theorems)
    return Document(blocks, title=title)


def read_file(file: Path) -> Theorem:
    """The theorem in one file, which is run.

    Raises
    ------
    TheoremError
        If the file lacks its statement or its claim, or cannot be run.
    """
    name = "_symnet_theorem_" + re.sub(r"\W", "_", str(file.resolve()))
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise TheoremError(
            f"{file} fails when it is read: {type(error).__name__}: {error}"
        ) from error
    if not (module.__doc__ or "").strip():
        raise TheoremError(f"{file} has no docstring; its first line is the statement in words")
    if (module.__doc__ or "").count("$") % 2:
        raise TheoremError(
            f"{file}: a dollar in the docstring has no partner; LaTeX stands between two"
        )
    if not isinstance(getattr(module, "claim", None), Claim | Property):
        raise TheoremError(
            f"{file} has no claim; write claim = symnet.Claim(lhs, rhs), or a property such as "
            "claim = symnet.convex(f)"
        )
    return Theorem(file, module)


def _paragraphs(module: ModuleType) -> list[str]:
    text = (module.__doc__ or "").strip()
    return [" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", text)]


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


def _is_of_networks(claim: Claim | Property) -> TypeGuard[Claim]:
    """Whether it says that two networks are equal, wherever they are."""
    return (
        isinstance(claim, Claim)
        and isinstance(claim.lhs, Network)
        and (claim.relation, claim.where, claim.domain) == ("=", True, None)
    )


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
