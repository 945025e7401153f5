"""Derivations: every step true, every wrong step found and named."""

import dataclasses
from itertools import pairwise

import pytest
import sympy as sp

import symnet as sn

sizes = sp.symbols("n_0:101", integer=True, positive=True)
n, m = sp.symbols("n m", integer=True, positive=True)


def stack(depth, **options):
    return sn.Sequential(*(sn.Linear(a, b, **options) for a, b in pairwise(sizes[: depth + 1])))


NETWORKS = [
    stack(2),
    stack(3),
    stack(4, bias=False),
    stack(7),
    sn.Sequential(*stack(3), sn.Sigmoid()),
    sn.Sequential(sn.Linear(n, m), sn.Linear(m, m), sn.ReLU(), sn.Linear(m, m), sn.Linear(m, 1)),
    sn.Sequential(sn.Linear(n, m), sn.BatchNorm(m), sn.Dropout(sp.Rational(1, 2)), sn.Linear(m, 1)),
    sn.Sequential(sn.Residual(sn.Linear(n, n)), sn.ReLU(), sn.ReLU(), sn.Linear(n, m)),
    sn.Sequential(sn.LeakyReLU(1), sn.Linear(n, m)),
    sn.Sequential(sn.Sum(sn.Linear(n, m), sn.Linear(n, m)), sn.Linear(m, 1)),
    sn.Sequential(sn.Concat(sn.Linear(n, m), sn.Linear(n, m)), sn.Linear(2 * m, 1)),
    sn.Sequential(sn.Linear([[1, 2], [3, 4]], [5, 6]), sn.Linear([[1, -1]], [sp.Rational(1, 2)])),
]


@pytest.mark.parametrize("net", NETWORKS, ids=str)
def test_every_step_is_true_and_does_something(net):
    d = sn.derive(net)
    assert d.start == net(net.input)
    for step, following in zip(d, [*d.steps[1:], None], strict=True):
        assert step.before != step.after
        assert step.reason
        assert step.rule is not None
        assert following is None or following.before == step.after
    lines = [d.start, *(step.after for step in d)]
    assert len(set(lines)) == len(lines)
    verdict = d.check()
    assert verdict, str(verdict)
    assert verdict.verdict == "proved"


@pytest.mark.parametrize("net", NETWORKS, ids=str)
def test_the_chain_ends_in_the_simplest_form(net):
    d = sn.derive(net)
    end = d.end
    while d.definitions and end.has(*d.definitions):
        end = end.xreplace(d.definitions)
    assert sn.prove(end, sn.simplify(net)(net.input))


def test_two_layers_come_out_as_on_the_board():
    net = stack(2)
    W_1, b_1, W_2, b_2 = net.parameters.values()
    x = net.input
    W, B = sp.MatrixSymbol("W", *(W_2 * W_1).shape), sp.MatrixSymbol("B", *b_2.shape)
    d = sn.derive(net)
    # SymPy's + sorts the terms; a derivation keeps them in the order of the board
    assert [step.after.doit(deep=False) for step in d] == [
        W_2 * W_1 * x + W_2 * b_1 + b_2,
        sp.MatAdd(sp.MatMul(sp.MatMul(W_2, W_1), x), sp.MatAdd(sp.MatMul(W_2, b_1), b_2)).doit(
            deep=False
        ),
        W * x + B,
    ]
    assert d.definitions[W] == W_2 * W_1
    assert d.definitions[B].doit() == W_2 * b_1 + b_2


@pytest.mark.parametrize("depth", [5, 50, 100])
def test_long_stacks_stay_readable_and_true(depth):
    d = sn.derive(stack(depth))
    assert len(d) == 4
    assert d.check()
    assert max(len(line) for line in str(d).splitlines()) < 100


def wrong(step, after):
    return dataclasses.replace(step, after=after)


@pytest.mark.parametrize(
    ("place", "spoil"),
    [
        (0, lambda W_1, b_1, W_2, b_2, x: W_2 * W_1 * x + W_2 * b_1 - b_2),
        (0, lambda W_1, b_1, W_2, b_2, x: W_1 * W_2 * x + W_2 * b_1 + b_2),
        (0, lambda W_1, b_1, W_2, b_2, x: W_2 * W_1 * x + b_1 + b_2),
        (1, lambda W_1, b_1, W_2, b_2, x: W_2 * W_1 * x + W_1 * b_1 + b_2),
        (1, lambda W_1, b_1, W_2, b_2, x: 2 * W_2 * W_1 * x + W_2 * b_1 + b_2),
    ],
)
def test_a_wrong_sign_product_or_bias_is_found_and_named(place, spoil):
    net = sn.Sequential(sn.Linear(n, n), sn.Linear(n, n))
    d = sn.derive(net)
    steps = list(d.steps)
    steps[place] = wrong(steps[place], spoil(*net.parameters.values(), net.input))
    verdict = dataclasses.replace(d, steps=tuple(steps)).check()
    assert not verdict
    assert verdict.verdict == "refuted"
    assert verdict.detail.startswith(f"step {place + 1} (")
    assert verdict.lhs_value != verdict.rhs_value
    assert verdict.counterexample


def test_a_wrong_definition_is_found():
    net = sn.Sequential(sn.Linear(n, n), sn.Linear(n, n))
    d = sn.derive(net)
    W_1, _, W_2, _ = net.parameters.values()
    (W, _), (B, meaning) = d[2].defines
    spoiled = dataclasses.replace(d[2], defines=((W, W_1 * W_2), (B, meaning)))
    verdict = dataclasses.replace(d, steps=(*d.steps[:2], spoiled)).check()
    assert verdict.verdict == "refuted"
    assert verdict.detail.startswith("step 3 (")


def test_a_derivation_by_hand():
    x, y = sp.symbols("x y", real=True)
    good = sn.Derivation((x + y) ** 2).then(x**2 + 2 * x * y + y**2, "binomial formula")
    assert good.check()
    assert len(good) == 1
    bad = good.then(x**2 + y**2, "wishful thinking")
    assert len(good) == 1
    verdict = bad.check()
    assert verdict.detail == "step 2 (wishful thinking) is false"
    point = verdict.counterexample
    assert (2 * x * y).subs(point) != 0


def test_positions_point_at_what_changed():
    net = sn.Sequential(*stack(3), sn.Sigmoid())
    d = sn.derive(net)
    step = d[0]
    part = step.before
    for k in step.position:
        part = part.args[k]
    W_1, b_1, W_2, b_2, *_ = net.parameters.values()
    assert part == W_2 * (W_1 * net.input + b_1) + b_2


def test_a_chain_to_a_given_end():
    net = stack(3)
    target = sn.Sequential(sn.simplify(net[:2]), net[2])
    d = sn.derive(net, to=target)
    assert d.end == target(net.input)
    assert d.check()
    W_1, b_1, W_2, b_2, W_3, b_3 = net.parameters.values()
    collapsed = sn.Linear(W_3 * W_2 * W_1, W_3 * W_2 * b_1 + W_3 * b_2 + b_3)
    assert sn.derive(net, to=collapsed).end == collapsed(net.input)
    assert sn.derive(net, to=collapsed(net.input)).end == collapsed(net.input)


def test_a_false_end_is_refused_with_the_point():
    net = stack(2)
    W_1, _, W_2, b_2 = net.parameters.values()
    with pytest.raises(sn.DerivationError, match=r"not equal .* refuted; at .* ≠ "):
        sn.derive(net, to=sn.Linear(W_2 * W_1, b_2))


def test_large_weights_are_named_not_written_out():
    import numpy as np

    rng = np.random.default_rng(1)
    net = sn.Sequential(
        sn.Linear(rng.normal(size=(9, 8)), rng.normal(size=9)),
        sn.Linear(rng.normal(size=(2, 9)), [1, 2]),
    )
    d = sn.derive(net)
    assert d.check()
    assert {str(s) for s in d.start.free_symbols} == {"W_1", "b_1", "W_2", "b_2", "x"}


def test_what_is_not_a_network_is_refused():
    with pytest.raises(sn.LayerError, match="derive takes a network"):
        sn.derive(sp.Symbol("x"))
    with pytest.raises(sn.DerivationError, match="a side of a derivation is an expression"):
        sn.Derivation("x + 1")


def leak(x):
    if x > 0:
        return x
    return x / 10


def forward(x, W_1, b_1, W_2, b_2):
    h = W_1 @ x + b_1
    return W_2 @ h + b_2


def test_a_python_function_is_the_definition_line():
    d = sn.derive(sn.network(forward))
    assert r"\operatorname{forward}\left(x\right) = W_{2} h + b_{2}" in d.latex()
    assert d.check()
    assert len(d) == 3
    d = sn.derive(sn.Sequential(sn.Linear(n, m), sn.activation(leak), sn.Linear(m, 1)))
    assert r"\mathrm{if} \ x > 0" in d.latex()
    assert "leak(x) = " in str(d)
