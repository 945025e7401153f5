"""Refining in small blocks and gluing them gives the same complex as one block."""

from __future__ import annotations

import numpy as np
import pytest

from symnet.regions.activation import RELU
from symnet.regions.decompose import decompose

from .cases import random_relu
from .test_against_reference import KINDS, domain


def cells(result):
    """Return {(signs): polygon in exact coordinates}, each polygon from its least corner on."""
    layers = range(len(result.network.layers))
    signs = np.hstack([result.signs(k) for k in layers]).tolist()
    found = {}
    for c, pattern in enumerate(signs):
        points = [result.exact_point(v) for v in result.polygon(c).tolist()]
        start = points.index(min(points))
        found[tuple(pattern)] = points[start:] + points[:start]
    return found


def sizes(result):
    return len(result), result.vertex_count, result.side_count


@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize("kind", KINDS)
def test_small_blocks(kind, n):
    rng = np.random.default_rng(11)
    layers = kind(rng, n)
    whole = decompose(layers, RELU, domain(n), block_cells=10**9)
    for block in (1, 2, 7):
        parts = decompose(layers, RELU, domain(n), block_cells=block)
        assert sizes(parts) == sizes(whole)
        assert cells(parts) == cells(whole)
        np.testing.assert_array_equal(
            np.sort((parts.side_cells >= 0).sum(axis=1)),
            np.sort((whole.side_cells >= 0).sum(axis=1)),
        )


@pytest.mark.parametrize("block", [3, 50, 10**9])
def test_euler_characteristic(block):
    layers = random_relu((2, 12, 12, 12, 1), np.random.default_rng(3))
    result = decompose(layers, RELU, domain(2), block_cells=block)
    faces, vertices, sides = sizes(result)
    assert vertices - sides + faces == 1
    assert len({result.exact_point(v) for v in range(vertices)}) == vertices
