"""Neurons that stay on one piece on a box although bounds on all of it do not say so.

Which may do so is found by trying points. The box is then halved, and on its parts bounds are
better: what they say on all parts holds on the box (as in Wang, Pei, Whitehouse, Yang and Jana,
Formal security analysis of neural networks using symbolic intervals, 2018). What bounds on the
whole box say is true on the parts, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic

import numpy as np

from ..exact.arrays import Bools, Floats
from ..regions.domains import Box, Domain
from ._bounding import Boxes, bounds_of
from ._prepared import Prepared
from ._relaxing import Relaxation, relaxed
from ._sampling import furthest, points_of, pushed, seen, slopes_around

#: So many boxes are bounded at a time.
_AT_ONCE = 32
#: After so many boxes, and again after twice as many, neurons are given up that are decided on less
#: than this share of the box.
_FIRST, _SHARE = 64, 0.1
#: So many boxes are bounded where nothing else is said, and so many products are taken for them.
_MOST, _WORK = 2_000, 1e10
#: What rounding may do, as a share of an interval.
_ROOM = 2.0**-36

#: For every hidden layer least and greatest values that are to be shown; infinite where none are.
Goals = tuple[tuple[Floats, Floats], ...]


@dataclass(frozen=True, eq=False)
class Cut:
    """A box cut across an input: what is done with the parts; None where bounds decide on one."""

    axis: int
    at: float
    below: Cut | None
    above: Cut | None

    def __len__(self) -> int:
        return sum(1 if part is None else len(part) for part in (self.below, self.above))


@dataclass(frozen=True, eq=False)
class Cases:
    """That neurons reach their goals on a box: bounds on all of it, and on the parts of a cut."""

    base: tuple[Relaxation, ...]
    cut: Cut
    goals: Goals


def usual_boxes(net: Prepared) -> int:
    """So many boxes as do not take too long."""
    shapes = [affine.shape for affine in net.layers.maps[:-1]]
    back = [sum(n * m for m, n in shapes[: k + 1]) for k in range(len(shapes))]
    work = sum(2 * m * before for (m, _), before in zip(shapes[1:], back, strict=False))
    return int(min(_MOST, _WORK // max(work, 1)))


def goals_on(net: Prepared, domain: Domain, boxes: Boxes, base: Sequence[Relaxation]) -> Goals:
    """Ends of pieces that no point that was tried is beyond, where bounds do not say so."""
    points = points_of(domain, boxes)
    extent, values = seen(net, points)
    found = []
    for k, r in enumerate(base):
        # what is beyond by no more than rounding may not be beyond
        room = (r.high[0] - r.low[0]) * _ROOM
        least, greatest = extent[k]
        low, high = _ends(net, k, least + room, greatest - room)
        for sign in (1, -1):
            most = high if sign > 0 else -low
            limit = r.high[0] if sign > 0 else -r.low[0]
            open_ = np.flatnonzero(limit > most)
            if isinstance(domain, Box) and len(open_):
                starts = furthest(points, values[k], open_, sign)
                best = pushed(net, boxes, k, open_, sign, starts)
                beyond = open_[best > most[open_] + room[open_]]
                low[beyond], high[beyond] = -np.inf, np.inf
        known = (r.low[0] >= low) & (r.high[0] <= high)
        found.append((np.where(known, -np.inf, low), np.where(known, np.inf, high)))
    return tuple(found)


def _ends(net: Prepared, k: int, least: Floats, greatest: Floats) -> tuple[Floats, Floats]:
    """The ends of the pieces on which neurons are between such values; infinite for several."""
    table = net.tables[k]
    low, high = np.full(len(least), -np.inf), np.full(len(least), np.inf)
    several = np.zeros(len(least), dtype=np.bool_)
    for i, knot, room in zip(table.owner.tolist(), table.knot, table.room, strict=True):
        if greatest[i] <= knot:
            high[i] = min(high[i], knot - room)
        elif least[i] >= knot:
            low[i] = max(low[i], knot + room)
        else:
            several[i] = True
    return np.where(several, -np.inf, low), np.where(several, np.inf, high)


def relaxations_on(
    net: Prepared, boxes: Boxes, base: Sequence[Relaxation], layers: int
) -> list[Relaxation]:
    """Bounds on parts of a box, at least as good as those on all of it, for some first layers.

    Neurons that are on one piece by the bounds on the box keep these, and the lines.
    """
    found: list[Relaxation] = []
    for k in range(layers):
        low, high = bounds_of(net, net.layers.maps[k], boxes, found)
        whole, still = base[k], settled(net, k, base[k])
        low = np.where(still, whole.low, np.fmax(low, whole.low))
        high = np.where(still, whole.high, np.fmin(high, whole.high))
        r = relaxed(net.layers.functions[k], low, high)
        lines = still[:, None]
        found.append(Relaxation(
            r.low, r.high,
            np.where(still, whole.least, r.least), np.where(still, whole.greatest, r.greatest),
            np.where(lines, whole.below, r.below), np.where(lines, whole.above, r.above),
        ))  # fmt: skip
    return found


def settled(net: Prepared, k: int, r: Relaxation) -> Bools:
    """Which neurons of a layer have no breakpoint between their bounds, on the first box."""
    table = net.tables[k]
    inside = (r.low[0][table.owner] < table.knot + table.room) & (
        table.knot - table.room < r.high[0][table.owner]
    )
    found = np.ones(r.low.shape[1], dtype=np.bool_)
    np.logical_and.at(found, table.owner, ~inside)
    return found


@dataclass(eq=False)
class _Part:
    """A part of the box, the goals that bounds miss on it, and the halves."""

    low: Floats
    high: Floats
    missed: Bools
    share: float
    axis: int = -1
    at: float = 0.0
    halves: list[_Part] = field(default_factory=list)

    def cut_for(self, wanted: Bools) -> Cut | None:
        """The cuts that are needed for some goals, all of which are reached."""
        if not (self.missed & wanted).any():
            return None
        below, above = (half.cut_for(wanted) for half in self.halves)
        return Cut(self.axis, self.at, below, above)


@dataclass(eq=False)
class Splitting:
    """Halves a box until bounds reach the goals on all parts, or a number of boxes."""

    net: Prepared
    base: tuple[Relaxation, ...]
    boxes: Boxes
    goals: Goals
    max_boxes: int
    end: float | None
    count: int = 0

    def run(self) -> Cases | None:
        """What is shown of the goals; None where it is nothing."""
        places = [np.isfinite(low) | np.isfinite(high) for low, high in self.goals]
        wanted = np.concatenate(places)
        layers = max((k + 1 for k, some in enumerate(places) if some.any()), default=0)
        if not layers:
            return None
        root = _Part(self.boxes.low[0], self.boxes.high[0], wanted.copy(), 1.0)
        open_ = [root]
        while open_ and not self._is_over(len(open_)):
            now, open_ = open_[:_AT_ONCE], open_[_AT_ONCE:]
            open_ += [p for p in self._halved(now, layers, wanted) if (p.missed & wanted).any()]
            wanted = self._worth_it(open_, wanted)
            open_ = [p for p in open_ if (p.missed & wanted).any()]
        for part in open_:
            wanted &= ~part.missed
        return self._shown(root, wanted)

    def _is_over(self, parts: int) -> bool:
        late = self.end is not None and monotonic() > self.end
        return late or self.count + 2 * min(parts, _AT_ONCE) > self.max_boxes

    def _worth_it(self, open_: Sequence[_Part], wanted: Bools) -> Bools:
        """Goals without those that are missed nearly everywhere after many boxes."""
        if self.count < _FIRST:
            return wanted
        missed = sum((p.share * p.missed for p in open_), np.zeros(len(wanted)))
        return wanted & (missed <= 1 - _SHARE)

    def _halved(self, parts: Sequence[_Part], layers: int, wanted: Bools) -> list[_Part]:
        self._cut(parts, layers, wanted)
        halves = [half for part in parts for half in part.halves]
        self.count += len(halves)
        boxes = Boxes(np.stack([p.low for p in halves]), np.stack([p.high for p in halves]))
        found = relaxations_on(self.net, boxes, self.base, layers)
        missed = []
        for r, (low, high) in zip(found, self.goals, strict=False):
            # a little more than is asked for, lest another order of summation falls short
            room = (r.high - r.low) * _ROOM
            missed.append(~((r.low - room >= low) & (r.high + room <= high)))
        rest = sum(low.size for low, _ in self.goals[layers:])
        none = np.zeros((len(halves), rest), dtype=np.bool_)
        for part, row in zip(halves, np.concatenate([*missed, none], axis=1), strict=True):
            part.missed = row
        return halves

    def _cut(self, parts: Sequence[_Part], layers: int, wanted: Bools) -> None:
        """Across the input that moves the neurons most whose goals are missed."""
        middles = np.stack([(p.low + p.high) / 2 for p in parts])
        slopes = slopes_around(self.net, middles, layers)
        scores = np.zeros(middles.shape)
        place = 0
        for k, rows in enumerate(slopes):
            end = place + rows.shape[1]
            some = np.stack([(p.missed & wanted)[place:end] for p in parts])
            size = np.maximum(self.base[k].high[0] - self.base[k].low[0], 2.0**-900)
            scores += np.einsum("pn,pni->pi", some / size, np.abs(rows))
            place = end
        for part, score, middle in zip(parts, scores, middles, strict=True):
            width = part.high - part.low
            # inputs without slope here may have one elsewhere
            part.axis = int((width * (score + 1e-3 * score.max() + 2.0**-900)).argmax())
            part.at = float(middle[part.axis])
            below, above = part.high.copy(), part.low.copy()
            below[part.axis] = above[part.axis] = part.at
            part.halves = [
                _Part(part.low, below, part.missed, part.share / 2),
                _Part(above, part.high, part.missed, part.share / 2),
            ]

    def _shown(self, root: _Part, wanted: Bools) -> Cases | None:
        cut = root.cut_for(wanted) if wanted.any() else None
        if cut is None:
            return None
        goals, place = [], 0
        for low, high in self.goals:
            some = wanted[place : place + len(low)]
            goals.append((np.where(some, low, -np.inf), np.where(some, high, np.inf)))
            place += len(low)
        return Cases(self.base, cut, tuple(goals))
