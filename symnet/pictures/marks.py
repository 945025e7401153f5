"""The marks that a picture is made of. They know nothing of networks.

Places are pairs of numbers in the coordinates of the axes: rationals where they are exact. Lengths
(widths of lines, sizes of letters, shifts) are in points of 1/72 inch. Words are plain text with
LaTeX mathematics between dollar signs. Colours are written ``#rrggbb``. A ``tag`` says what a mark
stands for: a comment in TikZ.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

Number = Fraction | float | int
Place = tuple[Number, Number]

BLACK = "#000000"


@dataclass(frozen=True, slots=True)
class Stroke:
    """How a line is drawn; ``dash`` are lengths on, off, on, … and nothing for a solid line."""

    colour: str = BLACK
    width: float = 0.8
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Polygon:
    """A polygon; without ``edge`` it has the thinnest edge of its own colour, which hides seams."""

    corners: tuple[Place, ...]
    fill: str | None
    edge: Stroke | None = None
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Path:
    """A line through places, with a head at its end if it is an arrow."""

    places: tuple[Place, ...]
    stroke: Stroke = Stroke()
    arrow: bool = False
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """A disc: filled in its colour, or white inside."""

    at: Place
    colour: str = BLACK
    radius: float = 2.0
    hollow: bool = False
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """Words at a place: ``anchor`` is the part of them that is there (centre, west, north west, …).

    A label with a ``halo`` stands on a light ground, to be read where lines run below it.
    """

    words: str
    at: Place
    anchor: str = "centre"
    shift: tuple[float, float] = (0.0, 0.0)
    size: float = 8.0
    colour: str = BLACK
    halo: bool = False
    tag: str = ""


Mark = Polygon | Path | Dot | Label


@dataclass(frozen=True, slots=True)
class Tick:
    """A tick and its words, which may be none."""

    at: Number
    words: str = ""


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of a picture: its range, its ticks, its name."""

    low: Number
    high: Number
    ticks: tuple[Tick, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a legend: words beside a sample of a line or a patch of a colour."""

    words: str
    sample: Stroke | str


@dataclass(frozen=True, slots=True)
class ColourBar:
    """Colours for ranges of values: colour k from ``levels[k]`` to ``levels[k + 1]``."""

    colours: tuple[str, ...]
    levels: tuple[Number, ...]
    ticks: tuple[Tick, ...]
    name: str = ""
