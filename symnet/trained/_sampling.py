"""Where the neurons of a network get to on a domain, by trying: points, and steps up the slopes.

In floats, without bounds on their errors: what is seen guides a search, and proves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..exact.arrays import Floats, Ints
from ..regions.domains import Box, Domain
from ._bounding import Boxes
from ._prepared import Prepared, Table

_POINTS = 2_000
#: A neuron is pushed from so many points, in so many steps, each shorter by the factor.
_STARTS, _STEPS, _SHORTER = 4, 8, 0.6

#: For every layer the least and the greatest pre-activations.
Extent = list[tuple[Floats, Floats]]


def points_of(domain: Domain, boxes: Boxes) -> Floats:
    """Points of a domain, (points, inputs), of which this is the box around it."""
    rng = np.random.default_rng(0)
    low, high = boxes.low[0], boxes.high[0]
    if isinstance(domain, Box):
        inside = rng.uniform(low, high, (_POINTS // 2, len(low)))
        corners = np.where(rng.integers(0, 2, inside.shape), low, high)
        return np.concatenate([inside, corners])
    vertices = np.array([[float(v) for v in x] for x in domain.polyhedron.vertices])
    shares = rng.exponential(size=(_POINTS, len(vertices))) ** 4
    return np.concatenate([vertices, shares / shares.sum(axis=1, keepdims=True) @ vertices])


@np.errstate(all="ignore")
def values_at(net: Prepared, points: Floats, layers: int) -> tuple[list[Floats], list[Floats]]:
    """The pre-activations of hidden layers at points, and the slopes of their functions there."""
    h = points
    values: list[Floats] = []
    slopes: list[Floats] = []
    for affine, table in zip(net.layers.maps[:layers], net.tables, strict=False):
        z = h @ affine.weight.T + affine.bias
        piece = _pieces(table, z)
        neurons = np.arange(z.shape[1])
        values.append(z)
        slopes.append(table.slope[neurons, piece])
        h = slopes[-1] * z + table.offset[neurons, piece]
    return values, slopes


def _pieces(table: Table, z: Floats) -> Ints:
    """The pieces on which neurons are, (points, neurons)."""
    piece = np.zeros(z.shape[::-1], dtype=np.int64)
    np.add.at(piece, table.owner, (z[:, table.owner] > table.knot).T)
    return piece.T


@np.errstate(all="ignore")
def pushed(
    net: Prepared, boxes: Boxes, layer: int, neurons: Ints, sign: int, starts: Floats
) -> Floats:
    """The greatest values of sign z, for some neurons of a layer, in steps from points of a box.

    The steps go to where the slope at the point says, and stay in the box. ``starts`` are points,
    (neurons, starts, inputs).
    """
    low, high = boxes.low[0], boxes.high[0]
    outer = sign * net.layers.maps[layer].weight[neurons]
    best = np.full(len(neurons), -np.inf)
    x, step = starts, 1.0
    for _ in range(_STEPS):
        values, slopes = values_at(net, x.reshape(-1, x.shape[2]), layer + 1)
        z = values[layer].reshape(*x.shape[:2], -1)
        own = sign * np.take_along_axis(z, neurons[:, None, None], axis=2)[..., 0]
        best = np.fmax(best, own.max(axis=1))
        rows = np.broadcast_to(outer[:, None, :], (*x.shape[:2], outer.shape[1]))
        for k in reversed(range(layer)):
            rows = rows * slopes[k].reshape(*x.shape[:2], -1)
            rows = rows @ net.layers.maps[k].weight
        x = np.clip(x + step * (high - low) * np.sign(rows), low, high)
        step *= _SHORTER
    return best


def furthest(points: Floats, values: Floats, neurons: Ints, sign: int) -> Floats:
    """For each of some neurons the points where sign z is greatest, (neurons, starts, inputs)."""
    order = np.argsort(-sign * values[:, neurons], axis=0)[:_STARTS]
    return points[order.T]


def seen(net: Prepared, points: Floats) -> tuple[Extent, list[Floats]]:
    """What neurons reach at points, and their values there."""
    values, _ = values_at(net, points, len(net.layers.functions))
    return [(z.min(axis=0), z.max(axis=0)) for z in values], values


def slopes_around(net: Prepared, points: Floats, layers: int) -> Sequence[Floats]:
    """How pre-activations move with the inputs at points: (points, neurons, inputs) each layer."""
    _, slopes = values_at(net, points, layers)
    found: list[Floats] = []
    for k in range(layers):
        weight = net.layers.maps[k].weight
        rows = np.broadcast_to(weight, (len(points), *weight.shape))
        found.append(rows if not k else rows @ (slopes[k - 1][..., None] * found[-1]))
    return found
