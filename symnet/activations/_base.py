"""What an activation states about itself, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, ClassVar

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.matrixbase import MatrixBase

from ..base import Apply, Network
from ..errors import LayerError
from ..exact.cases import chosen
from ..exact.convert import exact_number

#: Functions of SymPy that an activation can be rewritten to.
_TARGETS = (sp.Max, sp.Min, sp.Piecewise, sp.Abs, sp.exp, sp.tanh, sp.Heaviside, sp.erf)


class ActivationFunction(sp.Function):
    """A real function of one real variable, and parameters where it has them.

    A member states facts as class attributes; consumers read them and keep no list of members.
    What depends on parameters is stated for all values of them here, and more precisely by the
    layer, which has them. ``f(x)`` stays as it is: only explicit numbers are evaluated, everything
    else is a step, taken by ``.doit()``, by ``.rewrite(Max)``, ``.rewrite(Piecewise)``, …, or by
    a rule with a reason.
    """

    #: The layer that applies it to every entry; set by the layer.
    layer: ClassVar[type[Activation]]
    #: How it is typeset, for example ``\\operatorname{ReLU}``.
    symbol: ClassVar[str]
    #: What it takes after x, by torch's names, and the values of those that are left out.
    parameters: ClassVar[tuple[str, ...]] = ()
    defaults: ClassVar[tuple[sp.Expr, ...]] = ()
    #: Values of the parameters for which it is a simpler layer.
    special: ClassVar[dict[tuple[sp.Expr, ...], type[Activation]]] = {}
    #: All values on the real line (for a parameter: on all its values), or an interval around them.
    range: ClassVar[sp.Set] = sp.S.Reals
    #: Whether ``range`` is exactly the set of values; False for an interval around it.
    range_is_exact: ClassVar[bool] = True
    #: A set on which f(x) = x, for all values of the parameters; as large as is known.
    fixed: ClassVar[sp.Set] = sp.S.EmptySet
    #: Whether f is non-decreasing; None where it depends on the parameters.
    monotone: ClassVar[bool | None] = None
    #: Whether the graph consists of finitely many straight pieces.
    piecewise_linear: ClassVar[bool] = False
    #: Whether f is continuous.
    continuous: ClassVar[bool] = True
    #: Where f or its derivative jumps.
    kinks: ClassVar[tuple[sp.Expr, ...]] = ()
    #: Whether f(c x) = c f(x) for all c >= 0.
    positively_homogeneous: ClassVar[bool] = False
    #: Whether f(-x) = -f(x), and whether f(-x) = f(x), for all values of the parameters.
    odd: ClassVar[bool] = False
    even: ClassVar[bool] = False
    #: Whether f is convex for all values of the parameters.
    convex: ClassVar[bool] = False
    #: A Lipschitz constant, oo if there is none, None where it depends on the parameters.
    lipschitz: ClassVar[sp.Expr | None] = None
    #: The names of the layer in torch and the operator in ONNX, and the options that choose it.
    torch: ClassVar[str | None] = None
    onnx: ClassVar[str | None] = None
    options: ClassVar[Mapping[str, str]] = MappingProxyType({})
    #: The operator's attributes in the order of the parameters, with ONNX's defaults; None where
    #: the operator is another function in general.
    onnx_attributes: ClassVar[tuple[tuple[str, float], ...] | None] = None
    #: Where the definition comes from.
    source: ClassVar[str] = ""

    @classmethod
    def definition(cls, x: sp.Expr, *parameters: sp.Expr) -> sp.Expr:
        """f(x) in functions that SymPy knows."""
        raise NotImplementedError

    @classmethod
    def slope(cls, x: sp.Expr, *parameters: sp.Expr) -> sp.Expr:
        """f'(x); at a kink the value that torch gives there."""
        raise NotImplementedError

    @classmethod
    def cases(cls, x: sp.Expr, *parameters: sp.Expr) -> sp.Expr:
        """f(x) by cases, where it has any."""
        return cls.definition(x, *parameters)

    @classmethod
    def in_floats(cls, x: sp.Expr, *parameters: sp.Expr) -> sp.Expr:
        """The same value in a form that does not overflow, for generated code."""
        return cls.cases(x, *parameters)

    def __new__(cls, *args: Any, **options: Any) -> Any:
        if not args:
            raise LayerError(f"{cls.__name__} needs an argument: {cls.__name__}(x)")
        x, *rest = args
        if isinstance(x, MatrixBase) or getattr(x, "is_Matrix", False) or hasattr(x, "__len__"):
            return cls.layer(*rest)(x)
        given = cls.complete(tuple(rest))
        return super().__new__(cls, _exact(x), *(_exact(p) for p in given), **options)

    @classmethod
    def complete(cls, given: tuple[Any, ...]) -> tuple[Any, ...]:
        """The parameters with the defaults for those left out."""
        missing = len(cls.parameters) - len(given)
        if 0 <= missing <= len(cls.defaults):
            return (*given, *cls.defaults[len(cls.defaults) - missing :])
        wanted = ", ".join(("x", *cls.parameters))
        raise LayerError(
            f"{cls.__name__} takes {len(cls.parameters)} parameters, and got {len(given)}: "
            f"write {cls.__name__}({wanted})"
        )

    @classmethod
    def eval(cls, x: sp.Expr, *parameters: sp.Expr) -> sp.Expr | None:
        if x is sp.nan:
            return x
        if all(value.is_number and value.is_extended_real for value in (x, *parameters)):
            value = cls._value(x, *parameters)
            return None if value is sp.nan else value
        return None

    @classmethod
    def _value(cls, x: sp.Expr, *parameters: sp.Expr) -> sp.Expr | None:
        if all(value.is_Rational or value.is_Float for value in (x, *parameters)):
            return cls.definition(x, *parameters)
        t = sp.Dummy(real=True)
        return chosen(cls.cases(t, *parameters), t, x)

    def _hashable_content(self) -> tuple[Any, ...]:
        # SymPy orders functions by name alone, and its tanh is not this one
        return (*self.args, "symnet")

    def at_layer(self) -> Activation:
        """The layer with the parameters of this call, which knows the facts for them."""
        layer: Activation = self.layer(*self.args[1:])
        return layer

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        if argindex == 1:
            return self.slope(*self.args)
        variables = [sp.Dummy(real=True) for _ in self.args]
        derivative = self.cases(*variables).diff(variables[argindex - 1])
        return derivative.xreplace(dict(zip(variables, self.args, strict=True)))

    def doit(self, **hints: Any) -> sp.Expr:
        args = [a.doit(**hints) for a in self.args] if hints.get("deep", True) else self.args
        return self.definition(*args)

    def _eval_rewrite(self, rule: Any, args: Any, **hints: Any) -> Any:
        function: Any = type(self)
        if rule in _TARGETS and _reaches(function, rule):
            return (
                self.cases(*args) if rule is sp.Piecewise else self.definition(*args).rewrite(rule)
            )
        return super()._eval_rewrite(rule, args, **hints)

    def _eval_evalf(self, prec: int) -> sp.Expr:
        numbers = [a._eval_evalf(prec) for a in self.args]
        return self.func(*(a if n is None else n for a, n in zip(self.args, numbers, strict=True)))

    def _eval_is_real(self) -> bool | None:
        return True if all(a.is_real for a in self.args) else None

    def _eval_is_nonnegative(self) -> bool | None:
        return self._lies_in(sp.Interval(0, sp.oo))

    def _eval_is_positive(self) -> bool | None:
        return self._lies_in(sp.Interval.open(0, sp.oo))

    def _eval_is_negative(self) -> bool | None:
        return self._lies_in(sp.Interval.open(-sp.oo, 0))

    def _lies_in(self, target: sp.Set) -> bool | None:
        if all(a.is_real for a in self.args) and self.at_layer().range.is_subset(target):
            return True
        return None

    def _shown(self) -> tuple[sp.Expr, ...]:
        return (self.args[0], *self.layer(*self.args[1:]).written_parameters)

    def _sympystr(self, printer: Any) -> str:
        return f"{type(self).__name__}({', '.join(printer._print(a) for a in self._shown())})"

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"{self.at_layer().name_latex}{power}\left({printer._print(self.args[0])}\right)"

    def _pythoncode(self, printer: Any) -> str:
        return str(printer._print(self.in_floats(*self.args)))

    _numpycode = _scipycode = _mpmathcode = _lambdacode = _pythoncode
    _cupycode = _jaxcode = _torchcode = _tensorflowcode = _ccode = _pythoncode


class Activation(Network):
    """An activation at every entry of a matrix; its ``args`` are the parameters.

    Parameters
    ----------
    *parameters : number or scalar expression
        What the function takes after x, such as a slope.
    """

    is_elementwise = True
    #: The scalar function.
    function: ClassVar[type[ActivationFunction]]
    #: The values of parameters that are left out.
    defaults: ClassVar[tuple[sp.Expr, ...]] = ()
    #: Values of the parameters for which it is a simpler layer, which ``plainer`` then gives.
    special: ClassVar[Mapping[tuple[sp.Expr, ...], type[Activation]]] = MappingProxyType({})

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "function" in cls.__dict__:
            function = cls.function
            function.layer = cls
            cls.torch, cls.onnx, cls.defaults = function.torch, function.onnx, function.defaults

    def __new__(cls, *parameters: Any, **named: Any) -> Any:
        given = cls.function.complete(cls._in_order(parameters, named))
        what = [f"the parameter {name} of {cls.__name__}" for name in cls.function.parameters]
        return sp.Basic.__new__(cls, *map(exact_number, given, what))

    @classmethod
    def _in_order(cls, parameters: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
        """The parameters with those given by name in their places."""
        names = cls.function.parameters
        place = len(parameters)
        left = dict(zip(names[place:], cls.function.defaults[place:], strict=False))
        unknown = sorted(named.keys() - names[place:])
        if unknown:
            takes = ", ".join(names) or "no parameters"
            raise LayerError(f"{cls.__name__} takes {takes}, and got {', '.join(unknown)}")
        return (*parameters, *(left | named).values()) if named else parameters

    @property
    def values(self) -> tuple[sp.Expr, ...]:
        """The parameters, in the order in which the function takes them."""
        return tuple(self.args)

    def scalar(self, t: sp.Expr) -> sp.Expr:
        """The function at one entry."""
        return self.function(t, *self.values)

    def forward(self, x: MatrixExpr) -> MatrixExpr:
        return x.applyfunc(self.scalar) if isinstance(x, MatrixBase) else Apply(self, x)

    def definition(self, x: MatrixExpr) -> MatrixExpr:
        if isinstance(x, MatrixBase):
            return x.applyfunc(self._expanded)
        return Apply(self, x)

    def _expanded(self, t: sp.Expr) -> sp.Expr:
        value = self.scalar(t)
        return value.doit(deep=False) if isinstance(value, self.function) else value

    def plainer(self) -> Activation | None:
        simpler = self.special.get(self.values)
        plain: Activation | None = None if simpler is None else simpler()
        return plain

    @property
    def is_homogeneous(self) -> bool:  # type: ignore[override]
        return self.function.positively_homogeneous

    @property
    def range(self) -> sp.Set:
        """All values that an entry of the result can have, or an interval around them."""
        return self.function.range

    @property
    def fixed(self) -> sp.Set:
        """A set on which the activation gives back what it gets."""
        return self.function.fixed

    @property
    def is_monotone(self) -> bool | None:  # type: ignore[override]
        """Whether it is non-decreasing; None where that depends on symbols."""
        return self.function.monotone

    @property
    def kinks(self) -> tuple[sp.Expr, ...]:
        """Where it or its derivative jumps."""
        return self.function.kinks

    @property
    def lipschitz(self) -> sp.Expr | None:
        """A Lipschitz constant, oo if there is none."""
        return self.function.lipschitz

    @property
    def name(self) -> str:
        return self.function.__name__

    @property
    def name_latex(self) -> str:
        inside = ", ".join(sp.latex(p) for p in self.written_parameters)
        return self.function.symbol + (f"_{{{inside}}}" if inside else "")

    @property
    def written_parameters(self) -> tuple[sp.Expr, ...]:
        values, defaults = self.values, self.function.defaults
        return () if values == defaults else values

    def _pretty(self, printer: Any) -> Any:
        # SymPy's own would take the layer Abs for its function Abs
        return printer.emptyPrinter(self)


def _exact(value: Any) -> Any:
    """A Python or NumPy float as the rational number that it is; SymPy's floats stay."""
    if hasattr(value, "as_integer_ratio") and not isinstance(value, sp.Basic):
        return exact_number(value, "the argument")
    return value


@cache
def _reaches(function: Any, rule: Any) -> bool:
    """Whether the function can be written by means of ``rule``."""
    variables = [sp.Dummy(real=True) for _ in ("x", *function.parameters)]
    if rule is sp.Piecewise:
        return bool(function.cases(*variables).has(rule))
    return bool(function.definition(*variables).rewrite(rule).has(rule))
