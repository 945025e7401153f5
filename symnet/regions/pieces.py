r"""Linear pieces: regions merged where the affine map is the same across a side.

If one unit u tells two neighbouring cells apart, their maps differ by (d output / d u) times the
form of u, which does not vanish identically: the maps are equal iff that derivative, on the pattern
downstream, is zero. The derivatives of all outputs come from one backward pass per block of cells,
in float64 with the bound

    |G - G*|_k <= sum_j (R_j + g |G_j|) |W_jk|,    g = 1.01 (n + 4) u,

and what they leave open is decided by comparing the exact maps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from symnet.exact.affine import AffineMap
from symnet.exact.arrays import Bools, Ints, Signs
from symnet.exact.rounding import unit_roundoff
from symnet.regions.words import members

if TYPE_CHECKING:
    from symnet.regions.complex import Complex

_DERIVATIVES_AT_ONCE = 1 << 18
_WEIGHT_FLOOR = 2.0**-30  # keeps products of nonzero bounds from underflow


def linear_pieces(complex_: Complex) -> Ints:
    """Return for every cell the number of its linear piece, numbered 0, 1, ... by first cell."""
    pairs = complex_.adjacency()
    if not pairs.size:
        return np.zeros(len(complex_), dtype=np.int64)
    same = _same_map(complex_, pairs)
    parent = list(range(len(complex_)))

    def root(c: int) -> int:
        while parent[c] != c:
            parent[c] = parent[parent[c]]
            c = parent[c]
        return c

    for a, b in pairs[same, :2].tolist():
        low, high = sorted((root(a), root(b)))
        parent[high] = low
    label = np.array([root(c) for c in range(len(complex_))]) if same.any() else np.array(parent)
    number: Ints = np.unique(label, return_inverse=True)[1]
    return number


def _same_map(complex_: Complex, pairs: Ints) -> Bools:
    """Return for which pairs of neighbours the affine maps are equal."""
    words = complex_.cells.positive
    differs = words.take(pairs[:, 0], axis=0) ^ words.take(pairs[:, 1], axis=0)
    count = np.bitwise_count(differs).sum(axis=1)
    known = np.zeros(pairs.shape[0], dtype=np.int8)  # 1 equal, -1 different, 0 open
    zero = complex_.cells.zero
    alike = (zero.take(pairs[:, 0], axis=0) == zero.take(pairs[:, 1], axis=0)).all(axis=1)
    known[alike & (count == 0)] = 1  # the same signs: two parts of one region
    single = np.flatnonzero(count == 1)
    single = single[np.argsort(pairs[single, 0], kind="stable")]
    _, place = members(differs.take(single, axis=0))
    cell = pairs[single, 0]
    passes = _BackwardPass(complex_)
    size = max(16, _DERIVATIVES_AT_ONCE // passes.width)
    for first in range(0, len(complex_), size):
        last = min(first + size, len(complex_))
        begin, end = np.searchsorted(cell, [first, last])
        rows = slice(int(begin), int(end))
        known[single[rows]] = passes.vanishing(
            np.arange(first, last), cell[rows] - first, place[rows]
        )
    maps: dict[int, AffineMap] = {}
    for k in np.flatnonzero(known == 0).tolist():
        a, b = pairs[k, :2].tolist()
        for c in (a, b):
            if c not in maps:
                maps[c] = complex_.affine_map(c)
        known[k] = 1 if equal_maps(maps[a], maps[b]) else -1
    return known == 1


def equal_maps(one: AffineMap, other: AffineMap) -> bool:
    """Whether two affine maps are equal, exactly."""
    (n1, d1), (n2, d2) = one.integers(), other.integers()
    return bool(n1 * d2 == n2 * d1)


class _BackwardPass:
    """Derivatives of the outputs with respect to the units' outputs, on blocks of cells."""

    def __init__(self, complex_: Complex) -> None:
        self.complex = complex_
        network = complex_.network
        maps = [layer.affine for layer in network.layers[1:]] + [network.output]
        self.weights, self.sizes, self.growths = [], [], []
        for affine in maps:
            n = affine.shape[0]
            largest = np.abs(affine.weight).max(axis=1, initial=0.0)
            scale = np.where(np.isfinite(largest) & (largest > 0), largest, 1.0)[:, None]
            if affine is not network.output:
                scale = np.ones_like(scale)
            weight = affine.weight / np.exp2(np.floor(np.log2(scale)))
            nonzero = affine.nonzero[:, :-1]
            self.weights.append(weight)
            self.sizes.append(np.where(nonzero, np.maximum(np.abs(weight), _WEIGHT_FLOOR), 0.0))
            self.growths.append(1.01 * (n + 8) * unit_roundoff())
        self.outputs = network.output.shape[0]
        self.width = self.outputs * max(layer.affine.shape[0] for layer in network.layers)

    def vanishing(self, cells: Ints, row: Ints, place: Ints) -> Signs:
        """Return 1, -1 or 0: the derivative by unit ``place[i]`` on ``cells[row[i]]`` is zero, is
        not, open.

        ``place`` counts bits of the sign words of all layers.
        """
        complex_ = self.complex
        result = np.zeros(row.shape[0], dtype=np.int8)
        width = self.weights[-1].shape[1]
        g = np.broadcast_to(self.weights[-1], (cells.shape[0], self.outputs, width))
        size = np.broadcast_to(self.sizes[-1], g.shape)
        rounding = 4 * unit_roundoff() if complex_.network.output.is_float is False else 0.0
        r = size * rounding
        for layer in range(len(complex_.network.layers) - 1, -1, -1):
            start, end = complex_.word_offset[layer : layer + 2].tolist()
            here = np.flatnonzero((place >= 64 * start) & (place < 64 * end))
            unit = place[here] - 64 * start
            value = np.abs(g[row[here], :, unit])
            error, room = r[row[here], :, unit], size[row[here], :, unit]
            # `room` is zero only where every term is exactly zero
            different, equal = (value > error).any(axis=1), (room == 0).all(axis=1)
            result[here] = np.where(different, -1, np.where(equal, 1, 0))
            if layer == 0:
                break
            units = complex_.network.layers[layer]
            on = np.ones((cells.shape[0], 1, units.affine.shape[0]))
            on[:, 0, : units.relu_count] = complex_.unit_flags(layer, cells)[0]
            weight, absolute = self.weights[layer - 1], self.sizes[layer - 1]
            with np.errstate(all="ignore"):
                g = g * on
                spread = (r + self.growths[layer - 1] * np.abs(g)) * on
                size = np.minimum((size * on) @ absolute, 1.0)
                g, r = g @ weight, (spread @ absolute) * (1 + 1e-9)
        return result
