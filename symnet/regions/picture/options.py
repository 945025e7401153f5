"""The options of a picture, checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from ...errors import PictureError
from ...pictures.colours import DASHES, Palette, palette
from ...pictures.marks import Stroke
from ...render import latex

COLOURINGS = ("pattern", "piece", "value", "decision")
LABELS = ("pattern", "number", "map")
LINES = ("names", "equations")


@dataclass(frozen=True)
class Options:
    """What was asked for; None where a picture decides for itself."""

    by: str | None
    output: int | None
    surface: bool
    frame: Any
    boundaries: bool | None
    labels: str | bool | None
    lines: str | bool | None
    names: Sequence[str] | None
    output_names: Sequence[str] | None
    points: Any
    title: str
    palette: Any
    size: Any
    legend: bool
    view: tuple[float, float]

    def checked(self, inputs: int, outputs: int) -> Options:
        """These options, or a :class:`PictureError` that says which is wrong and what there is."""
        _one_of("by", self.by, COLOURINGS)
        _one_of("labels", self.labels, (*LABELS, True, False))
        _one_of("lines", self.lines, (*LINES, True, False))
        if self.output is not None and not 0 <= self.output < outputs:
            raise PictureError(
                f"output={self.output} was asked for; there are {outputs}, counted from 0"
            )
        _as_many("names", self.names, inputs, "inputs")
        _as_many("output_names", self.output_names, outputs, "outputs")
        if inputs == 1:
            for name in ("by", "surface", "labels", "lines", "points"):
                if getattr(self, name):
                    raise PictureError(
                        f"{name}={getattr(self, name)!r} is for functions of two variables; "
                        "this one has one, and its picture is its graph"
                    )
        if self.by == "decision" and outputs < 2:
            raise PictureError(
                "by='decision' colours the plane by the greatest output, and the function has "
                "only one; by='value' colours it by its value"
            )
        if self.surface and self.by == "decision":
            raise PictureError("a surface is coloured by pattern, piece or value, not by decision")
        if self.surface and self.points:
            raise PictureError("points= marks points of the plane; leave out surface=True")
        if len(self.view) != 2 or not 0 <= self.view[1] <= 90:
            raise PictureError(
                f"view={self.view!r} is no view; give azimuth and elevation in degrees, the "
                "elevation from 0 to 90"
            )
        self.size_for(1, 1)
        _ = self.colours
        return self

    @property
    def framed(self) -> bool:
        """Whether the frame was given."""
        return self.frame is not None

    @property
    def colours(self) -> Palette:
        return palette(self.palette)

    def line_colour(self, place: int) -> str:
        """The colour of line number ``place``."""
        lines = self.colours.lines
        return lines[place % len(lines)]

    def layer_stroke(self, layer: int, width: float, dashed: bool) -> Stroke:
        """How the lines of a layer are drawn, which counts from 1."""
        dash = DASHES[(layer - 1) % len(DASHES)] if dashed else ()
        return Stroke(self.line_colour(layer - 1), width, dash)

    def size_for(self, width: float, height: float) -> tuple[float, float]:
        """The size asked for, or that one; one number is the width."""
        if self.size is None:
            return width, height
        pair = self.size if hasattr(self.size, "__len__") else (self.size, None)
        numbers = [v for v in pair if v is not None]
        if len(pair) != 2 or not all(isinstance(v, (int, float)) and 0 < v <= 100 for v in numbers):
            raise PictureError(
                f"size={self.size!r} is no size; give width and height of the plotted area in "
                "inches, such as (4, 3), or the width alone"
            )
        across = float(pair[0])
        return across, float(pair[1]) if pair[1] is not None else across * height / width

    def outputs(self, count: int) -> list[int]:
        """The outputs that are drawn."""
        return list(range(count)) if self.output is None else [self.output]

    def input_names(self, variables: Sequence[sp.Symbol]) -> list[str]:
        """The names of the axes."""
        return list(self.names) if self.names else [f"${latex(v)}$" for v in variables]

    def output_name(self, output: int) -> str:
        """The name of an output."""
        return self.output_names[output] if self.output_names else f"$f_{{{output + 1}}}$"


def _one_of(name: str, value: Any, known: Sequence[Any]) -> None:
    if value is not None and value not in known:
        listed = ", ".join(repr(k) for k in known)
        raise PictureError(f"{name}={value!r} is none of {listed}")


def _as_many(name: str, given: Sequence[str] | None, count: int, what: str) -> None:
    if given is None:
        return
    if isinstance(given, str) or len(given) != count:
        found = repr(given) if isinstance(given, str) else f"{len(given)} of them"
        raise PictureError(f"{name} must name the {count} {what}; found {found}")
