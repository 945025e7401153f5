"""Cells on all of space: counts, rays, and both descriptions of every cell."""

from __future__ import annotations

from fractions import Fraction
from math import comb, inf

import numpy as np
import pytest
from flint import fmpq

from symnet.exact.polyhedron import Polyhedron
from symnet.regions.common_lines import common_lines
from symnet.regions.lattice import decompose
from symnet.regions.lattice_cones import decompose_unbounded
from symnet.regions.lattice_layers import Layer

from .cases import certify_in_space
from .clipping_reference import box, cells
from .network_kinds import FUNCTIONS, KINDS, layer_list, network

BIG = Fraction(10) ** 12


def space(d: int) -> Polyhedron:
    return Polyhedron.from_half_spaces(ambient=d)


def generators(complex_, cell):
    vectors = [complex_.vector(v) for v in complex_.vertices(cell).tolist()]
    points = [tuple(fmpq(x, v[-1]) for x in v[:-1]) for v in vectors if v[-1]]
    return points, [v[:-1] for v in vectors if not v[-1]]


@pytest.mark.parametrize(("n", "m"), [(2, 6), (3, 5), (4, 5)])
def test_hyperplanes_in_general_position(n: int, m: int) -> None:
    """sum_{k <= n} C(m, k) cells, C(m - 1, n) of them bounded (Zaslavsky 1975)."""
    rng = np.random.default_rng(m)
    layer = Layer(rng.standard_normal((m, n)), rng.standard_normal(m))
    complex_ = decompose_unbounded([layer], space(n))
    assert len(complex_) == sum(comb(m, k) for k in range(n + 1))
    bounded = sum(
        not complex_.at_infinity[complex_.vertices(c)].any() for c in range(len(complex_))
    )
    assert bounded == comb(m - 1, n)


def test_lines_through_one_point() -> None:
    layer = Layer([[1, 0], [0, 1], [1, 1], [1, -2], [3, 1]], [0, 0, 0, 0, 0])
    complex_ = decompose_unbounded([layer], space(2))
    assert len(complex_) == 10
    for c in range(10):
        points, rays = generators(complex_, c)
        assert points == [(0, 0)]
        assert len(rays) == 2


@pytest.mark.parametrize("unit", [2.0**-53, inf])
@pytest.mark.parametrize("name", sorted(KINDS))
def test_signs_and_cells_agree_with_clipping_in_a_large_box(name: str, unit: float) -> None:
    """Within a box, every cell is its polyhedron's part; the box is beyond all vertices."""
    for sizes, functions in (
        ([2, 3, 3], ("relu",)),
        ([3, 3, 2], ("relu",)),
        ([2, 3, 2], tuple(FUNCTIONS)),
    ):
        net = network(name, 2, sizes, functions)
        d = sizes[0]
        if common_lines(layer_list(net), space(d)):
            continue
        complex_ = decompose_unbounded(net.layers, space(d), unit_roundoff=unit)
        signs = [tuple(s) for s in complex_.signs.tolist()]
        assert len(set(signs)) == len(signs)
        corners = box([-BIG] * d, [BIG] * d)
        limit = Polyhedron.box([-(fmpq(10) ** 12)] * d, [fmpq(10) ** 12] * d)
        expected = cells(net.reference, corners)
        assert set(expected) <= set(signs)
        for c, key in enumerate(signs):
            solid = Polyhedron.from_generators(*generators(complex_, c), ambient=d)
            part = solid.intersection(limit)
            if key in expected:
                own = {tuple(Fraction(int(x.p), int(x.q)) for x in v) for v in part.vertices}
                assert own == expected[key]
            else:
                assert part.dimension < d


def test_unbounded_domains() -> None:
    """On the positive octant, x = y, y = z and x = z leave the 6 orders, each with one vertex."""
    octant = Polyhedron.from_half_spaces([[-1, 0, 0], [0, -1, 0], [0, 0, -1]], [0, 0, 0], ambient=3)
    rows = [[1, -1, 0], [0, 1, -1], [1, 0, -1]]
    complex_ = decompose_unbounded([Layer(rows, [0, 0, 0])], octant)
    assert len(complex_) == 6
    for c in range(6):
        points, rays = generators(complex_, c)
        assert points == [(0, 0, 0)]
        assert len(rays) == 3


@pytest.mark.parametrize("seed", range(12))
def test_bounded_and_unbounded_engines_agree_on_random_polytopes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    d = int(rng.integers(2, 5))
    domain = Polyhedron.from_generators(rng.integers(-3, 4, (d + 5, d)).tolist(), ambient=d)
    name = sorted(KINDS)[seed % len(KINDS)]
    net = network(name, seed, [d, 3, 2], ("relu", "abs", "hardtanh"))
    complex_ = decompose(net.layers, domain)
    certify_in_space(complex_)
    cones = decompose_unbounded(net.layers, domain)
    expected = {
        tuple(s): {complex_.exact_point(v) for v in complex_.cell_vertices(i).tolist()}
        for i, s in enumerate(complex_.signs.tolist())
    }
    found = {tuple(s): generators(cones, i) for i, s in enumerate(cones.signs.tolist())}
    assert {s: set(points) for s, (points, _) in found.items()} == expected
    assert not any(rays for _, rays in found.values())
