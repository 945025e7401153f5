"""The works that theorem files name as their sources."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ..document import Address, Emphasis, Items, Reference, Words

_NAME = r"[A-ZÀ-Ž][\w’'-]*(?: (?:(?:van|von|de|der|den|di|la) )*[A-ZÀ-Ž][\w’'-]*)*"
_WORK = re.compile(
    rf"(?P<authors>{_NAME}(?:, {_NAME})*(?: and {_NAME}| et al\.)?), "
    r"(?P<title>[^;()]+(?:\([^\d)][^)]*\)[^;()]*)*?) \((?P<year>\d{4})\)"
    r"(?P<identifiers>(?:, (?:doi:|arXiv:)[^\s,;]*[^\s,;.])*)"
)
_PAGES = {"doi": "https://doi.org/", "arXiv": "https://arxiv.org/abs/"}


@dataclass(frozen=True)
class Work:
    """A book or an article."""

    authors: str
    title: str
    year: str
    identifiers: tuple[str, ...] = field(default=(), compare=False)

    @property
    def order(self) -> tuple[str, str, str]:
        return self.authors.casefold(), self.year, self.title


class Bibliography:
    """All works of some sources; two of one year have letters.

    Examples
    --------
    >>> sources = ["Minsky and Papert, Perceptrons (1969)."]
    >>> Bibliography(sources).cited(sources[0])
    (Reference(label='work-1', text='Minsky and Papert 1969'), '.')
    """

    def __init__(self, sources: Iterable[str]) -> None:
        works: dict[Work, Work] = {}
        for source in sources:
            for found in _WORK.finditer(source):
                work = _work(found)
                known = works.get(work, work)
                identifiers = dict.fromkeys((*known.identifiers, *work.identifiers))
                works[work] = Work(work.authors, work.title, work.year, tuple(identifiers))
        self.works = sorted(works.values(), key=lambda work: work.order)
        self._labels = {work: f"work-{k}" for k, work in enumerate(self.works, start=1)}
        self._names = _names(self.works)

    def cited(self, source: str) -> Words:
        """The source with its works as references; what else it says stays as it is."""
        words: list[Any] = []
        end = 0
        for found in _WORK.finditer(source):
            work = _work(found)
            before = source[end : found.start()]
            words += [before] * bool(before) + [Reference(self._labels[work], self._names[work])]
            end = found.end()
        return (*words, source[end:]) if source[end:] else tuple(words)

    def items(self) -> Items:
        """The works by author and year."""
        return Items(tuple((self._labels[work], self._entry(work)) for work in self.works))

    def _entry(self, work: Work) -> Words:
        letter = self._names[work].removeprefix(f"{work.authors} {work.year}")
        words: list[Any] = [f"{work.authors}, ", Emphasis(work.title), f", {work.year}{letter}"]
        for identifier in work.identifiers:
            kind, number = identifier.split(":", 1)
            words += [", ", Address(_PAGES[kind] + number, identifier)]
        return (*words, ".")


def _work(found: re.Match[str]) -> Work:
    identifiers = tuple(filter(None, found["identifiers"].split(", ")))
    return Work(found["authors"], found["title"], found["year"], identifiers)


def _names(works: Iterable[Work]) -> dict[Work, str]:
    shared: dict[str, list[Work]] = {}
    for work in works:
        shared.setdefault(f"{work.authors} {work.year}", []).append(work)
    return {
        work: name + (chr(ord("a") + k) if len(same) > 1 else "")
        for name, same in shared.items()
        for k, work in enumerate(same)
    }
