"""A text as Python's parser may see it: names and numbers as placeholders, nothing else unknown.

Python's grammar knows brackets and precedence; everything that could mean more to it than that
never reaches it. Characters that mathematics does not use are refused where they stand, and every
name and number is a placeholder such as ``v3``, so that no word is a keyword and no number is
converted. ``^`` and the signs of mathematics become Python's.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

from ..errors import ReadingError

#: Deeper brackets and longer numbers are refused before any work is done.
MAX_DEPTH, MAX_DIGITS = 50, 1_000

_TOKEN = re.compile(
    r"(?P<number>(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[^\W\d]\w*)"
    r"|(?P<sign>\*\*|<=|>=|==|!=|->|.)",
    re.DOTALL,
)
#: The signs of expressions and what they are in Python.
SIGNS = {s: s for s in ("+", "-", "*", "/", "**", "(", ")", ",", "<", ">", "<=", ">=", "==", "!=")}
SIGNS |= {"^": "**", "=": "==", "≠": "!=", "≤": "<=", "≥": ">=", "−": "-", "·": "*", "×": "*"}
#: The words that are not names.
WORDS = frozenset({"and", "or", "not", "if", "else"})
_OPENING, _CLOSING = "([", ")]"
_HINTS = {
    "|": "write abs(x) for |x|",
    ".": "a dot only stands in numbers such as 0.5",
    ";": "give one expression",
    "&": "write and",
    "%": "write /100",
}
_NAME = re.compile(r"[A-Za-zΑ-Ωα-ωϕϵϑϱϖ_][A-Za-zΑ-Ωα-ωϕϵϑϱϖ_0-9]*")


@dataclass(frozen=True)
class Token:
    """A name, a number or a sign, and its column in the text."""

    kind: str
    text: str
    column: int


class Source:
    """A text that is to be read, its syntax tree, and where each node of it stands.

    Parameters
    ----------
    text : str
    error : what is raised, with the column
    signs : the signs that are understood, and what they are in Python
    words : the words that keep Python's meaning
    longest : the greatest number of characters
    what : what the text should be, for messages
    """

    def __init__(
        self,
        text: str,
        error: type[ReadingError],
        *,
        signs: dict[str, str] = SIGNS,
        words: frozenset[str] = WORDS,
        longest: int,
        what: str,
    ) -> None:
        self.text, self.error, self.what = text, error, what
        if len(text) > longest:
            raise error(f"{what} has {len(text)} characters; at most {longest} are read")
        self.tokens = [self._token(m, signs, words) for m in _TOKEN.finditer(text)
                       if not m.group().isspace()]  # fmt: skip
        if not self.tokens:
            raise error(f"{what} is empty")
        self._check_brackets()
        self._check_neighbours()
        self.tree = self._parsed(signs)

    def fail(self, node: ast.AST, message: str) -> ReadingError:
        """The error for a node of the tree."""
        return self._error(message, self.token(node).column)

    def token(self, node: ast.AST) -> Token:
        """The token with which a node begins."""
        offset = getattr(node, "col_offset", 0)
        return self.tokens[max(bisect_right(self._starts, offset) - 1, 0)]

    def written(self, node: ast.Name) -> Token:
        """The name or the number that a placeholder stands for."""
        return self.tokens[int(node.id[1:])]

    def _error(self, message: str, column: int) -> ReadingError:
        return self.error(message, self.text, column)

    def _token(self, match: re.Match[str], signs: dict[str, str], words: frozenset[str]) -> Token:
        kind, text, column = str(match.lastgroup), match.group(), match.start()
        if kind == "number" and sum(c.isdigit() for c in text) > MAX_DIGITS:
            raise self._error(f"a number has more than {MAX_DIGITS} digits", column)
        if kind == "name":
            if text in words:
                return Token("word", text, column)
            known = _NAME.match(text)
            if known is None or known.end() < len(text):
                wrong = text[known.end() if known else 0]
                raise self._error(
                    f"the character {wrong!r} is not read in names: they have Latin and "
                    "Greek letters, digits and _, such as x_1",
                    column + (known.end() if known else 0),
                )
        if kind == "sign" and text not in signs:
            hint = _HINTS.get(text, "")
            raise self._error(
                f"{_shown(text)} is not read here" + (f"; {hint}" if hint else ""), column
            )
        return Token(kind, text, column)

    def _check_brackets(self) -> None:
        waiting: list[Token] = []
        for token in self.tokens:
            if token.text in _OPENING:
                waiting.append(token)
                if len(waiting) > MAX_DEPTH:
                    raise self._error(
                        f"brackets are nested more than {MAX_DEPTH} deep", token.column
                    )
            elif token.text in _CLOSING:
                if not waiting or _OPENING.index(waiting[-1].text) != _CLOSING.index(token.text):
                    raise self._error("this bracket closes nothing", token.column)
                waiting.pop()
        if waiting:
            raise self._error("this bracket was never closed", waiting[-1].column)
        if self.tokens[-1].kind in ("sign", "word") and self.tokens[-1].text not in _CLOSING:
            raise self._error(f"{self.what} ends too early", len(self.text.rstrip()))

    def _check_neighbours(self) -> None:
        for left, right in pairwise(self.tokens):
            ends = left.kind in ("name", "number") or left.text in (")", "]")
            begins = right.kind in ("name", "number") or right.text == "("
            call = left.kind == "name" and right.text == "("
            if ends and begins and not call:
                raise self._error(
                    f"an operator is missing before {_shown(right.text)}; "
                    "a product is written with *",
                    right.column,
                )

    def _parsed(self, signs: dict[str, str]) -> ast.expr:
        parts, self._starts, length = [], [], 0
        for place, token in enumerate(self.tokens):
            part = signs.get(token.text, token.text)
            if token.kind in ("name", "number"):
                part = f"v{place}"
            self._starts.append(length)
            parts.append(part)
            length += len(part) + 1
        try:
            return ast.parse(" ".join(parts), mode="eval").body
        except SyntaxError as problem:
            offset = (problem.offset or 1) - 1
            token = self.tokens[max(bisect_right(self._starts, offset) - 1, 0)]
            raise self._error(f"{_shown(token.text)} is out of place here", token.column) from None
        except (RecursionError, MemoryError, ValueError):
            raise self.error(f"{self.what} is too long a chain of operators") from None


def _shown(text: str) -> str:
    """A piece of the text, safe for a terminal; signs in quotes."""
    plain = text.isprintable() and (text[0].isalnum() or text[0] == "_")
    return text[:20] if plain else repr(text[:20])
