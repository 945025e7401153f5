"""The greatest value of some forms of a network's outputs on a bounded domain.

As in the search for unwanted outputs, boxes are halved, those first that may hold the most. A box
whose bound is no more than a value that is attained is done, and so is one on which no neuron
bends, where the form is affine, or few do, where its regions are looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count

import numpy as np
from flint import fmpq

from ..errors import TooManyRegionsError
from ..exact.affine import as_fraction
from ..exact.arrays import Floats
from ..exact.rational_rows import as_fmpq
from ..regions import measures
from ..regions.domains import Box, Domain, Vector, rational, rationals
from ..regions.finding import find_cells
from ..regions.limits import Limits
from ._bounding import Boxes, backward, bounds_of, relaxations
from ._facts import around
from ._floats import signs_at
from ._parts import intersection, joined
from ._prepared import Prepared
from ._relaxing import down
from ._search import (
    FEW_INPUTS,
    FEW_NEURONS,
    Progress,
    bending,
    halves,
)

_AT_ONCE = 32


@dataclass(frozen=True)
class Top:
    """A value that is attained at a point, by a form, and a bound on all values."""

    value: fmpq
    point: Vector
    form: int
    bound: fmpq


@dataclass(frozen=True, eq=False)
class _Waiting:
    """A box, and how much the forms move with each input at most."""

    box: Boxes
    slope: Floats


@dataclass(eq=False)
class Maximum:
    """A network in the coordinates of a domain, whose outputs are the forms; the best so far."""

    net: Prepared
    domain: Domain
    progress: Progress
    best: tuple[fmpq, Vector, int] | None = None
    order: count[int] = field(default_factory=count)

    def run(self, max_regions: int) -> Top:
        """The greatest value of all outputs."""
        box = around(self.domain)
        assert box is not None
        if self.domain.dimension <= 2:
            try:
                self._look_at_regions(Domain(self.domain.polyhedron), Limits(max_regions))
                return self._top(None)
            except TooManyRegionsError:
                pass
        self._consider(_start(self.domain))
        waiting: list[tuple[float, int, _Waiting]] = []
        self._push(Boxes.around(box), waiting)
        while waiting:
            if -waiting[0][0] <= self._floor:
                return self._top(None)
            if self.progress.is_over:
                return self._top(-waiting[0][0])
            some = [heappop(waiting)[2] for _ in range(min(_AT_ONCE, len(waiting)))]
            for k in range(len(some)):
                self._open(some[k], waiting)
        return self._top(None)

    def _top(self, bound: float | None) -> Top:
        assert self.best is not None
        value, point, form = self.best
        above = value if bound is None else max(value, as_fmpq(bound))
        return Top(value, point, form, above)

    @property
    def _floor(self) -> float:
        """A float that is no more than the best value."""
        assert self.best is not None
        value = self.best[0]
        return down(as_fraction(value))

    def _push(self, boxes: Boxes, waiting: list[tuple[float, int, _Waiting]]) -> None:
        """Bound some boxes; those that may hold more than the best wait for their turn."""
        self.progress.boxes += len(boxes)
        layers = relaxations(self.net, boxes)
        last = self.net.layers.maps[-1]
        _, high = bounds_of(self.net, last, boxes, layers)
        slopes = np.broadcast_to(last.weight, (len(boxes), *last.shape))
        if layers:
            with np.errstate(all="ignore"):
                _, slopes = backward(self.net, last.weight, last, boxes, layers)
        bends = bending(self.net, layers, len(boxes))
        for k in range(len(boxes)):
            bound = float(high[k].max())
            if bound <= self._floor:
                continue
            low, up = boxes.low[k], boxes.high[k]
            self._try(low, up, slopes[k][int(high[k].argmax())])
            if bound <= self._floor:
                continue
            if bends[k] == 0:
                self._where_affine(low, up)
            elif bends[k] <= FEW_NEURONS and self.net.layers.inputs <= FEW_INPUTS:
                part = intersection(self.domain, Boxes(low[None], up[None]).sides())
                if part is not None:
                    self._look_at_regions(part, Limits())
            else:
                heappush(
                    waiting,
                    (
                        -bound,
                        next(self.order),
                        _Waiting(Boxes(low[None], up[None]), np.abs(slopes[k]).max(axis=0)),
                    ),
                )

    def _open(self, waits: _Waiting, waiting: list[tuple[float, int, _Waiting]]) -> None:
        """Halve a box."""
        box, slope = waits.box, waits.slope
        parts = halves(box.low[0], box.high[0], slope)
        if parts is None:
            self.progress.open += 1
            part = intersection(self.domain, box.sides())
            if part is not None:
                self._look_at_regions(part, Limits())
            return
        self._push(joined(parts), waiting)

    # --- values that are attained

    def _consider(self, point: Vector) -> None:
        if not self.domain.contains(point):
            return
        values = self.net.layers.value(point)
        form = max(range(len(values)), key=lambda k: values[k])
        if self.best is None or values[form] > self.best[0]:
            self.best = values[form], point, form

    def _try(self, low: Floats, high: Floats, slope: Floats) -> None:
        """The corner at which the form that may be greatest is, if floats say that it is good."""
        corner = np.where(slope > 0, high, low)
        h = corner
        for affine, table in zip(self.net.layers.maps, self.net.tables, strict=False):
            z = affine.weight @ h + affine.bias
            piece = table.piece((z[table.owner] > table.knot).astype(np.int64))
            index = np.arange(len(piece))
            h = table.slope[index, piece] * z + table.offset[index, piece]
        last = self.net.layers.maps[-1]
        if (last.weight @ h + last.bias).max() > self._floor:
            self._consider(tuple(as_fmpq(v) for v in corner.tolist()))

    def _where_affine(self, low: Floats, high: Floats) -> None:
        """The greatest values of all forms on a box without kinks inside, within the domain."""
        sides = Boxes(low[None], high[None]).sides()
        part = intersection(self.domain, sides, boxes=True)
        if not isinstance(part, Box):
            if part is not None:
                self._look_at_regions(part, Limits())
            return
        bounds = [(a, b) for a, b in part.bounds if a is not None and b is not None]
        middle = tuple((a + b) / 2 for a, b in bounds)
        matrix, _ = self.net.to_inputs(
            self.net.output_rows(), len(self.net.tables), signs_at(self.net, middle)
        )
        for row in matrix.tolist():
            self._consider(tuple(b if v > 0 else a for v, (a, b) in zip(row, bounds, strict=False)))

    def _look_at_regions(self, part: Domain, limits: Limits) -> None:
        """The greatest values on all regions of a part of the domain."""
        layers = self.net.layers
        cells = find_cells(layers, part.polyhedron, limits)
        self.progress.regions += len(cells)
        for form in range(layers.outputs):
            found = measures.maximum(layers, cells, form, 1)
            assert found.point is not None
            value = rational(found.value)
            if self.best is None or value > self.best[0]:
                self.best = value, rationals(found.point), form


def _start(domain: Domain) -> Vector:
    """A point of the domain."""
    if isinstance(domain, Box):
        box = around(domain)
        assert box is not None
        return tuple((a + b) / 2 for a, b in box)
    vertex: Vector = domain.polyhedron.vertices[0]
    return vertex
