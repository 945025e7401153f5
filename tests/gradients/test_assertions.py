"""assert_backward and assert_gradient: what is right passes, and classic bugs are named."""

import re

import numpy as np
import pytest
import sympy as sp

import symnet as sn
from symnet.errors import GradientError, RefutedError, ShapeError
from symnet.testing._tracked import Tracked, derivatives, tracked

from . import teaching_code as code

SHAPES = {"X": (4, 3), "y": np.array([0, 2, 1, 0]), "W1": (3, 4), "b1": (4,), "W2": (4, 3),
          "b2": (3,)}  # fmt: skip
SMALL = {"X": (4, 3), "Y": (4, 1), "W1": (3, 4), "W2": (4, 1)}


def message(call):
    with pytest.raises(RefutedError) as caught:
        call()
    return str(caught.value)


# --- hand-written NumPy


def test_the_teaching_code_is_right():
    sn.assert_backward(code.forward, code.backward, **SHAPES)
    sn.assert_backward(code.two_layers, code.two_layers_backward, wrt=["W1", "W2"], **SMALL)


@pytest.mark.parametrize(
    ("bug", "entry", "looks"),
    [
        (code.mask_forgotten, r"W1\[\d, \d\]", None),
        (code.mean_forgotten, r"W2\[0, 0\]", "4 times the exact gradient"),
        (code.bias_not_summed, r"b2\[\d\]", None),
    ],
    ids=lambda b: getattr(b, "__name__", ""),
)
def test_classic_bugs_are_found_and_named(bug, entry, looks):
    said = message(lambda: sn.assert_backward(code.forward, bug, **SHAPES))
    assert "does not give the gradient of the forward function" in said
    assert re.search(rf"by:\s+{entry}", said)
    assert looks is None or looks in said
    assert "at X:" in said


def test_a_mask_with_equality_is_found_at_kinks():
    said = message(lambda: sn.assert_backward(code.forward, code.mask_with_equality, **SHAPES))
    assert re.search(r"by:\s+(X|W1|b1)\[", said)
    assert "lie on kinks, where relu'(0) = 0; not with kinks=False" in said
    sn.assert_backward(code.forward, code.mask_with_equality, kinks=False, **SHAPES)


@pytest.mark.parametrize(
    ("forward", "slope"),
    [
        (lambda z: np.maximum(0, z), lambda z: z > 0),
        (lambda z: np.maximum(z, 0), lambda z: z > 0),
        (lambda z: np.maximum(2 * z - z, 0.0), lambda z: z > 0),
        (lambda z: np.minimum(0, -z), lambda z: -1.0 * (z > 0)),
        (lambda z: np.minimum(z, 0), lambda z: z < 0),
        (np.abs, np.sign),
        (lambda z: np.where(z > 0, z, z / 4), lambda z: np.where(z > 0, 1, 0.25)),
    ],
)  # fmt: skip
def test_right_masks_are_right_at_kinks_too(forward, slope):
    """In whatever order maximum takes its arguments, with zeros among the values."""
    z = np.array([[0.0, 1.0, -1.0], [2.0, 0.0, -3.0]])
    sn.assert_backward(lambda z: (forward(z) ** 2 + forward(z)).sum(),
                       lambda z: {"z": (2 * forward(z) + 1) * slope(z)}, z=z)  # fmt: skip


def test_points_without_a_value_are_no_kinks():
    """The logarithm has none at 0 and -1, which are among the small integers."""
    sn.assert_backward(lambda W: np.log(W * W).sum(), lambda W: {"W": 2 / W}, W=(3, 4))


def test_more_classic_bugs():
    wrong = {"wrt": ["W1", "W2"], **SMALL}
    said = message(
        lambda: sn.assert_backward(code.two_layers, code.slope_at_the_wrong_place, **wrong)
    )
    assert re.search(r"by:\s+W1\[", said)
    said = message(lambda: sn.assert_backward(code.two_layers, code.sign_turned, **wrong))
    assert "-1 times the exact gradient" in said


def test_the_exact_derivative_is_rational_where_it_is():
    def forward(W):
        return (np.maximum(0, W) ** 2).sum()

    said = message(
        lambda: sn.assert_backward(forward, lambda W: (W,), wrt="W", W=np.array([[3.0, -1.0]]))
    )
    assert "exact: 6\n" in said
    assert "got:   3.0" in said
    assert "wrong: 2 of 2 entries" in said


def test_transposes_and_shapes():
    def forward(A, x):
        return (x @ A @ x).sum()

    sn.assert_backward(forward, lambda A, x: {"A": np.outer(x, x)}, A=(3, 3), x=(3,))
    said = message(
        lambda: sn.assert_backward(
            lambda A, B: (A @ B @ B).sum(),
            lambda A, B: {"A": (np.ones((2, 3)) @ (B @ B).T).T},
            A=(2, 3),
            B=(3, 3),
        )
    )
    assert "(3, 2), transposed" in said


FUNCTIONS = {
    "exp": np.exp, "log": lambda x: np.log(x * x + 1), "log1p": lambda x: np.log1p(x * x),
    "tanh": np.tanh, "sqrt": lambda x: np.sqrt(1 + x**2), "square": np.square, "abs": np.abs,
    "sin": np.sin, "cos": np.cos, "sinh": np.sinh, "cosh": np.cosh, "arctan": np.arctan,
    "expm1": np.expm1, "log2": lambda x: np.log2(2 + x**2), "power": lambda x: (x + 3) ** 1.5,
    "clip": lambda x: np.clip(x, -0.5, 0.5), "minimum": lambda x: np.minimum(x, 0.25),
    "where": lambda x: np.where(x > 0, x, 0.01 * x), "cube": lambda x: x**-3, "mean": np.mean,
}  # fmt: skip


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_is_followed(name):
    """Against differences of the function in floats, to a few digits."""
    f = FUNCTIONS[name]
    points = [0.75, -0.3, 1.25]
    for x in points:
        numbers = tracked([x])
        result = np.sum(f(numbers))
        (slope,) = derivatives(result, numbers) if isinstance(result, Tracked) else (0,)
        h = 1e-6
        difference = (np.sum(f(np.array([x + h]))) - np.sum(f(np.array([x - h])))) / (2 * h)
        found = float(slope.p) / float(slope.q) if hasattr(slope, "q") else float(slope)
        assert abs(found - difference) < 1e-6 * (1 + abs(difference))


def test_values_are_exact_and_comparisons_too():
    third = tracked([1])[0] / 3
    assert (third * 3).value == 1
    assert third > 0.3333333333333333
    tiny = np.exp(tracked([-20.0]))[0]
    assert tiny > 0
    assert 1 + tiny > 1
    assert not (tracked([2.0])[0] < 2)
    with pytest.raises(TypeError, match="makes a float of a number that is followed"):
        float(third)
    assert isinstance(abs(-third), Tracked)


def test_messages_of_assert_backward():
    with pytest.raises(ShapeError, match="forward takes b1, W2, b2, of which nothing was said"):
        sn.assert_backward(code.forward, code.backward, X=(2, 3), y=np.array([0, 1]), W1=(3, 4))
    with pytest.raises(GradientError, match="gives 'dV', which names none of W"):
        sn.assert_backward(lambda W: (W**2).sum(), lambda W: {"dV": W}, W=(2, 2))
    with pytest.raises(GradientError, match="gives 2 gradients, and 1 are expected: W"):
        sn.assert_backward(lambda W: (W**2).sum(), lambda W: (W, W), W=(2, 2))
    with pytest.raises(GradientError, match="a loss that depends on W is expected"):
        sn.assert_backward(lambda W: 3.0, lambda W: (W,), W=(2, 2))


# --- torch


def pair(torch, *layers):
    """A symbolic network and the same in torch, by layers that both know."""
    ours, theirs = zip(*layers, strict=True)
    return sn.Sequential(*ours), torch.nn.Sequential(*theirs)


def test_modules_have_the_gradient_of_their_network():
    torch = pytest.importorskip("torch")
    n = sp.symbols("n_0:3", integer=True, positive=True)
    net, module = pair(
        torch,
        (sn.Linear(n[0], n[1]), torch.nn.Linear(3, 4)),
        (sn.PReLU(), torch.nn.PReLU()),
        (sn.BatchNorm(n[1]), torch.nn.BatchNorm1d(4)),
        (sn.Dropout(), torch.nn.Dropout()),
        (sn.Linear(n[1], n[2]), torch.nn.Linear(4, 2)),
    )
    module = module.double()
    with torch.no_grad():
        module[2].running_mean += 0.3
        module[2].running_var *= 2
    for loss in (None, sn.MSELoss(), sn.CrossEntropyLoss(), sn.HingeLoss(), sn.SquaredErrorLoss()):
        sn.assert_gradient(net, module, loss=loss, samples=2)
    sn.assert_gradient(net, module.float(), loss=sn.HuberLoss(), samples=2)
    assert module.training


def test_a_wrong_backward_pass_of_a_module_is_named():
    torch = pytest.importorskip("torch")

    class Clipped(torch.autograd.Function):
        """relu whose gradient passes everywhere, a straight-through estimator."""

        @staticmethod
        def forward(ctx, z):
            return z.clamp(min=0)

        @staticmethod
        def backward(ctx, gradient):
            return gradient

    class Layer(torch.nn.Module):
        def forward(self, z):
            return Clipped.apply(z)

    torch.manual_seed(0)
    net, module = pair(
        torch,
        (sn.Linear(3, 4), torch.nn.Linear(3, 4)),
        (sn.ReLU(), Layer()),
        (sn.Linear(4, 2), torch.nn.Linear(4, 2)),
    )
    said = message(lambda: sn.assert_gradient(net, module.double(), loss=sn.MSELoss()))
    assert "the module does not have the gradient of the network" in said
    assert re.search(r"by:\s+(x|W_1)\[", said)
    assert "at x:" in said


def test_messages_of_assert_gradient():
    torch = pytest.importorskip("torch")
    net = sn.Sequential(sn.Linear(3, 4), sn.Tanh(), sn.Linear(4, 2))
    with pytest.raises(ShapeError, match=r"has the parameters W_1, b_1, W_2, b_2, and the module"):
        sn.assert_gradient(net, torch.nn.Linear(3, 4))
    other = torch.nn.Sequential(torch.nn.Linear(3, 5), torch.nn.Linear(5, 2))
    with pytest.raises(ShapeError, match=r"W_1 has shape \(4, 3\), and 0.weight of the module"):
        sn.assert_gradient(net, other)
    with pytest.raises(TypeError, match=r"give a torch.nn.Module"):
        sn.assert_gradient(net, lambda x: x)
