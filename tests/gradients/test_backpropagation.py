"""The derivation of the backward pass: its lines, and that a wrong line is found."""

import re
from dataclasses import replace

import pytest
import sympy as sp

import symnet as sn
from symnet.activations import every_layer as every_activation
from symnet.errors import DerivationError, GradientError, RefutedError
from symnet.gradients._backpropagation import Backpropagation
from symnet.gradients._board import PartialDerivative
from symnet.losses import every_loss
from symnet.render import formats, render
from symnet.verdict import Refuted

n = sp.symbols("n_0:8", integer=True, positive=True)
NET = sn.Sequential(sn.Linear(n[0], n[1]), sn.ReLU(), sn.Linear(n[1], n[2]))


def stack(depth, activation=sn.Tanh):
    layers = [a for k in range(depth) for a in (sn.Linear(n[k], n[k + 1]), activation())]
    return sn.Sequential(*layers[:-1])


def lines(derivation):
    """Every chain as text: what stands left, then the lines."""
    return [
        [str(chain.name or chain.start), *(str(step.after) for step in chain)]
        for chain in derivation
    ]


# --- what stands on the board


def test_two_layers_as_taught():
    d = sn.derive(NET, loss=sn.SquaredErrorLoss())
    forward = [f"{a.symbol} = {a.value}" for a in d.meaning.assignments]
    assert forward == ["z_1 = W_1*x + b_1", "a_1 = relu(z_1)", "z_2 = W_2*a_1 + b_2"]
    assert lines(d) == [
        ["delta_2", "-y + z_2"],
        ["dL/dW_2", "delta_2*a_1.T"],
        ["dL/db_2", "delta_2"],
        [
            "delta_1",
            "da_1/dz_1.T*dz_2/da_1.T*delta_2",
            "DiagMatrix(relu'(z_1))*W_2.T*delta_2",
            "HadamardProduct(relu'(z_1), W_2.T*delta_2)",
        ],
        ["dL/dW_1", "delta_1*x.T"],
        ["dL/db_1", "delta_1"],
    ]
    rules = [step.rule.name for step in d[3]]
    assert rules == ["chain rule", "Jacobians of the layers", "entrywise"]
    assert list(d.gradients) == ["W_2", "b_2", "W_1", "b_1"]
    assert bool(d.check())
    assert "relu'(0) = 0" in str(d)


def test_softmax_with_cross_entropy_step_by_step():
    net = sn.Sequential(*NET, sn.Softmax())
    d = sn.derive(net, gradient="b_2", loss=sn.CategoricalCrossEntropyLoss())
    assert lines(d)[0] == [
        "delta_2",
        "dp/dz_2.T*dL/dp",
        "-(DiagMatrix(p) - p*p.T)*(HadamardProduct(y, HadamardPower(p, -1)))",
        "p*1*y - y",
        "p - y",
    ]
    assert bool(d.check())
    # the same from logits
    assert lines(sn.derive(NET, gradient="b_2", loss=sn.CrossEntropyLoss())) == lines(d)


def test_the_jacobian_is_a_product_of_masked_weights():
    d = sn.derive(stack(3, sn.ReLU), gradient="x")
    assert lines(d)[0][1:] == [
        "dz_3/da_2*da_2/dz_2*dz_2/da_1*da_1/dz_1*dz_1/dx",
        "W_3*DiagMatrix(relu'(z_2))*W_2*DiagMatrix(relu'(z_1))*W_1",
        "W_3*D_2*W_2*D_1*W_1",
    ]
    assert bool(d.check())


@pytest.mark.parametrize("depth", range(1, 7))
def test_one_step_for_every_layer(depth):
    d = sn.derive(stack(depth), loss=sn.MSELoss())
    assert len(d) == 3 * depth
    assert bool(d.check())
    for k in range(1, depth):
        chain = next(c for c in d if str(c.name) == f"delta_{k}")
        above = sp.MatrixSymbol(f"delta_{k + 1}", n[k + 1], 1)
        W = sp.MatrixSymbol(f"W_{k + 1}", n[k + 1], n[k])
        slope, pulled = chain.end.args
        assert pulled == sp.MatMul(sp.Transpose(W), above)
        assert str(slope) == f"tanh'(z_{k})"
    text = str(d)
    # the step for any layer is stated where there are some, and long networks show the ends
    assert ("delta_l = tanh'(z_l) .* (W_(l+1)^T delta_(l+1))" in text) is (depth >= 3)
    assert ("delta_3\n" in text) is (depth in (3, 4))


# --- that it is right


@pytest.mark.parametrize("kind", every_loss(), ids=lambda k: k.__name__)
@pytest.mark.parametrize("batch", [None, "columns", "rows"])
def test_every_loss_and_every_layout_is_proved(kind, batch):
    net = sn.Sequential(sn.Linear(n[0], n[1]), sn.Tanh(), sn.Linear(n[1], n[2]))
    if kind.link is not None:
        net = sn.Sequential(*net, kind.link())
    verdict = sn.derive(net, loss=kind(), batch=batch).check()
    assert verdict, str(verdict)
    assert verdict.method.startswith("adjoint identity")


@pytest.mark.parametrize("layer", every_activation(), ids=lambda a: a.__name__)
def test_every_activation_is_proved(layer):
    given = [sp.Rational(1, 3)] * (len(layer.function.parameters) - len(layer.defaults))
    net = sn.Sequential(sn.Linear(n[0], n[1]), layer(*given), sn.Linear(n[1], 1))
    assert sn.derive(net, gradient=["x", "W_1"]).check()


@pytest.mark.parametrize(
    "net",
    [
        sn.Sequential(sn.Linear(n[0], n[1]), sn.Residual(sn.Linear(n[1], n[1])), sn.ReLU()),
        sn.Sequential(sn.Concat(sn.Linear(n[0], 2), sn.Tanh()), sn.Linear(n[0] + 2, 3)),
        sn.Sequential(sn.Sum(sn.Linear(n[0], 2), sn.Linear(n[0], 2)), sn.Sigmoid()),
        sn.Sequential(sn.Linear(n[0], n[1]), sn.BatchNorm(n[1]), sn.ReLU(), sn.Linear(n[1], 2)),
        sn.Sequential(sn.Linear(n[0], n[1]), sn.LayerNorm(n[1]), sn.Linear(n[1], 2)),
        sn.Sequential(sn.Linear(n[0], n[1]), sn.Softmax(), sn.Linear(n[1], 2)),
        sn.Sequential(sn.Linear([[1, 2], [3, 4]], [1, -1]), sn.ReLU(), sn.Linear([[1, -2]])),
    ],
    ids=lambda net: str(net)[:50],
)
def test_branches_norms_and_numbers_are_proved(net):
    assert sn.derive(net, loss=sn.SquaredErrorLoss()).check()
    if net.out_features != 1:
        assert sn.derive(net, gradient="x").check()


def test_a_weight_in_two_places_has_the_sum():
    W = sp.MatrixSymbol("W", n[0], n[0])
    net = sn.Sequential(sn.Linear(W), sn.Tanh(), sn.Linear(W))
    d = sn.derive(net, gradient="W", loss=sn.SquaredErrorLoss())
    assert d[-1].end == sp.MatAdd(*d[-1].end.args)
    assert len(d[-1].end.args) == 2
    assert d.check()


#: Lines that popular code gets wrong: (chain, line, wrong expression).
delta_2, W_2 = sp.MatrixSymbol("delta_2", n[2], 1), sp.MatrixSymbol("W_2", n[2], n[1])
x, z_1 = sp.MatrixSymbol("x", n[0], 1), sp.MatrixSymbol("z_1", n[1], 1)
delta_1 = sp.MatrixSymbol("delta_1", n[1], 1)
WRONG = {
    "slope forgotten": (3, sp.MatMul(sp.Transpose(W_2), delta_2)),
    "activation for its slope": (3, sp.HadamardProduct(sn.ReLU()(z_1), W_2.T * delta_2)),
    "sign": (4, sp.MatMul(-1, delta_1, sp.Transpose(x))),
    "factor two": (0, sp.MatMul(2, sp.MatrixSymbol("z_2", n[2], 1))),
    "bias times input": (5, sp.MatMul(delta_1, sp.Transpose(x), x)),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_line_is_refuted_at_a_point(name):
    place, wrong = WRONG[name]
    d = sn.derive(NET, loss=sn.SquaredErrorLoss())
    chain = d[place]
    steps = (*chain.steps[:-1], replace(chain.steps[-1], after=wrong))
    broken = replace(d, chains=(*d.chains[:place], replace(chain, steps=steps)))
    verdict = broken.check()
    assert isinstance(verdict, Refuted)
    assert verdict.detail.startswith(f"{chain.start} = ")
    assert verdict.lhs_value != verdict.rhs_value
    assert verdict.counterexample
    sn.assert_derivation(d)
    with pytest.raises(RefutedError, match="the backward pass is false"):
        sn.assert_derivation(broken)


# --- showing


def test_in_every_format_and_notation():
    d = sn.derive(sn.Sequential(*NET, sn.Softmax()), loss=sn.CategoricalCrossEntropyLoss())
    for kind in formats():
        if kind.name == "pdf":
            continue
        for notation in ("columns", "rows", "omega", "brackets"):
            assert str(render(d.document(), kind.name, notation=notation)).strip()
    assert r"\frac{\partial L}{\partial z_{2}}" in d.latex()
    assert r"- (\operatorname{diag}(p) - p p^{\top}) (y \oslash p)" in d.latex()
    assert d._repr_html_().startswith("<div>")


def test_rows_turn_round():
    text = render(sn.derive(NET, gradient="W_1", loss=sn.MSELoss()).document(), "text",
                  notation="rows")  # fmt: skip
    assert "z_1 = X W_1 + b_1" in text
    assert "dL/dW_1 = X^T delta_1" in text


@pytest.mark.parametrize("notation", ["columns", "rows", "brackets", "omega"])
@pytest.mark.parametrize("batch", [None, "columns", "rows"])
def test_the_recursion_for_every_layer_is_that_of_each_layer(notation, batch):
    """With 2 for l it is what stands for layer 2 of four, in the numbering of every notation."""
    d = sn.derive(stack(4), gradient=["W_2", "b_2"], loss=sn.MSELoss(), batch=batch)
    before, general = d.latex(notation=notation).split("In general")
    numbered = re.sub(r"(?<=[{\[])l([+-]1)?(?=[]}])", lambda m: str(2 + int(m[1] or 0)), general)
    chains = numbered.split(r"\begin{align*}")[1].split(r"\end{align*}")[0].split(r"\\")
    assert len(chains) == 3
    for chain in chains:
        name, value = chain.strip().split(" &= ")
        assert f"  {name} &=" in before
        assert f"&= {value} &&" in before


def test_what_is_known_has_its_name():
    """P for the probabilities in rows, 1 for the derivative of f by the last bias."""
    classifier = sn.Sequential(*NET, sn.Softmax())
    rows = sn.derive(classifier, loss=sn.CategoricalCrossEntropyLoss(), batch="rows")
    assert not any(step.after.atoms(sn.base.Apply) for step in rows[0])
    assert rows.check()
    one = sn.derive(sn.Sequential(sn.Linear(n[0], 1)), gradient="all")
    assert "df/db_1 = 1 " in str(one)
    assert one.check()


def test_numbers_are_named_as_symbols_are():
    """W_2 for the second linear layer, wherever it stands."""
    first = sn.Linear([[1, 2], [3, 4]], [1, -1])
    net = sn.Sequential(first, sn.ReLU(), sn.BatchNorm(2), sn.Linear([[1, -1]], [2]))
    assert set(sn.gradient(net, "all")) == {
        "W_1", "b_1", "gamma_1", "beta_1", "W_2", "b_2"}  # fmt: skip
    assert set(sn.gradient(sn.Sequential(first, sn.Linear(2, 1)), "all")) == {
        "W_1", "b_1", "W_2", "b_2"}  # fmt: skip


def test_the_kinks_of_the_loss_are_said():
    said = str(sn.derive(NET, loss=sn.HingeLoss()))
    assert " ".join(said.split()).endswith("relu'(0) = 0, the derivative of max(0, t) at 0 is 0.")
    assert "At kinks" not in str(sn.derive(stack(2), loss=sn.MSELoss()))


def test_the_shape_of_a_name():
    L = sp.Symbol("L")
    assert PartialDerivative(L, W_2).shape == (n[2], n[1])
    assert PartialDerivative(z_1, x).shape == (n[1], n[0])
    assert str(PartialDerivative(z_1, x)) == "dz_1/dx"


# --- messages


def test_messages():
    with pytest.raises(GradientError, match="n_2 outputs; derive its Jacobian by the input"):
        sn.derive(NET, gradient="W_1")
    with pytest.raises(DerivationError, match="leave out `to`"):
        sn.derive(NET, NET, gradient="x")
    with pytest.raises(DerivationError, match="target belongs to a backward pass"):
        sn.derive(NET, target=[1])
    assert isinstance(sn.derive(NET, loss=sn.MSELoss()), Backpropagation)
