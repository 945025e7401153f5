"""Float bounds on neurons hold: beside rational bounds and values, for weights of all sizes."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import sympy as sp

import symnet as sn
from symnet.exact.affine import as_fraction
from symnet.exact.rational_rows import as_fmpq
from symnet.exact.rounding import inflated_roundoff
from symnet.regions.activation import HARDTANH, IDENTITY, RELU, leaky_relu
from symnet.trained._bounding import Boxes, bounds_of, relaxations
from symnet.trained._exact_bounds import exact_bounds, is_relaxation
from symnet.trained._prepared import prepared
from symnet.trained._relaxing import relaxed

ACTIVATIONS = [
    sn.ReLU(), sn.LeakyReLU(sp.Rational(1, 3)), sn.Hardtanh(sp.Rational(-1, 3), 2), sn.Abs(),
]  # fmt: skip


def hostile(rng, sizes, activation, kind):
    layers = []
    for n, m in pairwise(sizes):
        W, b = rng.normal(size=(m, n)), rng.normal(size=m)
        if kind == "scales":
            W *= 10.0 ** rng.integers(-160, 160, (m, 1))
            b *= 10.0 ** rng.integers(-160, 160, m)
        elif kind == "tiny":
            W *= 10.0 ** rng.integers(-300, -150, (m, n))
        elif kind == "cancelling":
            W[:, 1::2] = -W[:, : n - n % 2 : 2] * (1 + 1e-15)
            b *= 1e-16
        elif kind == "zeros":
            W[rng.uniform(size=W.shape) < 0.7] = 0
            b[rng.uniform(size=m) < 0.7] = 0
        elif kind == "thirds":
            W = [[sp.Rational(int(v), 3) for v in row] for row in np.rint(9 * W)]
        layers += [sn.Linear(W, b), activation]
    return sn.Sequential(*layers)


@pytest.mark.parametrize("kind", ["plain", "scales", "tiny", "cancelling", "zeros", "thirds"])
@pytest.mark.parametrize("activation", ACTIVATIONS, ids=lambda a: a.name)
def test_bounds_hold_for_all_neurons_at_all_points(activation, kind):
    rng = np.random.default_rng(11)
    for _ in range(4):
        sizes = (3, 6, 5, 4)
        net = prepared(hostile(rng, sizes, activation, kind))
        low = rng.normal(size=3) * 10.0 ** rng.integers(-3, 3, 3)
        high = low + rng.uniform(0, 2, 3)
        boxes = Boxes(low[None], high[None])
        box = boxes.sides()
        layers = relaxations(net, boxes)
        points = [[a if rng.uniform() < 0.5 else b for a, b in box] for _ in range(4)]
        points += [[(a * t + b * (7 - t)) / 7 for a, b in box] for t in range(1, 7)]
        for k, relaxation in enumerate(layers):
            if not np.isfinite([relaxation.low, relaxation.high]).all():
                break  # floats overflow
            assert is_relaxation(net.layers.functions[k], relaxation)
            least, most = relaxation.low[0].tolist(), relaxation.high[0].tolist()
            exact = exact_bounds(net, k, range(sizes[k + 1]), box, layers[:k])
            for i, (a, b) in enumerate(exact):
                assert as_fmpq(least[i]) <= a <= b <= as_fmpq(most[i])
        for x in points:
            h = x
            for k, functions in enumerate(net.layers.functions):
                W, b = net.layers.maps[k].fractions()
                z = [sum((as_fmpq(w) * v for w, v in zip(row, h, strict=True)), as_fmpq(c))
                     for row, c in zip(W, b, strict=True)]  # fmt: skip
                r = layers[k]
                for value, a, c in zip(z, r.low[0].tolist(), r.high[0].tolist(), strict=True):
                    assert a <= as_fraction(value) <= c
                h = [as_fmpq(f(v)) for f, v in zip(functions, z, strict=True)]


def test_bounds_with_more_rounding_are_wider_and_boxes_are_bounded_alike_together():
    rng = np.random.default_rng(0)
    net = prepared(hostile(rng, (4, 6, 5, 3), sn.ReLU(), "plain"))
    low = rng.normal(size=(5, 4))
    boxes = Boxes(low, low + rng.uniform(0, 1, (5, 4)))
    together = relaxations(net, boxes)
    for k in range(5):
        alone = relaxations(net, Boxes(boxes.low[k : k + 1], boxes.high[k : k + 1]))
        for one, many in zip(alone, together, strict=True):
            assert np.allclose(one.low[0], many.low[k], rtol=1e-9, atol=1e-9)
    with inflated_roundoff(2.0**20):
        wide = relaxations(net, boxes)
    for one, other in zip(together, wide, strict=True):
        assert (other.low <= one.low).all()
        assert (one.high <= other.high).all()


def test_a_neuron_that_adds_up_zeros_is_exactly_zero():
    net = prepared(sn.Sequential(sn.Linear([[0, 0], [-1, -1]], [0, 0]), sn.ReLU(),
                                 sn.Linear([[1, 1], [0, 0]], [0, 0]), sn.ReLU()))  # fmt: skip
    boxes = Boxes(np.zeros((1, 2)), np.ones((1, 2)))
    layers = relaxations(net, boxes)
    assert (layers[0].low[0, 0], layers[0].high[0, 0]) == (0, 0)
    assert (layers[1].low[0, 1], layers[1].high[0, 1]) == (0, 0)
    low, high = bounds_of(net, net.layers.maps[1], boxes, layers[:1])
    assert low[0, 1] == high[0, 1] == 0


def test_weights_that_overflow_are_taken_as_they_are():
    huge = sn.Linear([[1e200, 1], [1, -1e200]], [1, 1])
    net = sn.Sequential(huge, sn.ReLU(), huge, sn.ReLU(), huge)
    # on [1/2, 1]^2 the first layer's second neuron is off, whatever floats make of the rest
    found = sn.reduce(net, sn.Box([0.5, 1]).fitted(2), max_regions=1)
    assert found.check()
    assert net.equals(found.network, domain=sn.Box([0.5, 1], [0.5, 1]))
    verdict = sn.robust(net, sn.Box([0.5, 1]), 0, max_regions=1, max_boxes=100)
    assert verdict.verdict in ("proved", "undecided")
    assert sn.robust(net, sn.Box([0.5, 1]), 0)


def test_layers_of_several_functions_are_bounded_function_by_function() -> None:
    rng = np.random.default_rng(5)
    functions = (RELU, IDENTITY, HARDTANH, IDENTITY, leaky_relu(Fraction(1, 3)), RELU)
    low = rng.normal(size=(40, len(functions)))
    high = low + rng.exponential(size=low.shape)
    found = relaxed(functions, low, high)
    for i, f in enumerate(functions):
        for box in range(len(low)):
            a, b = (Fraction(ends[box, i]) for ends in (low, high))
            points = [a, (a + b) / 2, b, *(t for t in f.breakpoints if a < t < b)]
            assert found.least[box, i] <= min(map(f, points))
            assert max(map(f, points)) <= found.greatest[box, i]
            for z in points:
                below, above = (
                    Fraction(slope) * z + Fraction(offset)
                    for slope, offset in (
                        found.below[box, i].tolist(),
                        found.above[box, i].tolist(),
                    )
                )
                assert below <= f(z) <= above
                if f is IDENTITY:
                    assert below == f(z) == above
