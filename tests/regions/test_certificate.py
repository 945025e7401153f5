"""The certificate accepts what the engine makes and refuses what was tampered with."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from symnet.exact.rounding import inflated_roundoff
from symnet.regions.activation import ABS, HARDTANH, RELU, leaky_relu
from symnet.regions.certificate import certify
from symnet.regions.decompose import decompose
from symnet.regions.domain import polygon

from .cases import carrier, random_relu
from .test_against_reference import KINDS, domain


@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_certified(kind, n):
    layers = kind(np.random.default_rng(21), n)
    result = decompose(layers, RELU, domain(n))
    report = certify(result)
    assert (report.cells, report.corners) == (len(result), result.vertex_count)


@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize("f", [ABS, HARDTANH, leaky_relu(Fraction(1, 100))])
def test_other_activations_are_certified(f, n):
    layers = random_relu((n, 5, 4, 2), np.random.default_rng(2))
    certify(decompose(layers, f, domain(n)))


def test_polygons_and_rationals_are_certified():
    third = Fraction(1, 3)
    region = polygon([(-1, -1), (0, -2), (1, -1), (Fraction(7, 5), third), (0, 2), (-2, 1)])
    layers = [([[third, 1], [2, -third], [1, 1]], [third, 0, -1]), ([[1, -2, third]], [0])]
    certify(decompose(carrier(layers), RELU, region))


def test_generic_corners_need_no_rationals():
    result = decompose(random_relu((2, 20, 20, 1), np.random.default_rng(4)), RELU, domain(2))
    assert certify(result).exact_corners == 4


def test_all_corners_may_be_exact():
    result = decompose(random_relu((2, 6, 6, 1), np.random.default_rng(4)), RELU, domain(2))
    with inflated_roundoff(float("inf")):
        assert certify(result).exact_corners == result.vertex_count


@pytest.fixture(params=[1, 2])
def result(request):
    layers = random_relu((request.param, 8, 8, 1), np.random.default_rng(9))
    return decompose(layers, RELU, domain(request.param))


def changed(complex_, **fields):
    complex_.cells = replace(complex_.cells, **fields)
    complex_.__dict__.pop("side_cells", None)
    return complex_


def test_a_flipped_sign_is_refused(result):
    for cell in (0, len(result) // 2):
        for bit in (0, 3, 7):
            positive = result.cells.positive.copy()
            positive[cell, 1] ^= np.uint64(1 << bit)
            original = result.cells
            with pytest.raises(AssertionError):
                certify(changed(result, positive=positive))
            result.cells = original
    certify(result)


def test_exchanged_patterns_are_refused(result):
    positive = result.cells.positive.copy()
    positive[[0, -1]] = positive[[-1, 0]]
    with pytest.raises(AssertionError, match="neuron"):
        certify(changed(result, positive=positive))


def test_a_moved_corner_is_refused(result):
    corner = result.cells.corner.copy()
    corner[1] = corner[-1]
    with pytest.raises(AssertionError):
        certify(changed(result, corner=corner))


def test_a_missing_cell_is_refused(result):
    cells = result.cells
    end = cells.offset[-2]
    with pytest.raises(AssertionError):
        certify(
            changed(
                result,
                offset=cells.offset[:-1],
                corner=cells.corner[:end],
                side=cells.side[:end],
                positive=cells.positive[:-1],
                zero=cells.zero[:-1],
            )
        )


def test_a_changed_weight_is_refused(result):
    (first, *rest), source = result.source.layers, result.source
    weight = first.weight.copy()
    weight[0, 0] *= 1.001
    changed_map = type(first).from_floats(weight, first.bias)
    result.source = replace(source, layers=(changed_map, *rest))
    with pytest.raises(AssertionError):
        certify(result)


def test_a_reversed_cell_is_refused():
    layers = random_relu((2, 8, 8, 1), np.random.default_rng(9))
    result = decompose(layers, RELU, domain(2))
    corner = result.cells.corner.copy()
    corner[result.cells.offset[3] : result.cells.offset[4]] = result.polygon(3)[::-1]
    with pytest.raises(AssertionError):
        certify(changed(result, corner=corner))
