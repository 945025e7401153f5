"""Norms over the depth, and the gradient field: what is drawn is what was computed."""

from random import Random

import pytest
import sympy as sp
from sympy import Rational as Q

import symnet as sn
from symnet.claims._evaluate import evaluate
from symnet.errors import GradientError, PictureError
from symnet.gradients import GradientNorms
from symnet.gradients._scalar_route import in_digits
from symnet.pictures import Dot, Path

u, v = sp.symbols("u v", real=True)


def network(random, activation, depth=3, width=2):
    layers = []
    for _ in range(depth):
        W = [[Q(random.randint(-8, 8), 4) for _ in range(width)] for _ in range(width)]
        layers += [sn.Linear(W, [Q(random.randint(-4, 4), 4) for _ in range(width)]), activation()]
    return sn.Sequential(*layers, sn.Linear([[1, -1]], [1]))


@pytest.mark.parametrize("activation", [sn.ReLU, sn.Tanh])
@pytest.mark.parametrize("loss", [None, sn.SquaredErrorLoss()], ids=str)
def test_norms_are_those_of_the_gradients_by_the_biases(activation, loss):
    """The derivative by b_l is that by z_l."""
    net = network(Random(1), activation)
    options = {} if loss is None else {"loss": loss, "target": [3]}
    norms = sn.gradient_norms(net, [1, -1], **options)
    names = [name for name in net.parameters if name.startswith("b")]
    assert len(norms) == len(names)
    point = in_digits({net.input: sp.ImmutableMatrix([1, -1])}, 30)
    for name, norm in zip(names, norms, strict=True):
        g = evaluate(sn.gradient(net, name, **options), point)
        assert abs(sp.N(sp.sqrt(sum(e**2 for e in g)) - norm, 25)) < 1e-20


def test_norms_of_piecewise_linear_networks_are_exact():
    double, last = sn.Linear([[2, 0], [0, 2]]), sn.Linear([[1, 1]])
    net = sn.Sequential(double, sn.ReLU(), double, sn.ReLU(), last)
    assert list(sn.gradient_norms(net, [1, 2])) == [2 * sp.sqrt(2), sp.sqrt(2), 1]
    residual = sn.Sequential(sn.Residual(double), last)
    assert list(sn.gradient_norms(residual, [1, 2])) == [sp.sqrt(2), 1]


def test_the_picture_of_norms():
    norms = sn.gradient_norms(network(Random(2), sn.Sigmoid), [1, 1])
    other = sn.gradient_norms(network(Random(2), sn.ReLU), [1, 1])
    picture = norms.plot(name="sigmoid", others={"ReLU": other}, title="Depth")
    dots = [m for m in picture.marks if isinstance(m, Dot) and m.tag == "sigmoid"]
    assert [d.at[0] for d in dots] == [1, 2, 3, 4]
    assert all(abs(10 ** float(d.at[1]) - n) < 1e-9 for d, n in zip(dots, norms, strict=True))
    assert [entry.words for entry in picture.legend] == ["sigmoid", "ReLU"]
    with pytest.raises(PictureError, match="a logarithmic scale has no 0"):
        GradientNorms((sp.S.Zero, sp.S.Zero)).plot()


def test_the_field_has_the_gradient_of_every_region():
    pw = sn.piecewise(sp.Max(2 * u, v, 0), u, v, domain=sn.Box([-1, 1], [-1, 1]))
    field = pw.gradient().plot()
    arrows = [m for m in field.marks if isinstance(m, Path) and m.arrow]
    dots = [m for m in field.marks if isinstance(m, Dot)]
    assert {m.tag for m in arrows} == {"gradient (2, 0)", "gradient (0, 1)"}
    assert {m.tag for m in dots} == {"gradient (0, 0)"}
    for arrow in arrows:
        (a, b), (c, d) = arrow.places
        middle = [Q(str((a + c) / 2)), Q(str((b + d) / 2))]
        gradient = pw.gradient()(middle)
        across = sp.Matrix([c - a, d - b])
        assert abs(across[0] * gradient[1] - across[1] * gradient[0]) < 1e-12
        assert across.dot(gradient) > 0


def test_messages():
    with pytest.raises(PictureError, match="that of two variables, and the function has 1"):
        sn.piecewise(sp.Abs(u)).gradient().plot()
    with pytest.raises(GradientError, match=r"numbers for all weights and the target; open: W_1"):
        sn.gradient_norms(sn.Sequential(sn.Linear(2, 1)), [1, 2])
    with pytest.raises(GradientError, match="several outputs; give a loss"):
        sn.gradient_norms(sn.Linear([[1], [2]]), [1])
