"""A function of one variable becomes a network, and the network is the function."""

from random import Random

import pytest
import sympy as sp
from flint import fmpz_mat
from sympy import Rational as Q

import symnet as sn
from symnet.exact.affine import AffineMap
from symnet.regions import building_line
from symnet.regions.layer_list import LayerList

x, y = sp.symbols("x y", real=True)
TENT = sn.Sequential(sn.Linear([[2], [4]], [0, -2]), sn.ReLU(), sn.Linear([[1, -1]]))


def neurons(net):
    return int(net[0].out_features) if len(net) > 1 else 0


@pytest.mark.parametrize(
    ("function", "count"),
    [
        (sn.relu(x), 1),
        (abs(x), 2),
        (3 * x - Q(1, 2), 0),
        (sp.Integer(2) + 0 * x, 0),
        (sn.hardtanh(x), 2),
        (sp.Piecewise((x, x < 1), (2 - x, x < 3), (-1, True)), 3),
        (sn.relu(x) - 2 * sn.relu(x - 1) + sn.relu(x - 2), 3),
    ],
)
def test_functions_on_the_line(function, count):
    pw = sn.piecewise(function, x)
    net = sn.from_piecewise(pw)
    assert neurons(net) == count
    assert sn.piecewise(net) == pw


@pytest.mark.parametrize("k", [1, 2, 3, 5, 7])
def test_a_deep_tent_needs_exponentially_many_neurons_in_one_layer(k):
    """2^k - 1 kinks in [0, 1] need as many neurons, one more for the slope at the left end."""
    pw = sn.piecewise(sn.Sequential(*[TENT] * k), domain=sn.Box([0, 1]))
    net = sn.from_piecewise(pw)
    assert neurons(net) == 2**k
    assert sn.piecewise(net, domain=sn.Box([0, 1])) == pw


def tents(k):
    return sn.piecewise(sn.Sequential(*[TENT] * k), domain=sn.Box([0, 1]))


@pytest.mark.parametrize("k", range(2, 13))
def test_tents_have_as_many_pieces_as_neurons_when_flat(k):
    """The k-fold tent is the distance of 2^(k-1) x to the even integers: 2^k pieces."""
    pw = tents(k)
    assert len(pw.pieces) == 2**k
    for x in (Q(1, 3), Q(5, 7), Q(2**k - 1, 2**k), Q(1, 2 ** (k + 1))):
        rest = (2**k * x) % 2
        assert pw(x)[0] == min(rest, 2 - rest)


def test_a_tent_of_4096_pieces_in_one_layer():
    pw = tents(12)
    net = sn.from_piecewise(pw)
    assert neurons(net) == 2**12
    at = [Q(k, 3 * 2**12) for k in (1, 5000, 3 * 2**12 - 1)]
    for x in at:
        assert net(x) == pw(x)


def test_the_check_of_a_flat_network_sees_one_weight():
    """A changed bias or output weight of any neuron is noticed, and so is a missing neuron."""
    pw = tents(3)
    points, values = building_line._graph(pw)
    layers = building_line._built(points, values)
    known = dict(zip(points, values, strict=True))
    assert building_line._equals(layers, pw, dict(known))
    for which in (0, 1):
        matrix, denominator = layers.maps[which].integers()
        for i in range(matrix.nrows()):
            for j in range(matrix.ncols()):
                changed = fmpz_mat(matrix)
                changed[i, j] = 3 * changed[i, j] + 1
                maps = list(layers.maps)
                maps[which] = AffineMap.from_integers(changed, denominator)
                other = LayerList(tuple(maps), layers.functions)
                assert not building_line._equals(other, pw, dict(known))


@pytest.mark.parametrize("seed", range(5))
def test_random_functions_with_several_outputs(seed):
    random = Random(seed)

    def entries(rows, cols):
        return [[Q(random.randint(-5, 5), 3) for _ in range(cols)] for _ in range(rows)]

    net = sn.Sequential(
        sn.Linear(entries(4, 1), entries(4, 1)), sn.ReLU(), sn.Linear(entries(3, 4)), sn.Abs(),
        sn.Linear(entries(2, 3)),
    )  # fmt: skip
    for domain in (None, sn.Box([-1, 1]), sn.Box([0, sp.oo])):
        pw = sn.piecewise(net, domain=domain)
        flat = sn.from_piecewise(pw)
        assert flat.out_features == 2
        assert sn.piecewise(flat, domain=pw.domain) == pw
