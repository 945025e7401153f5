"""Pieces: neighbours share a piece iff their exact affine maps are equal."""

from __future__ import annotations

import numpy as np
import pytest

from symnet.exact.rounding import inflated_roundoff
from symnet.regions.activation import ABS, RELU
from symnet.regions.decompose import decompose
from symnet.regions.domain import box

from .cases import random_relu
from .test_against_reference import KINDS, domain


def pieces_by_maps(result):
    """Return pieces from all exact maps and a plain search."""
    maps = []
    for c in range(len(result)):
        weight, bias = result.affine_map(c).fractions()
        maps.append((tuple(map(tuple, weight)), tuple(bias)))
    neighbours = {c: [] for c in range(len(result))}
    for a, b, _ in result.adjacency().tolist():
        neighbours[a].append(b)
        neighbours[b].append(a)
    label = {}
    for c in neighbours:
        if c in label:
            continue
        stack, number = [c], len(set(label.values()))
        while stack:
            a = stack.pop()
            if a not in label:
                label[a] = number
                stack += [b for b in neighbours[a] if maps[a] == maps[b]]
    return [label[c] for c in range(len(result))]


@pytest.mark.parametrize("factor", [1.0, float("inf")])
@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize("kind", KINDS)
def test_pieces(kind, n, factor):
    for seed in range(2):
        layers = kind(np.random.default_rng(seed), n)
        with inflated_roundoff(factor):
            result = decompose(layers, RELU, domain(n))
            assert result.pieces.tolist() == pieces_by_maps(result)


def test_a_sum_that_cancels():
    """relu(x) - relu(-x) = x is one piece on two regions; |x| is two pieces."""
    layers = [(np.array([[1.0], [-1.0]]), np.zeros(2)), (np.array([[1.0, -1.0]]), np.zeros(1))]
    result = decompose(layers, RELU, box((-1,), (1,)))
    assert (len(result), result.pieces.max() + 1) == (2, 1)
    layers[1] = (np.array([[1.0, 1.0]]), np.zeros(1))
    result = decompose(layers, RELU, box((-1,), (1,)))
    assert (len(result), result.pieces.max() + 1) == (2, 2)


def test_generic_networks_have_dead_neurons_only_to_merge():
    layers = random_relu((2, 10, 10, 1), np.random.default_rng(1))
    result = decompose(layers, RELU, domain(2))
    assert result.pieces.tolist() == pieces_by_maps(result)
    assert 1 < result.pieces.max() + 1 <= len(result)


def test_all_breakpoints_of_abs_are_seen():
    layers = random_relu((2, 4, 4, 2), np.random.default_rng(1))
    result = decompose(layers, ABS, domain(2))
    assert result.pieces.tolist() == pieces_by_maps(result)
