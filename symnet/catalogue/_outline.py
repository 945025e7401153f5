"""The outline of notes: chapters, paragraphs between them, and where the theorems stand."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from ..document import Address, Emphasis, Reference, Typeset, Words
from ..errors import OutlineError
from ..notation._formula_text import formula_text
from ._files import nearest

#: The name of the outline inside a folder of theorem files.
OUTLINE = "outline.md"


@dataclass(frozen=True)
class Chapter:
    """A heading; level 1 is a chapter."""

    title: str
    level: int


@dataclass(frozen=True)
class Paragraph:
    """Words between theorems; a name in brackets refers to its theorem."""

    words: Words


@dataclass(frozen=True)
class Named:
    """Theorems that stand here, by name."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Outline:
    """The title, and the parts in order."""

    title: str
    parts: tuple[Chapter | Paragraph | Named, ...]

    @property
    def names(self) -> list[str]:
        """All theorems, in order."""
        return [name for part in self.parts if isinstance(part, Named) for name in part.names]

    def only(self, kept: Collection[str]) -> Outline:
        """The outline of some of the theorems; what stands between them is left out."""
        if set(self.names) <= set(kept):
            return self
        parts: list[Chapter | Paragraph | Named] = []
        for part in self.parts:
            if isinstance(part, Named):
                names = tuple(name for name in part.names if name in kept)
                parts += [Named(names)] if names else []
            elif isinstance(part, Chapter):
                parts.append(part)
        empty = [
            isinstance(part, Chapter)
            and not any(isinstance(p, Named) for p in _until_next(parts[k + 1 :], part.level))
            for k, part in enumerate(parts)
        ]
        return Outline(self.title, tuple(p for p, out in zip(parts, empty, strict=True) if not out))


def _until_next(
    parts: Sequence[Chapter | Paragraph | Named], level: int
) -> Iterator[Chapter | Paragraph | Named]:
    for part in parts:
        if isinstance(part, Chapter) and part.level <= level:
            return
        yield part


def read_outline(path: Path, known: Sequence[str]) -> Outline:
    """The outline in a Markdown file.

    The first heading is the title, the others are chapters (``#``) and sections (``##``);
    paragraphs hold formulas between dollars, *emphasis*, links, and ``[name]`` for a reference to
    a theorem; the items of lists are names of theorems.

    Parameters
    ----------
    path : the file
    known : the names of all theorems

    Raises
    ------
    OutlineError
        Where the file has something else, or names a theorem that is not there, or one twice.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise OutlineError(f"{path} cannot be read: {error}") from error
    parser = MarkdownIt("commonmark", {"html": False}).use(dollarmath_plugin).enable("table")
    parts = list(_parts(parser.parse(text), path))
    if not parts or not isinstance(parts[0], Chapter):
        raise OutlineError(f"{path} begins without a title; its first line is '# The title'")
    outline = Outline(parts[0].title, tuple(parts[1:]))
    _check(outline, path, known)
    return outline


def _check(outline: Outline, path: Path, known: Sequence[str]) -> None:
    seen: set[str] = set()
    for name in outline.names:
        if name not in known:
            hint = nearest(name, known)
            raise OutlineError(f"{path} names {name}, and there is no such theorem{hint}")
        if name in seen:
            raise OutlineError(f"{path} names {name} twice; a theorem stands in one place")
        seen.add(name)


def _parts(tokens: Sequence[Token], path: Path) -> Iterator[Chapter | Paragraph | Named]:
    names: list[str] = []
    inside: list[str] = []
    level = 0
    for token in tokens:
        kind = token.type
        if kind in ("heading_open", "list_item_open"):
            inside.append(kind)
            level = int(token.tag[1:]) if kind == "heading_open" else level
        elif kind in ("heading_close", "list_item_close"):
            inside.pop()
        elif kind == "bullet_list_close":
            yield Named(tuple(names))
            names = []
        elif kind == "inline":
            words = _inline(token.children or [], path, token)
            if "list_item_open" in inside:
                names.append(_plain(words, path, token))
            elif inside:
                yield Chapter(_plain(words, path, token), level)
            else:
                yield Paragraph(words)
        elif kind not in ("paragraph_open", "paragraph_close", "bullet_list_open"):
            raise OutlineError(
                f"{_place(path, token)}: {_KINDS.get(kind, kind)} is not read here; "
                "an outline has headings, paragraphs and lists of theorems"
            )


#: What tokens are called by people.
_KINDS = {
    "fence": "a block of code",
    "code_block": "an indented block (of code)",
    "ordered_list_open": "a numbered list",
    "blockquote_open": "a quotation",
    "hr": "a rule",
    "math_block": "a displayed formula",
    "table_open": "a table",
    "code_inline": "code",
    "strong_open": "bold text",
    "image": "an image",
}


def _place(path: Path, token: Token) -> str:
    return f"{path}, line {token.map[0] + 1}" if token.map else str(path)


def _plain(words: Words, path: Path, token: Token) -> str:
    if len(words) == 1 and isinstance(words[0], str):
        return words[0].strip()
    raise OutlineError(f"{_place(path, token)}: a heading or the name of a theorem is plain text")


def _inline(tokens: Sequence[Token], path: Path, block: Token) -> Words:
    words: list[Any] = []
    stressed, url = False, ""
    for token in tokens:
        text = " " if token.type in ("softbreak", "hardbreak") else token.content
        if token.type in ("em_open", "em_close"):
            stressed = token.type == "em_open"
        elif token.type in ("link_open", "link_close"):
            url = str(token.attrs.get("href", "")) if token.type == "link_open" else ""
        elif token.type == "math_inline":
            words.append(Typeset(text, formula_text(text)))
        elif token.type in ("text", "softbreak", "hardbreak"):
            made = Emphasis(text) if stressed and text.strip() else text
            words.append(Address(url, text) if url else made)
        else:
            raise OutlineError(
                f"{_place(path, block)}: {_KINDS.get(token.type, token.type)} is not read here"
            )
    return _joined(words)


def _joined(words: Sequence[Any]) -> Words:
    """Neighbouring strings made one."""
    joined: list[Any] = []
    for word in words:
        if not word:
            continue
        if joined and isinstance(word, str) and isinstance(joined[-1], str):
            joined[-1] += word
        elif joined and isinstance(word, Emphasis) and isinstance(joined[-1], Emphasis):
            joined[-1] = Emphasis(joined[-1].text + word.text)
        else:
            joined.append(word)
    return tuple(joined)


def with_references(words: Words, heads: Mapping[str, str]) -> Words:
    """The words with ``[name]`` made a reference to what ``heads`` calls it: ``Theorem 2.3``."""
    found: list[Any] = []
    for word in words:
        if not isinstance(word, str):
            found.append(word)
            continue
        for place, part in enumerate(re.split(r"\[(\w+)\]", word)):
            known = place % 2 and part in heads
            text = f"[{part}]" if place % 2 and not known else part
            found.append(Reference(part, heads[part]) if known else text)
    return _joined(found)
