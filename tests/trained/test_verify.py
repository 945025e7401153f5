"""Properties on boxes, slices and polyhedra: verdicts beside all regions, points exactly."""

import dataclasses
from itertools import pairwise

import numpy as np
import pytest
import sympy as sp

import symnet as sn


def network(rng, sizes, activation=None):
    layers = []
    for n, m in pairwise(sizes):
        W, b = rng.integers(-3, 4, (m, n)), rng.integers(-3, 4, m)
        layers += [sn.Linear(W, b), activation or sn.ReLU()]
    return sn.Sequential(*layers[:-1])


def at_most(bound):
    """That the first of so many outputs stays below a bound."""
    return [([[-1]], [-bound])]


@pytest.mark.parametrize("d", [1, 2, 3, 4])
def test_a_bound_is_proved_above_the_maximum_and_refuted_at_it(d):
    rng = np.random.default_rng(d)
    for activation in (sn.ReLU(), sn.Hardtanh(-2, 3), sn.LeakyReLU(sp.Rational(1, 4))):
        net = network(rng, (d, 4, 3, 1), activation)
        box = sn.Box([-1, sp.Rational(4, 3)]).fitted(d)
        top = sn.piecewise(net, domain=box).maximum().value
        above = sn.Property([(box, at_most(top + sp.Rational(1, 1000)))])
        for max_regions in (1, 10_000):
            assert sn.verify(net, above, max_regions=max_regions)
            at = sn.verify(net, sn.Property([(box, at_most(top))]), max_regions=max_regions)
            assert at.verdict == "refuted"
            x = list(at.counterexample.values())
            assert box.contains(x)
            assert net(x)[0] == top
            assert at.lhs_value == 0


def test_all_forms_of_a_violation_must_be_met_at_once():
    # outputs (x, 1 - x): each can be at most 1/4, both cannot
    net = sn.Linear([[1], [-1]], [0, 1])
    quarter = sp.Rational(1, 4)
    box = sn.Box([0, 1])
    both = sn.Property([(box, [([[1, 0], [0, 1]], [quarter, quarter])])])
    assert sn.verify(net, both)
    assert sn.verify(net, both, max_regions=1)
    either = sn.Property([(box, [([[1, 0]], [quarter]), ([[0, 1]], [-1])])])
    verdict = sn.verify(net, either)
    assert verdict.verdict == "refuted"
    assert next(iter(verdict.counterexample.values())) <= quarter
    touching = sn.Property([(box, [([[1, 0], [0, 1]], [sp.Rational(1, 2)] * 2)])])
    (x,) = sn.verify(net, touching).counterexample.values()
    assert x == sp.Rational(1, 2)


@pytest.mark.parametrize("seed", range(4))
def test_robustness_in_a_box_agrees_with_the_decisions_on_all_regions(seed):
    rng = np.random.default_rng(seed)
    net = network(rng, (2, 5, 4, 3))
    for _ in range(6):
        low = rng.integers(-3, 3, 2).tolist()
        box = sn.Box(*[[a, a + sp.Rational(int(rng.integers(1, 9)), 4)] for a in low])
        decisions = sn.piecewise(net, domain=box).decisions()
        for label in range(3):
            # strictly greater at every corner of every region, or equal or less somewhere
            corners = [v for r in decisions.function.regions for v in r.vertices]
            wins = all(
                net(v)[label] > max(y for k, y in enumerate(net(v)) if k != label) for v in corners
            )
            one = sn.robust(net, box, label)
            other = sn.robust(net, box, label, max_regions=1)
            assert bool(one) == bool(other) == wins
            for verdict in (one, other):
                if not verdict:
                    y = net(list(verdict.counterexample.values()))
                    assert y[label] <= max(v for k, v in enumerate(y) if k != label)


def test_slices_and_polyhedra_of_many_inputs():
    rng = np.random.default_rng(9)
    net = network(rng, (30, 6, 3))
    x = rng.integers(-3, 4, 30)
    label = max(range(3), key=lambda k: net(x)[k])
    step = sp.Rational(1, 10**6)
    for reach, verdict in ((step, "proved"), (1000, "refuted")):
        line = sn.Slice(x, [rng.integers(-2, 3, 30)], sn.Box([-reach, reach]))
        assert sn.robust(net, line, label).verdict == verdict
    triangle = sn.Polyhedron(vertices=[[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]])
    small = network(rng, (3, 4, 1))
    top = sn.piecewise(small, domain=triangle).maximum().value
    assert sn.verify(small, sn.Property([(triangle, at_most(top + 1))]))
    found = sn.verify(small, sn.Property([(triangle, at_most(top))]))
    assert found.verdict == "refuted"
    assert triangle.contains(list(found.counterexample.values()))


def test_out_of_reach_is_said_with_how_far_it_went():
    # |x_1| + … + |x_30| - |x_1 + … + x_30| >= 0, attained on a set of full dimension
    n = 30
    W = np.vstack([np.eye(n, dtype=int), np.ones((1, n), dtype=int)])
    net = sn.Sequential(sn.Linear(W), sn.Abs(), sn.Linear([[1] * n + [-1]], [sp.Rational(1, 8)]))
    claim = sn.Property([(sn.Box([-1, 1]), [([[1]], [0])])])
    verdict = sn.verify(net, claim, max_boxes=200)
    assert verdict.verdict == "undecided"
    assert "out of reach: " in verdict.reason
    assert "boxes left open" in verdict.reason
    assert sn.verify(net, claim, timeout=0.0).verdict == "undecided"


def test_small_boxes_around_points_of_many_inputs_are_proved_or_refuted():
    rng = np.random.default_rng(0)
    net = network(rng, (40, 12, 8, 4))
    x = rng.uniform(-1, 1, 40)
    y = net(x)
    label = max(range(4), key=lambda k: y[k])
    for radius, expected in ((sp.Rational(1, 10**4), "proved"), (3, "refuted")):
        box = sn.Box(*[[sp.Rational(t) - radius, sp.Rational(t) + radius] for t in x])
        verdict = sn.robust(net, box)
        assert verdict.verdict == expected
        if expected == "refuted":
            point = list(verdict.counterexample.values())
            assert box.contains(point)
            values = net(point)
            assert values[label] <= max(v for k, v in enumerate(values) if k != label)


def test_what_does_not_fit_is_refused():
    net = sn.Sequential(sn.Linear([[1, 2], [3, 4]]), sn.ReLU())
    with pytest.raises(sn.ShapeError, match="speaks of 1 outputs, and the network has 2"):
        sn.verify(net, sn.Property([(sn.Box([0, 1]), at_most(1))]))
    with pytest.raises(sn.ShapeError, match="rows of lengths"):
        sn.Property([(sn.Box([0, 1]), [([[1, 2], [1]], [0, 0])])])
    with pytest.raises(sn.DomainError, match="give bounds for all inputs"):
        sn.robust(net, sn.Box([0, sp.oo]))
    with pytest.raises(sn.ShapeError, match="output 2 was asked for; there are 2"):
        sn.robust(net, sn.Box([0, 1]), 2)
    with pytest.raises(sn.ShapeError, match="the network has only one"):
        sn.robust(sn.Linear([[1, 2]]), sn.Box([0, 1]))


def test_proofs_and_refutations_are_checked():
    rng = np.random.default_rng(2)
    net = network(rng, (3, 6, 4, 1))
    box = sn.Box([-1, sp.Rational(4, 3)])
    top = sn.output_range(net, box)[0].greatest.value
    for bound in (top + sp.Rational(1, 1000), top + 1):
        for domain in (box, sn.Slice([0] * 3, [[1, 0, 0], [0, 1, 1]], box)):
            verdict = sn.verify(net, sn.Property([(domain, at_most(bound))]))
            assert verdict
            assert verdict.check().method == "certificate"
    refuted = sn.verify(net, sn.Property([(box, at_most(top))]))
    assert refuted.check().method == "exact evaluation"
    moved = dataclasses.replace(
        refuted, counterexample=dict.fromkeys(refuted.counterexample, sp.Integer(5))
    )
    with pytest.raises(sn.CertificateError, match="in no domain"):
        moved.check()


def test_a_proof_with_a_part_missing_or_claimed_too_much_is_not_one():
    rng = np.random.default_rng(2)
    net = network(rng, (3, 6, 4, 1))
    box = sn.Box([-1, 1])
    top = sn.output_range(net, box)[0].greatest.value
    claim = sn.Property([(box, at_most(top + sp.Rational(1, 1000)))])
    verdict = sn.verify(net, claim)
    (case,) = verdict.certificate.cases
    assert len(case.parts) > 1

    def changed(**values):
        cases = (dataclasses.replace(case, **values),)
        return dataclasses.replace(verdict, certificate=dataclasses.replace(
            verdict.certificate, cases=cases))  # fmt: skip

    for k in range(len(case.parts)):
        parts = case.parts[:k] + case.parts[k + 1 :]
        with pytest.raises(sn.CertificateError, match="do not cover the domain"):
            changed(parts=parts).check()
    # a lower bound on the same parts is false, and on none of them provable
    low = sn.Property([(box, at_most(top - 1))]).cases[0].violations
    other = dataclasses.replace(verdict.claim, claim=sn.Property([(box, at_most(top - 1))]))
    with pytest.raises(sn.CertificateError, match=r"rule out a violation|has unwanted outputs"):
        dataclasses.replace(changed(violations=low), claim=other).check()
    with pytest.raises(sn.CertificateError, match="of other violations"):
        dataclasses.replace(verdict, claim=other).check()


def test_a_proof_is_one_of_the_network_and_the_domain_of_its_claim():
    rng = np.random.default_rng(2)
    net = network(rng, (3, 6, 4, 1))
    box = sn.Box([-1, 1])
    top = sn.output_range(net, box)[0].greatest.value
    verdict = sn.verify(net, sn.Property([(box, at_most(top + 1))]))
    assert verdict.check()
    wider = sn.Property([(sn.Box([-1, 2]), at_most(top + 1))])
    elsewhere = dataclasses.replace(verdict.claim, claim=wider)
    with pytest.raises(sn.CertificateError, match="do not cover the domain"):
        dataclasses.replace(verdict, claim=elsewhere).check()
    raised = sn.Sequential(*net, sn.Linear([[1]], [2]))
    with pytest.raises(sn.CertificateError, match=r"rule out a violation|has unwanted outputs"):
        dataclasses.replace(verdict, claim=dataclasses.replace(verdict.claim, net=raised)).check()
