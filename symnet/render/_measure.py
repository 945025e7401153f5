r"""How wide a formula will be: an estimate in points, rather too wide than too narrow.

The widths are those of Computer Modern at 10 points (italic, roman or bold, whichever is widest),
with TeX's spacing: 2.2 around an operation, 2.8 around a relation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..notation._characters import DIVIDE, MATH
from ._metrics import OPERATIONS, PLAIN, RELATIONS, SCRIPT, SILENT, SPACES, TEXTS

#: Marks a place between two factors where a line may be broken.
BREAK = "\ue000"
MARKS = BREAK + DIVIDE

_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|\s+|.", re.DOTALL)


@dataclass(frozen=True)
class Size:
    """Width in points, and height in lines."""

    width: float = 0.0
    lines: float = 1.0

    def beside(self, other: Size) -> Size:
        return Size(self.width + other.width, max(self.lines, other.lines))


def tokens(latex: str) -> list[str]:
    """The tokens of LaTeX's math mode; a run of white space is one."""
    return _TOKEN.findall(latex)


def size(latex: str) -> Size:
    """An upper estimate of the size of a formula at 10 points.

    >>> 68 < size(r"W_{2} (W_{1} x + b_{1})").width < 90
    True
    >>> size(r"\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}").lines
    2.0
    """
    return _Reader(tokens(latex)).read()


def width(latex: str) -> float:
    """The width alone."""
    return size(latex).width


def running(found: list[str]) -> list[float]:
    """For every token the width of what stands before it; inside a group, before the group."""
    reader = _Reader(found)
    widths = [0.0] * (len(found) + 1)
    total = 0.0
    while reader.at < len(found):
        start = reader.at
        total_before = total
        total += reader.one(reader.next()).width
        for k in range(start, reader.at):
            widths[k] = total_before
    widths[len(found)] = total
    return widths


class _Reader:
    def __init__(self, found: list[str]) -> None:
        self.found = found
        self.at = 0
        self.text = False

    def read(self, *ends: str) -> Size:
        """The size up to one of the tokens ``ends``, which is passed over."""
        total = Size()
        while self.at < len(self.found):
            token = self.next()
            if token in ends:
                break
            total = total.beside(self.one(token))
        return total

    def next(self) -> str:
        token = self.found[self.at]
        self.at += 1
        return token

    def argument(self) -> Size:
        while self.at < len(self.found) and self.found[self.at].isspace():
            self.at += 1
        return self.one(self.next()) if self.at < len(self.found) else Size()

    def raw(self) -> str:
        """The letters of a group, not measured: a name, a length."""
        if self.at < len(self.found) and self.found[self.at] == "{":
            self.at += 1
            end = self.found.index("}", self.at)
            name = "".join(self.found[self.at : end])
            self.at = end + 1
            return name
        return ""

    def until(self, end: str) -> None:
        while self.at < len(self.found) and self.next() != end:
            pass

    def one(self, token: str) -> Size:
        if token == "{":
            return self.read("}")
        if token.isspace() or token in MARKS:
            return Size(3.5 if self.text and token not in MARKS else 0.0)
        if token in "^_" and not self.text:
            inner = self.argument()
            return Size(inner.width * SCRIPT + 0.6, inner.lines * 0.7 if inner.lines > 2 else 1.0)
        if token == "$":
            self.text = not self.text
            return Size()
        if token[0] != "\\":
            return self.character(token)
        return self.command(token)

    def character(self, token: str) -> Size:
        if self.text and token in "+-=<>:*":
            return Size({"-": 3.5, ":": 3.2}.get(token, 8.5))
        if token in MATH and not token.isascii():
            return Size(10.0)
        return Size(PLAIN.get(token, 10.0))

    def command(self, token: str) -> Size:
        if token in (r"\frac", r"\dfrac", r"\tfrac", r"\binom"):
            above, below = self.argument(), self.argument()
            scale = 0.8 if token == r"\tfrac" else 1.0
            return Size(max(above.width, below.width) * scale + 3.0, above.lines + below.lines)
        if token in TEXTS:
            before, self.text = self.text, True
            inner = self.argument()
            self.text = before
            gap = 3.4 if token.startswith(r"\operatorname") else 0.0
            return Size(inner.width * (1.16 if token == r"\textbf" else 1.0) + gap, inner.lines)
        if token == r"\parbox":
            self.until("]")
            room = float(self.raw().removesuffix("pt"))
            self.argument()
            return Size(room)
        if token == r"\ensuremath":
            before, self.text = self.text, False
            inner = self.argument()
            self.text = before
            return inner
        if token == r"\begin":
            return self.environment(self.raw())
        if token in (r"\left", r"\right"):
            delimiter = self.next() if self.at < len(self.found) else "."
            return Size(0.0 if delimiter == "." else 8.5)
        if token == r"\sqrt":
            inner = self.argument()
            return Size(inner.width + 10.5, inner.lines)
        return self.simple(token)

    def simple(self, token: str) -> Size:
        if token in SPACES:
            return Size(SPACES[token])
        if token in RELATIONS:
            return Size(15.6)
        if token in OPERATIONS:
            return Size(12.3)
        if token in SILENT or token in (r"\mathbf", r"\boldsymbol", r"\mathbb", r"\mathit"):
            return Size()
        if token in (r"\'", r"\`", r"\^", r"\"", r"\~", r"\=", r"\."):
            return Size()
        if token in (r"\log", r"\exp", r"\max", r"\min", r"\sin", r"\cos", r"\tanh", r"\det"):
            return Size(6.1 * (len(token) - 1) + 3.4)
        return Size(8.8)  # a Greek letter, or something that is not known

    def environment(self, name: str) -> Size:
        if name == "array":
            self.raw()
        widths: list[float] = []
        lines, height, column = 0.0, 1.0, 0
        while self.at < len(self.found):
            cell = self.read_cell()
            widths += [0.0] * (column + 1 - len(widths))
            widths[column] = max(widths[column], cell.width)
            height = max(height, cell.lines)
            end = self.found[self.at - 1] if self.at else ""
            column = column + 1 if end == "&" else 0
            if end == r"\\" and self.found[self.at : self.at + 1] == ["["]:
                self.until("]")
            if end != "&":
                lines, height = lines + height, 1.0
            if end == r"\end":
                self.raw()
                break
        return Size(sum(widths) + 10.2 * (len(widths) - 1) + 19.0, lines)

    def read_cell(self) -> Size:
        return self.read("&", r"\\", r"\end")


def pairs(found: list[str]) -> Iterator[tuple[int, str]]:
    """Tokens with how deep in braces and environments they stand."""
    depth = 0
    for token in found:
        if token == "}" or token == r"\end":
            depth -= 1
        yield depth, token
        if token == "{" or token == r"\begin":
            depth += 1
