"""Gradients of networks: against scalar derivatives, exactly, and in every layout."""

import numpy as np
import pytest
import sympy as sp
from sympy import Rational as Q

import symnet as sn
from symnet.activations import every_layer as every_activation
from symnet.base import Apply, Network
from symnet.claims._evaluate import evaluate
from symnet.errors import GradientError, LossError, ShapeError
from symnet.losses import every_loss

from .reference import equal, matrix, point_for, scalar_jacobian, seeded

n = sp.symbols("n_0:8", integer=True, positive=True)
m = sp.Symbol("m", integer=True, positive=True)


class some(sp.Function):
    """A function of which nothing is known but its derivatives."""

    def fdiff(self, argindex=1):
        return some_1(self.args[0])


class some_1(sp.Function):
    def fdiff(self, argindex=1):
        return some_2(self.args[0])


class some_2(sp.Function):
    pass


class Some(Network):
    """some at every entry; what holds for it holds for every activation."""

    is_elementwise = True
    name = "some"

    def scalar(self, t):
        return some(t)

    def definition(self, x):
        return x.applyfunc(some) if isinstance(x, sp.MatrixBase) else Apply(self, x)

    forward = definition


class Curved(Network):
    """t + t^2 / 2 at every entry: values stay rational."""

    is_elementwise = True
    name = "curved"

    def scalar(self, t):
        return t + t**2 / 2

    def definition(self, x):
        return x.applyfunc(self.scalar) if isinstance(x, sp.MatrixBase) else Apply(self, x)

    forward = definition


def stack(depth, activation=Some, last=None):
    """Linear layers with an activation between, all sizes symbols."""
    layers = []
    for k in range(depth):
        layers += [sn.Linear(n[k], n[k + 1]), activation()]
    layers = layers[:-1] + ([last] if last is not None else [])
    return sn.Sequential(*layers)


def sizes_for(random, depth):
    choices = (1, 2, 3) if depth < 4 else (1, 2)
    return {n[k]: sp.Integer(random.choice(choices)) for k in range(depth + 1)}


def target_for(loss, random, rows, cols=1):
    """A random target that the loss takes."""
    if loss.targets == sp.FiniteSet(-1, 1):
        return sp.ImmutableMatrix(rows, cols, lambda i, j: random.choice([-1, 1]))
    if loss.targets.sup == 1:
        Y = matrix(random, rows, cols).applyfunc(lambda t: 1 / (1 + abs(t)))
        if loss.is_distribution:
            Y = sp.Matrix.hstack(*(Y[:, j] / sum(Y[:, j]) for j in range(cols)))
        return sp.ImmutableMatrix(Y)
    return matrix(random, rows, cols)


def column(J, shape):
    """The transposed row of a Jacobian, in the shape of the variable."""
    return sp.ImmutableMatrix(*shape, lambda i, j: J[0, i + shape[0] * j])


# --- any activation, any depth


@pytest.mark.parametrize("depth", range(1, 7))
def test_the_jacobian_of_any_depth_is_that_of_the_entries(depth):
    net = stack(depth)
    x = net.input
    J = sn.jacobian(net)
    assert tuple(J.shape) == (n[depth], n[0])
    factors = J.args if depth > 1 else (J,)
    assert [f for f in factors if isinstance(f, sp.MatrixSymbol)] == [
        net.parameters[f"W_{k}"] for k in range(depth, 0, -1)
    ]
    random = seeded("jacobian", depth)
    point = point_for(random, J, net(x), sizes=sizes_for(random, depth))
    assert equal(evaluate(J, point), scalar_jacobian(net(x), x, point))


@pytest.mark.parametrize("depth", range(1, 7))
def test_gradients_by_every_parameter_are_those_of_the_entries(depth):
    net = stack(depth, Some if depth <= 3 else Curved)
    x, loss = net.input, sn.SquaredErrorLoss()
    y = sp.MatrixSymbol("y", n[depth], 1)
    gradients = sn.gradient(net, "all", loss=loss)
    assert gradients.keys() == net.parameters.keys()
    random = seeded("parameters", depth)
    value = loss(net(x), y)
    point = point_for(random, net(x), y, sizes=sizes_for(random, depth))
    for name, symbol in net.parameters.items():
        g = gradients[name]
        assert tuple(g.shape) == tuple(symbol.shape)
        if depth > 3 and name not in ("W_1", "b_3"):
            continue  # the slow route is slow
        found = evaluate(g, point)
        assert equal(found, column(scalar_jacobian(value, symbol, point), found.shape)), name


@pytest.mark.parametrize("wrt", ["x", "W_1", "b_1", "W_2"])
def test_second_derivatives_are_those_of_the_entries(wrt):
    net = stack(2)
    loss, x = sn.SquaredErrorLoss(), net.input
    y = sp.MatrixSymbol("y", n[2], 1)
    variable = x if wrt == "x" else net.parameters[wrt]
    random = seeded("second", wrt)
    point = point_for(random, net(x), y, sizes={n[0]: 2, n[1]: 2, n[2]: 1})
    shape = point[variable].shape
    first = sn.gradient(net, wrt, loss=loss)
    H = scalar_jacobian(first, variable, point)
    assert equal(H, H.T)
    v = sp.MatrixSymbol("v", *variable.shape)
    direction = matrix(random, *shape)
    product = evaluate(sn.hvp(net, wrt, loss=loss), {**point, v: direction})
    along = H * sp.Matrix(list(direction.T))
    assert equal(product, sp.ImmutableMatrix(*shape, lambda i, j: along[i + shape[0] * j]))
    if shape[1] == 1 and variable.shape[1] == 1:
        assert equal(evaluate(sn.hessian(net, wrt, loss=loss), point), H)
    else:
        with pytest.raises(GradientError, match="use hvp"):
            sn.hessian(net, wrt, loss=loss)


# --- layers


BRANCHES = [
    sn.Residual(sn.Sequential(sn.Linear(n[0], n[1]), Some(), sn.Linear(n[1], n[0]))),
    sn.Sum(sn.Linear(n[0], n[1]), sn.Sequential(sn.Linear(n[0], n[1]), Some())),
    sn.Sequential(sn.Concat(sn.Linear(n[0], n[1]), Some()), sn.Linear(n[0] + n[1], n[2])),
    sn.Sequential(sn.Linear(n[0], n[1]), sn.BatchNorm(n[1], eps=0), Some(), sn.Linear(n[1], n[2])),
    sn.Sequential(sn.Linear(n[0], n[0]), sn.Dropout(), Some(), sn.Flatten(), sn.Linear(n[0], n[2])),
    sn.Sequential(sn.Linear(n[0], n[1]), sn.LayerNorm(n[1], eps=1), Some(), sn.Linear(n[1], 2)),
    sn.Sequential(sn.Linear(n[0], n[1]), sn.Softmax(), sn.Linear(n[1], n[2])),
    sn.Sequential(sn.Linear(n[0], 2 * n[1]), sn.Maxout(2), sn.Linear(n[1], n[2])),
    sn.Sequential(sn.Linear(n[0], n[1]), sn.Max(), sn.Linear(1, n[2])),
]


@pytest.mark.parametrize("net", BRANCHES, ids=lambda net: str(net)[:60])
def test_layers_and_branches(net):
    loss = sn.MSELoss()
    x = net.input
    y = sp.MatrixSymbol("y", net.out_features, 1)
    random = seeded("branches", net)
    point = point_for(random, net(x), y, sizes={n[0]: 2, n[1]: 2, n[2]: 2})
    assert equal(evaluate(sn.jacobian(net), point), scalar_jacobian(net(x), x, point))
    value = loss(net(x), y)
    for name, g in sn.gradient(net, ["x", *sn.gradient(net, "all", loss=loss)], loss=loss).items():
        symbol = x if name == "x" else net.parameters[name]
        found = evaluate(g, point)
        assert equal(found, column(scalar_jacobian(value, symbol, point), found.shape)), name


def test_what_training_leaves_alone_is_not_among_all():
    net = sn.Sequential(sn.Linear(n[0], n[1]), sn.BatchNorm(n[1]))
    assert list(sn.gradient(net, "all", loss=sn.MSELoss())) == ["W_1", "b_1", "gamma_1", "beta_1"]
    assert sn.gradient(net, "mu_1", loss=sn.MSELoss()).shape == (n[1], 1)


def test_a_shared_weight_has_the_sum_of_its_gradients():
    W = sp.MatrixSymbol("W", n[0], n[0])
    net = sn.Sequential(sn.Linear(W), Some(), sn.Linear(W), Some(), sn.Linear(W.T))
    random = seeded("shared")
    y = sp.MatrixSymbol("y", n[0], 1)
    point = point_for(random, net(net.input), y, sizes={n[0]: 2})
    value = sn.squared_error(net(net.input), y)
    found = evaluate(sn.gradient(net, W, loss=sn.SquaredErrorLoss()), point)
    assert equal(found, column(scalar_jacobian(value, W, point), found.shape))
    found = evaluate(sn.jacobian(net, "W"), point)
    assert equal(found, scalar_jacobian(net(net.input), W, point))


def test_a_weight_inside_a_composed_weight():
    A, B = sp.MatrixSymbol("A", n[1], n[2]), sp.MatrixSymbol("B", n[2], n[0])
    net = sn.Sequential(sn.Linear(A * B), sn.Tanh())
    g = sn.gradient(net, "A", loss=sn.SquaredErrorLoss())
    assert tuple(g.shape) == (n[1], n[2])
    random = seeded("composed")
    y = sp.MatrixSymbol("y", n[1], 1)
    point = point_for(random, net(net.input), y, sizes={n[0]: 2, n[1]: 2, n[2]: 1})
    value = sn.squared_error(net(net.input), y)
    assert equal(evaluate(g, point), column(scalar_jacobian(value, A, point), (2, 1)))


def test_numbers_as_weights():
    net = sn.Sequential(sn.Linear([[1, 2], [3, 4]], [5, -6]), sn.ReLU(), sn.Linear([[1, -1]]))
    by_weight = sn.gradient(net, "W_1", loss=sn.SquaredErrorLoss(), target=[3])
    x = sp.Matrix([1, 1])
    # z = (8, 1), a = (8, 1), output 7, error 4: delta = (4, -4)
    assert by_weight.subs({net.input: x}).doit() == sp.Matrix([[4, 4], [-4, -4]])
    assert sn.gradient(net, "x").subs({net.input: x}).doit() == sp.Matrix([-2, -2])
    linear = sn.Sequential(sn.Linear([[1, 2]]), sn.Linear([[3], [4]]))
    assert sn.gradient(linear) == sp.Matrix([[3, 6], [4, 8]])


def test_a_network_from_a_python_function():
    def forward(x, W_1, W_2):
        h = sn.tanh(W_1 @ x)
        return x + W_2 @ h

    net = sn.network(forward)
    random = seeded("python")
    point = point_for(random, net(net.input))
    assert equal(
        evaluate(sn.jacobian(net), point), scalar_jacobian(net(net.input), net.input, point)
    )


# --- activations and losses


@pytest.mark.parametrize("layer", every_activation(), ids=lambda layer: layer.__name__)
def test_every_activation_at_depth_two(layer):
    """Slopes are laws of activations; here: the layer stands in a network."""
    activation = layer(*([Q(1, 3)] * (len(layer.function.parameters) - len(layer.defaults))))
    net = sn.Sequential(sn.Linear(n[0], n[1]), activation, sn.Linear(n[1], n[2]))
    random = seeded("activation", layer.__name__)
    J = sn.jacobian(net)
    point = point_for(random, net(net.input), J, sizes={n[0]: 1, n[1]: 2, n[2]: 1})
    assert equal(evaluate(J, point), scalar_jacobian(net(net.input), net.input, point))


@pytest.mark.parametrize("kind", every_loss(), ids=lambda k: k.__name__)
@pytest.mark.parametrize("batch", [None, "columns", "rows"])
def test_every_loss_in_every_layout(kind, batch):
    last = kind.link() if kind.link is not None else None
    net = stack(2, Curved, last)
    random = seeded("loss", kind.__name__)
    sizes = {n[0]: 1, n[1]: 1, n[2]: 2, m: 2}
    for reduction in ("mean", "sum"):
        loss = kind(reduction=reduction)
        columns = 1 if batch is None else 2
        Y = target_for(loss, random, 2, columns)
        shape = (n[2], 1) if batch is None else (n[2], m)
        X = sp.MatrixSymbol("x" if batch is None else "X", n[0], shape[1])
        y = sp.MatrixSymbol("y" if batch is None else "Y", *shape)
        value = loss(net(X), y)
        point = point_for(random, net(X), sizes=sizes)
        # exponentials of small numbers are compared faster
        point = {k: v if not isinstance(v, sp.MatrixBase) else v.applyfunc(
            lambda t: Q(random.choice([-1, 1, 2]), 3)) for k, v in point.items()}  # fmt: skip
        point[y] = Y
        gradients = sn.gradient(net, "all", loss=kind(), batch=batch, reduction=reduction)
        here = dict(point)
        if batch == "rows":
            here = {k: v for k, v in point.items() if k not in (X, y)}
            here[sp.MatrixSymbol("X", m, n[0])] = point[X].T
            here[sp.MatrixSymbol("Y", m, n[2])] = Y.T
        for name in ("W_1",) if reduction == "mean" else ("b_2",):
            symbol = net.parameters[name]
            found = evaluate(gradients[name], here)
            wanted = column(scalar_jacobian(value, symbol, point), found.shape)
            assert equal(found, wanted), (name, reduction)


def test_softmax_with_cross_entropy_and_sigmoid_with_binary_cross_entropy_give_p_minus_y():
    y = sp.MatrixSymbol("y", n[1], 1)
    net = sn.Sequential(sn.Linear(n[0], n[1]), sn.Softmax())
    p = net(net.input)
    g = sn.gradient(net, "b_1", loss=sn.CategoricalCrossEntropyLoss())
    assert g == sn.gradient(net[:1], "b_1", loss=sn.CrossEntropyLoss())
    assert g == sp.MatAdd(p, sp.MatMul(-1, y))
    net = sn.Sequential(sn.Linear(n[0], n[1]), sn.Sigmoid())
    g = sn.gradient(net, "b_1", loss=sn.BCELoss(), reduction="sum")
    assert g == sp.MatAdd(net(net.input), sp.MatMul(-1, y))


def test_the_softmax_jacobian_is_symmetric_and_its_rows_sum_to_zero():
    net = sn.Sequential(sn.Softmax())
    J = sn.jacobian(net)
    p, size = net(net.input), net.input.shape[0]
    assert tuple(J.shape) == (size, size)
    assert sp.MatAdd(sp.DiagMatrix(p), sp.MatMul(-1, p, sp.Transpose(p))) == J
    ones = sp.OneMatrix(4, 1)
    at = evaluate(
        sp.MatMul(J.subs(size, 4), ones), {sp.MatrixSymbol("x", 4, 1): ones.as_explicit()}
    )
    assert at == sp.zeros(4, 1)


def test_batches_as_on_the_board():
    net = sn.Linear(n[0], n[1])
    X, Y = sp.MatrixSymbol("X", n[0], m), sp.MatrixSymbol("Y", n[1], m)
    error = net(X) - Y
    found = sn.gradient(net, "all", loss=sn.SquaredErrorLoss(), batch="columns")
    assert found["W"].doit() == (error * X.T / m).doit()
    # the bias gradient is a sum over the batch
    assert found["b"].doit() == (error * sp.OneMatrix(m, 1) / m).doit()
    X, Y = sp.MatrixSymbol("X", m, n[0]), sp.MatrixSymbol("Y", m, n[1])
    W, b = net.parameters.values()
    error = X * W.T + sp.OneMatrix(m, 1) * b.T - Y
    found = sn.gradient(net, "W", loss=sn.SquaredErrorLoss(), batch="rows", reduction="sum")
    assert found.doit() == (error.T * X).doit()


def test_weight_decay_and_other_formulas():
    net = stack(2, sn.Tanh)
    W, penalty = net.parameters["W_1"], sp.Symbol("lambda", positive=True)
    y = sp.MatrixSymbol("y", n[2], 1)
    value = sn.squared_error(net(net.input), y) + penalty / 2 * sn.norm(W) ** 2
    g = sn.gradient(value, W)
    assert tuple(g.shape) == tuple(W.shape)
    alone = sn.gradient(net, W, loss=sn.SquaredErrorLoss())
    random = seeded("decay")
    point = point_for(random, value)
    assert equal(evaluate(g, point), evaluate(alone + penalty * W, point))
    assert sn.gradient(value, penalty) == sn.norm(W) ** 2 / 2


# --- layouts


def test_layouts():
    net = stack(2, sn.ReLU)
    J = sn.gradient(net)
    assert tuple(J.shape) == (n[2], n[0])
    assert sn.gradient(net, layout="numerator") == J
    assert tuple(sn.gradient(net, layout="denominator").shape) == (n[0], n[2])
    loss = sn.SquaredErrorLoss()
    for layout in (None, "denominator"):
        assert tuple(sn.gradient(net, "W_1", loss=loss, layout=layout).shape) == (n[1], n[0])
    assert tuple(sn.gradient(net, "W_1", loss=loss, layout="numerator").shape) == (n[0], n[1])
    assert tuple(sn.gradient(net, "b_1", loss=loss, layout="numerator").shape) == (1, n[1])


def test_one_output_has_a_gradient_like_its_parameter():
    net = sn.Sequential(sn.Linear(n[0], n[1]), sn.Tanh(), sn.Linear(n[1], 1))
    assert {k: tuple(g.shape) for k, g in sn.gradient(net, "all").items()} == {
        k: tuple(p.shape) for k, p in net.parameters.items()
    }
    assert tuple(sn.gradient(net).shape) == (n[0], 1)
    assert tuple(sn.jacobian(net).shape) == (1, n[0])


# --- kinks


def test_the_convention_at_kinks_is_that_of_torch():
    net = sn.Sequential(sn.Linear([[1], [-1]]), sn.ReLU(), sn.Linear([[1, 1]]))
    g = sn.gradient(net)
    assert sn.conventions(g) == ("relu'(0) = 0",)
    assert [g.subs({net.input: sp.Matrix([t])}).doit()[0] for t in (-1, 0, 1)] == [-1, 0, 1]
    assert sn.conventions({"a": g, "b": sp.Identity(2)}) == ("relu'(0) = 0",)
    smooth = sn.Sequential(sn.Linear(2, 3), sn.Tanh())
    assert sn.conventions(sn.gradient(smooth)) == ()
    clipped = sn.Sequential(sn.Linear(2, 3), sn.Hardtanh())
    assert sn.conventions(sn.gradient(clipped)) == ("hardtanh'(-1) = 0, hardtanh'(1) = 0",)


def test_of_equal_entries_the_first_is_the_greatest():
    g = sn.gradient(sn.Sequential(sn.Max()), "x")
    (symbol,) = g.atoms(sp.MatrixSymbol)
    assert g.subs({symbol.shape[0]: 3}).subs({sp.MatrixSymbol("x", 3, 1): sp.Matrix([1, 2, 2])}
    ).doit() == sp.Matrix([0, 1, 0])  # fmt: skip


def test_piecewise_linear_networks_have_no_second_derivative_and_smooth_ones_do():
    for layer in (sn.ReLU, sn.LeakyReLU, sn.Abs, sn.Hardtanh):
        net = sn.Sequential(sn.Linear(n[0], n[1]), layer(), sn.Linear(n[1], 1))
        assert sn.hessian(net) == sp.ZeroMatrix(n[0], n[0])
    assert sn.hessian(sn.Sequential(sn.Linear(n[0], n[1]), sn.Sigmoid(), sn.Linear(n[1], 1))) != 0


# --- what SymPy alone cannot


def test_sympy_cannot_derive_two_hidden_layers():
    relu = sp.Lambda(sp.Symbol("t"), sp.Max(0, sp.Symbol("t")))
    x = sp.MatrixSymbol("x", n[0], 1)
    W = [sp.MatrixSymbol(f"W_{k + 1}", n[k + 1], n[k]) for k in range(3)]
    with pytest.raises(ValueError, match=r"."):
        (W[2] * (W[1] * (W[0] * x).applyfunc(relu)).applyfunc(relu)).diff(x)
    net = sn.Sequential(
        sn.Linear(W[0]), sn.ReLU(), sn.Linear(W[1]), sn.ReLU(), sn.Linear(W[2])
    )  # fmt: skip
    assert str(sn.gradient(net)) == (
        "W_3*DiagMatrix(relu'(W_2*relu(W_1*x)))*W_2*DiagMatrix(relu'(W_1*x))*W_1"
    )


# --- messages


def message(error, call):
    with pytest.raises(error) as caught:
        call()
    return str(caught.value)


NET = sn.Sequential(sn.Linear(n[0], n[1]), sn.ReLU(), sn.Linear(n[1], n[2]))


@pytest.mark.parametrize(
    ("error", "call", "words"),
    [
        (GradientError, lambda: sn.gradient(NET, "W_3"),
         "there is no W_3: the network has x, W_1, b_1, W_2, b_2; did you mean W_2?"),
        (GradientError, lambda: sn.gradient(NET, sp.MatrixSymbol("W_1", 2, 2)),
         "W_1 is a matrix of shape (2, 2), and there it is a matrix of shape (n_1, n_0); give "
         "the name 'W_1', or the symbol itself"),
        (GradientError, lambda: sn.gradient(NET, 3),
         "wrt is 3; it is 'x', the name or symbol of a parameter, 'all', or a list"),
        (GradientError, lambda: sn.gradient(NET, layout="rows"),
         "layout is 'rows'; it is 'denominator', 'numerator' or None"),
        (GradientError, lambda: sn.gradient(NET, batch="columns"),
         "a batch has one Jacobian for every example; give a loss, or leave out batch"),
        (GradientError, lambda: sn.gradient(NET, batch=3, loss=sn.MSELoss()),
         "batch is 3; it is 'columns', 'rows' or None for one example"),
        (LossError, lambda: sn.gradient(NET, loss=sn.MSELoss),
         "write MSELoss() with its arguments, not the class"),
        (LossError, lambda: sn.gradient(NET, loss="mse"),
         "loss is 'mse', which is not a loss; give one, for example MSELoss(), "
         "CrossEntropyLoss()"),
        (LossError, lambda: sn.gradient(NET, target=[1]),
         "a target was given without a loss; give loss=MSELoss() or another"),
        (LossError, lambda: sn.gradient(NET, loss=sn.BCELoss()),
         "BCELoss() takes numbers from 0 to 1, and the network ends with Linear(W_2, b_2), which "
         "gives others; end the network with Sigmoid(), or take BCEWithLogitsLoss()"),
        (ShapeError, lambda: sn.gradient(NET, loss=sn.MSELoss(), target=[1, 2]),
         "the target of MSELoss has shape (2, 1), and the prediction has shape (n_2, 1); they "
         "must be the same: one target for every output and every example"),
        (GradientError, lambda: sn.hessian(NET),
         "the network has n_2 outputs, and second derivatives are those of one number; give a "
         "loss"),
        (ShapeError, lambda: sn.jvp(NET, "x", [1, 2]),
         "v has shape (2, 1), and shape (n_0, 1) is needed"),
    ],
)  # fmt: skip
def test_messages(error, call, words):
    assert message(error, call) == words


def test_targets_in_rows_and_classes():
    net, loss = sn.Sequential(sn.Linear(2, 3)), sn.CrossEntropyLoss()
    by_class = sn.gradient(net, "W_1", loss=loss, target=2)
    assert by_class == sn.gradient(net, "W_1", loss=loss, target=[0, 0, 1])
    batch = {"loss": loss, "batch": "rows"}
    g = sn.gradient(net, "b_1", **batch).subs(m, 2)
    values = {sp.MatrixSymbol(*s): v for s, v in (
        (("Y", 2, 3), sp.Matrix([[0, 0, 1], [1, 0, 0]])), (("X", 2, 2), sp.zeros(2, 2)),
        (("W_1", 3, 2), sp.zeros(3, 2)), (("b_1", 3, 1), sp.zeros(3, 1)))}  # fmt: skip
    # p is 1/3 in both examples: the mean of p - y
    assert g.subs(values).as_explicit() == sp.Matrix([-Q(1, 6), Q(1, 3), -Q(1, 6)])


# --- how many examples a batch has


@pytest.mark.parametrize("batch", ["columns", "rows"])
@pytest.mark.parametrize("kind", ["array", "list", "symbol"])
def test_a_batch_has_as_many_examples_as_its_target(batch, kind):
    net = sn.Sequential(sn.Linear([[1, 2], [3, 4]], [1, -1]), sn.ReLU(), sn.Linear([[1, -1]]))
    values = [[1, 2, 4]] if batch == "columns" else [[1], [2], [4]]
    shape = (1, 3) if batch == "columns" else (3, 1)
    target = {
        "array": np.array(values), "list": values, "symbol": sp.MatrixSymbol("T", *shape)
    }[kind]  # fmt: skip
    X = sp.ImmutableMatrix([[1, 0, -3], [2, -1, 1]])
    found = sn.gradient(net, "W_1", loss=sn.SquaredErrorLoss(), target=target, batch=batch)
    x = sp.MatrixSymbol("X", 2, 3) if batch == "columns" else sp.MatrixSymbol("X", 3, 2)
    point = {x: X if batch == "columns" else X.T, sp.MatrixSymbol("T", *shape):
             sp.ImmutableMatrix(values)}  # fmt: skip
    one = [
        sn.gradient(net, "W_1", loss=sn.SquaredErrorLoss(), target=[y]).subs(
            net.input, X[:, k]).as_explicit()
        for k, y in enumerate((1, 2, 4))
    ]  # fmt: skip
    assert sp.Matrix(evaluate(found, point)) == sum(one, sp.zeros(2, 2)) / 3


def test_classes_say_how_many_examples_there_are():
    net = sn.Sequential(sn.Linear(2, 3))
    found = sn.gradient(
        net, "b_1", loss=sn.CrossEntropyLoss(), target=[2, 0, 1, 1], batch="rows"
    )  # fmt: skip
    X = sp.MatrixSymbol("X", 4, 2)
    assert found.has(X)


@pytest.mark.parametrize(
    ("batch", "shape", "wanted"),
    [("rows", (3, 5), r"shape \(3, 5\), and the prediction has shape \(3, 2\): one row for every"),
     ("columns", (5, 3), r"shape \(5, 3\), and the prediction has shape \(2, 3\)")],
)  # fmt: skip
def test_targets_that_do_not_fit_a_batch(batch, shape, wanted):
    with pytest.raises(ShapeError, match=wanted):
        sn.gradient(sn.Linear(2, 2), "W", loss=sn.MSELoss(), target=np.ones(shape), batch=batch)


def test_a_maximum_of_any_number_of_entries():
    n, m = sp.symbols("n m", integer=True, positive=True)
    net = sn.Sequential(sn.Linear(n, m), sn.Max())
    g = sn.gradient(net)
    assert str(g) == "W_1.T*hardmax(W_1*x + b_1)"
    point = {n: 2, m: 3, net.input: sp.Matrix([1, 2]), net.parameters["b_1"]: sp.zeros(3, 1),
             net.parameters["W_1"]: sp.Matrix([[1, 0], [0, 1], [1, -1]])}  # fmt: skip
    assert g.subs(point).as_explicit() == sp.Matrix([0, 1])


def test_a_deep_batch_is_carried_out_by_doit():
    """Layers at numbers are numbers, so that entries of deep networks are not written out."""
    n = sp.symbols("n_0:6", integer=True, positive=True)
    m = sp.Symbol("m", integer=True, positive=True)
    net = sn.Sequential(*(a for k in range(5) for a in (sn.Linear(n[k], n[k + 1]), sn.ReLU())))
    value = net(sp.MatrixSymbol("X", n[0], m))
    random = seeded("batch")
    point = {**dict.fromkeys(n, sp.Integer(2)), m: sp.Integer(2), sp.MatrixSymbol("X", n[0], m):
             matrix(random, 2, 2)}  # fmt: skip
    for symbol in net.parameters.values():
        point[symbol] = matrix(random, 2, 1 if symbol.shape[1] == 1 else 2)
    assert value.subs(point).doit() == evaluate(value, point)
