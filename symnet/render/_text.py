"""Plain text, for a terminal."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

from ..document import (
    Cases,
    Chain,
    Chains,
    Contents,
    Document,
    Figure,
    Heading,
    Items,
    Math,
    Prose,
    Shape,
    Statement,
    Table,
    Typeset,
)
from ._base import Format, Options
from ._text_printer import TextPrinter
from ._text_wrapping import broken_text

#: Characters across.
COLUMNS = 88


class Text(Format):
    """Lines of at most 88 characters, formulas in one line where they fit."""

    name = "text"
    description = "plain text, for a terminal"
    suffixes = (".txt",)

    def __init__(self, document: Document, options: Options) -> None:
        super().__init__(document, options)
        self.writer = TextPrinter(self.naming)

    def render(self) -> str:
        title = self.document.title
        head = [f"{clean(title)}\n{'=' * min(len(clean(title)), COLUMNS)}"] if title else []
        by = ", ".join(filter(None, (self.document.author, self.document.date)))
        head += [clean(by)] if by else []
        return "\n\n".join([*head, *self.blocks(self.document.blocks)]) + "\n"

    # --- text

    def line(self, expr: Any) -> str:
        if isinstance(expr, Typeset):
            return clean(expr.text)
        return clean(str(self.writer.doprint(self.arranged(expr)))).replace("**", "^")

    def escape(self, text: str) -> str:
        return clean(text)

    def addressed(self, url: str, text: str) -> str:
        return text if url.endswith(text) else f"{text} <{url}>"

    def inline(self, word: Any) -> str:
        if isinstance(word, Shape):
            rows, cols = self.options.notation.arrange(word.expr).shape
            return f"{self.writer.doprint(rows)} x {self.writer.doprint(cols)}"
        return self.line(word.expr if isinstance(word, Math) else word)

    # --- blocks

    def heading(self, block: Heading) -> str:
        text = clean(self.heading_text(block))
        return f"{text}\n{('-' if block.level == 1 else '.') * min(len(text), COLUMNS)}"

    def contents(self, block: Contents) -> str:
        return "\n".join(f"{'  ' * level}{clean(text)}" for level, text, _ in block.entries)

    def items(self, block: Items) -> str:
        rows = (filled(f"- {self.words(words)}", "  ")[2:] for _, words in block.rows)
        return "\n".join(rows)

    def prose(self, block: Prose) -> str:
        return filled(self.words(block.words))

    def chain(self, block: Chain) -> str:
        return "\n".join(_with_reasons(self._told(block)))

    def chains(self, block: Chains) -> str:
        told = []
        for chain in block.chains:
            lines = self._told(chain)
            (first, _), *others = lines
            if len(others) == 1 and len(first) == len(others[0][0]) == 1:
                # a definition stands in one line
                line = f"{first[0]} {others[0][0][0].strip()}"
                lines = [([line], others[0][1])] if len(line) <= COLUMNS else lines
            told += lines
        return "\n".join(_with_reasons(told))

    def _told(self, block: Chain) -> list[tuple[list[str], str]]:
        """The lines of every link, and its reason."""
        start = broken_text(self.line(block.start), COLUMNS - 6)
        told = [(["  " + start[0], *("      " + part for part in start[1:])], "")]
        for link in block.links:
            shown = self.options.numbered and (block.label is not None or link is block.links[-1])
            number = f"({self.next_equation()}) " if shown else ""
            parts = broken_text(self.line(link.expr), COLUMNS - 14)
            lines = [f"    {clean(link.relation)} {parts[0]}", *("        " + p for p in parts[1:])]
            told.append((lines, number + self.words(link.reason)))
        return told

    def cases(self, block: Cases) -> str:
        left = f"  {self.line(block.left)} = "
        told = []
        for k, (value, words) in enumerate(block.rows):
            parts = broken_text(self.line(value), COLUMNS - len(left) - 2)
            lines = [(left if k == 0 else " " * len(left)) + parts[0]]
            lines += [" " * (len(left) + 2) + part for part in parts[1:]]
            told.append((lines, self.words(words)))
        return "\n".join(_with_reasons(told))

    def statement(self, block: Statement) -> str:
        head = f"{clean(self.statement_head(block))}. {self.words(block.words)}"
        return "\n\n".join([filled(head), *self.blocks(block.blocks)])

    def table(self, block: Table) -> str:
        rows = [[self.words(cell) for cell in row] for row in (block.head, *block.rows)]
        columns = max(len(row) for row in rows)
        rows = [[*row, *[""] * (columns - len(row))] for row in rows]
        widths = [max(len(row[k]) for row in rows) for k in range(columns)]
        shown = ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip()
                 for row in rows]  # fmt: skip
        rule = "  ".join("-" * w for w in widths)
        caption = [filled(self.words(block.caption))] if block.caption else []
        return "\n".join([*caption, shown[0], rule, *shown[1:]])

    def figure(self, block: Figure) -> str:
        files = ", ".join(str(path) for path in block.files.values() if isinstance(path, Path))
        told = f"[{clean(block.description or 'a figure')}{': ' if files else ''}{clean(files)}]"
        return "\n".join([told, *([filled(self.words(block.caption))] if block.caption else [])])


def _with_reasons(told: list[tuple[list[str], str]]) -> list[str]:
    """Formulas, each with its reason beside it if they fit in one line, else below."""
    beside = [lines[0] for lines, reason in told if reason and len(lines) == 1]
    widest = max((len(reason) for _, reason in told), default=0)
    column = max((len(line) for line in beside if len(line) + 3 + widest <= COLUMNS), default=0) + 3
    result: list[str] = []
    for lines, reason in told:
        if not reason:
            result += lines
        elif len(lines) == 1 and max(column, len(lines[0]) + 3) + len(reason) <= COLUMNS:
            result.append(f"{lines[0].ljust(column - 3)}   {reason}")
        else:
            result += [*lines, filled(reason, " " * 10)]
    return result


def filled(text: str, indent: str = "") -> str:
    """A paragraph, wrapped."""
    return textwrap.fill(text, COLUMNS, initial_indent=indent, subsequent_indent=indent)


def clean(text: str) -> str:
    """One line without control characters."""
    return "".join(" " if c.isspace() else c if c.isprintable() else "\ufffd" for c in text)
