"""The picture of a function of two variables in the plane."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...pictures import ticks
from ...pictures.marks import Axis, Entry, Label, Mark, Path, Stroke, Tick
from ...pictures.picture import Picture
from .areas import COLOURINGS, Areas
from .frame import Interval, Shown
from .labels import region_labels, region_words
from .lines import Bend, bends, between, named_lines, outline, straight_lines
from .margin import arrows, margin_names
from .options import Options
from .points import point_marks
from .words import Scale, extent, rectangle

_WIDTH = 3.4
_EDGE = "#6b6b6b"
#: Up to how many areas have words, and up to how many lines among how many regions have names,
#: without being asked.
_LABELLED, _NAMED, _CROWDED = 16, 8, 80
#: Widths of lines, for pictures with up to so many regions.
_WIDTHS = ((150, 1.0), (600, 0.7), (2500, 0.45), (10000, 0.25))
_DASHED = 300
#: How wide lines are in the legend, at the least.
_SEEN = 0.7


def plane(shown: Shown, options: Options) -> Picture:
    """The regions, coloured; where neurons bend, or what else parts the areas; names."""
    options = _decided(shown, options)
    by = str(options.by)
    found = COLOURINGS[by](shown, options)
    bent = options.boundaries
    every = bends(shown) if bent else []
    frame = shown.frame if shown.is_box or options.framed else _wider(shown.frame)
    size = plane_size(options, frame)
    scale = Scale.of(size, frame)
    strokes = _strokes(every, len(shown.part), options)
    marks: list[Mark] = [*found.polygons, *_lines(shown, found, every, strokes)]
    marks += _region_labels(shown, options, found.group, scale, frame)
    names = _line_names(shown, options, every, strokes, frame, scale, marks)
    layers = [
        Entry(f"layer {k}", replace(stroke, width=max(stroke.width, _SEEN)))
        for k, stroke in strokes.items()
    ]
    names_of_axes = options.input_names(shown.part.variables)
    x, y = (
        Axis(low, high, _free(ticks.round_ticks(low, high), names, k, scale), name)
        for k, ((low, high), name) in enumerate(zip(frame, names_of_axes, strict=True))
    )
    legend = (*found.legend, *(layers if len(layers) > 1 else ()))
    return Picture(
        (*marks, *names, *point_marks(shown, options.points)), x, y, size,
        title=options.title,
        description=_description(shown, by),
        legend=legend if options.legend else (),
        bar=found.bar if options.legend else None,
    )  # fmt: skip


def _decided(shown: Shown, options: Options) -> Options:
    """The options with what was left open; an expression has pieces, but no neurons of its own."""
    by = options.by or ("piece" if shown.whole.scalar else "pattern")
    boundaries = options.boundaries
    if boundaries is None:
        boundaries = by == "pattern" or bool(options.lines)
    return replace(options, by=by, boundaries=boundaries)


def plane_size(options: Options, frame: Sequence[Interval]) -> tuple[float, float]:
    """The size of the plotted area: with equal units, unless one side is much longer."""
    across, up = (float(high - low) for low, high in frame)
    ratio = up / across
    if not 0.25 <= ratio <= 4:
        return options.size_for(_WIDTH, _WIDTH)
    room = options.size_for(*((_WIDTH, _WIDTH * ratio) if ratio <= 1 else (_WIDTH / ratio, _WIDTH)))
    width = min(room[0], room[1] / ratio)
    return width, width * ratio


def _lines(
    shown: Shown, found: Areas, every: Sequence[Bend], strokes: dict[int, Stroke]
) -> list[Mark]:
    width = line_width(len(shown.part))
    marks: list[Mark] = []
    if not strokes:
        edge = Stroke(_EDGE, 0.6 * width)
        marks += [Path(line, edge, tag="edge") for line in between(shown, found.group)]
    for layer in sorted(strokes, reverse=True):  # the first layer on top
        for bend in (b for b in every if b.layer == layer):
            tag = f"neuron {bend.neuron} of layer {layer}"
            marks += [
                Path(line, strokes[layer], tag=tag) for line in straight_lines(shown, bend.lines)
            ]
    marks += [
        Path(line, Stroke(width=max(1.6 * width, 0.9)), tag="decision") for line in found.decided
    ]
    if not shown.is_box:
        marks += [Path(line, Stroke(width=0.9), tag="domain") for line in outline(shown)]
    return marks


def line_width(regions: int) -> float:
    """How wide lines are in a picture of so many regions."""
    return next((width for most, width in _WIDTHS if regions <= most), 0.15)


def _strokes(every: Sequence[Bend], regions: int, options: Options) -> dict[int, Stroke]:
    """How the lines of each layer are drawn."""
    width = line_width(regions)
    return {
        layer: options.layer_stroke(layer, width, regions <= _DASHED)
        for layer in sorted({b.layer for b in every})
    }


def _region_labels(
    shown: Shown, options: Options, group: Sequence[int], scale: Scale, frame: Sequence[Interval]
) -> list[Mark]:
    """What was asked for; otherwise words in few regions, if all of them have room."""
    wanted, asked = options.labels, options.labels is not None
    if not asked:
        wanted = options.by in ("pattern", "piece") and len(set(group)) <= _LABELLED
    if not wanted:
        return []
    natural = "map" if options.by == "piece" else "pattern"
    what = natural if wanted is True else str(wanted)
    together = group if what == "map" and options.by == "piece" else range(len(shown.part))
    texts = region_words(shown, what, options.output or 0)
    found, complete = region_labels(shown, texts, together, scale, frame)
    return found if asked or complete else []


def _line_names(
    shown: Shown,
    options: Options,
    every: Sequence[Bend],
    strokes: dict[int, Stroke],
    frame: Sequence[Interval],
    scale: Scale,
    marks: Sequence[Mark],
) -> list[Path | Label]:
    """The names of the first layer's lines, with arrows to their positive sides."""
    if not every or options.lines is False:
        return []
    lines = named_lines(shown, every, options.lines, strokes)
    if not options.lines and (len(lines) > _NAMED or len(shown.part) > _CROWDED):
        return []
    boxes = [rectangle(mark, scale) for mark in marks if isinstance(mark, Label)]
    return [*arrows(lines, boxes, scale), *margin_names(lines, frame, scale)]


def _free(
    found: Sequence[Tick], names: Sequence[Path | Label], axis: int, scale: Scale
) -> tuple[Tick, ...]:
    """Ticks, without words where the name of a line stands."""
    anchor = ("north", "east")[axis]
    unit = float((scale.x, scale.y)[axis])
    taken = []
    for label in names:
        if isinstance(label, Label) and label.anchor == anchor:
            half = extent(label.words)[axis] * label.size / 2 + 9
            taken.append((float(label.at[axis]) * unit + label.shift[axis], half))
    return tuple(
        Tick(
            t.at, "" if any(abs(float(t.at) * unit - at) < half for at, half in taken) else t.words
        )
        for t in found
    )


def _wider(frame: Sequence[Interval]) -> tuple[Interval, ...]:
    room = max(high - low for low, high in frame) / 25
    return tuple((low - room, high + room) for low, high in frame)


def _description(shown: Shown, by: str) -> str:
    (a, b), (c, d) = shown.frame
    here, all_ = len(shown.part), len(shown.whole)
    of = "" if here == all_ else f" of {all_}"
    return (
        f"The linear regions of a function of two variables on [{float(a):g}, {float(b):g}] × "
        f"[{float(c):g}, {float(d):g}], coloured by {by}: {here}{of} regions."
    )
