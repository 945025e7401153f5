"""What fills the plane: regions coloured by pattern, by piece, by value or by decision."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from ...pictures.colours import mixed
from ...pictures.marks import ColourBar, Entry, Place, Polygon
from .bands import bands, scale_of
from .colouring import colouring
from .frame import Shown
from .lines import between
from .options import Options

Line = tuple[Place, ...]

#: Up to how many areas those that only touch at a corner get different colours, if they can.
_CORNERS = 2000


@dataclass(frozen=True)
class Areas:
    """Coloured polygons, and what explains them.

    ``group`` says for every region to which area it belongs; ``decided`` are the lines between
    decisions.
    """

    polygons: tuple[Polygon, ...]
    group: Sequence[int]
    decided: tuple[Line, ...] = ()
    legend: tuple[Entry, ...] = ()
    bar: ColourBar | None = None


def by_pattern(shown: Shown, options: Options) -> Areas:
    """Every region in a colour that its neighbours do not have."""
    return _coloured(shown, options, range(len(shown.part)))


def by_piece(shown: Shown, options: Options) -> Areas:
    """Every linear piece in a colour that its neighbours do not have."""
    return _coloured(shown, options, shown.part.piece_of_region.tolist())


def by_value(shown: Shown, options: Options) -> Areas:
    """Bands between round values of an output."""
    output = options.output or 0
    many = shown.part.network.outputs > 1 or options.output_names
    name = options.output_name(options.output or 0) if many else "$f$"
    bar = scale_of(shown.every_value(output), options.colours, name)
    polygons = []
    for cell, number in enumerate(shown.number):
        places_of = (shown.places[v] for v in shown.corners(cell))
        corners = list(zip(places_of, shown.values_on(cell, output), strict=True))
        for part, colour in bands(corners, bar):
            places = tuple((p[0], p[1]) for p, _ in part)
            polygons.append(Polygon(places, colour, tag=f"region {number}"))
    return Areas(tuple(polygons), shown.part.piece_of_region.tolist(), bar=bar)


def by_decision(shown: Shown, options: Options) -> Areas:
    """Every place in the colour of the greatest output there."""
    decisions = shown.part.decisions()
    fine = shown.refined(decisions.function)
    fills = options.colours.classes
    sets = sorted(set(decisions.winners), key=lambda s: (len(s), sorted(s)))
    colours = {s: fills[min(s) % len(fills)] for s in sets}
    colours |= {s: mixed(_blend([fills[k % len(fills)] for k in sorted(s)]), "#808080", 0.25)
                for s in sets if len(s) > 1}  # fmt: skip
    words = {s: " = ".join(options.output_name(k) for k in sorted(s)) for s in sets}
    polygons = tuple(
        Polygon(fine.polygon(k), colours[s], tag=f"decision {sorted(s)}")
        for k, s in enumerate(decisions.winners)
    )
    place = {s: k for k, s in enumerate(sets)}
    decided = between(fine, [place[s] for s in decisions.winners])
    legend = tuple(Entry(words[s], colours[s]) for s in sets)
    return Areas(polygons, shown.part.piece_of_region.tolist(), decided, legend)


#: The ways to colour regions, by their names.
COLOURINGS: dict[str, Callable[[Shown, Options], Areas]] = {
    "pattern": by_pattern,
    "piece": by_piece,
    "value": by_value,
    "decision": by_decision,
}


def _coloured(shown: Shown, options: Options, group: Sequence[int]) -> Areas:
    """Groups of regions in colours that differ for neighbours."""
    chosen = group_colours(shown, options, group)
    polygons = tuple(
        Polygon(shown.polygon(cell), chosen[group[cell]], tag=f"region {number}")
        for cell, number in enumerate(shown.number)
    )
    return Areas(polygons, group)


def group_colours(shown: Shown, options: Options, group: Sequence[int]) -> list[str]:
    """A colour for every group of regions, different for neighbours."""
    count = max(group) + 1
    sides = [(group[i], group[j]) for i, j in shown.part.neighbours]
    touching: Iterable[tuple[int, int]] = ()
    if len(shown.part) <= _CORNERS:
        cell, vertex = shown.part.cells.corner_pairs
        owners: dict[int, set[int]] = {}
        for c, v in zip(cell.tolist(), vertex.tolist(), strict=True):
            owners.setdefault(v, set()).add(group[c])
        touching = [p for s in owners.values() for p in combinations(sorted(s), 2)]
    fills = options.colours.fills
    return [fills[k] for k in colouring(count, sides, touching, len(fills))]


def _blend(colours: Sequence[str]) -> str:
    """The mean of some colours."""
    found = colours[0]
    for k, colour in enumerate(colours[1:], start=2):
        found = mixed(found, colour, 1 / k)
    return found
