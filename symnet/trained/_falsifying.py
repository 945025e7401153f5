"""Points with unwanted outputs, looked for in floats: descent along the signs of the gradient.

From many starts at once, each after one violation, of which the greatest form is made smaller
(Madry, Makelov, Schmidt, Tsipras and Vladu, Towards deep learning models resistant to adversarial
attacks, 2018). What is found is a proposal; whether it is a counterexample is decided exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..exact.affine import AffineMap
from ..exact.arrays import Bools, Floats, Ints
from ._bounding import Boxes
from ._prepared import Prepared, Table

#: How far a step goes at first and at last, relative to the box.
_FIRST, _LAST = 0.25, 0.002
#: So many starts at most, and so many weights are multiplied with all of them.
_STARTS, _WEIGHTS = 128, 5_000_000
#: So many points are looked at for each start.
_TRIES = 32
#: So near to 0, relative to what is summed up, a form may be at most 0.
_NEAR = 1e-9


@dataclass(frozen=True, eq=False)
class Falsifier:
    """A network, forms of its last hidden layer's outputs, and which of them may not all be <= 0.

    Each violation is the forms from one number to before another.
    """

    net: Prepared
    forms: AffineMap
    violations: tuple[tuple[int, int], ...]

    def from_anywhere(self, low: Floats, high: Floats, steps: int = 40) -> list[Floats]:
        """Points of a box that may have unwanted outputs, from the best of many points of it."""
        size = sum(m.weight.size for m in self.net.layers.maps)
        each = max(min(_STARTS, _WEIGHTS // size) // len(self.violations), 1)
        x = low + (high - low) * np.random.default_rng(0).random((each * _TRIES, len(low)))
        values = self._values(x)[0]
        starts = [x[np.argsort(values[:, a:b].max(axis=1))[:each]]
                  for a, b in self.violations]  # fmt: skip
        target = np.repeat(np.arange(len(self.violations)), each)
        return self.descended(np.concatenate(starts), target, low, high, steps)

    def from_boxes(
        self, boxes: Boxes, influence: Floats, possible: Bools, steps: int = 8
    ) -> list[Floats]:
        """The same within each of some boxes, from its middle and from corners.

        ``influence`` are slopes of all forms: a corner is where those of a violation are least.
        """
        box, target = np.nonzero(possible)
        slopes = np.stack([influence[:, a:b].sum(axis=1) for a, b in self.violations], axis=1)
        low, high = boxes.low[box], boxes.high[box]
        corners = np.where(slopes[box, target] > 0, low, high)
        x = np.concatenate([(low + high) / 2, corners])
        low, high = np.concatenate([low, low]), np.concatenate([high, high])
        return self.descended(x, np.concatenate([target, target]), low, high, steps)

    @np.errstate(all="ignore")
    def descended(
        self, x: Floats, target: Ints, low: Floats, high: Floats, steps: int
    ) -> list[Floats]:
        """The points with the least greatest forms on ways within boxes, if these may be <= 0.

        ``target`` is the violation that each start, a row of x, is after.
        """
        best, least, doubt = x, np.full(len(x), np.inf), np.zeros(len(x))
        for reach in np.geomspace(_FIRST, _LAST, steps + 1):
            values, size, slopes = self._values(x)
            inside = np.arange(values.shape[1]) - self._starts[target][:, None]
            own = (inside >= 0) & (inside < self._lengths[target][:, None])
            form = np.where(own, values, -np.inf).argmax(axis=1)
            place = np.arange(len(x)), form
            better = values[place] < least
            best = np.where(better[:, None], x, best)
            least, doubt = (
                np.where(better, values[place], least),
                np.where(better, size[place], doubt),
            )
            step = reach * (high - low) * np.sign(self._gradient(form, slopes))
            x = np.clip(x - step, low, high)
        order = np.argsort(least)
        return [best[i] for i in order.tolist() if least[i] <= _NEAR * doubt[i]]

    @cached_property
    def _starts(self) -> Ints:
        return np.array([a for a, _ in self.violations])

    @cached_property
    def _lengths(self) -> Ints:
        return np.array([b - a for a, b in self.violations])

    @cached_property
    def _knots(self) -> list[Floats]:
        return [_knots(table) for table in self.net.tables]

    def _values(self, x: Floats) -> tuple[Floats, Floats, list[Floats]]:
        """All forms at some points, the sizes of what they sum up, and all neurons' slopes."""
        h, slopes = x, []
        parts = zip(self.net.layers.maps, self.net.tables, self._knots, strict=False)
        for affine, table, knots in parts:
            z = h @ affine.weight.T + affine.bias
            slope, offset = _pieces(table, knots, z)
            h = slope * z + offset
            slopes.append(slope)
        forms = self.forms
        size = np.abs(h) @ np.abs(forms.weight).T + np.abs(forms.bias)
        return h @ forms.weight.T + forms.bias, size, slopes

    def _gradient(self, form: Ints, slopes: Sequence[Floats]) -> Floats:
        """The gradient of one form at each point."""
        rows: Floats = self.forms.weight[form]
        for affine, slope in zip(self.net.layers.maps[-2::-1], slopes[::-1], strict=True):
            rows = (rows * slope) @ affine.weight
        return rows


def _knots(table: Table) -> Floats:
    """The breakpoints of every neuron in a row, filled up with infinities."""
    rank = np.arange(len(table.owner)) - np.searchsorted(table.owner, table.owner)
    knots = np.full((len(table.lines), table.slope.shape[1] - 1), np.inf)
    knots[table.owner, rank] = table.knot
    return knots


def _pieces(table: Table, knots: Floats, z: Floats) -> tuple[Floats, Floats]:
    """Slope and offset of every neuron at every point."""
    slope, offset = (np.broadcast_to(t[:, 0], z.shape) for t in (table.slope, table.offset))
    for k in range(knots.shape[1]):
        beyond = z > knots[:, k]
        slope = np.where(beyond, table.slope[:, k + 1], slope)
        offset = np.where(beyond, table.offset[:, k + 1], offset)
    return slope, offset
