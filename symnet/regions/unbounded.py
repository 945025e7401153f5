r"""Linear regions on the whole line or plane, by homogenisation.

With tau as one more input that every layer passes through, z = W x + b tau is linear in (x, tau),
and for tau = 1 it is the network. R^d becomes the half-space tau >= 0 of R^(d+1), a fan of
simplicial cones: the origin (0, 1) with a ray along each half-axis. Cones are cut as polygons are,
by the same code: points with tau = 0 are rays.

The half-axes are no boundaries of regions: cells on both sides of one that have the same signs are
one region.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from math import gcd
from typing import Any

import numpy as np
from flint import fmpz, fmpz_mat

from symnet.exact.affine import AffineMap
from symnet.exact.arrays import Ints, Signs
from symnet.regions.block import Block
from symnet.regions.complex import Complex
from symnet.regions.decompose import source_of
from symnet.regions.descend import descend
from symnet.regions.domain import Domain
from symnet.regions.limits import NO_LIMITS, Limits
from symnet.regions.shape import Shape
from symnet.regions.units import Activation, UnitNetwork, unit_network
from symnet.regions.vertices import ExactEvaluator, VertexTable
from symnet.regions.words import pack

Vector = tuple[int, ...]


class UnboundedComplex:
    """The linear regions of a network on R or R^2.

    `fan` is the complex of cones in (x, tau) that the half-axes cut further; ``region[c]`` is the
    region of its cell c.
    """

    def __init__(self, fan: Complex) -> None:
        self.fan = fan
        words = np.hstack([fan.cells.positive, fan.cells.zero])
        _, first, inverse = np.unique(words, axis=0, return_index=True, return_inverse=True)
        order = np.argsort(np.argsort(first))  # number regions by their first cells
        self.region: Ints = order.take(inverse.ravel())
        self.representative: Ints = np.sort(first)

    def __len__(self) -> int:
        return int(self.representative.shape[0])

    def signs(self, layer: int) -> Signs:
        """Return the signs of z_i - beta of a layer, shape (regions, virtual neurons)."""
        return self.fan.signs(layer, self.representative)

    def affine_map(self, region: int) -> AffineMap:
        """Return the exact affine map A x + c on a region."""
        matrix, denominator = self.fan.affine_map(int(self.representative[region])).integers()
        rows = [row[:-1] for row in matrix.tolist()]  # linear in (x, tau): c is the last column
        return AffineMap.from_integers(fmpz_mat(rows), denominator)

    @cached_property
    def pieces(self) -> Ints:
        """For every region, its linear piece: neighbours with one affine map are in one piece."""
        label = self.fan.pieces.take(self.representative)
        _, first, inverse = np.unique(label, return_index=True, return_inverse=True)
        return np.argsort(np.argsort(first)).take(inverse)

    @cached_property
    def _sides(self) -> Ints:
        """(sides, 3): pairs of different neighbouring regions, and the side of the fan between."""
        pairs = self.fan.adjacency()
        pairs[:, :2] = self.region.take(pairs[:, :2])
        return pairs[pairs[:, 0] != pairs[:, 1]]

    def adjacency(self) -> Ints:
        """(pairs, 2): the pairs a < b of neighbouring regions."""
        return np.unique(np.sort(self._sides[:, :2], axis=1), axis=0)

    @cached_property
    def _sides_of_regions(self) -> list[list[int]]:
        result: list[list[int]] = [[] for _ in range(len(self))]
        for a, b, side in self._sides.tolist():
            result[a].append(side)
            result[b].append(side)
        return result

    @cached_property
    def _corners_of_regions(self) -> list[list[int]]:
        result: list[set[int]] = [set() for _ in range(len(self))]
        owner = np.repeat(self.region, np.diff(self.fan.cells.offset))
        for region, corner in zip(owner.tolist(), self.fan.cells.corner.tolist(), strict=True):
            result[region].add(corner)
        return [sorted(corners) for corners in result]

    def vector(self, vertex: int) -> Vector:
        """Return a vertex of the fan as primitive integers (X, T): the point X / T, or a ray."""
        *x, _ = (int(v) for v in self.fan.evaluator.point(vertex_row(self.fan, vertex)))
        content = gcd(*x)
        return tuple(v // content for v in x)

    def generators(self, region: int) -> tuple[list[tuple[Fraction, ...]], list[Vector]]:
        """Return (points, rays) whose convex hull plus cone is the region, exactly.

        They are the extreme points and rays. A region that contains a line has neither in full:
        then a point on it is given, and rays that generate its directions.
        """
        corners = {v: self.vector(v) for v in self._corners_of_regions[region]}
        ends: dict[int, list[int]] = {}
        cells = self.fan.cells
        for side in self._sides_of_regions[region]:
            p, q = int(cells.p[side]), int(cells.q[side])
            ends.setdefault(p, []).append(q)
            ends.setdefault(q, []).append(p)
        if self.fan.dimension == 1:
            extreme = [v for v in ends if corners[v][-1]]
        else:
            extreme = [
                v
                for v, others in ends.items()
                if corners[v][-1] and _spans(corners[v], *(self.vector(w) for w in others))
            ]
        infinite = {x[:-1] for x in corners.values() if not x[-1]}
        rays = {corners[v][:-1] for v in ends if not corners[v][-1]}
        opposite = {tuple(-t for t in ray) for ray in rays}
        if self.fan.dimension == 1 or not rays or rays & opposite:
            rays = infinite
        if not extreme:
            extreme = [v for v in (*ends, *corners) if corners[v][-1]][:1]
        points = [tuple(Fraction(t, corners[v][-1]) for t in corners[v][:-1]) for v in extreme]
        return sorted(points), sorted(rays)


def vertex_row(fan: Complex, vertex: int) -> int:
    """Return the row of the vertex table of a vertex of the fan."""
    return int(fan.cells.table_row[vertex])


def _spans(u: Vector, v: Vector, w: Vector) -> bool:
    """Whether three homogeneous vectors of the plane are not on one line."""
    return (
        u[0] * (v[1] * w[2] - v[2] * w[1])
        - u[1] * (v[0] * w[2] - v[2] * w[0])
        + u[2] * (v[0] * w[1] - v[1] * w[0])
    ) != 0


def decompose_everywhere(
    layers: Sequence[AffineMap | tuple[Any, Any]],
    activations: Activation | Sequence[Activation],
    limits: Limits = NO_LIMITS,
    *,
    block_cells: int | None = None,
) -> UnboundedComplex:
    """Return the linear regions of a network of one or two inputs on all of R or R^2.

    The arguments are those of `decompose`.
    """
    source = source_of(layers, activations)
    d = source.layers[0].shape[1]
    if d not in (1, 2):
        raise ValueError(f"the network must take 1 or 2 inputs, it takes {d}")
    network = homogenised(unit_network(source.layers, source.activations))
    axes = [[s * int(i == k) for i in range(d)] + [0] for s in (1, -1) for k in range(d)]
    corners = [[0] * d + [1], *axes]
    table = VertexTable([[fmpz(v) for v in (*c, 1)] for c in corners], d + 1)
    evaluator = ExactEvaluator(network, table)
    start = _fan(np.array(corners, dtype=np.float64), table)
    cells = descend(network, start, table, evaluator, limits, block_cells)
    cones = Domain(tuple(tuple(Fraction(v) for v in c[:d]) for c in corners[1:]))
    return UnboundedComplex(Complex(source, network, cones, table, evaluator, cells))


def homogenised(network: UnitNetwork) -> UnitNetwork:
    """Return the network in (x, tau), without biases, with tau as the last unit of every layer."""
    layers = [replace(layer, affine=_linear(layer.affine, True)) for layer in network.layers]
    return UnitNetwork(tuple(layers), _linear(network.output, False))


def _linear(affine: AffineMap, carry: bool) -> AffineMap:
    """Return (h, tau) -> W h + b tau, followed by tau itself if it is to be carried on."""
    m, n = affine.shape
    if affine.is_float:
        weight = np.column_stack([affine.weight, affine.bias])
        if carry:
            weight = np.vstack([weight, np.eye(1, n + 1, n)])
        return AffineMap.from_floats(weight, np.zeros(m + carry))
    matrix, denominator = affine.integers()
    rows = [[*row, 0] for row in matrix.tolist()]
    if carry:
        rows.append([*[0] * n, denominator, 0])
    return AffineMap.from_integers(fmpz_mat(rows), denominator)


def _fan(corners: Any, table: VertexTable) -> Block:
    """Return the cones between neighbouring half-axes as a block; corner 0 is the origin."""
    count, size = corners.shape
    rays = np.arange(1, count)
    definition = np.full((count, 3), -1, dtype=np.int64)
    flags = np.zeros(count, dtype=np.bool_)
    vertex = table.append(definition, corners, np.zeros((count, size)), flags)
    words = np.zeros((count - 1, 0), dtype=np.uint64)
    none = np.zeros(0, dtype=np.int64)
    if size == 2:  # the line: from -infinity to 0, and from 0 to infinity
        p, q = np.array([2, 0]), np.array([0, 1])
        outer = np.zeros(2, dtype=np.bool_)
        shape = Shape(vertex, p, q, outer, none, none, none, words, words)
    else:
        following = np.roll(rays, -1)
        p, q = np.concatenate([0 * rays, rays]), np.concatenate([rays, following])
        corner = np.stack([0 * rays, rays, following], axis=1).ravel()
        side = np.stack([rays - 1, rays + 3, following - 1], axis=1).ravel()
        outer = np.repeat([False, True], 4)
        shape = Shape(vertex, p, q, outer, np.arange(0, 13, 3), corner, side, words, words)
    return Block(shape, corners.copy(), np.zeros((count, 1)), pack(corners != 0))
