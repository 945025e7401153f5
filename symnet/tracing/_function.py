"""A scalar function that came from Python, and the layer that applies it to every entry."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, Self

import sympy as sp
from sympy.core.basic import Basic
from sympy.core.symbol import Str

from ..activations._base import Activation, ActivationFunction
from ..activations._identity import Identity
from ..activations._relu import ReLU
from ..errors import LayerError
from ..exact.convert import exact_number
from ._cells import same_function
from ._definition import Definition, scalar_definition
from ._facts import Facts, facts_of, slope_of, stated
from ._names import function_latex


class PythonFunction(Basic):
    """A real function of one real variable and parameters, as a formula; used like ``relu``.

    Its args are the variables (x and the parameters, which are bound), the formula, the name, and
    the Python text that it came from, which is provenance and no part of the function.
    """

    is_commutative = True
    torch = None
    onnx = None
    source = "a Python function"

    def __new__(
        cls, variables: sp.Tuple, body: sp.Expr, name: Str, text: Str | None = None
    ) -> PythonFunction:
        self: PythonFunction = Basic.__new__(cls, variables, body, name, text or Str(""))
        return self

    def _hashable_content(self) -> tuple[Any, ...]:
        return tuple(self.args[:3])

    @property
    def body(self) -> sp.Expr:
        """The formula in the variables."""
        return self.args[1]

    @property
    def variables(self) -> tuple[sp.Symbol, ...]:
        """x and the parameters."""
        return tuple(self.args[0])

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of what it takes after x."""
        return tuple(v.name for v in self.variables[1:])

    @property
    def __name__(self) -> str:
        return str(self.args[2].name)

    @property
    def symbol(self) -> str:
        """How it is typeset."""
        return function_latex(self.__name__)

    def __call__(self, *args: Any) -> Any:
        if not args:
            raise LayerError(f"{self.__name__} needs an argument: {self.__name__}(x)")
        return applied(*args, self)

    def layer(self, *parameters: Any) -> Elementwise:
        """The layer with these parameters."""
        return Elementwise(self, *parameters)

    def definition(self, *args: Any) -> sp.Expr:
        """f(x, *parameters) in functions that SymPy knows."""
        return self._at(self.body, args)

    def _at(self, expr: sp.Expr, args: tuple[Any, ...]) -> sp.Expr:
        return expr.subs(dict(zip(self.variables, args, strict=True)), simultaneous=True)

    @property
    def bound_symbols(self) -> list[sp.Symbol]:
        return list(self.variables)

    @property
    def free_symbols(self) -> set[sp.Basic]:
        return self.body.free_symbols - set(self.variables)

    def slope(self, *args: Any) -> sp.Expr:
        """f'(x); at a kink the slope of the branch that is taken there, 0 for relu."""
        return self.partial(0, *args)

    def partial(self, place: int, *args: Any) -> sp.Expr:
        """The derivative by the variable at ``place``."""
        return self._at(slope_of(self.body, self.variables[place]), args)

    @cached_property
    def definition_line(self) -> Definition:
        """f(x) = …, typeset by latexify where that is shown to be what is computed."""
        text = self.args[3].name
        return scalar_definition(self.symbol, self.__name__, self.variables, self.body, text)

    @cached_property
    def facts(self) -> Facts:
        """What holds for all values of the parameters."""
        return facts_of(self.body, self.variables[0])

    range = stated("range")
    range_is_exact = stated("range_is_exact")
    fixed = stated("fixed")
    monotone = stated("monotone")
    piecewise_linear = stated("piecewise_linear")
    continuous = stated("continuous")
    kinks = stated("kinks")
    positively_homogeneous = stated("positively_homogeneous")
    odd = stated("odd")
    even = stated("even")
    convex = stated("convex")
    lipschitz = stated("lipschitz")

    def _eval_evalf(self, prec: int) -> None:
        return None

    # the variables are bound: a substitution goes into the formula for all other symbols

    def _eval_subs(self, old: Any, new: Any) -> PythonFunction:
        return self._replaced({old: new}, lambda e: e._subs(old, new))

    def _xreplace(self, rule: Any) -> tuple[PythonFunction, bool]:
        if self in rule:
            return rule[self], True
        free = {old: new for old, new in rule.items() if old not in self.variables}
        replaced = self._replaced(free, lambda e: e.xreplace(free))
        return replaced, replaced != self

    def _replaced(self, rule: Any, replace: Callable[[Any], Any]) -> PythonFunction:
        bound = set(self.variables)
        if any(old in bound for old in rule):
            return self
        fresh = list(self.variables)
        captured = set().union(*(getattr(new, "free_symbols", set()) for new in rule.values()))
        for k, variable in enumerate(fresh):
            if variable in captured:
                fresh[k] = sp.Dummy(variable.name, **variable._assumptions_orig)
        before = self.body.xreplace(dict(zip(self.variables, fresh, strict=True)))
        body = replace(before)
        if body == before:
            return self
        changed: PythonFunction = self.func(sp.Tuple(*fresh), body, *self.args[2:])
        return changed

    def _sympystr(self, printer: Any) -> str:
        return self.__name__

    def _latex(self, printer: Any) -> str:
        return self.symbol


class applied(ActivationFunction):
    """A :class:`PythonFunction` at a number: args are x, the parameters, and the function."""

    @staticmethod
    def layer(*rest: Any) -> Elementwise:  # type: ignore[override]
        """The layer of an application, from what follows x in its args."""
        *parameters, function = rest
        return Elementwise(function, *parameters)

    @classmethod
    def complete(cls, given: tuple[Any, ...]) -> tuple[Any, ...]:
        *parameters, function = given
        if len(parameters) != len(function.parameters):
            wanted = ", ".join(map(str, function.variables))
            raise LayerError(
                f"{function.__name__} takes {len(function.parameters)} parameters, "
                f"and got {len(parameters)}: write {function.__name__}({wanted})"
            )
        return given

    @classmethod
    def definition(cls, *args: Any) -> sp.Expr:
        return args[-1].definition(*args[:-1])

    @classmethod
    def slope(cls, *args: Any) -> sp.Expr:
        return args[-1].slope(*args[:-1])

    @classmethod
    def eval(cls, *args: Any) -> sp.Expr | None:
        if all(value.is_number and value.is_extended_real for value in args[:-1]):
            return cls.definition(*args)
        return None

    @property
    def function(self) -> PythonFunction:
        function: PythonFunction = self.args[-1]
        return function

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        return self.function.partial(argindex - 1, *self.args[:-1])

    def _eval_derivative(self, symbol: Any) -> sp.Expr:
        inner = [
            self.fdiff(place) * arg.diff(symbol)
            for place, arg in enumerate(self.args[:-1], start=1)
            if arg.has(symbol)
        ]
        if symbol in self.function.free_symbols:
            arguments = dict(zip(self.function.variables, self.args, strict=False))
            inner.append(self.function.body.diff(symbol).subs(arguments, simultaneous=True))
        return sp.Add(*inner)

    def doit(self, **hints: Any) -> sp.Expr:
        deep = hints.get("deep", True)
        numbers = [a.doit(**hints) if deep else a for a in self.args[:-1]]
        return self.definition(*numbers, self.function)

    def _eval_rewrite(self, rule: Any, args: Any, **hints: Any) -> Any:
        written = self.definition(*args).rewrite(rule, **hints)
        return written if isinstance(rule, type) and written.has(rule) else None

    def _eval_is_real(self) -> bool | None:
        answer: bool | None = self.definition(*self.args).is_real
        return answer

    def _lies_in(self, target: sp.Set) -> bool | None:
        real = all(a.is_real for a in self.args[:-1])
        return True if real and self.at_layer().range.is_subset(target) else None

    def _sympystr(self, printer: Any) -> str:
        return f"{self.function.__name__}({', '.join(map(printer._print, self.args[:-1]))})"


class _Own:
    """The function of an :class:`Elementwise` is its own, not that of its class."""

    args: tuple[Any, ...]

    @property
    def function(self) -> PythonFunction:
        """The scalar function."""
        function: PythonFunction = self.args[0]
        return function


class Elementwise(_Own, Activation):  # type: ignore[misc]
    """A function that came from Python, at every entry; its args are it and the parameters."""

    def __new__(cls, function: PythonFunction, *parameters: Any) -> Self:
        if len(parameters) != len(function.parameters):
            raise LayerError(
                f"{function.__name__} takes {len(function.parameters)} parameters, "
                f"and got {len(parameters)}"
            )
        what = [f"the parameter {name} of {function.__name__}" for name in function.parameters]
        self: Self = Basic.__new__(cls, function, *map(exact_number, parameters, what))
        return self

    @property
    def values(self) -> tuple[sp.Expr, ...]:
        return tuple(self.args[1:])

    written_parameters = values

    @property
    def definition_line(self) -> Definition:
        """f(x) = …, typeset by latexify where that is shown to be what is computed."""
        return self.function.definition_line

    @cached_property
    def facts(self) -> Facts:
        """What holds for these values of the parameters."""
        x, *parameters = self.function.variables
        fixed = dict(zip(parameters, self.values, strict=True))
        return facts_of(self.function.body.subs(fixed, simultaneous=True), x)

    def plainer(self) -> Activation | None:
        x = self.function.variables[0]
        body = self.function.definition(x, *self.values)
        for plain in (Identity(), ReLU()):
            if same_function(body, plain.scalar(x), x):
                found: Activation = plain
                return found
        return None

    range = stated("range")
    fixed = stated("fixed")
    monotone = is_monotone = stated("monotone")
    kinks = stated("kinks")
    is_homogeneous = stated("positively_homogeneous")
    lipschitz = stated("lipschitz")

    def _sympystr(self, printer: Any) -> str:
        return f"Elementwise({', '.join(printer._print(a) for a in self.args)})"
