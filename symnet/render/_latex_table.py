"""Tables in LaTeX that are as wide as the page and no wider."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ._measure import width

#: Points between two columns.
_BETWEEN = 12.0


def tabulars(
    head: Sequence[str], rows: Sequence[Sequence[str]], caption: str, page: float, lines: float
) -> list[str]:
    """The table, over several pages with its head on each if it is long."""
    columns = max([len(head), *(len(row) for row in rows)], default=0)
    if columns == 0:
        return [caption]
    grid = [[*row, *[""] * (columns - len(row))] for row in (head, *rows)]
    room = page - _BETWEEN * columns - 4.0
    widths = _widths(grid, room)
    first, *others = [_line(row, widths) for row in grid]
    heights = [_height(row, widths) for row in grid[1:]]
    parts: list[list[str]] = [[]]
    used = 0.0
    for line, height in zip(others, heights, strict=True):
        if used + height > lines and parts[-1]:
            parts.append([])
            used = 0.0
        parts[-1].append(line)
        used += height
    shown = [_tabular(first, part, columns) for part in parts]
    above = f"{caption}\\par\\smallskip\n" if caption else ""
    return [
        f"\\begin{{center}}\n{above if k == 0 else ''}{table}\n\\end{{center}}"
        for k, table in enumerate(shown)
    ]


def _tabular(head: str, lines: Sequence[str], columns: int) -> str:
    body = "\n".join([r"\toprule", head, r"\midrule", *lines, r"\bottomrule"])
    return f"\\begin{{tabular}}{{@{{}}{'l' * columns}@{{}}}}\n{body}\n\\end{{tabular}}"


#: What a link is besides its words.
_LINK = re.compile(r"\\(?:hyperref\[[^\]]*\]|href\{[^}]*\})")


def _natural(cell: str) -> float:
    return width(rf"\text{{{_LINK.sub('', cell)}}}")


def _least(cell: str) -> float:
    cell = _LINK.sub("", cell)
    parts = re.split(r"\s+(?![^$]*\$(?:[^$]*\$[^$]*\$)*[^$]*$)|\\allowbreak", cell)
    if r"\left" not in cell and r"\begin" not in cell:
        # TeX ends a line behind a relation or a sign as well
        parts = [p for part in parts for p in re.split(r"(?<= [-+=<>]) |(?<=\\leq) ", part)]
    return max((_natural(p) for p in parts), default=0.0) + 2.0


def _widths(grid: Sequence[Sequence[str]], room: float) -> list[float | None]:
    """The widths of the columns that are wrapped; None for a column that fits on its own."""
    natural = [max(map(_natural, column)) for column in zip(*grid, strict=True)]
    if sum(natural) <= room:
        return [None] * len(natural)
    least = [max(map(_least, column)) for column in zip(*grid, strict=True)]
    widths: list[float | None] = [None] * len(natural)
    left, open_columns = room, sorted(range(len(natural)), key=lambda k: natural[k])
    while open_columns:
        k = open_columns[0]
        share = left / len(open_columns)
        if natural[k] > share:
            break
        left -= natural[k]
        open_columns.pop(0)
    for k in sorted(open_columns, key=lambda k: -least[k]):
        share = left / len(open_columns)
        widths[k] = max(share, least[k])
        left -= widths[k] or 0.0
        open_columns = [c for c in open_columns if c != k]
    return widths


def _line(row: Sequence[str], widths: Sequence[float | None]) -> str:
    cells = [
        cell
        if room is None
        else rf"\parbox[t]{{{max(room, 10.0):.0f}pt}}{{\raggedright {cell}\strut}}"
        for cell, room in zip(row, widths, strict=True)
    ]
    return " & ".join(cells) + r" \\"


def _height(row: Sequence[str], widths: Sequence[float | None]) -> float:
    return max(
        1.0 if room is None else 1.0 + _natural(cell) // max(0.8 * room, 1.0)
        for cell, room in zip(row, widths, strict=True)
    )
