"""Numbers that a NumPy function computes with, and whose derivatives are known exactly.

An array of them goes through ``@``, ``np.exp``, ``np.maximum``, ``.sum(axis=1)``, … like any array
of objects. A value is a rational number, or a ball that surely holds it; comparisons are decided by
them, and every operation notes its derivatives by what it was given (reverse mode).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

import numpy as np
from flint import arb, fmpq

from ..errors import UndecidedError


class Tracked:
    """A number with the operation that gave it.

    >>> x = Tracked(fmpq(3))
    >>> y = np.maximum(0, 2 * np.array([x, -x]) + 1).sum()
    >>> y.value, derivatives(y, [x])
    (7, [2])

    Source: Griewank and Walther, Evaluating Derivatives, 2nd edition, 2008, section 3.2.
    """

    __slots__ = ("parents", "value")

    def __init__(self, value: Any, parents: tuple[tuple[Tracked, Any], ...] = ()) -> None:
        self.value, self.parents = value, parents

    # --- arithmetic

    def __add__(self, other: Any) -> Any:
        return _two(self, other, lambda a, b: (a + b, 1, 1))

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return _two(self, other, lambda a, b: (a - b, 1, -1))

    def __rsub__(self, other: Any) -> Any:
        return _two(self, other, lambda a, b: (b - a, -1, 1))

    def __mul__(self, other: Any) -> Any:
        return _two(self, other, lambda a, b: (a * b, b, a))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        return _two(self, other, lambda a, b: (a / b, 1 / b, -a / (b * b)))

    def __rtruediv__(self, other: Any) -> Any:
        return _two(self, other, lambda a, b: (b / a, -b / (a * a), 1 / a))

    def __pow__(self, other: Any) -> Any:
        exponent = _value(other)
        if isinstance(other, Tracked) or exponent is None:
            return NotImplemented
        if isinstance(exponent, fmpq) and exponent.q == 1:
            n = int(exponent.p)
            slope = n * _power(self.value, n - 1) if n else fmpq(0)
            return Tracked(_power(self.value, n), ((self, slope),))
        root = arb(self.value) ** arb(exponent)
        return Tracked(root, ((self, arb(exponent) * root / arb(self.value)),))

    def __neg__(self) -> Tracked:
        return Tracked(-self.value, ((self, -1),))

    def __pos__(self) -> Tracked:
        return self

    def __abs__(self) -> Tracked:
        sign = self._sign(0)
        return Tracked(sign * self.value, ((self, sign),))

    # --- comparisons

    def _sign(self, other: Any) -> int:
        difference = self.value - _value(other)
        if isinstance(difference, fmpq):
            return (difference > 0) - (difference < 0)
        if difference > 0:
            return 1
        if difference < 0:
            return -1
        if difference.is_zero():
            return 0
        raise UndecidedError(
            f"it cannot be told whether two numbers in the function are equal; they differ by "
            f"{difference.str(5)}: take other points, seed=1"
        )

    def __lt__(self, other: Any) -> bool:
        return self._sign(other) < 0

    def __le__(self, other: Any) -> bool:
        return self._sign(other) <= 0

    def __gt__(self, other: Any) -> bool:
        return self._sign(other) > 0

    def __ge__(self, other: Any) -> bool:
        return self._sign(other) >= 0

    def __eq__(self, other: object) -> bool:
        return _value(other) is not None and self._sign(other) == 0

    def __bool__(self) -> bool:
        return self._sign(0) != 0

    __hash__ = None  # type: ignore[assignment]

    def __float__(self) -> float:
        raise TypeError(
            "the function makes a float of a number that is followed; leave out float(…) and "
            "dtype=float, and take np.zeros_like(x) for np.zeros(x.shape)"
        )

    def __repr__(self) -> str:
        return f"Tracked({self.value})"


def _value(number: Any) -> Any:
    """A number as a rational, a float being the dyadic one that it is; None for what is none."""
    if isinstance(number, Tracked):
        return number.value
    if isinstance(number, np.generic):
        number = number.item()
    if isinstance(number, bool | int):
        return fmpq(int(number))
    if isinstance(number, float):
        exact = Fraction(number)
        return fmpq(exact.numerator, exact.denominator)
    return None


def _two(first: Tracked, second: Any, rule: Callable[[Any, Any], tuple[Any, Any, Any]]) -> Any:
    value = _value(second)
    if value is None:
        return NotImplemented
    a, b = _alike(first.value, value)
    result, by_first, by_second = rule(a, b)
    parents = [(first, by_first)]
    if isinstance(second, Tracked):
        parents.append((second, by_second))
    return Tracked(result, tuple(parents))


def _alike(a: Any, b: Any) -> tuple[Any, Any]:
    if isinstance(a, fmpq) and isinstance(b, fmpq):
        return a, b
    return arb(a), arb(b)


def _power(value: Any, n: int) -> Any:
    return value**n if n >= 0 else 1 / value**-n


def _function(rule: Callable[[Any], tuple[Any, Any]]) -> Callable[[Tracked], Tracked]:
    """A method that NumPy's function of the same name calls on every entry."""

    def called(self: Tracked) -> Tracked:
        value, slope = rule(arb(self.value))
        return Tracked(value, ((self, slope),))

    return called


def _tanh(x: Any) -> tuple[Any, Any]:
    value = x.tanh()
    return value, 1 - value * value


#: The value and the derivative of functions, on balls.
_FUNCTIONS: dict[str, Callable[[Any], tuple[Any, Any]]] = {
    "exp": lambda x: (x.exp(), x.exp()),
    "expm1": lambda x: (x.expm1(), x.exp()),
    "log": lambda x: (x.log(), 1 / x),
    "log1p": lambda x: (x.log1p(), 1 / (1 + x)),
    "log2": lambda x: (x.log() / arb(2).log(), 1 / (x * arb(2).log())),
    "sqrt": lambda x: (x.sqrt(), 1 / (2 * x.sqrt())),
    "tanh": _tanh,
    "sinh": lambda x: (x.sinh(), x.cosh()),
    "cosh": lambda x: (x.cosh(), x.sinh()),
    "sin": lambda x: (x.sin(), x.cos()),
    "cos": lambda x: (x.cos(), -x.sin()),
    "arctan": lambda x: (x.atan(), 1 / (1 + x * x)),
}
for _name, _rule in _FUNCTIONS.items():
    setattr(Tracked, _name, _function(_rule))


def _square(self: Tracked) -> Any:
    return self * self


def _itself(self: Tracked, *_: Any, **__: Any) -> Tracked:
    return self


# what NumPy's own numbers have too
for _name in ("conjugate", "sum", "mean", "item"):
    setattr(Tracked, _name, _itself)
setattr(Tracked, "square", _square)  # noqa: B010


class TrackedArray(np.ndarray[Any, Any]):
    """An array of tracked numbers, where the greater of z and an equal constant is the constant.

    So the derivative of np.maximum(z, 0) at 0 is 0, as that of np.maximum(0, z): relu'(0) = 0.
    """

    def __array_ufunc__(
        self, ufunc: Any, method: str, *inputs: Any, out: Any = None, **options: Any
    ) -> Any:
        plain = [_plain(part) for part in inputs]
        if out is not None:
            options["out"] = tuple(map(_plain, out))
        if method == "__call__":
            ufunc = _WITH_TIES.get(ufunc, ufunc)
        result = getattr(ufunc, method)(*plain, **options)
        if isinstance(result, np.ndarray) and result.dtype == object:
            return result.view(TrackedArray)
        return result


def _plain(part: Any) -> Any:
    return part.view(np.ndarray) if isinstance(part, TrackedArray) else part


def _greater_of(a: Any, b: Any) -> Any:
    if a == b:
        return b if isinstance(a, Tracked) and not isinstance(b, Tracked) else a
    return a if a > b else b


def _less_of(a: Any, b: Any) -> Any:
    if a == b:
        return _greater_of(a, b)
    return a if a < b else b


_WITH_TIES = {
    np.maximum: np.frompyfunc(_greater_of, 2, 1),
    np.minimum: np.frompyfunc(_less_of, 2, 1),
}


def tracked(values: Any) -> Any:
    """An array of tracked numbers with the values of an array of floats or integers.

    >>> z = tracked([0, 2])
    >>> derivatives(np.maximum(z, 0).sum(), z)
    [0, 1]
    """
    array = np.asarray(values)
    objects = np.empty(array.shape, dtype=object)
    flat = objects.reshape(-1)
    for k, value in enumerate(array.ravel().tolist()):
        flat[k] = Tracked(_value(value))
    return objects.view(TrackedArray)


def derivatives(result: Tracked, numbers: Iterable[Tracked]) -> list[Any]:
    """The derivatives of a result by numbers that it was computed from, 0 for others."""
    order: list[Tracked] = []
    seen: set[int] = set()
    waiting: list[tuple[Tracked, bool]] = [(result, False)]
    while waiting:
        node, done = waiting.pop()
        if done:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            waiting.append((node, True))
            waiting += [(parent, False) for parent, _ in node.parents]
    adjoint: dict[int, Any] = {id(result): fmpq(1)}
    for node in reversed(order):
        own = adjoint.get(id(node), fmpq(0))
        for parent, slope in node.parents:
            a, b = _alike(own, fmpq(slope) if isinstance(slope, int) else slope)
            before, share = _alike(adjoint.get(id(parent), fmpq(0)), a * b)
            adjoint[id(parent)] = before + share
    return [adjoint.get(id(number), fmpq(0)) for number in numbers]
