"""Networks that other libraries describe, put together by the operators of ONNX."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..activations import ActivationFunction, every_function
from ..errors import LoadError
from ..sequential import Sequential
from ._assembly import assembled
from .operators import Constant, Flow, Node, OperatorError, Value, operator_of

#: The version of the operators that are spoken of.
_VERSION = 17


def applied(kind: str, *inputs: Any, **attributes: Any) -> Any:
    """The value of an operator at values; arrays are constants, None an input that is left out.

    >>> flow = Flow.of_input((1, 2))
    >>> applied("Gemm", flow, np.eye(2), np.ones(2)).step.layer.b.T
    Matrix([[1, 1]])
    """
    values: list[Value | None] = [
        v if v is None or isinstance(v, Flow | Constant) else Constant(np.asarray(v))
        for v in inputs
    ]
    names = tuple("" if v is None else f"input {k}" for k, v in enumerate(values))
    given = {name: value for name, value in attributes.items() if value is not None}
    node = Node(kind, "", kind, names, ("output",), given)
    found = operator_of(node)
    if found is None:
        raise OperatorError(f"{kind} is not supported")
    operator = found(node, None, _VERSION, {})
    objection = operator.objection([not isinstance(v, Flow) for v in values])
    if objection:
        raise OperatorError(f"{kind} {objection}")
    return operator.apply(values)


def activation_of(name: str, options: Callable[[str], Any]) -> ActivationFunction | Any | None:
    """The activation that has this name in torch, with the options that ``options`` gives."""
    for function in every_function():
        if function.torch != name:
            continue
        given = {key: options(key) for key in ("approximate",)}
        wanted = {"approximate": function.options.get("approximate")}
        if {k: None if v in (None, "none") else v for k, v in given.items()} == wanted:
            return function
    return None


def finished(value: Any, source: Flow, what: str) -> Sequential:
    """The network from the input to a value."""
    if not isinstance(value, Flow):
        raise LoadError(f"{what} gives something that does not depend on its input")
    return assembled(value.step, source.step)


def refuse(problems: Sequence[str], what: str) -> None:
    """An error with all that is not supported, if there is anything."""
    if problems:
        shown = "".join(f"\n  {line}" for line in problems)
        plural = "s are" if len(problems) > 1 else " is"
        raise LoadError(f"{what}: {len(problems)} part{plural} not supported:{shown}")
