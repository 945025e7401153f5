"""Exact geometry of the cells: minimal half-spaces, volumes, affine maps, linear pieces."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from flint import fmpq, fmpq_mat

from symnet.exact.polyhedron import Polyhedron
from symnet.regions.activation import PiecewiseLinear1D
from symnet.regions.lattice import decompose
from symnet.regions.lattice_layers import Layer

from .network_kinds import FUNCTIONS, network

CUBE = Polyhedron.box([-1, -1, -1], [1, 1, 2])


@pytest.mark.parametrize("name", ["generic", "integers", "thirds", "facets_and_corners"])
def test_half_spaces_are_minimal_and_volumes_add_up(name: str) -> None:
    layers = network(name, 3, [3, 4, 3], tuple(FUNCTIONS)).layers
    complex_ = decompose(layers, CUBE)
    total = fmpq(0)
    for cell in range(len(complex_)):
        walls = complex_.half_spaces(cell)
        polyhedron = Polyhedron.from_half_spaces(
            [w.normal for w in walls], [w.offset for w in walls], ambient=3
        )
        points = {complex_.exact_point(v) for v in complex_.cell_vertices(cell).tolist()}
        assert set(polyhedron.vertices) == points
        assert set(polyhedron.half_spaces) == set(walls)
        assert complex_.volume(cell) == polyhedron.volume()
        total += complex_.volume(cell)
    assert total == 12


def test_the_maps_are_continuous() -> None:
    layers = network("quantised_to_four_bits", 5, [3, 5, 4]).layers
    complex_ = decompose(layers, CUBE, ([[1, -2, 3, 1]], [fmpq(1, 3)]))
    for facet, (i, j) in enumerate(complex_.facet_cells.tolist()):
        if j >= 0:
            for v in complex_.facet_vertices(facet).tolist():
                x = fmpq_mat([[c] for c in complex_.exact_point(v)])
                values = [A * x + c for A, c in map(complex_.affine_map, (i, j))]
                assert values[0] == values[1]


def test_pieces_merge_cells_with_the_same_map() -> None:
    """relu(x) - relu(-x) = x is one piece, |x| is two, and cells that do not touch stay apart."""
    halves = Layer([[1, 0, 0], [-1, 0, 0]], [0, 0])
    whole = decompose([halves], CUBE, ([[1, -1]], [0]))
    assert len(whole) == 2
    assert set(whole.pieces().tolist()) == {0}
    assert len(set(decompose([halves], CUBE, ([[1, 1]], [0])).pieces().tolist())) == 2
    ramp = PiecewiseLinear1D((fmpq(-1, 2), fmpq(1, 2)), (0, 1, 0))
    # ramp(x) + ramp(-x) = 1
    constant = decompose([Layer([[1, 0, 0], [-1, 0, 0]], [0, 0], ramp)], CUBE, ([[1, 1]], [0]))
    assert len(constant) == 3
    assert len(set(constant.pieces().tolist())) == 1
    spike = PiecewiseLinear1D((0, fmpq(1, 2), 1), (0, 2, -2, 0))
    hill = decompose([Layer([[2, 0, 0]], [0], spike)], CUBE, ([[1]], [0]))
    assert len(hill) == len(set(hill.pieces().tolist())) == 4
    A, c = hill.affine_map(0)
    assert sum(hill.affine_map(i) == (0 * A, 0 * c) for i in range(4)) == 2


def test_a_tent_composed_with_itself_doubles_its_pieces() -> None:
    """The tent map composed k times has 2^k pieces on [0, 1] (Telgarsky 2016)."""
    box = Polyhedron.box([0, 0], [1, 1])
    tent = ([[2], [4]], [0, -2])
    layers = [Layer([[2, 0], [4, 0]], [0, -2])]
    for k in range(1, 6):
        complex_ = decompose(layers, box, ([[1, -1]], [0]))
        cells = [c for c in range(len(complex_)) if complex_.volume(c) > 0]
        assert len(cells) == len(complex_) == 2**k
        assert len(set(complex_.pieces().tolist())) == 2**k
        assert {abs(complex_.affine_map(c)[0][0, 0]) for c in cells} == {2**k}
        W = np.array(tent[0]) @ np.array([[1, -1]])
        layers = [*layers, Layer(W.astype(float), np.array(tent[1], dtype=float))]


def test_permuted_neurons_give_the_same_cells() -> None:
    net = network("generic", 8, [3, 6, 4]).layers
    order = [3, 1, 0, 5, 2, 4]
    W, b, V = net[0].W, net[0].b, net[1].W
    permuted = [Layer(W[order], b[order]), Layer(V[:, order], net[1].b)]
    first, second = (decompose(layers, CUBE) for layers in (net, permuted))
    columns = [*order, *range(6, 10)]
    assert {tuple(s) for s in first.signs[:, columns].tolist()} == {
        tuple(s) for s in second.signs.tolist()
    }
    assert all(a != b for a, b in pairwise(sorted(map(tuple, first.signs.tolist()))))
