"""The piecewise-linear form has the network's values: for every kind of network, exactly."""

from fractions import Fraction
from random import Random

import numpy as np
import pytest
import sympy as sp
from sympy import Rational as Q

import symnet as sn

SEED = 7


def integers(random, rows, cols):
    return [[Q(random.randint(-4, 4), random.choice([1, 2, 3])) for _ in range(cols)]
            for _ in range(rows)]  # fmt: skip


def linear(random, rows, cols):
    return sn.Linear(integers(random, rows, cols), [r[0] for r in integers(random, rows, 1)])


def dense(*activations):
    def make(random, n):
        layers, width = [], n
        for activation in activations:
            layers += [linear(random, 3, width), activation]
            width = 3
        return sn.Sequential(*layers, linear(random, 2, width))

    return make


NETWORKS = {
    "relu": dense(sn.ReLU(), sn.ReLU()),
    "leaky": dense(sn.LeakyReLU(Q(1, 3))),
    "prelu": dense(sn.PReLU(Q(-1, 2))),
    "relu6": dense(sn.ReLU6()),
    "hardtanh": dense(sn.Hardtanh(), sn.ReLU()),
    "hardsigmoid": dense(sn.Hardsigmoid()),
    "abs": dense(sn.Abs(), sn.Identity(), sn.Abs()),
    "affine": dense(),
    "max": lambda r, n: sn.Sequential(linear(r, 5, n), sn.Max()),
    "maxout": lambda r, n: sn.Sequential(linear(r, 6, n), sn.Maxout(3), sn.ReLU()),
    "residual": lambda r, n: sn.Sequential(
        linear(r, 3, n), sn.Residual(sn.Sequential(sn.ReLU(), linear(r, 3, 3))), sn.Abs()
    ),
    "sum": lambda r, n: sn.Sum(
        sn.Sequential(linear(r, 2, n), sn.ReLU(), linear(r, 2, 2), sn.ReLU()), linear(r, 2, n)
    ),
    "concat": lambda r, n: sn.Sequential(
        sn.Concat(sn.Sequential(linear(r, 2, n), sn.ReLU()), sn.Identity(), sn.Max()),
        linear(r, 1, n + 3),
    ),
    "batch norm": lambda r, n: sn.Sequential(
        linear(r, 2, n),
        sn.BatchNorm([2, Q(1, 3)], [1, 0], [Q(1, 2), -1], [4, Q(9, 25)], eps=0),
        sn.Dropout(),
        sn.ReLU(),
    ),
}

DOMAINS = {
    "box": lambda n: sn.Box([-1, 2]),
    "space": lambda n: None,
    "half line and space": lambda n: sn.Box([0, sp.oo]),
    "simplex": lambda n: sn.Polyhedron(
        vertices=[[0] * n, *([3 * int(i == j) for i in range(n)] for j in range(n))]
    ),
}


def points(pw, random):
    """Points in the domain: combinations of a region's vertices and rays."""
    for _ in range(4):
        solid = random.choice(pw.regions).polyhedron
        weights = [random.randint(1, 9) for _ in solid.vertices]
        x = [
            sum(Q(w, sum(weights)) * Q(int(v[k].p), int(v[k].q))
                for w, v in zip(weights, solid.vertices, strict=True))
            for k in range(solid.ambient)
        ]  # fmt: skip
        for ray in (*solid.rays, *(line[:-1] for line in solid.lines)):
            x = [a + random.randint(0, 3) * b for a, b in zip(x, ray, strict=True)]
        yield x


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("kind", NETWORKS)
def test_values_and_maps_are_the_networks(kind, domain, n):
    random = Random(SEED)
    net = NETWORKS[kind](random, n)
    pw = sn.piecewise(net, domain=DOMAINS[domain](n))
    for x in points(pw, random):
        column = sp.Matrix(x)
        assert pw(x) == net(x)
        for region in pw.regions_at(x):
            assert region.contains(x)
            assert region.A * column + region.c == net(x)
    assert pw.certify()
    if pw.domain.is_bounded:
        assert (
            sum(r.volume for r in pw.regions)
            == sn.piecewise(sn.Sequential(sn.Linear([[0] * n])), domain=pw.domain).regions[0].volume
        )


@pytest.mark.parametrize("kind", ["relu", "hardtanh", "maxout", "sum"])
def test_regions_are_cut_out_by_their_half_spaces_and_meet_in_whole_facets(kind):
    pw = sn.piecewise(NETWORKS[kind](Random(SEED), 2), domain=sn.Box([-2, 2]))
    inner = 0
    for region in pw.regions:
        for h in region.half_spaces:
            tight = [v for v in region.vertices
                     if sum(a * x for a, x in zip(h.a, v, strict=True)) == h.b]  # fmt: skip
            assert len(tight) == 2  # a minimal half-space holds a side
            middle = [(a + b) / 2 for a, b in zip(*tight, strict=True)]
            inner += len(pw.regions_at(middle)) - 1
    assert inner == 2 * len(pw.neighbours)


def test_a_slice_is_the_function_of_its_coordinates():
    random = Random(SEED)
    net = dense(sn.ReLU(), sn.ReLU())(random, 4)
    domain = sn.Slice([1, 0, Q(1, 3), 0], [[1, 2, 0, 0], [0, 0, 1, -1]], sn.Box([-1, 1]))
    pw = sn.piecewise(net, domain=domain)
    assert pw.certify()
    for u in points(pw, random):
        assert pw(u) == net(list(domain.point(u)))


def test_a_flat_polyhedron_is_taken_in_coordinates_of_its_own():
    net = dense(sn.ReLU())(Random(SEED), 3)
    triangle = sn.Polyhedron(vertices=[[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    same = sn.Polyhedron([[-1, 0, 0], [0, -1, 0], [0, 0, -1]], [0, 0, 0], [[1, 1, 1]], [1])
    pw = sn.piecewise(net, domain=triangle)
    assert pw == sn.piecewise(net, domain=same)
    for region in pw.regions:
        for u in region.vertices:
            x = pw.domain.point(u)
            assert sum(x) == 1
            assert pw(u) == net(list(x))


def test_expressions_of_every_sort():
    x, y = sp.symbols("x y", real=True)
    e = (
        sp.Max(x, y, 2 * x - 1) - abs(x - sn.relu(y)) / 3 + sp.Min(3, sn.hardtanh(x + y))
        + sp.Piecewise((-x, x < 0), (2 * x, True)) - 2 * (x - sp.Max(0, y - sp.Max(0, x)))
    )  # fmt: skip
    pw = sn.piecewise(e, x, y)
    random = Random(SEED)
    for point in points(pw, random):
        assert pw(point) == e.subs(dict(zip((x, y), point, strict=True)))
    assert sn.piecewise(sp.Max(x, y) + sp.Min(x, y)) == sn.piecewise(x + y)


def test_floats_are_the_rationals_that_they_are():
    net = sn.Sequential(sn.Linear(np.array([[0.1]]), np.array([0.3])), sn.ReLU())
    pw = sn.piecewise(net, domain=sn.Box([-4, 4]))
    kink = -Fraction(0.3) / Fraction(0.1)
    assert (sp.Rational(kink.numerator, kink.denominator),) in pw.vertices


@pytest.mark.parametrize(
    ("net", "error", "message"),
    [
        (sn.Sequential(sn.Linear([[1]]), sn.GELU()), "NotPiecewiseLinearError", "gelu is not"),
        (sn.Softmax(), "NotPiecewiseLinearError", "Softmax is not"),
        (sn.Sequential(sn.Linear(1, 2), sn.ReLU()), "WeightError", "holds the symbol W_1"),
        (sn.PReLU(sp.Symbol("a")), "WeightError", "holds the symbol a"),
        (sn.BatchNorm([1], [0], [0], [2], eps=0), "WeightError", "sqrt"),
        (sn.Linear([[1, 2]]), "DomainError", "takes 2 inputs, and the domain lies in R.1"),
    ],
)
def test_what_has_no_regions_is_named(net, error, message):
    with pytest.raises(getattr(sn, error), match=message):
        sn.piecewise(net, domain=sn.Polyhedron(vertices=[[0], [1]]))


def test_too_many_regions_and_points_outside():
    net = sn.Sequential(sn.Linear([[1], [1], [1]], [0, Q(1, 2), Q(-1, 2)]), sn.ReLU())
    with pytest.raises(sn.TooManyRegionsError, match="max_regions"):
        sn.piecewise(net, domain=sn.Box([-1, 1]), max_regions=3)
    pw = sn.piecewise(net, domain=sn.Box([-1, 1]), max_regions=4)
    assert len(pw) == sn.region_bound(net) == 4
    with pytest.raises(sn.DomainError, match="outside the domain"):
        pw(2)
    with pytest.raises(sn.ShapeError, match="has 2 coordinates"):
        pw([0, 0])


def test_matrix_expressions_are_written_out():
    net = sn.Sequential(sn.Linear([[1, 1], [1, -1]]), sn.ReLU(), sn.Max())
    assert sn.piecewise(net(net.input)) == sn.piecewise(net)


a = sp.Symbol("a")
s, t = sp.symbols("s t")


@pytest.mark.parametrize(
    ("function", "error", "message"),
    [
        (a * sp.Max(s, 0), "WeightError", "holds a besides the variables s"),
        (sp.sqrt(2) * s, "WeightError", "sqrt"),
        (sp.Max(s, sp.pi), "WeightError", "pi is not a rational number"),
        (s**2, "NotPiecewiseLinearError", "Pow"),
        (sp.tanh(s), "NotPiecewiseLinearError", "tanh"),
        (sp.Piecewise((s, s**2 < 1), (1, True)), "NotPiecewiseLinearError", "Pow"),
        (
            sp.Piecewise((s, sp.Contains(s, sp.S.Integers)), (1, True)),
            "NotPiecewiseLinearError",
            "is not made of relations",
        ),
        ("__import__('os')", "WeightError", "is the text .*read it"),
        (sn.Linear(2, 2)(sp.MatrixSymbol("x", 2, 1)), "WeightError", "matrix symbols W, b, x"),
    ],
)
def test_expressions_without_regions_are_named(function, error, message):
    with pytest.raises(getattr(sn, error), match=message):
        sn.piecewise(function, s)
