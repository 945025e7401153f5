"""Ranges and greatest differences: beside all regions, and attained at points that are given."""

from itertools import pairwise

import numpy as np
import pytest
import sympy as sp

import symnet as sn


def network(rng, sizes, activation):
    layers = []
    for n, m in pairwise(sizes):
        layers += [sn.Linear(rng.integers(-3, 4, (m, n)), rng.integers(-3, 4, m)), activation]
    return sn.Sequential(*layers[:-1])


ACTIVATIONS = [sn.ReLU(), sn.Hardtanh(-2, 3), sn.LeakyReLU(sp.Rational(1, 3)), sn.Abs()]


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=lambda a: a.name)
def test_the_range_is_that_of_all_regions(activation):
    rng = np.random.default_rng(3)
    for d in (1, 2, 3, 4):
        net = network(rng, (d, 4, 3, 2), activation)
        domain = sn.Box([-1, sp.Rational(4, 3)]).fitted(d)
        if d == 3:
            domain = sn.Polyhedron(vertices=[[0, 0, 0], [2, 0, 0], [0, 1, 0], [0, 0, -1]])
        pw = sn.piecewise(net, domain=domain)
        for max_regions in (1, 10_000):
            found = sn.output_range(net, domain, max_regions=max_regions)
            for k, output in enumerate(found):
                for extreme, known in (
                    (output.greatest, pw.maximum(k)),
                    (output.least, pw.minimum(k)),
                ):
                    assert extreme.is_exact
                    assert extreme.value == known.value == net(extreme.point)[k]
                    assert domain.contains(extreme.point)


def test_a_search_that_ends_early_gives_a_value_and_a_bound():
    rng = np.random.default_rng(0)
    net = network(rng, (12, 10, 8, 1), sn.ReLU())
    box = sn.Box([-1, 1])
    (found,) = sn.output_range(net, box, max_boxes=40)
    for extreme in (found.least, found.greatest):
        assert net(extreme.point)[0] == extreme.value
        assert not extreme.is_exact
    assert found.least.bound < found.least.value < found.greatest.value < found.greatest.bound
    for x in rng.uniform(-1, 1, (20, 12)):
        assert found.least.bound <= net(x)[0] <= found.greatest.bound


def test_an_affine_part_is_exact_in_many_dimensions():
    # on [0, 1]^50 the neurons are on: sum x_i + 1, and minus that, attained at corners
    weights = [[1] * 50]
    net = sn.Sequential(sn.Linear(weights, [1]), sn.ReLU(), sn.Linear([[1], [-1]]))
    first, second = sn.output_range(net, sn.Box([0, 1]))
    assert (first.least.value, first.greatest.value) == (1, 51)
    assert (second.least.value, second.greatest.value) == (-51, -1)
    assert first.greatest.point == (1,) * 50
    assert all(e.is_exact for r in (first, second) for e in (r.least, r.greatest))


@pytest.mark.parametrize("d", [1, 2, 3])
def test_the_greatest_difference_is_that_of_all_regions(d):
    rng = np.random.default_rng(d)
    one, other = (network(rng, (d, 4, 3, 2), sn.ReLU()) for _ in range(2))
    box = sn.Box([-2, 1]).fitted(d)
    pw = sn.piecewise(one, domain=box) - sn.piecewise(other, domain=box)
    known = max(abs(e.value) for k in (0, 1) for e in (pw.maximum(k), pw.minimum(k)))
    for max_regions in (1, 10_000):
        found = sn.greatest_difference(one, other, box, max_regions=max_regions)
        assert found.is_exact
        assert found.value == known
        values = [net(found.point)[found.output] for net in (one, other)]
        assert list(found.values) == values
        assert abs(values[0] - values[1]) == found.value


def test_equal_networks_differ_by_nothing_and_rounded_ones_by_little():
    rng = np.random.default_rng(8)
    W = [rng.normal(size=(6, 3)), rng.normal(size=(2, 6))]
    net, rounded = (
        sn.Sequential(sn.Linear(a), sn.ReLU(), sn.Linear(b))
        for a, b in (W, [np.round(w * 256) / 256 for w in W])
    )
    box = sn.Box([-1, 1])
    same = sn.greatest_difference(net, sn.Sequential(*net, sn.Identity()), box)
    assert (same.value, same.is_exact) == (0, True)
    found = sn.greatest_difference(net, rounded, box)
    assert found.is_exact
    assert 0 < found.value < sp.Rational(1, 10)
    for x in rng.uniform(-1, 1, (50, 3)):
        assert max(abs(v) for v in net(x) - rounded(x)) <= found.value


def test_what_does_not_fit_is_refused():
    net = sn.Sequential(sn.Linear([[1, 2], [3, 4]]), sn.ReLU())
    with pytest.raises(sn.ShapeError, match="have 2 and 1 outputs, which have no difference"):
        sn.greatest_difference(net, sn.Linear([[1, 2]]), sn.Box([0, 1]))
    with pytest.raises(sn.DomainError, match="bounded domains"):
        sn.output_range(net, sn.Box([0, sp.oo]))
