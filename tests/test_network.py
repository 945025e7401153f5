"""Networks keep SymPy's contracts, name what nobody named, and check their shapes."""

import pickle
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from sympy.core.symbol import Str

import symnet as sn

n, m, k = sp.symbols("n m k", integer=True, positive=True)


def names(net):
    return [str(p) for p in net.parameters]


def examples():
    x = sp.Symbol("a", real=True)
    yield sn.Sequential(sn.Linear(3, 4), sn.ReLU(), sn.Linear(4, 2))
    yield sn.Sequential(sn.Linear(n, m), sn.Sigmoid(), sn.Linear(m, k, bias=False))
    yield sn.Sequential(sn.Linear([[1, 2], [3, Fraction(1, 3)]], [0.1, 2]), sn.LeakyReLU(x))
    yield sn.Sequential(sn.Sequential(sn.Linear(n, n), sn.ReLU()), sn.Linear(n, 1))
    yield sn.Linear(np.array([[0.5, 2.0]]))


@pytest.mark.parametrize("net", list(examples()), ids=str)
def test_sympy_contracts(net):
    assert all(isinstance(arg, sp.Basic) for arg in net.args)
    assert net.func(*net.args) == net
    assert hash(net.func(*net.args)) == hash(net)
    assert pickle.loads(pickle.dumps(net)) == net
    scope = {**vars(sp), **{name: getattr(sn, name) for name in sn.__all__}, "Str": Str}
    from symnet.exact.rational_matrix import RationalMatrix

    assert eval(sp.srepr(net), {**scope, "RationalMatrix": RationalMatrix}) == net
    assert net.xreplace({}) == net
    assert sp.latex(net)
    assert net._repr_latex_().startswith("$")


def test_a_network_is_a_plain_expression_at_its_input():
    net = sn.Sequential(sn.Linear(3, 4), sn.Linear(4, 2))
    W_1, b_1 = sp.MatrixSymbol("W_1", 4, 3), sp.MatrixSymbol("b_1", 4, 1)
    W_2, b_2 = sp.MatrixSymbol("W_2", 2, 4), sp.MatrixSymbol("b_2", 2, 1)
    x = sp.MatrixSymbol("x", 3, 1)
    assert net.input == x
    assert net(x) == W_2 * (W_1 * x + b_1) + b_2
    assert net == sn.Sequential(sn.Linear(W_1, b_1), sn.Linear(W_2, b_2))


def test_calling_performs_no_step():
    net = sn.Sequential(sn.Linear([[1, 2]]), sn.Linear([[3]]))
    x = net.input
    factors = net(x).args
    assert factors == (sp.ImmutableMatrix([[3]]), sp.ImmutableMatrix([[1, 2]]), x)
    t = sp.Symbol("t", real=True)
    assert str(sn.relu(sn.relu(t))) == "relu(relu(t))"


def test_values_at_explicit_inputs_are_exact():
    net = sn.Sequential(sn.Linear([[1, -2], [3, 4]], [0.5, 0]), sn.ReLU(), sn.Linear([[1, 1]]))
    assert net([1, 1]) == sp.Matrix([[7]])
    assert net(np.array([0.25, 0])) == sp.Matrix([[sp.Rational(3, 2)]])
    both = net(sp.Matrix([[1, sp.Rational(1, 4)], [1, 0]]))
    assert both == sp.Matrix([[7, sp.Rational(3, 2)]])


def test_a_bias_is_added_to_every_column():
    layer = sn.Linear(n, m)
    X = sp.MatrixSymbol("X", n, k)
    assert layer(X).shape == (m, k)
    small = layer.subs({n: 2, m: 1, k: 3})
    W, b = small.W.as_explicit(), small.b.as_explicit()
    X = sp.MatrixSymbol("X", 2, 3)
    got = small(X).as_explicit()
    assert got == W * X.as_explicit() + b * sp.ones(1, 3)


def test_floats_are_the_rationals_that_they_are():
    layer = sn.Linear([[0.1]], np.array([0.1], dtype=np.float32))
    assert layer.W[0, 0] == sp.Rational(3602879701896397, 2**55)
    assert layer.b[0, 0] == sp.Rational(13421773, 2**27)
    for kind in (np.float16, np.float32, np.float64):
        values = np.array([[np.finfo(kind).tiny, np.finfo(kind).max, -0.3]], dtype=kind)
        exact = sn.Linear(values).W
        assert [Fraction(int(e.p), int(e.q)) for e in exact] == [
            Fraction(float(v)) for v in values[0]
        ]


def test_sympy_floats_are_the_rationals_that_they_are():
    layer = sn.Linear(sp.Matrix([[sp.Float(0.1), 2.5 * sp.Symbol("a", real=True)]]))
    assert layer.W[0, 0] == sp.Rational(3602879701896397, 2**55)
    assert layer.W[0, 1] == sp.Rational(5, 2) * sp.Symbol("a", real=True)


def test_unnamed_weights_are_numbered_in_reading_order():
    net = sn.Sequential(sn.Linear(2, 3), sn.ReLU(), sn.Linear(3, 4), sn.Linear(4, 1, bias=False))
    assert names(net) == ["W_1", "b_1", "W_2", "b_2", "W_3"]


def test_networks_put_together_share_nothing_by_accident():
    block = sn.Sequential(sn.Linear(n, n), sn.ReLU())
    assert names(sn.Sequential(block, block)) == ["W_1", "b_1", "W_2", "b_2"]
    collapsed = sn.simplify(sn.Sequential(sn.Linear(n, n), sn.Linear(n, n)))
    both = sn.Sequential(collapsed, sn.Linear(n, n))
    assert str(both[1]) == "Linear(W_3, b_3)"


def test_named_weights_are_shared():
    W = sp.MatrixSymbol("W", n, n)
    net = sn.Sequential(sn.Linear(W), sn.ReLU(), sn.Linear(W))
    assert net.free_symbols >= {W}
    assert net(net.input) == W * sn.relu(W * net.input)


def test_a_substitution_that_shares_a_weight_is_kept():
    net = sn.Sequential(sn.Linear(n, n), sn.ReLU(), sn.Linear(n, n))
    W_1, W_2 = sp.MatrixSymbol("W_1", n, n), sp.MatrixSymbol("W_2", n, n)
    tied = net.subs(W_1, W_2)
    assert tied[0].W == tied[2].W == W_2
    assert pickle.loads(pickle.dumps(tied)) == tied
    swapped = net.xreplace({W_1: W_2, W_2: W_1})
    assert (swapped[0].W, swapped[2].W) == (W_2, W_1)
    assert swapped.func(*swapped.args) == swapped


def test_slices_keep_their_names():
    net = sn.Sequential(sn.Linear(2, 3), sn.ReLU(), sn.Linear(3, 1))
    assert names(net[1:]) == ["W_2", "b_2"]
    assert sn.Sequential(net[:1], net[1:])(net.input) == net(net.input)


def test_sizes_are_substituted():
    net = sn.Sequential(sn.Linear(n, m), sn.ReLU(), sn.Linear(m, 1))
    small = net.subs({n: 2, m: 3})
    assert (small.in_features, small.out_features) == (2, 1)
    assert small.as_explicit()([1, 0]).shape == (1, 1)
    with pytest.raises(sn.ShapeError, match=r"give its sizes first"):
        net.as_explicit()


def test_unequal_symbols_are_unequal_and_equal_sizes_are_equal():
    assert sn.Sequential(sn.Linear(3, n), sn.Linear(n + 0, 2))
    assert sn.Sequential(sn.Linear(3, n + m), sn.Linear(m + n, 2))
    with pytest.raises(sn.ShapeError, match=r"layers 1 and 3 do not fit: .* n .* takes m"):
        sn.Sequential(sn.Linear(3, n), sn.ReLU(), sn.Linear(m, 2))


@pytest.mark.parametrize(
    ("build", "error", "message"),
    [
        (
            lambda: sn.Sequential(sn.Linear(3, 4), sn.Linear(5, 2)),
            sn.ShapeError,
            r"layers 1 and 2 do not fit: .*4 numbers, and .* takes 5; give layer 1 5 outputs",
        ),
        (lambda: sn.Linear([[1, float("nan")]]), sn.WeightError, r"W\[0, 1\] is nan"),
        (lambda: sn.Linear(np.array([[1.0], [np.inf]])), sn.WeightError, r"W\[1, 0\] is inf"),
        (lambda: sn.Linear([[1, 2j]]), sn.WeightError, r"W\[0, 1\] is 2j, which is complex"),
        (lambda: sn.Linear(sp.Matrix([[sp.I]])), sn.WeightError, r"not real"),
        (lambda: sn.Linear([[1, "2"]]), sn.WeightError, r"'2' of type str"),
        (lambda: sn.Linear([[1, 2], [3]]), sn.WeightError, r"different lengths: \[2, 1\]"),
        (lambda: sn.Linear([1, 2]), sn.WeightError, r"W has 1 axes"),
        (lambda: sn.Linear(np.zeros((2, 2, 2))), sn.WeightError, r"W has 3 axes"),
        (lambda: sn.Linear([[1, 2]], [1, 2]), sn.ShapeError, r"b has 2 entries; .* so 1"),
        (lambda: sn.Linear([[1], [2]], [[1, 2]]), sn.ShapeError, r"a row; biases are columns"),
        (lambda: sn.Linear(0, 2), sn.ShapeError, r"in_features is 0"),
        (lambda: sn.Linear(2, sp.Symbol("w")), sn.ShapeError, r"declare it: w = "),
        (lambda: sn.Sequential(), sn.LayerError, r"at least one layer"),
        (lambda: sn.Sequential(sn.ReLU), sn.LayerError, r"not the class"),
        (lambda: sn.Sequential(sn.relu), sn.LayerError, r"the layer is ReLU\(\)"),
        (lambda: sn.Sequential([sn.ReLU()]), sn.LayerError, r"one by one"),
        (lambda: sn.Linear(3, 4)([1, 2]), sn.ShapeError, r"takes a column of 3 numbers"),
        (
            lambda: sn.Sequential(
                sn.Linear(sp.MatrixSymbol("W", 2, 3)), sn.Linear(sp.MatrixSymbol("W", 3, 2))
            ),
            sn.NameClashError,
            r"the name W stands for two different things",
        ),
        (
            lambda: sn.Sequential(sn.Linear(n, n), sn.Linear(sp.Symbol("n", integer=True) + 1, 2)),
            (sn.ShapeError, sn.NameClashError),
            r"n",
        ),
    ],
)
def test_messages(build, error, message):
    with pytest.raises(error, match=message):
        build()


def test_the_input_never_has_the_name_of_a_weight():
    net = sn.Linear(sp.MatrixSymbol("x", 2, 2))
    assert net.input == sp.MatrixSymbol("u", 2, 1)


def test_lambdify_evaluates_numerically():
    net = sn.Sequential(sn.Linear([[1, -2], [3, 4]], [0.5, 0]), sn.ReLU(), sn.Linear([[1, 1]]))
    f = sp.lambdify(net.input, net(net.input))
    points = np.array([[1.0], [1.0]])
    assert f(points) == pytest.approx(float(net([1, 1])[0, 0]))


def test_a_maxout_at_the_input_knows_its_size():
    net = sn.Sequential(sn.Maxout(2), sn.Linear(3, 1))
    assert net.in_features == 6
    assert net.input.shape == (6, 1)


def test_a_matrix_derivative_through_an_activation_is_refused_clearly():
    net = sn.Sequential(sn.Linear(3, 4), sn.ReLU())
    with pytest.raises(NotImplementedError, match="does not reach through relu"):
        net(net.input).diff(net.input)


def test_large_weights_are_typeset_by_name():
    net = sn.Sequential(sn.Linear(np.ones((30, 40))), sn.ReLU())
    assert sp.latex(net) == r"x \mapsto \operatorname{ReLU}\left(W_{1} x\right)"
