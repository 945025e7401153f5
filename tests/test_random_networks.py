"""Random networks: what simplify, derive and affine_map say has the values of the network."""

from random import Random

import pytest
import sympy as sp

import symnet as sn

ACTIVATIONS = [sn.ReLU, sn.Abs, sn.Identity, sn.ReLU6, sn.Hardtanh, sn.Step, sn.Sign]


def matrix(random, rows, cols):
    """Often with the structure that rules look for: zero, one, a permutation, a scaling."""
    kind = random.randrange(6)
    if kind == 0:
        return [[int(i == j) for j in range(cols)] for i in range(rows)]
    if kind == 1:
        return [[0] * cols for _ in range(rows)]
    if kind == 2:
        return [[int((i + 1) % max(rows, cols) == j) for j in range(cols)] for i in range(rows)]
    scale = random.choice([1, 1, 2, sp.Rational(1, 2), -1])
    return [[scale * random.randint(-2, 2) for _ in range(cols)] for _ in range(rows)]


def layer(random, size, depth):
    """A random layer or branch for so many inputs, and its number of outputs."""
    kind = random.randrange(8 if depth else 5)
    if kind <= 1:
        outputs = random.randint(1, 3)
        bias = [random.randint(-1, 1) for _ in range(outputs)] if random.random() < 0.6 else None
        return sn.Linear(matrix(random, outputs, size), bias), outputs
    if kind == 2:
        slope = random.choice([0, 1, sp.Rational(1, 3)])
        return random.choice([sn.LeakyReLU(slope), sn.PReLU(slope), sn.Dropout(0.5)]), size
    if kind == 3:
        columns = [[random.randint(-2, 2) for _ in range(size)] for _ in range(3)]
        return sn.BatchNorm(*columns, [random.choice([0, 3]) for _ in range(size)], eps=1), size
    if kind == 4:
        return random.choice([*ACTIVATIONS, sn.Max])(), None
    if kind == 5:
        inner = network(random, 2, depth - 1, outputs=size)
        return sn.Residual(sn.Sequential(sn.Linear(matrix(random, 2, size)), inner)), size
    parts = [network(random, size, depth - 1, outputs=2) for _ in range(2)]
    return (sn.Sum(*parts), 2) if kind == 6 else (sn.Concat(*parts), 4)


def network(random, size, depth, outputs=None):
    layers = []
    for _ in range(random.randint(1, 4)):
        chosen, after = layer(random, size, depth)
        size = after if after is not None else (1 if isinstance(chosen, sn.Max) else size)
        layers.append(chosen)
    if outputs is not None:
        layers.append(sn.Linear(matrix(random, outputs, size)))
    return sn.Sequential(*layers)


@pytest.mark.parametrize("seed", range(250))
def test_the_simplest_form_has_the_same_values(seed):
    random = Random(seed)
    size = random.randint(1, 3)
    net = network(random, size, depth=2)
    simple = sn.simplify(net)
    assert simple.in_features in (net.in_features, size)
    assert sn.simplify(simple) == simple
    for _ in range(6):
        x = [sp.Rational(random.randint(-9, 9), random.randint(1, 3)) for _ in range(size)]
        assert simple(x) == net(x)
        if simple.is_affine:
            W, B = simple.affine_map() if simple.in_features is not None else (None, None)
            assert W is None or W * sp.Matrix(x) + B == net(x)


@pytest.mark.parametrize("seed", range(40))
def test_derivations_of_random_networks_are_proved(seed):
    random = Random(seed)
    net = network(random, random.randint(1, 3), depth=1)
    if net.in_features is not None:
        verdict = sn.derive(net).check()
        assert verdict.verdict != "refuted", str(verdict)


def test_ones_on_the_diagonal_are_not_always_the_identity():
    tall = sn.Linear([[1], [0]])
    assert sn.simplify(tall) == tall
    assert sn.simplify(sn.Sequential(sn.ReLU(), tall))([2]) == sp.Matrix([2, 0])
    assert sn.Linear([[1, 0]]).affine_map()[0] == sp.Matrix([[1, 0]])
    assert sn.Sequential(tall, sn.Linear(2, 3)).affine_map()[0].shape == (3, 1)
