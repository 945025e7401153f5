"""The laws of losses, once, over every member that is found."""

import pickle
from itertools import product

import numpy as np
import pytest
import sympy as sp
from sympy import Rational as Q

import symnet as sn
from symnet.claims._evaluate import evaluate
from symnet.errors import LossError, ShapeError
from symnet.losses import every_loss

LOSSES = every_loss()
n, m = sp.symbols("n m", integer=True, positive=True)
log2, log3 = sp.log(2), sp.log(3)

#: Parameters to try besides the defaults.
PARAMETERS = {"HuberLoss": [(Q(1, 2),), (3,)]}

#: (loss, prediction, target, value, gradient), worked out by hand from the definitions.
BY_HAND = {
    "BCELoss": [
        (sn.BCELoss(), [Q(1, 4), Q(1, 2)], [1, 0], (2 * log2 + log2) / 2, [-2, 1]),
        (sn.BCELoss(reduction="sum"), [Q(1, 3)], [Q(1, 3)], log3 - 2 * log2 / 3, [0]),
    ],
    "BCEWithLogitsLoss": [
        (sn.BCEWithLogitsLoss(), [0, log3], [1, 0], (log2 + 2 * log2) / 2, [-Q(1, 4), Q(3, 8)]),
    ],
    "CategoricalCrossEntropyLoss": [
        (sn.CategoricalCrossEntropyLoss(), [Q(1, 4), Q(3, 4)], 0, 2 * log2, [-4, 0]),
    ],
    "CrossEntropyLoss": [
        (sn.CrossEntropyLoss(), [0, log3], [1, 0], 2 * log2, [-Q(3, 4), Q(3, 4)]),
        (sn.CrossEntropyLoss(), [5, 5, 5], 2, log3, [Q(1, 3), Q(1, 3), -Q(2, 3)]),
    ],
    "HingeLoss": [
        # inside, on and outside the margin; the derivative of max(0, t) at 0 is 0
        (sn.HingeLoss(reduction="sum"), [0, 1, -3, 5], [1, 1, -1, -1], 7, [-1, 0, 0, 1]),
    ],
    "HuberLoss": [
        (sn.HuberLoss(2), [3, 1, -2], [0, 1, 0], Q(4 + 0 + 2, 3), [Q(2, 3), 0, -Q(2, 3)]),
    ],
    "L1Loss": [(sn.L1Loss(), [3, 1, 1, 0], [0, 1, 2, 0], 1, [Q(1, 4), 0, -Q(1, 4), 0])],
    "MSELoss": [
        (sn.MSELoss(), [3, 1], [1, 2], Q(5, 2), [2, -1]),
        (sn.MSELoss(reduction="sum"), [3, 1], [1, 2], 5, [4, -2]),
    ],
    "NLLLoss": [(sn.NLLLoss(), [-1, -2, -7], 1, 2, [0, -1, 0])],
    "SquaredErrorLoss": [(sn.SquaredErrorLoss(), [3, 1], [1, 2], Q(5, 2), [2, -1])],
}  # fmt: skip


def cases():
    """Every member, with every choice of parameters and both reductions."""
    for loss in LOSSES:
        for parameters in [(), *PARAMETERS.get(loss.__name__, [])]:
            for reduction in ("mean", "sum"):
                yield loss(*parameters, reduction=reduction)


every_case = pytest.mark.parametrize("loss", list(cases()), ids=str)
every_member = pytest.mark.parametrize("kind", LOSSES, ids=lambda k: k.__name__)


def examples(loss, rows=3, cols=2):
    """A prediction and a target with rational entries that the loss is defined for."""
    a = [Q(k * k - 5, k + 2) for k in range(rows * cols)]
    if loss.predictions.sup == 1:
        a = [1 / (2 + abs(entry)) for entry in a]
    y = [Q(k, 2) - 1 for k in range(rows * cols)]
    if loss.targets == sp.FiniteSet(-1, 1):
        y = [(-1) ** (k // 2) for k in range(rows * cols)]
    elif loss.targets.sup == 1:
        y = [Q(1, k + 2) for k in range(rows * cols)]
    A, Y = sp.Matrix(rows, cols, a), sp.Matrix(rows, cols, y)
    if loss.is_distribution:
        Y = sp.Matrix.hstack(*(Y[:, j] / sum(Y[:, j]) for j in range(cols)))
    return sp.ImmutableMatrix(A), sp.ImmutableMatrix(Y)


def is_zero(value):
    value = sp.sympify(value)
    return value == 0 or sp.simplify(sp.expand_log(value, force=True)) == 0


def gradient(loss, A, Y):
    """The gradient as its matrix expression says, at explicit matrices."""
    shape = (n, m) if A.cols > 1 else (n, 1)
    a, y = sp.MatrixSymbol("a", *shape), sp.MatrixSymbol("y", *shape)
    point = {n: A.rows, m: A.cols, a: A, y: Y}
    return evaluate(loss.gradient(a, y), point) * loss.scale(A)


def test_all_members_are_covered():
    assert {loss.__name__ for loss in LOSSES} == BY_HAND.keys()
    assert {loss.__name__ for loss in LOSSES if loss.parameters} == PARAMETERS.keys()


@every_member
def test_value_and_gradient_by_hand(kind):
    for loss, a, y, value, slope in BY_HAND[kind.__name__]:
        assert is_zero(loss(a, y) - value)
        A = sp.ImmutableMatrix(a)
        Y = sp.ImmutableMatrix(A.rows, 1, lambda i, _: int(i == y) if isinstance(y, int) else y[i])  # noqa: B023
        found = gradient(loss, A, Y)
        assert all(is_zero(p - q) for p, q in zip(found.flat(), slope, strict=True)), found


@every_case
@pytest.mark.parametrize("shape", [(3, 2), (1, 1), (2, 1)], ids=str)
def test_the_formula_is_the_sum_over_entries(loss, shape):
    A, Y = examples(loss, *shape)
    a, y = sp.MatrixSymbol("a", n, m), sp.MatrixSymbol("y", n, m)
    symbolic = loss(a, y)
    assert symbolic.free_symbols >= {a, y}
    at = evaluate(symbolic, {n: shape[0], m: shape[1], a: A, y: Y})
    assert is_zero(at - loss(A, Y))
    sized = symbolic.subs({n: shape[0], m: shape[1]})
    values = {sp.MatrixSymbol("a", *shape): A, sp.MatrixSymbol("y", *shape): Y}
    assert is_zero(sized.subs(values).doit() - loss(A, Y))


@every_case
@pytest.mark.parametrize("shape", [(3, 2), (2, 1)], ids=str)
def test_the_gradient_is_the_derivative_of_the_value(loss, shape):
    A, Y = examples(loss, *shape)
    variables = sp.ImmutableMatrix(*shape, sp.symbols(f"t:{shape[0] * shape[1]}", real=True))
    value = loss.scale(A) * loss.total(variables, Y)
    point = dict(zip(variables, A, strict=True))
    wanted = [value.diff(t).subs(point).doit() for t in variables]
    found = gradient(loss, A, Y).flat()
    for t, p, q in zip(variables, found, wanted, strict=True):
        assert is_zero(p - q), t


@every_case
def test_convex_in_the_prediction_as_stated(loss):
    """On segments of rational points: L((a + b)/2) <= (L(a) + L(b))/2."""
    assert loss.convex
    A, Y = examples(loss)
    for shift in (Q(1, 9), Q(1, 40)):
        B = A.applyfunc(lambda t, s=shift: t * (1 - s))
        gap = (loss(A, Y) + loss(B, Y)) / 2 - loss((A + B) / 2, Y)
        assert gap.evalf(30) >= -(10**-25)


@every_member
def test_a_loss_of_its_link_is_the_loss_of_logits(kind):
    if kind.link is None:
        assert kind.with_logits is None
        return
    Z = sp.ImmutableMatrix([[0, log2], [log3, 1]])
    _, Y = examples(kind(), 2, 2)
    together = kind.with_logits()(Z, Y) - kind()(kind.link()(Z), Y)
    assert abs(together.evalf(40)) < 10**-35


@every_case
def test_rebuilt_pickled_and_compared(loss):
    assert loss.func(*loss.args) == loss == pickle.loads(pickle.dumps(loss))
    assert loss.reduced(loss.reduction) == loss
    assert loss.reduced("mean" if loss.reduction == "sum" else "sum") != loss
    assert eval(str(loss), vars(sn) | {k.__name__: k for k in LOSSES}) == loss


@every_member
def test_functions_are_the_losses(kind):
    module = __import__(kind.__module__, fromlist=["x"])
    functions = {
        name for name, f in vars(module).items()
        if getattr(f, "__module__", "") == kind.__module__ and callable(f) and name in dir(sn)
    }  # fmt: skip
    (name,) = functions - {kind.__name__}
    assert kind.torch_function in (None, name)
    A, Y = examples(kind())
    for reduction in ("mean", "sum"):
        assert getattr(sn, name)(A, Y, reduction=reduction) == kind(reduction=reduction)(A, Y)


@every_case
def test_value_and_gradient_as_in_torch(loss):
    torch = pytest.importorskip("torch")
    if loss.torch is None:
        pytest.skip("torch has no such loss")
    A, Y = examples(loss)
    options = dict(zip(loss.parameters, map(float, loss.values), strict=True))
    theirs = getattr(torch.nn, loss.torch)(reduction=loss.reduction, **options)
    # torch has one example in a row
    a = torch.tensor(np.array(A.T.tolist(), float), requires_grad=True)
    y = torch.tensor(np.array(Y.T.tolist(), float))
    if loss.torch == "NLLLoss":  # it takes classes only
        Y = sp.ImmutableMatrix([[0, 0], [0, 1], [1, 0]])
        y = torch.tensor([2, 1])
    value = theirs(a, y)
    value.backward()
    assert abs(float(sp.N(loss(A, Y), 30)) - value.item()) < 1e-14 * (1 + abs(value.item()))
    ours = np.array(sp.N(gradient(loss, A, Y), 30).T.tolist(), float)
    assert np.allclose(ours, a.grad.numpy(), rtol=1e-14, atol=1e-15)


def test_torch_has_the_same_values_at_kinks():
    torch = pytest.importorskip("torch")
    a = torch.tensor([[1.0, 2.0]], dtype=torch.float64, requires_grad=True)
    torch.nn.L1Loss(reduction="sum")(a, torch.tensor([[1.0, 0.0]], dtype=torch.float64)).backward()
    assert a.grad.tolist() == [[0, 1]]


# --- what is not accepted


def message(error, call):
    with pytest.raises(error) as caught:
        call()
    return str(caught.value)


def test_shapes_are_compared():
    said = message(ShapeError, lambda: sn.MSELoss()([1, 2, 3], [1, 2]))
    assert said == (
        "the target of MSELoss has shape (2, 1), and the prediction has shape (3, 1); they must "
        "be the same: one target for every output and every example"
    )
    a, y = sp.MatrixSymbol("a", n, 1), sp.MatrixSymbol("y", 1, n)
    assert "transpose it" in message(ShapeError, lambda: sn.MSELoss()(a, y))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: sn.BCELoss()([2], [1]), "entry [0] of the prediction of BCELoss is 2, and it "
         "takes numbers from 0 to 1; end the network with Sigmoid(), or take BCEWithLogitsLoss()"),
        (lambda: sn.HingeLoss()([2], [0]),
         "entry [0] of the target of HingeLoss is 0, and it takes -1 or 1"),
        (lambda: sn.CrossEntropyLoss()([1, 2], [1, 1]),
         "the entries of the target of CrossEntropyLoss sum to 2; a target is a distribution, "
         "so they sum to 1, or the number of a class"),
        (lambda: sn.CrossEntropyLoss()([1, 2], 2),
         "the target of CrossEntropyLoss is the class 2; there are 2, counted from 0 to 1"),
        (lambda: sn.MSELoss(reduction="none"),
         "MSELoss takes reduction='mean' or 'sum', and got 'none'; a gradient is that of one "
         "number"),
        (lambda: sn.HuberLoss(0), "HuberLoss takes delta > 0, and got 0"),
        (lambda: sn.HuberLoss(1, 2), "HuberLoss takes delta, reduction, and got 1, 2"),
        (lambda: sn.MSELoss(beta=1), "MSELoss takes reduction, and got beta=1"),
    ],
)  # fmt: skip
def test_messages(call, words):
    assert message(LossError, call) == words


def test_classes_are_unit_columns():
    Z = [[1, 2], [3, 4], [5, 6]]
    loss = sn.CrossEntropyLoss()
    assert loss(Z, [2, 0]) == loss(Z, [[0, 1], [0, 0], [1, 0]])
    a = sp.MatrixSymbol("a", n, 1)
    assert "give their number first" in message(ShapeError, lambda: loss(a, 1))
    assert "has 3 classes" in message(ShapeError, lambda: loss(Z, [0, 1, 2]))


def test_zero_times_log_zero_is_zero():
    for loss, p in product((sn.BCELoss(), sn.CategoricalCrossEntropyLoss()), ([1, 0],)):
        assert loss(p, [1, 0]) == 0


def test_written_as_on_the_board():
    a, y = sp.MatrixSymbol("a", n, 1), sp.MatrixSymbol("y", n, 1)
    written = {str(loss): sp.latex(loss(a, y)) for loss in (sn.MSELoss(), sn.CrossEntropyLoss())}
    assert written["MSELoss()"] == r"\frac{\left\lVert a - y \right\rVert^{2}}{n}"
    assert written["CrossEntropyLoss()"] == (
        r"- y^{T} \log\left(\operatorname{softmax}\left(a\right)\right)"
    )
