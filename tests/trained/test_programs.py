"""Multipliers bound neurons, whatever they are; those of linear programs decide more neurons."""

import dataclasses
from itertools import pairwise

import numpy as np
import pytest
from flint import fmpq

import symnet as sn
from symnet.trained import _programs
from symnet.trained._bounding import Boxes
from symnet.trained._dual import Fork, Multipliers, leaves, upper_bound
from symnet.trained._facts import refined
from symnet.trained._prepared import prepared
from symnet.trained._programs import Programs

pytest.importorskip("scipy")


def random_net(rng, sizes):
    layers = []
    for n, m in pairwise(sizes):
        layers += [sn.Linear(rng.normal(size=(m, n)), rng.normal(size=m) / 2), sn.ReLU()]
    return sn.Sequential(*layers[:-1])


def box_of(d):
    return [(fmpq(-1, 2), fmpq(1, 2))] * d


def values(net, x):
    """The pre-activations of all layers, exactly."""
    found, h = [], list(x)
    for affine in net.layers.maps:
        matrix, scale = affine.integers()
        z = [sum((r[j] * v for j, v in enumerate(h)), fmpq(r[len(h)])) / scale
             for r in matrix.tolist()]  # fmt: skip
        found.append(z)
        h = [max(v, fmpq(0)) for v in z]
    return found


def test_any_multipliers_bound_a_neuron_at_all_points_on_the_sides():
    rng = np.random.default_rng(3)
    tried = 0
    for _ in range(12):
        net = prepared(random_net(rng, (3, 4, 4, 3)))
        box = box_of(3)
        before = refined(net, box)
        multipliers = Multipliers(
            tuple(rng.uniform(size=4) for _ in range(2)),
            tuple(rng.exponential(size=4) for _ in range(2)),
        )
        points = [[fmpq(int(v), 64) for v in rng.integers(-32, 33, 3)] for _ in range(30)]
        here = [values(net, x) for x in points]
        for split in ([], [(0, 1)], [(0, 2), (1, 3)]):
            sides = {place: int(rng.choice([-1, 1])) for place in split}
            for sign in (1, -1):
                top = upper_bound(net, (2, 0), sign, box, before[:2], multipliers, sides)
                for z in here:
                    if all(s * z[k][i] >= 0 for (k, i), s in sides.items()):
                        assert sign * z[2][0] <= top
                        tried += 1
    assert tried > 1000


def test_programs_decide_what_regions_know_and_nothing_else():
    rng = np.random.default_rng(0)
    decided = missed = 0
    for _ in range(6):
        network = random_net(rng, (2, 6, 5, 5))
        net, box = prepared(network), box_of(2)
        base = refined(net, box)
        truth = sn.reduce(network, sn.Box([-0.5, 0.5])).facts
        assert truth.regions is not None
        programs = Programs(net, box, base[:1], 200)
        for i, piece in enumerate(truth.pieces[1]):
            for sign in (1, -1):
                bound = programs.decide(i, sign)
                is_true = piece == (0 if sign > 0 else 1)
                assert bound is None or is_true
                if bound is not None:
                    assert bound.holds(net, box, base[:1])
                    decided += 1
                missed += is_true and bound is None
    assert decided > 5
    assert missed == 0


def test_programs_with_numbers_beyond_floats_are_left_out():
    net = sn.Sequential(
        sn.Linear([[1, -1, 0], [0, 1, -1], [-1, 0, 1]]), sn.ReLU(),
        sn.Linear([[1e307] * 3, [1] * 3], [-1.25e307, -1.25]), sn.ReLU(),
    )  # fmt: skip
    ready, box = prepared(net), [(fmpq(0), fmpq(1))] * 3
    programs = Programs(ready, box, refined(ready, box)[:1], 50)
    assert programs.decide(0, 1) is None
    assert programs.decide(1, 1).holds(ready, box, refined(ready, box)[:1])
    assert programs.decide(1, -1) is None


@pytest.fixture(scope="module")
def many_inputs():
    """A network, and what is found on a box: by bounds, by parts, and by programs as well."""
    net = random_net(np.random.default_rng(12), (12, 10, 10, 8, 2))
    box = sn.Box([-0.125, 0.125])
    return net, box, sn.reduce(net, box, max_boxes=0), sn.reduce(net, box, max_boxes=400)


def test_in_many_inputs_programs_decide_more(many_inputs, monkeypatch):
    net, box, bounds, found = many_inputs
    assert found.facts.bounds
    assert "linear program" in str(found.verdict)
    with monkeypatch.context() as patch:
        patch.setattr(_programs, "can_solve", lambda: False)
        parts = sn.reduce(net, box, max_boxes=400)
    assert parts.facts.bounds == ()
    counts = [sum(k is not None for row in r.facts.pieces for k in row)
              for r in (bounds, parts, found)]  # fmt: skip
    assert counts[0] <= counts[1] < counts[2]
    assert found.check()
    rng = np.random.default_rng(0)
    for x in rng.integers(-8, 9, (5, 12)) / 64:
        assert net(x) == found.network(x)


def test_the_check_notices_multipliers_that_prove_nothing(many_inputs):
    _, _, _, found = many_inputs
    bound = found.facts.bounds[0]
    before = found.facts.relaxations[: bound.neuron[0]]

    def check(**changes):
        wrong = dataclasses.replace(bound, **changes)
        facts = dataclasses.replace(found.facts, bounds=(wrong, *found.facts.bounds[1:]))
        return dataclasses.replace(found, facts=facts).check()

    with pytest.raises(sn.CertificateError, match="multipliers do not bound neuron"):
        check(sign=-bound.sign)
    one, _ = next(leaves(bound.tree, {}))
    steep = Multipliers(tuple(v + 2 for v in one.slopes), one.weights)
    with pytest.raises(sn.CertificateError, match=r"slope .* below relu is not from 0 to 1"):
        check(tree=steep)
    negative = Multipliers(one.slopes, tuple(w - 1e6 for w in one.weights))
    with pytest.raises(sn.CertificateError, match=r"the multiplier .* is negative"):
        check(tree=Fork((0, 0), negative, negative))
    net, box = found.facts.net, found.facts.box
    assert bound.holds(net, box, before)
    assert len(Boxes.around(box)) == 1
