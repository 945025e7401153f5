r"""Linear regions on an unbounded part of the line or plane, by homogenisation.

With tau as one more input that every layer passes through, z = W x + b tau is linear in (x, tau),
and for tau = 1 it is the network. A polyhedron becomes a cone of R^(d+1), or a fan of cones where
it contains a line. Cones are cut as polygons are, by the same code: vertices with tau = 0 are rays.

The walls between the cones are no boundaries of regions: cells of several cones with the same signs
are one region.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from math import gcd
from typing import Any

import numpy as np
from flint import fmpz_mat

from symnet.exact.affine import AffineMap, nearest_float
from symnet.exact.arrays import Bools, Floats, Ints
from symnet.exact.polyhedron import Polyhedron
from symnet.regions.complex import Complex
from symnet.regions.decompose import source_of
from symnet.regions.descend import descend
from symnet.regions.domain import Domain
from symnet.regions.fan import Vector, determinant, fan, homogeneous, start
from symnet.regions.glue import Cells
from symnet.regions.limits import NO_LIMITS, Limits
from symnet.regions.merging import merged
from symnet.regions.units import Activation, UnitNetwork, unit_network
from symnet.regions.vertices import ExactEvaluator, VertexTable


class OpenComplex(Complex):
    """The linear regions of a network on an unbounded polyhedron of dimension 1 or 2.

    Cells are cycles of vertices, counterclockwise, some of which are rays, and sides may lie at
    infinity, between two rays. No region contains a line.
    """

    @cached_property
    def at_infinity(self) -> Bools:
        """(vertices,): which vertices are rays.

        The corners of the fan are what they are; a zero between two vertices is a ray iff both are.
        """
        p, q, unit = self.table.definition.T
        corner = np.array([c[-2] == 0 for c in self.table.corners])
        ray = np.ones(self.table.size, dtype=np.bool_)
        ray[: corner.shape[0]] = corner
        made = np.flatnonzero(unit >= 0)
        while True:
            known = ray.take(p.take(made)) & ray.take(q.take(made))
            if (known == ray[made]).all():
                return ray.take(self.cells.table_row)
            ray[made] = known

    def vector(self, vertex: int) -> Vector:
        """Return a vertex as primitive integers (X, T): the point X / T, or for T = 0 a ray."""
        *x, _ = (int(v) for v in self.evaluator.point(int(self.cells.table_row[vertex])))
        content = gcd(*x)
        return tuple(v // content for v in x)

    def exact_point(self, vertex: int) -> tuple[Fraction, ...]:
        """Return the rational coordinates of a vertex that is no ray."""
        *x, t = self.vector(vertex)
        return tuple(Fraction(v, t) for v in x)

    @cached_property
    def _coordinates(self) -> tuple[Floats, Floats]:
        """Of vertices; NaN for rays. What is known poorly is taken from the exact point."""
        rows = self.cells.table_row
        *x, t = self.table.point.take(rows, axis=0).T
        *ex, et = self.table.error.take(rows, axis=0).T
        with np.errstate(all="ignore"):
            point = np.stack(x, axis=1) / t[:, None]
            room = (t - et)[:, None]
            error = (np.stack(ex, axis=1) + np.abs(point) * et[:, None]) / room
            error = error * (1 + 2.0**-40) + 2.0**-50 * np.abs(point) + 2.0**-1070
            size = np.abs(point).max(axis=1, keepdims=True)
            poor = ~((room > 0) & (error <= 2.0**-18 * size)).all(axis=1)
        point[self.at_infinity] = error[self.at_infinity] = np.nan
        for v in np.flatnonzero(poor & ~self.at_infinity).tolist():
            exact = self.exact_point(v)
            point[v] = [nearest_float(c.numerator, c.denominator) for c in exact]
            error[v] = np.abs(point[v]) * 2.0**-53 + 2.0**-1074
        return point, error


def decompose_unbounded(
    layers: Sequence[AffineMap | tuple[Any, Any]],
    activations: Activation | Sequence[Activation],
    domain: Polyhedron,
    limits: Limits = NO_LIMITS,
    *,
    block_cells: int | None = None,
) -> OpenComplex:
    """Return the linear regions of a network on an unbounded polyhedron of the line or plane.

    The other arguments are those of `decompose`. No region may contain a line: then all would
    contain it, and the network is one of fewer inputs.
    """
    source = source_of(layers, activations)
    d = domain.ambient
    if d not in (1, 2) or source.layers[0].shape[1] != d:
        raise ValueError(
            f"the network must take 1 or 2 inputs; it takes {source.layers[0].shape[1]}, and the "
            f"domain has dimension {d}"
        )
    network = homogenised(unit_network(source.layers, source.activations))
    cones = fan(domain)
    corners = list(dict.fromkeys(v for cone in cones for v in cone))
    table = VertexTable(homogeneous(corners), d + 1)
    evaluator = ExactEvaluator(network, table)
    within = replace(limits, parts=len(cones))
    cells = descend(network, start(cones, corners, table), table, evaluator, within, block_cells)
    # a domain that is not asked for its corners, only for its dimension
    shape = Domain(tuple(tuple(Fraction(v) for v in c[:d]) for c in corners))
    parts = OpenComplex(source, network, shape, table, evaluator, cells)
    if len(cones) == 1:
        return parts
    joined = merged(cells, _regions(cells), lambda *v: not determinant(*map(parts.vector, v)))
    limits.check(int(joined.positive.shape[0]), "in all")
    return OpenComplex(source, network, shape, table, evaluator, joined)


def _regions(cells: Cells) -> Ints:
    """The number of the region of every cell: cells of one region have the same signs."""
    words = np.hstack([cells.positive, cells.zero])
    number: Ints = np.unique(words, axis=0, return_inverse=True)[1].ravel()
    return number


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
