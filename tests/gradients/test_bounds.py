"""Bounds on slopes and Jacobians, and neurons that are dead on a domain."""

from random import Random

import numpy as np
import pytest
import sympy as sp
from sympy import Rational as Q

import symnet as sn
from symnet.activations import every_layer as every_activation
from symnet.claims._evaluate import evaluate
from symnet.errors import GradientError
from symnet.gradients._bounds import is_nonnegative_in_exponentials, slope_bound
from symnet.gradients._scalar_route import in_digits

from .reference import point_for, seeded

n = sp.symbols("n_0:5", integer=True, positive=True)
t = sp.Symbol("t", real=True)

PROVED = {"Sigmoid": Q(1, 4), "Tanh": 1, "ReLU": 1, "Softplus": 1, "LogSigmoid": 1, "Hardtanh": 1,
          "Hardsigmoid": Q(1, 6), "Abs": 1, "ReLU6": 1, "Identity": 1}  # fmt: skip


@pytest.mark.parametrize("name", PROVED)
def test_slopes_that_lecture_notes_need_are_proved(name):
    bound = slope_bound(getattr(sn, name)())
    assert bound.value == PROVED[name]
    assert bound.verdict


@pytest.mark.parametrize("layer", every_activation(), ids=lambda a: a.__name__)
def test_no_slope_is_greater_than_its_bound(layer):
    activation = layer(*[Q(1, 3)] * (len(layer.function.parameters) - len(layer.defaults)))
    try:
        bound = slope_bound(activation)
    except GradientError:
        assert activation.lipschitz in (None, sp.oo)
        return
    for k in range(-30, 31):
        slope = activation.function.slope(Q(k, 4), *activation.values)
        assert abs(sp.N(slope, 30)) <= sp.N(bound.value, 30) + Q(1, 10**25)


@pytest.mark.parametrize(
    ("f", "holds"),
    [
        (Q(1, 4) - sn.sigmoid(t).diff(t), True),
        (Q(249, 1000) - sn.sigmoid(t).diff(t), False),
        (1 - sp.tanh(t) ** 2, True),
        (sp.tanh(t), False),
        (sp.exp(t) - 1 - t, False),  # true, and no rational function of exp(t)
        (sp.exp(2 * t) - 2 * sp.exp(t) + 1, True),
        (sp.exp(2 * t) - 2 * sp.exp(t) + Q(99, 100), False),
        (sp.exp(-t), True),
        (-sp.exp(-t), False),
    ],
    ids=str,
)
def test_signs_of_rational_functions_of_exponentials(f, holds):
    assert is_nonnegative_in_exponentials(f, t) is holds


def test_sigmoids_vanish_like_powers_of_four():
    for depth in range(1, 5):
        layers = [a for k in range(depth) for a in (sn.Linear(n[k], n[k + 1]), sn.Sigmoid())]
        bound = sn.gradient_bound(sn.Sequential(*layers))
        weights = [sn.norm(sp.MatrixSymbol(f"W_{k + 1}", n[k + 1], n[k])) for k in range(depth)]
        assert bound.value == sp.Mul(*weights) / 4**depth
        assert bound.is_proved
        assert "|sigmoid'| <= 1/4: proved" in str(bound)


@pytest.mark.parametrize("layer", [sn.ReLU, sn.Tanh, sn.Sigmoid, sn.SiLU])
def test_the_jacobian_keeps_the_bound(layer):
    net = sn.Sequential(
        sn.Linear(n[0], n[1]), layer(), sn.Residual(sn.Linear(n[1], n[1])), sn.Linear(n[1], n[2]),
        sn.Softmax(),
    )  # fmt: skip
    bound, J = sn.gradient_bound(net), sn.jacobian(net)
    for seed in range(3):
        exact = point_for(seeded("bound", layer.__name__, seed), J, bound.value)
        point = in_digits(exact, 30)
        greatest = np.linalg.norm(np.array(evaluate(J, point).tolist(), float), 2)
        assert greatest <= float(evaluate(bound.value, point)) * (1 + 1e-9)


def test_what_has_no_bound():
    with pytest.raises(GradientError, match="no bound is known for the Jacobian of LayerNorm"):
        sn.gradient_bound(sn.Sequential(sn.LayerNorm(3)))
    with pytest.raises(GradientError, match="the slope of Step"):
        sn.gradient_bound(sn.Sequential(sn.Step()))


def test_dead_neurons_have_no_gradient():
    net = sn.Sequential(
        sn.Linear([[1, 1], [-1, 0], [2, -1]], [0, -3, -3]), sn.ReLU(),
        sn.Linear([[1, 1, 1], [-1, -2, -1]], [0, 1]), sn.ReLU(), sn.Linear([[1, 1]], [-9]),
    )  # fmt: skip
    box = sn.Box([-1, 1])
    dead = sn.dead_neurons(net, box)
    assert [(d.layer, d.neuron, d.maximum) for d in dead] == [(1, 1, -2), (1, 2, 0)]
    gradients = sn.gradient(net, ["W_1", "b_1"], loss=sn.SquaredErrorLoss(), target=[5])
    random = Random(0)
    lively = False
    for _ in range(20):
        x = sp.ImmutableMatrix([Q(random.randint(-8, 8), 8) for _ in range(2)])
        for g in gradients.values():
            value = evaluate(g, {net.input: x})
            assert value[1:, :] == sp.zeros(2, value.cols)
            lively = lively or value[0, :] != sp.zeros(1, value.cols)
    assert lively
    assert sn.dead_neurons(net, sn.Box([-4, 4])) == ()
