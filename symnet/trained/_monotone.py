"""Whether an output never falls along a direction, such as that of one input, on a domain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import mul
from typing import Any

import numpy as np
from flint import fmpq

from ..base import Network
from ..errors import TooManyRegionsError
from ..exact.affine import nearest_float
from ..exact.arrays import Floats
from ..exact.rational_rows import as_fmpq
from ..regions.cells import inner_point
from ..regions.domains import Domain, Vector, number
from ..regions.finding import find_cells
from ..regions.making import coordinates
from ..verdict import Proved, Refuted, Undecided, Verdict
from ._bounding import Boxes, relaxations
from ._directions import chosen, direction, entries
from ._facts import around
from ._floats import FLOOR, SLACK, growth, signs_at
from ._monotone_proof import Monotone, MonotoneProof
from ._parts import Part, intersection, joined
from ._prepared import Prepared
from ._progress import OutOfReachError, Progress, boxes_at_once
from ._relaxing import Relaxation, slopes_between
from ._search import FEW_INPUTS, FEW_NEURONS, bending, halves
from ._verify import MAX_BOXES, MAX_REGIONS


def monotone_along(
    net: Network,
    domain: Domain,
    along: Any,
    *,
    output: int = 0,
    decreasing: bool = False,
    max_boxes: int = MAX_BOXES,
    max_regions: int = MAX_REGIONS,
    timeout: float | None = None,
    progress: bool | None = None,
) -> Verdict:
    """Whether an output never falls (rises) on a bounded domain when x moves along a direction.

    On a convex domain it is so iff A v >= 0 on every region. Regions are looked at in one and two
    dimensions; otherwise the slopes are bounded on boxes, which are halved until bounds decide, or
    few neurons bend.

    Parameters
    ----------
    net : piecewise-linear Network with rational weights, n inputs
    domain : Box, Polyhedron or Slice, bounded
    along : int, an input from 0; or n numbers, a direction, which must lie in a slice
    output : int, from 0
    decreasing : bool
    max_boxes, max_regions, timeout, progress
        As for :func:`symnet.verify`.

    Returns
    -------
    Proved, Refuted or Undecided
        A refutation is at a point from which the output falls; ``detail`` says how far to go.

    Examples
    --------
    >>> import symnet as sn
    >>> net = sn.Sequential(sn.Linear([[1, -1], [1, 1]]), sn.ReLU(), sn.Linear([[1, 2]]))
    >>> print(sn.monotone_along(net, sn.Box([-1, 1]), 0))
    proved (regions: 4 regions)
    >>> print(sn.monotone_along(net, sn.Box([0, 1], [0, 1]), 1, decreasing=True))
    refuted: moved by 1/2 along the direction; at x_1 = 2/3, x_2 = 1/3: 3 > 7/3

    Source: Liu, Han, Zhang and Liu, Certified monotonic neural networks, 2020, for the question.
    """
    ready, fitted = chosen(net, domain, output, decreasing)
    claim = Monotone(net, domain, entries(along, fitted), output, decreasing)
    reached = Progress.within(max_boxes, timeout, progress)
    search = _Search(ready, fitted, direction(claim.along, fitted), reached)
    point, regions = search.run(max_regions)
    if point is not None:
        return _refuted(search, claim, point)
    how = search.progress.in_words(regions)
    if search.progress.open:
        return Undecided(
            f"out of reach: {how}",
            advice="allow more with max_boxes= or timeout=, or take less", claim=claim,
        )  # fmt: skip
    method = "bounds" if search.progress.boxes else "regions"
    return Proved(method, how, certificate=MonotoneProof(tuple(search.parts)), claim=claim)


@dataclass(frozen=True, eq=False)
class _Search:
    """The output, in the coordinates of the domain, and the direction there."""

    net: Prepared
    domain: Domain
    along: Vector
    progress: Progress
    parts: list[Part] = field(default_factory=list)

    def run(self, max_regions: int) -> tuple[Vector | None, int]:
        """A point inside a region on which the output falls, and how many regions there are."""
        if self.domain.dimension <= 2:
            try:
                found = self._in_regions(Domain(self.domain.polyhedron), max_regions)
                self.parts.append(Part(None, True))
                return found
            except TooManyRegionsError:
                pass
            except OutOfReachError:
                self.progress.open += 1
                return None, 0
        box = around(self.domain)
        assert box is not None
        stack = [Boxes.around(box)]
        at_once = boxes_at_once(self.net)
        while stack:
            boxes = joined(stack[-at_once:])
            del stack[-at_once:]
            try:
                self.progress.start(len(boxes), sum(map(len, stack)))
                point = self._step(boxes, stack)
            except OutOfReachError:
                self.progress.open += len(boxes) + sum(map(len, stack))
                return None, 0
            if point is not None:
                return point, 0
        return None, 0

    def _step(self, boxes: Boxes, stack: list[Boxes]) -> Vector | None:
        layers = relaxations(self.net, boxes)
        least = _least_slope(self.net, layers, self.along, len(boxes))
        bends = bending(self.net, layers, len(boxes))
        first = np.abs(self.net.layers.maps[0].weight).sum(axis=0)
        self.parts.extend(Part(boxes[k], False) for k in np.flatnonzero(least >= 0).tolist())
        for k in np.flatnonzero(~(least >= 0)).tolist():
            low, high = boxes.low[k], boxes.high[k]
            middle = tuple(as_fmpq(t) for t in ((low + high) / 2).tolist())
            if self.domain.contains(middle) and self._falls_at(middle):
                return middle
            if bends[k] == 0:
                # affine on the box, so that its slope is the one at the middle
                if self._slope_at(middle) < 0:
                    part = intersection(self.domain, boxes[k].sides())
                    if part is not None:
                        return inner_point(part.polyhedron.vertices, ())
                self.parts.append(Part(boxes[k], bool(self._slope_at(middle) < 0)))
                continue
            if bends[k] <= FEW_NEURONS and self.net.layers.inputs <= FEW_INPUTS:
                part = intersection(self.domain, boxes[k].sides())
                if part is not None:
                    point, regions = self._in_regions(part)
                    self.progress.regions += regions
                    if point is not None:
                        return point
                self.parts.append(Part(boxes[k], True))
                continue
            parts = halves(low, high, first)
            if parts is None:
                self.progress.open += 1
            else:
                stack += parts
        return None

    def _falls_at(self, x: Vector) -> bool:
        """Whether a point lies inside a region on which the output falls."""
        return all(signs_at(self.net, x)) and self._slope_at(x) < 0

    def _slope_at(self, x: Vector) -> fmpq:
        """The slope on the region around a point; on one of them where there are several."""
        signs = signs_at(self.net, x)
        matrix, scale = self.net.to_inputs(self.net.output_rows(), len(self.net.tables), signs)
        return sum(map(mul, self.along, matrix.tolist()[0]), fmpq(0)) / scale

    def _in_regions(
        self, part: Domain, max_regions: int | None = None
    ) -> tuple[Vector | None, int]:
        cells = find_cells(self.net.layers, part.polyhedron, self.progress.limits(max_regions))
        for k, signs in enumerate(cells.signs.tolist()):
            row = self.net.layers.affine_on(signs).tolist()[0]
            if sum(map(mul, self.along, row), fmpq(0)) < 0:
                return cells.inner_point(k), len(cells)
        return None, len(cells)


@np.errstate(all="ignore")
def _least_slope(net: Prepared, layers: Sequence[Relaxation], along: Vector, boxes: int) -> Floats:
    """A lower bound of the slope of the output along a direction, for every box."""
    v = np.array([nearest_float(int(t.p), int(t.q)) for t in along])
    first = net.layers.maps[0]
    error = 2 * growth(first) * (np.abs(first.weight) @ np.abs(v)) * SLACK + FLOOR
    slope = first.weight @ v
    low, high = (np.tile(s, (boxes, 1)) for s in (slope - error, slope + error))
    for affine, functions, relaxation in zip(
        net.layers.maps[1:], net.layers.functions, layers, strict=True
    ):
        least, most = slopes_between(functions, relaxation.low, relaxation.high)
        products = np.stack([least * low, least * high, most * low, most * high])
        size = np.abs(products).max(axis=0) * 2.0**-48 + FLOOR
        low, high = products.min(axis=0) - size, products.max(axis=0) + size
        positive, negative = np.maximum(affine.weight, 0).T, np.minimum(affine.weight, 0).T
        room = np.maximum(np.abs(low), np.abs(high)) @ np.abs(affine.weight).T
        error = 2 * growth(affine) * room * SLACK + FLOOR
        low, high = (
            low @ positive + high @ negative - error,
            high @ positive + low @ negative + error,
        )
    return low[:, 0]


def _refuted(search: _Search, claim: Monotone, u: Vector) -> Refuted:
    """Two points of the domain on a line along the direction, with the values the wrong way."""
    step = fmpq(1)
    layers, domain = search.net.layers, search.domain
    here = layers.value(u)[0]
    while True:
        there = tuple(a + step * v for a, v in zip(u, search.along, strict=True))
        if domain.contains(there) and layers.value(there)[0] < here:
            break
        step /= 2
    sign = -1 if claim.decreasing else 1
    values = number(sign * layers.value(there)[0]), number(sign * here)
    point = domain.point(u)
    return Refuted(
        dict(zip(coordinates("x", len(point)), point, strict=True)), *values,
        detail=f"moved by {number(step)} along the direction",
        relation="<=" if claim.decreasing else ">=", claim=claim,
    )  # fmt: skip
