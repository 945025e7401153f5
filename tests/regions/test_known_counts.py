"""Counts that mathematics or published networks fix in advance."""

from __future__ import annotations

import os
from fractions import Fraction
from math import comb
from pathlib import Path

import numpy as np
import pytest

from symnet.exact.affine import AffineMap
from symnet.regions.activation import RELU
from symnet.regions.decompose import decompose
from symnet.regions.domain import box, interval, polygon

from .cases import certify

UNIT_BOX = box((-1, -1), (1, 1))


def tent(k):
    """The tent map t(x) = 2 x - 4 relu(x - 1/2) of [0, 1], composed k times."""
    first = (np.array([[2.0], [4.0]]), np.array([0.0, -2.0]))
    inner = (np.array([[2.0, -2.0], [4.0, -4.0]]), np.array([0.0, -2.0]))
    return [first, *[inner] * (k - 1), (np.array([[1.0, -1.0]]), np.zeros(1))]


@pytest.mark.parametrize("k", range(2, 17))
def test_tents_double_their_pieces(k):
    result = decompose(tent(k), RELU, interval(0, 1))
    assert result.pieces.max() + 1 == 2**k
    ends = sorted(result.exact_point(v)[0] for v in range(result.vertex_count))
    assert ends == [Fraction(i, 2**k) for i in range(2**k + 1)]
    for c in range(0, len(result), max(1, len(result) // 5)):
        slope = result.affine_map(c).fractions()[0][0][0]
        assert abs(slope) == 2**k
    if k <= 8:
        certify(result)


@pytest.mark.parametrize("m", [1, 2, 5, 20, 70, 130])
def test_lines_in_general_position(m):
    """m lines y = s x - s^2 / 2 touch a parabola: no two parallel, no three concurrent."""
    s = np.arange(m) - m // 2
    lines = (np.column_stack([s.astype(float), -np.ones(m)]), -(s**2) / 2.0)
    last = (np.ones((1, m)), np.zeros(1))
    far = 10 * m * m
    result = decompose([lines, last], RELU, box((-far, -far), (far, far)))
    assert len(result) == 1 + m + comb(m, 2)
    unbounded = {c for c, other in result.side_cells.tolist() if other < 0}
    assert len(unbounded) == 2 * m


@pytest.mark.parametrize("m", [2, 3, 17, 65])
def test_lines_through_one_point(m):
    x, y = Fraction(1, 3), Fraction(1, 5)
    lines = AffineMap.from_rationals([[a, 1] for a in range(m)], [-a * x - y for a in range(m)])
    result = decompose([lines, (np.ones((1, m)), np.zeros(1))], RELU, UNIT_BOX)
    assert len(result) == 2 * m
    assert [result.exact_point(v) for v in range(result.vertex_count)].count((x, y)) == 1
    certify(result)


def test_a_triangular_grid():
    """Three families of k parallel lines, all triples concurrent: regions of a lattice."""
    k = 6
    t = np.arange(1, k, dtype=float)
    w = np.vstack([np.tile(row, (k - 1, 1)) for row in ((1.0, 0.0), (0.0, 1.0), (1.0, 1.0))])
    layers = [(w, -np.concatenate([t, t, t])), (np.ones((1, 3 * (k - 1))), np.zeros(1))]
    result = decompose(layers, RELU, polygon([(0, 0), (k, 0), (0, k)]))
    assert len(result) == k**2
    certify(result)


# ACAS Xu (Julian et al. 2016; Katz et al. 2017): the files are not part of the project.
ACAS = os.environ.get("SYMNET_ACASXU")
SLICES = {
    "A": (("11/64", 0, 0, "19/64", "19/64"), {0: "1/2", 1: "1/2"}),
    "B": (("1/4", 0, 0, "1/2", "1/2"), {0: "1/4", 1: "1/4"}),
    "C": ((0, 0, 0, "1/4", "-1/4"), {1: "1/2", 2: "1/2"}),
}
COUNTS = {
    ("1_1", "A"): 43801, ("1_1", "B"): 1474, ("1_1", "C"): 20414,
    ("3_3", "A"): 28775, ("3_3", "B"): 1238, ("3_3", "C"): 22789,
}  # fmt: skip


def read_nnet(path):
    """Return the layers of an NNet file, decimals rounded to float32 as in the ONNX files."""
    rows = [
        [float(v) for v in line.strip().rstrip(",").split(",")]
        for line in Path(path).read_text().splitlines()
        if not line.startswith("//")
    ]
    sizes = [int(v) for v in rows[1]]
    place, layers = 7, []
    for m in sizes[1:]:
        weight = np.array(rows[place : place + m], dtype=np.float32)
        bias = np.array(rows[place + m : place + 2 * m], dtype=np.float32)[:, 0]
        layers.append((weight.astype(float), bias.astype(float)))
        place += 2 * m
    return layers


@pytest.mark.skipif(ACAS is None, reason="SYMNET_ACASXU names no folder of ACAS Xu networks")
@pytest.mark.parametrize(("network", "name"), COUNTS)
def test_acas_xu_slices(network, name):
    first, *rest = read_nnet(Path(ACAS) / f"ACASXU_experimental_v2a_{network}.nnet")
    origin, moved = SLICES[name]
    plane = [[Fraction(moved[c]) if c == i else 0 for c in moved] for i in range(5)]
    inner = AffineMap.from_rationals(plane, [Fraction(v) for v in origin])
    layers = [AffineMap.from_floats(*first).after(inner), *rest]
    result = decompose(layers, RELU, UNIT_BOX)
    assert len(result) == COUNTS[network, name]
    assert result.vertex_count - result.side_count + len(result) == 1
    if name == "B":
        certify(result)
