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
#: The part of a line that reasons take at most, and a start that stands beside broken formulas.
_REASONS, _SHORT = 0.36, 0.16

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

    The start stands beside the first link (where ``beside`` allows it) if everything fits in one
    line each or the start is short; else above. Long formulas are broken, and reasons stand beside,
    or below where there is no room for both.
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
        ] or [Line("", unmarked(start), 0)]  # fmt: skip
    short = beside and bool(rows) and 0 < width(start) <= _SHORT * page
    if short:
        page -= width(start)
    indent = "" if short else r"\quad "
    room = page - gap - column
    needed = max((widest(r.formula) + width(r.relation) + _INDENT for r in rows), default=0.0)
    head = [] if short else _start(start, page - 10.0)
    above = [replace(line, over=width(line.body) > room) for line in head]
    above += _links(rows, room, column, indent)
    below = [*head, *_links(rows, page - 10.0, None, indent)]
    fits = stiff <= column and needed <= room and len(above) <= len(below)
    lines = above if fits else below
    return [replace(lines[0], left=unmarked(start)), *lines[1:]] if short else lines


def lay_out_together(
    chains: Sequence[tuple[str, Sequence[Row]]], page: float
) -> list[list[Line]] | None:
    """The lines of several chains for one display; None where they do not fit beside each other.

    Every link stands in one line, and the reasons of all chains in one column.
    """
    rows = [row for _, own in chains for row in own]
    reasons = max((_reason_width(r.reason) for r in rows), default=0.0)
    column = min(reasons, _REASONS * page)
    stiff = max((_least(r.reason) for r in rows), default=0.0)
    gap = _GAP if column else 10.0
    left = max((width(start) for start, _ in chains), default=0.0)
    formulas = max((width(r.relation) + width(r.formula) for r in rows), default=0.0)
    if stiff > column or left + formulas + gap + column > page:
        return None
    return [
        [
            Line(unmarked(start) if k == 0 else "", _body(r, r.formula), k + 1, r.reason,
                 column if _reason_width(r.reason) > column else None)
            for k, r in enumerate(own)
        ] or [Line("", unmarked(start), 0)]
        for start, own in chains
    ]  # fmt: skip


def _least(reason: str) -> float:
    """The width of the widest part of a text that TeX cannot break."""
    parts = reason.split(r"\allowbreak ")
    formulas = [p for part in parts for p in re.findall(r"\$([^$]*)\$", part)]
    return max((widest(f) for f in formulas if r"\begin" in f or r"\frac" in f), default=0.0)


def _reason_width(reason: str) -> float:
    return width(rf"\text{{{reason}}}") if reason else 0.0


def _body(row: Row, formula: str) -> str:
    return f"{row.relation} {unmarked(formula)}"


def _links(rows: Sequence[Row], room: float, column: float | None, indent: str) -> list[Line]:
    """The links in lines, the reasons in a column of that width; without one, in lines below."""
    lines: list[Line] = []
    for k, row in enumerate(rows, start=1):
        parts = _parts(row, room, indent)
        long = _reason_width(row.reason)
        for at, part in enumerate(parts):
            last = at == len(parts) - 1
            if column is None:
                lines.append(Line("", part, k, closes=last and not row.reason))
            else:
                reason = row.reason if at == 0 else ""
                wrap = column if reason and long > column else None
                lines.append(Line("", part, k, reason, wrap, last))
        if row.reason and column is None:
            wrap = room - 2 * _INDENT
            lines.append(Line("", "", k, row.reason, wrap if long > wrap else None))
    return lines


def _start(start: str, room: float) -> list[Line]:
    if not start:
        return []
    parts = broken(start, room, room - _INDENT)
    indented = [parts[0], *(rf"\quad {p}" for p in parts[1:])]
    return [Line("", p, 0, closes=k == len(parts) - 1) for k, p in enumerate(indented)]


def _parts(row: Row, room: float, indent: str) -> list[str]:
    taken = width(indent) + width(row.relation)
    parts = broken(row.formula, room - taken, room - width(indent) - 1.5 * _INDENT)
    head = f"{indent}{row.relation} {parts[0]}"
    return [head, *(rf"\qquad{indent.rstrip()} {p}" for p in parts[1:])]
