r"""Roots of affine functions on segments, and their order.

A function with values a at p and c at q of opposite signs has its root at t = |a| / (|a| + |c|) of
the way from p to q. With errors e_a, e_c of the values,

    |t - t*| <= (e_a (1 - t) + e_c t) / (|a| + |c| - e_a - e_c)    (and at most 1),

because t - t* = (a c* - a* c) / ((a - c)(a* - c*)); to this come 2.1 u for the rounding of t, and u
for that of the ends of the interval around it. Two roots whose intervals are disjoint are
ordered; where they overlap, the exact ratios |a| / |c| decide, and equal ratios are one point.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from flint import fmpq

from symnet.exact.arrays import Bools, Floats, Ints
from symnet.exact.rounding import unit_roundoff


def roots(a: Floats, c: Floats, ea: Floats, ec: Floats) -> tuple[Floats, Floats]:
    """Return t and its error bound, 0 <= t <= 1, for values a and c of opposite signs."""
    a, c = np.abs(a), np.abs(c)
    size = a + c
    t = a / size
    dt = ea * (1 - t)
    dt += ec * t
    size -= ea
    size -= ec
    dt /= size
    dt *= 1 + 1e-9
    dt += 4 * unit_roundoff()
    good = (size > 0) & (dt < 1)
    if not good.all():
        dt[~good] = 1.0
        t[~(t <= 1)] = 0.5  # a NaN: both values vanished or overflowed in float64
    return t, dt


def order_roots(
    segment: Ints, t: Floats, dt: Floats, ratio: Callable[[int], fmpq]
) -> tuple[Ints, Bools]:
    """Sort roots by segment and along it; return the order and which of the sorted begin a new
    point.

    ``ratio(i)`` is the exact |a| / |c| of root i; it is asked for only on segments where some
    neighbouring intervals overlap. Roots at one point keep their original order.
    """
    # one float key for both; the intervals take in what the addition loses
    key = 2.0 * segment
    key += t
    order = key.argsort()
    count = order.shape[0]
    first = np.ones(count, dtype=np.bool_)
    if count < 2:
        return order, first
    key, reach = key.take(order), dt.take(order)
    reach += 4 * unit_roundoff() * (float(key[-1]) + 2)
    overlap = (key + reach)[:-1] >= (key - reach)[1:]
    if overlap.any():
        s = segment.take(order)
        doubtful = np.flatnonzero(overlap & (s[1:] == s[:-1]))
        starts = np.searchsorted(s, np.unique(s[doubtful]), side="left")
        ends = np.searchsorted(s, s[starts], side="right")
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            _order_exactly(order, first, start, end, ratio)
    return order, first


def _order_exactly(
    order: Ints, first: Bools, start: int, end: int, ratio: Callable[[int], fmpq]
) -> None:
    """Sort order[start:end] by exact ratio, and mark which begin a new point."""
    items = sorted(order[start:end].tolist())
    keys = [ratio(i) for i in items]
    permutation = sorted(range(len(items)), key=keys.__getitem__)
    for place, k in enumerate(permutation):
        order[start + place] = items[k]
        first[start + place] = place == 0 or keys[k] != keys[permutation[place - 1]]
