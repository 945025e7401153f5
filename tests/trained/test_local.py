"""The affine map around a point, beside all regions of the network and beside plain evaluation."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

import symnet as sn
from symnet.exact.rounding import inflated_roundoff


def small(rng, sizes, activation, *, top=3, bias=True):
    layers = []
    for n, m in itertools.pairwise(sizes):
        W = rng.integers(-top, top + 1, (m, n))
        layers += [sn.Linear(W, rng.integers(-top, top + 1, m) if bias else None), activation]
    return sn.Sequential(*layers[:-1])


def networks():
    rng = np.random.default_rng(3)
    yield "relu", small(rng, (2, 5, 4, 2), sn.ReLU())
    yield "no bias", small(rng, (2, 4, 4, 1), sn.ReLU(), bias=False)
    yield "leaky", small(rng, (2, 4, 3, 2), sn.LeakyReLU(sp.Rational(1, 3)))
    yield "two breakpoints", small(rng, (2, 4, 3, 2), sn.Hardtanh(-1, 2))
    yield "abs", small(rng, (2, 3, 3, 1), sn.Abs())
    yield (
        "residual",
        sn.Sequential(
            small(rng, (2, 3), sn.ReLU()), sn.Residual(small(rng, (3, 4, 3), sn.ReLU())), sn.ReLU()
        ),
    )
    yield "maxout", sn.Sequential(small(rng, (2, 6), sn.ReLU()), sn.Maxout(3))
    yield "affine", sn.Sequential(sn.Linear([[1, 2]], [3]))
    # neurons that are zero everywhere, or constant, bend nothing
    yield (
        "constant neurons",
        sn.Sequential(
            sn.Linear([[0, 0], [0, 0], [1, -1], [2, -2]], [0, 3, 0, 0]),
            sn.ReLU(),
            sn.Linear([[1, 1, 1, 1], [0, 0, 0, 0]]),
            sn.ReLU(),
        ),
    )


NETWORKS = dict(networks())


def points(count, seed=0, spread=4):
    rng = np.random.default_rng(seed)
    for p, q in rng.integers(-24 * spread, 24 * spread, (count, 2)).tolist():
        yield [sp.Rational(p, 24) + sp.Rational(1, 977), sp.Rational(q, 24) + sp.Rational(2, 991)]


@pytest.mark.parametrize("name", NETWORKS)
def test_map_and_region_are_those_of_the_whole_decomposition(name):
    net = NETWORKS[name]
    pw = sn.piecewise(net)
    for x in points(8):
        (region,) = pw.regions_at(x)
        around = sn.local(net, x)
        assert not around.kinks
        assert (around.A, around.c) == (region.A, region.c)
        assert around.value == net(x) == around.A * sp.Matrix(x) + around.c
        assert {(h.a, h.b) for h in around.minimal()} == {(h.a, h.b) for h in region.half_spaces}
        # the others only repeat what the minimal ones say
        inside = region.polyhedron
        for h in around.half_spaces:
            assert inside.maximum(h.a) is not None
            assert inside.maximum(h.a) <= h.b


@pytest.mark.parametrize("name", NETWORKS)
def test_integers_alone_say_the_same(name):
    net = NETWORKS[name]
    for x in [*points(3), [0, 0], [1, 1]]:
        one = sn.local(net, x)
        with inflated_roundoff(float("inf")):
            other = sn.local(net, x)
            distances = [other.nearest(p) for p in (1, 2, sp.oo)] if not other.kinks else []
        assert (one.pattern, one.kinks, one.value) == (other.pattern, other.kinks, other.value)
        if distances:
            assert [one.nearest(p) for p in (1, 2, sp.oo)] == distances


def norm(v, p):
    sizes = [abs(t) for t in v]
    return sum(sizes) if p == 1 else max(sizes) if p == sp.oo else sp.sqrt(sum(t * t for t in v))


@pytest.mark.parametrize("p", [1, 2, sp.oo])
@pytest.mark.parametrize("name", ["relu", "two breakpoints", "residual", "leaky", "abs"])
def test_the_nearest_boundary_is_the_nearest_facet(name, p):
    net = NETWORKS[name]
    pw = sn.piecewise(net)
    dual = {1: sp.oo, 2: 2, sp.oo: 1}[p]
    for x in points(4, seed=1):
        around = sn.local(net, x)
        found = around.nearest(p)
        (region,) = pw.regions_at(x)
        to_facets = [
            abs(h.b - sum(a * t for a, t in zip(h.a, x, strict=True))) / norm(h.a, dual)
            for h in region.half_spaces
        ]
        least = min(to_facets, key=lambda d: d**2)
        assert sp.simplify(found.distance - least) == 0
        assert norm([a - b for a, b in zip(found.point, x, strict=True)], p) == found.distance
        assert set(found.neurons) <= set(sn.local(net, found.point).kinks)
        assert around.contains(found.point)
        beyond = [a + (a - b) / 10**6 for a, b in zip(found.point, x, strict=True)]
        assert not around.contains(beyond)


def test_an_affine_network_has_no_boundary():
    around = sn.local(NETWORKS["affine"], [5, 7])
    assert around.nearest() is None
    assert around.half_spaces == around.minimal() == ()
    assert around.label == 0


def test_a_point_between_regions_says_which_neurons_are_there():
    net = sn.Sequential(sn.Linear([[1, 0], [0, 1], [1, 1]]), sn.ReLU(), sn.Linear([[1, 10, 100]]))
    corner = sn.local(net, [0, 0])
    assert corner.kinks == ((0, 0), (0, 1), (0, 2))
    assert corner.value == sp.Matrix([[0]])
    with pytest.raises(sn.DomainError, match=r"neuron 0 of hidden layer 0, neuron 1.*towards=v"):
        _ = corner.A
    with pytest.raises(sn.DomainError, match="a region around the point was asked for"):
        _ = corner.half_spaces
    # one-sided derivatives, computed by hand
    assert sp.Matrix([[101, 110]]) == sn.local(net, [0, 0], towards=[1, 2]).A
    assert sp.Matrix([[100, 110]]) == sn.local(net, [0, 0], towards=[-1, 2]).A
    assert sp.Matrix([[1, 0]]) == sn.local(net, [0, 0], towards=[1, -2]).A
    along = sn.local(net, [0, 0], towards=[1, 0])
    assert along.kinks == ((0, 1),)


@pytest.mark.parametrize("name", ["relu", "no bias", "two breakpoints", "residual", "abs"])
def test_towards_gives_the_map_of_the_region_that_is_entered(name):
    net = NETWORKS[name]
    rng = np.random.default_rng(7)
    for _ in range(6):
        x = rng.integers(-2, 3, 2).tolist()
        v = [int(t) for t in rng.integers(-50, 51, 2)]
        around = sn.local(net, x, towards=v)
        step = sp.Rational(1, 10**7)
        y = [a + step * t for a, t in zip(x, v, strict=True)]
        if not around.kinks:
            assert around.A * sp.Matrix(y) + around.c == net(y)
            assert around.value == net(x)
            assert sn.local(net, y).A == around.A


def test_many_inputs_and_float_weights():
    rng = np.random.default_rng(11)
    sizes = (90, 40, 30, 5)
    layers = []
    for n, m in itertools.pairwise(sizes):
        W = rng.normal(size=(m, n)) * np.sqrt(2 / n)
        layers += [sn.Linear(W, rng.normal(size=m) / 10), sn.ReLU()]
    net = sn.Sequential(*layers[:-1])
    x = rng.uniform(size=90)
    around = sn.local(net, x)
    column = sp.Matrix([Fraction(t) for t in x])
    assert around.value == net(x) == around.A * column + around.c
    assert len(around.half_spaces) == 70
    assert all(sum(a * t for a, t in zip(h.a, column, strict=True)) < h.b
               for h in around.half_spaces)  # fmt: skip
    found = around.nearest(sp.oo)
    assert net(found.point) == around.A * sp.Matrix(found.point) + around.c
    assert found.neurons == sn.local(net, found.point).kinks
    beyond = [t + (t - s) / 1000 for t, s in zip(found.point, column, strict=True)]
    assert net(beyond) != around.A * sp.Matrix(beyond) + around.c


def test_minimal_half_spaces_leave_out_what_is_implied():
    # |x| <= 1 in each of 6 coordinates, and sum bounds: x_1 + … + x_6 <= 6 is implied, <= 5 is not
    unit = np.eye(6, dtype=int)
    W = np.vstack([unit, -unit, [[1] * 6, [1] * 6]])
    b = [-1] * 12 + [-6, -5]
    net = sn.Sequential(sn.Linear(W, b), sn.ReLU(), sn.Linear(np.ones((1, 14), dtype=int)))
    around = sn.local(net, [0] * 6)
    found = {(h.a, h.b) for h in around.minimal()}
    assert found == {(tuple(r), 1) for r in W[:12].tolist()} | {((1,) * 6, 5)}
    assert len(around.half_spaces) == 14


def test_what_does_not_fit_is_refused():
    net = NETWORKS["relu"]
    with pytest.raises(sn.ShapeError, match="the point has 3 entries; the network takes 2"):
        sn.local(net, [1, 2, 3])
    with pytest.raises(sn.ShapeError, match="the direction has 1 entries"):
        sn.local(net, [1, 2], towards=[1])
    with pytest.raises(ValueError, match="norms 1, 2 and oo, not for p = 3"):
        sn.local(net, [1, sp.Rational(1, 7)]).nearest(3)
    with pytest.raises(sn.NotPiecewiseLinearError, match="sigmoid is not piecewise linear"):
        sn.local(sn.Sequential(net, sn.Sigmoid()), [1, 2])
    with pytest.raises(sn.NotPiecewiseLinearError, match="the network jumps"):
        sn.local(sn.Sequential(net, sn.Step()), [1, 2])
