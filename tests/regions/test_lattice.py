"""The region engine against plain clipping with fractions, on ordinary and degenerate networks."""

from __future__ import annotations

from fractions import Fraction
from math import comb, inf

import numpy as np
import pytest

from symnet.exact.polyhedron import Polyhedron
from symnet.regions.lattice import decompose
from symnet.regions.lattice_geometry import CellComplex
from symnet.regions.lattice_layers import Layer

from .clipping_reference import box, cells
from .network_kinds import FUNCTIONS, KINDS, Network, network

UNIT = 2.0**-53


def fractions(complex_: CellComplex, vertex: int) -> tuple[Fraction, ...]:
    return tuple(Fraction(int(x.p), int(x.q)) for x in complex_.exact_point(vertex))


def found(complex_: CellComplex) -> dict[tuple[int, ...], frozenset[tuple[Fraction, ...]]]:
    points = [fractions(complex_, v) for v in range(complex_.vertex_count)]
    errors = np.array(complex_.point_errors)
    for point, near, error in zip(points, complex_.points, errors, strict=True):
        if np.isfinite(error).all():
            for x, y, e in zip(point, near, error, strict=True):
                assert abs(x - Fraction(float(y))) <= Fraction(float(e))
    result = {
        tuple(complex_.signs[c].tolist()): frozenset(points[v] for v in complex_.cell_vertices(c))
        for c in range(len(complex_))
    }
    assert len(result) == len(complex_)
    return result


def cube(d: int) -> Polyhedron:
    return Polyhedron.box([-1] * d, [1] * d)


def assert_agrees(net: Network, d: int, unit: float, method: str = "auto") -> None:
    expected = cells(net.reference, box([Fraction(-1)] * d, [Fraction(1)] * d))
    complex_ = decompose(net.layers, cube(d), unit_roundoff=unit, method=method)  # type: ignore[arg-type]
    assert found(complex_) == expected


@pytest.mark.parametrize("unit", [UNIT, 2.0**-8, inf])
@pytest.mark.parametrize("sizes", [[2, 4, 3], [3, 4, 2], [3, 3, 2, 2], [4, 3, 2]])
@pytest.mark.parametrize("name", sorted(KINDS))
def test_cells_are_those_of_the_reference(name: str, sizes: list[int], unit: float) -> None:
    for seed in range(3 if sizes[0] == 2 else 1):
        assert_agrees(network(name, seed, sizes), sizes[0], unit)


@pytest.mark.parametrize("sizes", [[2, 16, 16], [3, 12, 12]])
def test_quantised_networks_of_some_size(sizes: list[int]) -> None:
    assert_agrees(network("quantised_to_four_bits", 0, sizes), sizes[0], UNIT)


@pytest.mark.parametrize("unit", [UNIT, 2.0**-8, inf])
@pytest.mark.parametrize("name", ["generic", "integers", "zero_biases", "thirds", "mixed_scales"])
def test_other_activations(name: str, unit: float) -> None:
    for seed in range(3):
        net = network(name, seed, [3, 3, 3], tuple(FUNCTIONS))
        assert_agrees(net, 3, unit)


@pytest.mark.parametrize("d", [2, 3, 4])
@pytest.mark.parametrize("name", ["generic", "thin_cells", "wide_scales", "mixed_scales"])
def test_face_lattice_and_skeleton_agree(name: str, d: int) -> None:
    net = network(name, 5, [d, 6, 4, 1])
    skeleton = decompose(net.layers, cube(d), method="skeleton")
    lattice = decompose(net.layers, cube(d), method="lattice")
    assert found(skeleton) == found(lattice)
    assert len(skeleton.edges) == len(lattice.edges)

    def by_points(complex_: CellComplex) -> set[tuple[object, ...]]:
        signs = complex_.signs
        return {
            (
                frozenset(tuple(signs[c].tolist()) for c in pair if c >= 0),
                tuple(form),
                frozenset(fractions(complex_, int(v)) for v in complex_.facet_vertices(i)),
            )
            for i, (pair, form) in enumerate(
                zip(complex_.facet_cells.tolist(), complex_.facet_forms.tolist(), strict=True)
            )
        }

    assert by_points(skeleton) == by_points(lattice)


@pytest.mark.parametrize(("n", "m"), [(2, 9), (3, 8), (4, 7), (5, 7)])
def test_hyperplanes_in_general_position(n: int, m: int) -> None:
    """m hyperplanes in general position make sum_{k <= n} C(m, k) cells (Schläfli; Buck 1943)."""
    rng = np.random.default_rng(m)
    layer = Layer(rng.standard_normal((m, n)), rng.standard_normal(m))
    big = Polyhedron.box([-(10**9)] * n, [10**9] * n)
    for method in ("skeleton", "lattice"):
        assert len(decompose([layer], big, method=method)) == sum(comb(m, k) for k in range(n + 1))  # type: ignore[arg-type]


@pytest.mark.parametrize(("n", "m"), [(2, 7), (3, 7), (4, 6)])
def test_central_hyperplanes(n: int, m: int) -> None:
    """m hyperplanes through one point, otherwise general: 2 sum_{k < n} C(m - 1, k) cells."""
    rng = np.random.default_rng(m)
    layer = Layer(rng.standard_normal((m, n)), np.zeros(m))
    assert len(decompose([layer], cube(n))) == 2 * sum(comb(m - 1, k) for k in range(n))


@pytest.mark.parametrize("n", [3, 4])
def test_braid_arrangement(n: int) -> None:
    """The hyperplanes x_i = x_j cut space into n! chambers, one for each order."""
    rows = [[int(k == i) - int(k == j) for k in range(n)] for i in range(n) for j in range(i)]
    factorial = {3: 6, 4: 24}
    assert len(decompose([Layer(rows, [0] * len(rows))], cube(n))) == factorial[n]


@pytest.mark.parametrize("method", ["skeleton", "lattice"])
def test_polytope_domain(method: str) -> None:
    """On the cross-polytope the coordinate planes leave the 2^n orthants, each a simplex."""
    points = [[s * int(i == j) for j in range(3)] for i in range(3) for s in (1, -1)]
    cross = Polyhedron.from_generators(points, ambient=3)
    layer = Layer([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [0, 0, 0])
    complex_ = decompose([layer], cross)
    assert len(complex_) == 8
    assert complex_.vertex_count == 7
    assert {len(complex_.cell_vertices(c)) for c in range(8)} == {4}
    simplex = Polyhedron.from_half_spaces(
        [[-1, 0, 0], [0, -1, 0], [0, 0, -1], [1, 1, 1]], [0, 0, 0, 1], ambient=3
    )
    half = Layer([[3.0, -2.0, 0.5]], [-0.125])
    parts = decompose([half], simplex, method=method)  # type: ignore[arg-type]
    volumes = [
        Polyhedron.from_generators(
            [parts.exact_point(int(v)) for v in parts.cell_vertices(c)], ambient=3
        ).volume()
        for c in range(len(parts))
    ]
    assert len(volumes) == 2
    assert sum(volumes) == simplex.volume()
