"""simplify gives the same function, in simplest form."""

from itertools import pairwise

import numpy as np
import pytest
import sympy as sp
from flint import fmpq, fmpq_mat

import symnet as sn

sizes = sp.symbols("n_0:101", integer=True, positive=True)
n, m = sp.symbols("n m", integer=True, positive=True)


def stack(depth, **options):
    return sn.Sequential(*(sn.Linear(a, b, **options) for a, b in pairwise(sizes[: depth + 1])))


@pytest.mark.parametrize("depth", [2, 3, 5, 12])
def test_linear_layers_collapse_to_what_sympy_expands_to(depth):
    net = stack(depth)
    layer = sn.simplify(net)
    assert isinstance(layer, sn.Linear)
    x = net.input
    assert layer(x) == sp.expand(net(x))
    assert net.simplify() == sp.simplify(net) == layer


def test_fifty_layers_collapse_to_the_product_and_the_sum_of_products():
    net = stack(50)
    layer = sn.simplify(net)
    weights = [net.parameters[f"W_{k}"] for k in range(50, 0, -1)]
    assert sp.MatMul(*weights) == layer.W
    terms = [
        sp.MatMul(*weights[: 50 - k], net.parameters[f"b_{k}"])
        if k < 50
        else net.parameters["b_50"]
        for k in range(1, 51)
    ]
    assert layer.b == sp.MatAdd(*terms).doit(deep=False)


def test_collapse_in_parts_is_collapse_of_the_whole():
    net = stack(6)
    assert sn.simplify(sn.Sequential(sn.simplify(net[:3]), sn.simplify(net[3:]))) == sn.simplify(
        net
    )


def test_real_float64_weights_collapse_exactly():
    rng = np.random.default_rng(0)
    shapes = [(30, 40), (20, 30), (5, 20)]
    weights = [(rng.normal(size=s), rng.normal(size=s[0])) for s in shapes]
    W, B = sn.Sequential(*(sn.Linear(w, b) for w, b in weights)).affine_map()

    def rational(array):
        rows = np.atleast_2d(array)
        return fmpq_mat(*rows.shape, [fmpq(*float(v).as_integer_ratio()) for v in rows.ravel()])

    (w1, b1), (w2, b2), (w3, b3) = ((rational(w), rational(b[:, None])) for w, b in weights)
    expected_W, expected_B = w3 * w2 * w1, w3 * w2 * b1 + w3 * b2 + b3
    for got, expected in ((W, expected_W), (B, expected_B)):
        assert [(int(e.p), int(e.q)) for e in got] == [
            (int(e.p), int(e.q)) for e in expected.entries()
        ]


def test_a_non_linearity_at_the_output_only_leaves_one_hidden_layer():
    net = sn.Sequential(*stack(3), sn.Sigmoid())
    W_1, b_1, W_2, b_2, W_3, b_3 = net.parameters.values()
    linear = sn.Linear(W_3 * W_2 * W_1, W_3 * W_2 * b_1 + W_3 * b_2 + b_3)
    assert sn.simplify(net) == sn.Sequential(linear, sn.Sigmoid())


def test_nothing_collapses_across_a_relu():
    net = sn.Sequential(sn.Linear(3, 4), sn.ReLU(), sn.Linear(4, 2))
    assert sn.simplify(net) == net
    longer = sn.Sequential(*net[:2], sn.Linear(4, 4), sn.Linear(4, 2))
    assert len(sn.simplify(longer)) == 3


def test_a_result_can_be_used_inside_another_network():
    inner = sn.Sequential(sn.Linear(n, n), sn.Linear(n, n))
    net = sn.Sequential(
        sn.Residual(inner), sn.ReLU(), sn.Sequential(sn.Linear(n, m), sn.Linear(m, 1))
    )
    simple = sn.simplify(net)
    assert [type(layer).__name__ for layer in simple] == ["Linear", "ReLU", "Linear"]
    assert sn.prove(net, simple)


def test_expressions_are_simplified_also_inside_a_sum():
    net = sn.Sequential(sn.Linear(n, m), sn.Linear(m, n))
    x = net.input
    y = sp.MatrixSymbol("y", n, 1)
    assert sn.simplify(net(x) + y) == sn.simplify(net)(x) + y
    other = sn.Linear(sp.MatrixSymbol("V", n, n))
    W_1, b_1, W_2, b_2 = net.parameters.values()
    V = other.W
    assert sn.simplify(net(x) + other(x)) == (W_2 * W_1 + V) * x + W_2 * b_1 + b_2


def test_scalar_activations_are_simplified_where_they_stand():
    t = sp.Symbol("t", real=True)
    assert sn.simplify(sn.relu(sn.relu(t)) + 1) == sn.relu(t) + 1
    assert sn.simplify(sp.sin(sn.relu(sn.sigmoid(t)))) == sp.sin(sn.sigmoid(t))
    assert sn.simplify(sn.sigmoid(sn.relu(t))) == sn.sigmoid(sn.relu(t))


def test_simplify_leaves_poles_alone():
    t = sp.Symbol("t", real=True)
    assert sn.simplify((t**2 - 1) / (t - 1)) == (t**2 - 1) / (t - 1)


def test_affine_and_linear_have_three_answers():
    assert stack(2).is_affine is True
    assert stack(2).is_linear is False
    assert stack(2, bias=False).is_linear is True
    relu = sn.Sequential(sn.Linear(2, 2), sn.ReLU(), sn.Linear(2, 1))
    assert relu.is_affine is False
    witness = relu.affine_witness()
    concrete = relu.xreplace(dict(witness.weights))
    p, q = witness.points
    assert (
        concrete((p + q) / 2)
        == witness.value
        != witness.expected
        == (concrete(p) + concrete(q)) / 2
    )
    with pytest.raises(sn.NotAffineError, match="midpoint") as caught:
        relu.affine_map()
    assert caught.value.witness == witness
    # affine, since |t| + 1 > 0, but no rule of symnet knows that relu does nothing here
    assert sn.Sequential(sn.Linear([[0]], [1]), sn.ReLU()).is_affine in (True, None)


def test_smooth_networks_are_shown_not_to_be_affine():
    assert sn.Sequential(sn.Linear([[1]]), sn.Sigmoid()).is_affine is False
    assert sn.Sequential(sn.Linear(n, n), sn.Tanh(), sn.Linear(n, 1)).is_linear is False


def test_what_is_not_a_network_is_refused():
    with pytest.raises(sn.LayerError, match="simplify takes a network or an expression"):
        sn.simplify("Linear(1, 2)")
