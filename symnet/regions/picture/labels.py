"""Words for regions: inside them, or beside those that are too small."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import cos, pi, sin

import sympy as sp

from ...exact.affine import as_fraction
from ...pictures.marks import Dot, Label, Mark, Path, Stroke
from ...render import latex
from .frame import Interval, Shown
from .words import LARGE, SMALL, Rectangle, Scale, extent, overlap, rectangle, roomiest

#: A sign as one letter, with no room around it.
_SIGNS = {1: "{+}", -1: "{-}", 0: "0"}
#: How many regions may have their words beside them, among how many.
_BESIDE, _AMONG = 8, 60
_LEADER = Stroke("#4d4d4d", 0.5)
_WAYS, _FAR = 24, (14, 20, 27, 35, 44, 54, 66, 80)


def region_words(shown: Shown, what: str, output: int) -> list[str]:
    """The words for every region: its ``pattern``, ``number`` or affine ``map``."""
    return [_words(shown, cell, what, output) for cell in range(len(shown.part))]


def _words(shown: Shown, cell: int, what: str, output: int) -> str:
    if what == "number":
        return f"${shown.number[cell]}$"
    region = shown.part.regions[cell]
    if what == "pattern":
        layers = (r"\,".join(_SIGNS[s] for s in layer) for layer in region.pattern if layer)
        return "$" + r"\;|\;".join(layers) + "$"
    value = region.A.row(output) * sp.Matrix(shown.part.variables)
    return f"${latex(value[0] + region.c[output])}$"


def region_labels(
    shown: Shown,
    texts: Sequence[str],
    group: Sequence[int],
    scale: Scale,
    frame: Sequence[Interval],
) -> tuple[list[Mark], bool]:
    """Words in one region of every group, and whether all groups got theirs.

    They are inside where there is room; a few of those without room have theirs beside them, at
    the end of a line from within.
    """
    roomy: dict[int, tuple[float, Label]] = {}
    for cell, (words, number) in enumerate(zip(texts, shown.number, strict=True)):
        corners = [[as_fraction(x) for x in p] for p in shown.polygon(cell)]
        place, most = roomiest(corners, extent(words), scale)
        label = Label(words, place, size=min(max(most, SMALL), LARGE), tag=f"region {number}")
        if group[cell] not in roomy or roomy[group[cell]][0] < most:
            roomy[group[cell]] = most, label
    inside = [label for most, label in roomy.values() if most >= SMALL]
    small = [label for most, label in roomy.values() if most < SMALL]
    if len(small) > _BESIDE or len(shown.part) > _AMONG:
        return [*inside], not small
    beside = _beside(shown, small, inside, scale, frame)
    return [*inside, *beside], len(beside) == 3 * len(small)


def _beside(
    shown: Shown,
    small: Sequence[Label],
    inside: Sequence[Label],
    scale: Scale,
    frame: Sequence[Interval],
) -> list[Mark]:
    """Words at the end of short lines, over no other words and few lines of the picture."""
    taken = [rectangle(label, scale) for label in inside]
    places = [scale.points((p[0], p[1])) for p in shown.places]
    cells = shown.complex.cells
    sides = [
        (places[p], places[q]) for p, q in zip(cells.p.tolist(), cells.q.tolist(), strict=True)
    ]
    (left, low), (right, high) = (scale.points((a, b)) for a, b in zip(*frame, strict=True))
    marks: list[Mark] = []
    for item in small:
        spots = [
            (far + 25 * sum(_cuts(side, box) for side in sides), tip, box)
            for far, tip, box in _spots(item, scale)
            if left + 2 < box[0] and box[2] < right - 2 and low + 2 < box[1] and box[3] < high - 2
            and not any(overlap(box, other, 7) for other in taken)
        ]  # fmt: skip
        if not spots:
            continue
        cost, tip, box = min(spots)
        taken.append(box)
        middle = scale.place(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2))
        marks += [
            Path((item.at, scale.place(tip)), _LEADER, tag=f"to {item.tag}"),
            Dot(item.at, _LEADER.colour, 0.9),
            Label(item.words, middle, size=LARGE, halo=cost > max(_FAR), tag=item.tag),
        ]
    return marks


def _spots(item: Label, scale: Scale) -> Iterator[tuple[float, tuple[float, float], Rectangle]]:
    """Ends of lines from within a region, and the words there: distance, end, rectangle."""
    width, height = (LARGE * v for v in extent(item.words))
    x, y = scale.points(item.at)
    for far in _FAR:
        for k in range(_WAYS):
            across, up = cos(2 * pi * k / _WAYS), sin(2 * pi * k / _WAYS)
            tip = x + far * across, y + far * up
            at = tip[0] + across * (width / 2 + 3), tip[1] + up * (height / 2 + 3)
            box = at[0] - width / 2, at[1] - height / 2, at[0] + width / 2, at[1] + height / 2
            yield far, tip, box


def _cuts(side: tuple[tuple[float, float], tuple[float, float]], box: Rectangle) -> bool:
    """Whether a segment runs through a rectangle."""
    (ax, ay), (bx, by) = side
    first, last = 0.0, 1.0
    for start, way, low, high in (
        (ax, bx - ax, box[0] - 1, box[2] + 1),
        (ay, by - ay, box[1] - 1, box[3] + 1),
    ):
        if way == 0:
            if not low < start < high:
                return False
            continue
        one, other = sorted(((low - start) / way, (high - start) / way))
        first, last = max(first, one), min(last, other)
    return first < last
