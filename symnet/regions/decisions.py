"""Where which output is the greatest."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from ..exact.affine import AffineMap
from .activation import IDENTITY, RELU
from .layer_list import LayerList

if TYPE_CHECKING:
    from .piecewise_linear import PiecewiseLinear
    from .region import Region


@dataclass(frozen=True, eq=False)
class Decisions:
    """The domain in cells on which the same outputs are the greatest.

    ``function`` is the function on regions that are cut where two outputs are equal, and
    ``winners[k]`` are the outputs that are greatest on all of its region k: one, or several that
    are equal there.
    """

    function: PiecewiseLinear
    winners: tuple[frozenset[int], ...]

    def cells(self, output: int) -> tuple[Region, ...]:
        """The regions on which an output is the greatest."""
        found = (k for k, best in enumerate(self.winners) if output in best)
        return tuple(self.function.regions[k] for k in found)

    @property
    def boundary(self) -> tuple[tuple[int, int], ...]:
        """The neighbouring regions between which the decision changes."""
        pairs = self.function.neighbours
        return tuple((i, j) for i, j in pairs if self.winners[i] != self.winners[j])


def compared(layers: LayerList) -> LayerList:
    """The same function with one more layer, whose neurons are the differences of two outputs."""
    n = layers.outputs
    pairs = list(combinations(range(n), 2))
    weight = np.zeros((n + len(pairs), n))
    weight[:n] = np.eye(n)
    for row, (i, j) in enumerate(pairs, start=n):
        weight[row, i], weight[row, j] = 1, -1
    functions = (IDENTITY,) * n + (RELU,) * len(pairs)
    inner = AffineMap.from_floats(weight, np.zeros(len(weight)))
    outer = AffineMap.from_floats(np.eye(n, len(weight)), np.zeros(n))
    return layers.then(LayerList((inner, outer), (functions,)))


def winners(function: PiecewiseLinear) -> tuple[frozenset[int], ...]:
    """The greatest outputs on every region of a function that :func:`compared` made."""
    n = function.network.outputs
    start = function.network.starts[-2]
    losers = np.zeros((len(function), n), dtype=np.bool_)
    for k, (i, j) in enumerate(combinations(range(n), 2), start=start):
        signs = function.cells.signs[:, k]
        losers[:, j] |= signs > 0
        losers[:, i] |= signs < 0
    return tuple(frozenset(np.flatnonzero(~row).tolist()) for row in losers)
