"""Which half-spaces describe a polyhedron that has a point in its inside."""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul

import numpy as np
from flint import fmpq

from ..exact.affine import nearest_float
from ..exact.linear_program import LinearSystem, Optimal, maximise
from ..exact.rounding import unit_roundoff
from ..regions.domains import Vector
from ._floats import FLOOR

#: A wall: a x <= b in integers.
Wall = tuple[tuple[int, ...], int]


def irredundant(walls: Sequence[Wall], x: Vector) -> list[int]:
    """The places of the half-spaces that the others do not imply.

    They are different, and x satisfies all of them strictly. A ray from x leaves through the wall
    that it meets first; where that is one alone, the wall is needed. For the others the maximum
    of a y over the rest, and a y <= b + 1, says whether they are.

    >>> irredundant([((1, 0), 1), ((1, 0), 2), ((1, 1), 2)], (fmpq(0), fmpq(0)))
    [0, 2]
    """
    needed = _met_first(walls, x) if walls else set()
    kept = set(range(len(walls)))
    for k in range(len(walls)):
        if k in needed:
            continue
        others = [walls[j] for j in sorted(kept) if j != k]
        a, b = walls[k]
        system = LinearSystem.of([w for w, _ in others] + [a], [v for _, v in others] + [b + 1])
        best = maximise(a, system)
        assert isinstance(best, Optimal)
        if best.value <= b:
            kept.discard(k)
    return sorted(kept)


def _met_first(walls: Sequence[Wall], x: Vector) -> set[int]:
    """Walls that are met first, and alone, by the rays from x across each of them.

    The time to a wall is its slack over a d; bounds on both decide, or leave it open.
    """
    slack = [b - sum(map(mul, x, a), fmpq(0)) for a, b in walls]
    size = [max(map(abs, a)) for a, _ in walls]
    rows = np.array(
        [[nearest_float(v, s) for v in a] for (a, _), s in zip(walls, size, strict=True)]
    ).reshape(len(walls), -1)
    pairs = zip(slack, size, strict=True)
    near = np.array([nearest_float(int(v.p), int(v.q * s)) for v, s in pairs])
    g = 1.01 * (rows.shape[1] + 8) * unit_roundoff()
    with np.errstate(all="ignore"):
        speed, doubt = rows @ rows.T, g * (np.abs(rows) @ np.abs(rows.T)) + FLOOR
        soonest = np.where(speed > -doubt, near[:, None] / (speed + doubt) * (1 - g), np.inf)
        latest = np.where(speed > doubt, near[:, None] / (speed - doubt) * (1 + g), np.inf)
    found: set[int] = set()
    for k in range(len(walls)):
        first = int(latest[:, k].argmin())
        if (np.delete(soonest[:, k], first) > latest[first, k]).all():
            found.add(first)
    return found
