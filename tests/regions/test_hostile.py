"""Whatever the weights, all engines agree with the slow reference, and the certificate agrees."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from symnet.exact.polyhedron import Polyhedron
from symnet.exact.rounding import inflated_roundoff
from symnet.regions import lattice
from symnet.regions.certificate import certify
from symnet.regions.common_lines import common_lines
from symnet.regions.engine_cells import LatticeCells, lattice_layers
from symnet.regions.finding import find_cells

from . import hostile, network_kinds, test_unbounded
from .clipping_reference import box, cells as reference_cells

FACTORS = [1.0, 2.0**44, float("inf")]


def engine(layers, domain, factor):
    """The cells with the filter's unit roundoff inflated."""
    with inflated_roundoff(factor):
        if domain.ambient < 3 or layers.starts[-1] == 0:
            return find_cells(layers, domain)
        hidden, output = lattice_layers(layers)
        found = lattice.decompose(hidden, domain, output, unit_roundoff=2.0**-53 * factor)
        return LatticeCells(found)


def vertices(cells, cell):
    points = (cells.point(v) for v in cells.corners(cell))
    return frozenset(tuple(Fraction(int(x.p), int(x.q)) for x in p) for p in points)


def agree(cells, reference):
    found = {tuple(s): vertices(cells, c) for c, s in enumerate(cells.signs.tolist())}
    assert len(found) == len(cells)
    assert found == reference


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.sampled_from([1, 2, 2, 3, 4]), st.sampled_from(FACTORS))
def test_bounded_domains(seed, d, factor):
    rng = np.random.default_rng(seed)
    case = hostile.network(rng, d)
    domain, corners = hostile.polytope(rng, d)
    expected = reference_cells(case.reference, corners)
    if len(expected) > 150:
        return
    with np.errstate(all="ignore"):
        cells = engine(case.layers, domain, factor)
        agree(cells, expected)
        with inflated_roundoff(factor):
            certify(case.layers, domain, cells)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**9), st.sampled_from([1, 2, 2, 3]), st.sampled_from(FACTORS))
def test_unbounded_domains(seed, d, factor):
    rng = np.random.default_rng(seed)
    layers = hostile.network(rng, d).layers
    domain = Polyhedron.from_half_spaces(ambient=d)
    for _ in range(int(rng.integers(4))):
        a, c = rng.integers(-2, 3, d).tolist(), int(rng.integers(-1, 3))
        smaller = domain.intersection(Polyhedron.from_half_spaces([a], [c], ambient=d))
        if any(a) and smaller.dimension == d and not smaller.is_bounded:
            domain = smaller
    with np.errstate(all="ignore"), inflated_roundoff(factor):
        cells = test_unbounded.compare(layers, domain)
        certify(layers, domain, cells)


@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.parametrize("sizes", [[1, 16, 16], [2, 16, 16]])
def test_four_bits_in_the_plane(sizes, factor):
    """As in three dimensions, in ``test_lattice``: 4-bit networks of some size."""
    net = network_kinds.network("quantised_to_four_bits", 0, sizes)
    layers, d = network_kinds.layer_list(net), sizes[0]
    corners = box([Fraction(-1)] * d, [Fraction(1)] * d)
    agree(engine(layers, Polyhedron.box([-1] * d, [1] * d), factor),
          reference_cells(net.reference, corners))  # fmt: skip


def test_directions_in_which_nothing_changes_are_found_with_any_scale():
    for seed in range(30):
        rng = np.random.default_rng(seed)
        layers = hostile.network(rng, 3).layers
        for line in common_lines(layers, Polyhedron.from_half_spaces(ambient=3)):
            rays = [(*line, 0), (*(-v for v in line), 0)]
            assert not layers.exact.signs_at(rays).any()
