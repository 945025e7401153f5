"""Sqrt, Reciprocal and Pow of constants."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt

import numpy as np

from ._base import (
    MAX_BITS,
    Constant,
    Operator,
    OperatorError,
    Value,
    computed,
    exactly,
    given,
    integers_of,
)


class Root(Operator):
    """Roots of constants that are squares, reciprocals, powers with whole numbers: exactly.

    Source: https://onnx.ai/onnx/operators/onnx__Pow.html, and the pages of the others.
    """

    onnx = ("Sqrt", "Reciprocal", "Pow")

    def objection(self, constant: Sequence[bool]) -> str | None:
        if not constant[0] and constant[1:] == [True]:
            return None  # a first power is the value itself
        if not all(constant):
            return "of a value that depends on the input, which is not piecewise linear"
        return super().objection(constant)

    def apply(self, inputs: Sequence[Value | None]) -> Value:
        value = given(inputs[0])
        if not isinstance(value, Constant):
            if set(integers_of(inputs[1])) == {1}:
                return value
            raise OperatorError("a power of a value that depends on the input is not supported")
        numbers = exactly(value.array)
        if self.node.kind == "Pow":
            return computed(self._power(numbers, integers_of(inputs[1])), value.array)
        take = _root if self.node.kind == "Sqrt" else _reciprocal
        return Constant(np.vectorize(take, otypes=[object])(numbers))

    def _power(self, numbers: np.ndarray, exponents: list[int]) -> np.ndarray:
        if len(exponents) != 1:
            raise OperatorError("one exponent is supported")
        (n,) = exponents
        longest = max((max(abs(v.numerator), v.denominator).bit_length() for v in numbers.flat),
                      default=0)  # fmt: skip
        if longest * abs(n) > MAX_BITS or (n < 0 and not numbers.all()):
            raise OperatorError(f"a constant to the power {n} is too long, or 0 is")
        return np.asarray(numbers**n, dtype=object)


def _root(value: Fraction) -> Fraction:
    p, q = isqrt(max(value.numerator, 0)), isqrt(value.denominator)
    if p * p != value.numerator or q * q != value.denominator:
        raise OperatorError(f"the root of {value} is not rational; let the export fold constants")
    return Fraction(p, q)


def _reciprocal(value: Fraction) -> Fraction:
    if not value:
        raise OperatorError("a divisor is 0")
    return 1 / value
