"""HTML: one file with MathML and a style sheet, without a script or a network."""

from __future__ import annotations

import base64
import html
import re
from typing import Any

from ..document import (
    Aside,
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
from ._html_style import STYLE
from ._mathml import mathml
from ._printer import cases

#: A formula and the punctuation that belongs to it.
_FOLLOWED = re.compile(r"<math\b(?:(?!</math>).)*</math>[.,;:!?)]+", re.DOTALL)


class Html(Format):
    """A page; ``fragment=True`` gives its body alone, for a notebook."""

    name = "html"
    description = "HTML, one file with MathML; no script, no network"
    suffixes = (".html", ".htm")
    width = 400.0

    def render(self) -> str:
        body = "\n".join(self.blocks(self.document.blocks))
        if self.options.fragment:
            return f"<div>\n{body}\n</div>"
        title = escaped(self.document.title)
        by = ", ".join(filter(None, (self.document.author, self.document.date)))
        head = f"<h1>{title}</h1>\n" if title else ""
        head += f'<p class="by">{escaped(by)}</p>\n' if by else ""
        return (
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8"/>\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1"/>\n'
            f"<title>{title or 'Derivation'}</title>\n<style>\n{STYLE}\n</style>\n</head>\n"
            f"<body>\n<main>\n{head}{body}\n</main>\n</body>\n</html>\n"
        )

    # --- text

    def escape(self, text: str) -> str:
        return escaped(text)

    def words(self, words: Words) -> str:
        # browsers break lines between a formula and the full stop behind it
        return _FOLLOWED.sub(r'<span class="tied">\g<0></span>', super().words(words))

    def inline(self, word: Any) -> str:
        return mathml(self.word(word))

    def emphasised(self, text: str) -> str:
        return f"<em>{text}</em>"

    def referring(self, label: str, text: str) -> str:
        return f'<a href="#{_name(label)}">{text}</a>'

    def addressed(self, url: str, text: str) -> str:
        return f'<a href="{escaped(url)}">{text}</a>'

    def in_math(self, words: Words) -> str:
        return "".join(
            text_in_math(w, unicode=True) if isinstance(w, str) else unmarked(self.word(w))
            for w in in_words(words)
        )

    # --- blocks

    def heading(self, block: Heading) -> str:
        level = min(block.level + (1 if self.document.title else 0), 6)
        return f"<h{level}{_id(block.label)}>{escaped(self.heading_text(block))}</h{level}>"

    def contents(self, block: Contents) -> str:
        rows = "\n".join(
            f'<li class="level{level}">{self.referring(label, escaped(text))}</li>'
            for level, text, label in block.entries
        )
        return f'<nav aria-label="Contents">\n<ul>\n{rows}\n</ul>\n</nav>'

    def items(self, block: Items) -> str:
        rows = "\n".join(f"<li{_id(k)}>{self.words(words)}</li>" for k, words in block.rows)
        return f"<ul>\n{rows}\n</ul>"

    def prose(self, block: Prose) -> str:
        return f"<p>{self.words(block.words)}</p>"

    def aside(self, block: Aside) -> str:
        return f'<p class="aside">{self.words(block.words)}</p>'

    def chain(self, block: Chain) -> str:
        reasons = [self.words(link.reason) for link in block.links]
        return self.display(self.layout(block, reasons=False), reasons, block.label)

    def chains(self, block: Chains) -> str:
        shown = []
        for k, (lines, told) in enumerate(self.layouts(block, reasons=False)):
            reasons = [self.words(words) for words in told]
            shown.append(self.display(lines, reasons, block.label if k == 0 else None))
        return "\n".join(shown)

    def cases(self, block: Cases) -> str:
        pairs = [(self.math(value), self.in_math(words)) for value, words in block.rows]
        whole = unmarked(cases(pairs, self.width, wrap=False))
        line = Line(unmarked(self.math(block.left)), f"= {whole}", 1)
        return self.display([line], [""], block.label)

    def statement(self, block: Statement) -> str:
        head = f"<strong>{escaped(self.statement_head(block))}.</strong> "
        inside = "\n".join([f"<p>{head}{self.words(block.words)}</p>", *self.blocks(block.blocks)])
        return f'<section class="statement"{_id(block.label)}>\n{inside}\n</section>'

    def table(self, block: Table) -> str:
        caption = f"<caption>{self.words(block.caption)}</caption>\n" if block.caption else ""
        head = "".join(f'<th scope="col">{self.words(cell)}</th>' for cell in block.head)
        rows = "\n".join(
            f"<tr>{''.join(f'<td>{self.words(cell)}</td>' for cell in row)}</tr>"
            for row in block.rows
        )
        return (
            f'<div class="wide" tabindex="0"><table class="data">\n{caption}<thead><tr>{head}</tr>'
            f"</thead>\n<tbody>\n{rows}\n</tbody>\n</table></div>"
        )

    def figure(self, block: Figure) -> str:
        suffix = next((s for s in KINDS if s in block.files), None)
        told = escaped(block.description or "a figure")
        shown = f"<p><em>[{told}]</em></p>"
        if suffix is not None:
            found = content(block.files[suffix])
            raw = found.encode() if isinstance(found, str) else found
            data = base64.b64encode(raw).decode("ascii")
            shown = f'<img alt="{told}" src="data:{KINDS[suffix]};base64,{data}"/>'
        caption = f"<figcaption>{self.words(block.caption)}</figcaption>" if block.caption else ""
        return f"<figure>{shown}{caption}</figure>"

    # --- displays

    def display(self, lines: list[Line], reasons: list[str], label: str | None) -> str:
        """A row for each line; the table scrolls in its own box where the screen is narrow."""
        rows, told = [], set()
        beside = any(line.left for line in lines)
        for line, shown in zip(lines, self.numbers(lines, label), strict=True):
            cells = f'<td class="left">{_formula(line.left)}</td>' if beside else ""
            cells += f"<td>{_formula(line.body)}</td>"
            reason = ""
            if line.link and line.link not in told:
                told.add(line.link)
                reason = reasons[line.link - 1]
            cells += f'<td class="reason">{reason}</td>' if any(reasons) else ""
            if self.options.numbered:
                cells += f'<td class="number">{f"({self.next_equation()})" if shown else ""}</td>'
            rows.append(f"<tr>{cells}</tr>")
        body = "\n".join(rows)
        return (
            f'<div class="wide" tabindex="0"{_id(label)}><table class="chain" '
            f'role="presentation"><tbody>\n{body}\n</tbody></table></div>'
        )


def escaped(text: str) -> str:
    """Text of HTML and XML: no control characters, no markup."""
    kept = ("\ufffd" if not (c.isprintable() or c.isspace()) else c for c in text)
    return html.escape(" ".join("".join(kept).split(" ")), quote=True)


def _formula(latex: str) -> str:
    return mathml(rf"\displaystyle {latex}") if latex else ""


def _id(label: str | None) -> str:
    return f' id="{_name(label)}"' if label else ""


def _name(label: str) -> str:
    return escaped("-".join(label.split()))
