r"""The certificate of a complex on the whole line or plane, one simplicial cone at a time.

The cone of c_0, ..., c_d (the origin and half-axes) has the chart

    (l_1, ..., l_d) -> l_0 c_0 + ... + l_d c_d,    l_0 = 1 - l_1 - ... - l_d.

In it the homogeneous network is an ordinary network on the standard simplex: `certify` proves that
the cells of the cone tile it and have the signs that they say. A region is the set of all points
with the same signs, over all cones.

What is not checked anew is that the units compute the network that was given: see `units`.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from symnet.exact.affine import AffineMap
from symnet.exact.arrays import Floats, Ints, Signs
from symnet.regions.activation import IDENTITY, RELU
from symnet.regions.certificate import Certificate, certify
from symnet.regions.complex import Complex
from symnet.regions.domain import Domain
from symnet.regions.glue import Cells
from symnet.regions.unbounded import UnboundedComplex
from symnet.regions.units import Source


def certify_everywhere(everywhere: UnboundedComplex) -> Certificate:
    """Check a complex on the whole line or plane; return what was checked, or raise an error."""
    reports = [certify(chart) for chart in _charts(everywhere)]
    if sum(report.cells for report in reports) != len(everywhere.fan):
        raise AssertionError("a cell of the fan belongs to no cone, or to two")
    return Certificate(
        len(everywhere),
        everywhere.fan.vertex_count,
        everywhere.fan.side_count,
        sum(report.exact_corners for report in reports),
    )


def _charts(everywhere: UnboundedComplex) -> list[Chart]:
    fan = everywhere.fan
    d = fan.dimension
    axes = [tuple(int(x) for x in c) for c in fan.domain.corners]
    origin = (0,) * d + (1,)
    rays = [(*axis, 0) for axis in axes]
    cones: list[tuple[tuple[int, ...], ...]]
    if d == 1:
        cones = [(origin, rays[0]), (rays[1], origin)]
    else:
        cones = [(origin, ray, rays[(k + 1) % 4]) for k, ray in enumerate(rays)]
    inside = _inside(everywhere)
    result = []
    for cone in cones:
        chosen = (inside @ np.array(cone).T[:d] >= 0).all(axis=1)
        result.append(Chart(everywhere, np.array(cone), np.flatnonzero(chosen)))
    return result


def _inside(everywhere: UnboundedComplex) -> Signs:
    """Return the signs of the coordinates x of a point inside each cell of the fan.

    No cell meets a half-axis in its interior, so none of them is zero.
    """
    fan = everywhere.fan
    starts, d = fan.cells.offset[:-1], fan.dimension
    rows = fan.cells.table_row.take(fan.cells.corner)
    total = np.add.reduceat(fan.table.point.take(rows, axis=0)[:, :d], starts, axis=0)
    error = np.add.reduceat(fan.table.error.take(rows, axis=0)[:, :d], starts, axis=0)
    signs = np.sign(total).astype(np.int8)
    vague = ~(np.abs(total) > error + 1e-12).all(axis=1)
    for c in np.flatnonzero(vague).tolist():
        vectors = [everywhere.vector(v) for v in fan.polygon(c).tolist()]
        sums = [sum(x[k] for x in vectors) for k in range(d)]
        signs[c] = [(t > 0) - (t < 0) for t in sums]
    return signs


class Chart(Complex):
    """The cells of one cone as a complex on the standard simplex."""

    def __init__(self, everywhere: UnboundedComplex, cone: Ints, chosen: Ints) -> None:
        fan = everywhere.fan
        d = fan.dimension
        rows = [[int(c) for c in column] for column in (cone[1:] - cone[0]).T]
        chart = AffineMap.from_rationals(rows, [int(c) for c in cone[0]])
        first, *rest = [layer.affine for layer in fan.network.layers] + [fan.network.output]
        activations = tuple(
            (RELU,) * layer.relu_count + (IDENTITY,) * (layer.affine.shape[0] - layer.relu_count)
            for layer in fan.network.layers
        )
        source = Source((first.after(chart), *rest), activations)
        simplex = [tuple(Fraction(int(i == k)) for i in range(1, d + 1)) for k in range(d + 1)]
        self._cone, self._everywhere, self._chosen = cone, everywhere, chosen
        cells, self._vertices = _part(fan.cells, chosen)
        domain = Domain(tuple(simplex))
        super().__init__(source, fan.network, domain, fan.table, fan.evaluator, cells)

    def signs(self, layer: int, cells: Ints | None = None) -> Signs:
        """Return the signs of the relu units."""
        positive, zero = self.unit_flags(layer, cells)
        result: Signs = np.where(zero, 0, np.where(positive, 1, -1)).astype(np.int8)
        return result

    def exact_point(self, vertex: int) -> tuple[Fraction, ...]:
        """Return the coordinates of a vertex in the chart."""
        x = self._everywhere.vector(int(self._vertices[vertex]))
        weight = [sum(int(a) * b for a, b in zip(c, x, strict=True)) for c in self._cone]
        return tuple(Fraction(w, sum(weight)) for w in weight[1:])

    @property
    def _coordinates(self) -> tuple[Floats, Floats]:
        rows = self.cells.table_row
        cone = self._cone.astype(np.float64)
        weight = self.table.point.take(rows, axis=0) @ cone.T
        error = self.table.error.take(rows, axis=0) @ np.abs(cone).T + 2.0**-50 * np.abs(weight)
        total, spread = weight.sum(axis=1), error.sum(axis=1)
        point = weight[:, 1:] / total[:, None]
        room = total - spread
        with np.errstate(all="ignore"):
            bound = (error[:, 1:] + np.abs(point) * spread[:, None]) / room[:, None]
        return point, np.where(room[:, None] > 0, bound + 2.0**-50, np.inf)


def _part(cells: Cells, chosen: Ints) -> tuple[Cells, Ints]:
    """Return some of the cells with their vertices and sides, and which vertices they are."""
    sizes = np.diff(cells.offset)[chosen]
    half = np.concatenate(
        [np.zeros(0, dtype=np.int64)]
        + [np.arange(cells.offset[c], cells.offset[c + 1]) for c in chosen.tolist()]
    )
    vertices, corner = np.unique(cells.corner[half], return_inverse=True)
    sides, side = np.unique(cells.side[half], return_inverse=True)
    place = np.full(cells.table_row.shape[0], -1)
    place[vertices] = np.arange(vertices.shape[0])
    part = Cells(
        cells.table_row[vertices],
        place[cells.p[sides]],
        place[cells.q[sides]],
        np.concatenate([[0], np.cumsum(sizes)]),
        corner,
        side,
        cells.positive[chosen],
        cells.zero[chosen],
    )
    return part, vertices
