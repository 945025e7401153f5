"""Functions of one variable: a network with one hidden layer, and its own check.

The check reads the breakpoints and slopes off the network's weights, so that a network with as many
neurons as the function has pieces is compared with it in one walk along the line.
"""

from __future__ import annotations

from itertools import pairwise
from operator import sub
from typing import TYPE_CHECKING

from flint import fmpq

from ..exact.affine import AffineMap
from .activation import RELU
from .layer_list import LayerList

if TYPE_CHECKING:
    from .piecewise_linear import PiecewiseLinear

Row = tuple[fmpq, ...]


def one_hidden_layer(pw: PiecewiseLinear) -> LayerList:
    """The network of :func:`symnet.from_piecewise` for a function of one variable, checked."""
    points, values = _graph(pw)
    layers = _built(points, values)
    known = dict(zip(points, values, strict=True))
    assert _equals(layers, pw, known), "the network that was built differs from the function"
    return layers


def _built(points: list[fmpq], values: list[Row]) -> LayerList:
    """The layers, from the values at all breakpoints and one point beyond open ends."""
    slopes = [_slope(*pair) for pair in pairwise(zip(points, values, strict=True))]
    bends = [k for k, (before, after) in enumerate(pairwise(slopes), start=1) if before != after]
    if not bends:
        offset = [v - s * points[0] for v, s in zip(values[0], slopes[0], strict=True)]
        return LayerList.affine(AffineMap.from_rationals([[s] for s in slopes[0]], offset))
    first = bends[0]
    units = [(-1, points[first], tuple(-s for s in slopes[0])), (1, -points[first], slopes[first])]
    units += [(1, -points[k], tuple(map(sub, slopes[k], slopes[k - 1]))) for k in bends[1:]]
    kept = [unit for unit in units if any(unit[2])]
    hidden = AffineMap.from_rationals([[sign] for sign, _, _ in kept], [b for _, b, _ in kept])
    weights = list(zip(*(change for _, _, change in kept), strict=True))
    return LayerList(
        (hidden, AffineMap.from_rationals(weights, values[first])), ((RELU,) * len(kept),)
    )


def _equals(layers: LayerList, pw: PiecewiseLinear, known: dict[fmpq, Row]) -> bool:
    """Whether the layers have the function's values on its domain, some of which are known.

    Between their breakpoints both are affine, so they are equal iff they are equal at every
    breakpoint, at the ends of the domain and, where there is no end, at a point beyond them all.
    """
    (slope, intercept), bends = _read(layers)
    places = {*known, *(t for t, _, _ in bends)}
    for x in {*places, min(places) - 1, max(places) + 1}.difference(known):
        if pw.domain.polyhedron.contains([x]):
            known[x] = tuple(pw.network.value([x]))
    k = 0
    for x, value in sorted(known.items()):
        while k < len(bends) and bends[k][0] <= x:
            slope, intercept = _plus(slope, bends[k][1]), _plus(intercept, bends[k][2])
            k += 1
        if tuple(s * x + c for s, c in zip(slope, intercept, strict=True)) != value:
            return False
    return True


def _graph(pw: PiecewiseLinear) -> tuple[list[fmpq], list[Row]]:
    """All vertices and, where the domain has no end, a point beyond them, with their values."""
    points = sorted(pw.cells.point(v)[0] for v in range(pw.cells.vertex_count)) or [fmpq(0)]
    beyond = [points[0] - 1, points[-1] + 1]
    points = sorted({*points, *(x for x in beyond if pw.domain.polyhedron.contains([x]))})
    return points, [tuple(pw.network.value([x])) for x in points]


def _read(layers: LayerList) -> tuple[tuple[Row, Row], list[tuple[fmpq, Row, Row]]]:
    """Slope and intercept far to the left, and every breakpoint with what they gain there."""
    output = _entries(layers.maps[-1])
    intercept = tuple(row[-1] for row in output)
    if not layers.functions:
        return (tuple(row[0] for row in output), intercept), []
    slope = tuple(fmpq(0) for _ in output)
    bends = []
    for k, (a, b) in enumerate(_entries(layers.maps[0])):
        gains = [tuple(v * row[k] for row in output) for v in (a, b)]
        if a < 0:  # relu(a x + b) is a x + b up to its breakpoint
            slope, intercept = _plus(slope, gains[0]), _plus(intercept, gains[1])
            gains = [tuple(-v for v in gain) for gain in gains]
        bends.append((-b / a, gains[0], gains[1]))
    return (slope, intercept), sorted(bends)


def _slope(start: tuple[fmpq, Row], end: tuple[fmpq, Row]) -> Row:
    (x, before), (y, after) = start, end
    return tuple((v - u) / (y - x) for u, v in zip(before, after, strict=True))


def _plus(a: Row, b: Row) -> Row:
    return tuple(u + v for u, v in zip(a, b, strict=True))


def _entries(affine: AffineMap) -> list[list[fmpq]]:
    matrix, denominator = affine.integers()
    return [[fmpq(v, denominator) for v in row] for row in matrix.tolist()]
