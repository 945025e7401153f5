"""Injective or not: theorems, constructions with a known answer, and points that are looked at."""

from itertools import product
from random import Random

import numpy as np
import pytest
import sympy as sp
from sympy import Rational as Q

import symnet as sn
from symnet.regions.boxes import overlapping

x, y = sp.symbols("x y", real=True)

#: Corners of a square, counterclockwise: the directions of a spiral.
AROUND = [(1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1)]


def assert_refuted(pw, evaluate=None):
    """The two points differ, lie in the domain, and another evaluation gives them one value."""
    verdict = pw.injectivity()
    assert verdict.verdict == "refuted"
    assert not pw.is_injective()
    values = list(verdict.counterexample.values())
    first, second = values[: len(pw.variables)], values[len(pw.variables) :]
    assert first != second
    assert pw.domain.contains(first)
    assert pw.domain.contains(second)
    evaluate = evaluate or pw
    assert evaluate(first) == evaluate(second)


def entries(random, rows, cols, size=3):
    return [[Q(random.randint(-size, size), 2) for _ in range(cols)] for _ in range(rows)]


@pytest.mark.parametrize(
    ("function", "domain", "injective"),
    [
        (sn.leaky_relu(x), None, True),
        (sn.relu(x), None, False),
        (sn.relu(x), sn.Box([0, sp.oo]), True),
        (abs(x), sn.Box([0, 3]), True),
        (abs(x), sn.Box([-1, 3]), False),
        (2 * x + abs(x), None, True),
        (x + abs(x - 1), sn.Box([1, 2]), True),
        (sp.Matrix([sn.relu(x), sn.relu(-x)]), None, True),
        (sp.Matrix([sn.relu(x), sn.relu(x - 1)]), None, False),
    ],
)
def test_functions_of_one_variable(function, domain, injective):
    pw = sn.piecewise(function, x, domain=domain)
    assert pw.is_injective() == injective
    if not injective:
        assert_refuted(pw)


@pytest.mark.parametrize("seed", range(12))
def test_on_the_line_it_is_strict_monotony(seed):
    """A continuous function on an interval is injective iff it is strictly monotone."""
    random = Random(seed)
    knots = sorted(random.sample(range(-20, 20), 6))
    up = seed % 3 > 0
    values = sorted(random.sample(range(-50, 50), 6), reverse=not up)
    if seed % 4 == 3:
        values[2], values[4] = values[4], values[2]
    f = sp.Integer(values[0])
    for a, b, u, v in zip(knots, knots[1:], values, values[1:], strict=False):
        f += Q(v - u, b - a) * (sn.relu(x - a) - sn.relu(x - b))
    pw = sn.piecewise(f, x, domain=sn.Box([knots[0], knots[-1]]))
    assert pw.is_injective() == (values == sorted(values, reverse=not up))


@pytest.mark.parametrize("domain", [None, sn.Box([-1, 1]), sn.Box([0, sp.oo])])
@pytest.mark.parametrize("n", [1, 2, 3])
def test_invertible_layers_are_injective(n, domain):
    """Square matrices with determinant 1 and leaky relus are bijections of R^n."""
    random = Random(n)

    def triangular(lower):
        return [
            [1 if i == j else random.randint(-2, 2) * ((i > j) == lower) for j in range(n)]
            for i in range(n)
        ]

    layers = []
    for lower in (True, False, True):
        layers += [sn.Linear(triangular(lower), entries(random, n, 1)), sn.LeakyReLU(Q(1, 4))]
    net = sn.Sequential(*layers)
    assert sn.piecewise(net, domain=domain).is_injective()
    # x -> (f(x), anything) is injective with f
    wider = sn.Concat(net, sn.ReLU())
    assert sn.piecewise(wider, domain=domain).is_injective()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("n", [2, 3])
def test_identity_plus_a_contraction_is_injective(n, seed):
    """|g(x) - g(y)| < |x - y| leaves no x + g(x) = y + g(y)."""
    random = Random(seed)
    first, second = entries(random, 5, n), entries(random, n, 5)
    inner = sn.Sequential(sn.Linear(first, entries(random, 5, 1)), sn.ReLU(), sn.Linear(second))
    bound = sn.piecewise(inner).lipschitz(1)
    scaled = [[v / (bound + 1) for v in row] for row in second]
    net = sn.Residual(sn.Sequential(inner[0], inner[1], sn.Linear(scaled)))
    for domain in (None, sn.Box([-2, 1])):
        assert sn.piecewise(net, domain=domain).is_injective()
    # without one coordinate it is not
    back = sp.eye(n)
    back[0, 0] = 0
    flat = sn.Sequential(net, sn.Linear(back))
    assert_refuted(sn.piecewise(flat), flat)


@pytest.mark.parametrize("seed", range(6))
def test_what_is_refuted_fails_in_the_network(seed):
    random = Random(seed)
    net = sn.Sequential(
        sn.Linear(entries(random, 6, 2), entries(random, 6, 1)), sn.ReLU(),
        sn.Linear(entries(random, 2, 6)),
    )  # fmt: skip
    for domain in (None, sn.Box([Q(1, 3), Q(11, 7)])):
        pw = sn.piecewise(net, domain=domain)
        verdict = pw.injectivity()
        if verdict.verdict == "refuted":
            assert_refuted(pw, net)
        else:  # then no map has a kernel and none turns the plane over
            signs = {sp.sign(region.A.det()) for region in pw.regions}
            assert signs in ({1}, {-1})


def spiral(end):
    """A strip [1, 2] × [0, end], bent around the origin by triangles: locally injective."""
    cases = []
    for k in range(8):
        p, q = sp.Matrix(AROUND[k]), sp.Matrix(AROUND[(k + 1) % 8])
        s, t = x - 1, y - k
        # corners (1, k) -> p, (2, k) -> 2 p, (1, k + 1) -> q, (2, k + 1) -> 2 q
        lower = p + s * p + t * (q - p)
        upper = 2 * q + (s - 1) * q + (t - 1) * (2 * q - 2 * p)
        cases += [(lower, (y <= k + 1) & (s + t <= 1)), (upper, y <= k + 1)]
    column = [
        sp.Piecewise(*((value[i], c) for value, c in cases[:-1]), (cases[-1][0][i], True))
        for i in range(2)
    ]
    return sn.piecewise(sp.Matrix(column), x, y, domain=sn.Box([1, 2], [0, end]))


def test_a_spiral_is_injective_until_it_closes():
    """Locally injective everywhere, with one orientation: only far pieces meet."""
    assert spiral(Q(15, 2)).is_injective()
    closed = spiral(8)
    assert closed.is_continuous
    assert {sp.sign(region.A.det()) for region in closed.regions} == {1}
    assert_refuted(closed)


def test_a_plane_that_is_folded_in_every_quadrant():
    """(|x|, |y|) takes every value up to four times, and once on a quadrant."""
    fold = sp.Matrix([abs(x), abs(y)])
    assert_refuted(sn.piecewise(fold))
    assert sn.piecewise(fold, domain=sn.Box([0, 1], [-sp.oo, 0])).is_injective()
    assert_refuted(sn.piecewise(fold, domain=sn.Box([Q(-1, 64), 1], [3, 4])))


def test_fewer_outputs_than_inputs():
    assert_refuted(sn.piecewise(sp.Max(x, y)))
    assert_refuted(sn.piecewise(x + 2 * y, domain=sn.Box([5, 6], [Q(7, 3), 3])))
    slanted = sn.Polyhedron(vertices=[[0, 1], [1, 0]])
    assert sn.piecewise(sp.Matrix([x]), x, y, domain=slanted).is_injective()
    assert_refuted(sn.piecewise(x + y, domain=slanted))


@pytest.mark.parametrize(
    ("function", "domain", "injective"),
    [
        (x + sn.step(x), None, True),
        (x - 2 * sn.step(x), None, False),
        (x - 3 * sp.Heaviside(x), sn.Box([-1, 1]), True),
        (sp.sign(x), None, False),
        # values of [0, 1) and [1, 2]; then 1 twice
        (sp.Piecewise((x, x < 1), (3 - x, True)), sn.Box([0, 2]), True),
        (sp.Piecewise((x, x <= 1), (3 - x, True)), sn.Box([0, 2]), False),
        # only the jump's own value is taken twice
        (sp.Piecewise((x, x < 0), (5, sp.Eq(x, 0)), (x + 1, True)), sn.Box([-1, 4]), False),
        (sp.Piecewise((x, x < 0), (5, sp.Eq(x, 0)), (x + 1, True)), sn.Box([-1, 3]), True),
    ],
)
def test_functions_that_jump(function, domain, injective):
    pw = sn.piecewise(function, x, domain=domain)
    assert pw.is_injective() == injective
    if not injective:
        assert_refuted(pw)


def test_jumps_in_the_plane():
    """The half-plane x >= 0 is moved away, or not far enough."""
    assert sn.piecewise(sp.Matrix([x + sn.step(x), y])).is_injective()
    assert_refuted(sn.piecewise(sp.Matrix([x - sn.step(x) / 8, y])))
    torn = sp.Matrix([x, y + 5 * sn.step(x - y)])
    assert_refuted(sn.piecewise(torn))
    assert sn.piecewise(torn, domain=sn.Box([0, 1], [0, 1])).is_injective()


@pytest.mark.parametrize("seed", range(3))
def test_boxes_that_overlap(seed):
    random = np.random.default_rng(seed)
    low = random.integers(-9, 9, (40, 2)).astype(float)
    high = low + random.integers(0, 6, (40, 2))
    low[3], high[7] = -np.inf, np.inf
    met = {
        (i, j)
        for i, j in product(range(40), repeat=2)
        if i < j and all(low[i] <= high[j]) and all(low[j] <= high[i])
    }
    found = list(overlapping(low, high))
    assert set(found) == met
    assert len(found) == len(met)
