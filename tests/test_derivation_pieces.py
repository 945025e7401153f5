"""Derivations of the linear pieces: masks, products of them, and every piece."""

from dataclasses import replace
from itertools import pairwise

import pytest
import sympy as sp

import symnet as sn

n_0, n_1, n_2, n_3, n_4 = sp.symbols("n_0:5", integer=True, positive=True)
a, b, c, d = sp.symbols("a b c d", real=True)
HALF = sp.Rational(1, 2)


@pytest.mark.parametrize("act", [sn.ReLU(), sn.LeakyReLU(HALF), sn.Abs(), sn.PReLU(a)], ids=str)
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_symbolic_sizes_end_in_the_sum_of_paths_through_the_masks(act, depth):
    sizes = (n_0, n_1, n_2, n_3, n_4)[: depth + 2]
    layers = [sn.Linear(i, o) for i, o in pairwise(sizes)]
    net = sn.Sequential(layers[0], *(part for layer in layers[1:] for part in (act, layer)))
    derivation = sn.derive(net, form="piecewise")
    assert derivation.check()
    weights = [p for p in net.parameters.values() if p != a]
    masks = [sp.MatrixSymbol(f"D_{k}", size, size) for k, size in enumerate(sizes[1:-1], start=1)]
    total = net.input
    for k in range(depth + 1):
        total = weights[2 * k] * total + weights[2 * k + 1]
        total = masks[k] * total if k < depth else total
    assert sp.expand(derivation.end - total) == sp.ZeroMatrix(sizes[-1], 1)
    # a mask in the wrong place is noticed
    spoiled = replace(derivation, steps=derivation.steps[1:], start=net(net.input))
    first = replace(spoiled.steps[0], before=net(net.input), after=spoiled.end + weights[-1])
    assert not replace(spoiled, steps=(first,)).check()


def test_every_piece_of_four_relus_in_the_plane():
    net = sn.Sequential(
        sn.Linear([[1, 0], [0, 1], [1, 1], [1, -2]], [0, 1, -1, 1]),
        sn.ReLU(),
        sn.Linear([[1, 1, 1, 1]]),
    )
    derivation = sn.derive(net, form="piecewise")
    assert len(derivation.rows) == 1 + 4 + 6
    assert derivation.check()
    W, v = net.layers[0], sp.ones(1, 4)
    for row, region in zip(derivation.rows, derivation.pieces.regions, strict=True):
        x = sp.Matrix(derivation.pieces.variables)
        product = v * sp.diag(*row.masks[0]) * sp.Matrix(W(x))
        assert (product - row.value).expand() == sp.zeros(1, 1)
        assert all(m == (s > 0) for m, s in zip(row.masks[0], row.pattern[0], strict=True))
        assert region.pattern == row.pattern
    assert "11 occur" in str(derivation)


def test_a_wrong_piece_is_refuted():
    net = sn.Sequential(sn.Linear([[1], [-1]], [0, 1]), sn.ReLU(), sn.Linear([[1, 2]]))
    derivation = sn.derive(net, form="piecewise", domain=sn.Box([-1, 2]))
    assert derivation.check()
    first, *rest = derivation.rows
    wrong = replace(first, value=first.value + sp.ones(1, 1))
    verdict = replace(derivation, rows=(wrong, *rest)).check()
    assert verdict.verdict == "refuted"
    assert verdict.detail == "piece 1 is false"


def test_symbols_as_weights_give_all_patterns_with_their_conditions():
    x = sp.Symbol("x", real=True)
    net = sn.Sequential(sn.Linear([[a], [b]], [c, d]), sn.LeakyReLU(HALF), sn.Linear([[1, 1]]))
    derivation = sn.derive(net, form="piecewise")
    found = {row.pattern[0]: (set(row.conditions), row.value[0]) for row in derivation.rows}
    assert found[1, -1] == ({a * x + c > 0, b * x + d <= 0}, a * x + c + b * x / 2 + d / 2)
    assert len(found) == 4
    assert derivation.check()


def test_on_a_slice_the_pieces_are_in_its_coordinates():
    net = sn.Sequential(sn.Linear([[1, 0, 0], [0, 1, 0]]), sn.ReLU(), sn.Linear([[1, 1]]))
    line = sn.Slice([0, 1, 5], [[1, 0, 0]], sn.Box([-1, 1]))
    derivation = sn.derive(net, form="piecewise", domain=line)
    u = sp.Symbol("u", real=True)
    assert {row.value[0] for row in derivation.rows} == {sp.S.One, u + 1}
    assert derivation.check()


@pytest.mark.parametrize(
    ("net", "error", "words"),
    [
        (sn.Sequential(sn.Linear(2, 2), sn.Tanh()), sn.NotPiecewiseLinearError, "tanh is not"),
        (sn.Sequential(sn.Linear(2, 2), sn.ReLU6()), sn.DerivationError, "relu6 is no mask"),
        (sn.Linear(2, 2), sn.DerivationError, "one linear piece"),
        (
            sn.Sequential(sn.Residual(sn.Sequential(sn.Linear(2, 2), sn.ReLU()))),
            sn.DerivationError,
            "not written with masks",
        ),
    ],
    ids=str,
)
def test_what_has_no_masks_is_refused_by_name(net, error, words):
    with pytest.raises(error, match=words):
        sn.derive(net, form="piecewise")


def test_options_that_do_not_fit():
    net = sn.Sequential(sn.Linear(1, 1), sn.ReLU())
    with pytest.raises(sn.DerivationError, match='there is "piecewise"'):
        sn.derive(net, form="pieces")
    with pytest.raises(sn.DerivationError, match="leave out `to`"):
        sn.derive(net, net, form="piecewise")
    with pytest.raises(sn.DerivationError, match='belongs to form="piecewise"'):
        sn.derive(net, domain=sn.Box([0, 1]))
