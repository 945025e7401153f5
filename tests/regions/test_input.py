"""What goes in: affine maps, activations, domains, and the errors that say what is wrong."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, strategies as st

from symnet.exact.affine import AffineMap, integers_of_floats, nearest_float
from symnet.regions.activation import HARDTANH, RELU, PiecewiseLinear1D, leaky_relu
from symnet.regions.decompose import decompose
from symnet.regions.domain import box, interval, polygon
from symnet.regions.units import unit_network

floats = st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(floats, min_size=1, max_size=5))
def test_floats_are_the_rationals_that_they_are(values):
    numerators, exponent = integers_of_floats(np.array(values))
    assert [Fraction(n, 2**exponent) for n in numerators] == [Fraction(v) for v in values]


@given(floats, floats)
def test_rationals_that_are_floats_are_recognised(a, b):
    exact = AffineMap.from_rationals([[a]], [b])
    assert exact.is_float
    assert (exact.weight[0, 0], exact.bias[0]) == (a, b)
    third = AffineMap.from_rationals([[Fraction(1, 3)]], [0])
    assert not third.is_float


def test_composition_is_exact():
    one = AffineMap.from_rationals([[Fraction(1, 3), 2]], [Fraction(1, 7)])
    two = AffineMap.from_floats(np.array([[0.1], [1e-300]]), np.array([1.0, 2.0]))
    weight, bias = two.after(one).fractions()
    assert weight[0] == [Fraction(0.1) / 3, 2 * Fraction(0.1)]
    assert bias[1] == Fraction(1e-300) / 7 + 2


def test_out_of_range_rationals_become_infinite_floats():
    assert nearest_float(10**400, 1) == float("inf")
    assert nearest_float(-(10**400), 1) == float("-inf")
    assert nearest_float(1, 10**400) == 0.0


def test_slice_of_a_higher_dimensional_input():
    rng = np.random.default_rng(0)
    w, b = rng.integers(-3, 4, (5, 4)).astype(float), rng.integers(-3, 4, 5).astype(float)
    inner = AffineMap.from_rationals([[1, 0], [0, Fraction(1, 3)], [1, 1], [0, 0]], [0, 1, 0, 2])
    last = (np.ones((1, 5)), np.zeros(1))
    layers = [AffineMap.from_floats(w, b).after(inner), last]
    result = decompose(layers, RELU, box((-1, -1), (1, 1)))
    for cell in range(len(result)):
        weight, bias = result.affine_map(cell).fractions()
        for v in result.polygon(cell).tolist():
            x, y = result.exact_point(v)
            z = [x, 1 + y / 3, x + y, Fraction(2)]
            h = [
                max(0, sum(Fraction(a) * c for a, c in zip(row, z, strict=True)) + Fraction(t))
                for row, t in zip(w.tolist(), b.tolist(), strict=True)
            ]
            assert weight[0][0] * x + weight[0][1] * y + bias[0] == sum(h)


@given(st.fractions(-3, 3))
def test_activations(z):
    assert RELU(z) == max(z, 0)
    assert HARDTANH(z) == max(-1, min(1, z))
    assert leaky_relu(Fraction(1, 10))(z) == max(z, z / 10)


def test_points_lie_within_their_errors():
    rng = np.random.default_rng(2)
    layers = [
        (rng.standard_normal((8, 2)), rng.standard_normal(8)),
        (rng.standard_normal((8, 8)), rng.standard_normal(8)),
        (np.ones((1, 8)), np.zeros(1)),
    ]
    result = decompose(layers, RELU, box((-1, -1), (1, 1)))
    for v in range(result.vertex_count):
        for x, approximate, error in zip(
            result.exact_point(v), result.points[v], result.point_errors[v], strict=True
        ):
            assert abs(x - Fraction(approximate)) <= Fraction(error) < 1e-9


ONE = AffineMap.from_floats([[1.0]], [0])
TWO = AffineMap.from_floats([[1.0], [1.0]], [0, 0])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: interval(1, 1), "low < high"),
        (lambda: box((0, 0), (1, 0)), "low < high"),
        (lambda: box((0, 0, 0), (1, 1, 1)), "dimension 1 or 2"),
        (lambda: polygon([(0, 0), (1, 1), (2, 2)]), "flat"),
        (lambda: polygon([(0, 0), (2, 0), (1, 1), (2, 2), (0, 2)]), "not convex"),
        (lambda: polygon([(0, 1), (1, -1), (-1, 0.5), (1, 0.5), (-1, -1)]), "not convex"),
        (lambda: PiecewiseLinear1D((0,), (1,)), "2 slopes"),
        (lambda: PiecewiseLinear1D((0, 0), (1, 2, 3)), "increase strictly"),
        (lambda: AffineMap.from_floats([[np.inf]], [0]), "finite"),
        (lambda: AffineMap.from_floats([[1.0]], [0, 1]), "W must be"),
        (lambda: ONE.after(TWO),
         "do not compose"),
        (lambda: decompose([([[1.0, 1.0]], [0])], [], interval(0, 1)), "takes 2 inputs"),
        (lambda: unit_network([ONE] * 2, []), "activations between"),
        (lambda: unit_network([ONE] * 2, [[RELU, RELU]]), "1 neurons"),
    ],
)  # fmt: skip
def test_errors_say_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_network_without_hidden_layers_is_one_region():
    for domain, n in ((interval(0, 1), 1), (box((0, 0), (1, 1)), 2)):
        result = decompose([(np.ones((3, n)), np.zeros(3))], [], domain)
        assert len(result) == 1
        assert result.affine_map(0).fractions()[0] == [[1] * n] * 3
        assert result.pieces.tolist() == [0]
