"""What neurons do on a box, said by bounds on its parts, beside all regions."""

import dataclasses
from itertools import pairwise

import numpy as np
import pytest
import sympy as sp

import symnet as sn

ACTIVATIONS = [sn.ReLU(), sn.LeakyReLU(sp.Rational(1, 3)), sn.Hardtanh(-30, 50), sn.Abs()]


def deep(rng, activation, d, widths=(5, 5, 5)):
    layers = []
    for n, m in pairwise([d, *widths, 2]):
        W, b = rng.integers(-40, 41, (m, n)), rng.integers(-60, 61, m)
        layers += [sn.Linear(W, b), activation]
    return sn.Sequential(*layers[:-1])


def triangle():
    """relu(x - y) + relu(y - z) + relu(z - x) <= 1, of which lines say 3/2 alone; and x - 1/2."""
    return sn.Sequential(
        sn.Linear([[1, -1, 0], [0, 1, -1], [-1, 0, 1], [1, 0, 0]]), sn.ReLU(),
        sn.Linear([[1, 1, 1, 0], [0, 0, 0, 1]], [-sp.Rational(5, 4), -sp.Rational(1, 2)]),
        sn.ReLU(), sn.Linear([[1, 1]]),
    )  # fmt: skip


def known(found):
    return {
        (k, i): piece
        for k, row in enumerate(found.facts.pieces)
        for i, piece in enumerate(row)
        if piece is not None
    }


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=lambda a: a.name)
def test_parts_of_a_box_say_more_than_the_box_and_nothing_that_regions_contradict(activation):
    rng = np.random.default_rng(2)
    counts = []
    for _ in range(5):
        net, box = deep(rng, activation, 2), sn.Box([-1, 1], [0, 2])
        truth = known(sn.reduce(net, box))
        bounds = sn.reduce(net, box, max_regions=1, max_boxes=0)
        parts = sn.reduce(net, box, max_regions=1, max_boxes=100)
        assert known(bounds).items() <= known(parts).items() <= truth.items()
        # points that were tried do not speak against what is true
        assert parts.facts.open >= len(truth) - len(known(parts))
        assert net.equals(parts.network, domain=box)
        assert parts.check()
        counts.append([len(known(bounds)), len(known(parts)), len(truth)])
    by_bounds, by_parts, all_ = np.sum(counts, axis=0)
    assert by_bounds < by_parts <= all_
    assert all_ == by_parts


def test_in_many_inputs_parts_leave_fewer_neurons():
    rng = np.random.default_rng(0)
    layers = []
    for n, m in pairwise((5, 20, 20, 20, 3)):
        W = rng.normal(size=(m, n)) * np.sqrt(2 / n)
        layers += [sn.Linear(W, rng.normal(size=m) / 4), sn.ReLU()]
    net = sn.Sequential(*layers[:-1])
    box = sn.Box([0, 0.5])
    bounds = sn.reduce(net, box, max_boxes=0)
    found = sn.reduce(net, box, max_boxes=100)
    assert known(bounds).items() < known(found).items()
    assert sum(found.after) < sum(bounds.after)
    assert "parts of a box" in str(found.verdict)
    for x in [rng.uniform(0, 0.5, 5) for _ in range(3)] + [[0] * 5, [0.5] * 5]:
        assert found.network(x) == net(x)
    assert found.check()
    # a domain within the box has the bounds of the box
    inside = sn.Polyhedron(vertices=[[0] * 5, *(np.eye(5) / 2)])
    assert known(found).items() <= known(sn.reduce(net, inside, max_boxes=100)).items()
    assert sn.reduce(net, box, timeout=0).after == bounds.after


def test_where_points_say_that_neurons_bend_no_part_is_looked_at():
    net = sn.Sequential(sn.Linear([[1, 1, 1], [1, -1, 0]], [-1, 0]), sn.ReLU(), sn.Linear([[1, 1]]))
    found = sn.reduce(net, sn.Box([-1, 1]), max_regions=1)
    assert (found.facts.cases, found.facts.open) == (None, 0)


def test_what_is_open_is_said():
    net, box = triangle(), sn.Box([0, 1])
    few = sn.reduce(net, box, max_regions=1, max_boxes=0)
    short = sn.reduce(net, box, max_regions=1, max_boxes=2)
    assert few.after == short.after == (4, 2)
    assert short.facts.open == 1
    assert "1 neuron may be affine or off on the domain" in str(short)
    found = sn.reduce(net, box, max_regions=1)
    assert found.network == sn.Sequential(
        sn.Linear([[1, 0, 0]], [-sp.Rational(1, 2)]), sn.ReLU(), sn.Linear([[1]])
    )
    assert found.facts.open == 0
    assert found.check()


def test_the_check_notices_parts_and_goals_that_are_wrong():
    found = sn.reduce(triangle(), sn.Box([0, 1]), max_regions=1)
    cases = found.facts.cases
    assert found.check()

    def changed(**changes):
        facts = dataclasses.replace(found.facts, cases=dataclasses.replace(cases, **changes))
        return dataclasses.replace(found, facts=facts)

    with pytest.raises(sn.CertificateError, match="misses its goal on a part"):
        changed(cut=dataclasses.replace(cases.cut, below=None, above=None)).check()
    nothing = tuple((low - np.inf, high + np.inf) for low, high in cases.goals)
    with pytest.raises(sn.CertificateError, match="leaves its bounds"):
        changed(goals=nothing).check()
    narrow = dataclasses.replace(cases.base[0], high=cases.base[0].high - 1)
    with pytest.raises(sn.CertificateError, match="leaves its bounds"):
        changed(base=(narrow, *cases.base[1:])).check()
    more = tuple((low, np.minimum(high, 0)) for low, high in cases.goals)
    with pytest.raises(sn.CertificateError, match="misses its goal on a part"):
        changed(goals=more).check()
