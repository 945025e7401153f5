"""Notes: theorems in the order of an outline, with what leads to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from ..derivation import Step
from ..document import (
    Appendix,
    Block,
    Contents,
    Document,
    Heading,
    Items,
    Prose,
    Reference,
    Table,
    Words,
)
from ..render import plain
from ..verdict import Proved
from ._bibliography import Bibliography
from ._outline import Chapter, Named, Outline, Paragraph, with_references
from ._statements import Place, kind_of, statement
from ._theorem import Theorem


def document(
    theorems: Sequence[Theorem],
    title: str = "",
    outline: Outline | None = None,
    author: str = "",
    date: str = "",
) -> Document:
    """The theorems as notes.

    Chapters, theorems and equations are numbered; contents stand at the beginning, and at the end
    what was decided and how, an index of the rules used, and the works cited. Only what was proved
    is called a theorem; what was refuted stands with its counterexample.

    Parameters
    ----------
    theorems : as :func:`read` gives them
    title, author, date : str
    outline : Outline, optional
        Chapters and the paragraphs between the theorems; theorems that it does not name, and open
        questions, follow in chapters of their own. Without one the theorems follow each other.
    """
    outline = outline or Outline("Theorems", ())
    listed = set(outline.names)
    for chapter, is_open in (("Further theorems", False), ("Open questions", True)):
        names = [t.name for t in theorems if t.name not in listed and t.is_open is is_open]
        if names:
            head = (Chapter(chapter, 1),) if outline.parts else ()
            outline = replace(outline, parts=(*outline.parts, *head, Named(tuple(names))))
    notes = _Notes(tuple(_numbered(outline.parts)), {t.name: t for t in theorems})
    return Document(tuple(notes.blocks()), title or outline.title, author, date)


@dataclass(frozen=True)
class _Numbered:
    """A part of the outline and its numbers: of a heading, or of each theorem."""

    part: Chapter | Paragraph | Named
    numbers: tuple[str, ...]


def _numbered(parts: Sequence[Chapter | Paragraph | Named]) -> Iterator[_Numbered]:
    chapter = section = count = 0
    for part in parts:
        numbers: tuple[str, ...] = ()
        if isinstance(part, Chapter) and part.level == 1:
            chapter, section, count = chapter + 1, 0, 0
            numbers = (str(chapter),)
        elif isinstance(part, Chapter):
            section += 1
            numbers = (f"{chapter}.{section}",)
        elif isinstance(part, Named):
            places = range(count + 1, count + 1 + len(part.names))
            numbers = tuple(f"{chapter}.{k}" if chapter else str(k) for k in places)
            count += len(part.names)
        yield _Numbered(part, numbers)


@dataclass(frozen=True)
class _Notes:
    parts: tuple[_Numbered, ...]
    theorems: Mapping[str, Theorem]

    def blocks(self) -> Iterator[Block]:
        entries = tuple(self._entries())
        if any(isinstance(p.part, Chapter) for p in self.parts):
            yield Contents(entries)
        for numbered in self.parts:
            yield from self._part(numbered)
        yield Appendix(tuple(self._appendix()))

    def _appendix(self) -> Iterator[Block]:
        yield Heading("What was decided, and how", label="decided")
        yield self._decided()
        if rules := self.rules:
            yield Heading("Rules that derivations use", label="rules")
            yield rules
        if self.bibliography.works:
            yield Heading("Works cited", label="works")
            yield self.bibliography.items()

    def _entries(self) -> Iterator[tuple[int, str, str]]:
        for numbered in self.parts:
            if isinstance(numbered.part, Chapter):
                (number,) = numbered.numbers
                yield numbered.part.level, f"{number} {numbered.part.title}", f"part-{number}"
        yield 1, "What was decided, and how", "decided"
        if self.rules:
            yield 1, "Rules that derivations use", "rules"
        if self.bibliography.works:
            yield 1, "Works cited", "works"

    def _part(self, numbered: _Numbered) -> Iterator[Block]:
        part, numbers = numbered.part, numbered.numbers
        if isinstance(part, Chapter):
            yield Heading(part.title, part.level, numbers[0], f"part-{numbers[0]}")
        elif isinstance(part, Paragraph):
            yield Prose(with_references(part.words, self.heads))
        else:
            for name, number in zip(part.names, numbers, strict=True):
                place = Place(number, self.heads, self.bibliography)
                yield statement(self.theorems[name], place)

    @cached_property
    def in_order(self) -> list[Theorem]:
        """The theorems as they stand in the notes."""
        named = (p.part for p in self.parts if isinstance(p.part, Named))
        return [self.theorems[name] for part in named for name in part.names]

    @cached_property
    def heads(self) -> dict[str, str]:
        """What every theorem is called: ``Theorem 2.3``."""
        return {
            name: f"{kind_of(self.theorems[name])} {number}"
            for p in self.parts
            if isinstance(p.part, Named)
            for name, number in zip(p.part.names, p.numbers, strict=True)
        }

    @cached_property
    def bibliography(self) -> Bibliography:
        return Bibliography(t.part("Source") for t in self.theorems.values())

    def _decided(self) -> Table:
        rows: list[tuple[Words, ...]] = []
        for theorem in self.in_order:
            verdict = theorem.verdict
            method = getattr(verdict, "method", "")
            more = theorem.checked.method if isinstance(theorem.checked, Proved) else ""
            both = ", ".join(dict.fromkeys(filter(None, (method, more))))
            head = (Reference(theorem.name, self.heads[theorem.name]),)
            rows.append((head, (theorem.name.replace("_", " "),), (both or "nothing yet",)))
        return Table((("claim",), ("name",), ("decided by",)), tuple(rows))

    @cached_property
    def rules(self) -> Items | None:
        """Every rule with the theorems whose derivations use it."""
        uses: dict[str, dict[str, None]] = {}
        for theorem in self.in_order:
            for step in _steps(() if theorem.problem else theorem.derivation or ()):
                name = step.rule.name if step.rule is not None else plain(step.reason)
                uses.setdefault(name, {})[theorem.name] = None
        rows = []
        for rule in sorted(uses, key=str.casefold):
            words: list[str | Reference] = [f"{rule}: "]
            for place, name in enumerate(uses[rule]):
                words += [", "] * bool(place) + [Reference(name, self.heads[name])]
            rows.append((None, tuple(words)))
        return Items(tuple(rows)) if rows else None


def _steps(derivation: Iterable[Any]) -> Iterator[Step]:
    """The steps of a derivation, or of the derivations that one is made of."""
    for part in derivation:
        if isinstance(part, Step):
            yield part
        else:
            yield from _steps(part)
