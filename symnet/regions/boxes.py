"""Which of many boxes meet, without comparing every two."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..exact.arrays import Floats


def overlapping(low: Floats, high: Floats) -> Iterator[tuple[int, int]]:
    """All pairs of boxes with a common point, from bounds (boxes, d) that may be infinite.

    The boxes are swept along the axis on which the fewest of them overlap.

    >>> sorted(overlapping(np.array([[0.0], [3.0], [1.0]]), np.array([[1.0], [4.0], [2.0]])))
    [(0, 2)]
    """
    if not low.size:
        return
    axis = min(range(low.shape[1]), key=lambda k: _meetings(low[:, k], high[:, k]))
    order = np.argsort(low[:, axis], kind="stable")
    low, high = low[order], high[order]
    ends = np.searchsorted(low[:, axis], high[:, axis], side="right")
    for i, end in enumerate(ends.tolist()):
        later = slice(i + 1, end)
        meets = ((low[later] <= high[i]) & (low[i] <= high[later])).all(axis=1)
        for j in np.flatnonzero(meets).tolist():
            one, other = int(order[i]), int(order[i + 1 + j])
            yield min(one, other), max(one, other)


def _meetings(low: Floats, high: Floats) -> int:
    return int(np.searchsorted(np.sort(low), high, side="right").sum())
