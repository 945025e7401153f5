"""The combinatorial part of the certificate: incidences, twins, boundary, and what defines each
corner.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from symnet.exact.affine import nearest_float
from symnet.exact.arrays import Bools, Floats, Ints, Octets, Signs

if TYPE_CHECKING:
    from symnet.regions.complex import Complex

Point = tuple[Fraction, ...]


class StructureError(AssertionError):
    """The cells do not fit together."""


@dataclass
class Corners:
    """What defines each corner: the neurons ``first`` and ``second`` that vanish there, on cell
    ``home``.

    ``second[v] == -2`` means a side of the domain, ``domain_side[v]``; corners with ``first[v] ==
    -1`` are ``special``: they have explicit coordinates.
    """

    domain: tuple[Point, ...]
    order: Ints
    start: Ints
    cell: Ints
    first: Ints
    second: Ints
    home: Ints
    domain_side: Ints
    walk: list[int]
    special: Ints = field(init=False)
    _by_home: Ints = field(init=False)

    def __post_init__(self) -> None:
        self.special = np.flatnonzero(self.first < 0)
        defined = np.flatnonzero(self.first >= 0)
        self._by_home = defined[np.argsort(self.home[defined], kind="stable")]

    def cells_at(self, v: int) -> Ints:
        """Return the cells that have corner v."""
        return self.cell[self.order[self.start[v] : self.start[v + 1]]]

    def defined_in(self, low: int, high: int) -> Ints:
        """Return the corners to be located on cells low .. high."""
        home = self.home[self._by_home]
        return self._by_home[np.searchsorted(home, low) : np.searchsorted(home, high, side="right")]

    def side_forms(self, vertices: Ints) -> tuple[Floats, Floats]:
        """Return the forms of the domain's sides on which boundary corners lie."""
        table = np.array([_line(self.domain, k) for k in range(len(self.domain))], dtype=object)
        sides = self.domain_side[vertices]
        rows = np.array([[nearest_float(x.numerator, x.denominator) for x in row] for row in table])
        form: Floats = rows[sides].T
        return form, np.abs(form) * 2.0**-53 + 2.0**-1070

    def check_side(self, v: int, x: Point) -> None:
        """Check that an explicit boundary corner lies where the walk round the boundary says."""
        side = int(self.domain_side[v])
        if side < 0:
            return
        if len(x) == 1 or v in self.walk_corners:
            if x != self.domain[side]:
                raise StructureError(f"corner {v} at {x} is not the domain's corner {side}")
            return
        a, b, c = _line(self.domain, side)
        if a * x[0] + b * x[1] + c != 0:
            raise StructureError(f"corner {v} at {x} is not on side {side} of the domain")

    @property
    def walk_corners(self) -> set[int]:
        """The vertices at the domain's corners."""
        return set(self.walk_starts)

    walk_starts: tuple[int, ...] = ()

    def steps(self) -> Iterator[tuple[int, int, int, int]]:
        """Yield (a, b, axis, way): the coordinate `axis` must grow (way 1) or fall (-1) from a to
        b.
        """
        if len(self.domain[0]) == 1:
            for a, b in zip(self.walk, self.walk[1:], strict=False):
                yield a, b, 0, 1
            return
        for a, b in zip(self.walk, self.walk[1:] + self.walk[:1], strict=True):
            side = int(self.domain_side[a])
            p, q = self.domain[side], self.domain[(side + 1) % len(self.domain)]
            axis = 0 if abs(q[0] - p[0]) >= abs(q[1] - p[1]) else 1
            yield a, b, axis, 1 if q[axis] > p[axis] else -1


def _line(domain: Sequence[Point], side: int) -> tuple[Fraction, Fraction, Fraction]:
    """Return (a, b, c) with a x + b y + c = 0 on a side of the polygon."""
    p, q = domain[side], domain[(side + 1) % len(domain)]
    a, b = q[1] - p[1], p[0] - q[0]
    return a, b, -(a * p[0] + b * p[1])


def classify(complex_: Complex, signs: Sequence[Signs]) -> Corners:
    """Check the incidences and find what defines every corner."""
    cells = complex_.cells
    n = complex_.vertex_count
    size = np.diff(cells.offset)
    cell = np.repeat(np.arange(len(complex_)), size)
    order = np.argsort(cells.corner, kind="stable")
    degree = np.bincount(cells.corner, minlength=n)
    if degree.min() == 0:
        raise StructureError(f"vertex {int(degree.argmin())} belongs to no cell")
    start = np.concatenate([[0], np.cumsum(degree)])
    walk, starts, domain_side = _walk(complex_)

    above = np.packbits(np.hstack([s > 0 for s in signs]), axis=1)
    zero_cells: Bools = np.asarray(np.hstack([s == 0 for s in signs]).any(axis=1))
    first, second, home = np.full(n, -1), np.full(n, -1), np.full(n, -1)
    on_boundary = domain_side >= 0
    four = np.flatnonzero((degree == 2**complex_.dimension) & ~on_boundary)
    around = cell[order[start[four][:, None] + np.arange(2**complex_.dimension)]]
    _define(above, around, four, first, second, complex_.dimension)
    home[four] = around[:, 0]
    if complex_.dimension == 2:
        is_start = np.zeros(n, dtype=np.bool_)
        is_start[list(starts)] = True
        two = np.flatnonzero((degree == 2) & on_boundary & ~is_start)
        around = cell[order[start[two][:, None] + np.arange(2)]]
        _define(above, around, two, first, second, 1)
        second[two[first[two] >= 0]] = -2
        home[two] = around[:, 0]
    first[cells.corner[zero_cells[cell]]] = -1
    second[first < 0] = -1
    return Corners(
        complex_.domain.corners, order, start, cell, first, second, home, domain_side, walk,
        walk_starts=starts,
    )  # fmt: skip


def _define(above: Octets, around: Ints, v: Ints, first: Ints, second: Ints, k: int) -> None:
    """Define corners whose 2**k cells show all sign combinations of exactly k neurons."""
    if not v.size:
        return
    words = above[around]
    varied = np.bitwise_or.reduce(words, axis=1) & ~np.bitwise_and.reduce(words, axis=1)
    proper = np.bitwise_count(varied).sum(axis=1) == k
    if k == 2:
        for i in range(4):
            for j in range(i):
                proper &= (words[:, i] != words[:, j]).any(axis=1)
    rows = np.flatnonzero(proper)
    place = np.flatnonzero(np.unpackbits(varied[rows]).reshape(-1))
    bits = (place % (8 * above.shape[1])).reshape(-1, k)
    first[v[rows]] = bits[:, 0]
    if k == 2:
        second[v[rows]] = bits[:, 1]


def _walk(complex_: Complex) -> tuple[list[int], tuple[int, ...], Ints]:
    """Check twins; return the boundary vertices in order, those at the domain's corners, and the
    sides.
    """
    cells = complex_.cells
    domain_side = np.full(complex_.vertex_count, -1)
    if complex_.dimension == 1:
        return _walk_line(complex_, domain_side)
    size = np.diff(cells.offset)
    last = np.repeat(cells.offset[1:] - 1, size)
    begin = np.repeat(cells.offset[:-1], size)
    index = np.arange(last.shape[0])
    tail, head = cells.corner, cells.corner[np.where(index == last, begin, index + 1)]
    low, high = np.minimum(tail, head), np.maximum(tail, head)
    key = low * complex_.vertex_count + high
    order = np.argsort(key, kind="stable")
    key, forward = key[order], (tail < head)[order]
    repeat = np.append(False, key[1:] == key[:-1])
    alike = np.equal(forward[1:], forward[:-1])
    if (repeat[1:] & repeat[:-1]).any() or (alike & repeat[1:]).any():
        raise StructureError("a side has more than two cells, or two on the same side of it")
    alone = ~repeat & ~np.append(repeat[1:], False)
    outer = order[alone]
    following = dict(zip(tail[outer].tolist(), head[outer].tolist(), strict=True))
    definitions = [(v, complex_.definition(v)) for v in following]
    at_corner = {complex_.exact_point(v): v for v, known in definitions if known is None}
    starts = tuple(at_corner.get(corner, -1) for corner in complex_.domain.corners)
    if -1 in starts or len(following) != outer.size:
        raise StructureError("the boundary of the cells does not pass the domain's corners once")
    walk, v, side = [], starts[0], -1
    for _ in range(len(following)):
        if v in starts:
            side += 1
            if side >= len(starts) or starts[side] != v:
                raise StructureError("the domain's corners are passed in a wrong order")
        walk.append(v)
        domain_side[v] = side
        v = following.get(v, -1)
    if v != starts[0] or len(set(walk)) != len(following) or side != len(starts) - 1:
        raise StructureError("the boundary of the cells is not one closed curve")
    return walk, starts, domain_side


def _walk_line(complex_: Complex, domain_side: Ints) -> tuple[list[int], tuple[int, ...], Ints]:
    left, right = complex_.cells.corner.reshape(-1, 2).T
    following = dict(zip(left.tolist(), right.tolist(), strict=True))
    ends = sorted(set(left.tolist()) - set(right.tolist()))
    if len(ends) != 1 or len(following) != left.shape[0]:
        raise StructureError("the intervals do not follow each other")
    walk = [ends[0]]
    while walk[-1] in following and len(walk) <= left.shape[0]:
        walk.append(following[walk[-1]])
    if len(walk) != left.shape[0] + 1 or len(set(walk)) != len(walk):
        raise StructureError("the intervals do not follow each other")
    domain_side[walk[0]], domain_side[walk[-1]] = 0, 1
    return walk, (walk[0], walk[-1]), domain_side
