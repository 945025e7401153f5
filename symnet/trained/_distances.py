"""The nearest of many hyperplanes, exactly: floats with bounds leave few for rational numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul
from typing import Any

import numpy as np
import sympy as sp
from flint import fmpq

from ..exact.arrays import Floats
from ..exact.rounding import unit_roundoff
from ..regions.domains import Vector, number
from ._floats import FLOOR, SLACK, Bounded
from ._prepared import Prepared


@dataclass(frozen=True)
class Nearest:
    """A nearest boundary: its distance, a point of it that is so near, the neurons that bend there.

    ``neurons`` are pairs (layer, neuron) of the hidden layers, from 0: all that are as near.
    """

    distance: sp.Expr
    point: tuple[sp.Rational, ...]
    neurons: tuple[tuple[int, int], ...]


@dataclass(frozen=True, eq=False)
class Wall:
    """The hyperplane a y + c = 0 and the place of the neuron that bends there."""

    a: list[fmpq]
    value: fmpq

    def measure(self, p: Any) -> fmpq:
        """The distance of x, to the square for p = 2: |a x + c| over the dual norm of a."""
        if p == 2:
            return self.value**2 / sum((v * v for v in self.a), fmpq(0))
        sizes = [abs(v) for v in self.a]
        return abs(self.value) / (max(sizes) if p == 1 else sum(sizes, fmpq(0)))

    def foot(self, x: Vector, p: Any) -> tuple[fmpq, ...]:
        """A point of the hyperplane at that distance."""
        if p == 2:
            step = self.value / sum((v * v for v in self.a), fmpq(0))
            return tuple(t - step * v for t, v in zip(x, self.a, strict=True))
        if p == 1:
            k = max(range(len(self.a)), key=lambda i: abs(self.a[i]))
            return tuple(t - (self.value / self.a[k] if i == k else 0) for i, t in enumerate(x))
        step = self.value / sum((abs(v) for v in self.a), fmpq(0))
        return tuple(t - step * ((v > 0) - (v < 0)) for t, v in zip(x, self.a, strict=True))


def check_norm(p: Any) -> Any:
    """1, 2 or oo, or an error."""
    if p in (1, 2):
        return p
    if p in (sp.oo, float("inf")):
        return sp.oo
    raise ValueError(f"the distance is known in the norms 1, 2 and oo, not for p = {p}")


def nearest(
    net: Prepared, signs: Sequence[int], x: Vector, forms: Sequence[Bounded], p: Any
) -> Nearest | None:
    """The boundary of the region with these signs that is nearest to its point x."""
    p = check_norm(p)
    low, high = _estimates(net, x, forms, p)
    if not high.size:
        return None
    # a neuron that is zero at x, which is inside of its region, is zero on all of it
    bends = np.asarray(signs) != 0
    open_ = np.flatnonzero(bends & ~(low > np.nanmin(np.append(high, np.inf)))).tolist()
    found: list[tuple[fmpq, Wall, tuple[int, int]]] = []
    for v in open_:
        neuron, wall = _wall(net, signs, x, v)
        if any(wall.a):
            found.append((wall.measure(p), wall, neuron))
    if not found:
        return None
    least = min(measure for measure, *_ in found)
    ties = [(wall, neuron) for measure, wall, neuron in found if measure == least]
    distance = sp.sqrt(number(least)) if p == 2 else number(least)
    point = tuple(map(number, ties[0][0].foot(x, p)))
    return Nearest(distance, point, tuple(dict.fromkeys(neuron for _, neuron in ties)))


def _wall(net: Prepared, signs: Sequence[int], x: Vector, v: int) -> tuple[tuple[int, int], Wall]:
    """The hyperplane of a breakpoint, numbered through all layers."""
    starts = net.layers.starts
    layer = next(k for k in range(len(net.tables)) if v < starts[k + 1])
    i = int(net.tables[layer].owner[v - starts[layer]])
    first = int(np.searchsorted(net.tables[layer].owner, i)) + starts[layer]
    beta = net.layers.functions[layer][i].breakpoints[v - first]
    matrix, scale = net.forms(layer, [i], signs)
    row = [fmpq(e, scale) for e in matrix.tolist()[0]]
    shift = fmpq(beta.numerator, beta.denominator)
    return (layer, i), Wall(row[:-1], sum(map(mul, row, x), row[-1]) - shift)


@np.errstate(all="ignore")
def _estimates(net: Prepared, x: Vector, forms: Sequence[Bounded], p: Any) -> tuple[Floats, Floats]:
    """Bounds of the distances to the hyperplanes of all breakpoints."""
    at = Bounded.of(x)
    g = 1.01 * (len(x) + 8) * unit_roundoff()
    lows, highs = [], []
    for table, form in zip(net.tables, forms, strict=True):
        slope, error = form.value[:, :-1], form.error[:, :-1]
        size = np.abs(slope)
        value = slope @ at.value + form.value[:, -1]
        doubt = error @ np.abs(at.value) + size @ at.error + error @ at.error
        doubt += form.error[:, -1] + g * (size @ np.abs(at.value) + np.abs(form.value[:, -1]))
        value, doubt = value[table.owner] - table.knot, doubt[table.owner]
        doubt = (doubt + g * (np.abs(value) + 2 * np.abs(table.knot))) * SLACK + FLOOR
        norm, room = _dual(size, p)[table.owner], _dual(error, p)[table.owner]
        room = (room + g * norm) * SLACK + FLOOR
        lows.append((np.abs(value) - doubt) / (norm + room) / SLACK)
        above = (np.abs(value) + doubt) / (norm - room) * SLACK
        highs.append(np.where(norm > room, above, np.inf))
    return np.concatenate([*lows, np.zeros(0)]), np.concatenate([*highs, np.zeros(0)])


def _dual(rows: Floats, p: Any) -> Floats:
    """The dual of the p-norm of every row."""
    if p == 2:
        return np.sqrt(np.square(rows).sum(axis=1))
    return rows.max(axis=1, initial=0.0) if p == 1 else rows.sum(axis=1)
