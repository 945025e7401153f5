"""Colours for areas such that neighbours differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def colouring(
    count: int, sides: Iterable[tuple[int, int]], touching: Iterable[tuple[int, int]], colours: int
) -> list[int]:
    """A number below ``colours`` for every area, different across sides.

    Where it can be, the numbers differ at common corners too, and all are used equally often.
    Areas are coloured greedily, those with fewest uncoloured neighbours last, so that on planar
    maps six colours always suffice; with fewer than that, neighbours may share one.

    Parameters
    ----------
    count : the number of areas
    sides : pairs of areas with a common side
    touching : pairs of areas with a common corner
    colours : how many there are

    >>> colouring(3, [(0, 1), (1, 2)], [(0, 2)], 6)
    [2, 1, 0]

    Source: Matula and Beck, Smallest-last ordering and clustering and graph coloring algorithms,
    1983.
    """
    near = _lists(count, sides)
    around = _lists(count, touching)
    used = [0] * colours
    found = [-1] * count
    for area in reversed(_smallest_last(near)):
        beside = {found[k] for k in near[area]}
        corner = {found[k] for k in around[area]}
        best = min(range(colours), key=lambda c: (c in beside, c in corner, used[c], c))
        found[area] = best
        used[best] += 1
    return found


def _lists(count: int, pairs: Iterable[tuple[int, int]]) -> list[set[int]]:
    near: list[set[int]] = [set() for _ in range(count)]
    for i, j in pairs:
        if i != j:
            near[i].add(j)
            near[j].add(i)
    return near


def _smallest_last(near: Sequence[set[int]]) -> list[int]:
    """The areas in an order in which each has few neighbours among those that follow it."""
    degree = [len(n) for n in near]
    buckets: list[set[int]] = [set() for _ in range(max(degree, default=0) + 1)]
    for area, d in enumerate(degree):
        buckets[d].add(area)
    order: list[int] = []
    gone = [False] * len(near)
    level = 0
    while len(order) < len(near):
        while not buckets[level]:
            level += 1
        area = min(buckets[level]) if len(near) <= 200 else next(iter(buckets[level]))
        buckets[level].remove(area)
        gone[area] = True
        order.append(area)
        for k in near[area]:
            if not gone[k]:
                buckets[degree[k]].remove(k)
                degree[k] -= 1
                buckets[degree[k]].add(k)
        level = max(level - 1, 0)
    return order
