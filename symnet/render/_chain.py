r"""A chain of equalities in lines: where the reasons stand and where long formulas are broken."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..notation._characters import latex_math
from ._breaking import broken, unmarked, widest
from ._measure import width

#: Points between two pairs of columns of ``align``, and of an indented line.
_GAP, _INDENT = 30.0, 20.0
#: The part of a line that reasons take at most.
_REASONS = 0.36

_RELATIONS = {
    "<=": r"\le", ">=": r"\ge", "!=": r"\ne", "==": "=", "->": r"\mapsto", "=>": r"\Rightarrow",
    "<=>": r"\Leftrightarrow", "~": r"\sim",
}  # fmt: skip


def relation_latex(relation: str) -> str:
    """A relation in math mode."""
    return _RELATIONS.get(relation) or latex_math(relation)


@dataclass(frozen=True)
class Row:
    """One link as LaTeX: the relation, the formula with its marks, the reason in text mode."""

    relation: str
    formula: str
    reason: str = ""


@dataclass(frozen=True)
class Line:
    """A line of the output; ``link`` is 0 for the start, ``closes`` at the last line of a link.

    A reason with no body is a line of its own; one with ``room`` is wrapped to that width. What is
    ``over`` reaches into the column of the reasons.
    """

    left: str
    body: str
    link: int
    reason: str = ""
    room: float | None = None
    closes: bool = True
    over: bool = False


def lay_out(start: str, rows: Sequence[Row], page: float, *, beside: bool = True) -> list[Line]:
    """The lines of a chain, none wider than ``page`` points, if that can be.

    The start stands beside the first link where everything fits in one line each (and ``beside``
    allows it); else above, and long formulas are broken; reasons stand beside, or below where there
    is no room for both.
    """
    reasons = max((_reason_width(r.reason) for r in rows), default=0.0)
    column = min(reasons, _REASONS * page)
    stiff = max((_least(r.reason) for r in rows), default=0.0)
    gap = _GAP if column else 10.0
    formulas = max((width(r.relation) + width(r.formula) for r in rows), default=0.0)
    if beside and stiff <= column and width(start) + formulas + gap + column <= page:
        return [
            Line(unmarked(start) if k == 0 else "", _body(r, r.formula), k + 1, r.reason,
                 column if _reason_width(r.reason) > column else None)
            for k, r in enumerate(rows)
        ] or [Line(unmarked(start), "", 0)]  # fmt: skip
    room = page - gap - column
    needed = max((widest(r.formula) + width(r.relation) + _INDENT for r in rows), default=0.0)
    above = _above(start, rows, room, column, page)
    below = _below(start, rows, page - 10.0)
    return above if stiff <= column and needed <= room and len(above) <= len(below) else below


def _least(reason: str) -> float:
    """The width of the widest part of a text that TeX cannot break."""
    parts = reason.split(r"\allowbreak ")
    formulas = [p for part in parts for p in re.findall(r"\$([^$]*)\$", part)]
    return max((widest(f) for f in formulas if r"\begin" in f or r"\frac" in f), default=0.0)


def _reason_width(reason: str) -> float:
    return width(rf"\text{{{reason}}}") if reason else 0.0


def _body(row: Row, formula: str) -> str:
    return f"{row.relation} {unmarked(formula)}"


def _above(start: str, rows: Sequence[Row], room: float, beside: float, page: float) -> list[Line]:
    lines = [replace(line, over=width(line.body) > room) for line in _start(start, page - 10.0)]
    for k, row in enumerate(rows, start=1):
        parts = _parts(row, room)
        wrap = beside if _reason_width(row.reason) > beside else None
        for at, part in enumerate(parts):
            reason, last = row.reason if at == 0 else "", at == len(parts) - 1
            lines.append(Line("", part, k, reason, wrap if reason else None, last))
    return lines


def _below(start: str, rows: Sequence[Row], room: float) -> list[Line]:
    lines = _start(start, room)
    for k, row in enumerate(rows, start=1):
        parts = _parts(row, room)
        for at, part in enumerate(parts):
            lines.append(Line("", part, k, closes=at == len(parts) - 1 and not row.reason))
        if row.reason:
            wrap = room - 2 * _INDENT
            long = _reason_width(row.reason) > wrap
            lines.append(Line("", "", k, row.reason, wrap if long else None))
    return lines


def _start(start: str, room: float) -> list[Line]:
    if not start:
        return []
    parts = broken(start, room, room - _INDENT)
    indented = [parts[0], *(rf"\quad {p}" for p in parts[1:])]
    return [Line("", p, 0, closes=k == len(parts) - 1) for k, p in enumerate(indented)]


def _parts(row: Row, room: float) -> list[str]:
    head = width(row.relation)
    parts = broken(row.formula, room - head - 10.0, room - 2 * _INDENT)
    return [rf"\quad {row.relation} {parts[0]}", *(rf"\qquad\quad {p}" for p in parts[1:])]
