"""What an operator is: it takes the values of a graph and gives one.

A value is a constant, or it depends on the input: then it is a layer on top of another value, so
that the layers up to a value are read off backwards.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ...base import Network
from ...exact.convert import exact_matrix
from ...exact.rational_matrix import RationalMatrix
from ...layers._linear import Linear
from .._base import MAX_ENTRIES

Array = NDArray[Any]

#: Constants that are computed with have at most so many entries, and digits in base 2.
MAX_CONSTANTS, MAX_BITS = 1 << 20, 1 << 14


class OperatorError(ValueError):
    """An operator that cannot be read as layers; the message says why."""


@dataclass(frozen=True)
class Node:
    """An operator in a graph: what it is, what it reads and gives, its attributes."""

    kind: str
    domain: str
    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Constant:
    """A tensor that does not depend on the input: floats or integers, or exact fractions."""

    array: Array

    @property
    def shape(self) -> tuple[int, ...]:
        return self.array.shape


@dataclass(frozen=True, eq=False)
class Flow:
    """A tensor that depends on the input: ``layer`` of ``below``, its entries row by row."""

    shape: tuple[int, ...]
    below: Flow | None = None
    layer: Network | None = None

    def then(self, layer: Network, shape: Sequence[int] | None = None) -> Flow:
        """The value of a layer at this one; the shape stays where none is given."""
        return Flow(self.shape if shape is None else tuple(shape), self, layer)

    def shaped(self, shape: Sequence[int]) -> Flow:
        """The same numbers in another shape."""
        return Flow(tuple(shape), self.below, self.layer)

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return prod(self.shape)

    def path(self) -> list[Network]:
        """The layers from the input to here."""
        found, here = [], self
        while here.below is not None and here.layer is not None:
            found.append(here.layer)
            here = here.below
        return found[::-1]


Value = Constant | Flow


class Operator(ABC):
    """An operator of ONNX; a member says its names, what it refuses, and what it gives."""

    #: The names in ONNX.
    onnx: ClassVar[tuple[str, ...]] = ()
    #: The attributes that are understood.
    attributes: ClassVar[tuple[str, ...]] = ()

    def __init__(self, node: Node, dtype: str | None, version: int) -> None:
        self.node, self.dtype, self.version = node, dtype, version

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The names in ONNX."""
        return cls.onnx

    def objection(self, constant: Sequence[bool]) -> str | None:
        """Why this node cannot be read, before any work; ``constant`` says which inputs are."""
        unknown = sorted(set(self.node.attributes) - set(self.attributes))
        return f"with the attribute {', '.join(unknown)}" if unknown else None

    @abstractmethod
    def apply(self, inputs: Sequence[Value | None]) -> Value:
        """The (first) output."""

    def attribute(self, name: str, default: Any) -> Any:
        """The value of an attribute, its default where it is left out."""
        return self.node.attributes.get(name, default)


def array_of(value: Value | None) -> Array:
    """The array of a value that is known to be a constant."""
    if not isinstance(value, Constant):
        raise OperatorError("it needs a constant where it has a value that depends on the input")
    return value.array


def flow_of(value: Value | None) -> Flow:
    """A value that is known to depend on the input."""
    if not isinstance(value, Flow):
        raise OperatorError("an input is missing")
    return value


def spread(array: Array, shape: Sequence[int]) -> Array:
    """A constant repeated so that it has one entry for every entry of a tensor, flat."""
    if prod(shape) > MAX_ENTRIES:
        raise OperatorError(f"the tensor of shape {tuple(shape)} is too large")
    try:
        return np.broadcast_to(array, shape).ravel()
    except ValueError:
        raise OperatorError(
            f"a constant of shape {array.shape} does not fit a tensor of shape {tuple(shape)}"
        ) from None


def exactly(array: Array) -> Any:
    """An array of fractions."""
    if array.size > MAX_CONSTANTS:
        raise OperatorError(f"arithmetic with a constant of shape {array.shape} is not supported")
    try:
        flat = [Fraction(v) for v in array.ravel().tolist()]
    except (ValueError, OverflowError):
        raise OperatorError("a constant is infinite or not a number") from None
    if any(max(v.numerator.bit_length(), v.denominator.bit_length()) > MAX_BITS for v in flat):
        raise OperatorError(f"a constant has more than {MAX_BITS} digits in base 2")
    result = np.empty(len(flat), dtype=object)
    result[:] = flat
    return result.reshape(array.shape)


def matrix(array: Any, name: str = "W") -> RationalMatrix:
    """A matrix, or a flat array as a column, in exact numbers."""
    result = exact_matrix(array, name, column=True)
    if not isinstance(result, RationalMatrix):
        raise OperatorError(f"{name} holds numbers that are not rational")
    return result


def ones(size: int) -> RationalMatrix:
    """The column of ones."""
    return RationalMatrix(size, 1, [1] * size)


def scaled(weight: RationalMatrix, factor: float) -> RationalMatrix:
    """The matrix times a number, exactly."""
    if factor == 1:
        return weight
    p, q = float(factor).as_integer_ratio()
    return RationalMatrix(*weight.shape, weight.numerators * p, weight.denominator * q)


def diagonal(entries: RationalMatrix) -> RationalMatrix:
    """The matrix with a column on its diagonal."""
    n = int(entries.shape[0])
    if n * n > MAX_ENTRIES:
        raise OperatorError(f"scaling {n} numbers one by one makes a matrix that is too large")
    flat = [0] * (n * n)
    flat[:: n + 1] = entries.flat()
    return RationalMatrix(n, n, flat, entries.denominator)


def shifted(flow: Flow, offset: RationalMatrix) -> Flow:
    """The value x + offset; a linear layer below takes the offset in."""
    if offset.is_zero_matrix:
        return flow
    layer, below = flow.layer, flow.below
    if isinstance(layer, Linear) and below is not None:
        weight, bias = layer.args
        total = bias.plus(offset) if isinstance(bias, RationalMatrix) else offset
        return below.then(Linear(weight, total), flow.shape)
    return flow.then(Linear(diagonal(ones(flow.size)), offset))
