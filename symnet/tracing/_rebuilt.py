"""A user's function, rebuilt so that it sees stand-ins for the functions that it calls.

Nothing of the user's is changed: the copy has the same code, and a mapping of its own in which
the names that the code uses are looked up.
"""

from __future__ import annotations

import builtins
import dis
import inspect
import linecache
import traceback
from collections.abc import Callable
from contextlib import suppress
from types import CellType, CodeType, FunctionType, ModuleType
from typing import Any

import sympy as sp

from ..errors import LayerError, ShapeError, SymnetError, TracingError
from ..functions import CONSTANTS

_NUMBERS = "the function must give a number for every real input"
_FORBIDDEN = ("print", "input", "open", "exec", "eval", "compile", "isinstance", "type", "hasattr")
_LIBRARIES = ("math", "numpy", "sympy", "symnet", "builtins")


class Surroundings:
    """The stand-ins for one run; ``replace`` says what stands for a function, a layer, a value."""

    def __init__(self, replace: Callable[[Any], Any], **builtin: Any) -> None:
        self._replace = replace
        refused = {name: _refusing(name) for name in _FORBIDDEN}
        self._builtins = {**vars(builtins), **refused, **builtin}
        self._functions: dict[int, FunctionType] = {}
        self._copies: list[tuple[str, Any, list[int]]] = []
        self.codes: list[CodeType] = []

    def function(self, original: FunctionType) -> FunctionType:
        """``original`` with these surroundings."""
        if id(original) in self._functions:
            return self._functions[id(original)]
        check_code(original)
        code = original.__code__
        self.codes.append(code)
        seen = {**original.__globals__, "__builtins__": self._builtins}
        cells = tuple(CellType() for _ in code.co_freevars)
        rebuilt = FunctionType(code, seen, original.__name__, None, cells)
        self._functions[id(original)] = rebuilt  # before its names: it may call itself
        for name in _names(code):
            if name in original.__globals__:
                seen[name] = self.stand_in(original.__globals__[name], name)
        closure = original.__closure__ or ()
        for name, cell, outer in zip(code.co_freevars, cells, closure, strict=True):
            with suppress(ValueError):  # not assigned yet
                cell.cell_contents = self.stand_in(outer.cell_contents, name)
        rebuilt.__defaults__ = self.stand_in(original.__defaults__)
        rebuilt.__kwdefaults__ = self.stand_in(original.__kwdefaults__)
        return rebuilt

    def stand_in(self, value: Any, name: str = "") -> Any:
        """What the function sees in place of ``value``."""
        if isinstance(value, ModuleType):
            return _Module(self, value)
        replaced = self._replace(value)
        if replaced is not None:
            return replaced
        if isinstance(value, FunctionType):
            known = (value.__module__ or "").partition(".")[0] in _LIBRARIES
            return value if known else self.function(value)
        if isinstance(value, float) and name in CONSTANTS and value == CONSTANTS[name][0]:
            return CONSTANTS[name][1]
        if type(value) is tuple:
            return tuple(self.stand_in(v) for v in value)
        if type(value) is list:
            return self._watched(name, [self.stand_in(v) for v in value])
        if type(value) is dict:
            return self._watched(name, {k: self.stand_in(v) for k, v in value.items()})
        return value

    def _watched(self, name: str, copy: Any) -> Any:
        self._copies.append((name, copy, _contents(copy)))
        return copy

    def check_unchanged(self) -> None:
        """Raise :class:`TracingError` if the run changed a list or dictionary from outside."""
        for name, copy, before in self._copies:
            if _contents(copy) != before:
                raise TracingError(
                    f"{name or 'a list'} outside the function is changed; "
                    "a function of mathematics has no side effects, so return the value instead"
                )


class _Module:
    """A module whose attributes are stand-ins too."""

    def __init__(self, surroundings: Surroundings, module: ModuleType) -> None:
        self._surroundings = surroundings
        self._module = module

    def __getattr__(self, name: str) -> Any:
        return self._surroundings.stand_in(getattr(self._module, name), name)


def _names(code: CodeType) -> set[str]:
    names = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            names |= _names(constant)
    return names


def _contents(copy: Any) -> list[int]:
    return [id(v) for v in (copy if isinstance(copy, list) else (*copy, *copy.values()))]


def _refusing(name: str) -> Callable[..., Any]:
    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise TracingError(
            f"{name}(...) is called, which is no mathematics of the input; take it out"
        )

    return refuse


def check_code(function: FunctionType) -> None:
    """Raise :class:`TracingError` for what changes the world or is no function of numbers."""
    code = function.__code__
    if code.co_flags & (inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR):
        raise TracingError(f"{function.__name__} is a generator or a coroutine; return the value")
    line = code.co_firstlineno
    for step in dis.get_instructions(code):
        line = step.starts_line or line
        outer = step.opname == "STORE_DEREF" and step.argval in code.co_freevars
        if outer or step.opname in ("STORE_GLOBAL", "DELETE_GLOBAL", "STORE_ATTR"):
            raise TracingError(
                f"{_place(code, int(line))}: {step.argval} outside the function is changed; "
                "a function of mathematics has no side effects, so return the value instead"
            )


def _place(code: CodeType, line: int) -> str:
    text = linecache.getline(code.co_filename, line).strip()
    return f"{code.co_name}, line {line}" + (f" ({text})" if text else "")


def explained(
    error: Exception, surroundings: Surroundings, where: Any = sp.true, wanted: str = _NUMBERS
) -> SymnetError:
    """The error that names the line of the user's function at which ``error`` came up."""
    place = ""
    for frame, line in traceback.walk_tb(error.__traceback__):
        if frame.f_code in surroundings.codes:
            place = _place(frame.f_code, line) + ": "
    if isinstance(error, TracingError):
        return TracingError(f"{place}{error}" if place else str(error))
    if isinstance(error, ShapeError | LayerError):
        return type(error)(f"{place}{error}")
    condition = "" if where == sp.true else f" where {where}"
    return TracingError(f"{place}{type(error).__name__}{condition}: {error}; {wanted}")
