"""Markdown with formulas between dollars, in the dialect of KaTeX and MathJax."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any, ClassVar

from ..document import (
    Cases,
    Chain,
    Chains,
    Contents,
    Figure,
    Heading,
    Items,
    Prose,
    Statement,
    Table,
    Words,
)
from ..notation._characters import text_in_math
from ._base import KINDS, Format, content, in_words
from ._breaking import unmarked
from ._chain import Line
from ._printer import cases

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|$~#])")


class Markdown(Format):
    """CommonMark with tables; ``$`` and ``$$`` around formulas, no ``\\label``, no packages."""

    name = "markdown"
    description = "Markdown with $ and $$, for KaTeX and MathJax"
    suffixes: ClassVar[tuple[str, ...]] = (".md", ".markdown")
    width = 560.0

    def render(self) -> str:
        title = [f"# {escaped(self.document.title)}"] if self.document.title else []
        by = ", ".join(filter(None, (self.document.author, self.document.date)))
        parts = [*title, *([escaped(by)] if by else []), *self.blocks(self.document.blocks)]
        return "\n\n".join(parts) + "\n"

    # --- text

    def escape(self, text: str) -> str:
        return escaped(text)

    def inline(self, word: Any) -> str:
        return f"${safe(unmarked(self.word(word)))}$"

    def emphasised(self, text: str) -> str:
        return f"*{text}*"

    def referring(self, label: str, text: str) -> str:
        return f"[{text}](#{label})"

    def addressed(self, url: str, text: str) -> str:
        return f"[{text}](<{url}>)"

    def in_math(self, words: Words) -> str:
        """Words in math mode; a dollar inside a formula would end it."""
        return "".join(
            text_in_math(w, unicode=True) if isinstance(w, str) else unmarked(self.word(w))
            for w in in_words(words)
        )

    # --- blocks

    def heading(self, block: Heading) -> str:
        deeper = 1 if self.document.title else 0
        title = escaped(self.heading_text(block))
        return f"{'#' * min(block.level + deeper, 6)} {_anchor(block.label)}{title}"

    def contents(self, block: Contents) -> str:
        return "\n".join(
            f"{'  ' * (level - 1)}- {self.referring(label, escaped(text))}"
            for level, text, label in block.entries
        )

    def items(self, block: Items) -> str:
        return "\n".join(f"- {_anchor(label)}{self.words(words)}" for label, words in block.rows)

    def prose(self, block: Prose) -> str:
        return paragraph(self.words(block.words))

    def chain(self, block: Chain) -> str:
        reasons = [self.in_math(link.reason) for link in block.links]
        return self.display(self.layout(block, reasons=False), reasons, block.label)

    def chains(self, block: Chains) -> str:
        parts = self.layouts(block, reasons=False)
        return "\n".join(
            self.display(lines, [self.in_math(words) for words in told], block.label)
            for lines, told in parts
        )

    def cases(self, block: Cases) -> str:
        pairs = [(self.math(value), self.in_math(words)) for value, words in block.rows]
        whole = unmarked(cases(pairs, self.width, wrap=False))
        return self.display(
            [Line(unmarked(self.math(block.left)), f"= {whole}", 1)], [""], block.label
        )

    def statement(self, block: Statement) -> str:
        head = f"{_anchor(block.label)}**{escaped(self.statement_head(block))}.** "
        return "\n\n".join([head + self.words(block.words), *self.blocks(block.blocks)])

    def table(self, block: Table) -> str:
        rows = [" | ".join(self.words(cell) for cell in row) for row in (block.head, *block.rows)]
        rule = " | ".join("---" for _ in block.head)
        lines = [f"| {row} |" for row in (rows[0], rule, *rows[1:])]
        above = [paragraph(self.words(block.caption)), ""] if block.caption else []
        return "\n".join([*above, *lines])

    def figure(self, block: Figure) -> str:
        suffix = next((s for s in (".svg", ".png", ".jpg", ".gif") if s in block.files), None)
        caption = f"\n\n{paragraph(self.words(block.caption))}" if block.caption else ""
        if suffix is None:
            return f"*{escaped(block.description or 'a figure')}*{caption}"
        place = block.files[suffix]
        if isinstance(place, Path):
            path = place.as_posix().replace("<", "%3C").replace(">", "%3E")
        else:
            found = content(place)
            data = base64.b64encode(found.encode() if isinstance(found, str) else found)
            path = f"data:{KINDS[suffix]};base64,{data.decode('ascii')}"
        return f"![{escaped(block.description)}](<{path}>){caption}"

    # --- displays

    def display(self, lines: list[Line], reasons: list[str], label: str | None) -> str:
        """Lines between double dollars, each link with its reason beside its first line."""
        numbered = self.options.numbered
        rows, told = [], set()
        for line, shown in zip(lines, self.numbers(lines, label), strict=True):
            row = f"{line.left} &{line.body}".strip()
            if line.link and line.link not in told:
                told.add(line.link)
                reason = reasons[line.link - 1]
                row += f" && {reason}" if reason else ""
            if shown:
                row += rf" \tag{{{self.next_equation()}}}"
            rows.append(row)
        name = "align*" if numbered else "aligned"
        body = safe(" \\\\\n".join(rows))
        return f"$$\n\\begin{{{name}}}\n{body}\n\\end{{{name}}}\n$$"


def _anchor(label: str | None) -> str:
    return f'<a id="{label}"></a>' if label else ""


def escaped(text: str) -> str:
    """Text in which nothing means anything to Markdown."""
    flat = " ".join("\ufffd" if not (c.isprintable() or c.isspace()) else c for c in [text])
    flat = re.sub(r"\s", " ", flat)
    return _SPECIAL.sub(r"\\\1", flat.replace("&", "&amp;"))


def paragraph(text: str) -> str:
    """A paragraph that is not taken for a list, a heading or a rule."""
    text = text.strip()
    text = re.sub(r"^(\d+)([.)])(?=\s|$)", r"\1\\\2", text)
    return re.sub(r"^([-+=])", r"\\\1", text)


def safe(formula: str) -> str:
    """A formula without characters that Markdown or HTML would take for their own."""
    formula = formula.replace(r"\left|", r"\left\vert ").replace(r"\right|", r"\right\vert ")
    return formula.replace("<", r"\lt ").replace(">", r"\gt ").replace("|", r"\vert ")
