r"""TikZ source, by hand: a ``tikzpicture`` that needs ``\usepackage{tikz}`` and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import ceil, log10

from ..errors import OutputError
from ..notation._characters import latex_math, latex_text
from ._base import PictureFormat
from ._words import is_formula, parts
from .marks import (
    BLACK,
    Axis,
    ColourBar,
    Dot,
    Entry,
    Label,
    Mark,
    Number,
    Path,
    Place,
    Polygon,
    Stroke,
)

_CENTIMETRES = 2.54
#: Letters of this many points; others are these, scaled.
_LETTERS = 8.0
_SEAM = 0.2
#: TeX runs out of memory at some 20 thousand marks, and needs seconds for so many.
_MOST = 8000

_STANDALONE = r"""\documentclass{article}
\usepackage{tikz}
\pagestyle{empty}
\begin{document}
\noindent
\hbox to \textwidth{\hss
%s\hss}
\end{document}
"""


class Tikz(PictureFormat):
    r"""A picture to ``\input`` into notes, in coordinates that a reader can change by hand."""

    name = "tikz"
    description = r"TikZ source for \input (needs \usepackage{tikz})"
    suffixes = (".tex", ".tikz")
    needs_matplotlib = False

    def render(self) -> str:
        picture = self.picture
        if len(picture.marks) > _MOST:
            raise OutputError(
                f"TeX has no memory for the {len(picture.marks)} marks of this picture as TikZ "
                f"({_MOST} go); write it as .pdf and include that"
            )
        self.x = _Scale(picture.x, picture.size[0] * _CENTIMETRES)
        self.y = _Scale(picture.y, picture.size[1] * _CENTIMETRES)
        self.colours: dict[str, str] = {BLACK: "black", "#ffffff": "white"}
        body = [line for mark in picture.marks for line in self.mark(mark)]
        body += [*self.axes(), *self.legend(picture.legend), *self.bar(picture.bar)]
        body += self.title()
        named = [
            rf"\definecolor{{{name}}}{{HTML}}{{{code[1:].upper()}}}"
            for code, name in self.colours.items()
            if name not in ("black", "white")
        ]
        styles = (
            f"x={self.x.unit}cm, y={self.y.unit}cm, line join=round, >=latex,",
            r"every node/.style={inner sep=1pt, font=\fontsize{8}{9.5}\selectfont}]",
        )
        lines = [
            r"% needs: \usepackage{tikz}",
            *_comment(picture.title or picture.description),
            rf"\begin{{tikzpicture}}[{styles[0]}",
            f"    {styles[1]}",
            *(f"  {line}" for line in (*named, *body)),
            r"\end{tikzpicture}",
        ]
        source = "\n".join(lines) + "\n"
        return _STANDALONE % source if self.standalone else source

    # --- marks

    def mark(self, mark: Mark) -> list[str]:
        """The lines for one mark."""
        if isinstance(mark, Polygon):
            command = self.polygon(mark)
        elif isinstance(mark, Path):
            command = rf"\draw[{self.stroke(mark.stroke, mark.arrow)}] {self.line(mark.places)};"
        elif isinstance(mark, Dot):
            command = self.dot(mark)
        else:
            command = self.node(
                mark.words, self.place(mark.at), _anchor(mark), self.shift(mark), mark.size,
                mark.colour, mark.halo,
            )  # fmt: skip
        return [*_comment(mark.tag), command]

    def polygon(self, polygon: Polygon) -> str:
        edge = polygon.edge
        options = [] if polygon.fill is None else [f"fill={self.colour(polygon.fill)}"]
        if edge is not None:
            options.append(f"draw={self.colour(edge.colour)}, line width={_short(edge.width)}pt")
        elif polygon.fill is not None:
            options.append(f"draw={self.colour(polygon.fill)}, line width={_SEAM}pt")
        return rf"\path[{', '.join(options)}] {self.line(polygon.corners)} -- cycle;"

    def dot(self, dot: Dot) -> str:
        fill = "white" if dot.hollow else self.colour(dot.colour)
        options = f"draw={self.colour(dot.colour)}, fill={fill}, line width=.6pt"
        return rf"\path[{options}] {self.place(dot.at)} circle[radius={_short(dot.radius)}pt];"

    def node(
        self, words: str, place: str, anchor: str = "center", shift: str = "",
        size: float = _LETTERS, colour: str = BLACK, halo: bool = False, rotate: bool = False,
    ) -> str:  # fmt: skip
        options = [f"anchor={anchor}"] if anchor != "center" else []
        options += [shift] if shift else []
        options += [f"scale={_short(size / _LETTERS)}"] if size != _LETTERS else []
        options += [f"text={self.colour(colour)}"] if colour != BLACK else []
        options += ["fill=white, fill opacity=.75, text opacity=1"] if halo else []
        options += ["rotate=90"] if rotate else []
        written = f"[{', '.join(options)}]" if options else ""
        return rf"\node{written} at {place} {{{latex(words)}}};"

    @staticmethod
    def shift(label: Label) -> str:
        pairs = zip("xy", label.shift, strict=True)
        return ", ".join(f"{axis}shift={_short(v)}pt" for axis, v in pairs if v)

    def stroke(self, stroke: Stroke, arrow: bool = False) -> str:
        options = ["->"] if arrow else []
        options += [self.colour(stroke.colour)] if stroke.colour != BLACK else []
        options.append(f"line width={_short(stroke.width)}pt")
        if stroke.dash:
            words = zip(("on", "off") * len(stroke.dash), stroke.dash, strict=False)
            options.append("dash pattern=" + " ".join(f"{w} {_short(v)}pt" for w, v in words))
        return ", ".join(options)

    def colour(self, code: str) -> str:
        return self.colours.setdefault(code, f"colour{len(self.colours) - 1}")

    def place(self, at: Place) -> str:
        return f"({self.x(at[0])},{self.y(at[1])})"

    def line(self, places: Sequence[Place]) -> str:
        return " -- ".join(self.place(p) for p in places)

    # --- what explains the marks

    def axes(self) -> list[str]:
        picture, x, y = self.picture, self.picture.x, self.picture.y
        if picture.border == "none":
            return []
        ends = self.place((x.low, y.high)), self.place((x.high, y.low))
        origin = self.place((x.low, y.low))
        frame = f"{ends[0]} -- {origin} -- {ends[1]}"
        if picture.border == "box":
            frame = f"{origin} rectangle {self.place((x.high, y.high))}"
        lines = [rf"\draw[line width=.5pt] {frame};"]
        for tick in x.ticks:
            at = self.place((tick.at, y.low))
            lines.append(self.tick(at, "(0,-3pt)", tick.words, "north"))
        for tick in y.ticks:
            at = self.place((x.low, tick.at))
            lines.append(self.tick(at, "(-3pt,0)", tick.words, "east"))
        across, up = self.middle(x, self.x), self.middle(y, self.y)
        if x.name:
            place = f"({across},0 |- current bounding box.south)"
            lines.append(self.node(x.name, place, "north", "yshift=-1pt", 9.0))
        if y.name and picture.border == "corner":
            anchor = "south" if is_formula(y.name) else "south west"
            lines.append(self.node(y.name, self.place((x.low, y.high)), anchor, "yshift=3pt", 9.0))
        elif y.name:
            place = f"(0,{up} -| current bounding box.west)"
            upright = is_formula(y.name)
            anchor = "east" if upright else "south"
            lines.append(self.node(y.name, place, anchor, "xshift=-2pt", 9.0, rotate=not upright))
        return lines

    def tick(self, place: str, out: str, words: str, anchor: str) -> str:
        label = f" node[anchor={anchor}] {{{latex(words)}}}" if words else ""
        return rf"\draw[line width=.5pt] {place} -- +{out}{label};"

    def legend(self, entries: tuple[Entry, ...]) -> list[str]:
        if not entries:
            return []
        right = f"(current bounding box.east |- 0,{self.y(self.picture.y.high)})"
        lines = [rf"\begin{{scope}}[shift={{{right}}}, x=1pt, y=1pt]"]
        for k, entry in enumerate(entries):
            y = -4 - 12 * k
            if isinstance(entry.sample, str):
                options = f"draw=black!65, line width=.3pt, fill={self.colour(entry.sample)}"
                lines.append(rf"  \path[{options}] (10,{y - 3}) rectangle (28,{y + 3});")
            else:
                lines.append(rf"  \draw[{self.stroke(entry.sample)}] (10,{y}) -- (28,{y});")
            lines.append(f"  {self.node(entry.words, f'(33,{y})', 'west')}")
        return [*lines, r"\end{scope}"]

    @staticmethod
    def middle(axis: Axis, scale: _Scale) -> str:
        return scale((float(axis.low) + float(axis.high)) / 2)

    def bar(self, bar: ColourBar | None) -> list[str]:
        if bar is None:
            return []
        height = self.picture.size[1] * _CENTIMETRES
        scale = _Scale(Axis(bar.levels[0], bar.levels[-1]), height, 0)
        right = f"(current bounding box.east |- 0,{self.y(self.picture.y.low)})"
        lines = [rf"\begin{{scope}}[shift={{{right}}}, x=1pt, y=1cm]"]
        for (low, high), code in zip(pairwise(bar.levels), bar.colours, strict=True):
            corners = f"(10,{scale(low)}) rectangle (19,{scale(high)})"
            colour = self.colour(code)
            lines.append(rf"  \path[fill={colour}, draw={colour}, line width=.2pt] {corners};")
        lines.append(rf"  \draw[line width=.5pt] (10,0) rectangle (19,{_short(height, 3)});")
        for tick in bar.ticks:
            label = f"node[anchor=west] {{{latex(tick.words)}}}"
            lines.append(rf"  \draw[line width=.5pt] (19,{scale(tick.at)}) -- +(2.5,0) {label};")
        if bar.name:
            place = f"(14.5,{_short(height, 3)})"
            lines.append(f"  {self.node(bar.name, place, 'south', 'yshift=3pt', 9.0)}")
        return [*lines, r"\end{scope}"]

    def title(self) -> list[str]:
        if not self.picture.title:
            return []
        place = f"({self.middle(self.picture.x, self.x)},0 |- current bounding box.north)"
        return [self.node(self.picture.title, place, "south", "yshift=4pt", 10.0)]


class _Scale:
    """Coordinates along one axis: those of the picture, or centimetres where TeX has no room.

    ``length`` is that of the axis in centimetres; ``unit`` is what 1 measures.
    """

    def __init__(self, axis: Axis, length: float, least: float = 0.02) -> None:
        low, high = float(axis.low), float(axis.high)
        span, far = high - low, max(abs(low), abs(high))
        own = least > 0 and span >= least and far <= 400 and far <= 100 * span
        self.low, self.factor = (0.0, 1.0) if own else (low, length / span)
        self.unit = _short(length / span if own else 1.0, 5)
        self.digits = max(0, ceil(4 - log10(span))) if own else 3

    def __call__(self, value: Number) -> str:
        return _short((float(value) - self.low) * self.factor, min(self.digits, 6))


def latex(words: str) -> str:
    r"""Words as LaTeX: text escaped, mathematics as it is.

    >>> latex("50% of $x_1$")
    '50\\% of $x_1$'
    """
    return "".join(
        f"${latex_math(text)}$" if math else latex_text(text, breaks=False)
        for text, math in parts(words)
    )


def _short(value: float, digits: int = 2) -> str:
    """A number with at most that many decimals and no zeros at its end.

    >>> _short(0.5), _short(-0.0001), _short(2.0)
    ('0.5', '0', '2')
    """
    text = f"{value:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _anchor(label: Label) -> str:
    return "center" if label.anchor == "centre" else label.anchor


def _comment(words: str) -> Iterable[str]:
    """A line that TeX passes over, in ASCII."""
    said = "".join(c if c.isascii() and c.isprintable() else "?" for c in words)
    return [f"% {said}"] if said else []
