"""Whether unwanted outputs occur on a domain: boxes are halved until bounds decide, or regions do.

On a box the bounds of all forms are computed, in floats with all rounding accounted for. A
violation whose forms are not all at most 0 anywhere on the box is out. For what is left points are
looked for by descent, and tried exactly, and the box is halved across the input that matters most.
Where few neurons bend, and inputs are few, all regions decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from flint import fmpq, fmpz

from ..exact.affine import AffineMap, as_fraction
from ..exact.arrays import Bools, Floats, Ints
from ..exact.rational_rows import as_fmpq
from ..regions.activation import RELU
from ..regions.domains import Domain, Vector
from ..regions.finding import find_cells
from ..regions.layer_list import LayerList
from ..regions.limits import Limits
from ._bounding import Boxes, Interval, backward, bounds_of, relaxations
from ._facts import around
from ._falsifying import Falsifier
from ._parts import Part, intersection, joined
from ._prepared import Prepared
from ._progress import OutOfReachError, Progress, boxes_at_once
from ._property import Form, Violation, spans
from ._relaxing import Relaxation, down, up

#: So many proposals of points are evaluated exactly at a time.
_PROPOSALS = 5
#: A box is taken apart into regions where no more neurons bend, and it has no more dimensions.
FEW_NEURONS, FEW_INPUTS = 8, 6


#: How often the grid is halved on which a simple point is looked for.
_HALVINGS = 40


@dataclass(frozen=True, eq=False)
class Search:
    """A network in the coordinates of a domain, and what must not occur there."""

    net: Prepared
    domain: Domain
    violations: tuple[Violation, ...]
    progress: Progress
    parts: list[Part] = field(default_factory=list)

    def run(self) -> Vector | None:
        """A point of the domain with unwanted outputs; None where there is none, or too much to do.

        ``progress.open`` boxes are then not decided.
        """
        box = around(self.domain)
        assert box is not None
        stack = [Boxes.around(box)]
        at_once = boxes_at_once(self.net)
        point, is_first = None, True
        while stack and point is None:
            boxes = joined(stack[-at_once:])
            del stack[-at_once:]
            try:
                self.progress.start(len(boxes), sum(map(len, stack)))
                point = self._step(boxes, stack)
            except OutOfReachError:
                self.progress.open += len(boxes) + sum(map(len, stack))
                break
            if is_first and stack:
                point = self._first(self._falsifier.from_anywhere(*inside(box)))
            is_first = False
        return point

    def _step(self, boxes: Boxes, stack: list[Boxes]) -> Vector | None:
        """Bound some boxes; the halves of those that are open go on the stack."""
        layers = relaxations(self.net, boxes)
        least, influence = self._least(boxes, layers)
        possible = ~ruled_out(self.violations, least > 0)
        is_open = possible.any(axis=1)
        self.parts.extend(Part(boxes[k], False) for k in np.flatnonzero(~is_open).tolist())
        point = self._first(self._falsifier.from_boxes(boxes, influence, possible))
        if point is not None:
            return point
        bends = bending(self.net, layers, len(boxes))
        for k in np.flatnonzero(is_open).tolist():
            if bends[k] <= FEW_NEURONS and self.net.layers.inputs <= FEW_INPUTS:
                point = self._in_regions(boxes[k])
                if point is not None:
                    return point
                self.parts.append(Part(boxes[k], True))
                continue
            parts = halves(boxes.low[k], boxes.high[k], np.abs(influence[k]).max(axis=0))
            if parts is None:
                self.progress.open += 1
                continue
            stack += parts
        return None

    @cached_property
    def _falsifier(self) -> Falsifier:
        return Falsifier(self.net, self.forms, tuple(spans(self.violations)))

    def _first(self, points: Sequence[Floats]) -> Vector | None:
        """The first of some proposals that is a counterexample, or a simpler one beside it."""
        for x in points[:_PROPOSALS]:
            point = tuple(as_fmpq(t) for t in x.tolist())
            if self.is_counterexample(point):
                return self._simpler(point)
        return None

    def _least(self, boxes: Boxes, layers: Sequence[Relaxation]) -> tuple[Floats, Floats]:
        """Lower bounds of all forms of the outputs, and their slopes at the inputs."""
        forms = self.forms
        low, _ = bounds_of(self.net, forms, boxes, layers)
        if not layers:
            return low, np.broadcast_to(forms.weight, (len(boxes), *forms.shape))
        with np.errstate(all="ignore"):
            _, rows = backward(self.net, -forms.weight, forms, boxes, layers)
        return low, -rows

    @cached_property
    def forms(self) -> AffineMap:
        """All forms of the violations, one after the other, in the last hidden layer's outputs."""
        return forms_after(self.net.layers, self.violations)

    def _simpler(self, point: Vector) -> Vector:
        """A counterexample near by with small denominators, if rounding gives one."""
        for k in range(_HALVINGS):
            near = tuple(fmpq((2 * v * 2**k + 1).floor() // 2, 2**k) for v in point)
            if self.is_counterexample(near):
                return near
        return point

    def is_counterexample(self, point: Vector) -> bool:
        """Whether a point lies in the domain and has unwanted outputs, exactly."""
        if not self.domain.contains(point):
            return False
        outputs = self.net.layers.value(point)
        return any(v.value(outputs) <= 0 for v in self.violations)

    def _in_regions(self, box: Boxes) -> Vector | None:
        """A point of a box, within the domain, with unwanted outputs: all regions decide."""
        part = intersection(self.domain, box.sides())
        if part is None:
            return None
        limits = self.progress.limits()
        found, regions = vertex_with(self.net.layers, part, self.violations, limits)
        self.progress.regions += regions
        return found


def ruled_out(violations: Sequence[Violation], positive: Bools) -> Bools:
    """For every box which violations do not occur, since some form of each is positive."""
    return np.stack([positive[:, a:b].any(axis=1) for a, b in spans(violations)], axis=1)


def forms_after(layers: LayerList, violations: Sequence[Violation]) -> AffineMap:
    """All forms of the violations as forms in the outputs of the last hidden layer."""
    forms: list[Form] = [form for v in violations for form in v.forms]
    outer = AffineMap.from_rationals([form[:-1] for form in forms], [form[-1] for form in forms])
    return outer.after(layers.maps[-1])


def vertex_with(
    layers: LayerList, domain: Domain, violations: Sequence[Violation], limits: Limits
) -> tuple[Vector | None, int]:
    """A point of a bounded domain with unwanted outputs, and how many regions there are.

    The regions are cut where a form is 0. On a closed cell unwanted outputs are those of a face, so
    that some vertex has them if any point does.
    """
    cut = cut_by(layers, violations)
    cells = find_cells(cut, domain.polyhedron, limits)
    points = [cells.point(v) for v in cells.proper_vertices]
    signs = cut.exact.signs_at([homogeneous(p) for p in points])[:, -cut.outputs :]
    for a, b in spans(violations):
        bad = np.flatnonzero((signs[:, a:b] <= 0).all(axis=1))
        if bad.size:
            return points[int(bad[0])], len(cells)
    return None, len(cells)


def cut_by(layers: LayerList, violations: Sequence[Violation]) -> LayerList:
    """Layers whose regions are cut where a form of the violations is 0."""
    count = sum(len(v.forms) for v in violations)
    last = forms_after(layers, violations)
    return LayerList(
        (*layers.maps[:-1], last, AffineMap.from_floats(np.eye(count), np.zeros(count))),
        (*layers.functions, (RELU,) * count),
    )


def homogeneous(point: Vector) -> list[int]:
    """The point as integers over one denominator, which comes last."""
    common = fmpz(1)
    for v in point:
        common = common.lcm(v.q)
    return [*(int(v.p * (common // v.q)) for v in point), int(common)]


def bending(net: Prepared, layers: Sequence[Relaxation], boxes: int) -> Ints:
    """How many neurons have a breakpoint between their bounds, for every box."""
    found = np.zeros(boxes, dtype=np.int64)
    for table, r in zip(net.tables, layers, strict=True):
        low, high = r.low[:, table.owner], r.high[:, table.owner]
        inside = (low < table.knot + table.room) & (table.knot - table.room < high)
        neurons = np.zeros((boxes, len(table.lines)), dtype=np.bool_)
        for v, i in enumerate(table.owner.tolist()):
            neurons[:, i] |= inside[:, v]
        found += neurons.sum(axis=1)
    return found


def halves(low: Floats, high: Floats, slope: Floats) -> list[Boxes] | None:
    """A box cut across the input that moves the forms most; None where floats cannot cut it."""
    middle = (low + high) / 2
    can = (low < middle) & (middle < high)
    if not can.any():
        return None
    width = high - low
    score = np.where(can, width * (slope + 1e-3 * slope.max(initial=1.0)), -1.0)
    k = int(score.argmax())
    left, right = high.copy(), low.copy()
    left[k] = right[k] = middle[k]
    return [Boxes(low[None], left[None]), Boxes(right[None], high[None])]


def inside(box: Sequence[Interval]) -> tuple[Floats, Floats]:
    """Floats within a box as bounds, where there are such."""
    low = np.array([up(as_fraction(a)) for a, _ in box], dtype=np.float64)
    high = np.array([down(as_fraction(b)) for _, b in box], dtype=np.float64)
    return low, np.maximum(low, high)
