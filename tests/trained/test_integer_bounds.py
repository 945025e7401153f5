"""Bounds in integers of 64 bits: they hold at exact points, and are as good as those of floats."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import sympy as sp
from flint import fmpq

import symnet as sn
from symnet.exact.affine import AffineMap, as_fraction
from symnet.trained._bounding import Boxes, bounds_of, relaxations
from symnet.trained._fixed import Fixed
from symnet.trained._integer_bounds import IntegerBounds
from symnet.trained._prepared import prepared

ACTIVATIONS = {
    "relu": sn.ReLU(),
    "a third": sn.LeakyReLU(sp.Rational(1, 3)),
    "concave": sn.LeakyReLU(sp.Rational(7, 3)),
    "falling": sn.LeakyReLU(-sp.Rational(5, 7)),
    "abs": sn.Abs(),
}


def network(rng, sizes, activation, size):
    layers = []
    for n, m in pairwise(sizes):
        W, b = rng.normal(size=(m, n)) * size, rng.normal(size=m) * size
        layers += [sn.Linear(W, b), activation]
    return prepared(sn.Sequential(*layers[:-1])).layers


def exactly(bound):
    return [[Fraction(int(v)) * Fraction(2) ** bound.unit for v in row] for row in bound.value]


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("size", [1.0, 2.0**-30, 2.0**12])
def test_bounds_hold_at_corners_and_inside(activation, size):
    rng = np.random.default_rng(4)
    layers = network(rng, (3, 5, 4, 4, 2), ACTIVATIONS[activation], size)
    forms = AffineMap.from_rationals(
        [[Fraction(1, 3), Fraction(-2, 7)], [0, 1]], [Fraction(1, 9), 0]
    ).after(layers.maps[-1])
    low = rng.uniform(-1, 1, (6, 3))
    high = low + rng.uniform(0, 1, (6, 3)) * np.logspace(-8, 0, 6)[:, None]
    least, greatest = map(exactly, IntegerBounds.of(layers, forms).on(Boxes(low, high)))
    for k in range(6):
        box = [(as_fraction(a), as_fraction(b)) for a, b in zip(low[k], high[k], strict=True)]
        for _ in range(25):
            t = [Fraction(int(v), 4) for v in rng.integers(0, 5, 3)]
            x = [a + (b - a) * u for (a, b), u in zip(box, t, strict=True)]
            y = [as_fraction(v) for v in layers.value([fmpq(v.numerator, v.denominator)
                                                       for v in x])]  # fmt: skip
            values = y[0] / 3 - Fraction(2, 7) * y[1] + Fraction(1, 9), y[1]
            for a, v, b in zip(least[k], values, greatest[k], strict=True):
                assert a <= v <= b


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_they_are_hardly_wider_than_those_of_floats(activation):
    rng = np.random.default_rng(5)
    net = network(rng, (4, 20, 20, 20, 3), ACTIVATIONS[activation], 0.3)
    forms, ready = net.maps[-1], prepared(sn.Linear([[1]]))
    ready = type(ready)(net)
    low = rng.uniform(-1, 1, (8, 4))
    boxes = Boxes(low, low + rng.uniform(0.01, 0.5, (8, 4)))
    least, greatest = bounds_of(ready, forms, boxes, relaxations(ready, boxes))
    own = [np.array(exactly(b), dtype=float) for b in IntegerBounds.of(net, forms).on(boxes)]
    room = 1e-4 * (greatest - least)
    assert (np.abs(own[0] - least) <= room).all()
    assert (np.abs(own[1] - greatest) <= room).all()


def test_a_form_is_positive_only_if_it_is():
    # |x| + |y| + e on [-1, 1]^2, least at 0: e
    layers = prepared(sn.Sequential(sn.Linear(sp.eye(2)), sn.Abs(), sn.Linear([[1, 1]]))).layers
    boxes = Boxes(np.full((1, 2), -1.0), np.ones((1, 2)))
    for e, expected in ((Fraction(1, 1000), True), (Fraction(0), False), (Fraction(-1, 9), False)):
        forms = AffineMap.from_rationals([[1, 1]], [e])
        assert IntegerBounds.of(layers, forms).positive(boxes).tolist() == [[expected]]


def test_other_functions_and_large_boxes_are_left_open():
    shifted = prepared(sn.Sequential(sn.Linear([[1]]), sn.Hardtanh(-1, 2), sn.Linear([[1]])))
    assert IntegerBounds.of(shifted.layers, shifted.layers.maps[-1]) is None
    layers = prepared(sn.Sequential(sn.Linear([[1]]), sn.ReLU(), sn.Linear([[1]], [1]))).layers
    far = Boxes(np.array([[0.0]]), np.array([[1e12]]))
    assert not IntegerBounds.of(layers, layers.maps[-1]).positive(far).any()


def test_sums_are_rounded_upwards_and_do_not_overflow():
    rng = np.random.default_rng(6)
    for _ in range(200):
        pair = [
            Fixed(rng.integers(-(2**k), 2**k + 1, (3, 2)), int(rng.integers(-90, 20)))
            for k in rng.integers(0, 62, 2)
        ]
        total = exactly(pair[0].plus(pair[1]))
        least = exactly(pair[0].least(pair[1]))
        top = max(x.bits + x.unit for x in pair)
        for i in range(3):
            for j in range(2):
                one, two = (exactly(x)[i][j] for x in pair)
                room = Fraction(2) ** max(pair[0].unit, pair[1].unit, top - 58)
                assert one + two <= total[i][j] <= one + two + 2 * room
                assert min(one, two) <= least[i][j]
