"""Extrema, constants, convexity, monotony: against plain exact sums over all regions."""

from random import Random

import pytest
import sympy as sp
from sympy import Rational as Q

import symnet as sn
from symnet.exact.rounding import inflated_roundoff

DOMAINS = [sn.Box([-2, 1]), sn.Polyhedron(vertices=[[0, 0], [3, 1], [1, 2]])]


def network(seed, outputs=1, n=2, bias=True):
    random = Random(seed)

    def entries(rows, cols, scale=1):
        return [[Q(random.randint(-3, 3), random.choice([1, 2])) * scale for _ in range(cols)]
                for _ in range(rows)]  # fmt: skip

    return sn.Sequential(
        sn.Linear(entries(3, n), entries(3, 1, int(bias))),
        random.choice([sn.ReLU(), sn.Abs(), sn.Hardtanh()]),
        sn.Linear(entries(3, 3), entries(3, 1, int(bias))),
        sn.ReLU(),
        sn.Linear(entries(outputs, 3)),
    )


def spectral(A):
    return max(sp.sqrt(v) for v in (A * A.T).eigenvals())


@pytest.mark.parametrize("factor", [1, 2.0**80])
@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("seed", range(8))
def test_one_output(seed, domain, factor):
    pw = sn.piecewise(network(seed, bias=seed % 3 > 0), domain=domain)
    values = {v: pw(v)[0] for v in pw.vertices}
    slopes = [r.A for r in pw.regions]
    rows = [r.table.tolist()[0] for r in pw.regions]
    convex = all(
        pw.regions[i].A.dot(v) + pw.regions[i].c[0] <= pw(v)[0]
        for i in range(len(rows))
        for v in pw.vertices
    )  # a maximum of its affine maps
    with inflated_roundoff(factor):
        top, bottom = pw.maximum(), pw.minimum()
        assert (top.value, bottom.value) == (max(values.values()), min(values.values()))
        assert values[top.point] == top.value
        assert values[bottom.point] == bottom.value
        assert pw.lipschitz(1) == max(max(abs(v) for v in A) for A in slopes)
        assert pw.lipschitz(sp.oo) == max(sum(abs(v) for v in A) for A in slopes)
        assert pw.lipschitz(2) ** 2 == max(sum(v**2 for v in A) for A in slopes)
        assert pw.is_convex() is convex
        assert pw.is_monotone() is all(v >= 0 for A in slopes for v in A)
        assert pw.is_monotone(decreasing=True) is all(v <= 0 for A in slopes for v in A)


@pytest.mark.parametrize("seed", range(4))
def test_several_outputs(seed):
    pw = sn.piecewise(network(seed, outputs=2), domain=sn.Box([-1, 1]))
    slopes = [r.A for r in pw.regions]
    assert pw.lipschitz(1) == max(sum(abs(v) for v in A.col(k)) for A in slopes for k in (0, 1))
    assert pw.lipschitz(sp.oo) == max(sum(abs(v) for v in A.row(k)) for A in slopes for k in (0, 1))
    expected = max((spectral(A) for A in slopes), key=lambda v: v.evalf(50))
    assert abs((pw.lipschitz(2) - expected).evalf(60)) < Q(1, 10**50)
    assert sp.Poly(sp.minimal_polynomial(pw.lipschitz(2) ** 2)).degree() <= 2


@pytest.mark.parametrize("n", [1, 3])
def test_other_dimensions(n):
    pw = sn.piecewise(network(5, n=n), domain=sn.Box([-1, 1]))
    values = [pw(v)[0] for v in pw.vertices]
    assert (pw.maximum().value, pw.minimum().value) == (max(values), min(values))
    assert pw.lipschitz(1) == max(max(abs(v) for v in r.A) for r in pw.regions)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_a_maximum_of_affine_functions_is_convex_and_a_minimum_is_not(n):
    random = Random(n)
    W = [[random.randint(-9, 9) for _ in range(n)] for _ in range(5)]
    top = sn.Sequential(sn.Linear(W, [random.randint(-9, 9) for _ in W]), sn.Max())
    for domain in (None, sn.Box([-3, 3])):
        assert sn.piecewise(top, domain=domain).is_convex()
        assert not sn.piecewise(sn.Sequential(top, sn.Linear([[-1]])), domain=domain).is_convex()
