"""Reduced networks are equal on the domain, found by other means; what goes is known by hand."""

import dataclasses
from itertools import pairwise

import numpy as np
import pytest
import sympy as sp
from flint import fmpq

import symnet as sn
from symnet.exact.affine import AffineMap
from symnet.exact.rounding import inflated_roundoff


def random_network(rng, activation):
    d = int(rng.integers(1, 4))
    widths = [int(w) for w in rng.integers(1, 8, int(rng.integers(1, 4)))]
    shift = int(rng.integers(-3, 6))
    layers = []
    for n, m in pairwise([d, *widths, int(rng.integers(1, 4))]):
        W = rng.integers(-3, 4, (m, n))
        W[rng.uniform(size=W.shape) < 0.2] = 0
        b = rng.integers(-4 + shift, 5 + shift, m)
        if m > 2:
            W[1], b[1] = 2 * W[0], 2 * b[0]
        layers += [sn.Linear(W, b), activation]
    return sn.Sequential(*layers[:-1]), d


def random_domain(rng, d):
    kind = int(rng.integers(4))
    if kind == 0:
        low = rng.integers(-2, 2, d).tolist()
        return sn.Box(*[[a, a + int(rng.integers(1, 3))] for a in low]).fitted(d)
    if kind == 1 and d > 1:
        return sn.Slice(rng.integers(-2, 3, d).tolist(), [[1] * d], sn.Box([0, 1]))
    if kind == 2 and d == 2:
        return sn.Polyhedron([[1, 1], [-1, 0]], [1, 0])
    return sn.Box([0, 1]).fitted(d)


ACTIVATIONS = [
    sn.ReLU(), sn.LeakyReLU(sp.Rational(1, 3)), sn.Hardtanh(-1, 2), sn.Abs(), sn.ReLU6(),
]  # fmt: skip


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=lambda a: a.name)
@pytest.mark.parametrize("max_regions", [1, 20_000])
def test_reduced_networks_are_equal_on_the_domain(activation, max_regions):
    rng = np.random.default_rng(5)
    fewer = 0
    for _ in range(12):
        net, d = random_network(rng, activation)
        domain = random_domain(rng, d)
        found = sn.reduce(net, domain, max_regions=max_regions)
        # the regions of the difference know nothing of bounds and units
        assert net.equals(found.network, domain=domain)
        assert found.check()
        hidden = [x for x in found.network.leaves() if isinstance(x, sn.Linear)][:-1]
        assert sum(int(x.out_features) for x in hidden) == sum(found.after)
        assert sum(found.before) - sum(found.after) == len(found.removed) - found.added
        fewer += sum(found.before) > sum(found.after)
    assert fewer > 3


def test_what_goes_and_why_is_what_a_hand_finds():
    net = sn.Sequential(
        # on [0, 1]^2: x + y - 3 < 0, x + y - 1 bends, twice that, 4 constant, -x - y = 0 at most
        sn.Linear([[1, 1], [1, 1], [2, 2], [0, 0], [-1, -1], [1, -1]], [-3, -1, -2, 4, 0, 0]),
        sn.ReLU(),
        # the last neuron reaches a neuron without effect alone
        sn.Linear([[1, 1, 1, 1, 1, 0], [0, 0, 0, 0, 0, 1]], [-5, 0]),
        sn.ReLU(),
        sn.Linear([[1, 0]], [7]),
    )
    found = sn.reduce(net, sn.Box([0, 1]))
    assert {(r.layer, r.neuron): r.why for r in found.removed} == {
        (0, 0): "off on the domain",
        (0, 2): "a multiple of another",
        (0, 3): "constant",
        (0, 4): "off on the domain",
        (0, 5): "not used",
        (1, 1): "not used",
    }
    assert found.network == sn.Sequential(
        sn.Linear([[1, 1]], [-1]),
        sn.ReLU(),
        sn.Linear([[3]], [-1]),
        sn.ReLU(),
        sn.Linear([[1]], [7]),
    )
    assert (found.before, found.after) == ((6, 2), (1, 1))


def test_affine_neurons_are_handed_on_as_sums_shifted_to_where_they_are_positive():
    # five neurons that are on, and one that bends, for two outputs
    W = [[1, 0], [0, 1], [1, 1], [1, 2], [2, 1], [1, -1]]
    net = sn.Sequential(
        sn.Linear(W, [1, 1, 1, 1, 1, 0]), sn.ReLU(),
        sn.Linear([[1, -2, 3, 1, 1, 1], [0, 1, -1, 0, -3, 2]], [0, 5]),
    )  # fmt: skip
    found = sn.reduce(net, sn.Box([0, 1]))
    assert (found.before, found.after, found.added) == ((6,), (3,), 2)
    assert net.equals(found.network, domain=sn.Box([0, 1], [0, 1]))
    # and not elsewhere: there the neurons are off
    assert net.equals(found.network).verdict == "refuted"


def test_a_layer_that_is_affine_on_the_domain_goes_into_the_next():
    inner = sn.Sequential(sn.Linear([[1, 1], [1, -1]], [3, 3]), sn.ReLU(), sn.Linear([[1, 1]]))
    net = sn.Sequential(inner, sn.ReLU(), sn.Linear([[2]]), sn.Softmax())
    found = sn.reduce(net, sn.Box([-1, 1]))
    # (x + y + 3) + (x - y + 3) = 2 x + 6 > 0
    assert found.network == sn.Sequential(sn.Linear([[4, 0]], [12]), sn.Softmax())
    assert net.simplify(domain=sn.Box([-1, 1])) == found.network


def test_bounds_decide_at_equality_in_many_dimensions():
    # sum x_i <= 40 is attained: floats alone cannot tell that relu(sum - 40) is 0
    W = np.vstack([np.full(40, 0.1), np.full(40, 1.0)])
    exact = 40 * fmpq(*(0.1).as_integer_ratio())
    bias = [-sp.Rational(int(exact.p), int(exact.q)), 1]
    net = sn.Sequential(
        sn.Linear(W, bias), sn.ReLU(), sn.Linear([[1, 1], [0, -1]], [-41, 0]), sn.ReLU(),
        sn.Linear([[1, 1]], [2]),
    )  # fmt: skip
    found = sn.reduce(net, sn.Box([0, 1]))
    assert found.after == (0, 0)
    assert found.network == sn.Linear(np.zeros((1, 40), dtype=int), [2])
    assert found.check()


def test_large_networks_agree_at_points_and_with_all_rounding_inflated():
    rng = np.random.default_rng(1)
    layers = []
    for n, m in pairwise((60, 40, 30, 4)):
        W = rng.normal(size=(m, n)) - rng.choice([0, 1.5], (m, 1))
        layers += [sn.Linear(W, rng.normal(size=m)), sn.ReLU()]
    net = sn.Sequential(*layers[:-1], sn.Softmax())
    found = sn.reduce(net, sn.Box([0, 1]))
    assert sum(found.after) < sum(found.before)
    assert found.check()
    head, small = net[:-1], found.network[:-1]
    for x in [rng.uniform(size=60), rng.integers(0, 2, 60), np.ones(60)]:
        assert head(x) == small(x)
    with inflated_roundoff(2.0**20):
        wide = sn.reduce(net, sn.Box([0, 1]))
    assert {(r.layer, r.neuron) for r in wide.removed} <= {
        (r.layer, r.neuron) for r in found.removed
    }


def test_the_check_notices_what_is_wrong():
    net = sn.Sequential(
        sn.Linear([[1, 1], [1, 1], [-1, -1], [3, 1]], [1, -1, -5, 0]), sn.ReLU(),
        sn.Linear([[1, 2, 3, 1], [1, 1, 1, 1]]), sn.ReLU(), sn.Linear([[1, -1]]),
    )  # fmt: skip
    found = sn.reduce(net, sn.Box([-1, 1]), max_regions=1)
    assert found.check()
    first = found.layers[0]
    wrong_pieces = dataclasses.replace(
        found.facts, pieces=((0, *found.facts.pieces[0][1:]), *found.facts.pieces[1:])
    )
    with pytest.raises(sn.CertificateError, match="neuron 0 of hidden layer 0 is not on piece 0"):
        dataclasses.replace(found, facts=wrong_pieces).check()
    narrow = dataclasses.replace(
        found.facts.relaxations[0], high=found.facts.relaxations[0].high - 1
    )
    bounds = (narrow, *found.facts.relaxations[1:])
    with pytest.raises(sn.CertificateError, match="leaves its bounds"):
        dataclasses.replace(
            found, facts=dataclasses.replace(found.facts, relaxations=bounds)
        ).check()
    members = tuple(((i, c + 1),) for ((i, c),) in first.absorbed.members)
    changed = dataclasses.replace(
        first, absorbed=dataclasses.replace(first.absorbed, members=members)
    )
    with pytest.raises(sn.CertificateError, match="neuron 0 is not 2 times unit 0"):
        dataclasses.replace(found, layers=(changed, *found.layers[1:])).check()
    last = AffineMap.from_floats(found.last.weight * 2, found.last.bias)
    with pytest.raises(sn.CertificateError, match=r"row 0 of the next map has another affine part"):
        dataclasses.replace(found, last=last).check()
    with pytest.raises(sn.CertificateError, match="the next map has the shape"):
        dataclasses.replace(found, last=found.layers[0].forms).check()


def test_it_prints_a_bar_before_and_after():
    net = sn.Sequential(sn.Linear([[1], [-1]], [0, -2]), sn.ReLU(), sn.Linear([[1, 1]]))
    found = sn.reduce(net, sn.Box([-1, 1]))
    assert str(found) == (
        "layer 0     2 -> 1  ███████████████░░░░░░░░░░░░░░░  1 off on the domain\n"
        "parameters  6 -> 2  ██████████░░░░░░░░░░░░░░░░░░░░"
    )
    assert repr(found) == "Reduction(2 -> 1 neurons)"
    assert str(found.verdict) == "proved (reduction: the signs on all 2 regions; 1 neuron removed)"


def test_residual_branches_are_handed_on_where_values_are_bounded():
    branch = sn.Sequential(
        sn.Linear([[1, 2], [0, 1]], [9, -9]), sn.ReLU(), sn.Linear([[1, 1], [2, 0]])
    )
    net = sn.Sequential(sn.Residual(branch), sn.ReLU(), sn.Linear([[1, -1]]))
    found = sn.reduce(net, sn.Box([-1, 1]))
    assert sum(found.after) < sum(found.before)
    assert net.equals(found.network, domain=sn.Box([-1, 1], [-1, 1]))
    unbounded = sn.reduce(
        sn.Sequential(sn.Residual(sn.ReLU()), sn.Linear([[1, 1]])), sn.Box([-1, sp.oo])
    )
    assert unbounded.network.equals(sn.Sequential(sn.Residual(sn.ReLU()), sn.Linear([[1, 1]])))
    assert "nothing was tried" in str(unbounded)
    assert unbounded.check()


def test_convolutions_are_kept_where_matrices_would_be_larger():
    kernel = [[[[1, -1], [2, 0]]], [[[-1, -1], [-1, -3]]]]
    image = sn.Conv2d(kernel, [0, 0], size=4)
    net = sn.Sequential(image, sn.ReLU(), sn.Linear([[1] * 18]))
    found = sn.reduce(net, sn.Box([0, 1]))
    assert found.network == net
    assert "9 neurons could go, but written out as matrices" in found.note
    assert found.check()
    # 9 neurons with 16 weights each and a bias, for 8 + 2 + 18 parameters
    few = sn.Sequential(image, sn.ReLU(), sn.Linear([[1, *[0] * 17]]), sn.Sigmoid())
    small = sn.reduce(few, sn.Box([0, 1]))
    assert small.after == (1,)
    x = list(range(16))
    assert small.network[:-1](x) == few[:-1](x)


def test_what_does_not_fit_is_refused():
    net = sn.Sequential(sn.Linear(2, 2), sn.ReLU())
    with pytest.raises(sn.WeightError, match="regions need numbers"):
        sn.reduce(net, sn.Box([0, 1]))
    with pytest.raises(sn.DomainError, match=r"the domain is \[0, 1\]; write Box"):
        sn.reduce(net, [0, 1])
    with pytest.raises(sn.NotPiecewiseLinearError, match="sigmoid is not piecewise linear"):
        sn.reduce(sn.Sequential(sn.Sigmoid(), sn.Linear([[1]])), sn.Box([0, 1]))
    with pytest.raises(sn.LayerError, match="a domain is for a network"):
        sn.simplify(sp.Symbol("x"), domain=sn.Box([0, 1]))
