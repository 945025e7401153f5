"""A function of one variable becomes a network, and the network is the function."""

from random import Random

import pytest
import sympy as sp
from sympy import Rational as Q

import symnet as sn

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


def test_several_variables_are_refused():
    with pytest.raises(sn.DomainError, match="2 variables"):
        sn.from_piecewise(sp.Max(x, y))
