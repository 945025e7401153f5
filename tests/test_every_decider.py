"""Laws of every procedure: it decides its examples, and no two procedures contradict each other."""

import numpy as np
import pytest

import symnet as sn
from symnet.claims._question import question_of
from symnet.claims.deciders import every_decider
from symnet.verdict import Proved, Refuted

DECIDERS = every_decider()
EXAMPLES = [(d, claim) for d in DECIDERS for claim in d.examples()]
NEAR_MISSES = [(d, claim) for d in DECIDERS for claim in d.near_misses()]


def name(value):
    return getattr(value, "name", None) or str(value)[:60]


@pytest.mark.parametrize("decider", DECIDERS, ids=name)
def test_a_procedure_states_what_it_does(decider):
    assert decider.name
    assert decider.decides
    assert decider.source
    assert list(decider.near_misses())


@pytest.mark.parametrize(("decider", "claim"), EXAMPLES, ids=name)
def test_it_proves_its_examples_and_no_other_procedure_refutes_them(decider, claim):
    question = question_of(claim)
    assert isinstance(decider.decide(question), Proved)
    proof = claim.prove()
    assert proof.verdict == "proved"
    if decider.name != "normal form in indices":  # for most of these there is no second one
        assert proof.check()
    for other in DECIDERS:
        assert not isinstance(other.decide(question), Refuted), other.name


@pytest.mark.parametrize(("decider", "claim"), NEAR_MISSES, ids=name)
def test_near_misses_are_refuted_at_a_point_that_can_be_checked(decider, claim):
    verdict = claim.prove()
    assert verdict.verdict == "refuted"
    assert verdict.check()
    question = question_of(claim)
    for other in DECIDERS:
        assert not isinstance(other.decide(question), Proved), other.name


def network(pairs):
    """The ReLU network with these weights and biases."""
    first, *rest = [sn.Linear(W, b) for W, b in pairs]
    return sn.Sequential(first, *(layer for linear in rest for layer in (sn.ReLU(), linear)))


@pytest.mark.parametrize("seed", range(3))
def test_networks_that_are_equal_by_symmetry_and_networks_that_differ_in_one_bit(seed):
    rng = np.random.default_rng(seed)
    (W1, b1), (W2, b2), (W3, b3) = (
        (rng.normal(size=(outputs, inputs)), rng.normal(size=outputs))
        for inputs, outputs in ((2, 16), (16, 16), (16, 1))
    )
    net = network([(W1, b1), (W2, b2), (W3, b3)])
    order, scale = rng.permutation(16), 2.0 ** rng.integers(-3, 4, 16)
    twin = network(
        [(W1[order] * scale[:, None], b1[order] * scale), (W2[:, order] / scale, b2), (W3, b3)]
    )
    proof = net.equals(twin)
    assert proof
    assert proof.check()
    W2[3, 5] = np.nextafter(W2[3, 5], np.inf)
    other = network([(W1, b1), (W2, b2), (W3, b3)])
    verdict = net.equals(other)
    assert verdict.verdict == "refuted"
    (x,) = verdict.counterexample.values()
    assert net(x)[0] == verdict.lhs_value[0]
    assert other(x)[0] == verdict.rhs_value[0]
    assert net(x) != other(x)


def test_a_certificate_for_another_function_does_not_verify():
    one = sn.Sequential(sn.Linear([[1], [-1]]), sn.ReLU(), sn.Linear([[1, -1]]))
    proof = sn.prove(one, sn.Linear([[1]]))
    wrong = sn.Sequential(sn.Linear([[1], [-1]]), sn.ReLU(), sn.Linear([[1, 1]]))
    layers = sn.piecewise(wrong).network
    spoiled = type(proof.certificate)(layers, proof.certificate.domain)
    with pytest.raises(sn.CertificateError, match="differ on a region"):
        spoiled.check(proof.claim)
