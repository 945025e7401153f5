"""Colours that all readers tell apart, also in black and white."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import PictureError


@dataclass(frozen=True)
class Palette:
    """Colours for areas (light enough for black letters), for a scale of values, and for lines.

    ``classes`` are for areas of which a legend says what each stands for, so that they must differ
    more than neighbours on a map. ``middle`` says that the scale has a neutral middle, which
    belongs to the value 0.
    """

    fills: tuple[str, ...]
    scale: tuple[str, ...]
    lines: tuple[str, ...]
    classes: tuple[str, ...]
    middle: bool = False


#: Dashes of the first, second, … kind of line: they differ without any colour.
DASHES: tuple[tuple[float, ...], ...] = ((), (4, 1.6), (4, 1.4, 0.8, 1.4), (0.9, 1.3), (7, 2))

_OKABE_ITO = ("#000000", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
_LIGHT = (
    "#77aadd", "#eedd88", "#ee8866", "#99ddff", "#bbcc33", "#ffaabb", "#44bb99", "#aaaa00",
    "#dddddd",
)  # fmt: skip
_MUTED = (
    "#88ccee", "#ddcc77", "#cc6677", "#44aa99", "#aa4499", "#999933", "#dddddd", "#882255",
    "#117733", "#332288",
)  # fmt: skip
_YELLOW_BROWN = (
    "#ffffe5", "#fff7bc", "#fee391", "#fec44f", "#fb9a29", "#ec7014", "#cc4c02", "#993404",
)  # fmt: skip
_SUNSET = (
    "#364b9a", "#4a7bb7", "#6ea6cd", "#98cae1", "#c2e4ef", "#eaeccc", "#feda8b", "#fdb366",
    "#f67e4b", "#dd3d2d", "#a50026",
)  # fmt: skip


def mixed(one: str, other: str, share: float) -> str:
    """A colour between two: ``share`` of the other one.

    >>> mixed("#000000", "#ffffff", 0.5)
    '#808080'
    """
    pairs = zip(_parts(one), _parts(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def graded(scale: Sequence[str], count: int) -> tuple[str, ...]:
    """``count`` colours that run through a scale from end to end.

    >>> graded(("#000000", "#ffffff"), 3)
    ('#000000', '#808080', '#ffffff')
    """
    found = []
    for k in range(count):
        place = (k / (count - 1) if count > 1 else 0.5) * (len(scale) - 1)
        below = min(int(place), len(scale) - 2)
        found.append(mixed(scale[below], scale[below + 1], place - below))
    return tuple(found)


def lightness(colour: str) -> float:
    """How light a colour is, from 0 to 1, as a black-and-white print shows it.

    >>> lightness("#ffffff"), lightness("#000000")
    (1.0, 0.0)

    Source: the luma of ITU-R BT.601.
    """
    red, green, blue = _parts(colour)
    return round((0.299 * red + 0.587 * green + 0.114 * blue) / 255, 6)


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


_FILLS = tuple(mixed(c, "#ffffff", 0.5) for c in _LIGHT)
_CLASSES = tuple(mixed(c, "#ffffff", 0.1) for c in _MUTED)
_GREYS = ("#ffffff", "#d2d2d2", "#ebebeb", "#b8b8b8", "#9c9c9c")

#: Sources: Tol, Colour schemes, 2021 (light, muted, YlOrBr, sunset); Okabe and Ito, Color universal
#: design, 2008, for lines.
PALETTES: dict[str, Palette] = {
    "light": Palette(_FILLS, _YELLOW_BROWN, _OKABE_ITO, _CLASSES),
    "diverging": Palette(_FILLS, _SUNSET, _OKABE_ITO, _CLASSES, middle=True),
    "grey": Palette(_GREYS, ("#fafafa", "#858585"), ("#000000",), _GREYS),
}


def palette(given: Any) -> Palette:
    """A palette by its name, or one of the colours given (``#rrggbb`` or ``#rgb``, two or more).

    Raises
    ------
    PictureError
        For another name, or for something that is no colour.
    """
    if given is None:
        return PALETTES["light"]
    if isinstance(given, str):
        if given in PALETTES:
            return PALETTES[given]
        raise PictureError(
            f"there is no palette {given!r}; the palettes are {', '.join(PALETTES)}, "
            "or give a list of colours such as ['#77aadd', '#eedd88']"
        )
    colours = tuple(_colour(c) for c in given) if isinstance(given, Sequence) else ()
    if len(colours) < 2:
        raise PictureError(f"a palette needs two colours or more, and {given!r} was given")
    return Palette(colours, colours, colours, colours)


def _colour(given: Any) -> str:
    if isinstance(given, str) and re.fullmatch(r"#(?:[0-9a-fA-F]{3}){1,2}", given):
        digits = given[1:].lower()
        return "#" + (digits if len(digits) == 6 else "".join(2 * d for d in digits))
    raise PictureError(f"{given!r} is no colour; write #rrggbb, as in '#77aadd'")
