"""Symbolic gradients with numbers put in, beside torch's autograd in float64."""

import inspect
import os

import numpy as np
import pytest
import sympy as sp

import symnet as sn
from symnet.activations import every_layer as every_activation
from symnet.base import Apply
from symnet.claims._evaluate import evaluate
from symnet.losses import every_loss

from .reference import seeded

torch = pytest.importorskip("torch")

#: All depths for every pair of activation and loss, or one depth for each pair.
DEPTHS = range(1, 7)
FULL = bool(os.environ.get("SYMNET_FULL"))
DIGITS = 50

ACTIVATIONS = [layer for layer in every_activation() if layer.torch is not None]
LOSSES = [loss for loss in every_loss() if loss.torch is not None]


def dyadic(random, rows, cols):
    """A matrix of small numbers that float64 holds; torch clips what is nearly 0 or 1."""
    entries = [sp.Rational(random.randint(-31, 31), 32) for _ in range(rows * cols)]
    return sp.ImmutableDenseMatrix(rows, cols, entries)


def their_activation(layer):
    options = {
        name: (str(v) if v in ("tanh", "none") else v) for name, v in layer.function.options.items()
    }
    module = getattr(torch.nn, layer.torch)
    names = inspect.signature(module).parameters
    values = dict(zip(layer.function.parameters, map(float, layer.values), strict=True))
    renamed = {"lo": "min_val", "hi": "max_val", "a": "negative_slope"}
    given = {renamed.get(k, k): v for k, v in values.items()}
    if layer.torch == "PReLU":
        given = {"init": next(iter(values.values()))}
    return module(**{k: v for k, v in given.items() if k in names}, **options).double()


def target_for(loss, random, rows):
    if loss.torch == "NLLLoss":
        return sp.ImmutableMatrix(rows, 1, lambda i, j: int(i == 0)), torch.tensor([0])
    y = dyadic(random, rows, 1)
    if loss.is_distribution:
        y = sp.ImmutableMatrix(rows, 1, lambda i, j: int(i == rows - 1))
    elif loss.targets.sup == 1:
        y = y.applyfunc(lambda t: abs(t) / 2)
    return y, torch.tensor(np.array(y.T.tolist(), float))


def in_digits(expr, point):
    """The value in DIGITS digits: rounded after every step, which is fast where roots occur."""
    if expr in point:
        return point[expr]
    if not expr.args:
        return expr
    args = [in_digits(arg, point) for arg in expr.args]
    value = evaluate(args[0](args[1]) if isinstance(expr, Apply) else expr.func(*args), {})
    return sp.N(value, DIGITS) if isinstance(value, sp.MatrixBase) else value


def compare(activation, loss, depth):
    random = seeded(activation.__name__, loss.__name__, depth)
    slopes = [sp.Rational(1, 4)] * (len(activation.function.parameters) - len(activation.defaults))
    layer = activation(*slopes)
    sizes = [random.choice((1, 2, 3, 4)) for _ in range(depth + 1)]
    link = [] if loss.link is None else [loss.link()]
    ours, theirs = [], []
    for k in range(depth):
        ours.append(sn.Linear(*sp.symbols(f"n_{k} n_{k + 1}", integer=True, positive=True)))
        theirs.append(torch.nn.Linear(sizes[k], sizes[k + 1]).double())
        if k < depth - 1:
            ours.append(layer)
            theirs.append(their_activation(layer))
    theirs += [torch.nn.Sigmoid()] if link else []
    net = sn.Sequential(*ours, *link)
    weights = [name for name in net.parameters if name[0] in "Wb"]
    gradients = sn.gradient(net, ["x", *weights], loss=loss())

    point = {sp.Symbol(f"n_{k}", integer=True, positive=True): s for k, s in enumerate(sizes)}
    y, their_y = target_for(loss, random, sizes[-1])
    x = dyadic(random, sizes[0], 1)
    point[net.input], point[sp.MatrixSymbol("y", net.out_features, 1)] = x, y
    for k in range(depth):
        linear = [t for t in theirs if isinstance(t, torch.nn.Linear)][k]
        for name, parameter in (("W", linear.weight), ("b", linear.bias)):
            symbol = net.parameters[f"{name}_{k + 1}"]
            shape = (sizes[k + 1], sizes[k] if name == "W" else 1)
            point[symbol] = dyadic(random, *shape)
            with torch.no_grad():
                values = np.array(point[symbol].tolist(), float)
                parameter.copy_(torch.tensor(values).reshape(parameter.shape))
    their_x = torch.tensor(np.array(x.T.tolist(), float), requires_grad=True)
    getattr(torch.nn, loss.torch)()(torch.nn.Sequential(*theirs)(their_x), their_y).backward()

    floats = {k: v.applyfunc(lambda t: sp.Float(t, DIGITS)) if isinstance(v, sp.MatrixBase) else v
              for k, v in point.items()}  # fmt: skip
    linear = [t for t in theirs if isinstance(t, torch.nn.Linear)]
    for name, g in gradients.items():
        found = np.array(sp.N(in_digits(g, floats), 20).tolist(), float)
        if name == "x":
            wanted = their_x.grad.numpy().T
        else:
            part = linear[int(name[2:]) - 1]
            wanted = (part.weight if name[0] == "W" else part.bias).grad.numpy()
            wanted = wanted.reshape(found.shape)
        scale = np.abs(wanted).max()
        # torch's hardsigmoid takes 1/6 in float32
        error = 1e-6 if activation.torch == "Hardsigmoid" else 1e-11
        assert np.abs(found - wanted).max() <= error * max(scale, 1e-12), (name, found, wanted)


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=lambda a: a.__name__)
def test_every_activation_with_every_loss(activation):
    for k, loss in enumerate(LOSSES):
        place = ACTIVATIONS.index(activation) + k
        for depth in DEPTHS if FULL else [DEPTHS[place % len(DEPTHS)]]:
            compare(activation, loss, depth)
