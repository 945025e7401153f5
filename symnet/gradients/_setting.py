"""What is differentiated: a network or an expression, with symbols for all that it depends on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import sympy as sp
from sympy.matrices.matrixbase import MatrixBase

from ..base import Apply, Network
from ..errors import GradientError, LayerError, LossError, ShapeError
from ..exact.rational_matrix import RationalMatrix
from ..exact.shapes import same_size
from ..layers._linear import Linear
from ..losses import Loss
from ..losses._sides import target_of
from ..naming import Parametric
from ._algebra import transposed
from ._rows import in_rows

BATCHES = (None, "columns", "rows")


@dataclass(frozen=True)
class Setting:
    """A value to differentiate.

    ``output`` is the network at its input, ``loss`` compares it with ``target``; where it is None
    the output itself is differentiated. ``variables`` are the input and the parameters by name,
    all of them symbols; ``given`` says what those stand for that are numbers.
    """

    net: Network | None
    output: Any
    input: Any = None
    loss: Loss | None = None
    target: Any = None
    batch: str | None = None
    variables: dict[str, Any] = field(default_factory=dict)
    given: dict[Any, Any] = field(default_factory=dict)
    #: Whether the last layer went into the loss, as softmax does into cross-entropy.
    linked: bool = False
    #: Parameters that training does not change.
    fixed: frozenset[str] = frozenset()

    @property
    def parameters(self) -> list[str]:
        """The names of what training changes."""
        return [
            name
            for name, symbol in self.variables.items()
            if symbol != self.input and name not in self.fixed
        ]

    @property
    def is_scalar(self) -> bool:
        """Whether one number is differentiated."""
        shape = getattr(self.output, "shape", None)
        return self.loss is not None or not shape or tuple(map(sp.sympify, shape)) == (1, 1)

    def filled(self, expr: Any) -> Any:
        """The expression with the numbers that were given."""
        if not self.given:
            return expr
        result = expr.xreplace(self.given)
        if not result.free_symbols and getattr(result, "is_Matrix", False):
            result = result.doit()
        return result


def setting_of(
    what: Any,
    loss: Loss | None = None,
    target: Any = None,
    batch: str | None = None,
    reduction: str | None = None,
) -> Setting:
    """The setting that a user described; errors say what does not fit."""
    loss = _checked_loss(loss, target, reduction)
    if batch not in BATCHES:
        raise GradientError(f"batch is {batch!r}; it is 'columns', 'rows' or None for one example")
    if isinstance(what, Network):
        setting = _of_network(what, batch, None if batch is None else _examples(target, batch))
    elif isinstance(what, sp.Basic) and not isinstance(what, MatrixBase):
        setting = _of_expression(what, batch)
    else:
        raise LayerError(
            f"a gradient is that of a network or an expression, and {what!r} of type "
            f"{type(what).__name__} was given"
        )
    if loss is None:
        if batch is not None:
            raise GradientError(
                "a batch has one Jacobian for every example; give a loss, or leave out batch"
            )
        return setting
    return _with_loss(setting, loss, target)


def _checked_loss(loss: Any, target: Any, reduction: str | None) -> Loss | None:
    if isinstance(loss, type) and issubclass(loss, Loss):
        raise LossError(f"write {loss.__name__}() with its arguments, not the class")
    if loss is not None and not isinstance(loss, Loss):
        known = "MSELoss(), CrossEntropyLoss()"
        raise LossError(f"loss is {loss!r}, which is not a loss; give one, for example {known}")
    if loss is None:
        unused = "target" if target is not None else "reduction" if reduction else None
        if unused:
            raise LossError(f"a {unused} was given without a loss; give loss=MSELoss() or another")
        return None
    return loss if reduction is None else loss.reduced(reduction)


def _examples(target: Any, batch: str) -> Any:
    """How many examples a target has, as far as it says so; None where it does not."""
    shape = getattr(target, "shape", None)
    if shape is None and isinstance(target, list | tuple):
        nested = bool(target) and hasattr(target[0], "__len__")
        shape = (len(target), len(target[0])) if nested else (len(target),)
    if not shape:
        return None
    return sp.sympify(shape[0] if batch == "rows" or len(shape) == 1 else shape[1])


def _of_network(net: Network, batch: str | None, examples: Any = None) -> Setting:
    named, variables, given, fixed = with_symbols(net)
    x = named.input
    if batch is not None:
        x = _batch_input(x, variables, batch, examples)
    output = in_rows(named, x) if batch == "rows" else named(x)
    return Setting(
        named, output, x, batch=batch, variables={x.name: x, **variables}, given=given, fixed=fixed
    )


def _batch_input(
    x: sp.MatrixSymbol, variables: dict[str, Any], batch: str, examples: Any
) -> sp.MatrixSymbol:
    taken = set(variables) | {s.name for s in x.shape[0].free_symbols}
    taken |= {s.name for v in variables.values() for size in getattr(v, "shape", ())
              for s in size.free_symbols}  # fmt: skip
    name = next(n for n in ("X", "U", "V", f"{x.name}_batch") if n not in taken)
    count = next(n for n in ("m", "N", "B", "m_batch") if n not in taken | {name})
    size = sp.Symbol(count, integer=True, positive=True) if examples is None else examples
    shape = (size, x.shape[0]) if batch == "rows" else (x.shape[0], size)
    return sp.MatrixSymbol(name, *shape)


def with_symbols(
    net: Network,
) -> tuple[Network, dict[str, Any], dict[Any, Any], frozenset[str]]:
    """The network with a symbol for every parameter, the symbols, their values, and buffers."""
    places = dict(_places(net))
    variables: dict[str, Any] = {}
    given: dict[Any, Any] = {}
    fixed: set[str] = set()
    swaps: dict[int, dict[int, Any]] = {}
    names = {(leaf, role): name for leaf, role, name, _ in net.named_parameters()}
    for (leaf, role_place), (role, value) in places.items():
        name = names[leaf, role]
        if isinstance(value, sp.MatrixSymbol | sp.Symbol):
            variables[value.name] = value
        elif isinstance(value, MatrixBase | RationalMatrix | sp.Number):
            matrix = not isinstance(value, sp.Number)
            symbol = sp.MatrixSymbol(name, *value.shape) if matrix else sp.Symbol(name, real=True)
            variables[name], given[symbol] = symbol, _outward(value)
            swaps.setdefault(leaf, {})[role_place] = symbol
        if role in ("mu", "v"):
            fixed.add(name)
    for symbol in sorted(net.free_symbols, key=str):
        if isinstance(symbol, sp.MatrixSymbol) or not _is_size(symbol, net):
            variables.setdefault(symbol.name, symbol)
    return _swapped(net, swaps, iter(range(10**9))), variables, given, frozenset(fixed)


def _places(net: Network) -> Iterator[tuple[tuple[int, int], tuple[str, Any]]]:
    """Every parameter: the number of its leaf and its place there, its role and value."""
    for number, leaf in enumerate(net.leaves()):
        if isinstance(leaf, Parametric):
            for place, (role, value) in enumerate(zip(leaf.roles, leaf.weights, strict=True)):
                if role != "epsilon" and not isinstance(value, sp.ZeroMatrix | sp.OneMatrix):
                    yield (number, place), (role, value)


def _swapped(net: Network, swaps: dict[int, dict[int, Any]], numbers: Iterator[int]) -> Network:
    if not net.children:
        mine = swaps.get(next(numbers))
        if mine is None:
            return net
        assert isinstance(net, Parametric)
        weights = [mine.get(k, w) for k, w in enumerate(net.weights)]
        return net.build(*weights)
    args = [_swapped(a, swaps, numbers) if isinstance(a, Network) else a for a in net.args]
    result: Network = net.func(*args)
    return result


def _outward(value: Any) -> Any:
    return value.as_explicit() if isinstance(value, RationalMatrix) else value


def _is_size(symbol: Any, expr: Any) -> bool:
    return any(
        size.has(symbol) for m in expr.atoms(sp.MatrixSymbol) for size in map(sp.sympify, m.shape)
    )


def _of_expression(expr: Any, batch: str | None) -> Setting:
    if batch is not None:
        raise GradientError("batch is for networks; an expression holds its batch already")
    symbols = sorted(expr.free_symbols, key=str)
    variables = {s.name: s for s in symbols if not _is_size(s, expr)}
    return Setting(None, expr, None, variables=variables)


# --- the loss


def _with_loss(setting: Setting, loss: Loss, target: Any) -> Setting:
    output = setting.output
    if not getattr(output, "is_Matrix", False):
        raise LossError(f"{loss} compares a prediction with a target, and {output} is a number")
    _check_fit(setting.net, loss)
    y = _target(setting, loss, target)
    without = _without_link(output, loss)
    if without is not None:
        assert loss.with_logits is not None
        output, loss = without, loss.with_logits(reduction=loss.reduction)
    return replace(setting, output=output, loss=loss, target=y, linked=without is not None)


def _target(setting: Setting, loss: Loss, target: Any) -> Any:
    output = setting.output
    if target is None:
        taken = set(setting.variables) | {s.name for s in output.free_symbols}
        names = ("y", "t", "y_target") if setting.batch is None else ("Y", "T", "Y_target")
        return sp.MatrixSymbol(next(n for n in names if n not in taken), *output.shape)
    if setting.batch == "rows":
        shape = tuple(getattr(target, "shape", ()))
        if len(shape) == 2 and not all(map(same_size, map(sp.sympify, shape), output.shape)):
            raise ShapeError(
                f"the target of {loss.name} has shape {shape}, and the prediction has shape "
                f"{tuple(output.shape)}: one row for every example, one column for every output"
            )
        given = transposed(target) if getattr(target, "is_Matrix", False) else _turned(target)
        return transposed(target_of(loss, given, transposed(output)))
    return target_of(loss, target, output)


def _turned(target: Any) -> Any:
    """A nested list or array with rows for examples, turned round; classes stay as they are."""
    nested = hasattr(target, "__len__") and len(target) and hasattr(target[0], "__len__")
    return [list(column) for column in zip(*target, strict=True)] if nested else target


def _check_fit(net: Network | None, loss: Loss) -> None:
    """Raise where the outputs of the last layer are not what the loss is defined for."""
    if net is None or loss.predictions == sp.S.Reals:
        return
    last = list(net.layers)[-1]
    values = sp.S.Reals if isinstance(last, Linear) else getattr(last, "range", None)
    if values is not None and values.is_subset(loss.predictions) is False:
        instead = ""
        if loss.link is not None and loss.with_logits is not None:
            instead = (
                f"; end the network with {loss.link.__name__}(), "
                f"or take {loss.with_logits.__name__}()"
            )
        raise LossError(
            f"{loss} takes numbers from {loss.predictions.inf} to {loss.predictions.sup}, "
            f"and the network ends with {last}, which gives others{instead}"
        )


def _without_link(output: Any, loss: Loss) -> Any:
    """The logits, where the output is the link of the loss at them; else None."""
    if loss.link is None:
        return None
    if isinstance(output, Apply) and isinstance(output.layer, loss.link):
        return output.argument
    turned = output.arg if isinstance(output, sp.Transpose) else None
    if isinstance(turned, Apply) and isinstance(turned.layer, loss.link):
        return transposed(turned.argument)
    return None
