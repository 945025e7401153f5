"""Every layer that has regions, in one to four dimensions, against the network's own values."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest
import sympy as sp
from sympy import Rational as Q

import symnet as sn


def matrix(random, rows, columns):
    return [[Q(random.randint(-4, 4), 2) for _ in range(columns)] for _ in range(rows)]


def vector(random, size):
    return [Q(random.randint(-3, 3), 3) for _ in range(size)]


def linear(random, n, m):
    return sn.Linear(matrix(random, m, n), vector(random, m))


NETWORKS = {
    "max of many": lambda r, d: sn.Sequential(linear(r, d, 5 if d < 4 else 4), sn.Max()),
    "maxout of pairs": lambda r, d: sn.Sequential(linear(r, d, 6), sn.Maxout(2), linear(r, 3, 1)),
    "maxout of triples": lambda r, d: sn.Sequential(linear(r, d, 6), sn.Maxout(3), sn.Max()),
    "abs": lambda r, d: sn.Sequential(linear(r, d, 3), sn.Abs(), linear(r, 3, 2), sn.Abs()),
    "prelu": lambda r, d: sn.Sequential(linear(r, d, 3), sn.PReLU(Q(-2, 3)), linear(r, 3, 1)),
    "leaky relu": lambda r, d: sn.Sequential(linear(r, d, 3), sn.LeakyReLU(Q(2, 7)), sn.Max()),
    "relu6": lambda r, d: sn.Sequential(sn.Linear([[9] * d, [7, *[-5] * (d - 1)]]), sn.ReLU6()),
    "hardtanh": lambda r, d: sn.Sequential(linear(r, d, 3), sn.Hardtanh(-Q(1, 2), 2)),
    "hardsigmoid": lambda r, d: sn.Sequential(sn.Linear(matrix(r, 2, d), [3, -3]),
                                              sn.Hardsigmoid(), linear(r, 2, 1)),
    "residual": lambda r, d: sn.Sequential(
        sn.Residual(sn.Sequential(linear(r, d, 2), sn.ReLU(), linear(r, 2, d))), sn.Max()),
    "sum": lambda r, d: sn.Sum(sn.Sequential(linear(r, d, 3), sn.Max()),
                               sn.Sequential(linear(r, d, 1), sn.ReLU()), linear(r, d, 1)),
    "concat": lambda r, d: sn.Sequential(
        sn.Concat(sn.Sequential(linear(r, d, 2), sn.ReLU(), linear(r, 2, 1), sn.Abs()),
                  linear(r, d, 1)), sn.ReLU(), linear(r, 2, 1)),
    "batch norm": lambda r, d: sn.Sequential(
        linear(r, d, 3), sn.BatchNorm([1, 2, -1], [0, Q(1, 3), 1], [0, 1, Q(1, 2)], [4, 1, 9],
                                      eps=0), sn.ReLU(), linear(r, 3, 1)),
    "step": lambda r, d: sn.Sequential(linear(r, d, 2), sn.Step(), linear(r, 2, 2), sn.Sign()),
}  # fmt: skip


@pytest.mark.parametrize("d", [1, 2, 3, 4])
@pytest.mark.parametrize("name", NETWORKS)
def test_regions_tile_the_box_and_have_the_values(name, d):
    random = Random(f"{name} {d}")
    net = NETWORKS[name](random, d)
    low, high = [-1] * d, [1 + Q(k, 2) for k in range(d)]
    pw = sn.piecewise(net, domain=sn.Box(*map(list, zip(low, high, strict=True))))
    assert pw.certify()
    assert sum(region.volume for region in pw.regions) == sp.prod(
        b - a for a, b in zip(low, high, strict=True)
    )
    for region in pw.regions[:: 1 + len(pw) // 12]:
        A, c = region.A, region.c
        middle = [sum(v) / len(v) for v in zip(*region.vertices, strict=True)]
        near = [[(m + 3 * t) / 4 for m, t in zip(middle, v, strict=True)] for v in region.vertices]
        for point in [middle, *near, *(region.vertices if pw.is_continuous else [])][:6]:
            expected = net(point)
            assert A * sp.Matrix(point) + c == expected
            assert pw(point) == expected


def symbols(d):
    return sp.symbols(f"x:{d}", real=True)


EXPRESSIONS = {
    "max": (lambda x: sp.Max(*x, 0), max),
    "min": (lambda x: sp.Min(*x, 0), min),
    "clip": (lambda x: sp.Min(sp.Max(sum(x), -1), 1), lambda x: min(max(sum(x[:-1]), -1), 1)),
    "median": (lambda x: sum(x) - sp.Max(*x) - sp.Min(*x),
               lambda x: sum(x[:-1]) - max(x[:-1]) - min(x[:-1])),
    "norms": (lambda x: sum(map(abs, x)) - sp.Max(*map(abs, x)),
              lambda x: sum(map(abs, x)) - max(map(abs, x))),
}  # fmt: skip


@pytest.mark.parametrize("d", [1, 2, 3, 4])
@pytest.mark.parametrize("name", EXPRESSIONS)
def test_expressions_of_many(name, d):
    x = symbols(d)
    make, value = EXPRESSIONS[name]
    domain = None if d < 4 else sn.Box([-2, 2])
    pw = sn.piecewise(make(x) + 0 * x[0], *x, domain=domain)
    assert pw.certify()
    random = Random(d)
    for _ in range(20):
        point = [Q(random.randint(-6, 6), 4) for _ in x]
        expected = value([*point, Q(0)])
        assert pw(point) == expected
        region = pw.locate(point)
        assert (region.A * sp.Matrix(point) + region.c)[0] == expected
    slopes = {tuple(region.table.entries()) for region in pw.regions}
    counts = {"max": d + 1, "min": d + 1, "clip": 3}
    if name in counts:
        assert len(slopes) == counts[name]


@pytest.mark.parametrize("d", [2, 3, 4])
def test_a_piecewise_that_sorts(d):
    """The greatest of the coordinates by cases on all pairs, as the maximum."""
    x = symbols(d)
    cases = [(x[i], sp.And(*(x[i] >= x[j] for j in range(d) if j != i))) for i in range(d)]
    domain = sn.Box([-1, 1])
    pw = sn.piecewise(sp.Piecewise(*cases, evaluate=False), *x, domain=domain)
    assert pw.is_continuous
    assert len(pw.pieces) == d
    assert pw == sn.piecewise(sp.Max(*x), domain=domain)
    assert pw.is_convex()
    assert pw.lipschitz(2) == 1


@pytest.mark.parametrize("d", [1, 2, 3])
def test_indicators_of_orthants(d):
    """sum over S of the product of step(x_i), i in S, counts orthants: 2^(steps that are on)."""
    x = symbols(d)
    terms = []
    for size in range(d + 1):
        for chosen in combinations(x, size):
            where = sp.And(*(v > 0 for v in chosen))
            terms.append(sp.Piecewise((1, where), (0, True)) if size else sp.S.One)
    pw = sn.piecewise(sp.Add(*terms), *x)
    assert len(pw) == 2**d
    values = sorted(region.c[0] for region in pw.regions)
    assert values == sorted(2 ** bin(k).count("1") for k in range(2**d))
    assert pw.minimum().value == 1
