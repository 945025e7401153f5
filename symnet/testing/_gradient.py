"""Whether the gradients that autograd gives for a torch module are those of a network."""

from __future__ import annotations

from typing import Any

import numpy as np
import sympy as sp
from sympy.matrices.matrixbase import MatrixBase

from .._announce import announce
from ..base import Apply, Network
from ..claims._evaluate import evaluate
from ..errors import GradientError, ShapeError
from ..exact.convert import exact_matrix
from ..exact.rational_matrix import RationalMatrix
from ..gradients._differentiate import pull
from ..gradients._gradient import adjoint_of_output
from ..gradients._setting import Setting, setting_of
from ..losses import Loss
from ._differences import DIGITS, arrays_in_words, compare
from ._implements import Checked
from ._message import brief


def assert_gradient(
    net: Network,
    module: Any,
    *,
    loss: Loss | None = None,
    samples: int = 5,
    tolerance: float | None = None,
    seed: int = 0,
    err_msg: str = "",
) -> None:
    """Raise unless a torch module has the gradients of a network.

    At random inputs, autograd's gradients by the input and by all parameters of the module are
    compared with the symbolic ones, in which the module's own parameters are put as the exact
    numbers that they are. So a module with a backward pass of its own (``autograd.Function``) is
    checked, or one that was rebuilt by hand.

    Parameters
    ----------
    net : Network
        Its parameters, in reading order, are those of the module in torch's order.
    module : torch.nn.Module from rows (N, n) to rows (N, m)
    loss : Loss
        What is derived; where it is left out, a random combination of the outputs.
    samples : the number of inputs
    tolerance : how far an entry may be off, relative to the greatest of its gradient
        1e-9 for double precision and 1e-4 for single where it is left out.
    seed : of the inputs
    err_msg : str
        Stands in the message.

    Raises
    ------
    RefutedError
        With the parameter and entry, the exact derivative, autograd's, and the input.
    ShapeError
        Where the parameters of the two do not fit.

    Examples
    --------
    >>> import pytest, symnet as sn
    >>> torch = pytest.importorskip("torch")
    >>> module = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 2))
    >>> net = sn.Sequential(sn.Linear(3, 4), sn.Tanh(), sn.Linear(4, 2))
    >>> sn.assert_gradient(net, module, loss=sn.MSELoss())

    Source: torch.autograd.gradcheck, for the purpose; definition.
    """
    __tracebackhide__ = True
    torch = _torch()
    if not isinstance(module, torch.nn.Module):
        raise TypeError(f"module is {module!r}; give a torch.nn.Module, or use assert_backward")
    setting = setting_of(net, loss)
    sizes = _sizes(setting, module)
    theirs = _parameters(setting, module, sizes)
    dtype = next((p.dtype for p in module.parameters()), torch.float64)
    if tolerance is None:
        tolerance = 1e-9 if dtype == torch.float64 else 1e-4
    symbols = [setting.variables[name] for name in (setting.input.name, *theirs)]
    gradients = pull(*_number(setting), symbols)
    random = np.random.default_rng(seed)
    for _ in range(samples):
        point = _point(setting, module, theirs, sizes, random)
        found = _by_autograd(torch, module, setting, loss, point, dtype)
        for name, symbol in zip((setting.input.name, *theirs), symbols, strict=True):
            exact = _exact(gradients[symbol], point)
            where = [("parameter", theirs[name][0])] if name in theirs else []
            head = "the module does not have the gradient of the network"
            shown = where + arrays_in_words(_inputs(setting, point))
            compare(name, found[name], exact, tolerance, head, shown, err_msg)
    told = f"{len(symbols)} gradients at {samples} inputs"
    announce(f"{brief(net)} has the gradient of the module", Checked(told))


def _torch() -> Any:
    try:
        import torch
    except ImportError as error:
        raise ImportError("assert_gradient compares with torch; pip install torch") from error
    return torch


#: The cotangent of the outputs, where there is no loss.
_COTANGENT = "v_out"


def _number(setting: Setting) -> tuple[Any, Any]:
    if setting.loss is not None:
        return setting.output, adjoint_of_output(setting)
    return setting.output, sp.MatrixSymbol(_COTANGENT, *setting.output.shape)


# --- parameters


def _sizes(setting: Setting, module: Any) -> dict[Any, int]:
    """The sizes of the network that are symbols, by the shapes of the module's parameters."""
    given = [tuple(p.shape) for p in module.parameters()]
    names = setting.parameters
    if len(given) != len(names):
        raise ShapeError(
            f"the network has the parameters {', '.join(names) or 'none'}, and the module "
            f"{len(given)}: {', '.join(n for n, _ in module.named_parameters())}"
        )
    sizes: dict[Any, int] = {}
    for name, shape in zip(names, given, strict=True):
        own = getattr(setting.variables[name], "shape", (sp.S.One, sp.S.One))
        for size, found in zip(map(sp.sympify, own), (*shape, 1, 1), strict=False):
            if size.is_Symbol:
                sizes.setdefault(size, int(found))
    return sizes


def _parameters(setting: Setting, module: Any, sizes: Any) -> dict[str, tuple[str, Any]]:
    """The name and the tensor of the module's parameter for every parameter of the network."""
    pairs: dict[str, tuple[str, Any]] = {}
    for name, (their_name, tensor) in zip(
        setting.parameters, module.named_parameters(), strict=True
    ):
        shape = getattr(setting.variables[name], "shape", ())
        wanted = tuple(int(sp.sympify(k).subs(sizes)) for k in shape)
        count = int(np.prod(wanted)) if wanted else 1
        if tensor.numel() != count or (tensor.ndim == 2 and tuple(tensor.shape) != wanted):
            raise ShapeError(
                f"{name} has shape {wanted}, and {their_name} of the module has shape "
                f"{tuple(tensor.shape)}; the parameters must fit in their order"
            )
        pairs[name] = (their_name, tensor)
    return pairs


def _buffers(setting: Setting, module: Any) -> dict[str, Any]:
    """The running means and variances, for what batch normalisation takes from training."""
    ends = {"mu": "running_mean", "v": "running_var"}
    found: dict[str, Any] = {}
    for letter, end in ends.items():
        own = [n for n in setting.variables if n in setting.fixed and n.partition("_")[0] == letter]
        theirs = [tensor for name, tensor in module.named_buffers() if name.endswith(end)]
        found |= dict(zip(own, theirs, strict=False))
    return found


# --- points


def _point(setting: Setting, module: Any, theirs: Any, sizes: Any, random: Any) -> dict[Any, Any]:
    point: dict[Any, Any] = {size: sp.Integer(n) for size, n in sizes.items()}
    point |= setting.given
    tensors = {name: tensor for name, (_, tensor) in theirs.items()} | _buffers(setting, module)
    for name, tensor in tensors.items():
        symbol = setting.variables[name]
        if symbol in point:
            continue
        values = tensor.detach().cpu().numpy().astype(float)
        if isinstance(symbol, sp.MatrixSymbol):
            shape = tuple(int(sp.sympify(k).subs(sizes)) for k in symbol.shape)
            point[symbol] = _explicit(values.reshape(shape))
        else:
            point[symbol] = _explicit(values.reshape(1, 1))[0, 0]
    for symbol in (setting.input, setting.target, _number(setting)[1]):
        if isinstance(symbol, sp.MatrixSymbol):
            rows = sp.sympify(symbol.shape[0]).subs(sizes)
            if not rows.is_Integer:
                raise ShapeError(
                    f"{symbol} has {rows} entries, which no parameter settles; give the size: "
                    f"net.subs({{{rows}: 3}})"
                )
            point[symbol] = _explicit(_numbers(setting, symbol, int(rows), random))
    return point


def _numbers(setting: Setting, symbol: Any, rows: int, random: Any) -> Any:
    """Numbers that float32 holds; a target is one that the loss takes."""
    loss = setting.loss
    if symbol == setting.target and loss is not None:
        if loss.is_distribution:
            return np.eye(rows)[:, [random.integers(rows)]]
        if loss.targets == sp.FiniteSet(-1, 1):
            return random.choice([-1.0, 1.0], size=(rows, 1))
        if loss.targets.sup == 1:
            return random.integers(0, 65, size=(rows, 1)) / 64
    return random.integers(-128, 129, size=(rows, 1)) / 64


def _explicit(values: Any) -> Any:
    matrix = exact_matrix(values, "an array")
    assert isinstance(matrix, RationalMatrix)
    return matrix.as_explicit()


def _inputs(setting: Setting, point: Any) -> dict[str, Any]:
    """The input and the target in floats."""
    shown = (s for s in (setting.input, setting.target) if s in point)
    return {s.name: np.array(point[s].tolist(), float).ravel() for s in shown}


# --- both sides


def _by_autograd(
    torch: Any, module: Any, setting: Setting, loss: Loss | None, point: Any, dtype: Any
) -> Any:
    def row(symbol: Any) -> Any:
        return torch.tensor(np.array(point[symbol].T.tolist(), float), dtype=dtype)

    x = row(setting.input).requires_grad_(True)
    was_training = module.training
    module.eval()
    try:
        module.zero_grad()
        output = module(x)
        if loss is None:
            (output * row(_number(setting)[1])).sum().backward()
        else:
            _their_loss(torch, loss, output, row(setting.target)).backward()
    finally:
        module.train(was_training)
    found = {
        name: p.grad.detach().cpu().numpy()
        for name, p in zip(setting.parameters, module.parameters(), strict=True)
        if p.grad is not None
    }
    missing = [n for n in setting.parameters if n not in found]
    if missing:
        raise GradientError(f"autograd gives no gradient by {', '.join(missing)}")
    module.zero_grad()
    return {setting.input.name: x.grad.detach().cpu().numpy().T, **found}


def _their_loss(torch: Any, loss: Loss, output: Any, y: Any) -> Any:
    """The loss in torch's own functions."""
    if loss.torch is None:
        return _without_torch(torch, loss, output, y)
    if loss.torch == "NLLLoss":
        y = y.argmax(dim=1)
    options = dict(zip(loss.parameters, map(float, loss.values), strict=True))
    return getattr(torch.nn, loss.torch)(reduction=loss.reduction, **options)(output, y)


def _without_torch(torch: Any, loss: Loss, output: Any, y: Any) -> Any:
    """Losses of which torch has no module."""
    if loss.name == "SquaredErrorLoss":
        return ((output - y) ** 2).sum() / 2
    if loss.name == "CategoricalCrossEntropyLoss":
        return -(y * output.log()).sum()
    if loss.name == "HingeLoss":
        total = torch.relu(1 - y * output)
        return total.mean() if loss.reduction == "mean" else total.sum()
    raise GradientError(f"torch has no {loss.name}; leave out the loss, or take another")


def _exact(gradient: Any, point: Any) -> Any:
    """The gradient at a point, entry by entry: numbers in many digits."""
    value = _in_digits(gradient, {
        k: v.applyfunc(lambda t: sp.Float(t, DIGITS)) if isinstance(v, MatrixBase) else v
        for k, v in point.items()
    })  # fmt: skip
    entries = value.tolist() if isinstance(value, MatrixBase) else [[value]]
    return np.array(entries, dtype=object)


def _in_digits(expr: Any, point: Any) -> Any:
    """The value, rounded after every step: exact expressions with roots grow."""
    if expr in point:
        return point[expr]
    if not getattr(expr, "args", ()):
        return expr
    args = [_in_digits(arg, point) for arg in expr.args]
    value = evaluate(args[0](args[1]) if isinstance(expr, Apply) else expr.func(*args), {})
    return sp.N(value, DIGITS) if isinstance(value, MatrixBase) else value
