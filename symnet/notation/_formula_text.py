r"""Formulas of prose in characters: what a terminal shows of LaTeX.

This is for reading; nothing is computed with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ._characters import MATH

#: Commands that are one character, and those that are more.
_SIGNS = {
    command: character
    for character, command in reversed(MATH.items())
    if re.fullmatch(r"\\[A-Za-z]+", command)
} | {
    r"\cdot": "·", r"\cdots": "⋯", r"\ldots": "…", r"\dots": "…", r"\leq": "≤", r"\geq": "≥",
    r"\neq": "≠", r"\lvert": "|", r"\rvert": "|", r"\|": "‖",
    r"\quad": "  ", r"\qquad": "  ", r"\,": " ", r"\;": " ", r"\:": " ", r"\!": "", r"\ ": " ",
    r"\{": "{", r"\}": "}", r"\%": "%", r"\_": "_", r"\&": "&", r"\left": "", r"\right": "",
    r"\displaystyle": "", r"\top": "T", r"\prime": "′",
    r"\epsilon": "ε", r"\varepsilon": "ε", r"\phi": "φ",
}  # fmt: skip
#: Brackets; the spaces of the source inside them are not shown.
_INSIDE = "\0"
for _left, _right, _pair in (("lVert", "rVert", "‖‖"), ("lceil", "rceil", "⌈⌉"),
                             ("lfloor", "rfloor", "⌊⌋"), ("langle", "rangle", "⟨⟩")):  # fmt: skip
    _SIGNS |= {rf"\{_left}": _pair[0] + _INSIDE, rf"\{_right}": _INSIDE + _pair[1]}
_BOARD = dict(zip("RNZQC", "ℝℕℤℚℂ", strict=True))
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[A-Za-z]+'*|\d+|\s+|.", re.DOTALL)
#: Commands that set their argument in other letters.
_LETTERS = {"mathrm", "operatorname", "text", "mathbf", "mathit", "mathsf", "textbf"}


def formula_text(latex: str) -> str:
    r"""A formula of running text in characters.

    >>> formula_text(r"\sum_{k=1}^{K} c_k\,\mathrm{ReLU}(x - t_k) \le 2^k")
    '∑_(k=1)^K c_k ReLU(x - t_k) ≤ 2^k'
    >>> formula_text(r"\frac{1}{2} \lVert W x - y \rVert^2 \in \mathbb{R}")
    '1/2 ‖W x - y‖² ∈ ℝ'
    """
    tokens = iter(_TOKEN.findall(latex))
    text = re.sub(rf"\s*{_INSIDE}\s*", "", "".join(_read(tokens)))
    return re.sub(r"\s+", " ", text).strip()


def _read(tokens: Iterator[str], until: str = "") -> Iterator[str]:
    for token in tokens:
        if token == until:
            return
        yield _shown(token, tokens)


def _shown(token: str, tokens: Iterator[str]) -> str:
    if token == "{":
        return "".join(_read(tokens, "}"))
    if token in ("^", "_"):
        return _beside(token, _argument(tokens))
    if not token.startswith("\\"):
        return token
    if token in _SIGNS:
        return _SIGNS[token]
    name = token[1:]
    if name == "mathbb":
        letter = _argument(tokens)
        return _BOARD.get(letter, letter)
    if name in _LETTERS:
        return _argument(tokens)
    if name in ("frac", "dfrac", "tfrac"):
        return f"{_grouped(_argument(tokens))}/{_grouped(_argument(tokens))}"
    if name == "binom":
        return f"binom({_argument(tokens)}, {_argument(tokens)})"
    if name == "sqrt":
        return f"√{_grouped(_argument(tokens))}"
    return name


def _argument(tokens: Iterator[str]) -> str:
    token = next((t for t in tokens if not t.isspace()), "")
    if token.isdigit() or (token.isalpha() and len(token) > 1):
        return token
    return _shown(token, tokens)


def _beside(place: str, text: str) -> str:
    """An exponent or an index."""
    if place == "^" and text and all(c in "0123456789" for c in text):
        return text.translate(_RAISED)
    return place + _grouped(text)


def _grouped(text: str) -> str:
    """In parentheses, unless it is one letter, number or name."""
    text = text.strip()
    return text if re.fullmatch(r"[^\W_]+|.", text) else f"({text})"
