"""The certificate accepts what the engines find and refuses what was changed, saying where."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq

import symnet as sn
from symnet.exact.affine import AffineMap
from symnet.exact.polyhedron import Polyhedron
from symnet.exact.rounding import inflated_roundoff
from symnet.regions.activation import ABS, HARDTANH, RELU, leaky_relu
from symnet.regions.cells import Cells
from symnet.regions.certificate import certify
from symnet.regions.certificate_claim import Claim
from symnet.regions.certificate_signs import _Located
from symnet.regions.finding import find_cells
from symnet.regions.layer_list import LayerList
from symnet.regions.stored_cells import Outlines, StoredCells

from .cases import carrier, random_relu
from .network_kinds import KINDS as KINDS_OF_SPACE, layer_list as layer_list_of, network
from .test_against_reference import KINDS


def layer_list(layers, f=RELU):
    maps = [m if isinstance(m, AffineMap) else AffineMap.from_floats(*m) for m in carrier(layers)]
    return LayerList(tuple(maps), tuple((f,) * m.shape[0] for m in maps[:-1]))


def cube(n):
    return Polyhedron.box([-1] * n, [1] * n)


def everywhere(n):
    return Polyhedron.from_half_spaces(ambient=n)


def half_space(n):
    return Polyhedron.from_half_spaces([[1, -2, *[1] * n][:n]], [1], ambient=n)


def stored(cells: Cells) -> StoredCells:
    """The same as plain data, in which vertices are their coordinates."""
    count = range(len(cells))
    outlines = Outlines(
        [cells.point(v) for v in range(cells.vertex_count)],
        [list(cells.corners(c)) for c in count],
        list(cells.directions),
        [list(cells.rays(c)) for c in count],
        cells.lines,
        cells.ambient,
    )
    return StoredCells(outlines, cells.signs.copy(), cells.neighbours.copy())


@pytest.mark.parametrize("domain", [cube, everywhere, half_space])
@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_certified(kind, n, domain):
    layers = layer_list(kind(np.random.default_rng(21), n))
    cells = find_cells(layers, domain(n))
    assert certify(layers, domain(n), cells).cells == len(cells)
    certify(layers, domain(n), stored(cells))


@pytest.mark.parametrize("domain", [cube, everywhere])
@pytest.mark.parametrize("name", sorted(KINDS_OF_SPACE))
def test_every_kind_is_certified_in_space(name, domain):
    sizes = [3, 4, 3] if domain is cube else [3, 3, 2]
    layers = layer_list_of(network(name, 7, sizes))
    cells = find_cells(layers, domain(3))
    certify(layers, domain(3), cells)
    certify(layers, domain(3), stored(cells))


@pytest.mark.parametrize("n", [1, 2, 3, 4])
@pytest.mark.parametrize("f", [ABS, HARDTANH, leaky_relu(Fraction(1, 100))])
def test_other_activations_and_dimensions(f, n):
    layers = layer_list(random_relu((n, 4, 3, 2), np.random.default_rng(2)), f)
    certify(layers, cube(n), find_cells(layers, cube(n)))


def test_polytopes():
    third = fmpq(1, 3)
    points = [(-1, -1), (0, -2), (1, -1), (fmpq(7, 5), third), (0, 2), (-2, 1)]
    domain = Polyhedron.from_generators(points, ambient=2)
    layers = layer_list(
        [([[Fraction(1, 3), 1], [2, Fraction(-1, 3)], [1, 1]], [Fraction(1, 3), 0, -1]),
         ([[1, -2, Fraction(1, 3)]], [0])]
    )  # fmt: skip
    certify(layers, domain, find_cells(layers, domain))
    corners = [[s * int(i == j) for j in range(3)] for i in range(3) for s in (1, -1)]
    cross = Polyhedron.from_generators([*corners, [1, 1, 1]], ambient=3)
    layers = layer_list_of(network("quantised_to_four_bits", 1, [3, 4, 3]))
    certify(layers, cross, find_cells(layers, cross))


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_vertices_in_general_position_need_no_rationals(n):
    layers = layer_list(random_relu((n, 6, 6, 1), np.random.default_rng(4)))
    cells = find_cells(layers, cube(n))

    def located():
        claim = Claim.of(layers, cube(n), cells)
        found = _Located(claim)
        with np.errstate(all="ignore"):
            from symnet.regions.certificate_signs import SignTable

            SignTable.of(claim)
        return found

    chosen = located().chosen
    assert len(chosen) == cells.vertex_count
    with inflated_roundoff(float("inf")):
        certify(layers, cube(n), cells)


# --- tampering


CASES = {
    "line": (1, cube, "generic"),
    "plane": (2, cube, "generic"),
    "all of the plane": (2, everywhere, "generic"),
    "plane, special position": (2, half_space, "integers"),
    "space": (3, cube, "generic"),
    "space, special position": (3, cube, "zero_biases"),
    "all of space": (3, everywhere, "generic"),
    "four dimensions": (4, cube, "generic"),
}


@pytest.fixture(params=CASES, scope="module")
def claim(request):
    n, domain, kind = CASES[request.param]
    layers = layer_list_of(network(kind, 3, [n, 4, 3] if n < 4 else [n, 3, 2]))
    cells = stored(find_cells(layers, domain(n)))
    certify(layers, domain(n), cells)
    return layers, domain(n), cells


def refused(claim, match, *, layers=None, domain=None, signs=None, neighbours=None, **outlines):
    old = claim[2]
    cells = StoredCells(
        replace(old.outlines, **outlines),
        old.signs if signs is None else signs,
        old.neighbours if neighbours is None else neighbours,
    )
    with pytest.raises(sn.CertificateError, match=match):
        certify(layers or claim[0], domain or claim[1], cells)


def test_a_flipped_sign(claim):
    signs = claim[2].signs
    for cell in (0, len(signs) // 2):
        for virtual in range(signs.shape[1]):
            wrong = signs.copy()
            wrong[cell, virtual] *= -1
            if wrong[cell, virtual]:
                refused(claim, rf"cell {cell}: neuron \d+ of hidden layer \d is", signs=wrong)
            wrong[cell, virtual] = 0 if signs[cell, virtual] else 1
            refused(claim, rf"cell {cell}: neuron \d+ of hidden layer \d is", signs=wrong)


def test_exchanged_cells(claim):
    signs = claim[2].signs.copy()
    signs[[0, -1]] = signs[[-1, 0]]
    refused(claim, "cell 0: neuron", signs=signs)


def test_a_moved_vertex(claim):
    points = list(claim[2].outlines.points)
    for v in (0, len(points) - 1):
        moved = list(points)
        moved[v] = tuple(x + fmpq(1, 10**30) for x in points[v])
        refused(claim, f"vertex {v}|cell", points=moved)


def test_a_turned_ray(claim):
    directions = list(claim[2].outlines.directions)
    if directions:
        turned = [tuple(10**9 * v + k for k, v in enumerate(directions[0], 1)), *directions[1:]]
        refused(claim, r"ray|cell", directions=turned)


def test_a_missing_or_repeated_cell(claim):
    cells = claim[2]
    last = len(cells) - 1
    kept = cells.neighbours[(cells.neighbours < last).all(axis=1)]
    corners, rays = cells.outlines.corners, cells.outlines.rays
    refused(
        claim, "0 other cells|belongs to no cell", signs=cells.signs[:last], neighbours=kept,
        corners=corners[:last], rays=rays[:last],
    )  # fmt: skip
    twice = np.vstack([cells.signs, cells.signs[:1]])
    refused(
        claim, f"cells 0 and {last + 1} have the same signs", signs=twice,
        corners=[*corners, corners[0]], rays=[*rays, rays[0]],
    )  # fmt: skip


def test_a_missing_or_superfluous_vertex(claim):
    corners = claim[2].outlines.corners
    for cell in range(0, len(corners), 5):
        for k in range(len(corners[cell])):
            fewer = list(corners)
            fewer[cell] = corners[cell][:k] + corners[cell][k + 1 :]
            refused(claim, f"cell {cell} |cell {cell}:|belongs to no cell", corners=fewer)
    twice = [[*corners[0], corners[0][0]], *corners[1:]]
    refused(claim, r"cell 0 has vertex \d+ at .* twice", corners=twice)
    other = next(v for c in reversed(corners) for v in c if v not in corners[0])
    refused(claim, "cell 0", corners=[[*corners[0], other], *corners[1:]])


def test_a_vertex_with_two_numbers(claim):
    """In one cell, in all its cells, or in place of another vertex."""
    cells = claim[2]
    corners, size = cells.outlines.corners, len(cells.outlines.points)
    for v in corners[0][:2]:
        points = [*cells.outlines.points, cells.outlines.points[v]]
        refused(claim, "cell 0", points=points, corners=[[*corners[0], size], *corners[1:]])
        doubled = [[*c, size] if v in c else c for c in corners]
        refused(claim, "cell", points=points, corners=doubled)
        for other in corners[0]:
            if other != v:
                swapped = [size if w == other else w for w in corners[0]]
                refused(claim, "cell", points=points, corners=[swapped, *corners[1:]])


def test_a_ray_without_direction(claim):
    cells = claim[2]
    count = len(cells.outlines.directions)
    directions = [*cells.outlines.directions, (0,) * cells.ambient]
    for k, rays in enumerate(cells.outlines.rays):
        more = list(cells.outlines.rays)
        more[k] = [*rays, count]
        refused(claim, "ray .* is no direction", rays=more, directions=directions)


def test_a_point_in_a_cell_that_is_no_vertex(claim):
    cells = claim[2]
    points = [*cells.outlines.points, cells.inner_point(0)]
    corners = cells.outlines.corners
    for cell in (0, len(cells) - 1):
        more = list(corners)
        more[cell] = [*corners[cell], len(points) - 1]
        refused(claim, f"cell {cell}", points=points, corners=more)
    if cells.ambient > 1 and len(corners[0]) > 1:  # the middle of an edge or of a facet
        edge = corners[0][:2]
        middle = tuple((a + b) / 2 for a, b in zip(*(points[v] for v in edge), strict=True))
        points = [*cells.outlines.points, middle]
        refused(
            claim, "cell 0", points=points, corners=[[*corners[0], len(points) - 1], *corners[1:]]
        )


def test_wrong_neighbours(claim):
    pairs = claim[2].neighbours
    i, j = pairs[0].tolist()
    refused(claim, f"cells {min(i, j)} and {max(i, j)} are not said", neighbours=pairs[1:])
    known = {tuple(sorted(pair)) for pair in pairs.tolist()}
    size = len(claim[2])
    odd = next((i, j) for i in range(size) for j in range(i + 1, size) if (i, j) not in known)
    wrong = np.vstack([pairs, [odd]])
    refused(claim, f"cells {odd[0]} and {odd[1]} have no common facet", neighbours=wrong)


def test_a_changed_weight(claim):
    """The last bit of any weight that matters, in any layer but the last."""
    layers = claim[0]
    for k in range(len(layers.maps) - 1):
        matrix, denominator = layers.maps[k].integers()
        m, n = matrix.nrows(), matrix.ncols()
        for i, j in ((0, 0), (m - 1, n - 1)):
            if not matrix[i, j]:
                continue
            rows = [[v << 60 for v in row] for row in matrix.tolist()]
            rows[i][j] += 1
            changed = AffineMap.from_integers(type(matrix)(rows), denominator << 60)
            maps = (*layers.maps[:k], changed, *layers.maps[k + 1 :])
            wrong = LayerList(maps, layers.functions)
            try:
                certify(wrong, claim[1], claim[2])
            except sn.CertificateError:
                continue
            # then the weight is of no consequence: the cells are the same
            again = find_cells(wrong, claim[1])
            assert {tuple(s) for s in again.signs.tolist()} == {
                tuple(s) for s in claim[2].signs.tolist()
            }
            assert {again.point(v) for v in range(again.vertex_count)} == set(
                claim[2].outlines.points
            )


def test_a_changed_domain(claim):
    n = claim[1].ambient
    wider = Polyhedron.box([-2] * n, [1] * n)
    narrower = Polyhedron.box([-1] * n, [fmpq(1, 2)] * n)
    refused(claim, r"cell \d+ is not the polyhedron|outside the domain", domain=wider)
    refused(claim, "outside the domain", domain=narrower)


def test_a_reflected_ray_and_lines_that_are_none():
    layers = layer_list(
        [(np.array([[1.0, 0], [1, 0]]), np.array([0.0, 1])), (np.ones((1, 2)), np.zeros(1))]
    )
    cells = stored(find_cells(layers, everywhere(2)))
    assert cells.lines in [((0, 1),), ((0, -1),)]
    certify(layers, everywhere(2), cells)
    claim = layers, everywhere(2), cells
    refused(claim, "a neuron changes along it", lines=((1, 1),))
    refused(claim, "it leaves the domain", domain=half_space(2))
    shifted = replace(cells.outlines, points=[(x, y + 1) for x, y in cells.outlines.points])
    certify(layers, everywhere(2), StoredCells(shifted, cells.signs, cells.neighbours))
    moved = [(x + 1, y) for x, y in cells.outlines.points]
    refused(claim, "cell", points=moved)
    reflected = [tuple(-v for v in r) for r in cells.outlines.directions]
    refused(claim, "cell", directions=reflected)


def test_domains_with_lines_as_one_cell():
    """Points on the lines are as good as each other."""
    layers = layer_list([(np.array([[1.0, 1, 0]]), np.zeros(1))])
    strip = Polyhedron.from_half_spaces([[1, -1, 0], [-1, 1, 0]], [1, 3], ambient=3)
    cells = find_cells(layers, strip)
    assert len(cells.lines) == 2
    certify(layers, strip, cells)


def test_all_of_space_as_one_cell():
    layers = layer_list([(np.zeros((2, 2)), np.array([1.0, -1])), (np.ones((1, 2)), np.zeros(1))])
    cells = stored(find_cells(layers, everywhere(2)))
    certify(layers, everywhere(2), cells)
    refused((layers, everywhere(2), cells), "all of space is one cell", signs=-cells.signs)


def test_approximate_coordinates_must_be_near():
    layers = layer_list(random_relu((2, 6, 1), np.random.default_rng(0)))
    cells = find_cells(layers, cube(2))
    points, errors = cells.float_points
    for v in range(0, len(points), 3):
        moved = points.copy()
        moved[v, 0] += 1e-6
        cells.__dict__["float_points"] = moved, errors
        with pytest.raises(sn.CertificateError, match=f"vertex {v} is said to be at"):
            certify(layers, cube(2), cells)
