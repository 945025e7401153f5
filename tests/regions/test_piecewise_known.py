"""Functions whose regions, pieces, extrema and constants are known."""

from math import comb
from random import Random

import pytest
import sympy as sp
from sympy import Rational as Q

import symnet as sn

x, y, z = sp.symbols("x y z", real=True)
TENT = sn.Sequential(
    sn.Linear([[2], [4]], [0, -2]), sn.ReLU(), sn.Linear([[1, -1]])
)  # 2x up to 1/2, then 2 - 2x


def lines(count, through=None, dimension=2, seed=3):
    """One layer of ReLUs on hyperplanes in general position, or all through one point."""
    random = Random(seed)
    W = [[random.randint(-50, 50) for _ in range(dimension)] for _ in range(count)]
    b = [random.randint(-50, 50) for _ in range(count)]
    if through is not None:
        b = [-sum(w * t for w, t in zip(row, through, strict=True)) for row in W]
    return sn.Sequential(sn.Linear(W, b), sn.ReLU(), sn.Linear([[1] * count]))


@pytest.mark.parametrize("k", range(2, 11))
def test_a_tent_composed_k_times_has_two_to_the_k_pieces(k):
    pw = sn.piecewise(sn.Sequential(*[TENT] * k), domain=sn.Box([0, 1]))
    assert len(pw) == len(pw.pieces) == 2**k
    assert pw.lipschitz(2) == 2**k
    assert (pw.maximum().value, pw.minimum().value) == (1, 0)
    assert all(region.volume == Q(1, 2**k) for region in pw.regions)
    assert pw.counts() == tuple(2**j for j in range(1, k + 1))


@pytest.mark.parametrize("m", [1, 2, 3, 7, 12])
def test_lines_in_general_position(m):
    pw = sn.piecewise(lines(m))
    assert len(pw) == 1 + m + m * (m - 1) // 2 == sn.region_bound(lines(m))
    assert sum(not r.is_bounded for r in pw.regions) == 2 * m
    assert len(pw.neighbours) == m**2
    assert len(pw.vertices) == comb(m, 2)


@pytest.mark.parametrize("m", [3, 7])
def test_lines_through_one_point(m):
    pw = sn.piecewise(lines(m, through=(2, -1)))
    assert len(pw) == 2 * m
    assert pw.vertices == ((2, -1),)
    assert all(len(r.rays) == 2 for r in pw.regions)


@pytest.mark.parametrize(("n", "m"), [(3, 5), (4, 5)])
def test_hyperplanes_in_general_position(n, m):
    pw = sn.piecewise(lines(m, dimension=n))
    assert len(pw) == sum(comb(m, k) for k in range(n + 1))


def test_in_a_box_that_holds_all_crossings_the_unbounded_regions_touch_its_boundary():
    pw = sn.piecewise(lines(6), domain=sn.Box([-(10**6), 10**6]))
    assert len(pw) == 1 + 6 + 15
    walls = {(1, 0), (-1, 0), (0, 1), (0, -1)}
    assert sum(any(h.a in walls for h in r.half_spaces) for r in pw.regions) == 12
    assert pw.certify()


@pytest.mark.parametrize(
    ("function", "pieces", "convex", "constant"),
    [
        (sn.relu(x) + sn.relu(-x), 2, True, 1),
        (sn.relu(x - y) + y, 2, True, 1),
        (x - sn.relu(x - y), 2, False, 1),
        (sn.relu(x) - 2 * sn.relu(x - 1) + sn.relu(x - 2), 4, False, 1),
        (sn.relu(x) - sn.relu(-x), 1, True, 1),
        (abs(x) + abs(y), 4, True, sp.sqrt(2)),
        (sp.Max(x, y, z), 3, True, 1),
    ],
)
def test_textbook_functions(function, pieces, convex, constant):
    pw = sn.piecewise(function)
    assert len(pw.pieces) == pieces
    assert pw.is_convex() is convex
    assert pw.lipschitz(2) == constant


def test_equal_cells_of_the_hat_are_apart():
    """The hat function is 0 left and right: two pieces with one map, and one row of cases."""
    hat = sn.piecewise(sn.relu(x) - 2 * sn.relu(x - 1) + sn.relu(x - 2))
    assert len(hat.pieces) == 4
    assert len(hat.as_piecewise().args) == 3
    assert hat.maximum() == hat.restrict(sn.Box([-5, 5])).maximum()
    assert (hat.maximum().value, hat.maximum().point) == (1, (1,))


def test_extrema_on_unbounded_domains():
    assert sn.piecewise(abs(x)).maximum().value == sp.oo
    assert sn.piecewise(abs(x)).minimum().value == 0
    assert sn.piecewise(x).minimum().value == -sp.oo
    assert sn.piecewise(sn.hardtanh(x + y)).maximum().value == 1


def test_an_output_that_is_not_there():
    with pytest.raises(sn.ShapeError, match="output 1 was asked for; there are 1"):
        sn.piecewise(abs(x)).maximum(output=1)


def test_monotony():
    assert sn.piecewise(sn.relu(x) + y).is_monotone()
    assert not sn.piecewise(abs(x)).is_monotone()
    assert sn.piecewise(sp.Min(-x, -y)).is_monotone(decreasing=True)


def test_operator_norms_of_several_outputs():
    net = sn.Sequential(sn.Linear([[1, 1], [0, 1]]), sn.LeakyReLU(Q(1, 2)))
    pw = sn.piecewise(net)
    assert (pw.lipschitz(1), pw.lipschitz(sp.oo)) == (2, 2)
    golden = (1 + sp.sqrt(5)) / 2  # the spectral norm of [[1, 1], [0, 1]]
    assert sp.simplify(pw.lipschitz(2) - golden) == 0


@pytest.mark.parametrize("seed", range(6))
def test_lipschitz_constants_bound_every_quotient_and_are_attained(seed):
    random = Random(seed)
    net = lines(4, seed=seed)
    pw = sn.piecewise(net, domain=sn.Box([-3, 3]))
    constant = pw.lipschitz(1)
    for _ in range(10):
        p, q = ([Q(random.randint(-30, 30), 10) for _ in range(2)] for _ in range(2))
        distance = sum(abs(a - b) for a, b in zip(p, q, strict=True))
        assert abs(pw(p)[0] - pw(q)[0]) <= constant * distance
    assert constant == max(max(abs(v) for v in r.A) for r in pw.regions)


def test_boundaries_and_graph():
    networkx = pytest.importorskip("networkx")
    pw = sn.piecewise(lines(5))
    assert {key: len(pairs) for key, pairs in pw.boundaries.items()} == {
        (0, i): 5 for i in range(5)
    }
    graph = pw.adjacency()
    assert networkx.is_connected(graph)
    assert networkx.is_bipartite(graph)  # crossing a line changes the parity of the pattern
    assert graph.number_of_edges() == 25


def test_algebra():
    f, g = sn.piecewise(abs(x), domain=sn.Box([-2, 2])), sn.piecewise(x, domain=sn.Box([-2, 2]))
    box = sn.Box([-2, 2])
    assert f + g == sn.piecewise(2 * sn.relu(x), domain=box)
    assert f - g == sn.piecewise(2 * sn.relu(-x), domain=box)
    assert g.max(-g) == f
    assert f.restrict(sn.Box([0, 1])) == g.restrict(sn.Box([0, 1]))
    assert f != g
    with pytest.raises(sn.DomainError, match="two different domains"):
        f + g.restrict(sn.Box([0, 1]))


def test_composition_is_that_of_the_networks():
    box = sn.Box([0, 1])
    tent = sn.piecewise(TENT, domain=box)
    assert tent.compose(tent) == sn.piecewise(sn.Sequential(TENT, TENT), domain=box)
    assert tent.compose(tent.compose(tent)).certify()
    twice = sn.piecewise(2 * x, domain=box)
    with pytest.raises(sn.DomainError, match=r"leaves the domain of the outer one at \(1,\)"):
        tent.compose(twice)
    with pytest.raises(sn.DomainError, match="far out"):
        tent.compose(sn.piecewise(x))


def test_decisions_between_outputs():
    """max(x, y, 0) has three cells that meet at the origin, in three rays."""
    net = sn.Linear([[1, 0], [0, 1], [0, 0]])
    decisions = sn.piecewise(net).decisions()
    assert all(len(best) == 1 for best in decisions.winners)
    greatest = sn.piecewise(sp.Max(x, y, 0), x, y)
    for k, A in enumerate([(1, 0), (0, 1), (0, 0)]):
        for cell in decisions.cells(k):
            inner = [sum(v) for v in zip(*cell.rays, strict=True)]
            assert tuple(greatest.locate(inner).A) == A
    assert len(decisions.boundary) == 3
    same = sn.piecewise(sn.Linear([[1], [1]]), domain=sn.Box([0, 1])).decisions()
    assert same.winners == (frozenset({0, 1}),)


@pytest.mark.parametrize("seed", range(4))
def test_decisions_of_random_networks(seed):
    random = Random(seed)
    W = [[random.randint(-3, 3) for _ in range(4)] for _ in range(3)]
    net = sn.Sequential(*lines(4, seed=seed)[:2], sn.Linear(W))
    decisions = sn.piecewise(net, domain=sn.Box([-4, 4])).decisions()
    assert decisions.function.certify()
    for k, region in enumerate(decisions.function.regions):
        centre = [sum(v) / len(region.vertices) for v in zip(*region.vertices, strict=True)]
        values = list(net(centre))
        assert decisions.winners[k] == {i for i, v in enumerate(values) if v == max(values)}


def test_the_function_does_not_change_when_neurons_are_permuted_or_rescaled():
    random = Random(1)
    for seed in range(4):
        net = lines(5, seed=seed)
        W, b, V = net[0].W, net[0].b, net[2].W
        order = random.sample(range(5), 5)
        scale = [Q(random.randint(1, 9), random.randint(1, 9)) for _ in order]
        D = sp.diag(*scale)
        P = sp.Matrix([[int(j == i) for j in range(5)] for i in order])
        same = sn.Sequential(
            sn.Linear(D * P * W, D * P * b), sn.ReLU(), sn.Linear(V * P.T * D.inv())
        )
        verdict = sn.piecewise(net).compare(sn.piecewise(same))
        assert verdict.verdict == "proved"


def test_a_last_bit_makes_a_difference_and_the_point_shows_it():
    weight = 0.7
    one, other = (
        sn.Sequential(sn.Linear([[w, 1.0], [1.0, -1.0]]), sn.ReLU(), sn.Linear([[1.0, 1.0]]))
        for w in (weight, weight + 2.0**-53)
    )
    box = sn.Box([-1, 1])
    f, g = sn.piecewise(one, domain=box), sn.piecewise(other, domain=box)
    verdict = f.compare(g)
    assert verdict.verdict == "refuted"
    point = list(verdict.counterexample.values())
    assert f(point) == one(point) == verdict.lhs_value
    assert g(point) == other(point) == verdict.rhs_value
    assert verdict.lhs_value != verdict.rhs_value
    assert f != g
