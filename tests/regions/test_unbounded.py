"""Regions of the whole line and plane: as in a box that is large enough, and by known counts."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import numpy as np
import pytest

from symnet.exact.affine import AffineMap
from symnet.exact.rounding import inflated_roundoff
from symnet.regions.activation import ABS, HARDTANH, RELU, leaky_relu
from symnet.regions.decompose import decompose
from symnet.regions.domain import box
from symnet.regions.unbounded import decompose_everywhere

from .cases import carrier, random_relu
from .test_against_reference import KINDS


def reach(everywhere):
    """Return a number larger than all coordinates of vertices."""
    vectors = [everywhere.vector(v) for v in range(everywhere.fan.vertex_count)]
    return 2 + max(abs(Fraction(x, v[-1])) for v in vectors if v[-1] for x in v[:-1])


def compare(layers, activations, n):
    """Assert that regions, maps and extreme points agree with those in a large box."""
    everywhere = decompose_everywhere(carrier(layers), activations)
    far = reach(everywhere)
    result = decompose(carrier(layers), activations, box((-far,) * n, (far,) * n))
    depth = range(len(layers) - 1)
    found = np.hstack([everywhere.signs(k) for k in depth]).tolist()
    expected = np.hstack([result.signs(k) for k in depth]).tolist()
    # every region meets the box: it has a vertex inside, or a line or the origin does
    assert sorted(found) == sorted(expected)
    place = {tuple(s): c for c, s in enumerate(expected)}
    for region, pattern in enumerate(found):
        cell = place[tuple(pattern)]
        assert everywhere.affine_map(region).fractions() == result.affine_map(cell).fractions()
        inside = [result.exact_point(v) for v in result.polygon(cell).tolist()]
        points, rays = everywhere.generators(region)
        finite = [p for p in inside if all(abs(x) < far for x in p)]
        if finite:
            assert points == sorted(finite)
        assert bool(rays) == (len(finite) < len(inside))
        assert len(points) >= 1
    return everywhere


@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("factor", [1.0, float("inf")])
def test_as_in_a_large_box(kind, n, factor):
    with inflated_roundoff(factor):
        compare(kind(np.random.default_rng(31), n), RELU, n)


@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize("f", [ABS, HARDTANH, leaky_relu(Fraction(1, 3))])
def test_other_activations(f, n):
    compare(random_relu((n, 4, 3, 1), np.random.default_rng(1)), f, n)


def test_blocks_do_not_matter():
    layers = random_relu((2, 10, 10, 10, 1), np.random.default_rng(1))
    one, many = (decompose_everywhere(layers, RELU, block_cells=k) for k in (10**9, 3))
    assert len(one) == len(many)
    for one_layer, other in ((one.signs(k), many.signs(k)) for k in range(3)):
        assert sorted(one_layer.tolist()) == sorted(other.tolist())
    assert len(one.adjacency()) == len(many.adjacency())


@pytest.mark.parametrize("m", [1, 2, 3, 10, 40])
def test_lines_in_general_position(m):
    s = np.arange(m) - m // 2
    lines = (np.column_stack([s.astype(float), -np.ones(m)]), -(s**2) / 2.0)
    result = decompose_everywhere([lines, (np.ones((1, m)), np.zeros(1))], RELU)
    assert len(result) == 1 + m + comb(m, 2)
    assert sum(bool(result.generators(r)[1]) for r in range(len(result))) == 2 * m
    assert len(result.adjacency()) == m * m  # each line is cut into m parts


@pytest.mark.parametrize("m", [1, 2, 7])
def test_lines_through_one_point_and_parallel_lines(m):
    x, y = Fraction(1, 3), Fraction(1, 5)
    lines = AffineMap.from_rationals([[a, 1] for a in range(m)], [-a * x - y for a in range(m)])
    last = (np.ones((1, m)), np.zeros(1))
    assert len(decompose_everywhere([lines, last], RELU)) == 2 * m
    parallel = AffineMap.from_rationals([[1, 2]] * m, range(m))
    result = decompose_everywhere([parallel, last], RELU)
    assert len(result) == m + 1
    for region in range(1, m):
        assert len(result.generators(region)[1]) >= 2


def test_generators_of_a_half_plane_and_of_the_plane():
    layers = [(np.array([[1.0, 0.0]]), np.array([-2.0])), (np.ones((1, 1)), np.zeros(1))]
    result = decompose_everywhere(layers, RELU)
    for region, sign in enumerate(result.signs(0)[:, 0].tolist()):
        (point,), rays = result.generators(region)
        assert point[0] == 2
        assert {(0, 1), (0, -1), (sign, 0)} == set(rays)
    plane = decompose_everywhere([(np.eye(2), np.zeros(2))], [])
    assert plane.generators(0) == ([(0, 0)], [(-1, 0), (0, -1), (0, 1), (1, 0)])


def test_pieces_merge_what_cancels():
    layers = [(np.array([[1.0, 1], [-1, -1]]), np.zeros(2)), (np.array([[1.0, -1]]), np.zeros(1))]
    result = decompose_everywhere(layers, RELU)
    assert (len(result), result.pieces.tolist()) == (2, [0, 0])


def test_three_inputs_are_refused():
    with pytest.raises(ValueError, match="1 or 2 inputs"):
        decompose_everywhere(random_relu((3, 2, 1), np.random.default_rng(0)), RELU)
