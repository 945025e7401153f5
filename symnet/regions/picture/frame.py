"""What a picture shows: the part of a function within a frame, with its places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from operator import mul
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import DomainError, PictureError, SymnetError
from ...exact.affine import as_fraction
from ...exact.arrays import Floats
from ...pictures import ticks
from ...pictures.marks import Number, Place
from ..complex import Complex
from ..domains import Box, Domain
from ..engine_cells import PlaneCells
from ..finding import find_cells, plane_cells
from ..layer_list import LayerList
from ..part_cells import PartCells
from .outlines import PartOutlines

if TYPE_CHECKING:
    from ..piecewise_linear import PiecewiseLinear

Interval = tuple[Fraction, Fraction]

#: Cells of which all corners and sides are known.
_DRAWN = PlaneCells, PartCells
#: Up to here all places are exact rationals; beyond, floats with the error that is certified.
EXACT = 500
#: The frame leaves far vertices out if it would be this many times wider than what most need.
_FAR = 4


class Shown:
    """The part of a function on one or two variables that a frame shows.

    ``whole`` is the function, ``part`` the same on its domain within ``frame``: the engine itself
    cuts the regions at the frame, and so unbounded ones too.
    """

    def __init__(
        self, whole: PiecewiseLinear, part: PiecewiseLinear, frame: tuple[Interval, ...]
    ) -> None:
        self.whole, self.part, self.frame = whole, part, frame
        self._known: dict[int, Sequence[Number]] = {}

    @classmethod
    def within(cls, whole: PiecewiseLinear, frame: Any = None) -> Shown:
        """What the frame shows, or where there is none the default frame."""
        given = None if frame is None else _given(frame, whole.domain.dimension)
        bounds = default_frame(whole) if given is None else _bounds(given)
        jumps = isinstance(whole.cells, PartCells)
        if given is None and whole.domain.is_bounded and isinstance(whole.cells, _DRAWN):
            return cls(whole, whole, bounds)
        try:
            domain = whole.domain.restricted(given or Box(*bounds))
        except DomainError as error:
            raise PictureError(
                f"the frame {_written(bounds)} shows nothing of the domain: {error}"
            ) from error
        find = find_cells if jumps else plane_cells
        cells = find(whole.network, domain.polyhedron)
        part = type(whole)(whole.network, domain, cells, whole.variables, whole.scalar)
        return cls(whole, part, bounds)

    def refined(self, part: PiecewiseLinear) -> Shown:
        """The same place with a finer function on it."""
        return Shown(part, part, self.frame)

    @property
    def is_box(self) -> bool:
        """Whether the domain fills the frame."""
        walls = set(self.part.domain.polyhedron.half_spaces)
        return walls == set(Box(*self.frame).polyhedron.half_spaces)

    @cached_property
    def complex(self) -> Complex | PartOutlines:
        """The corners and sides of the regions."""
        cells = self.part.cells
        assert isinstance(cells, _DRAWN)
        return PartOutlines(cells) if isinstance(cells, PartCells) else cells.complex

    @cached_property
    def number(self) -> list[int]:
        """For every region of the part its number in the whole."""
        if self.part is self.whole:
            return list(range(len(self.part)))
        whole = {bytes(row): k for k, row in enumerate(self.whole.cells.signs)}
        return [whole[bytes(row)] for row in self.part.cells.signs]

    @property
    def is_exact(self) -> bool:
        """Whether places are rationals."""
        return len(self.part) <= EXACT or isinstance(self.part.cells, PartCells)

    @cached_property
    def places(self) -> list[tuple[Number, ...]]:
        """The vertices."""
        if self.is_exact:
            return [self.complex.exact_point(v) for v in range(self.complex.vertex_count)]
        return [tuple(p) for p in self.complex.points.tolist()]

    def corners(self, cell: int) -> list[int]:
        """The vertices of a region, counterclockwise or from left to right."""
        corners: list[int] = self.complex.polygon(cell).tolist()
        return corners

    def polygon(self, cell: int) -> tuple[Place, ...]:
        """The corners of a region of the plane."""
        return tuple(self.places[v][:2] for v in self.corners(cell))  # type: ignore[misc]

    def values(self, output: int) -> Sequence[Number]:
        """The values of an output at the vertices."""
        if self.is_exact:
            network = self.part.network.exact
            return [network.output(list(p))[output] for p in self.places]  # type: ignore[arg-type]
        values: list[float] = _float_outputs(self.part.network, self.complex.points)[
            output
        ].tolist()
        return values

    def values_on(self, cell: int, output: int) -> list[Number]:
        """The values of an output at the corners of a region, from within where it jumps."""
        if self.part.is_continuous:
            values = self._values(output)
            return [values[v] for v in self.corners(cell)]
        row = [as_fraction(v) for v in self.part.regions[cell].table.tolist()[output]]
        places = (self.places[v] for v in self.corners(cell))
        return [sum(map(mul, row, p), row[-1]) for p in places]

    def every_value(self, output: int) -> list[Number]:
        """The values of an output at all corners of all regions."""
        if self.part.is_continuous:
            return list(self._values(output))
        return [v for cell in range(len(self.part)) for v in self.values_on(cell, output)]

    def _values(self, output: int) -> Sequence[Number]:
        if output not in self._known:
            self._known[output] = self.values(output)
        return self._known[output]


def _float_outputs(layers: LayerList, points: Floats) -> Floats:
    """The outputs, (outputs, points), at points (points, d), in float64."""
    h = points.T
    for affine, functions in zip(layers.maps, layers.functions, strict=False):
        z = affine.weight @ h + affine.bias[:, None]
        h = z.copy()
        for f in set(functions):
            rows = [k for k, g in enumerate(functions) if g == f]
            start = float(f.breakpoints[0]) if f.breakpoints else 0.0
            h[rows] = float(f.value) + float(f.slopes[0]) * (z[rows] - start)
            for beta, (left, right) in zip(f.breakpoints, pairwise(f.slopes), strict=True):
                h[rows] += float(right - left) * np.maximum(z[rows] - float(beta), 0)
    return layers.maps[-1].weight @ h + layers.maps[-1].bias[:, None]


def default_frame(pw: PiecewiseLinear) -> tuple[Interval, ...]:
    """The box around a bounded domain, else one around the vertices of the regions.

    >>> import symnet as sn
    >>> net = sn.Sequential(sn.Linear([[1]], [[-3]]), sn.ReLU())
    >>> [(str(low), str(high)) for low, high in default_frame(sn.piecewise(net))]
    [('2', '4')]
    """
    walls = [reach(pw.domain, axis) for axis in range(pw.domain.dimension)]
    bounded = [(low, high) for low, high in walls if low is not None and high is not None]
    if len(bounded) == len(walls):
        return tuple(bounded)
    columns = list(zip(*_kinks(pw), strict=True)) or [()] * len(walls)
    frame = [_around(column) for column in columns]
    widest = max(high - low for low, high in frame)
    frame = [((a + b - widest) / 2, (a + b + widest) / 2) for a, b in frame]
    by = ticks.step(widest, 20)
    rounded = [((low // by) * by, -((-high) // by) * by) for low, high in frame]
    return tuple(
        (low if wall[0] is None else wall[0], high if wall[1] is None else wall[1])
        for (low, high), wall in zip(rounded, walls, strict=True)
    )


def _around(values: Sequence[Fraction]) -> Interval:
    """A range with room on both sides of the values, or of most where some are far away."""
    found = sorted(values) or [Fraction(0)]
    low, high = found[0], found[-1]
    cut = len(found) // 20
    if cut:
        core = found[cut], found[-1 - cut]
        if high - low > _FAR * (core[1] - core[0]) > 0:
            low, high = core
    room = (high - low) / 4 or Fraction(1)
    return low - room, high + room


def _kinks(pw: PiecewiseLinear) -> list[tuple[Fraction, ...]]:
    """The vertices; where regions contain lines, the points of walls nearest to 0."""
    cells = pw.cells
    points = [cells.point(v) for v in range(cells.vertex_count)]
    if not points or cells.lines:
        points = []
        walls = {h for k in range(len(cells)) for h in cells.polyhedron(k).half_spaces}
        for wall in walls:
            scale = as_fraction(wall.offset) / sum(a * a for a in wall.normal)
            points.append(tuple(a * scale for a in wall.normal))
    return [tuple(as_fraction(x) for x in p) for p in points]


def reach(domain: Domain, axis: int) -> tuple[Fraction | None, Fraction | None]:
    """The least and the greatest coordinate, None where there is none."""
    form = [int(k == axis) for k in range(domain.dimension)]
    high = domain.polyhedron.maximum(form)
    low = domain.polyhedron.maximum([-v for v in form])
    return (
        None if low is None else -as_fraction(low),
        None if high is None else as_fraction(high),
    )


def _given(frame: Any, dimension: int) -> Domain:
    """The frame as a domain: a Box or Polyhedron, or pairs of numbers."""
    try:
        if not isinstance(frame, Domain):
            single = isinstance(frame, Iterable) and not any(hasattr(v, "__len__") for v in frame)
            frame = Box(frame) if single else Box(*frame)
        made: Domain = frame.fitted(dimension)
    except (SymnetError, TypeError) as error:
        raise PictureError(
            f"frame={frame!r} is no frame: {error}; write [lo, hi] for each of the "
            f"{dimension} axes, or a Box"
        ) from error
    if made.origin is not None or not made.is_bounded:
        raise PictureError("a frame must be bounded, and as wide as high in both directions")
    return made


def _bounds(domain: Domain) -> tuple[Interval, ...]:
    reaches = (reach(domain, axis) for axis in range(domain.dimension))
    return tuple((low, high) for low, high in reaches if low is not None and high is not None)


def _written(frame: Sequence[Interval]) -> str:
    return " × ".join(f"[{low}, {high}]" for low, high in frame)
