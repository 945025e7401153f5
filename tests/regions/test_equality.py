"""Two functions are equal or differ at a point: permuted, rescaled, changed in one last bit."""

from fractions import Fraction
from itertools import pairwise
from random import Random

import numpy as np
import pytest
import sympy as sp
from flint import fmpq

import symnet as sn
from symnet.regions.finding import find_cells
from symnet.regions.from_network import layers_of
from symnet.regions.layer_list import added, scaled
from symnet.regions.reducing import reduced

from .network_kinds import KINDS

BOX = sn.Box([-1, 1])


def network(pairs, activation=None):
    layers = []
    for W, b in pairs:
        layers += [sn.Linear(W, b), activation or sn.ReLU()]
    return sn.Sequential(*layers[:-1])


def generic(seed, sizes):
    return KINDS["generic"](np.random.default_rng(seed), sizes)


def permuted(pairs, rng):
    pairs = [(W.copy(), b.copy()) for W, b in pairs]
    for k in range(len(pairs) - 1):
        order = rng.permutation(len(pairs[k][1]))
        pairs[k] = pairs[k][0][order], pairs[k][1][order]
        pairs[k + 1] = pairs[k + 1][0][:, order], pairs[k + 1][1]
    return pairs


def rescaled(pairs, random):
    """c in every hidden neuron and 1/c after it, c rational and no power of two."""
    exact = [([[sp.Rational(v) for v in row] for row in W.tolist()], list(map(sp.Rational, b)))
             for W, b in pairs]  # fmt: skip
    for (W, b), (after, _) in pairwise(exact):
        for i in range(len(b)):
            c = sp.Rational(random.choice([3, 5, 7, 11]), random.randint(1, 9))
            W[i], b[i] = [c * v for v in W[i]], c * b[i]
            for row in after:
                row[i] /= c
    return exact


def exact_value(pairs, point):
    """The value in Fractions, without symnet."""
    h = point
    for k, (W, b) in enumerate(pairs):
        z = [sum((Fraction(w) * v for w, v in zip(row, h, strict=True)), Fraction(c))
             for row, c in zip(W.tolist(), b.tolist(), strict=True)]  # fmt: skip
        h = z if k == len(pairs) - 1 else [max(v, Fraction(0)) for v in z]
    return h


@pytest.mark.parametrize(
    ("sizes", "domain"),
    [([2, 16, 16, 1], BOX), ([2, 16, 16, 1], None), ([3, 6, 6, 2], BOX), ([1, 20, 20, 1], None)],
)
def test_permuted_and_rescaled_networks_are_equal(sizes, domain):
    pairs = generic(3, sizes)
    pw = sn.piecewise(network(pairs), domain=domain)
    same = network(permuted(pairs, np.random.default_rng(1)))
    assert pw == sn.piecewise(same, domain=domain)
    assert pw == sn.piecewise(network(rescaled(pairs, Random(2))), domain=domain)


@pytest.mark.parametrize("layer", [0, 1, 2])
@pytest.mark.parametrize("part", [0, 1])
def test_one_last_bit_makes_a_network_another_with_the_point_where(layer, part):
    pairs = generic(3, [2, 16, 16, 1])
    pw = sn.piecewise(network(pairs), domain=BOX)
    active = (pw.cells.signs > 0).any(axis=0)
    alive = {0: 0, 1: 16}.get(layer, -1)
    neuron = 0 if layer == 2 else next(i for i in range(16) if active[alive + i])
    changed = [(W.copy(), b.copy()) for W, b in permuted(pairs, np.random.default_rng(1))]
    originals = pairs[layer][part].reshape(len(pairs[layer][1]), -1)[neuron]
    # the neuron is somewhere among the permuted ones
    row = next(i for i, b in enumerate(changed[layer][1]) if b == pairs[layer][1][neuron])
    value = originals[0]
    entry = (row, list(changed[layer][0][row]).index(value)) if part == 0 else row
    changed[layer][part][entry] = np.nextafter(value, 9)
    verdict = pw.compare(sn.piecewise(network(changed), domain=BOX))
    assert verdict.verdict == "refuted"
    point = [Fraction(int(v.p), int(v.q)) for v in verdict.counterexample.values()]
    here, there = exact_value(pairs, point), exact_value(changed, point)
    assert here != there
    assert [verdict.lhs_value[0], verdict.rhs_value[0]] == [*here, *there]


def test_a_weight_of_a_dead_neuron_does_not_matter():
    """relu(x - 2) is 0 on [-1, 1]."""
    net, other = (
        sn.Sequential(sn.Linear([[1], [a]], [0, -2]), sn.ReLU(), sn.Linear([[1, 5]]))
        for a in (1, np.nextafter(1.0, 0))
    )
    assert sn.piecewise(net, domain=BOX) == sn.piecewise(other, domain=BOX)
    verdict = sn.piecewise(net).compare(sn.piecewise(other))
    assert verdict.verdict == "refuted"
    assert verdict.counterexample[sp.Symbol("x", real=True)] > 2


def test_points_where_functions_differ_are_simple():
    """|x| + |y| and max(|x|, |y|) agree on the axes; 1/2^k grids find a point off them."""
    x, y = sp.symbols("x y", real=True)
    one = sn.piecewise(abs(x) + abs(y), domain=sn.Box([0, 1], [0, 1]))
    other = sn.piecewise(sp.Max(abs(x), abs(y)), domain=sn.Box([0, 1], [0, 1]))
    verdict = one.compare(other)
    assert max(v.q for v in verdict.counterexample.values()) <= 2
    hat = sn.relu(2**-20 - abs(x - sp.Rational(1, 3)))
    verdict = sn.piecewise(hat).compare(sn.piecewise(0 * x, x))
    assert abs(verdict.counterexample[x] - sp.Rational(1, 3)) < sp.Rational(1, 2**20)
    assert verdict.counterexample[x].q <= 2**21


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("activation", [sn.ReLU(), sn.Hardtanh(), sn.LeakyReLU(sp.Rational(1, 3))])
def test_reduced_layers_are_the_same_function(kind, activation):
    """Their difference, taken apart as it is, is zero on every region."""
    pairs = KINDS[kind](np.random.default_rng(5), [2, 4, 3, 2])
    layers = layers_of(network(pairs, activation), 2)
    small = reduced(layers)
    assert all(a <= 3 * b for a, b in zip(small.widths, layers.widths, strict=False))
    difference = added([layers, scaled(small, -1)])
    cells = find_cells(difference, BOX.fitted(2).polyhedron)
    for signs in cells.signs.tolist():
        assert not any(difference.affine_on(signs).entries())
    assert reduced(difference).widths == ()


def test_neurons_that_nothing_depends_on_go():
    """relu(u) - relu(-u) is u, and a layer that feeds only such a sum is none."""
    net = sn.Sequential(
        sn.Linear([[1, 2], [-1, -2], [3, 1]]), sn.ReLU(), sn.Linear([[1, -1, 0], [2, -2, 0]]),
        sn.ReLU(), sn.Linear([[2, -1]]),
    )  # fmt: skip
    small = reduced(layers_of(net, 2))
    assert small.widths == ()
    assert small.value([fmpq(1), fmpq(3)]) == [0]
