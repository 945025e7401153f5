"""Along the segment between two points: every breakpoint, and the map between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from typing import Any

import sympy as sp

from ..base import Network
from ..errors import DomainError, ShapeError
from ..pictures.picture import Picture
from ..regions.decisions import Decisions
from ..regions.domains import Box, Slice
from ..regions.making import piecewise
from ..regions.piecewise_linear import PiecewiseLinear
from ..regions.region import Region
from ._local import Neuron, point_of


@dataclass(frozen=True, eq=False)
class Step:
    """A part of a walk, from t = ``start`` to ``end``, on which f(x(t)) = slope t + offset.

    ``slope`` and ``offset`` are (outputs, 1); ``label`` is the greatest output, None where several
    are the greatest all along or there is only one output.
    """

    region: Region
    label: int | None

    @cached_property
    def _ends(self) -> list[sp.Rational]:
        return sorted(v[0] for v in self.region.vertices)

    @property
    def start(self) -> sp.Rational:
        return self._ends[0]

    @property
    def end(self) -> sp.Rational:
        return self._ends[1]

    @property
    def slope(self) -> sp.ImmutableDenseMatrix:
        return self.region.A

    @property
    def offset(self) -> sp.ImmutableDenseMatrix:
        return self.region.c


class Walk:
    """A network along x(t) = a + t (b - a), 0 <= t <= 1; made by :func:`symnet.walk`.

    ``function`` is the network as a function of t, with all that a :class:`PiecewiseLinear` has.
    """

    def __init__(self, function: PiecewiseLinear) -> None:
        self.function = function

    def __len__(self) -> int:
        return len(self.function)

    def __repr__(self) -> str:
        return f"Walk({len(self)} regions, {len(self.changes)} changes of the greatest output)"

    def point(self, t: Any) -> tuple[sp.Rational, ...]:
        """The point x(t)."""
        return self.function.domain.point([t])

    @cached_property
    def breakpoints(self) -> tuple[sp.Rational, ...]:
        """The t between 0 and 1 at which a neuron bends, in increasing order."""
        return tuple(sorted(v[0] for v in self.function.vertices if 0 < v[0] < 1))

    @cached_property
    def crossings(self) -> tuple[tuple[Neuron, ...], ...]:
        """For every breakpoint the neurons, (hidden layer, neuron) from 0, that bend there."""
        at: dict[sp.Rational, list[Neuron]] = {t: [] for t in self.breakpoints}
        for neuron, pairs in self.function.boundaries.items():
            for i, j in pairs:
                at[_common(self.function.regions[i], self.function.regions[j])].append(neuron)
        return tuple(tuple(sorted(neurons)) for neurons in at.values())

    @cached_property
    def _decisions(self) -> Decisions | None:
        return self.function.decisions() if self.function.network.outputs > 1 else None

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The parts on which the map and the greatest output are one, in order."""
        decided = self._decisions
        function = self.function if decided is None else decided.function
        labels = [None] * len(function) if decided is None else [
            next(iter(best)) if len(best) == 1 else None for best in decided.winners
        ]  # fmt: skip
        order = _from_left_to_right(function)
        return tuple(Step(function.regions[k], labels[k]) for k in order)

    @cached_property
    def labels(self) -> tuple[tuple[sp.Rational, sp.Rational, int | None], ...]:
        """(start, end, greatest output) for the stretches on which it stays the same."""
        found = []
        for label, steps in groupby(self.steps, key=lambda step: step.label):
            part = list(steps)
            found.append((part[0].start, part[-1].end, label))
        return tuple(found)

    @property
    def changes(self) -> tuple[sp.Rational, ...]:
        """Where the greatest output changes."""
        return tuple(second[0] for _, second in pairwise(self.labels))

    def plot(self, **options: Any) -> Picture:
        """The outputs along the walk: see :meth:`PiecewiseLinear.plot`."""
        return self.function.plot(**{"names": ["t"], **options})


def walk(net: Network, a: Any, b: Any, *, max_regions: int | None = None) -> Walk:
    """A network along the segment from a to b: all breakpoints, exactly.

    Parameters
    ----------
    net : piecewise-linear Network with rational weights, n inputs
    a, b : n numbers each, different; floats are the rational numbers that they are
    max_regions : int
        Where to stop with a :class:`TooManyRegionsError`.

    Examples
    --------
    >>> import symnet as sn
    >>> net = sn.Sequential(
    ...     sn.Linear([[1, 1], [1, -1]], [-1, 0]), sn.ReLU(), sn.Linear([[1, 0], [0, 1]], [0, -1])
    ... )
    >>> path = sn.walk(net, [0, 0], [3, 1])
    >>> path.breakpoints, path.crossings
    ((1/4,), (((0, 0),),))
    >>> path.labels
    ((0, 1, 0),)
    >>> path.steps[-1].slope.T, path.point(path.breakpoints[0])
    (Matrix([[4, 2]]), (3/4, 1/4))

    Source: definition; Serra, Tjandraatmadja and Ramalingam 2018 for regions along lines.
    """
    wanted = net.in_features
    size = None if wanted is None or not wanted.is_Integer else int(wanted)
    start = point_of(a, size, "the start")
    end = point_of(b, len(start), "the end")
    if start == end:
        raise DomainError("the walk starts where it ends; local(net, x) is about one point")
    line = Slice(start, [[q - p for p, q in zip(start, end, strict=True)]], Box([0, 1]))
    function = piecewise(net, domain=line, max_regions=max_regions)
    if not function.is_continuous:
        raise ShapeError("the network jumps on the way; piecewise(net, domain=Slice(…)) takes it")
    return Walk(function)


def _from_left_to_right(function: PiecewiseLinear) -> list[int]:
    """The regions of a function on an interval in their order, from neighbour to neighbour."""
    beside: list[list[int]] = [[] for _ in range(len(function))]
    for i, j in function.neighbours:
        beside[i].append(j)
        beside[j].append(i)
    ends = [k for k, others in enumerate(beside) if len(others) < 2]
    order = [min(ends, key=lambda k: min(function.regions[k].vertices))]
    while len(order) < len(beside):
        order.append(next(k for k in beside[order[-1]] if k not in order[-2:]))
    return order


def _common(one: Region, other: Region) -> sp.Rational:
    """The end that two neighbouring intervals have in common."""
    (shared,) = set(one.vertices) & set(other.vertices)
    return shared[0]
