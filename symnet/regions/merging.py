"""Cells that are parts of one region, joined; what only the parts had in common is left out.

Sides between parts of one region go, and so do vertices from which nothing but one straight line
is left. What stays is the complex of the regions, since they meet in whole faces.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from symnet.exact.arrays import Bools, Ints
from symnet.regions.faces import cycles
from symnet.regions.glue import Cells


def merged(cells: Cells, region: Ints, straight: Callable[[int, int, int], bool]) -> Cells:
    """The regions as cells; ``region[c]`` is the number of the one that has cell c as a part.

    ``straight(p, v, q)`` tells whether vertices p, v and q are on one line of the plane.
    """
    if (cells.p == cells.q).all():
        return _merged_line(cells, region)
    size = np.diff(cells.offset)
    owner = np.repeat(np.arange(size.shape[0]), size)
    following = np.arange(1, owner.shape[0] + 1)
    following[cells.offset[1:] - 1] = cells.offset[:-1]
    twin = _twins(cells.side)
    inside = (twin >= 0) & (region.take(owner) == region.take(owner.take(twin)))
    if not inside.any():
        return cells
    after = _passing(following, inside, following.take(twin), ~inside)
    walls = np.ones(cells.p.shape[0], dtype=np.bool_)
    walls[cells.side[inside]] = False
    dropped, side = _straightened(cells, walls, straight)
    gone = dropped.take(cells.corner)
    stays = ~(inside | gone)
    after = _passing(after, gone, after, stays)

    kept = np.flatnonzero(stays)
    place = np.empty(owner.shape[0], dtype=np.int64)
    place[kept] = np.arange(kept.shape[0])
    order, offset = cycles(place.take(after.take(kept)))
    half = kept.take(order)
    first = owner.take(half.take(offset[:-1]))
    used, corner = np.unique(cells.corner.take(half), return_inverse=True)
    labels, side = np.unique(side.take(cells.side.take(half)), return_inverse=True)
    p, q = np.empty(labels.shape[0], dtype=np.int64), np.empty(labels.shape[0], dtype=np.int64)
    end = np.arange(1, half.shape[0] + 1)
    end[offset[1:] - 1] = offset[:-1]
    p[side], q[side] = corner, corner.take(end)
    return Cells(
        cells.table_row.take(used), p, q, offset, corner, side,
        cells.positive.take(first, axis=0), cells.zero.take(first, axis=0),
    )  # fmt: skip


def _twins(side: Ints) -> Ints:
    """For every half-edge the other one on its side, -1 where there is none."""
    order = np.argsort(side, kind="stable")
    pair = np.flatnonzero(np.diff(side.take(order)) == 0)
    twin = np.full(side.shape[0], -1)
    twin[order[pair]], twin[order[pair + 1]] = order[pair + 1], order[pair]
    return twin


def _passing(after: Ints, through: Bools, beyond: Ints, stays: Bools) -> Ints:
    """The successors of those that stay, where half-edges to be passed hand over beyond them."""
    after = after.copy()
    while True:
        rest = np.flatnonzero(through.take(after) & stays)
        if not rest.size:
            return after
        after[rest] = beyond.take(after.take(rest))


def _straightened(
    cells: Cells, walls: Bools, straight: Callable[[int, int, int], bool]
) -> tuple[Bools, Ints]:
    """Which vertices go, and a label for every side, the same for those that become one."""
    label = np.arange(walls.shape[0])
    here = np.flatnonzero(walls)
    ends = np.concatenate([cells.p.take(here), cells.q.take(here)])
    other = np.concatenate([cells.q.take(here), cells.p.take(here)])
    degree = np.bincount(ends, minlength=cells.table_row.shape[0])
    dropped = degree == 0
    order = np.argsort(ends, kind="stable")
    start = np.cumsum(degree) - degree
    sides = np.concatenate([here, here])
    for v in np.flatnonzero(degree == 2).tolist():
        i, j = order[start[v] : start[v] + 2].tolist()
        if straight(int(other[i]), v, int(other[j])):
            dropped[v] = True
            low, high = sorted((int(label[sides[i]]), int(label[sides[j]])))
            label[label == high] = low
    return dropped, label


def _merged_line(cells: Cells, region: Ints) -> Cells:
    """Intervals, from left to right corner by corner; parts of one region lie side by side."""
    left, right = cells.corner.reshape(-1, 2).T.copy()
    start = dict(zip(left.tolist(), range(left.shape[0]), strict=True))
    kept = np.ones(left.shape[0], dtype=np.bool_)
    for c in np.argsort(region, kind="stable").tolist():
        while (
            kept[c] and (other := start.get(int(right[c]), -1)) >= 0 and region[other] == region[c]
        ):
            kept[other] = False
            right[c] = right[other]
    corner = np.stack([left[kept], right[kept]], axis=1).ravel()
    used, corner = np.unique(corner, return_inverse=True)
    every = np.arange(used.shape[0])
    offset = 2 * np.arange(int(kept.sum()) + 1)
    return Cells(
        cells.table_row.take(used), every, every, offset, corner, corner,
        cells.positive[kept], cells.zero[kept],
    )  # fmt: skip
