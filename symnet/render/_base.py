"""What an output format is: facts, and a method for every kind of block."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import sympy as sp

from ..base import Network
from ..document import (
    Address,
    Appendix,
    Aside,
    Chain,
    Chains,
    Document,
    Emphasis,
    Heading,
    Math,
    Prose,
    Reference,
    Shape,
    Statement,
    Typeset,
    Words,
    expressions,
)
from ..errors import OutputError
from ..notation import Naming, Notation
from ._chain import Line, Row, lay_out, lay_out_together, relation_latex
from ._elision import elided
from ._printer import BoardPrinter, latex_math_marked, symbols_of

#: The kinds of pictures for the web, by suffix.
KINDS = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".gif": "image/gif"}


@dataclass(frozen=True)
class Options:
    """What a user chooses for an output."""

    notation: Notation
    bold: bool = False
    standalone: bool = False
    numbered: bool = False
    elide: bool = True
    fragment: bool = False


class Maps(sp.Basic):
    """x ↦ value: a network as a map."""


class Format:
    """An output format; a member states facts, and an instance typesets one document.

    A member has a method for each kind of block, named like it (``heading``, ``prose``, ``chain``,
    ``chains``, ``cases``, ``table``, ``figure``, ``statement``), which gives its lines.
    """

    #: The name by which a user asks for it, and a line on what it is.
    name: ClassVar[str]
    description: ClassVar[str]
    #: The suffixes of files in this format.
    suffixes: ClassVar[tuple[str, ...]]
    #: Whether characters that are not ASCII may stand in the output.
    unicode: ClassVar[bool] = True
    #: Points across, and lines down, for a formula.
    width: ClassVar[float] = 345.0
    tallest: ClassVar[int] = 24

    def __init__(self, document: Document, options: Options) -> None:
        self.document, self.options = document, options
        self.naming = Naming(options.notation, bold=options.bold, unicode=self.unicode)
        found = (options.notation.arrange(_as_map(e)) for e in expressions(document.blocks))
        self.naming.learn(symbols_of(found))
        self.printer = BoardPrinter(self.naming, widest=self.width - 100, tallest=self.tallest)
        self.equations = 0
        self.statements = 0
        self.many_statements = sum(isinstance(b, Statement) for b in _all(document.blocks)) > 1

    def render(self) -> str | bytes:
        """The document in this format."""
        raise NotImplementedError

    def render_to(self, suffix: str) -> str | bytes:
        """The same for a file with that suffix."""
        return self.render()

    def blocks(self, blocks: Iterable[Any]) -> list[str]:
        """The output for blocks, one after the other."""
        return [self.block(block) for block in blocks]

    def block(self, block: Any) -> str:
        """The output for one block, by the method of its name."""
        method = getattr(self, type(block).__name__.lower(), None)
        if method is None:
            raise OutputError(
                f"the format {self.name} has no method for the block {type(block).__name__}; "
                "the blocks are in symnet.document"
            )
        return str(method(block))

    def aside(self, block: Aside) -> str:
        """A paragraph of lesser weight."""
        return self.block(Prose(block.words))

    def appendix(self, block: Appendix) -> str:
        """What is looked up and not read."""
        return "\n\n".join(self.blocks(block.blocks))

    # --- chains

    def layout(self, block: Chain, reasons: bool = True) -> list[Line]:
        """A chain in lines; where reasons are set beside by other means, without them."""
        return lay_out(self.math(block.start), self._rows(block, reasons), self.room)

    def layouts(self, block: Chains, reasons: bool = True) -> list[tuple[list[Line], list[Words]]]:
        """What goes into each display, with the reasons of its links: one, if all fits in it."""
        rows = [(self.math(c.start), self._rows(c, reasons)) for c in block.chains]
        told = [[link.reason for link in chain.links] for chain in block.chains]
        parts = lay_out_together(rows, self.room)
        if parts is None:
            alone = [lay_out(start, own, self.room) for start, own in rows]
            return list(zip(alone, told, strict=True))
        lines: list[Line] = []
        before = 0
        for part, words in zip(parts, told, strict=True):
            lines += [replace(li, link=li.link + before if li.link else 0) for li in part]
            before += len(words)
        return [(lines, [words for own in told for words in own])]

    def _rows(self, block: Chain, reasons: bool) -> list[Row]:
        return [
            Row(
                relation_latex(link.relation),
                self.math(link.expr),
                self.words(link.reason) if reasons else "",
            )
            for link in block.links
        ]

    @property
    def room(self) -> float:
        """Points for a display."""
        return self.width

    def words(self, words: Words) -> str:
        """Running text."""
        return "".join(map(self.token, words))

    def token(self, word: Any) -> str:
        """A part of running text."""
        if isinstance(word, str):
            return self.escape(word)
        if isinstance(word, Emphasis):
            return self.emphasised(self.escape(word.text))
        if isinstance(word, Reference):
            return self.referring(word.label, self.escape(word.text))
        if isinstance(word, Address):
            return self.addressed(word.url, self.escape(word.text))
        return self.inline(word)

    def escape(self, text: str) -> str:
        """Text in which nothing is a command of the format."""
        raise NotImplementedError

    def inline(self, word: Any) -> str:
        """A formula in running text."""
        raise NotImplementedError

    def emphasised(self, text: str) -> str:
        return text

    def referring(self, label: str, text: str) -> str:
        return text

    def addressed(self, url: str, text: str) -> str:
        return text

    # --- mathematics

    def arranged(self, expr: Any) -> Any:
        """The expression in the notation asked for, long runs left out if that was asked for."""
        found = self.options.notation.arrange(_as_map(expr))
        return elided(found) if self.options.elide else found

    def math(self, expr: Any) -> str:
        """LaTeX for an expression, with marks where a product may be broken."""
        if isinstance(expr, Typeset):
            return expr.latex if self.unicode else latex_math_marked(expr.latex)
        return self.printer.doprint(self.arranged(expr))

    def shape(self, word: Shape) -> str:
        rows, cols = self.options.notation.arrange(word.expr).shape
        return rf"{self.printer.doprint(rows)} \times {self.printer.doprint(cols)}"

    def word(self, word: Any) -> str:
        """LaTeX in math mode for what stands between the words."""
        if isinstance(word, Shape):
            return self.shape(word)
        return self.math(word.expr if isinstance(word, Math) else word)

    # --- numbers

    def numbers(self, lines: Sequence[Line], label: str | None, each: bool = True) -> list[bool]:
        """Which lines get a number: the last one, and all links where a label can name them."""
        each = each and label is not None
        links = any(line.link for line in lines)
        return [
            self.options.numbered
            and (at == len(lines) - 1 or (each and line.closes and (line.link > 0 or not links)))
            for at, line in enumerate(lines)
        ]

    def statement_head(self, block: Statement) -> str:
        """``Theorem 2 (Linear collapse)``; the number where there is more than one."""
        self.statements += 1
        counted = self.many_statements or self.options.numbered
        number = f" {block.number or self.statements}" if counted or block.number else ""
        title = f" ({block.title})" if block.title else ""
        return f"{block.kind}{number}{title}"

    @staticmethod
    def heading_text(block: Heading) -> str:
        """``2 What clipping does``."""
        return f"{block.number} {block.text}".strip()

    def next_equation(self) -> int:
        self.equations += 1
        return self.equations


def plain(words: Words) -> str:
    """The words alone, for a place that takes no mathematics."""
    return "".join(
        w if isinstance(w, str) else str(w.expr) if isinstance(w, Math | Shape) else w.text
        for w in words
    )


def in_words(words: Words) -> Words:
    """The words without emphasis and references, for a formula."""
    return tuple(w.text if isinstance(w, Emphasis | Reference | Address) else w for w in words)


def content(place: Any) -> str | bytes:
    """What a picture's file holds, or what the function gives."""
    if callable(place):
        made: str | bytes = place()
        return made
    try:
        return Path(place).read_bytes()
    except OSError as error:
        raise OutputError(f"cannot read the picture {place}: {error.strerror}") from error


def _as_map(expr: Any) -> Any:
    if isinstance(expr, Network):
        x = expr.input
        return Maps(x, expr(x))
    return expr


def _all(blocks: Iterable[Any]) -> Iterable[Any]:
    for block in blocks:
        yield block
        yield from _all(getattr(block, "blocks", ()))
