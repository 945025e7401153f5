"""Multipliers from linear programs, and neurons on both sides of which programs are solved.

The programs are solved in floats (HiGHS, as SciPy has it); what they give is used only where it
proves the bound in rational numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from time import monotonic
from typing import Any

import numpy as np

from ..exact.arrays import Floats
from ._bounding import Boxes, Interval
from ._cases import Goals
from ._dual import Bound, Fork, Multipliers, Sides, Tree, upper_bound
from ._prepared import Prepared
from ._relaxing import Relaxation

#: So many programs are solved for one neuron.
_FOR_ONE = 64
#: So many programs are solved in all, times the number of variables to the power of 4.
_WORK = 2e12
#: A neuron that is beyond its goal by more than that, relative to its interval, is given up.
_BEYOND = 1e-7
_SHORT = 2.0**20
#: The price of what is beyond a side, as a multiple of the greatest coefficient.
_PRICE = 100.0


def can_solve() -> bool:
    """Whether there is a solver of linear programs."""
    return find_spec("scipy") is not None


@dataclass(eq=False)
class Deciding:
    """Which neurons reach their goals by programs, layer by layer, while these are not too many."""

    net: Prepared
    box: Sequence[Interval]
    goals: Goals
    most: int
    end: float | None
    bounds: list[Bound] = field(default_factory=list)

    def __post_init__(self) -> None:
        size = len(self.box) + sum(self.net.layers.widths)
        self.most = int(min(self.most // 4, _WORK / size**4)) if can_solve() else 0

    def decided(self, low: Floats, high: Floats, before: Sequence[Relaxation]) -> list[Bound]:
        """Bounds for the next layer, whose pre-activations lie between low and high."""
        k = len(before)
        if not k or not all(f.is_relu for fs in self.net.layers.functions[: k + 1] for f in fs):
            return []
        least, greatest = self.goals[k]
        open_ = [(i, 1) for i in np.flatnonzero(high[0] > greatest).tolist()]
        open_ += [(i, -1) for i in np.flatnonzero(low[0] < least).tolist()]
        if not open_ or not self.most:
            return []
        programs = Programs(self.net, self.box, before, self.most, self.end)
        found = [programs.decide(i, sign) for i, sign in sorted(open_)]
        self.most = programs.budget
        new = [bound for bound in found if bound is not None]
        self.bounds += new
        return new


@dataclass(eq=False)
class Programs:
    """The programs for the neurons of one layer, given bounds on the layers before."""

    net: Prepared
    box: Sequence[Interval]
    before: Sequence[Relaxation]
    budget: int
    end: float | None = None
    left: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        boxes = Boxes.around(self.box)
        self.low, self.high = boxes.low[0], boxes.high[0]

    def decide(self, neuron: int, sign: int) -> Bound | None:
        """sign z <= 0 for a neuron of the layer; None where it is not so, or takes too long."""
        self.left = min(self.budget, _FOR_ONE)
        tree = self._tree(neuron, sign, {})
        return None if tree is None else Bound((len(self.before), neuron), sign, tree)

    @cached_property
    def _starts(self) -> list[int]:
        """Where the variables start: the inputs, then the outputs of the layers."""
        return np.cumsum([0, len(self.low), *(r.low.shape[1] for r in self.before)]).tolist()

    @cached_property
    def _rows(self) -> list[tuple[Floats, Floats]]:
        """The pre-activations of the layers before as rows of the variables, and constants."""
        found: list[tuple[Floats, Floats]] = []
        for k, affine in enumerate(self.net.layers.maps[: len(self.before)]):
            rows = np.zeros((affine.shape[0], self._starts[-1]))
            rows[:, self._starts[k] : self._starts[k + 1]] = affine.weight
            found.append((rows, affine.bias))
        return found

    def _tree(self, neuron: int, sign: int, sides: Sides) -> Tree | None:
        late = self.end is not None and monotonic() > self.end
        if late or not self.left:
            return None
        self.left -= 1
        self.budget -= 1
        solved = self._solved(neuron, sign, sides)
        if solved is None:
            return None
        point, multipliers, rows = solved
        place = len(self.before), neuron
        if upper_bound(self.net, place, sign, self.box, self.before, multipliers, sides) <= 0:
            return multipliers
        if self._is_beyond(point, neuron, sign):
            self.left = 0
            return None
        split = self._widest(point, rows, sides)
        if split is None:
            return None
        off = self._tree(neuron, sign, {**sides, split: -1})
        on = None if off is None else self._tree(neuron, sign, {**sides, split: 1})
        return None if off is None or on is None else Fork(split, off, on)

    def _solved(
        self, neuron: int, sign: int, sides: Sides
    ) -> tuple[Floats, Multipliers, list[Floats]] | None:
        """A point where the relaxation is greatest, the multipliers, and rows over the layers."""
        from scipy.optimize import linprog

        upper, constants, equal, fixed, bounds = self._constraints(sides)
        last = self.net.layers.maps[len(self.before)].weight[neuron] * sign
        costs = np.zeros(self._starts[-1] + 1)
        costs[self._starts[-2] : -1] = -last
        # sides may be left at a price: where no point is on all, the multipliers then say so
        with np.errstate(over="ignore"):
            costs[-1] = _PRICE * np.abs(last).max()
        if not all(np.isfinite(part).all() for part in (costs, upper, constants, equal, fixed)):
            return None
        found: Any = linprog(
            costs, A_ub=upper, b_ub=constants, A_eq=equal, b_eq=fixed, bounds=bounds,
            method="highs",
        )  # fmt: skip
        if found.x is None:
            return None
        above = -found.ineqlin.marginals
        multipliers, rows = self._multipliers(last, above, sides)
        return found.x[:-1], multipliers, rows

    def _constraints(self, sides: Sides) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """Rows of z - h <= 0 for all neurons, then of h <= s z + t; h = z where it is so.

        The last variable is what is allowed beyond the sides.
        """
        count = self._starts[-1]
        lower, upper, constants, offsets, equal, fixed = [], [], [], [], [], []
        bounds = np.zeros((count + 1, 2))
        bounds[: len(self.low)] = np.column_stack([self.low, self.high])
        bounds[-1] = 0, np.inf
        for k, (rows, bias) in enumerate(self._rows):
            r = self.before[k]
            place = slice(self._starts[k + 1], self._starts[k + 2])
            own = np.eye(count)[place]
            low, high = r.low[0], r.high[0]
            bounds[place] = np.column_stack([np.maximum(low, 0), np.maximum(high, 0)])
            slope, offset = r.above[0].T.copy()
            beyond = np.zeros((2, len(low), 1))
            for (layer, i), side in sides.items():
                if layer == k:
                    slope[i], offset[i] = (1.0, 0.0) if side > 0 else (0.0, 0.0)
                    beyond[int(side > 0), i] = -1.0
                    if side < 0:
                        bounds[place.start + i] = 0.0
            on, bends = low >= 0, (low < 0) & (high > 0)
            equal.append(np.pad((rows - own)[on], ((0, 0), (0, 1))))
            fixed.append(-bias[on])
            lower.append(np.hstack([bends[:, None] * (rows - own), beyond[0]]))
            constants.append(np.where(bends, -bias, 0.0))
            upper.append(np.hstack([bends[:, None] * (own - slope[:, None] * rows), beyond[1]]))
            offsets.append(np.where(bends, slope * bias + offset, 0.0))
        return (
            np.concatenate([*lower, *upper]), np.concatenate([*constants, *offsets]),
            np.concatenate(equal), np.concatenate(fixed), bounds,
        )  # fmt: skip

    def _multipliers(
        self, row: Floats, above: Floats, sides: Sides
    ) -> tuple[Multipliers, list[Floats]]:
        """Multipliers of the program as slopes of lines below, and weights of the sides."""
        count = len(above) // 2
        slopes, weights, rows = [], [], []
        start = count
        for k in reversed(range(len(self.before))):
            r = self.before[k]
            width = r.low.shape[1]
            start -= width
            below, chord = above[start : start + width], above[count + start :][:width]
            given = np.array([sides.get((k, i), 0) for i in range(width)])
            rows.append(row)
            with np.errstate(all="ignore"):
                slope = np.where(row < 0, below / np.maximum(-row, 1e-300), 0.0)
            slope = _short(np.clip(slope, 0, 1))
            weight = np.where(given > 0, chord - below - row, np.where(given < 0, below, 0.0))
            weight = _short(np.maximum(weight, 0))
            slopes.append(slope)
            weights.append(weight)
            inner = np.where(row > 0, row * r.above[0, :, 0], row * slope)
            inner = np.where(r.low[0] >= 0, row, np.where(r.high[0] <= 0, 0.0, inner))
            inner = np.where(given > 0, row + weight, np.where(given < 0, -weight, inner))
            row = inner @ self.net.layers.maps[k].weight
        return Multipliers(tuple(slopes[::-1]), tuple(weights[::-1])), rows[::-1]

    def _is_beyond(self, point: Floats, neuron: int, sign: int) -> bool:
        """Whether the network itself, at the point, has the neuron beyond its goal."""
        h = np.clip(point[: len(self.low)], self.low, self.high)
        for affine in self.net.layers.maps[: len(self.before)]:
            h = np.maximum(affine.weight @ h + affine.bias, 0)
        last = self.net.layers.maps[len(self.before)]
        value = sign * (last.weight[neuron] @ h + last.bias[neuron])
        size = np.abs(last.weight[neuron]) @ np.abs(h) + np.abs(last.bias[neuron])
        return bool(value > _BEYOND * size)

    def _widest(
        self, point: Floats, rows: Sequence[Floats], sides: Sides
    ) -> tuple[int, int] | None:
        """The neuron whose relaxation is furthest from relu, as the rows count it."""
        best, found = 0.0, None
        for k, (own, bias) in enumerate(self._rows):
            z = own @ point + bias
            h = point[self._starts[k + 1] : self._starts[k + 2]]
            r = self.before[k]
            gap = np.abs(rows[k]) * np.abs(h - np.maximum(z, 0))
            gap[(r.low[0] >= 0) | (r.high[0] <= 0)] = 0
            for layer, i in sides:
                if layer == k:
                    gap[i] = 0
            i = int(gap.argmax())
            if gap[i] > best:
                best, found = float(gap[i]), (k, i)
        return found


def _short(values: Floats) -> Floats:
    """Numbers with few digits, near to these."""
    mantissa, exponent = np.frexp(values)
    rounded: Floats = np.ldexp(np.rint(mantissa * _SHORT) / _SHORT, exponent)
    return rounded
