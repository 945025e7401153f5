"""Slides: beamer frames, one for every claim."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from ..document import (
    Appendix,
    Aside,
    Contents,
    Document,
    Figure,
    Heading,
    Items,
    Prose,
    Statement,
    Table,
    Words,
)
from ..notation._characters import latex_text
from ._base import Options
from ._chain import Line
from ._latex import Latex, packages, runs
from ._measure import size, width


class Beamer(Latex):
    """Frames to ``\\input`` into a talk, or with ``standalone=True`` the talk; without numbers.

    A claim has a frame, and its proof, where there is no room for it, the next one. The links of a
    derivation by itself appear one after the other; where there are claims, all at once.
    """

    name = "beamer"
    description = "beamer frames in LaTeX or PDF; the links of a derivation appear one by one"
    suffixes = (".beamer.tex", ".beamer.pdf")
    #: A slide of 128 mm by 96 mm has 307 points at size 11.
    width = 265.0
    tallest = 8
    most_cases = 5
    #: Lines of text on a frame.
    lines = 15.0

    def __init__(self, document: Document, options: Options) -> None:
        super().__init__(document, replace(options, numbered=False))
        self.section = self.current = document.title
        self.continued = False
        self.overlaid = not any(isinstance(block, Statement) for block in document.blocks)
        self.waiting: list[tuple[str, float]] = []
        self.frames: list[str] = []
        #: Lines after which a frame is full.
        self.limit = self.lines

    def render(self) -> str:
        self.blocks(self.document.blocks)
        self.close()
        body = "\n\n".join(self.frames)
        if self.options.standalone:
            return self.whole(body)
        needed = ", ".join(("amsmath", *packages(body)))
        return f"% frames for beamer; needs the packages: {needed}\n{body}\n"

    def whole(self, body: str) -> str:
        # beamer loads hyperref
        needed = (p for p in ("amsmath", *packages(body)) if p != "hyperref")
        loading = [rf"\usepackage{{{package}}}" for package in needed]
        head = [r"\documentclass{beamer}", *loading, r"\setbeamertemplate{navigation symbols}{}"]
        opening = [r"\begin{frame}", r"\titlepage", r"\end{frame}", ""]
        return "\n".join(
            [*head, *self.title(), r"\begin{document}", *(opening if self.document.title else []),
             body, r"\end{document}", ""]
        )  # fmt: skip

    # --- frames

    def put(self, text: str, height: float, more: float = 0.0) -> None:
        """Text on this frame, or on the next where it is full; ``more`` is to follow on it."""
        if self.waiting and self.used + height + more > self.limit:
            self.close()
        self.waiting.append((text, height))

    @property
    def used(self) -> float:
        """The lines of the frame that is being filled."""
        return sum(height for _, height in self.waiting)

    def made(self, blocks: Sequence[Any]) -> list[tuple[str, float]]:
        """What blocks would put on a frame of any size."""
        kept, limit, self.waiting, self.limit = self.waiting, self.limit, [], float("inf")
        for block in blocks:
            self.block(block)
        made, self.waiting, self.limit = self.waiting, kept, limit
        return made

    def close(self) -> None:
        """End the frame that is being filled."""
        if not self.waiting:
            return
        title = latex_text(self.current + (" (continued)" if self.continued else ""))
        # a display belongs to the paragraph before it
        body = re.sub(
            r"\n\n(?=\\begin\{align)", r"\n", "\n\n".join(text for text, _ in self.waiting)
        )
        shrink = "[shrink]" if self.used > self.lines else ""
        self.frames.append(f"\\begin{{frame}}{shrink}{{{title}}}%\n\\relax\n{body}\n\\end{{frame}}")
        self.waiting, self.continued = [], bool(self.current)

    def begin(self, title: str) -> None:
        self.close()
        self.current, self.continued = title, False

    # --- blocks: each is put on a frame

    def heading(self, block: Heading) -> str:
        self.section = self.heading_text(block)
        self.begin(self.section)
        return ""

    def referring(self, label: str, text: str) -> str:
        return text

    def contents(self, block: Contents) -> str:
        there = {getattr(other, "label", None) for other in self.document.blocks}
        for level, text, label in block.entries:
            if level == 1 and label in there:
                self.put(rf"{{\small {latex_text(text)}\par}}", 1.0)
        return ""

    def appendix(self, block: Appendix) -> str:
        return ""

    def blocks(self, blocks: Iterable[Any]) -> list[str]:
        for run in runs(blocks):
            if len(run) > 1:
                # a text that leads to a display stands on its frame
                made = self.made(run[:2])
                if self.waiting and self.used + sum(h for _, h in made[:2]) > self.limit:
                    self.close()
            for block in run:
                self.block(block)
        return []

    @staticmethod
    def setting(text: str) -> str:
        """Text on slides has no right edge, so nothing is to be said of it."""
        return ""

    def items(self, block: Items) -> str:
        for _, words in block.rows:
            text = self.paragraph(self.words(words))
            self.put(rf"\begin{{itemize}}\item {text}\end{{itemize}}", self.height(words))
        return ""

    def prose(self, block: Prose) -> str:
        self.put(super().prose(block), self.height(block.words))
        return ""

    def aside(self, block: Aside) -> str:
        text = self.words(block.words)
        # small letters have a place at the foot of a full frame
        self.put(rf"{{\footnotesize {text}\par}}", 0.75 * self.height(block.words), -1.0)
        return ""

    def statement(self, block: Statement) -> str:
        head = self.statement_head(block)
        text = rf"\begin{{block}}{{{latex_text(head)}}}{self.words(block.words)}\end{{block}}"
        proof = _proof(block.blocks)
        claim = [(text, 1.5 + self.height(block.words)), *self.made(block.blocks[:proof])]
        rest = self.made(block.blocks[proof:])
        if self.waiting and self.used + sum(height for _, height in claim) > self.lines:
            self.begin(self.section)
        for part in claim:
            self.put(*part)
        if self.used + sum(height for _, height in rest) > self.lines:
            self.begin(self.section)
            self.current = head
        self.blocks(block.blocks[proof:])
        self.begin(self.section)
        return ""

    def table(self, block: Table) -> str:
        for part in self.tables(block):
            self.put(part, self.lines)
        return ""

    def figure(self, block: Figure) -> str:
        self.put(super().figure(block), self.lines - self.height(block.caption))
        return ""

    def height(self, words: Words) -> float:
        """Lines that a paragraph takes, about."""
        return 1.2 + width(rf"\text{{{self.words(words)}}}") // (0.9 * self.width)

    # --- displays

    def align(self, lines: list[Line], label: str | None, each: bool = True) -> str:
        """A chain on frames; one that goes on repeats the link before."""
        for part in self.parts(lines):
            first = part[0].link
            rows = [self.row(replace(line, link=line.link - first)) for line in part]
            body = " \\\\\n".join(f"  {row}" for row in rows)
            self.put(
                f"\\begin{{align*}}\n{body}\n\\end{{align*}}",
                sum(map(self.line_height, part)) + 1.3,
            )
        return ""

    def parts(self, lines: Sequence[Line]) -> list[list[Line]]:
        """The lines on each frame; the first ones stand below the text that leads to them."""
        parts: list[list[Line]] = [[]]
        beside = self.limit - self.used
        for line in lines:
            used = sum(map(self.line_height, [*parts[-1], line]))
            room = beside if len(parts) == 1 and beside >= self.limit / 2 else self.limit
            if parts[-1] and used > room - 1.5:
                last = [old for old in parts[-1] if old.link == parts[-1][-1].link]
                again = sum(map(self.line_height, last)) <= self.lines / 2
                parts.append(last if again and line.link != last[-1].link else [])
            parts[-1].append(line)
        return parts

    def line_height(self, line: Line) -> float:
        reason = width(rf"\text{{{line.reason}}}") // (0.9 * line.room) if line.room else 0.0
        return max(1.35 * size(line.body).lines, 1.2 * (1 + reason))

    def row(self, line: Line) -> str:
        if line.link < 1 or not self.overlaid:
            return super().row(line)
        shown: list[Any] = super().row(line).split("&", 1)
        cells = [cell.strip() for cell in shown[1].split(" && ", 1)]
        covered = (rf"\uncover<{line.link + 1}->{{{{}}{cell}}}" for cell in cells)
        return f"{shown[0]}&{' && '.join(covered)}"


def _proof(blocks: Sequence[Any]) -> int:
    """Where the proof begins: at the first block that is no text, with what leads to it."""
    first = next((k for k, b in enumerate(blocks) if not isinstance(b, Prose)), len(blocks))
    leads = first > 1 and first < len(blocks) and not isinstance(blocks[first], Aside | Figure)
    return first - leads
