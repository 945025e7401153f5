"""Regions on unbounded polyhedra: as in a box that is large enough, and by known counts."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import numpy as np
import pytest
import sympy as sp
from flint import fmpq

import symnet as sn
from symnet.exact.affine import AffineMap
from symnet.exact.polyhedron import Polyhedron
from symnet.exact.rounding import inflated_roundoff
from symnet.regions.activation import ABS, HARDTANH, RELU, leaky_relu
from symnet.regions.cells import Cells
from symnet.regions.engine_cells import OpenCells
from symnet.regions.finding import find_cells
from symnet.regions.layer_list import LayerList
from symnet.regions.stored_cells import LiftedCells
from symnet.regions.unbounded import decompose_unbounded

from .cases import carrier, random_relu
from .test_against_reference import KINDS


def everywhere(n):
    return Polyhedron.from_half_spaces(ambient=n)


def half_spaces(*rows):
    return Polyhedron.from_half_spaces(
        [row[:-1] for row in rows], [row[-1] for row in rows], ambient=len(rows[0]) - 1
    )


DOMAINS = {
    1: [everywhere(1), half_spaces((1, Fraction(1, 3))), half_spaces((-1, 0))],
    2: [
        everywhere(2),
        half_spaces((1, 2, Fraction(1, 3))),
        half_spaces((0, -1, 1)),
        half_spaces((1, -1, 1), (-1, 1, 0)),  # a strip
        half_spaces((-1, 0, 0), (0, -1, 0)),
        half_spaces((1, -3, 1), (-2, 1, 1), (-1, -1, 1)),  # a wedge with its corner cut off
        half_spaces((1, 0, 1), (-1, 0, 0), (0, -1, 0)),  # half a strip
    ],
}


def layer_list(layers, f):
    maps = [m if isinstance(m, AffineMap) else AffineMap.from_floats(*m) for m in carrier(layers)]
    return LayerList(tuple(maps), tuple((f,) * m.shape[0] for m in maps[:-1]))


def reach(cells: Cells, domain: Polyhedron) -> fmpq:
    """A number larger than all coordinates of vertices."""
    points = [cells.point(v) for v in range(cells.vertex_count)]
    return 2 + max(abs(x) for p in [*points, *domain.vertices] for x in p)


def compare(layers: LayerList, domain: Polyhedron) -> Cells:
    """Assert that regions, neighbours and shapes are those in a large box."""
    cells = find_cells(layers, domain)
    n, far = domain.ambient, reach(cells, domain)
    limit = Polyhedron.box([-far] * n, [far] * n)
    inside = find_cells(layers, domain.intersection(limit))
    # every region meets the box: it has a vertex in it, or a point of one of its lines
    patterns = [tuple(row) for row in cells.signs.tolist()]
    assert len(set(patterns)) == len(patterns)
    assert sorted(patterns) == sorted(map(tuple, inside.signs.tolist()))
    place = {tuple(row): c for c, row in enumerate(inside.signs.tolist())}
    for cell, pattern in enumerate(patterns):
        solid, part = cells.polyhedron(cell), inside.polyhedron(place[pattern])
        assert solid.intersection(limit) == part
        if not cells.lines:  # the generators are the minimal ones
            points = [cells.point(v) for v in cells.corners(cell)]
            assert tuple(sorted(points)) == solid.vertices
            assert {cells.directions[r] for r in cells.rays(cell)} == set(solid.rays)
    pairs = {tuple(sorted((place[patterns[i]], place[patterns[j]]))) for i, j in cells.neighbours}
    assert len(pairs) == len(cells.neighbours)
    assert pairs == {tuple(sorted(pair)) for pair in inside.neighbours.tolist()}
    return cells


@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("factor", [1.0, float("inf")])
def test_as_in_a_large_box(kind, n, factor):
    seed = KINDS.index(kind)
    layers = layer_list(kind(np.random.default_rng(seed), n), RELU)
    domains = DOMAINS[n]
    with inflated_roundoff(factor):
        for domain in (domains[0], domains[1 + seed % (len(domains) - 1)]):
            compare(layers, domain)


@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize("f", [ABS, HARDTANH, leaky_relu(Fraction(1, 3))])
def test_other_activations(f, n):
    layers = layer_list(random_relu((n, 4, 3, 1), np.random.default_rng(1)), f)
    for domain in DOMAINS[n]:
        compare(layers, domain)


def test_three_and_four_inputs():
    for n in (3, 4):
        layers = layer_list(random_relu((n, 4, 3, 1), np.random.default_rng(n)), RELU)
        compare(layers, everywhere(n))
        compare(layers, half_spaces((1, *[0] * (n - 1), 1), (-1, *[2] * (n - 1), 1)))


def test_blocks_do_not_matter():
    layers = random_relu((2, 10, 10, 10, 1), np.random.default_rng(1))
    one, many = (
        OpenCells(decompose_unbounded(layers, RELU, everywhere(2), block_cells=k))
        for k in (10**9, 3)
    )
    assert len(one) == len(many)
    assert sorted(one.signs.tolist()) == sorted(many.signs.tolist())
    assert len(one.neighbours) == len(many.neighbours)
    assert one.vertex_count == many.vertex_count


@pytest.mark.parametrize("m", [2, 3, 10, 40])
def test_lines_in_general_position(m):
    s = np.arange(m) - m // 2
    lines = (np.column_stack([s.astype(float), -np.ones(m)]), -(s**2) / 2.0)
    cells = OpenCells(
        decompose_unbounded([lines, (np.ones((1, m)), np.zeros(1))], RELU, everywhere(2))
    )
    assert len(cells) == 1 + m + comb(m, 2)
    assert sum(bool(cells.rays(c)) for c in range(len(cells))) == 2 * m
    assert len(cells.neighbours) == m * m  # each line is cut into m parts
    assert cells.vertex_count == comb(m, 2)
    assert len(cells.directions) == 2 * m


@pytest.mark.parametrize("m", [2, 3, 7])
def test_lines_through_one_point_and_parallel_lines(m):
    x, y = Fraction(1, 3), Fraction(1, 5)
    lines = AffineMap.from_rationals([[a, 1] for a in range(m)], [-a * x - y for a in range(m)])
    last = AffineMap.from_floats(np.ones((1, m)), np.zeros(1))
    cells = find_cells(LayerList((lines, last), ((RELU,) * m,)), everywhere(2))
    assert (len(cells), cells.vertex_count) == (2 * m, 1)
    parallel = AffineMap.from_rationals([[1, 2]] * m, range(m))
    cells = find_cells(LayerList((parallel, last), ((RELU,) * m,)), everywhere(2))
    assert (len(cells), cells.lines) == (m + 1, ((2, -1),))
    assert sorted(len(cells.corners(c)) for c in range(m + 1)) == [1, 1, *[2] * (m - 1)]


def test_what_does_not_change_in_some_directions():
    """In R^4, a function of x_1 + x_2 and x_3 on a half-space: lines in two directions."""
    layers = layer_list(
        [(np.array([[1.0, 1, 0, 0], [0, 0, 1, 0]]), np.ones(2)), (np.ones((1, 2)), np.zeros(1))],
        RELU,
    )
    cells = find_cells(layers, half_spaces((1, 1, 0, 0, 5)))
    assert isinstance(cells, LiftedCells)
    assert len(cells) == 4
    assert {tuple(map(abs, line)) for line in cells.lines} == {(1, 1, 0, 0), (0, 0, 0, 1)}
    compare(layers, half_spaces((1, 1, 0, 0, 5)))


def test_the_plane_and_a_half_plane_as_one_region():
    net = sn.Sequential(sn.Linear([[0, 0], [0, 0]], [-1, 2]), sn.ReLU(), sn.Linear([[1, 3]]))
    (plane,) = sn.piecewise(net).regions
    assert (plane.vertices, plane.rays, len(plane.lines)) == ((), (), 2)
    assert plane.pattern == ((-1, 1),)
    half = sn.piecewise(net, domain=sn.Polyhedron([[1, 0]], [2]))
    assert [(h.a, h.b) for h in half.regions[0].half_spaces] == [((1, 0), 2)]


def test_pieces_merge_what_cancels():
    net = sn.Sequential(sn.Linear([[1, 1], [-1, -1]]), sn.ReLU(), sn.Linear([[1, -1]]))
    pw = sn.piecewise(net)
    assert (len(pw), len(pw.pieces)) == (2, 1)


def test_extrema_along_rays_and_lines():
    ramp = sn.piecewise(sn.Sequential(sn.Linear([[1, 0]]), sn.ReLU()))
    assert (ramp.maximum().value, ramp.minimum().value) == (sp.oo, 0)
    clamp = sn.piecewise(sn.Sequential(sn.Linear([[1, 0]], [2]), sn.Hardtanh(), sn.Linear([[3]])))
    assert (clamp.maximum().value, clamp.minimum().value) == (3, -3)
    tilted = sn.piecewise(sn.Sequential(sn.Linear([[1, 0]]), sn.ReLU()), domain=sn.Box([-1, 1]))
    assert tilted.maximum().value == 1
    slope = sn.piecewise(sn.Residual(sn.Sequential(sn.Linear([[1, 0], [0, 0]]), sn.ReLU())))
    assert (slope.minimum(0).value, slope.minimum(1).value) == (-sp.oo, -sp.oo)


def test_other_dimensions_are_refused():
    with pytest.raises(ValueError, match="1 or 2 inputs; it takes 3"):
        decompose_unbounded(random_relu((3, 2, 1), np.random.default_rng(0)), RELU, everywhere(3))
