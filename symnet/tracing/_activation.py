"""An activation from a plain Python function."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import FunctionType
from typing import Any

import sympy as sp
from sympy.core.symbol import Str

from ..activations._base import Activation, ActivationFunction
from ..base import Network
from ..errors import LayerError, SymnetError, TracingError
from ..exact.convert import exact_number
from ..functions import is_symbolic, meaning
from ._function import PythonFunction
from ._paths import Branch, Path, as_expression, explore
from ._rebuilt import Surroundings, check_code, explained
from ._scalar import Condition, NeedsNumberError, Scalar, called, lifted, lowered, numeric
from ._source import source_of


def activation(f: Any, **parameters: Any) -> Activation:
    r"""The layer that applies a plain Python function of one number to every entry.

    The function is run on symbols, once for every outcome of its comparisons, so that its
    formula is exactly what Python computes, for all real inputs. ``if``, conditional expressions,
    chained comparisons, ``and``, ``or``, ``not``, ``max``, ``min``, ``abs``, local names,
    arithmetic, functions of math, NumPy, SymPy and symnet, and other plain functions are followed.

    Numbers are exact: ``0.01`` is the dyadic rational that Python's float is; write
    ``Fraction(1, 100)`` for one hundredth. ``math.exp`` and ``math.pi`` are the mathematical ones.

    Parameters
    ----------
    f : function of x, and of parameters
        A parameter with a number as its default has that value; one without default is a real
        symbol of its name. Defaults that are no numbers (flags, names) stay what they are.
    **parameters : number or scalar expression
        Values of the parameters, by name.

    Returns
    -------
    Activation
        A layer, like ``ReLU()``. Its ``function`` is the scalar function, like ``relu``; its
        ``definition_line`` the definition, typeset by latexify where that is shown to be right.
        Its facts (range, kinks, monotone, …) are derived where they can be decided.

    Raises
    ------
    TracingError
        Where the function cannot be followed; names the line and the way out.

    Examples
    --------
    >>> import sympy as sp
    >>> import symnet as sn
    >>> def tent(x):
    ...     if x < 0 or x > 1:
    ...         return 0
    ...     return 2 * min(x, 1 - x)
    >>> layer = sn.activation(tent)
    >>> x = sp.Symbol("x", real=True)
    >>> layer.function(x), layer.function(sp.Rational(1, 3)), layer.kinks
    (tent(x), 2/3, (0, 1/2, 1))
    >>> layer.function(x).doit()
    Piecewise((0, (x > 1) | (x < 0)), (2*Min(x, 1 - x), True))
    >>> sn.Sequential(sn.Linear(2, 3), layer, sn.Linear(3, 1)).out_features
    1

    Source: the way of running is that of symbolic execution; King, Symbolic execution and
    program testing, 1976.
    """
    if isinstance(f, Activation) and not parameters:
        return f
    if isinstance(f, type) and issubclass(f, ActivationFunction):
        layer: Activation = f.layer(*_in_order(f, parameters))
        return layer
    exact = meaning(f)
    if exact is not None:
        f = _plain(exact, f.__name__)
    if not isinstance(f, FunctionType):
        raise LayerError(_not_a_function(f))
    return _Tracing(f, parameters).layer()


def _in_order(f: type[ActivationFunction], given: dict[str, Any]) -> list[Any]:
    unknown = sorted(set(given) - set(f.parameters))
    if unknown:
        raise LayerError(f"{f.__name__} has no parameter {unknown[0]}; it has {f.parameters}")
    places = dict(zip(f.parameters[::-1], f.defaults[::-1], strict=False)) | given
    return [places[name] for name in f.parameters if name in places]


def _plain(exact: Callable[..., Any], name: str) -> Callable[[Any], Any]:
    def function(x: Any) -> Any:
        return exact(x)

    function.__name__ = name
    return function


def _not_a_function(f: Any) -> str:
    if isinstance(f, type) and issubclass(f, Activation):
        return f"activation got the class {f.__name__}, which is a layer already: {f.__name__}()"
    if isinstance(f, Network):
        return f"{f} is a network, and no function of one number; use it as it is"
    if isinstance(f, sp.Expr):
        return f"activation got the expression {f}; write a function: def f(x): return {f}"
    hint = "write def f(x): return ... and pass f"
    return f"activation got {f!r}, which is not a plain Python function; {hint}"


class _Tracing:
    """One function with its parameters, on the way to a formula."""

    def __init__(self, f: FunctionType, given: dict[str, Any]) -> None:
        self.f = f
        self.name = "f" if f.__name__ == "<lambda>" else f.__name__
        names = list(inspect.signature(f).parameters.values())
        kinds = {p.kind for p in names}
        if not names or kinds & {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}:
            raise TracingError(
                f"{self.name}{inspect.signature(f)} must take x and named parameters: "
                "def f(x, alpha=1): ..."
            )
        unknown = sorted(set(given) - {p.name for p in names[1:]})
        if unknown:
            raise LayerError(
                f"{self.name} has no parameter {unknown[0]}; "
                f"it has {[p.name for p in names[1:]] or 'none'}"
            )
        self.x = sp.Symbol(names[0].name, real=True)
        self.symbols: dict[str, sp.Symbol] = {}
        self.values: dict[str, Any] = {}
        self.fixed: dict[str, Any] = {}
        for parameter in names[1:]:
            name = parameter.name
            value = given.get(name, parameter.default)
            symbol = sp.Symbol(name, real=True)
            if value is inspect.Parameter.empty:
                value = symbol
            if value is None or isinstance(value, bool | str) or callable(value):
                self.fixed[name] = value
            else:
                self.symbols[name] = symbol
                self.values[name] = exact_number(value, f"the parameter {name} of {self.name}")

    def layer(self) -> Activation:
        body = self.body()
        variables = sp.Tuple(self.x, *self.symbols.values())
        text = source_of(self.f) if not self.fixed else ""
        function = PythonFunction(variables, body, Str(self.name), Str(text))
        return function.layer(*(self.values[name] for name in self.symbols))

    def body(self) -> sp.Expr:
        try:
            branches = explore(self.x, self._run)
            self._check_again(branches)
        except NeedsNumberError as needed:
            name = needed.expr.name if needed.expr in self.symbols.values() else ""
            if not name or not self.values[name].is_Integer:
                raise TracingError(
                    f"{self.name}: {needed.expr} is needed as a whole number, as in range(n), "
                    "and it depends on the input; give the loop a fixed range"
                ) from needed
            self.fixed[name] = int(self.values.pop(name))
            del self.symbols[name]
            return self.body()
        return as_expression(branches, self.x)

    def _check_again(self, branches: list[Branch]) -> None:
        again = Branch((), self._run(Path(self.x, branches[0].decisions)))
        if again.value != branches[0].value:
            raise TracingError(
                f"{self.name} gave {branches[0].value} and, when it was run again, {again.value}: "
                "a function must do the same each time, without randomness or side effects"
            )

    def _run(self, path: Path) -> Any:
        surroundings = Surroundings(
            lambda value: _replaced(value, path), max=_extreme(max, path), min=_extreme(min, path)
        )
        symbols = {name: Scalar(symbol, path) for name, symbol in self.symbols.items()}
        keywords = {**symbols, **{n: surroundings.stand_in(v) for n, v in self.fixed.items()}}
        positional = [
            keywords.pop(p.name)
            for p in list(inspect.signature(self.f).parameters.values())[1:]
            if p.kind is not inspect.Parameter.KEYWORD_ONLY
        ]
        try:
            check_code(self.f)
            value = surroundings.function(self.f)(Scalar(self.x, path), *positional, **keywords)
            surroundings.check_unchanged()
            return self._number(value, path)
        except NeedsNumberError:
            raise
        except (Exception, RecursionError) as error:
            where = Branch(tuple(path.decisions), None).where
            raise explained(error, surroundings, where) from error

    def _number(self, value: Any, path: Path) -> sp.Expr:
        where = Branch(tuple(path.decisions), None).where
        for_which = "" if where == sp.true else f" where {where}"
        if value is None:
            raise TracingError(f"{self.name} returns nothing{for_which}; return a number there")
        value = numeric(value)
        if not isinstance(value, sp.Expr) or getattr(value, "is_Matrix", False):
            raise TracingError(f"{self.name} returns {value!r}{for_which}, which is not a number")
        if value.has(sp.nan, sp.zoo, sp.oo, sp.I) or value.is_real is False:
            raise TracingError(f"{self.name} gives {value}{for_which}, which is no real number")
        return value


def _replaced(value: Any, path: Path) -> Any:
    """What stands for a function in the surroundings of a scalar function."""
    if isinstance(value, Network):
        if isinstance(value, Activation):
            return lambda x: _symbolic(value.scalar, (x,), {}, path)
        return None
    if meaning(value) is not None:
        return lambda *args: called(value, args, path)
    if isinstance(value, type) and not issubclass(value, sp.Basic):
        return None
    if is_symbolic(value) and not isinstance(value, sp.Basic):
        return lambda *args, **options: _symbolic(value, args, options, path)
    return None


def _symbolic(function: Any, args: tuple[Any, ...], options: dict[str, Any], path: Path) -> Any:
    try:
        if options and isinstance(function, type) and issubclass(function, ActivationFunction):
            positional = dict(zip(function.parameters, args[1:], strict=False))
            args, options = (args[0], *_in_order(function, positional | options)), {}
        value = function(*map(lowered, args), **{k: lowered(v) for k, v in options.items()})
    except SymnetError as error:
        raise TracingError(str(error)) from error
    return lifted(value, path)


def _extreme(builtin: Any, path: Path) -> Callable[..., Any]:
    """max or min: SymPy's on traced numbers, Python's otherwise."""
    symbolic = sp.Max if builtin is max else sp.Min

    def extreme(*args: Any, **options: Any) -> Any:
        values = list(args[0]) if len(args) == 1 else list(args)
        if options or not any(isinstance(v, Scalar | Condition | sp.Expr) for v in values):
            return builtin(*args, **options)
        numbers = [numeric(v) for v in values]
        return lifted(symbolic(*numbers), path)

    return extreme
