r"""LaTeX: a fragment to ``\input`` that needs amsmath, or a document of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from ..document import (
    Aside,
    Cases,
    Chain,
    Chains,
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
from ..errors import OutputError
from ..notation._characters import latex_text
from ._base import Format, Options, content, in_words, plain
from ._breaking import broken, unmarked
from ._chain import Line, Row, lay_out
from ._compile import compiled, engine
from ._latex_table import tabulars
from ._measure import size, width
from ._printer import cases

#: A formula in running text that is wider than this may be broken at its products.
_WIDE = 60.0
#: One that TeX cannot break, since it is tall, goes in parts of this width.
_PART = 110.0
#: What stands on lines of its own within a paragraph.
_DISPLAYS = (Chain, Chains, Cases)
#: Packages, and commands that need them; hyperref is loaded last.
_PACKAGES = {
    "booktabs": r"\\toprule",
    "graphicx": r"\\(includegraphics|resizebox)",
    "amssymb": r"\\mathbb",
    "tikz": r"\\begin\{tikzpicture\}",
    "hyperref": r"\\(hyperref|href|phantomsection)\b",
}


class Latex(Format):
    """A fragment without a preamble; ``standalone=True`` adds one."""

    name = "latex"
    description = "LaTeX, a fragment that needs amsmath; standalone=True for a whole document"
    suffixes: ClassVar[tuple[str, ...]] = (".tex",)
    unicode = False
    #: More cases than this are set as a chain, which a page break may divide.
    most_cases: ClassVar[int] = 12
    #: Lines of a page for a table.
    lines: ClassVar[float] = 36.0

    def __init__(self, document: Document, options: Options) -> None:
        super().__init__(document, options)
        #: Pictures that were asked for, and the names under which the source calls them.
        self.figures: dict[str, Path] = {}
        #: Whether pictures get names of their own, for a folder that they are copied to.
        self.gathered = False

    @property
    def room(self) -> float:
        """Points for a display; a number takes its share."""
        return self.width - (30.0 if self.options.numbered else 0.0)

    def render(self) -> str:
        body = "\n\n".join(self.blocks(self.document.blocks))
        if self.options.standalone:
            return self.whole(body)
        needed = ", ".join(("amsmath", *packages(body)))
        title = f"% {_comment(self.document.title)}\n" if self.document.title else ""
        return f"{title}% needs the packages: {needed}\n{body}\n"

    def pdf(self) -> bytes:
        """The document compiled."""
        engine()  # before any work
        whole = type(self)(self.document, replace(self.options, standalone=True))
        whole.gathered = True
        return compiled(whole.render(), whole.figures)

    def render_to(self, suffix: str) -> str | bytes:
        return self.pdf() if suffix == ".pdf" else self.render()

    def whole(self, body: str) -> str:
        spaces = r"\setlength{\parindent}{0pt}\setlength{\parskip}{\smallskipamount}"
        head = [r"\documentclass{article}", *_loading(body), spaces]
        return "\n".join([*head, *self.title(), r"\begin{document}", *self.opening(), body,
                          r"\end{document}", ""])  # fmt: skip

    def title(self) -> list[str]:
        if not self.document.title:
            return []
        d = self.document
        fields = (("title", d.title), ("author", d.author), ("date", d.date))
        return [rf"\{key}{{{latex_text(value)}}}" for key, value in fields]

    def opening(self) -> list[str]:
        return [r"\maketitle", ""] if self.document.title else []

    # --- text

    def escape(self, text: str) -> str:
        return latex_text(text)

    def emphasised(self, text: str) -> str:
        return rf"\emph{{{text}}}"

    def referring(self, label: str, text: str) -> str:
        return rf"\hyperref[{_key(label)}]{{{text}}}"

    def addressed(self, url: str, text: str) -> str:
        return rf"\href{{{_in_address(url)}}}{{{text}}}"

    def inline(self, word: Any) -> str:
        """A formula between dollars; a wide one in parts, between which a line may end."""
        formula = self.word(word)
        if width(formula) <= _WIDE:
            return f"${unmarked(formula)}$"
        if r"\left" not in formula and r"\begin" not in formula and r"\frac" not in formula:
            return "$" + unmarked(formula, r"\allowbreak ") + "$"
        return r"\allowbreak ".join(f"${part}$" for part in broken(formula, _PART, _PART))

    def in_math(self, words: Words) -> str:
        """The same in math mode."""
        return "".join(
            rf"\text{{{latex_text(w)}}}" if isinstance(w, str) else self.word(w)
            for w in in_words(words)
        )

    def paragraph(self, text: str) -> str:
        """A paragraph in which no formula sticks out."""
        setting = self.setting(text)
        return rf"{{{setting} {text}\par}}" if setting else text

    @staticmethod
    def setting(text: str) -> str:
        """How a paragraph is set: where a formula is tall, its lines may stay short."""
        if re.search(r"\\begin\{|\\frac|\\left", text):
            return r"\raggedright"
        formulas = re.findall(r"\$(.*?)\$", text)
        # TeX does not hyphenate what holds digits or hyphens, such as doi:10.1000/182
        number = re.search(r"(?=\S{8})\S*[\d-]", re.sub(r"\$.*?\$", "", text))
        stiff = r"\allowbreak" in text or number or any(width(f) > 30 for f in formulas)
        return r"\sloppy" if stiff else ""

    def blocks(self, blocks: Iterable[Any]) -> list[str]:
        """The output for blocks; displays belong to the paragraph that leads to them."""
        return [self.block(run[0]) if len(run) == 1 else self.run(run) for run in runs(blocks)]

    def run(self, run: Sequence[Any]) -> str:
        """A text, its displays, and what goes on after them, as one paragraph."""
        told = [self.words(b.words) if isinstance(b, Prose) else self.block(b) for b in run]
        texts = [text for text, b in zip(told, run, strict=True) if isinstance(b, Prose)]
        setting = self.setting(" ".join(texts))
        whole = "\n".join(told)
        return rf"{{{setting} {whole}\par}}" if setting else whole

    # --- blocks

    def heading(self, block: Heading) -> str:
        command = {1: "section", 2: "subsection", 3: "subsubsection"}.get(block.level, "paragraph")
        # what has a label has the number that it is referred to by, or none
        star = "" if self.options.numbered and not block.label else "*"
        place = rf"\phantomsection\label{{{_key(block.label)}}}" if block.label else ""
        return rf"\{command}{star}{{{latex_text(self.heading_text(block))}}}{place}"

    def contents(self, block: Contents) -> str:
        rows = (
            rf"\hspace*{{{level - 1}em}}\hyperref[{_key(label)}]{{{latex_text(text)}}}"
            rf"\dotfill\pageref{{{_key(label)}}}\par"
            for level, text, label in block.entries
        )
        return "\n".join([r"{\parindent=0pt", *rows, r"\bigskip}"])

    def items(self, block: Items) -> str:
        return "\n".join([r"\begin{itemize}", *map(self.item, block.rows), r"\end{itemize}"])

    def item(self, row: tuple[str | None, Words]) -> str:
        label, words = row
        place = rf"\phantomsection\label{{{_key(label)}}}" if label else ""
        return rf"\item {place}{self.paragraph(self.words(words))}"

    def prose(self, block: Prose) -> str:
        return self.paragraph(self.words(block.words))

    def chain(self, block: Chain) -> str:
        return self.align(self.layout(block), block.label)

    def chains(self, block: Chains) -> str:
        # the parts of a broken display have labels like its lines
        parts = self.layouts(block)
        label = block.label
        labels = [label, *(f"{label}:part{k}" if label else None for k in range(2, len(parts) + 1))]
        return "\n".join(
            self.align(lines, name) for (lines, _), name in zip(parts, labels, strict=True)
        )

    def cases(self, block: Cases) -> str:
        left = self.math(block.left)
        room = self.room - width(left) - 35.0
        if len(block.rows) <= self.most_cases and room > 0.4 * self.room:
            pairs = [(self.math(value), self.condition(words, room / 2))
                     for value, words in block.rows]  # fmt: skip
            whole = unmarked(cases(pairs, room))
            if size(whole).lines <= self.tallest:
                return self.align([Line(unmarked(left), f"= {whole}", 1)], block.label)
        rows = [Row("", self.math(value), self.words(words)) for value, words in block.rows]
        lines = lay_out(f"{left} =", rows, self.room, beside=False)
        return self.align(lines, block.label, each=False)

    def condition(self, words: Words, room: float) -> str:
        """When a case holds, in math mode, wrapped if it is long."""
        formula = self.in_math(words)
        if width(formula) <= room:
            return formula
        return rf"\parbox[t]{{{room:.0f}pt}}{{\raggedright {self.words(words)}\strut}}"

    def statement(self, block: Statement) -> str:
        head = latex_text(self.statement_head(block))
        label = _statement_label(block.label, block.number or self.statements)
        text = self.paragraph(rf"\noindent\textbf{{{head}.}}{label} {self.words(block.words)}")
        apart = r"\par\addvspace{\medskipamount}"
        return "\n\n".join([f"{apart}\n{text}", *self.blocks(block.blocks), apart])

    def aside(self, block: Aside) -> str:
        return rf"{{\small {self.paragraph(self.words(block.words))}\par}}"

    def table(self, block: Table) -> str:
        return "\n".join(self.tables(block))

    def tables(self, block: Table) -> list[str]:
        """The table, in parts that fit on a page."""
        caption = self.words(block.caption)
        head = [self.words(cell) for cell in block.head]
        rows = [[self.words(cell) for cell in row] for row in block.rows]
        return tabulars(head, rows, caption, self.width, self.lines)

    def figure(self, block: Figure) -> str:
        if ".tikz" in block.files:
            drawn = content(block.files[".tikz"])
            source = drawn.decode() if isinstance(drawn, bytes) else drawn
            return self.centred(self.scaled(source), block)
        path = self.picture(block)
        shown = (
            rf"\includegraphics[width=\linewidth,height=0.36\textheight,keepaspectratio]{{{path}}}"
            if path
            else rf"\emph{{[{latex_text(block.description or 'a figure')}]}}"
        )
        return self.centred(shown, block)

    def centred(self, shown: str, block: Figure) -> str:
        caption = self.paragraph(self.words(block.caption))
        below = rf"\par\smallskip {caption}" if caption else ""
        return "\\begin{center}\n" + shown + below + "\n\\end{center}"

    def scaled(self, source: str) -> str:
        """A drawing in TikZ, no wider than the text and no taller than a third of the page."""
        wide = r"\ifdim\wd0>\linewidth\setbox0=\hbox{\resizebox{\linewidth}{!}{\box0}}\fi"
        tall = r"\ifdim\ht0>0.36\textheight\setbox0=\hbox{\resizebox{!}{0.36\textheight}{\box0}}\fi"
        return f"\\setbox0=\\hbox{{{source.strip()}}}%\n{wide}%\n{tall}%\n\\box0"

    def picture(self, block: Figure) -> str | None:
        """The name by which LaTeX finds the picture, None if it is in no format for LaTeX."""
        suffix = next((s for s in (".pdf", ".png", ".jpg") if s in block.files), None)
        if suffix is None:
            return None
        place = block.files[suffix]
        if not isinstance(place, Path):
            return None
        path = place
        name = path.as_posix()
        if self.gathered:
            name = f"figure{len(self.figures) + 1}{suffix}"
        elif re.search(r"[\\{}%#~&$^\"]|[^\x21-\x7e]", name):
            raise OutputError(
                f"LaTeX cannot include {name!r}; use a file name of letters, digits, - and _"
            )
        self.figures[name] = path
        return name

    # --- displays

    def align(self, lines: list[Line], label: str | None, each: bool = True) -> str:
        """Lines in one ``align``, with numbers if they were asked for."""
        numbered = self.options.numbered and bool(lines)
        environment = "align" if numbered else "align*"
        rows = []
        for at, (line, shown) in enumerate(
            zip(lines, self.numbers(lines, label, each), strict=True)
        ):
            number = ""
            if numbered:
                end = at == len(lines) - 1
                number = _label(label, line.link, end) if shown else r" \notag"
            rows.append(f"  {self.row(line)}{number}")
        body = " \\\\\n".join(rows)
        display = f"\\begin{{{environment}}}\n{body}\n\\end{{{environment}}}"
        if len(lines) <= 8:
            return display
        return f"{{\\allowdisplaybreaks\n{display}}}"

    def row(self, line: Line) -> str:
        reason = self.reason(line)
        if not line.body:
            return rf"& \qquad {reason}"
        if line.over:
            return rf"& \rlap{{$\displaystyle {line.body}$}}"
        left = f"{line.left} " if line.left else ""
        return f"{left}&{line.body}" + (f" && {reason}" if reason else "")

    def reason(self, line: Line) -> str:
        if not line.reason:
            return ""
        text = line.reason if line.body else f"({line.reason})"
        if line.room is None:
            return rf"\text{{{text}}}"
        return rf"\parbox[t]{{{line.room:.0f}pt}}{{\raggedright {text}\strut}}"


def runs(blocks: Iterable[Any]) -> list[list[Any]]:
    """The blocks, those in one list that make one paragraph: a text, displays, what goes on."""
    runs: list[list[Any]] = []
    for block in blocks:
        if runs and _goes_on(runs[-1], block):
            runs[-1].append(block)
        else:
            runs.append([block])
    return runs


def _goes_on(run: Sequence[Any], block: Any) -> bool:
    if not isinstance(run[0], Prose):
        return False
    if isinstance(block, _DISPLAYS):
        return True
    first = block.words[0] if isinstance(block, Prose) and block.words else ""
    return isinstance(run[-1], _DISPLAYS) and isinstance(first, str) and first[:1].islower()


def packages(body: str) -> list[str]:
    """The packages beyond amsmath that the source uses."""
    return [package for package, command in _PACKAGES.items() if re.search(command, body)]


def _loading(body: str) -> list[str]:
    options = {"hyperref": "[hidelinks]"}
    return [
        rf"\usepackage{options.get(package, '')}{{{package}}}"
        for package in ("amsmath", *packages(body))
    ]


def _comment(text: str) -> str:
    return " ".join(plain((text,)).encode("ascii", "replace").decode().split())


def _key(label: str) -> str:
    return re.sub(r"[^A-Za-z0-9:._-]", "-", label)


def _label(label: str | None, link: int, end: bool) -> str:
    """The label of a chain is at its end; its k-th link has ``label:k``."""
    if label is None:
        return ""
    own = "" if end else f":{link}"
    return rf" \label{{{_key(label)}{own}}}"


def _in_address(url: str) -> str:
    return re.sub(r"([%#&_{}~^\\])", r"\\\1", url)


def _statement_label(label: str | None, number: int | str) -> str:
    if label is None:
        return ""
    # what \ref prints, without a counter of the surrounding document
    current = rf"\makeatletter\def\@currentlabel{{{number}}}\makeatother"
    return rf"{{{current}\label{{{_key(label)}}}}}"
