"""Monotony along a direction: beside the slopes of all regions, refuted by two values."""

import dataclasses
from itertools import pairwise

import numpy as np
import pytest
import sympy as sp

import symnet as sn


def network(rng, sizes, activation, low=-3):
    layers = []
    for n, m in pairwise(sizes):
        layers += [sn.Linear(rng.integers(low, 4, (m, n)), rng.integers(-3, 4, m)), activation]
    return sn.Sequential(*layers[:-1])


def shown(net, domain, verdict, v, output, sign):
    """Whether the output really goes the wrong way from the point of a refutation."""
    x = list(verdict.counterexample.values())
    step = sp.Rational(verdict.detail.split()[2])
    y = [a + step * b for a, b in zip(x, v, strict=True)]
    assert domain.contains(x)
    assert domain.contains(y)
    assert net(y)[output] == verdict.lhs_value
    assert net(x)[output] == verdict.rhs_value
    return sign * (net(y)[output] - net(x)[output]) < 0


@pytest.mark.parametrize(
    "activation", [sn.ReLU(), sn.Hardtanh(-2, 3), sn.LeakyReLU(sp.Rational(1, 3))],
    ids=lambda a: a.name,
)  # fmt: skip
def test_it_is_the_sign_of_the_slopes_of_all_regions(activation):
    rng = np.random.default_rng(5)
    verdicts = set()
    for trial in range(18):
        d = 1 + trial % 4
        net = network(rng, (d, 4, 3, 2), activation, low=int(rng.integers(-3, 1)))
        domain = sn.Box([-1, sp.Rational(4, 3)]).fitted(d)
        slopes = [region.A for region in sn.piecewise(net, domain=domain).regions]
        along = int(rng.integers(d))
        for sign in (1, -1):
            known = all(sign * A[1, along] >= 0 for A in slopes)
            for max_regions in (1, 10_000):
                found = sn.monotone_along(
                    net, domain, along, output=1, decreasing=sign < 0, max_regions=max_regions
                )
                assert bool(found) == known
                verdicts.add(found.verdict)
                unit = [int(k == along) for k in range(d)]
                assert found or shown(net, domain, found, unit, 1, sign)
                assert trial % 3 or found.check()
    assert verdicts == {"proved", "refuted"}


def test_directions_in_slices_and_in_many_dimensions():
    rng = np.random.default_rng(1)
    # no weight is negative: every output grows with every input
    growing = network(rng, (40, 10, 8, 3), sn.ReLU(), low=0)
    assert sn.monotone_along(growing, sn.Box([0, 1]), 7, output=2).check()
    diagonal = sn.Slice([0] * 40, [[1] * 40], sn.Box([-1, 1]))
    assert sn.monotone_along(growing, diagonal, [1] * 40).check()
    falls = sn.monotone_along(growing, diagonal, [2] * 40, decreasing=True)
    assert falls.verdict == "refuted"
    assert falls.check()
    with pytest.raises(sn.DomainError, match="leads out of the slice"):
        sn.monotone_along(growing, diagonal, 3)
    mixed = network(rng, (40, 10, 8, 3), sn.ReLU())
    verdict = sn.monotone_along(mixed, sn.Box([-1, 1]), 7)
    assert verdict.verdict == "refuted"
    assert shown(mixed, sn.Box([-1, 1]).fitted(40), verdict, [int(k == 7) for k in range(40)], 0, 1)


def test_a_constant_neuron_at_its_breakpoint_hides_nothing():
    # the second neuron is 0 everywhere; the first is on, and falls
    net = sn.Sequential(
        sn.Linear([[-1] + [0] * 7, [0] * 8], [2, 0]), sn.ReLU(), sn.Linear([[1, 1]])
    )
    verdict = sn.monotone_along(net, sn.Box([0, 1]), 0)
    assert verdict.verdict == "refuted"
    assert sn.monotone_along(net, sn.Box([0, 1]), 0, decreasing=True)


def test_a_proof_with_a_part_missing_or_of_another_claim_is_not_one():
    # 4 relu(x + y + z) + relu(z - x) - relu(y) grows with z, and with y since it can fall with it
    # only where x + y + z > 0; where this is not so it falls with x
    net = sn.Sequential(
        sn.Linear([[1, 1, 1], [-1, 0, 1], [0, 1, 0]]), sn.ReLU(), sn.Linear([[4, 1, -1]])
    )
    box = sn.Box([0, 1], [-1, 1], [sp.Rational(1, 2), 1])
    verdict = sn.monotone_along(net, box, 2, max_regions=1)
    assert verdict
    assert verdict.check().method == "certificate"
    proof = verdict.certificate
    for k in range(len(proof.parts)):
        less = dataclasses.replace(proof, parts=proof.parts[:k] + proof.parts[k + 1 :])
        with pytest.raises(sn.CertificateError, match="do not cover the domain"):
            dataclasses.replace(verdict, certificate=less).check()
    for change in ({"decreasing": True}, {"along": sn.monotone_along(net, box, 0).claim.along}):
        other = dataclasses.replace(verdict.claim, **change)
        with pytest.raises(sn.CertificateError, match="output falls on"):
            dataclasses.replace(verdict, claim=other).check()
    wider = dataclasses.replace(verdict.claim, domain=sn.Box([0, 1], [-1, 1], [0, 1]))
    with pytest.raises(sn.CertificateError, match="do not cover the domain"):
        dataclasses.replace(verdict, claim=wider).check()


def test_a_refutation_is_checked_at_its_point():
    net = sn.Sequential(sn.Linear([[1], [-1]]), sn.ReLU(), sn.Linear([[1, 1]]))
    verdict = sn.monotone_along(net, sn.Box([-1, 1]), 0)
    assert verdict.check().method == "exact evaluation"
    for x, match in ((sp.Rational(1, 2), "goes the claimed way"), (-2, "or it is outside")):
        moved = dict.fromkeys(verdict.counterexample, sp.sympify(x))
        with pytest.raises(sn.CertificateError, match=match):
            dataclasses.replace(verdict, counterexample=moved).check()


def test_what_does_not_fit_is_refused():
    net = sn.Sequential(sn.Linear([[1, 2]]), sn.ReLU())
    with pytest.raises(sn.ShapeError, match="input 2 was asked for; there are 2"):
        sn.monotone_along(net, sn.Box([0, 1]), 2)
    with pytest.raises(sn.ShapeError, match="the direction has 3 entries, and should have 2"):
        sn.monotone_along(net, sn.Box([0, 1]), [1, 2, 3])
    with pytest.raises(sn.ShapeError, match="output 1 was asked for; there are 1"):
        sn.monotone_along(net, sn.Box([0, 1]), 0, output=1)
