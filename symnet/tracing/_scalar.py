"""The symbols on which a user's scalar function is run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, NoReturn

import sympy as sp

from ..errors import TracingError, WeightError
from ..exact.convert import exact_number
from ..functions import meaning
from ._paths import Path


def lowered(value: Any) -> Any:
    """The SymPy object behind ``value``: that of a traced number, the exact one of a float."""
    if isinstance(value, Scalar):
        return value.expr
    if isinstance(value, Condition):
        return value.relation
    if isinstance(value, list | tuple):
        return type(value)(map(lowered, value))
    if isinstance(value, sp.Basic | str) or callable(value):
        return value
    try:
        return exact_number(value, "a number in the function")
    except WeightError as error:
        raise TracingError(str(error)) from None


def numeric(value: Any) -> Any:
    """The same with a comparison counted as 0 or 1."""
    return sp.Integer(bool(value)) if isinstance(value, Condition) else lowered(value)


def called(function: Any, args: Any, path: Path) -> Any:
    """A function of math or NumPy at traced numbers."""
    exact = meaning(function)
    if exact is None:
        raise TracingError(
            f"{function.__name__} is not known to symnet; write it with arithmetic, "
            "or use a function of SymPy"
        )
    return lifted(sp.sympify(exact(*map(lowered, args))), path)


def lifted(value: Any, path: Path) -> Any:
    """The traced form of what a SymPy function gave back."""
    if isinstance(value, sp.logic.boolalg.Boolean) and not isinstance(value, sp.Symbol):
        return Condition(value, path)
    return Scalar(value, path) if isinstance(value, sp.Expr) else value


class Scalar:
    """A real number that depends on the input. Comparing it explores both outcomes."""

    __slots__ = ("expr", "path")
    __hash__: ClassVar[None]  # type: ignore[assignment]

    def __init__(self, expr: sp.Expr, path: Path) -> None:
        self.expr = expr
        self.path = path

    def _with(self, operation: Callable[..., Any], *others: Any) -> Any:
        if any(getattr(other, "is_Matrix", False) for other in others):
            raise TracingError(
                "it works with a matrix, and an activation is a function of one number; "
                "for matrices use symnet.network(f)"
            )
        if any(other is None or isinstance(other, str | bytes) for other in others):
            return NotImplemented
        numbers = [numeric(o) for o in others]
        return lifted(operation(self.expr, *numbers), self.path)

    def __add__(self, other: Any) -> Any:
        return self._with(lambda a, b: a + b, other)

    def __mul__(self, other: Any) -> Any:
        return self._with(lambda a, b: a * b, other)

    __radd__, __rmul__ = __add__, __mul__

    def __sub__(self, other: Any) -> Any:
        return self._with(lambda a, b: a - b, other)

    def __rsub__(self, other: Any) -> Any:
        return self._with(lambda a, b: b - a, other)

    def __truediv__(self, other: Any) -> Any:
        return self._with(_quotient, other)

    def __rtruediv__(self, other: Any) -> Any:
        return self._with(lambda a, b: _quotient(b, a), other)

    def __floordiv__(self, other: Any) -> Any:
        return self._with(lambda a, b: sp.floor(_quotient(a, b)), other)

    def __rfloordiv__(self, other: Any) -> Any:
        return self._with(lambda a, b: sp.floor(_quotient(b, a)), other)

    def __mod__(self, other: Any) -> Any:
        return self._with(lambda a, b: a - b * sp.floor(_quotient(a, b)), other)

    def __rmod__(self, other: Any) -> Any:
        return self._with(lambda a, b: b - a * sp.floor(_quotient(b, a)), other)

    def __pow__(self, other: Any) -> Any:
        return self._with(lambda a, b: a**b, other)

    def __rpow__(self, other: Any) -> Any:
        return self._with(lambda a, b: b**a, other)

    def __neg__(self) -> Any:
        return self._with(lambda a: -a)

    def __pos__(self) -> Scalar:
        return self

    def __abs__(self) -> Any:
        return self._with(sp.Abs)

    def __floor__(self) -> Any:
        return self._with(sp.floor)

    def __ceil__(self) -> Any:
        return self._with(sp.ceiling)

    def __lt__(self, other: Any) -> Any:
        return self._with(sp.Lt, other)

    def __le__(self, other: Any) -> Any:
        return self._with(sp.Le, other)

    def __gt__(self, other: Any) -> Any:
        return self._with(sp.Gt, other)

    def __ge__(self, other: Any) -> Any:
        return self._with(sp.Ge, other)

    def __eq__(self, other: Any) -> Any:
        return self._with(sp.Eq, other)

    def __ne__(self, other: Any) -> Any:
        return self._with(sp.Ne, other)

    def __bool__(self) -> bool:
        return self.path.decide(sp.Ne(self.expr, 0))

    def __index__(self) -> int:
        if self.expr.is_Integer:
            return int(self.expr)
        raise NeedsNumberError(self.expr)

    def __float__(self) -> NoReturn:
        raise TracingError(
            f"{self.expr} is needed as a float here: use the functions of symnet or SymPy "
            "(symnet.relu, sympy.exp), or math and NumPy as names of the module "
            "(import math at its top), so that they can be read exactly"
        )

    def __int__(self) -> NoReturn:
        raise TracingError(f"{self.expr} is needed as an int here; use math.floor or math.ceil")

    def __round__(self, digits: int | None = None) -> NoReturn:
        raise TracingError(f"{self.expr} is rounded here, which is not exact; use math.floor")

    def __iter__(self) -> NoReturn:
        raise TracingError(f"{self.expr} is one number here, and it is taken apart like a list")

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        if method != "__call__" or options:
            raise TracingError(f"NumPy's {ufunc.__name__}.{method} with options is not followed")
        return called(ufunc, inputs, self.path)

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        return called(function, (*args, *options.values()), self.path)


class Condition:
    """A comparison whose outcome depends on the input; where it is a number it is 0 or 1."""

    __slots__ = ("path", "relation")
    __hash__: ClassVar[None]  # type: ignore[assignment]
    __array_ufunc__ = None

    def __init__(self, relation: Any, path: Path) -> None:
        self.relation = relation
        self.path = path

    def __bool__(self) -> bool:
        return self.path.decide(self.relation)

    def __invert__(self) -> NoReturn:
        raise TracingError(f"~ of the comparison {self.relation} counts bits; write not")

    def __and__(self, other: Any) -> bool:
        return bool(self) and bool(other)

    def __or__(self, other: Any) -> bool:
        return bool(self) or bool(other)

    __rand__, __ror__ = __and__, __or__

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        return called(function, (*args, *options.values()), self.path)


def _as_integer(name: str) -> Callable[..., Any]:
    def method(self: Condition, *others: Any) -> Any:
        return getattr(int(bool(self)), name)(*others)

    def with_scalars(self: Condition, *others: Any) -> Any:
        result = method(self, *others)
        if result is NotImplemented and others:
            number = Scalar(sp.Integer(int(bool(self))), self.path)
            return getattr(number, name)(*others)
        return result

    return with_scalars


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow"):
    for _dunder in (f"__{_name}__", f"__r{_name}__"):
        setattr(Condition, _dunder, _as_integer(_dunder))
for _name in ("neg", "pos", "abs", "eq", "ne", "lt", "le", "gt", "ge", "index", "int", "float"):
    setattr(Condition, f"__{_name}__", _as_integer(f"__{_name}__"))


class NeedsNumberError(TypeError):
    """A traced number is needed as an integer, as in ``range(n)``."""

    def __init__(self, expr: sp.Expr) -> None:
        super().__init__(f"{expr} is needed as a whole number")
        self.expr = expr


def _quotient(numerator: sp.Expr, denominator: sp.Expr) -> sp.Expr:
    numerator, denominator = sp.sympify(numerator), sp.sympify(denominator)
    if denominator.is_zero:
        raise ZeroDivisionError(f"{numerator} is divided by {denominator}")
    return numerator / denominator
