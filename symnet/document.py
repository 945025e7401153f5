"""What a result says, before it is typeset: a short list of blocks.

Results make blocks and know no LaTeX; renderers typeset blocks and know nothing of networks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any

import sympy as sp


@dataclass(frozen=True)
class Math:
    """A SymPy expression in running text."""

    expr: sp.Basic


@dataclass(frozen=True)
class Typeset:
    """Mathematics that came with its own LaTeX (a Python function, by latexify) and plain text."""

    latex: str
    text: str


@dataclass(frozen=True)
class Shape:
    """The shape of a matrix in running text, ``4 × 3``; a notation with rows turns it round."""

    expr: sp.Basic


@dataclass(frozen=True)
class Emphasis:
    """Words that are stressed."""

    text: str


@dataclass(frozen=True)
class Reference:
    """Words that lead to a place with a label: ``Theorem 2.3``."""

    label: str
    text: str


@dataclass(frozen=True)
class Address:
    """Words that lead to a page of the web."""

    url: str
    text: str


#: Running text: words, with mathematics between them. What follows each other is joined as it is,
#: so the spaces are in the words: ``("as ", Math(W), " is square")``.
Words = tuple[str | Math | Shape | Typeset | Emphasis | Reference | Address, ...]


@dataclass(frozen=True)
class Heading:
    """A title inside the document; level 1 is a section. ``number`` is written before it."""

    text: str
    level: int = 1
    number: str = ""
    label: str | None = None


@dataclass(frozen=True)
class Prose:
    """A paragraph."""

    words: Words


@dataclass(frozen=True)
class Aside:
    """A paragraph of lesser weight: what a claim rests on, and where it comes from."""

    words: Words


@dataclass(frozen=True)
class Link:
    """One link of a chain: ``relation expr``, and why; relations are =, <=, <, >=, >, !=, ->."""

    expr: sp.Basic | Typeset
    reason: Words = ()
    relation: str = "="


@dataclass(frozen=True)
class Chain:
    """start = … = …, one link a line, with the reasons beside; ``label`` to refer to it."""

    start: sp.Basic | Typeset
    links: tuple[Link, ...]
    label: str | None = None


@dataclass(frozen=True)
class Chains:
    """Several chains in one display, aligned: definitions one below the other."""

    chains: tuple[Chain, ...]
    label: str | None = None


@dataclass(frozen=True)
class Cases:
    """left = { value, condition; … }; the words say when: ``("if ", Math(x > 0))``."""

    left: sp.Basic
    rows: tuple[tuple[sp.Basic, Words], ...]
    label: str | None = None


@dataclass(frozen=True)
class Table:
    """A table with a head; cells hold words."""

    head: tuple[Words, ...]
    rows: tuple[tuple[Words, ...], ...]
    caption: Words = ()


@dataclass(frozen=True)
class Figure:
    """A picture in the formats that renderers need, by suffix (``.svg``, ``.pdf``, ``.tikz``).

    Each is a file, or a function that gives its content when a renderer asks for it.
    """

    files: Mapping[str, Path | Callable[[], str | bytes]]
    caption: Words = ()
    description: str = ""


@dataclass(frozen=True)
class Statement:
    """A theorem, a refuted claim, a definition: a kind, a title, what it says and its blocks.

    ``number`` is its number; without one, statements are counted. ``code`` is Python that shows it,
    for a notebook.
    """

    kind: str
    title: str
    words: Words
    blocks: tuple[Any, ...] = ()
    label: str | None = None
    number: str = ""
    code: str = ""


@dataclass(frozen=True)
class Contents:
    """The table of contents: what is numbered, with its level, and the label it leads to."""

    entries: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True)
class Items:
    """A list; an item may have a label."""

    rows: tuple[tuple[str | None, Words], ...]


@dataclass(frozen=True)
class Appendix:
    """What is looked up and not read, which slides leave out."""

    blocks: tuple[Any, ...]


Block = (
    Heading
    | Prose
    | Aside
    | Chain
    | Chains
    | Cases
    | Table
    | Figure
    | Statement
    | Contents
    | Items
    | Appendix
)


@dataclass(frozen=True)
class Document:
    """Blocks in order, and what stands at their head."""

    blocks: tuple[Block, ...]
    title: str = ""
    author: str = ""
    date: str = ""
    meta: dict[str, str] = field(default_factory=dict)


def expressions(part: Any) -> Iterator[sp.Basic]:
    """Every SymPy expression in a document, a block or a part of one, in reading order.

    >>> x = sp.Symbol("x")
    >>> list(expressions(Prose(("for ", Math(x)))))
    [x]
    """
    if isinstance(part, sp.Basic):
        yield part
    elif isinstance(part, tuple):
        for item in part:
            yield from expressions(item)
    elif is_dataclass(part):
        for slot in fields(part):
            yield from expressions(getattr(part, slot.name))
