"""Which neurons stay on one piece of their function on a whole domain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from flint import fmpq

from ..errors import TooManyRegionsError
from ..exact.affine import as_fraction
from ..exact.arrays import Floats
from ..regions.domains import Box, Domain
from ..regions.finding import find_cells
from ..regions.layer_list import Functions, LayerList
from ..regions.limits import Limits
from ._bounding import Boxes, Interval, bounds_of
from ._cases import Cases, Goals, Splitting, goals_on, usual_boxes
from ._dual import Bound
from ._exact_bounds import exact_bounds
from ._prepared import Prepared
from ._programs import Deciding
from ._relaxing import Relaxation, down, relaxed

#: Where there can be no more regions than that, all are looked for in any dimension.
_FEW = 2_000
#: A bound so near to a breakpoint, relative to the interval, is looked at in rational numbers.
_NEAR = 1e-9


@dataclass(frozen=True, eq=False)
class Facts:
    """For every hidden layer the piece of each neuron that is the only one on the domain, or None.

    ``net`` is the network in the coordinates of the domain. ``box`` is one around the domain, and
    ``relaxations`` are bounds there; None where the domain is unbounded. ``cases`` is why some of
    these hold, where bounds on parts of the box say so, and ``bounds`` where linear programs do.
    ``regions`` is the number of regions that
    were looked at, None where bounds alone decided. ``open`` counts the neurons that are not known
    to be on one piece, although no point that was tried is on another.
    """

    net: Prepared
    domain: Domain
    pieces: tuple[tuple[int | None, ...], ...]
    box: tuple[Interval, ...] | None
    relaxations: tuple[Relaxation, ...] | None
    regions: int | None
    cases: Cases | None = None
    bounds: tuple[Bound, ...] = ()
    open: int = 0

    @property
    def is_open(self) -> bool:
        """Whether some neuron is not known to be on one piece."""
        return any(k is None for row in self.pieces for k in row)

    @property
    def how(self) -> str:
        """The argument, in words."""
        if self.regions is None:
            parts = "a box" if self.cases is None else f"{len(self.cases.cut)} parts of a box"
            count = len(self.bounds)
            more = f", linear programs for {count} neuron{'' if count == 1 else 's'}"
            return f"bounds on {parts}{more if count else ''}"
        return f"the signs on all {self.regions} regions"


@dataclass(frozen=True)
class Effort:
    """How many regions are looked at, how many parts of a box are bounded, and until when."""

    max_regions: int
    max_boxes: int | None
    end: float | None


def facts(net: Prepared, domain: Domain, effort: Effort) -> Facts:
    """What is found on a domain: by bounds, by all regions where these are few, or by cases."""
    box = around(domain)
    found = None if box is None else _finite(tuple(refined(net, box)))
    known = Facts(net, domain, _pieces(net, found), box, found, None)
    few = domain.dimension <= 2 or net.layers.bound_on_regions() <= _FEW
    if few and known.is_open:
        signs = _signs(net.layers, domain, effort.max_regions)
        if signs is not None:
            pieces = tuple(map(tuple, pieces_of(net.layers, signs)))
            return replace(known, pieces=pieces, regions=len(signs))
    return _by_cases(known, effort) if known.is_open else known


def _by_cases(known: Facts, effort: Effort) -> Facts:
    """More of the same, where the box is halved until bounds on the parts say so."""
    net, box, base = known.net, known.box, known.relaxations
    most = usual_boxes(net) if effort.max_boxes is None else effort.max_boxes
    if box is None or base is None or not most:
        return known
    boxes = Boxes.around(box)
    goals = goals_on(net, known.domain, boxes, base)
    cases = Splitting(net, base, boxes, goals, most, effort.end).run()
    programs = Deciding(net, box, goals, most, effort.end)
    shown = None if cases is None else cases.goals
    better = tuple(refined(net, box, shown, programs.decided))
    bounds = tuple(programs.bounds)
    if cases is not None or bounds:
        known = replace(
            known, pieces=_pieces(net, better), relaxations=better, cases=cases, bounds=bounds
        )
    hoped = [np.isfinite(low) | np.isfinite(high) for low, high in goals]
    open_ = sum(
        piece is None and bool(some)
        for row, somes in zip(known.pieces, hoped, strict=True)
        for piece, some in zip(row, somes, strict=True)
    )
    return replace(known, open=open_)


def _finite(layers: tuple[Relaxation, ...]) -> tuple[Relaxation, ...] | None:
    """Bounds, None where floats overflowed."""
    return layers if all(np.isfinite([r.low, r.high]).all() for r in layers) else None


#: Bounds of neurons of the next layer, given their intervals and the layers before.
Decide = Callable[[Floats, Floats, Sequence[Relaxation]], Sequence[Bound]]


def refined(
    net: Prepared,
    box: Sequence[Interval],
    goals: Goals | None = None,
    decide: Decide | None = None,
) -> list[Relaxation]:
    """Bounds in floats; by rational numbers where they touch a breakpoint, or nearly so.

    ``goals`` are bounds that are known by other means; ``decide`` finds more, layer by layer.
    """
    around = Boxes.around(box)
    found: list[Relaxation] = []
    for k, functions in enumerate(net.layers.functions):
        with np.errstate(all="ignore"):
            low, high = bounds_of(net, net.layers.maps[k], around, found)
        close = _close(net, k, low[0], high[0])
        if close and _finite(tuple(found)) is not None:
            exact = exact_bounds(net, k, close, box, found)
            for i, (a, b) in zip(close, exact, strict=True):
                low[0, i] = max(low[0, i], _down(a))
                high[0, i] = min(high[0, i], -_down(-b))
        if goals is not None:
            low, high = np.fmax(low, goals[k][0]), np.fmin(high, goals[k][1])
        for bound in () if decide is None else decide(low, high, found):
            (_, i), side = bound.neuron, high if bound.sign > 0 else low
            side[0, i] = 0.0
        found.append(relaxed(functions, low, high))
    return found


def _down(value: fmpq) -> float:
    return down(as_fraction(value))


def _close(net: Prepared, layer: int, low: Floats, high: Floats) -> list[int]:
    """The neurons of which a bound is beyond a breakpoint by no more than rounding may make."""
    table = net.tables[layer]
    owner = table.owner
    with np.errstate(all="ignore"):
        size = np.abs(high - low)[owner] * _NEAR + 1e-300
    above = high[owner] - table.knot
    below = table.knot - low[owner]
    touching = ((above > 0) & (above <= size)) | ((below > 0) & (below <= size))
    return sorted({int(i) for i in owner[touching]})


def around(domain: Domain) -> tuple[Interval, ...] | None:
    """The least box around a bounded domain, in its coordinates."""
    if not domain.is_bounded:
        return None
    if isinstance(domain, Box):
        return tuple(domain.bounds[k] for k in domain.free)
    columns = zip(*domain.polyhedron.vertices, strict=True)
    return tuple((min(column), max(column)) for column in columns)


def _pieces(
    net: Prepared, layers: Sequence[Relaxation] | None
) -> tuple[tuple[int | None, ...], ...]:
    """The pieces that bounds leave, where there are any."""
    functions = net.layers.functions
    if layers is None:
        return tuple(tuple(None if f.breakpoints else 0 for f in fs) for fs in functions)
    return tuple(
        tuple(_pieces_between(fs, r.low[0], r.high[0]))
        for fs, r in zip(functions, layers, strict=True)
    )


def _pieces_between(functions: Functions, low: Floats, high: Floats) -> list[int | None]:
    """The piece of each function on an interval, None where there are several."""
    found: list[int | None] = []
    for f, a, b in zip(functions, low.tolist(), high.tolist(), strict=True):
        first = sum(t <= a for t in f.breakpoints)
        inside = any(a < t < b for t in f.breakpoints)
        # an interval that is a single point, at a breakpoint, has the piece on its right
        found.append(None if inside or not b - a < np.inf else first)
    return found


def _signs(layers: LayerList, domain: Domain, max_regions: int) -> Any:
    try:
        return find_cells(layers, domain.polyhedron, Limits(max_regions)).signs
    except TooManyRegionsError:
        return None


def pieces_of(layers: LayerList, signs: Any) -> list[list[int | None]]:
    """The piece of each neuron on which it is in all regions."""
    least, greatest = signs.min(axis=0).tolist(), signs.max(axis=0).tolist()
    found: list[list[int | None]] = []
    place = 0
    for functions in layers.functions:
        row: list[int | None] = []
        for f in functions:
            end = place + len(f.breakpoints)
            above = [least[v] >= 0 for v in range(place, end)]
            below = [greatest[v] <= 0 for v in range(place, end)]
            decided = all(a or b for a, b in zip(above, below, strict=True))
            row.append(sum(above) if decided else None)
            place = end
        found.append(row)
    return found
