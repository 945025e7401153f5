"""Lines in the plane: sides of regions, joined; where neurons bend; their names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import sympy as sp

from ...exact.affine import as_fraction
from ...exact.arrays import Bools, Ints
from ...exact.polyhedron import Polyhedron
from ...pictures.marks import Number, Place, Stroke
from ...pictures.ticks import fraction
from ...render import latex
from .frame import Shown

_AT_ONCE = 1 << 24
#: A longer equation is no name of a line.
_LONG = 60


@dataclass(frozen=True)
class Bend:
    """The places where z = beta for a virtual neuron.

    ``layer`` counts the layers that bend, and ``neuron`` the neurons of it, from 1; ``column`` is
    the number of the virtual neuron. ``lines`` are lines of vertices.
    """

    layer: int
    neuron: int
    beta: Fraction
    column: int
    lines: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Named:
    """A straight line with its name; ``line`` are all the vertices along it.

    ``positive`` points to the positive side in the coordinates of the axes; it is None where
    several neurons bend there that disagree.
    """

    words: str
    line: tuple[Place, ...]
    stroke: Stroke
    positive: tuple[float, float] | None


def bends(shown: Shown) -> list[Bend]:
    """The bends of all neurons that bend within the frame, by layers."""
    segments = _segments(shown)
    found, column, layer = [], 0, 0
    for functions in shown.part.network.functions:
        layer += any(f.breakpoints for f in functions)
        for neuron, f in enumerate(functions, start=1):
            for beta in f.breakpoints:
                lines = tuple(_joined(segments.get(column, ())))
                if lines:
                    found.append(Bend(layer, neuron, beta, column, lines))
                column += 1
    return found


def _segments(shown: Shown) -> dict[int, list[tuple[int, int]]]:
    """The sides on which each virtual neuron changes between below and above, as pairs of ends."""
    pairs = shown.complex.adjacency()
    above = shown.part.cells.signs > 0
    found: dict[int, list[tuple[int, int]]] = {}
    size = max(1, _AT_ONCE // max(above.shape[1], 1))
    for start in range(0, len(pairs), size):
        part = pairs[start : start + size]
        side, column = np.nonzero(above[part[:, 0]] != above[part[:, 1]])
        for k, ends in zip(column.tolist(), _ends(shown, part[side, 2]), strict=True):
            found.setdefault(k, []).append(ends)
    return found


def between(shown: Shown, group: Sequence[int]) -> tuple[tuple[Place, ...], ...]:
    """The lines between groups of regions."""
    pairs = shown.complex.adjacency()
    number = np.asarray(group)
    parted: Bools = number[pairs[:, 0]] != number[pairs[:, 1]]
    return straight_lines(shown, _joined(_ends(shown, pairs[parted, 2])))


def outline(shown: Shown) -> tuple[tuple[Place, ...], ...]:
    """The boundary of the domain."""
    sides = np.flatnonzero(shown.complex.side_cells[:, 1] < 0)
    return straight_lines(shown, _joined(_ends(shown, sides)))


def _ends(shown: Shown, sides: Ints) -> list[tuple[int, int]]:
    cells = shown.complex.cells
    return list(zip(cells.p[sides].tolist(), cells.q[sides].tolist(), strict=True))


def _joined(segments: Iterable[tuple[int, int]]) -> list[tuple[int, ...]]:
    """Segments joined to lines, each from one end or crossing to the next, or closed."""
    near: dict[int, list[int]] = {}
    for p, q in segments:
        near.setdefault(p, []).append(q)
        near.setdefault(q, []).append(p)
    ends = {v for v, others in near.items() if len(others) != 2}
    lines = []
    for start in (*sorted(ends), *near):
        while near[start]:
            line = [start]
            while len(line) == 1 or not (line[-1] in ends or line[-1] == start):
                here = line[-1]
                following = near[here].pop()
                near[following].remove(here)
                line.append(following)
            lines.append(tuple(line))
    return lines


def straight_lines(shown: Shown, lines: Iterable[Sequence[int]]) -> tuple[tuple[Place, ...], ...]:
    """The places of lines, without those between which they run straight on."""
    return tuple(_straightened(_along(shown, line)) for line in lines)


def _along(shown: Shown, line: Sequence[int]) -> list[Place]:
    return [(shown.places[v][0], shown.places[v][1]) for v in line]


def _straightened(line: Sequence[Place]) -> tuple[Place, ...]:
    kept = [line[0]]
    for here, following in pairwise(line[1:]):
        (px, py), (qx, qy), (rx, ry) = kept[-1], here, following
        across: Number = (qx - px) * (ry - py) - (qy - py) * (rx - px)
        if isinstance(across, float):  # the places are floats, and here only the file is smaller
            size = abs(float(qx - px) * float(ry - py)) + abs(float(qy - py) * float(rx - px))
            across = 0 if abs(across) <= 1e-9 * size else across
        if across:
            kept.append(here)
    return (*kept, line[-1])


def named_lines(
    shown: Shown, every: Sequence[Bend], how: str | bool | None, strokes: dict[int, Stroke]
) -> list[Named]:
    """The lines of the first layer that bends, one for all neurons that bend there.

    Their names are z_1 = 0, or equations where the function is no network.
    """
    first = [b for b in every if b.layer == 1 and len(b.lines) == 1]
    network = shown.part.network
    forms = network.virtual_forms(shown.part.cells.signs[0].tolist())
    together: dict[tuple[Place, ...], list[Bend]] = {}
    for bend in first:
        ends = straight_lines(shown, bend.lines)[0]
        together.setdefault(min(ends, ends[::-1]), []).append(bend)
    equations = how == "equations" or (how != "names" and shown.whole.scalar)
    single = len(strokes) == 1
    found = []
    for group in together.values():
        rows = [forms[b.column] for b in group]
        words = _equation(rows[0], shown.part.variables) if equations else ""
        if not 0 < len(words) <= _LONG:
            words = _with_values(group, single)
        a = [as_fraction(v) for v in rows[0][:-1]]
        agree = all(a[0] * as_fraction(r[0]) + a[1] * as_fraction(r[1]) > 0 for r in rows)
        size = max(abs(a[0]), abs(a[1]))
        towards = float(a[0] / size), float(a[1] / size)
        line = tuple(_along(shown, group[0].lines[0]))
        found.append(Named(words, line, strokes[1], towards if agree else None))
    return found


def _name(bend: Bend, single: bool) -> str:
    return f"z_{{{bend.neuron}}}" if single else f"z^{{(1)}}_{{{bend.neuron}}}"


def _with_values(group: Sequence[Bend], single: bool) -> str:
    """z_1 = z_2 = 0, and z_1 = 0, z_2 = 1 where their breakpoints differ."""
    values: dict[Fraction, list[str]] = {}
    for bend in group:
        values.setdefault(bend.beta, []).append(_name(bend, single))
    parts = (" = ".join([*names, fraction(beta).strip("$")]) for beta, names in values.items())
    return "$" + ",\\ ".join(parts) + "$"


def _equation(row: Sequence[Any], variables: Sequence[sp.Symbol]) -> str:
    """a x + b y = c in lowest integers."""
    numbers = [as_fraction(v) for v in row]
    line = Polyhedron.from_half_spaces(C=[numbers[:-1]], d=[-numbers[-1]], ambient=len(numbers) - 1)
    wall = line.affine_hull[0]
    sign = 1 if next(v for v in wall.normal if v) > 0 else -1
    left = sp.Add(*(sign * v * x for v, x in zip(wall.normal, variables, strict=True)))
    return f"${latex(left)} = {sign * wall.offset}$"
