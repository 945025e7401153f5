"""The functions that an expression can name: every activation, and those of mathematics."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import sympy as sp

from ..activations import ActivationFunction, every_function
from ..functions import FUNCTIONS

#: Those whose values at integers are too large to write down, and what has a notation of its own.
_LEFT_OUT = ("exp2", "gamma", "lgamma", "where")


@dataclass(frozen=True)
class Function:
    """A function by its name, with the numbers of arguments that it takes."""

    name: str
    make: Callable[..., Any]
    least: int
    most: float

    def __call__(self, *args: Any) -> Any:
        return self.make(*args)

    @property
    def takes(self) -> str:
        """How many arguments, in words."""
        plural = "" if self.least == 1 else "s"
        if self.most == self.least:
            return f"{self.least} argument{plural}"
        if self.most == float("inf"):
            return f"at least {self.least} argument{plural}"
        return f"{self.least} to {self.most} arguments"


@cache
def every_name() -> dict[str, Function]:
    """The functions by name.

    >>> every_name()["relu"].takes, every_name()["leaky_relu"].takes, every_name()["max"].takes
    ('1 argument', '1 to 2 arguments', 'at least 1 argument')
    """
    found = {name: _of_mathematics(name, f) for name, f in FUNCTIONS.items()}
    for name in _LEFT_OUT:
        del found[name]
    for name, f in {"max": sp.Max, "min": sp.Min}.items():
        found[name] = _greatest(name, f)
    for name in ("maximum", "fmax", "minimum", "fmin"):
        found[name] = _greatest(name, FUNCTIONS[name])
    return found | {f.__name__: _activation(f) for f in every_function()}


def _activation(f: type[ActivationFunction]) -> Function:
    most = 1 + len(f.parameters)
    return Function(f.__name__, f, most - len(f.defaults), most)


def _greatest(name: str, f: Any) -> Function:
    def written(*args: Any) -> Any:
        # SymPy would compare every two arguments
        return f(*args, evaluate=all(a.is_Rational for a in args))

    return Function(name, written, 1, float("inf"))


def _of_mathematics(name: str, f: Any) -> Function:
    if hasattr(f, "nargs"):
        takes = [1] if f.nargs is sp.S.Naturals0 else sorted(int(n) for n in f.nargs)
        return Function(name, f, takes[0], takes[-1])
    parameters = inspect.signature(f).parameters.values()
    if any(p.kind is p.VAR_POSITIONAL for p in parameters):
        return Function(name, f, 1, float("inf"))
    needed = [p for p in parameters if p.default is p.empty]
    return Function(name, f, len(needed), len(parameters))
