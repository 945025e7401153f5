"""Polyhedra: the two descriptions agree, and volumes and counts are the known ones."""

from __future__ import annotations

from itertools import combinations, permutations, product
from math import comb, factorial

import pytest
from flint import fmpq
from hypothesis import given, settings, strategies as st

from symnet.exact.linear_program import (
    Feasible,
    LinearSystem,
    Optimal,
    Unbounded,
    feasible_point,
    maximise,
)
from symnet.exact.polyhedron import Polyhedron


def cross_polytope(n: int) -> Polyhedron:
    points = [[s * int(i == j) for j in range(n)] for i in range(n) for s in (1, -1)]
    return Polyhedron.from_generators(points, ambient=n)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_cube_simplex_and_cross_polytope(n: int) -> None:
    cube = Polyhedron.box([-1] * n, [1] * n)
    assert (len(cube.vertices), len(cube.half_spaces), cube.volume()) == (2**n, 2 * n, 2**n)
    simplex = Polyhedron.from_generators(
        [[int(i == j) for j in range(n)] for i in range(n + 1)], ambient=n
    )
    assert len(simplex.half_spaces) == n + 1
    assert simplex.volume() == fmpq(1, factorial(n))
    cross = cross_polytope(n)
    assert len(cross.half_spaces) == 2**n
    assert cross.volume() == fmpq(2**n, factorial(n))


def test_permutohedron_lies_in_a_hyperplane() -> None:
    """conv of the permutations of (0, 1, 2, 3): 24 vertices, 14 facets, dimension 3."""
    p = Polyhedron.from_generators(permutations(range(4)), ambient=4)
    assert (len(p.vertices), len(p.half_spaces), p.dimension) == (24, 14, 3)
    (hull,) = p.affine_hull
    assert set(hull.normal) in ({1}, {-1})
    assert p.volume() == 0


@pytest.mark.parametrize(("n", "k"), [(4, 7), (4, 8), (3, 9)])
def test_cyclic_polytopes_attain_the_upper_bound(n: int, k: int) -> None:
    """The cyclic polytope has the most facets that k vertices in R^n allow (McMullen 1970)."""
    p = Polyhedron.from_generators([[t**e for e in range(1, n + 1)] for t in range(k)], ambient=n)
    half = n // 2
    expected = (
        comb(k - half, half) + comb(k - half - 1, half - 1)
        if n % 2 == 0
        else 2 * comb(k - half - 1, half)
    )
    assert len(p.vertices) == k
    assert len(p.half_spaces) == expected


@settings(deadline=None, max_examples=80)
@given(st.data())
def test_descriptions_agree_with_linear_programs(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 3))
    entry = st.integers(-2, 2)
    A = data.draw(st.lists(st.lists(entry, min_size=n, max_size=n), max_size=7))
    b = [data.draw(entry) for _ in A]
    p = Polyhedron.from_half_spaces(A, b, ambient=n)
    system = LinearSystem.of(A, b, variables=n)
    found = feasible_point(system)
    assert p.is_empty == (not isinstance(found, Feasible))
    again = Polyhedron.from_half_spaces(
        [f.normal for f in p.half_spaces],
        [f.offset for f in p.half_spaces],
        [f.normal for f in p.affine_hull],
        [f.offset for f in p.affine_hull],
        ambient=n,
    )
    generated = Polyhedron.from_generators(
        p.vertices, p.rays, [line[:-1] for line in p.lines], ambient=n
    )
    if isinstance(found, Feasible):
        assert p.contains(found.point)
        c = [data.draw(entry) for _ in range(n)]
        best = maximise(c, system)
        value = p.maximum(c)
        assert isinstance(best, Unbounded) == (value is None)
        if isinstance(best, Optimal):
            assert best.value == value
        for other in (again, generated):
            assert other.dimension == p.dimension
            assert all(other.contains(v) for v in p.vertices)
            assert all(p.contains(v) for v in other.vertices)
        strict = feasible_point(LinearSystem.of(A, b, strict=range(len(A)), variables=n))
        trivial = [i for i, row in enumerate(A) if not any(row) and b[i] == 0]
        if not trivial:
            assert isinstance(strict, Feasible) == (p.dimension == n)
    else:
        assert again.is_empty
        assert p.dimension == -1


def test_halves_of_a_box_have_the_volume_of_the_box() -> None:
    box = Polyhedron.box([0, 0, 0], [1, 2, 3])
    for normal in product((-1, 0, 2), repeat=3):
        if any(normal):
            below = Polyhedron.from_half_spaces([normal], [fmpq(1, 3)], ambient=3)
            above = Polyhedron.from_half_spaces([[-v for v in normal]], [fmpq(-1, 3)], ambient=3)
            parts = [box.intersection(side).volume() for side in (below, above)]
            assert sum(parts, fmpq(0)) == 6


def test_unbounded_sets_have_rays_and_lines() -> None:
    quadrant = Polyhedron.from_half_spaces([[-1, 0], [0, -1]], [0, 0], ambient=2)
    assert quadrant.vertices == ((0, 0),)
    assert set(quadrant.rays) == {(1, 0), (0, 1)}
    assert quadrant.maximum([-1, -1]) == 0
    assert quadrant.maximum([1, 0]) is None
    strip = Polyhedron.from_half_spaces([[1, 0], [-1, 0]], [1, 1], ambient=2)
    assert len(strip.lines) == 1
    assert strip.dimension == 2
    assert len(strip.half_spaces) == 2
    plane = Polyhedron.from_half_spaces(ambient=2)
    assert plane.dimension == 2
    assert not plane.half_spaces
    assert plane.contains([5, -7])
    with pytest.raises(ValueError, match="no finite volume"):
        strip.volume()


def test_redundant_half_spaces_disappear() -> None:
    rows = [*product((1, -1), repeat=3)]
    cross = Polyhedron.from_half_spaces(
        [*rows, *[[a + b for a, b in zip(r, s, strict=True)] for r, s in combinations(rows, 2)]],
        [1] * 8 + [2] * 28,
        ambient=3,
    )
    assert len(cross.half_spaces) == 8
    assert len(cross.vertices) == 6


def test_half_spaces_that_touch_only_at_infinity_are_no_facets() -> None:
    p = Polyhedron.from_half_spaces(
        [[0, 0], [-1, 0], [0, -1], [-1, -1], [-1, 0]], [1, 0, 0, 1, 5], ambient=2
    )
    assert {(f.normal, f.offset) for f in p.half_spaces} == {((-1, 0), 0), ((0, -1), 0)}
    assert Polyhedron.from_half_spaces([[0, 0]], [1], ambient=2).half_spaces == ()
    assert Polyhedron.from_half_spaces([[0, 0]], [-1], ambient=2).is_empty


def test_a_simple_polytope_of_dimension_six_with_many_vertices() -> None:
    """The dual of the cyclic polytope with 12 vertices in R^6 has 112 vertices."""
    moments = [[t**e for e in range(1, 7)] for t in range(12)]
    centre = [fmpq(sum(column), 12) for column in zip(*moments, strict=True)]
    rows = [[a - c for a, c in zip(row, centre, strict=True)] for row in moments]
    dual = Polyhedron.from_half_spaces(rows, [1] * 12, ambient=6)
    assert (len(dual.vertices), len(dual.half_spaces), dual.is_bounded) == (112, 12, True)
