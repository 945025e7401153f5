"""Hypothesis looks for networks on which engine, reference and certificate disagree."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
from hypothesis import HealthCheck, given, settings, strategies as st

from symnet.exact.rounding import inflated_roundoff
from symnet.regions.activation import ABS, HARDTANH, IDENTITY, RELU, leaky_relu
from symnet.regions.domain import interval, polygon

from .cases import certify, check_against_reference

SETTINGS = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
small = st.integers(-3, 3)
dyadic = st.builds(lambda n, e: n * 2.0**e, st.integers(-7, 7), st.integers(-45, 3))
rational = st.builds(Fraction, st.integers(-9, 9), st.integers(1, 7))
numbers = st.sampled_from([small, dyadic, rational, st.one_of(small, dyadic, rational)])
activations = st.sampled_from([RELU, ABS, HARDTANH, IDENTITY, leaky_relu(Fraction(1, 10))])


@st.composite
def networks(draw, inputs):
    entries = draw(numbers)
    sizes = [inputs, *draw(st.lists(st.integers(1, 4), min_size=1, max_size=3)), 1]
    layers = []
    for n, m in pairwise(sizes):
        rows = draw(st.lists(st.lists(entries, min_size=n, max_size=n), min_size=m, max_size=m))
        layers.append((rows, draw(st.lists(entries, min_size=m, max_size=m))))
    functions = [
        draw(st.lists(activations, min_size=len(b), max_size=len(b))) for _, b in layers[:-1]
    ]
    return [(np.array(rows, dtype=object), bias) for rows, bias in layers], functions


@st.composite
def triangles(draw):
    coordinate = draw(st.sampled_from([small, dyadic, rational]))
    point = st.tuples(coordinate, coordinate)
    corners = [[Fraction(v) for v in draw(point)] for _ in range(3)]
    (a, b), (c, d), (e, f) = corners
    if (c - a) * (f - b) == (d - b) * (e - a):
        corners = [(0, 0), (1, 0), (0, 1)]
    return polygon(corners)


roundoff = st.sampled_from([1.0, 2.0**45, float("inf")])


@SETTINGS
@given(networks(2), triangles(), roundoff)
def test_plane(network, domain, factor):
    layers, functions = network
    with inflated_roundoff(factor):
        result = check_against_reference(layers, functions, domain)
        certify(result)


@SETTINGS
@given(networks(1), rational, st.integers(1, 5), roundoff)
def test_line(network, low, length, factor):
    layers, functions = network
    with inflated_roundoff(factor):
        result = check_against_reference(layers, functions, interval(low, low + length))
        certify(result)
