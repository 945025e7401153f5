"""The engine equals the slow reference on random and degenerate networks, filter on and forced."""

from __future__ import annotations

import itertools
from contextlib import nullcontext
from fractions import Fraction

import numpy as np
import pytest

from symnet.exact.rounding import inflated_roundoff
from symnet.regions.activation import ABS, HARDTANH, IDENTITY, RELU, RELU6, leaky_relu
from symnet.regions.domain import box, interval, polygon

from .cases import check_against_reference, random_relu

UNIT_BOX = box((-1, -1), (1, 1))
UNIT_INTERVAL = interval(-1, 1)

FILTERS = {
    "filter": nullcontext,
    "cautious": lambda: inflated_roundoff(2.0**44),
    "exact": lambda: inflated_roundoff(float("inf")),
}


@pytest.fixture(params=FILTERS)
def filtering(request):
    with FILTERS[request.param]():
        yield request.param


def domain(n):
    return UNIT_BOX if n == 2 else UNIT_INTERVAL


def generic(rng, n):
    return random_relu((n, 5, 4, 3, 2), rng)


def deep(rng, n):
    return random_relu((n, 3, 3, 3, 3, 3, 1), rng)


def bias_free(rng, n):
    return [(w, 0 * b) for w, b in random_relu((n, 5, 4, 3, 1), rng)]


def concurrent(rng, n):
    """All lines of the first layer through one point that is not a float multiple of much."""
    (w, _b), *rest = random_relu((n, 6, 4, 1), rng)
    w = rng.integers(-4, 5, w.shape).astype(float)
    return [(w, -w @ (np.arange(1, n + 1) / 8)), *rest]


def parallel(rng, n):
    (w, b), *rest = random_relu((n, 6, 4, 1), rng)
    w[1::2] = w[::2] * rng.choice([-3.0, 0.5, 1.0, 7.0], 3)[:, None]
    return [(w, b), *rest]


def duplicated(rng, n):
    (w, b), (w2, b2), *rest = random_relu((n, 6, 6, 3, 1), rng)
    w[3:], b[3:] = w[:3], b[:3]
    w2[3:], b2[3:] = 3 * w2[:3], 3 * b2[:3]
    return [(w, b), (w2, b2), *rest]


def negated(rng, n):
    (w, b), (w2, b2), *rest = random_relu((n, 6, 6, 3, 1), rng)
    w[3:], b[3:] = -w[:3], -b[:3]
    w2[3:], b2[3:] = -0.5 * w2[:3], -0.5 * b2[:3]
    return [(w, b), (w2, b2), *rest]


def dead(rng, n):
    """Neurons that are off on the whole domain, so that later ones are constant or zero."""
    (w, b), (w2, b2), *rest = random_relu((n, 4, 4, 3, 1), rng)
    b[:3] -= 100
    b2[:2] = 0
    return [(w, b), (w2, b2), *rest]


def zero_rows(rng, n):
    (w, b), (w2, b2), *rest = random_relu((n, 4, 4, 3, 1), rng)
    w[0], b[0] = 0, 0
    w[1], b[1] = 0, 1
    w2[0], b2[0] = 0, -1
    w2[1] = [0, 1, 0, 0]
    b2[1] = -1
    return [(w, b), (w2, b2), *rest]


def identically_zero(rng, n):
    """relu(z) - relu(z) and relu(z) + relu(-z) - |z| vanish on whole cells."""
    (w, b), _, *rest = random_relu((n, 4, 4, 3, 1), rng)
    w[2:], b[2:] = -w[:2], -b[:2]
    w2 = np.array([[1.0, 0, -1, 0], [1, 0, 0, 0], [1, -1, 0, 0], [2, 1, 1, 2]])
    return [(w, b), (w2, np.zeros(4)), *rest]


def corners_and_edges(rng, n):
    """Lines through the corners and along the edges of the domain."""
    rows = {
        2: [
            (1, 1, 0),
            (1, -1, 0),
            (1, 0, 1),
            (0, 1, -1),
            (2, 1, 1),
            (1, 0, 0),
            (1, 2, 3),
            (3, -1, 2),
        ],
        1: [(1, 1), (1, -1), (1, 0), (2, 1)],
    }[n]
    chosen = np.array([rows[k] for k in rng.integers(0, len(rows), 5)], dtype=float)
    w2 = rng.integers(-2, 3, (4, 5)).astype(float)
    return [
        (chosen[:, :n], chosen[:, n]),
        (w2, rng.integers(-2, 3, 4).astype(float)),
        *random_relu((4, 2, 1), rng),
    ]


def integer_lattice(rng, n):
    sizes = (n, 5, 5, 3, 1)
    return [
        (rng.integers(-2, 3, (b, a)).astype(float), rng.integers(-2, 3, b).astype(float))
        for a, b in itertools.pairwise(sizes)
    ]


def four_bit(rng, n):
    sizes = (n, 7, 6, 1)
    return [
        (rng.integers(-8, 8, (b, a)) / 8.0, rng.integers(-8, 8, b) / 8.0)
        for a, b in itertools.pairwise(sizes)
    ]


def nearly_concurrent(rng, n):
    """Lines that miss one point by a few 2^-40, and pairs of them at distance 2^-40."""
    (w, _b), *rest = random_relu((n, 6, 4, 2, 1), rng)
    w = rng.integers(-3, 4, w.shape).astype(float)
    return [(w, rng.integers(-2, 3, 6) * 2.0**-40), *rest]


def thin_cells(rng, n):
    (w, b), *rest = random_relu((n, 6, 4, 2, 1), rng)
    w[3:], b[3:] = w[:3], b[:3] + 2.0**-40
    return [(w, b), *rest]


def nearly_equal(rng, n):
    """Neurons that differ in the last bit of one weight."""
    (w, b), (w2, b2), *rest = random_relu((n, 4, 4, 2, 1), rng)
    w[2:], b[2:] = w[:2], b[:2]
    w[2:, 0] = np.nextafter(w[2:, 0], 9)
    w2[2:], b2[2:] = w2[:2], np.nextafter(b2[:2], 9)
    return [(w, b), (w2, b2), *rest]


def extreme_scales(rng, n):
    """Weights of size 1e-300 and 1e150, which cancel or not."""
    result = random_relu((n, 5, 4, 3, 1), rng)
    scales = rng.choice([1e-300, 1e-30, 1.0, 1e30, 1e150], len(result))
    return [(w * s, b * s) for (w, b), s in zip(result, scales, strict=True)]


def extreme_rows(rng, n):
    result = []
    for w, b in random_relu((n, 4, 4, 3, 1), rng):
        s = rng.choice([1e-300, 1e-150, 1.0, 1e150], b.shape[0])
        result.append((w * s[:, None], b * s))
    return result


def extreme_entries(rng, n):
    return [
        (
            w * rng.choice([1e-300, 1e-12, 1.0, 1e150], w.shape),
            b * rng.choice([1e-300, 1.0], b.shape),
        )
        for w, b in random_relu((n, 4, 3, 2, 1), rng)
    ]


def tents(rng, n):
    """A tent map, composed with itself: breakpoints meet exactly."""
    first = rng.choice([1.0, -1.0, 0.5], (1, n))
    w = np.vstack([2 * first, 4 * first])
    tent = np.array([[1.0, -1.0]])
    inner = np.vstack([2 * tent, 4 * tent])
    return [
        (w, np.array([0.0, -2.0])),
        (inner, np.array([0.0, -2.0])),
        (inner, np.array([0.0, -2.0])),
        (tent, np.zeros(1)),
    ]


def symmetric(rng, n):
    """A function of |x_1|, ..., |x_n|: symmetric crossings of deep neurons on the axes."""
    w = np.vstack([np.eye(n), -np.eye(n)])
    fold = np.hstack([np.eye(n), np.eye(n)])
    (w2, b2), *rest = random_relu((n, 4, 3, 1), rng)
    return [(w, np.zeros(2 * n)), (w2 @ fold, b2), *rest]


KINDS = [
    generic, deep, bias_free, concurrent, parallel, duplicated, negated, dead, zero_rows,
    identically_zero, corners_and_edges, integer_lattice, four_bit, nearly_concurrent, thin_cells,
    nearly_equal, extreme_scales, extreme_rows, extreme_entries, tents, symmetric,
]  # fmt: skip


@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize("kind", KINDS)
def test_relu_network(kind, n, filtering):
    for seed in range(3):
        rng = np.random.default_rng(seed)
        check_against_reference(kind(rng, n), RELU, domain(n))


@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize(
    "activation",
    [ABS, RELU6, HARDTANH, leaky_relu(Fraction(1, 100)), leaky_relu(0.25), leaky_relu(-1)],
    ids=["abs", "relu6", "hardtanh", "leaky", "leaky_dyadic", "leaky_abs"],
)
def test_other_activations(activation, n, filtering):
    for seed in range(2):
        rng = np.random.default_rng(seed)
        check_against_reference(random_relu((n, 3, 3, 2), rng), activation, domain(n))
        check_against_reference(four_bit(rng, n), activation, domain(n))


def test_one_activation_per_neuron(filtering):
    rng = np.random.default_rng(5)
    mixed = [[RELU, IDENTITY, ABS, HARDTANH], [IDENTITY, RELU6, RELU]]
    for n in (1, 2):
        check_against_reference(random_relu((n, 4, 3, 2), rng), mixed, domain(n))
        check_against_reference(
            duplicated(rng, n)[:1] + random_relu((6, 3, 1), rng),
            [[RELU, ABS, IDENTITY, ABS, RELU, RELU], [RELU, ABS, ABS]],
            domain(n),
        )


def test_rational_weights(filtering):
    rng = np.random.default_rng(6)
    for n in (1, 2):
        layers = [
            (
                [[Fraction(int(v), 7) for v in row] for row in rng.integers(-9, 9, (b, a))],
                [Fraction(int(v), 3) for v in rng.integers(-3, 3, b)],
            )
            for a, b in [(n, 5), (5, 4), (4, 2)]
        ]
        check_against_reference(layers, RELU, domain(n))


def test_polygons(filtering):
    rng = np.random.default_rng(7)
    third = Fraction(1, 3)
    domains = [
        polygon([(0, 0), (1, third), (third, 1)]),
        polygon([(-1, -1), (0, -2), (1, -1), (Fraction(7, 5), third), (0, 2), (-2, 1)]),
        polygon([(0, 0), (1, 0), (2, 0), (2, 2)]),
        box((third, 0), (1, 2.0**-40)),
    ]
    for region in domains:
        for kind in (generic, integer_lattice, bias_free):
            check_against_reference(kind(rng, 2), RELU, region)


def test_large_and_tiny_domains(filtering):
    rng = np.random.default_rng(8)
    for size in (1e-300, 1e-20, 1e20, 1e300):
        for n in (1, 2):
            region = box((-size,) * n, (size,) * n)
            (w, b), *rest = generic(rng, n)
            check_against_reference([(w, b * size), *rest], RELU, region)
            check_against_reference(bias_free(rng, n), RELU, region)
            check_against_reference(generic(rng, n), RELU, region)
