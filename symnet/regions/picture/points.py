"""Points of interest in a picture of the plane, with their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...errors import PictureError, SymnetError
from ...exact.affine import as_fraction
from ...pictures.marks import BLACK, Dot, Label, Mark, Place
from ..domains import Domain, flat, rationals
from .frame import Interval, Shown

_RADIUS, _APART = 2.4, 4.0


def point_marks(shown: Shown, points: Any) -> list[Mark]:
    """A dot at every point within the frame, and beside it its name."""
    if points is None:
        return []
    named = points.items() if isinstance(points, Mapping) else [("", p) for p in points]
    marks: list[Mark] = []
    for name, given in named:
        place = _place(shown.whole.domain, given, name)
        _check_inside(place, shown.frame, name or given)
        marks.append(Dot(place, BLACK, _RADIUS, tag="point"))
        if name:
            left = place[0] > sum(shown.frame[0]) / 2
            marks.append(
                Label(
                    str(name), place, "east" if left else "west",
                    (-_APART if left else _APART, 0.0), halo=True, tag="point",
                )
            )  # fmt: skip
    return marks


def _place(domain: Domain, given: Any, name: str) -> Place:
    """The coordinates in the plane of a point, which may be one of the space around a slice."""
    try:
        point = rationals(flat(given))
    except (SymnetError, TypeError) as error:
        raise PictureError(f"points: {name or given!r} is no point: {error}") from None
    wanted = sorted({domain.dimension, domain.ambient})
    if len(point) not in wanted:
        raise PictureError(
            f"points: {name or given!r} has {len(point)} coordinates; a point of this plane has "
            f"{' or, as an input, '.join(map(str, wanted))}"
        )
    if len(point) != domain.dimension:
        found = domain.coordinates(point)
        if found is None:
            raise PictureError(f"points: {name or given!r} does not lie in the plane that is drawn")
        point = found
    x, y = map(as_fraction, point)
    return x, y


def _check_inside(place: Place, frame: tuple[Interval, ...], name: Any) -> None:
    for value, (low, high) in zip(place, frame, strict=True):
        if not low <= value <= high:
            raise PictureError(
                f"points: {name!r} lies at ({', '.join(map(str, place))}), outside the picture; "
                "give a frame= or a domain that holds it"
            )
