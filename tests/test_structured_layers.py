"""Layers that are known by their structure: their matrices, their pieces, what is refused."""

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

import symnet as sn
from symnet.errors import LayerError, ShapeError, WeightError
from symnet.exact.affine import AffineMap
from symnet.exact.rational_matrix import RationalMatrix
from symnet.exact.sparse_matrix import SparseRationalMatrix
from symnet.regions.from_network import layers_of


def random_layers(seed):
    """Structured layers with random geometry."""
    rng = np.random.default_rng(seed)
    for _ in range(6):
        groups = int(rng.integers(1, 3))
        size = [int(v) for v in rng.integers(3, 6, 2)]
        kernel = rng.integers(1, 4, 2)
        weight = rng.integers(-4, 5, (2 * groups, int(rng.integers(1, 3)), *kernel))
        options = {
            "stride": [int(v) for v in rng.integers(1, 3, 2)],
            "padding": [int(v) for v in rng.integers(0, 2, 4)],
        }
        yield sn.Conv2d(
            weight, rng.integers(-3, 4, len(weight)), size, groups=groups, dilation=1, **options
        )
        yield sn.Conv1d(weight[:, :, 0], None, size[0], dilation=1, groups=groups, padding=2)
        options["padding"] = [int(k > 1) for k in (*kernel, *kernel)]
        pool = {"channels": 2, "ceil_mode": bool(rng.integers(2)), **options}
        yield sn.AvgPool2d(kernel.tolist(), size, count_include_pad=bool(rng.integers(2)), **pool)
        yield sn.MaxPool2d(kernel.tolist(), size, **pool)
    yield sn.Select([3, -1, 0, 0, 2], 4)
    yield sn.Scale([1, Fraction(-2, 3), 0], [4, 0, Fraction(1, 5)])


@pytest.mark.parametrize("seed", range(3))
def test_all_routes_to_a_value_agree(seed):
    rng = np.random.default_rng(seed + 100)
    for layer in random_layers(seed):
        n = int(layer.in_features)
        x = [Fraction(int(a), int(b)) for a, b in rng.integers(1, 9, (n, 2))]
        x = [t - 2 for t in x]
        value = list(layer(x))
        by_layers = layers_of(layer, n).exact.output(x)
        assert value == [sp.Rational(v.numerator, v.denominator) for v in by_layers]
        z = sp.Matrix(sp.symbols(f"z:{n}", real=True))
        at = {s: sp.Rational(t.numerator, t.denominator) for s, t in zip(z, x, strict=True)}
        assert list(layer(z).subs(at)) == value


@pytest.mark.parametrize("seed", range(3))
def test_the_matrix_and_its_transpose_are_what_the_layer_multiplies_by(seed):
    rng = np.random.default_rng(seed)
    for layer in random_layers(seed):
        if isinstance(layer, sn.MaxPool2d):
            continue
        rows, n = map(int, layer.W.shape)
        W = sp.Matrix(layer.W.as_explicit())
        x, y = (RationalMatrix(k, 2, rng.integers(-9, 9, 2 * k).tolist(), 6) for k in (n, rows))
        assert layer.times(x).as_explicit() == W * x.as_explicit()
        assert layer.pulled(y).as_explicit() == W.T * y.as_explicit()
        assert layer.number(x).as_explicit() == layer(x)


def test_pieces_of_a_small_convolutional_network():
    edges = sn.Conv1d([[[1, -1]], [[-1, 1]]], size=3)
    net = sn.Sequential(edges, sn.ReLU(), sn.MaxPool1d(2, size=2, channels=2), sn.Linear([[1, 1]]))
    # the greatest rise plus the greatest fall between neighbours of three numbers
    plain = sn.Sequential(sn.Linear([[1, -1, 0], [0, 1, -1]]), sn.Abs())
    box = sn.Box([-1, 1], [-1, 1], [-1, 1])
    pieces = sn.piecewise(net, domain=box)
    assert pieces.maximum(0).value == 4
    for x in ([1, -1, 1], [0, Fraction(1, 2), 1], [-1, -1, 1], [1, 1, 1]):
        a, b = plain(x)
        rise, fall = (max(s * (x[i + 1] - x[i]) for i in (0, 1)) for s in (1, -1))
        assert net(x)[0] == max(rise, 0) + max(fall, 0) == pieces(x)[0]
        assert net(x)[0] <= a + b
    assert sn.prove(net, sn.Sequential(edges, sn.ReLU(), sn.MaxPool1d(2, size=2, channels=2),
                                       sn.Linear([[1, 1]], [0])))  # fmt: skip


def test_maps_that_only_choose_or_scale_compose_in_floats_as_in_integers():
    rng = np.random.default_rng(5)
    for seed in range(20):
        dense = AffineMap.from_floats(rng.normal(size=(4, 5)), rng.normal(size=4))
        places, powers = rng.integers(4, size=3), 2.0 ** rng.integers(-3, 4, 3)
        pick = np.zeros((3, 4))
        pick[np.arange(3), places] = powers * rng.choice([-1, 0, 1], 3)
        put = np.zeros((5, 7))
        put[rng.integers(5, size=7), np.arange(7)] = rng.choice([-0.5, 0, 2], 7)
        for outer, inner in ((AffineMap.from_floats(pick, [0] * 3), dense),
                             (dense, AffineMap.from_floats(put, [0] * 5))):  # fmt: skip
            quick = outer.after(inner)
            W, b = (sp.Matrix([[sp.Rational(v) for v in row] for row in part])
                    for part in (outer.weight, outer.bias[:, None]))  # fmt: skip
            V, c = (sp.Matrix([[sp.Rational(v) for v in row] for row in part])
                    for part in (inner.weight, inner.bias[:, None]))  # fmt: skip
            assert quick.is_float
            rows, last = quick.fractions()
            assert sp.Matrix(rows) == W * V, seed
            assert sp.Matrix(last) == W * c + b


def test_large_convolutions_stay_small():
    rng = np.random.default_rng(0)
    layer = sn.Conv2d(rng.integers(-3, 4, (4, 3, 3, 3)), None, (64, 64), padding=1)
    x = rng.integers(-9, 9, (3, 64, 64))
    value = np.array(layer.number(RationalMatrix(x.size, 1, x.ravel().tolist())).flat())
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1)))
    weight = np.array(layer.args[0].flat()).reshape(4, 3, 3, 3)
    direct = sum(
        np.tensordot(weight[:, :, p, q], padded[:, p : p + 64, q : q + 64], 1)
        for p in range(3) for q in range(3)
    )  # fmt: skip
    assert (value.reshape(direct.shape) == direct).all()
    assert layer.affine_parts(None) is None  # 200 million zeros are not written out
    assert sn.summary(layer).total == 4 * 27


def test_products_of_sparse_matrices():
    rng = np.random.default_rng(4)
    for _ in range(20):
        a, b, c = (int(v) for v in rng.integers(1, 6, 3))
        A, B = (rng.integers(-1, 2, s) * rng.integers(0, 2, s) for s in ((a, b), (b, c)))
        left, right = (
            SparseRationalMatrix.of_entries(M.shape, *np.nonzero(M), M[np.nonzero(M)], 3)
            for M in (A, B)
        )
        assert left.as_explicit() == sp.Matrix(A) / 3
        assert left.after(right).as_explicit() == sp.Matrix(A) * sp.Matrix(B) / 9
        assert left.T.as_explicit() == (sp.Matrix(A) / 3).T
        i, j = (int(rng.integers(s)) for s in (a, b))
        assert left[i, j] == sp.Rational(int(A[i, j]), 3)
    twice = SparseRationalMatrix.of_entries((1, 2), [0, 0, 0], [1, 1, 0], [2, 2, 0], 6)
    assert twice == SparseRationalMatrix.of_entries((1, 2), [0], [1], [2], 3)


def test_simplification_folds_where_that_is_smaller():
    rng = np.random.default_rng(3)
    conv = sn.Conv2d(rng.integers(-3, 4, (4, 2, 3, 3)), [1, 2, 3, 4], (12, 12))
    x = rng.integers(-9, 10, 288).tolist()
    channels = [v for v in (2, -1, 0, 5) for _ in range(100)]
    pixels = rng.integers(1, 5, 400).tolist()
    for layers, kinds in (
        # a scaling of channels goes into the kernel, one of pixels does not
        ([conv, sn.Scale(channels, channels)], ["Conv2d"]),
        ([conv, sn.Scale(pixels)], ["Conv2d", "Scale"]),
        # 400 numbers in, 10 out: one matrix of 2880 numbers for one of 4000 and the kernel
        ([conv, sn.Linear(rng.integers(-3, 4, (10, 400)))], ["Linear"]),
        ([conv, sn.AvgPool2d(2, 10, 4)], ["Conv2d", "AvgPool2d"]),
        ([sn.Select(rng.permutation(288), 288), sn.Select(list(range(9)), 288)], ["Select"]),
        ([sn.Select(rng.permutation(288), 288), sn.Scale(range(1, 289))], ["SparseLinear"]),
    ):
        net = sn.Sequential(*layers)
        simple = sn.simplify(net)
        assert [type(layer).__name__ for layer in simple] == kinds
        assert simple(x) == net(x)
        assert net.is_affine
        assert net.is_linear is (not any(net([0] * 288)))


def test_a_maximum_stays_behind_a_selection():
    net = sn.Sequential(sn.Select([0], 2), sn.Max())
    assert sn.simplify(net)([1, 5]) == sp.Matrix([1])
    pool = sn.Sequential(sn.MaxPool1d(2, size=4, stride=2, padding=0), sn.Max())
    assert sn.simplify(pool)([1, 5, 2, 3]) == sp.Matrix([5])


def test_derivatives_go_to_the_greatest_entries():
    net = sn.Sequential(
        sn.Conv1d([[[1, -1]]], [1], 4), sn.ReLU(), sn.MaxPool1d(2, size=3, stride=1),
        sn.Linear([[1, 10]]),
    )  # fmt: skip
    # at (5, 1, 3, 0) the differences plus 1 are 5, -1, 4: the maxima are the first and the third
    x = sp.Matrix([5, 1, 3, 0])
    J = sn.jacobian(net, net.input)
    found = sp.Matrix(J.subs(net.input, sp.ImmutableDenseMatrix(x)).doit().as_explicit())
    assert found == sp.Matrix([[1, -1, 10, -10]])
    assert found == sn.local(net, x).A


def test_the_map_around_an_image_although_maxima_of_dead_neurons_tie():
    rng = np.random.default_rng(8)
    conv, second = rng.normal(size=(4, 1, 3, 3)), rng.normal(size=(4, 4, 3, 3))
    net = sn.Sequential(
        sn.Conv2d(conv, [-1, -0.5, 0, 0.5], (14, 14)), sn.ReLU(), sn.MaxPool2d(2, 12, 4),
        sn.Conv2d(second, None, 6, padding=1), sn.ReLU(), sn.MaxPool2d(2, 6, 4),
        sn.Linear(rng.normal(size=(2, 36)), rng.normal(size=2)),
    )  # fmt: skip
    x = rng.integers(1, 64, 196) / 64
    around = sn.local(net, x)
    assert not around.kinks
    zeros = sum(s == 0 for layer in around.pattern for s in layer)
    assert zeros > 50  # maxima of neurons that are all off
    for step in (0, 2.0**-24, -(2.0**-22)):
        y = x + step * rng.integers(-8, 9, 196)
        if around.contains(y):
            point = sp.Matrix([sp.Rational(v) for v in y])
            assert around.A * point + around.c == net(y)
        else:
            assert step


@pytest.mark.parametrize(
    ("build", "error", "message"),
    [
        (lambda: sn.Conv2d([[1, 2]], size=3), ShapeError, r"channels in, height, width\), and 2"),
        (lambda: sn.Conv1d([[[1, 2]]]), LayerError, "needs the size of its grid: size=n"),
        (lambda: sn.Conv1d([[[1, 2]]], size=1), ShapeError, "2 points does not fit on 1 points"),
        (lambda: sn.Conv1d([[[1, 2]]], [1, 2], size=3), ShapeError, "1 channels and 2 entries"),
        (lambda: sn.Conv1d([[[1]]], size=3, groups=2), ShapeError, "must divide"),
        (lambda: sn.Conv1d([[[1]]], size=3, stride=0), LayerError, "stride of Conv1d is 0"),
        (lambda: sn.Conv1d([[[1]]], size=3, padding=-1), LayerError, "Conv1d is .-1, -1."),
        (lambda: sn.Conv1d([[[sp.Symbol("k")]]], size=3), WeightError, "takes rational numbers"),
        (lambda: sn.Conv1d([[[1]]], size=4)([1, 2]), ShapeError, "takes a column of 4 numbers"),
        (lambda: sn.MaxPool1d(2, size=4, padding=2), ShapeError, "of MaxPool1d lies outside"),
        (lambda: sn.AvgPool2d((2, 2, 2), size=4), LayerError, "give 2 whole numbers, 1 or more"),
        (lambda: sn.Select([3], 3), LayerError, "places from 0 to 2"),
        (lambda: sn.Select([], 3), LayerError, "a list of places"),
        (lambda: sn.Scale([1, 2], [1]), ShapeError, "s has 2 entries and t has 1"),
        (lambda: sn.SparseLinear([[1]]), LayerError, "takes a SparseRationalMatrix"),
    ],
)  # fmt: skip
def test_errors_say_what_to_do(build, error, message):
    with pytest.raises(error, match=message):
        build()
