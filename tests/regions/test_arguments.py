"""What ``piecewise`` says to those who call it otherwise than it is meant."""

import numpy as np
import pytest
import sympy as sp
from sympy.abc import a, x, y

import symnet as sn

R = sn.ReLU()
n, m = sp.symbols("n m", integer=True, positive=True)
NET = sn.Sequential(sn.Linear([[1, 0], [0, 1], [1, 1]]), R, sn.Linear([[1, 1, -1]]))
BOX = sn.Box([-1, 1])
BATCH_NORM = sn.BatchNorm([1, 1], [0, 0], [0, 0], [1, 1])

CALLS = {
    "weights that are symbols": (
        lambda: sn.piecewise(sn.Sequential(sn.Linear(2, 3), R)),
        sn.WeightError, "the weight of Linear holds the symbol W_1; regions need numbers",
    ),
    "one symbol in a weight": (
        lambda: sn.piecewise(sn.Sequential(sn.Linear([[a, 1]]), R)),
        sn.WeightError, "the weight of Linear holds the symbol a; regions need numbers",
    ),
    "a root in a weight": (
        lambda: sn.piecewise(sn.Sequential(sn.Linear([[sp.sqrt(2), 1]]), R)),
        sn.WeightError, r"holds sqrt\(2\), which is not a rational number; round it first",
    ),
    "batch norm": (
        lambda: sn.piecewise(sn.Sequential(sn.Linear([[1], [2]]), BATCH_NORM, R)),
        sn.WeightError, r"the weight of BatchNorm holds .*sqrt.*load\(path, dtype",
    ),
    "sizes that are symbols": (
        lambda: sn.piecewise(sn.Sequential(sn.Linear(n, m), R), domain=BOX),
        sn.WeightError, "takes n inputs, which is no number; linear regions need numbers for all",
    ),
    "no size at all": (
        lambda: sn.piecewise(sn.Sequential(R, sn.Abs())),
        sn.DomainError, "takes any number of inputs; give a domain, which says how many",
    ),
    "too large a domain": (
        lambda: sn.piecewise(NET, domain=sn.Box([-1, 1], [-1, 1], [-1, 1])),
        sn.DomainError, r"the network takes 2 inputs, and the domain lies in R\^3",
    ),
    "a slice of another space": (
        lambda: sn.piecewise(NET, domain=sn.Slice([0, 0, 0], [[1, 0, 0]])),
        sn.DomainError, r"the network takes 2 inputs, and the domain lies in R\^3",
    ),
    "a pair for a domain": (
        lambda: sn.piecewise(NET, domain=(-1, 1)),
        sn.DomainError, r"the domain is \(-1, 1\); write Box\(\[lo, hi\], …\)",
    ),
    "a domain in the place of variables": (
        lambda: sn.piecewise(NET, BOX),
        sn.DomainError, r"a domain is given by name: piecewise\(f, domain=…\)",
    ),
    "a number as a variable": (
        lambda: sn.piecewise(sn.relu(x), 3), sn.DomainError, "3 is no variable",
    ),
    "a variable twice": (
        lambda: sn.piecewise(sn.relu(x), x, x), sn.DomainError, "named twice: x, x",
    ),
    "a variable too few": (
        lambda: sn.piecewise(NET, x), sn.DomainError, "1 variable was named for 2 inputs",
    ),
    "a variable that is not named": (
        lambda: sn.piecewise(sn.relu(x + y), x),
        sn.WeightError, "holds y besides the variables x",
    ),
    "no variable": (
        lambda: sn.piecewise(sp.Integer(3)), sn.DomainError, r"name one: piecewise\(f, x\)",
    ),
    "a text": (
        lambda: sn.piecewise("relu(x)"), sn.WeightError, r"read it: symnet.parse\(text\)",
    ),
    "a Python function": (
        lambda: sn.piecewise(lambda t: t), sn.LayerError, r"symnet.activation\(f\)",
    ),
    "a class": (lambda: sn.piecewise(sn.ReLU), sn.LayerError, "not the class"),
    "a list of layers": (
        lambda: sn.piecewise([sn.Linear([[1]]), R]), sn.LayerError, r"Sequential\(\*layers\)",
    ),
    "an array": (lambda: sn.piecewise(np.eye(2)), sn.WeightError, "of type ndarray"),
    "no regions allowed": (
        lambda: sn.piecewise(NET, max_regions=0), ValueError, "max_regions is 0; .* from 1 on",
    ),
    "half a region allowed": (
        lambda: sn.piecewise(NET, max_regions=2.5), ValueError, "max_regions is 2.5",
    ),
    "no processes": (lambda: sn.piecewise(NET, n_jobs=0), ValueError, "n_jobs is 0; .* or -1"),
    "a bound that is no number": (
        lambda: sn.Box([float("nan"), 1]), sn.WeightError, "interval 1 is nan; it must be finite",
    ),
    "a point": (
        lambda: sn.Box([0, 0], [1, 1]), sn.DomainError, r"the single point \(0, 1\); evaluate",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CALLS)
def test_errors_say_what_was_found_and_the_way_out(name):
    call, error, message = CALLS[name]
    with pytest.raises(error, match=message):
        call()


def test_a_bound_needs_the_same():
    with pytest.raises(sn.DomainError, match="give a domain, which says how many"):
        sn.region_bound(R)
    assert sn.region_bound(sn.Sequential(R), domain=sn.Box([0, 1], [0, 1], [0, 1])) == 8
