"""MathML from LaTeX, by latex2mathml, with the LaTeX as its alternative text."""

from __future__ import annotations

import html
import re
import unicodedata

from latex2mathml.converter import convert

from ._breaking import unmarked

#: Characters in \\text that latex2mathml would take for commands travel as private ones.
_FIRST = 0xE100
_TEXT = re.compile(r"\\(text|textbf|operatorname|mathrm)\{")
_ESCAPES = {
    r"\textbackslash{}": "\\", r"\{": "{", r"\}": "}", r"\$": "$", r"\&": "&", r"\#": "#",
    r"\%": "%", r"\_": "_", r"\textasciitilde{}": "~", r"\textasciicircum{}": "^",
    r"\textless{}": "<", r"\textgreater{}": ">", r"\textbar{}": "|", "''": "”", "{}-": "-",
}  # fmt: skip
_SPECIAL = "^~$&#%_<>|\\`'\""
_ESCAPE = re.compile("|".join(re.escape(e) for e in sorted(_ESCAPES, key=len, reverse=True)))
_BOLD = re.compile(r'<mi mathvariant="bold-italic">&#x([0-9A-F]+);</mi>')

#: Operators with more than a letter, which a browser would set apart from their argument.
_NAME = re.compile(r"<mo>([^<>&\s]{2,})</mo>")
_THIN = '<mspace width="0.167em"/>'
_DOTS = "<mo>&#x022EF;</mo>"


def mathml(latex: str, display: bool = False) -> str:
    """A ``math`` element that needs no script.

    >>> mathml("x")
    '<math xmlns="http://www.w3.org/1998/Math/MathML" display="inline" alttext="x"><mrow><mi>x</mi></mrow></math>'
    """  # noqa: E501
    latex = unmarked(latex).strip()
    simple = re.sub(r"\\\\\[[^\]]*\]", r"\\\\", latex)  # no distances between rows
    made = convert(_hidden(simple), display="block" if display else "inline")
    made = _BOLD.sub(_bold_letter, made)
    made = _NAME.sub(rf"{_THIN}<mi>\1</mi>", made).replace(
        _DOTS, f"{_THIN}<mi>&#x022EF;</mi>{_THIN}"
    )
    made = re.sub(f"[{chr(_FIRST)}-{chr(_FIRST + 0x7F)}]", _shown, made)
    alternative = html.escape(latex, quote=True)
    return made.replace("<math ", "<math ", 1).replace(">", f' alttext="{alternative}">', 1)


def _hidden(latex: str) -> str:
    """The same with the special characters of texts replaced by private ones."""
    result, at = [], 0
    for match in _TEXT.finditer(latex):
        if match.start() < at:
            continue
        end = _closing(latex, match.end())
        inside = _ESCAPE.sub(_private, latex[match.end() : end])
        inside = "".join(_travelling(c) if c in _SPECIAL else c for c in inside)
        head = latex[at : match.end()]
        if match[1] == "operatorname" and not inside.isalpha():
            head = f"{latex[at : match.start()]}\\text{{"
        result += [head, inside, "}"]
        at = end + 1
    return "".join([*result, latex[at:]])


def _private(match: re.Match[str]) -> str:
    return "".join(_travelling(c) for c in _ESCAPES[match[0]])


def _travelling(character: str) -> str:
    return chr(_FIRST + ord(character)) if character.isascii() else character


def _closing(latex: str, at: int) -> int:
    depth = 1
    while at < len(latex):
        if latex[at] == "\\":
            at += 2
            continue
        depth += (latex[at] == "{") - (latex[at] == "}")
        if depth == 0:
            return at
        at += 1
    return len(latex)


def _shown(match: re.Match[str]) -> str:
    return html.escape(chr(ord(match[0]) - _FIRST), quote=False)


def _bold_letter(match: re.Match[str]) -> str:
    """Browsers know no bold italic letters but the characters for them."""
    name = unicodedata.name(chr(int(match[1], 16)), "")
    letter = re.fullmatch(r"GREEK (CAPITAL|SMALL) LETTER (\w+)", name)
    if letter is None:
        return match[0]
    bold = unicodedata.lookup(f"MATHEMATICAL BOLD ITALIC {letter[1]} {letter[2]}")
    return f"<mi>{bold}</mi>"
