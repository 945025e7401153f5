"""The greatest value of some forms of a network's outputs on a bounded domain.

As in the search for unwanted outputs, boxes are halved, those first that may hold the most. A box
whose bound is no more than a value that is attained is done, and so is one on which no neuron
bends, where the form is affine, or few do, where its regions are looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from math import inf

import numpy as np
from flint import fmpq

from ..errors import TooManyRegionsError
from ..exact.affine import AffineMap, as_fraction
from ..exact.arrays import Floats, Ints
from ..exact.rational_rows import as_fmpq
from ..regions import measures
from ..regions.domains import Box, Domain, Vector, rational, rationals
from ..regions.finding import find_cells
from ._bounding import Boxes, Interval, backward, bounds_of, relaxations
from ._facts import around
from ._falsifying import Falsifier
from ._floats import signs_at
from ._parts import intersection, joined
from ._prepared import Prepared
from ._progress import OutOfReachError, Progress, boxes_at_once
from ._relaxing import down
from ._search import (
    FEW_INPUTS,
    FEW_NEURONS,
    bending,
    halves,
    inside,
)

#: So many proposals of points are evaluated exactly at a time.
_PROPOSALS = 2


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


#: Upper bounds of all forms on boxes, their slopes at the inputs, and how many neurons bend.
Bounds = Callable[[Boxes], tuple[Floats, Floats, Ints]]


def bounds_on(net: Prepared) -> Bounds:
    """The bounds of the outputs of a network."""
    last = net.layers.maps[-1]

    def bounds(boxes: Boxes) -> tuple[Floats, Floats, Ints]:
        layers = relaxations(net, boxes)
        _, high = bounds_of(net, last, boxes, layers)
        slopes = np.broadcast_to(last.weight, (len(boxes), *last.shape))
        if layers:
            with np.errstate(all="ignore"):
                _, slopes = backward(net, last.weight, last, boxes, layers)
        return high, slopes, bending(net, layers, len(boxes))

    return bounds


@dataclass(eq=False)
class Maximum:
    """A network in the coordinates of a domain, whose outputs are the forms; the best so far."""

    net: Prepared
    domain: Domain
    progress: Progress
    bounds: Bounds
    best: tuple[fmpq, Vector, int] | None = None
    order: count[int] = field(default_factory=count)
    #: A bound on all values.
    above: float = inf

    def run(self, max_regions: int) -> Top:
        """The greatest value of all outputs."""
        box = around(self.domain)
        assert box is not None
        if self.domain.dimension <= 2:
            try:
                self._look_at_regions(Domain(self.domain.polyhedron), max_regions)
                return self._top(None)
            except (TooManyRegionsError, OutOfReachError):
                self.best = None
        self._consider(_start(self.domain))
        try:
            self._halve(box)
        except OutOfReachError:
            return self._top(self.above)
        return self._top(None)

    def _halve(self, box: Sequence[Interval]) -> None:
        """Boxes are halved, those with the greatest bounds first."""
        waiting: list[tuple[float, int, _Waiting]] = []
        self.progress.boxes += 1
        self._push(Boxes.around(box), waiting)
        if waiting:
            self._consider_all(self._falsifier().from_anywhere(*inside(box)))
        while waiting and -waiting[0][0] > self._floor:
            self.above = -waiting[0][0]
            count = min(max(boxes_at_once(self.net) // 2, 1), len(waiting))
            some = [heappop(waiting)[2] for _ in range(count)]
            pairs = [(w, halves(w.box.low[0], w.box.high[0], w.slope)) for w in some]
            for each, parts in pairs:
                if parts is None:
                    self._look_at(each.box)
            parts = [box for _, boxes in pairs for box in boxes or ()]
            if parts:
                self.progress.start(len(parts), len(waiting), self._reached())
                self._push(joined(parts), waiting)

    def _reached(self) -> str:
        assert self.best is not None
        return f"between {float(as_fraction(self.best[0])):.6g} and {self.above:.6g}"

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
        high, slopes, bends = self.bounds(boxes)
        if self.above == inf:
            self.above = float(high.max())
        greatest = np.arange(high.shape[1]) == high.argmax(axis=1)[:, None]
        possible = greatest & (high > self._floor)
        self._consider_all(self._falsifier().from_boxes(boxes, -slopes, possible))
        for k in range(len(boxes)):
            bound = float(high[k].max())
            if bound <= self._floor:
                continue
            if bends[k] == 0:
                self._where_affine(boxes[k])
            elif bends[k] <= FEW_NEURONS and self.net.layers.inputs <= FEW_INPUTS:
                self._look_at(boxes[k])
            else:
                waits = _Waiting(boxes[k], np.abs(slopes[k]).max(axis=0))
                heappush(waiting, (-bound, next(self.order), waits))

    # --- values that are attained

    def _falsifier(self) -> Falsifier:
        """What looks for points at which some form is greater than the best value."""
        last = self.net.layers.maps[-1]
        below = AffineMap.from_floats(-last.weight, self._floor - last.bias)
        return Falsifier(self.net, below, tuple((k, k + 1) for k in range(last.shape[0])))

    def _consider_all(self, points: Sequence[Floats]) -> None:
        for x in points[:_PROPOSALS]:
            self._consider(tuple(as_fmpq(v) for v in x.tolist()))

    def _consider(self, point: Vector) -> None:
        if not self.domain.contains(point):
            return
        values = self.net.layers.value(point)
        form = max(range(len(values)), key=lambda k: values[k])
        if self.best is None or values[form] > self.best[0]:
            self.best = values[form], point, form

    def _where_affine(self, box: Boxes) -> None:
        """The greatest values of all forms on a box without kinks inside, within the domain."""
        part = intersection(self.domain, box.sides(), boxes=True)
        if not isinstance(part, Box):
            if part is not None:
                self._look_at_regions(part)
            return
        bounds = [(a, b) for a, b in part.bounds if a is not None and b is not None]
        middle = tuple((a + b) / 2 for a, b in bounds)
        matrix, _ = self.net.to_inputs(
            self.net.output_rows(), len(self.net.tables), signs_at(self.net, middle)
        )
        for row in matrix.tolist():
            self._consider(tuple(b if v > 0 else a for v, (a, b) in zip(row, bounds, strict=False)))

    def _look_at(self, box: Boxes) -> None:
        part = intersection(self.domain, box.sides())
        if part is not None:
            self._look_at_regions(part)

    def _look_at_regions(self, part: Domain, max_regions: int | None = None) -> None:
        """The greatest values on all regions of a part of the domain."""
        layers = self.net.layers
        cells = find_cells(layers, part.polyhedron, self.progress.limits(max_regions))
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
