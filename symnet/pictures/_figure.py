"""A picture as a matplotlib figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

from ._words import is_formula, parts
from .marks import ColourBar, Dot, Label, Mark, Path, Place, Polygon, Stroke

if TYPE_CHECKING:
    from .picture import Picture

#: Fonts for the words: Times-like, with the mathematics in the same style.
STYLE: dict[str, Any] = {
    "font.family": ["STIXGeneral", "DejaVu Sans"],
    "mathtext.fontset": "stix",
    "axes.formatter.use_mathtext": True,
    "lines.scale_dashes": False,
    "text.usetex": False,
    "path.simplify": False,
    "axes.linewidth": 0.6,
    "font.size": 8.0,
    "figure.dpi": 72.0,
}
#: From how many polygons on they become an image within a vector file.
MANY = 3000
_SEAM = 0.35
_GAP = 10.0
_ANCHORS = {"west": "left", "east": "right"}
_VERTICAL = {"north": "top", "south": "bottom"}


def matplotlib() -> Any:
    """matplotlib, or an error that says what to install."""
    try:
        import matplotlib
        import matplotlib.figure
    except ImportError as error:
        raise ImportError(
            "SVG, PNG, PDF and figure() need matplotlib; install symnet[plot], or write .tex, "
            "which needs nothing"
        ) from error
    return matplotlib


def drawn(picture: Picture) -> Any:
    """The figure, just as large as what is in it; it belongs to no window."""
    mpl = matplotlib()
    with mpl.rc_context(STYLE):
        return _Drawing(picture).figure


class _Drawing:
    """Places are in points from the lower left corner of the plotted area."""

    def __init__(self, picture: Picture) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.picture = picture
        self.width, self.height = 72 * picture.size[0], 72 * picture.size[1]
        self.figure = Figure(figsize=(picture.size[0] + 2, picture.size[1] + 2), dpi=72)
        self.renderer = FigureCanvasAgg(self.figure).get_renderer()
        self.axes: Any = self.figure.add_axes((0, 0, 1, 1))
        self.boxes: list[tuple[Any, tuple[float, float, float, float]]] = [
            (self.axes, (0.0, 0.0, self.width, self.height))
        ]
        self._place(72, 72, self.width + 144, self.height + 144)
        _set_up(self.axes, picture)
        self.layer = 2.0
        for _, group in groupby(picture.marks, _kind):
            self.layer += 0.001
            self._draw(list(group))
        self._explain()
        self._fit()

    # --- marks

    def _draw(self, marks: list[Any]) -> None:
        first = marks[0]
        if isinstance(first, Polygon):
            self._polygons(marks)
        elif isinstance(first, Dot):
            for dot in marks:
                self._dot(dot)
        elif isinstance(first, Label):
            for label in marks:
                self._label(label)
        elif first.arrow:
            for arrow in marks:
                self._arrow(arrow)
        else:
            self._paths([path.places for path in marks], first.stroke)

    def _polygons(self, polygons: list[Polygon]) -> None:
        from matplotlib.collections import PolyCollection

        edges = [p.edge or Stroke(p.fill or "none", _SEAM) for p in polygons]
        collection = PolyCollection(
            [_floats(p.corners) for p in polygons],
            facecolors=[p.fill or "none" for p in polygons],
            edgecolors=[edge.colour for edge in edges],
            linewidths=[edge.width for edge in edges],
            joinstyle="round", zorder=self.layer, clip_on=False,
            rasterized=len(polygons) > MANY,
        )  # fmt: skip
        self.axes.add_collection(collection, autolim=False)

    def _paths(self, lines: Sequence[Sequence[Place]], stroke: Stroke) -> None:
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path as Outline

        for part in _chunks(lines):
            codes = [c for line in part for c in (1, *[2] * (len(line) - 1))]
            places = [place for line in part for place in _floats(line)]
            self.axes.add_artist(
                PathPatch(
                    Outline(places, codes), fill=False, edgecolor=stroke.colour,
                    linewidth=stroke.width, linestyle=_dashes(stroke), joinstyle="round",
                    capstyle="butt", zorder=self.layer, clip_on=False,
                )
            )  # fmt: skip

    def _arrow(self, arrow: Path) -> None:
        if len(arrow.places) > 2:
            self._paths([arrow.places[:-1]], arrow.stroke)
        start, end = _floats(arrow.places[-2:])
        note = self.axes.annotate(
            "", end, start, zorder=self.layer, annotation_clip=False,
            arrowprops={
                "arrowstyle": "-|>,head_width=0.22,head_length=0.45", "shrinkA": 0, "shrinkB": 0,
                "linewidth": arrow.stroke.width, "color": arrow.stroke.colour,
                "mutation_scale": 8, "joinstyle": "miter",
            },
        )  # fmt: skip
        note.arrow_patch.set_linestyle(_dashes(arrow.stroke))

    def _dot(self, dot: Dot) -> None:
        x, y = _floats([dot.at])[0]
        self.axes.plot(
            [x], [y], "o", markersize=2 * dot.radius, markeredgewidth=0.8,
            markeredgecolor=dot.colour, markerfacecolor="white" if dot.hollow else dot.colour,
            zorder=self.layer, clip_on=False, scalex=False, scaley=False,
        )  # fmt: skip

    def _label(self, label: Label) -> None:
        words = label.anchor.split()
        across = next((_ANCHORS[w] for w in words if w in _ANCHORS), "center")
        down = next((_VERTICAL[w] for w in words if w in _VERTICAL), "center")
        ground = {"boxstyle": "square,pad=0.12", "fc": "white", "alpha": 0.75, "lw": 0}
        self.axes.annotate(
            escaped(label.words), _floats([label.at])[0], label.shift,
            textcoords="offset points", ha=across, va=down, fontsize=label.size,
            color=label.colour, zorder=self.layer, annotation_clip=False,
            bbox=ground if label.halo else None,
        )  # fmt: skip

    # --- what explains the marks

    def _explain(self) -> None:
        *_, right, top = self._overhang()
        if self.picture.legend:
            self._legend(right + _GAP)
            right = self._overhang()[2]
        if self.picture.bar is not None:
            bar = self.figure.add_axes((0, 0, 1, 1))
            self.boxes.append((bar, (self.width + right + _GAP, 0.0, 9.0, self.height)))
            self._place(72, 72, self.width + 144, self.height + 144)
            _draw_bar(bar, self.picture.bar)
        if self.picture.title:
            self.axes.annotate(
                escaped(self.picture.title), (0.5, 1), (0, top + 6), xycoords="axes fraction",
                textcoords="offset points", ha="center", va="bottom", fontsize=10,
                annotation_clip=False,
            )  # fmt: skip

    def _legend(self, offset: float) -> None:
        from matplotlib.lines import Line2D
        from matplotlib.patches import Patch

        samples = [
            Patch(facecolor=e.sample, edgecolor="#555555", linewidth=0.4)
            if isinstance(e.sample, str)
            else Line2D([], [], color=e.sample.colour, linewidth=e.sample.width,
                        linestyle=_dashes(e.sample))
            for e in self.picture.legend
        ]  # fmt: skip
        self.axes.legend(
            samples, [escaped(e.words) for e in self.picture.legend], loc="upper left",
            bbox_to_anchor=(1 + offset / self.width, 1), borderaxespad=0, borderpad=0,
            frameon=False, handlelength=2.2, handletextpad=0.6, labelspacing=0.5, fontsize=8,
        )  # fmt: skip

    # --- places

    def _overhang(self) -> tuple[float, float, float, float]:
        """How far words reach out of the plotted area: left, below, right, above."""
        bounds = [axes.get_tightbbox(self.renderer) for axes, _ in self.boxes]
        return (
            72 - min(b.x0 for b in bounds),
            72 - min(b.y0 for b in bounds),
            max(b.x1 for b in bounds) - 72 - self.width,
            max(b.y1 for b in bounds) - 72 - self.height,
        )

    def _fit(self) -> None:
        left, below, right, above = (max(v, 0) + 3 for v in self._overhang())
        width, height = self.width + left + right, self.height + below + above
        self.figure.set_size_inches(width / 72, height / 72)
        self._place(left, below, width, height)

    def _place(self, left: float, below: float, width: float, height: float) -> None:
        for axes, (x, y, w, h) in self.boxes:
            axes.set_position(((left + x) / width, (below + y) / height, w / width, h / height))


def _set_up(axes: Any, picture: Picture) -> None:
    axes.set_xlim(float(picture.x.low), float(picture.x.high))
    axes.set_ylim(float(picture.y.low), float(picture.y.high))
    axes.patch.set_visible(False)
    if picture.border == "none":
        axes.set_axis_off()
        return
    for axis, ticks in ((axes.xaxis, picture.x.ticks), (axes.yaxis, picture.y.ticks)):
        axis.set_ticks([float(t.at) for t in ticks], [escaped(t.words) for t in ticks])
    axes.tick_params(width=0.6, length=3, pad=2.5, labelsize=8)
    axes.set_xlabel(escaped(picture.x.name), fontsize=9, labelpad=2)
    _name_upright_axis(axes, picture)
    for side in ("top", "right"):
        axes.spines[side].set_visible(picture.border == "box")
    for spine in axes.spines.values():
        spine.set_zorder(4)


def _name_upright_axis(axes: Any, picture: Picture) -> None:
    """Beside the axis; above it where it ends free."""
    name, formula = escaped(picture.y.name), is_formula(picture.y.name)
    if picture.border == "corner":
        axes.annotate(
            name, (0, 1), (0, 4), xycoords="axes fraction", textcoords="offset points",
            ha="center" if formula else "left", va="bottom", fontsize=9, annotation_clip=False,
        )  # fmt: skip
    elif formula:
        axes.set_ylabel(name, fontsize=9, labelpad=4, rotation=0, va="center", ha="right")
    else:
        axes.set_ylabel(name, fontsize=9, labelpad=3)


def _draw_bar(axes: Any, bar: ColourBar) -> None:
    levels = [float(v) for v in bar.levels]
    for (low, high), colour in zip(pairwise(levels), bar.colours, strict=True):
        axes.axhspan(low, high, facecolor=colour, edgecolor=colour, linewidth=_SEAM)
    axes.set_xlim(0, 1)
    axes.set_ylim(levels[0], levels[-1])
    axes.xaxis.set_visible(False)
    axes.yaxis.tick_right()
    axes.yaxis.set_ticks([float(t.at) for t in bar.ticks], [escaped(t.words) for t in bar.ticks])
    axes.tick_params(width=0.6, length=2.5, pad=2.5, labelsize=8)
    axes.set_title(escaped(bar.name), fontsize=9, pad=4)


def escaped(words: str) -> str:
    r"""Words as matplotlib reads them, which takes a pair of dollar signs for mathematics.

    >>> escaped("$x$ costs 3"), escaped("3$ and more")
    ('$x$ costs 3', '3\\$ and more')
    """
    return "".join(f"${t}$" if math else t.replace("$", r"\$") for t, math in parts(words))


def _dashes(stroke: Stroke) -> Any:
    return (0, stroke.dash) if stroke.dash else "solid"


def _floats(places: Sequence[Place]) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in places]


def _kind(mark: Mark) -> Any:
    """Marks that follow each other and are of one kind are drawn at once."""
    if isinstance(mark, Path):
        return Path, mark.arrow, mark.stroke
    return (type(mark),)


def _chunks(lines: Sequence[Sequence[Place]], most: int = 2000) -> Iterator[list[Sequence[Place]]]:
    """The lines in parts of about ``most`` places: the rasteriser takes no longer paths."""
    part: list[Sequence[Place]] = []
    count = 0
    for line in lines:
        part.append(line)
        count += len(line)
        if count >= most:
            yield part
            part, count = [], 0
    if part:
        yield part
