"""The graph of a function of two variables in space: its facets, from back to front."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from ...pictures.colours import mixed
from ...pictures.marks import Axis, ColourBar, Mark, Number, Place, Polygon, Stroke
from ...pictures.picture import Picture
from .areas import group_colours
from .bands import bands, scale_of
from .frame import Shown
from .options import Options
from .plane import line_width
from .projection import Projection, axes, back_to_front, walls

_WIDTH = 3.8
#: The share of black in a facet that gets no light.
_SHADE = 0.3


def surface(shown: Shown, options: Options) -> Picture:
    """The facets, in the colours that were asked for, in a box with axes."""
    output = options.output or 0
    values = shown.every_value(output)
    low, high = Fraction(min(values)), Fraction(max(values))
    room = Fraction(1, 2) if low == high else Fraction(0)
    view = Projection((*shown.frame, (low - room, high + room)), *options.view)  # type: ignore[arg-type]
    name = options.output_name(output) if options.output_names else "$f$"
    bar = scale_of(values, options.colours, name) if options.by in (None, "value") else None
    facets = _facets(shown, options, output, view, bar)
    corners = [view((x, y, z)) for x in view.box[0] for y in view.box[1] for z in view.box[2]]
    (left, right), (bottom, top) = ((min(c), max(c)) for c in zip(*corners, strict=True))
    ratio = float(top - bottom) / float(right - left)
    width, height = options.size_for(_WIDTH, _WIDTH * ratio)
    width = min(width, height / ratio)
    unit = 72 * width / float(right - left)
    names = [*options.input_names(shown.part.variables), name]
    return Picture(
        (*walls(view), *facets, *axes(view, names, unit)),
        Axis(left, right), Axis(bottom, top), (width, width * ratio),
        border="none",
        title=options.title,
        description=f"The graph of a function of two variables as a surface of {len(shown.part)} "
        "flat facets.",
        bar=bar if options.legend else None,
    )  # fmt: skip


def _facets(
    shown: Shown,
    options: Options,
    output: int,
    view: Projection,
    bar: ColourBar | None,
) -> list[Mark]:
    width = line_width(len(shown.part))
    edge = Stroke("#333333", 0.6 * width)
    colours: list[str] = []
    if bar is None:
        pieces = options.by == "piece"
        group = shown.part.piece_of_region.tolist() if pieces else range(len(shown.part))
        chosen = group_colours(shown, options, group)
        colours = [chosen[k] for k in group]
    marks: list[Mark] = []
    for cell in back_to_front(shown, view.towards):
        spots = (shown.places[v] for v in shown.corners(cell))
        corners = list(zip(spots, shown.values_on(cell, output), strict=True))
        shade = _SHADE * (1 - view.light(_slope([(*p, v) for p, v in corners])))
        tag = f"region {shown.number[cell]}"
        parts = bands(corners, bar) if bar else [(tuple(corners), colours[cell])]
        for part, colour in parts:
            places = tuple(view((p[0], p[1], v)) for p, v in part)
            marks.append(Polygon(places, mixed(colour, "#000000", shade), tag=tag))
        outline: tuple[Place, ...] = tuple(view((p[0], p[1], v)) for p, v in corners)
        marks.append(Polygon(outline, None, edge, tag))
    return marks


def _slope(corners: list[tuple[Number, ...]]) -> tuple[float, float]:
    """The slope of a facet; only its shade depends on it."""
    points = np.array([[float(v) for v in c] for c in corners])
    moved = points - points.mean(axis=0)
    slope = np.linalg.lstsq(moved[:, :2], moved[:, 2], rcond=None)[0]
    return float(slope[0]), float(slope[1])
