"""Networks from forward functions: the same as networks built by hand."""

# ruff: noqa: B008, RET504, SIM108

import pickle

import numpy as np
import pytest
import sympy as sp

import symnet as sn
from symnet import relu
from symnet.tracing import Traced, network_of

n = sp.symbols("n_0:6", integer=True, positive=True)
fc = sn.Linear(3, 4)
square = sn.Linear(3, 3)


def weight(name, rows, cols=1):
    return sp.MatrixSymbol(name, rows, cols)


W1, b1 = weight("W_1", n[1], n[0]), weight("b_1", n[1])
W2, b2 = weight("W_2", n[2], n[1]), weight("b_2", n[2])


@sn.activation
def tent(x):
    return 1 - abs(x)


def layered(x, W_1, b_1, W_2, b_2):
    h = relu(W_1 @ x + b_1)
    return W_2 @ h + b_2


def rebound(x, W_1, b_1, W_2, b_2):
    x = W_1 @ x
    x += b_1
    x = np.maximum(x, 0) if False else relu(x)
    x = W_2 @ x + b_2
    return x


def residual(x, W_1, b_1, W_2):
    return x + W_2 @ relu(W_1 @ x + b_1)


def residual_inside(x, W_1, b_1):
    z = W_1 @ x + b_1
    return z + relu(z)


def branches(x, W_1, W_2, b):
    return relu(W_1 @ x) + (W_2 @ x + b)


def branches_late(x, W_1, W_2, W_3):
    h = relu(W_1 @ x)
    return relu(W_2 @ h) + sn.tanh(W_3 @ h)


def tied(x, W):
    return W.T @ relu(W @ x)


def shared(x, W, b):
    for _ in range(3):
        x = relu(W @ x + b)
    return x


def scaled(x, alpha, W):
    return (1 - alpha) * (W @ x) / 2 - x * alpha


def with_layers(x, W_1):
    return tent(fc(W_1 @ x))


def called_twice(x):
    return square(relu(square(x)))


def listed(x, layers=(sn.Linear(3, 3), sn.ReLU(), sn.Linear(3, 1))):
    for layer in layers:
        x = layer(x)
    return x


def stacked(x, W, V):
    return V @ np.vstack([relu(x), W @ x])


def largest(x, W):
    return max(0, W @ x)


def leaked(x, W):
    return sn.leaky_relu(W @ x, negative_slope=2)


def soft(x, W):
    return sn.softmax(W @ x)


def negative(x, W, b):
    return -(W @ x) - b


def twice(x, W):
    return W @ W @ x


def symbols(*shapes):
    return [weight(*shape) for shape in shapes]


def by_hand():
    w, v, u = weight("W_1", n[1], n[0]), weight("W_2", n[1], n[0]), weight("b", n[1])
    square_w, square_b = weight("W", n[0], n[0]), weight("b", n[0])
    wide = weight("W", n[1], n[0])
    alpha = sp.Symbol("alpha", real=True)
    z = sn.Linear(W1, b1)
    r, seq = sn.ReLU(), sn.Sequential
    late = [weight("W_1", n[1], n[0]), weight("W_2", n[2], n[1]), weight("W_3", n[2], n[1])]
    half = sp.Rational(1, 2)
    return {
        layered: seq(z, r, sn.Linear(W2, b2)),
        rebound: seq(z, r, sn.Linear(W2, b2)),
        residual: seq(sn.Residual(seq(z, r, sn.Linear(weight("W_2", n[0], n[1]))))),
        residual_inside: seq(z, sn.Residual(r)),
        branches: seq(sn.Sum(seq(sn.Linear(w), r), sn.Linear(v, u))),
        branches_late: seq(
            sn.Linear(late[0]),
            r,
            sn.Sum(seq(sn.Linear(late[1]), r), seq(sn.Linear(late[2]), sn.Tanh())),
        ),
        tied: seq(sn.Linear(wide), r, sn.Linear(wide.T)),
        shared: seq(*[sn.Linear(square_w, square_b), r] * 3),
        scaled: seq(
            sn.Sum(
                sn.Linear(-alpha * sp.Identity(n[0])), sn.Linear((half - alpha / 2) * square_w)
            )
        ),
        stacked: seq(
            sn.Concat(r, sn.Linear(wide)), sn.Linear(weight("V", n[2], n[0] + n[1]))
        ),
        largest: seq(sn.Linear(wide), r),
        leaked: seq(sn.Linear(wide), sn.LeakyReLU(2)),
        soft: seq(sn.Linear(wide), sn.Softmax()),
        negative: seq(sn.Linear(-wide, -u)),
        twice: seq(sn.Linear(square_w), sn.Linear(square_w)),
    }  # fmt: skip


HAND = by_hand()


def alike(left, right):
    """Equal, where the order of the branches of a sum counts for nothing."""
    if isinstance(left, sn.Sum):
        left_parts, right_parts = left.children, right.children
        return len(left_parts) == len(right_parts) and all(
            any(alike(a, b) for b in right_parts) for a in left_parts
        )
    if left.children:
        return len(left.children) == len(right.children) and all(
            map(alike, left.children, right.children)
        )
    return left == right


@pytest.mark.parametrize("f", HAND, ids=lambda f: f.__name__)
def test_the_same_as_by_hand(f):
    net = sn.network(f)
    assert alike(net, HAND[f]), net
    if "Sum(" not in str(net):
        assert net == HAND[f]
        assert HAND[f] == net
        assert hash(net) == hash(HAND[f])


@pytest.mark.parametrize("f", HAND, ids=lambda f: f.__name__)
def test_the_same_numbers_as_numpy(f):
    if f in (scaled, leaked, soft, tied):
        pytest.skip("written with symbols or with symnet's functions")
    net = sn.network(f).subs({n[0]: 2, n[1]: 2, n[2]: 2})
    rng = np.random.default_rng(0)
    weights = {}
    for symbol in sorted(net.free_symbols, key=str):
        weights[symbol] = rng.integers(-3, 4, symbol.shape)
    point = rng.integers(-5, 6, (2, 1))
    numeric = net.subs({s: sp.Matrix(v) for s, v in weights.items()})
    plain = {s.name: v for s, v in weights.items()}
    functions = {"relu": lambda z: np.maximum(z, 0)}
    before = {k: f.__globals__[k] for k in functions}
    f.__globals__.update(functions)
    try:
        if f is branches_late:
            pytest.skip("uses symnet.tanh")
        if f is largest:
            expected = np.maximum(0, plain["W"] @ point)
        else:
            expected = f(point, **plain)
    finally:
        f.__globals__.update(before)
    assert numeric(sp.Matrix(point)).doit() == sp.Matrix(expected)


@pytest.mark.parametrize("f", HAND, ids=lambda f: f.__name__)
def test_contracts(f):
    net = sn.network(f)
    assert isinstance(net, Traced)
    assert isinstance(net, sn.Sequential)
    assert net.func(*net.args) == net
    assert type(net.func(*net.args)) is Traced
    again = pickle.loads(pickle.dumps(net))
    assert again == net
    assert again.definition_line == net.definition_line
    assert net == sn.Sequential(*net.layers)
    assert hash(net) == hash(sn.Sequential(*net.layers))
    assert str(net) == str(sn.Sequential(*net.layers))
    assert type(net[:1]) is sn.Sequential
    assert isinstance(net.subs(n[0], 3), Traced)
    assert net != net.subs(n[0], 3)


def test_layers_are_named_once_and_shared():
    assert str(sn.network(called_twice)) == "Sequential(Linear(W_1, b_1), ReLU(), Linear(W_1, b_1))"
    net = sn.network(with_layers)
    assert [str(layer) for layer in net][:2] == ["Linear(W_1)", "Linear(W_2, b_2)"]
    assert net[2] == tent
    assert net.in_features == n[0]
    assert sn.network(listed) == sn.Sequential(sn.Linear(3, 3), sn.ReLU(), sn.Linear(3, 1))


def test_shapes_given():
    net = sn.network(layered, W_1=(4, 3), b_1=4, b_2=2)
    assert net == sn.Sequential(sn.Linear(3, 4), sn.ReLU(), sn.Linear(4, 2))
    m = sp.Symbol("m", integer=True, positive=True)
    assert sn.network(layered, x=m).in_features == m
    assert sn.network(layered, x=(5, 1)).in_features == 5
    k = sp.Symbol("n_1", integer=True, positive=True)
    assert sn.network(layered, x=k).parameters["W_1"].shape == (n[0], k)


def test_values_given():
    def f(x, W_1=np.array([[1.0, 2], [3, 4]]), b_1=(1, 2), alpha=2):
        return alpha * relu(W_1 @ x + b_1)

    net = sn.network(f)
    assert net([1, -1]) == sp.Matrix([0, 2])
    assert net.in_features == 2
    assert net.definition_line.source == "latexify"
    other = sn.network(f, W_1=sp.Matrix([[0, 1], [1, 0]]))
    assert other([1, -1]) == sp.Matrix([0, 6])

    def annotated(x, W: sp.Matrix([[1, 2]]), b: int):
        return W @ x + b

    assert sn.network(annotated) == sn.Sequential(sn.Linear([[1, 2]], weight("b", 1)))


def test_a_network_is_given_back():
    net = sn.Sequential(fc, sn.ReLU())
    assert sn.network(net) is net


@pytest.mark.parametrize("value", [3, sn.Linear, relu, "x"])
def test_what_is_no_function(value):
    with pytest.raises(sn.LayerError, match="network got"):
        sn.network(value)


def wrong_product(x, W_1, b_1):
    return W_1 @ b_1 + x


def wrong_sum(x, W_1, W_2):
    return W_1 @ x + W_2 @ x


def wrong_layer(x):
    return fc(fc(x))


@pytest.mark.parametrize(
    ("f", "shapes", "words"),
    [
        (wrong_product, {"W_1": (4, 3), "b_1": 4}, ["line", "W_1 @ b_1", "(4, 3)", "(4, 1)"]),
        (wrong_sum, {"W_1": (2, 3), "W_2": (3, 3)}, ["line", "(2, 1)", "(3, 1)", "same shape"]),
        (wrong_layer, {}, ["line", "3 numbers", "(4, 1)"]),
        (layered, {"W_1": (4, 3), "b_1": 5}, ["line", "(4, 1)", "(5, 1)"]),
        (layered, {"x": (2, 2)}, ["column"]),
        (layered, {"W_1": (1, 2, 3)}, ["two sizes"]),
        (layered, {"W_1": (n[4], n[0]), "b_1": n[5]}, ["n_4", "n_5"]),
    ],
)
def test_shape_errors(f, shapes, words):
    with pytest.raises(sn.ShapeError) as caught:
        sn.network(f, **shapes)
    for word in words:
        assert word in str(caught.value)


def input_left(x, W):
    return x @ W


def entrywise(x, W):
    return (W @ x) * (W @ x)


def both_uses(x, W):
    return W * x + W @ x


def number_added(x, W):
    return W @ x + 1


def branching(x, W):
    return relu(W @ x) if x > 0 else x


def entry(x):
    return x[0]


def constant(x, W):
    return W


def unknown(x, W):
    return np.exp(W @ x)


def nothing(x):
    pass


def method(x):
    return x.mean()


def quadratic(x, W):
    return (x.T @ W @ x) @ x


def starred(*xs):
    return xs[0]


@pytest.mark.parametrize(
    ("f", "words"),
    [
        (input_left, ["W @ x"]),
        (entrywise, ["line", "entry by entry", "@"]),
        (both_uses, ["line", "scalar"]),
        (number_added, ["line", "number 1", "bias"]),
        (branching, ["line", "symnet.activation"]),
        (entry, ["line", "entries"]),
        (constant, ["does not depend on x"]),
        (unknown, ["line", "exp"]),
        (nothing, ["None"]),
        (method, ["line", ".mean"]),
        (quadratic, ["depend on the input"]),
        (starred, ["by name"]),
    ],
    ids=lambda v: getattr(v, "__name__", ""),
)
def test_errors(f, words):
    with pytest.raises(sn.TracingError) as caught:
        sn.network(f)
    for word in words:
        assert word in str(caught.value)


def test_unknown_argument():
    with pytest.raises(sn.LayerError, match="no argument W_9; it has x, W_1"):
        sn.network(layered, W_9=(2, 2))


@pytest.mark.parametrize(
    "f", [layered, rebound, residual, residual_inside, branches, tied, scaled, leaked, largest]
)
def test_definition_lines(f):
    line = sn.network(f).definition_line
    expected = {leaked: "keyword", rebound: "read back"}
    if f in expected:
        assert line.source == "sympy"
    else:
        assert line.source == "latexify", line.reason
    assert r"W\_" not in line.latex
    assert line.latex.isascii()


def test_the_definition_line_of_a_layered_network():
    line = sn.network(layered).definition_line
    assert line.latex == (
        r"\begin{array}{l} h = \operatorname{ReLU} \mathopen{}\left( W_{1} x + b_{1} "
        r"\mathclose{}\right) \\ \operatorname{layered}\left(x\right) = W_{2} h + b_{2} \end{array}"
    )

    def rebinds(x, W_1, b_1, W_2):
        x = relu(W_1 @ x + b_1)
        x = W_2 @ x
        return x

    line = sn.network(rebinds).definition_line
    assert line.source == "latexify"
    assert r"x_{1} = " in line.latex
    assert r"x_{2} = W_{2} x_{1}" in line.latex


def test_a_definition_that_is_not_of_this_network_is_not_shown():
    net = sn.network(layered)
    other = net.func(*net.args[:1], sn.Tanh(), *net.args[2:])
    assert other.definition_line.source == "sympy"
    assert "tanh" in other.definition_line.latex


def test_substitutions_keep_the_definition():
    net = sn.network(layered).subs({n[0]: 3, n[1]: 4, n[2]: 2})
    assert net.definition_line.source == "latexify"


def test_deep_networks():
    def deep(x, W, b):
        for _ in range(40):
            x = x + relu(W @ x + b)
        return x

    net = sn.network(deep)
    assert len(net) == 40
    line = net.definition_line
    assert line.source == "sympy"
    assert len(line.latex) < 10_000
    assert r"h_{40} = " in line.latex

    def stack(x, W, b):
        for _ in range(60):
            x = relu(W @ x + b)
        return x

    assert len(sn.network(stack)) == 120


def test_network_of():
    x = weight("x", 2)
    V, W, b = weight("V", 2, 3), weight("W", 3, 2), weight("b", 3)
    f = sn.Sequential(sn.Linear(W, b), sn.ReLU(), sn.Linear(V))
    assert network_of(f(x), x) == f
    assert network_of(x + f(x), x) == sn.Residual(f)
    assert network_of(W * x + b, x) == sn.Linear(W, b)
    assert network_of(x, x) == sn.Identity()
    assert network_of(sn.Residual(f)(x), x) == sn.Residual(f)
    twice = sn.Sequential(sn.Residual(f), sn.Residual(f))
    assert network_of(twice(x), x) == twice
    assert network_of(b, x) == sn.Linear(sp.ZeroMatrix(3, 2), b)
    with pytest.raises(sn.TracingError, match="depend on the input"):
        network_of(V * W * x * x.T * x, x)
    with pytest.raises(sn.TracingError, match="not known"):
        network_of(sp.HadamardProduct(x, x), x)


def test_nothing_of_the_users_is_changed():
    before = dict(layered.__globals__)
    sn.network(layered)
    assert dict(layered.__globals__) == before
