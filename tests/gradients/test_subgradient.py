"""Gradients on regions, their jumps, and the exact sets at kinks."""

from itertools import pairwise, product
from random import Random

import pytest
import sympy as sp
from sympy import Rational as Q

import symnet as sn
from symnet.claims._evaluate import evaluate
from symnet.errors import DomainError, GradientError, NotPiecewiseLinearError, ShapeError
from symnet.verdict import Proved

t, u, v = sp.symbols("t u v", real=True)


def network(random, inputs, outputs=1, hidden=(4, 3)):
    sizes = (inputs, *hidden, outputs)
    layers = []
    for p, q in pairwise(sizes):
        W = [[random.randint(-3, 3) for _ in range(p)] for _ in range(q)]
        layers += [sn.Linear(W, [random.randint(-2, 2) for _ in range(q)]), sn.ReLU()]
    return sn.Sequential(*layers[:-1])


def columns(*values):
    return {sp.ImmutableMatrix(c) for c in values}


@pytest.mark.parametrize("seed", range(6))
def test_on_a_region_it_is_the_symbolic_gradient(seed):
    random = Random(seed)
    net = network(random, 2)
    symbolic = sn.gradient(net)
    gradient = sn.piecewise(net, domain=sn.Box([-2, 2])).gradient()
    for region, found in zip(gradient.function.regions, gradient, strict=True):
        middle = [sum(c) / len(region.vertices) for c in zip(*region.vertices, strict=True)]
        at = evaluate(symbolic, {net.input: sp.ImmutableMatrix(middle)})
        assert found == at == gradient(middle)


@pytest.mark.parametrize(
    ("inputs", "outputs", "seed"), [(1, 2, 0), (2, 1, 1), (2, 3, 2), (3, 2, 3)]
)
def test_across_a_facet_the_jump_is_rank_one(inputs, outputs, seed):
    net = network(Random(seed), inputs, outputs, (3, 2))
    gradient = sn.piecewise(net, domain=sn.Box([-2, 2])).gradient()
    verdict = gradient.check()
    assert isinstance(verdict, Proved)
    ranks = set()
    for jump in gradient.jumps():
        i, j = (gradient.function.regions[k] for k in jump.regions)
        difference = j.A - i.A
        assert difference == jump.c * sp.Matrix([list(jump.facet.a)])
        assert difference.rank() == jump.rank
        # the offset jumps along, so that the function does not
        assert j.c - i.c == -jump.facet.b * jump.c
        ranks.add(jump.rank)
    assert 1 in ranks


def test_distinct_gradients_and_points():
    gradient = sn.piecewise(sp.Max(u, v, 0), u, v).gradient()
    assert gradient.distinct.keys() == columns([1, 0], [0, 1], [0, 0])
    assert sum(map(len, gradient.distinct.values())) == len(gradient)
    assert gradient([3, 1]) == sp.Matrix([1, 0])
    assert len(gradient.at([0, 0])) == 3
    with pytest.raises(DomainError, match=r"kink at \(1, 1\): the gradients beside it are"):
        gradient([1, 1])


def test_known_sets():
    assert str(sn.subgradient(sn.relu(t), 0)) == "conv{0, 1}"
    assert set(sn.subgradient(sp.Abs(t), 0).vertices) == columns([-1], [1])
    box = sn.subgradient(sp.Abs(u) + sp.Abs(v), [0, 0])
    assert set(box.vertices) == columns(*product([-1, 1], repeat=2))
    assert box.dimension == 2
    assert box.contains([Q(1, 2), -1])
    assert not box.contains([0, Q(11, 10)])
    assert [0, 0] in box
    edge = sn.subgradient(sp.Abs(u) + sp.Abs(v), [0, 5])
    assert (edge.dimension, set(edge.vertices)) == (1, columns([-1, 1], [1, 1]))
    assert edge.is_stationary is False
    simplex = sn.subgradient(sp.Max(u, v, 0), [0, 0])
    assert set(simplex.vertices) == columns([0, 0], [1, 0], [0, 1])
    assert simplex.contains([Q(1, 3), Q(1, 3)])


def test_gradients_inside_the_hull_are_no_vertices():
    f = sp.Max(2 * t, 0) + sp.Max(-2 * t, 0) - sp.Abs(t)  # |t|
    assert set(sn.subgradient(f, 0).vertices) == columns([-1], [1])
    # four wedges: the gradient of one lies between those of two others
    g = sp.Max(u, v) + sp.Max(u, -v) - sp.Abs(u)
    found = sn.subgradient(g, [0, 0])
    assert set(found.vertices) <= set(found.gradients)
    assert all(found.contains(c) for c in found.gradients)


def test_what_frameworks_return_need_not_belong_to_it():
    """relu(x) - relu(-x) is x, and backpropagation gives 0 at 0."""
    same = sn.Sequential(sn.Linear([[1], [-1]]), sn.ReLU(), sn.Linear([[1, -1]]))
    at_zero = sn.gradient(same).subs(same.input, sp.zeros(1, 1)).doit()
    exact = sn.subgradient(same, [0])
    assert at_zero == sp.zeros(1, 1)
    assert exact.is_gradient
    assert not exact.contains(at_zero)


@pytest.mark.parametrize("seed", range(4))
def test_of_a_convex_function_every_element_supports_the_graph(seed):
    """f(y) >= f(x) + g (y - x) for all vertices g, at random points: convex analysis."""
    random = Random(seed)
    rows = [[random.randint(-3, 3) for _ in range(2)] for _ in range(4)]
    f = sp.Max(*(a * u + b * v for a, b in rows), 1)
    x = sp.Matrix([0, 0]) if seed % 2 else sp.Matrix([Q(1, 3), Q(-2, 5)])
    at = lambda p: f.subs({u: p[0], v: p[1]})  # noqa: E731
    for g in sn.subgradient(f, list(x), u, v).vertices:
        for _ in range(30):
            y = sp.Matrix([Q(random.randint(-9, 9), 4) for _ in range(2)])
            assert at(y) >= at(x) + (g.T * (y - x))[0]


def test_of_a_network_and_on_a_domain():
    net = network(Random(3), 3, 2)
    first = sn.subgradient(net, [0, 0, 0], output=1)
    pw = sn.piecewise(net, domain=sn.Box([-1, 1]))
    assert set(sn.subgradient(pw, [0, 0, 0], output=1).gradients) == set(first.gradients)
    # on the edge of a domain the regions inside count
    half = sn.piecewise(sp.Abs(t), t, domain=sn.Box([0, 1]))
    assert str(sn.subgradient(half, 0)) == "{1}"


def test_messages():
    net = network(Random(0), 2, 2)
    with pytest.raises(GradientError, match="2 outputs; say which, counted from 0: output=0"):
        sn.subgradient(net, [0, 0])
    with pytest.raises(GradientError, match="output 2 was asked for; there are 2"):
        sn.subgradient(net, [0, 0], output=2)
    with pytest.raises(ShapeError, match="takes 2 inputs, and the point has 1"):
        sn.subgradient(net, [0])
    with pytest.raises(ShapeError, match="the vector has 1 entries"):
        sn.subgradient(net, [0, 0], output=0).contains([1])
    with pytest.raises(NotPiecewiseLinearError, match="tanh"):
        sn.subgradient(sn.tanh(t), 0)
    with pytest.raises((GradientError, NotPiecewiseLinearError), match="jumps"):
        sn.subgradient(sn.step(t), 0)
