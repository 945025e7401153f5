"""What an operator is: it takes the values of a graph and gives one, or several.

A value is a constant, or it depends on the input: then it is a layer at other values, stacked or
added, from which :mod:`symnet.importers._assembly` makes a network.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import isfinite, lcm, prod
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ...base import Network
from ...exact.convert import exact_matrix
from ...exact.rational_matrix import RationalMatrix
from ...layers._linear import Linear
from ...layers._scale import Scale
from ...layers._select import Select

Array = NDArray[Any]

#: Constants that are computed with have at most so many entries, and digits in base 2.
MAX_CONSTANTS, MAX_BITS = 1 << 20, 1 << 14

#: A tensor that depends on the input has at most so many entries, and so many axes.
MAX_WIDTH, MAX_AXES = 1 << 22, 32


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
    #: What contradicts the definition of the operator, where something does.
    wrong: str | None = None


@dataclass(frozen=True, eq=False)
class Constant:
    """A tensor that does not depend on the input: floats or integers, or exact fractions."""

    array: Array

    def __post_init__(self) -> None:
        # NumPy makes a fraction of an array of fractions without axes
        object.__setattr__(self, "array", np.asarray(self.array))

    @property
    def shape(self) -> tuple[int, ...]:
        return self.array.shape


@dataclass(frozen=True, eq=False)
class Step:
    """A column of ``size`` numbers: ``layer`` at the parents, stacked or added; or the input."""

    size: int
    parents: tuple[Step, ...] = ()
    layer: Network | None = None
    added: bool = False


@dataclass(frozen=True, eq=False)
class Flow:
    """A tensor that depends on the input: a column that holds its entries row by row."""

    shape: tuple[int, ...]
    step: Step

    @classmethod
    def of_input(cls, shape: Sequence[int]) -> Flow:
        """The input of the graph."""
        return cls(tuple(shape), Step(checked(shape)))

    def then(self, layer: Network, shape: Sequence[int] | None = None) -> Flow:
        """The value of a layer at this one; the shape stays where none is given."""
        wanted = self.shape if shape is None else tuple(shape)
        return Flow(wanted, Step(checked(wanted), (self.step,), layer))

    def shaped(self, shape: Sequence[int]) -> Flow:
        """The same numbers in another shape."""
        return Flow(tuple(shape), self.step)

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return prod(self.shape)

    @property
    def places(self) -> Array:
        """The place of every entry in the column, in the shape of the tensor."""
        return np.arange(self.size).reshape(self.shape)

    def chosen(self, places: Array) -> Flow:
        """The tensor whose entries stand in these places; -1 stands for 0."""
        flat = places.ravel()
        if len(flat) == self.size and (flat == np.arange(self.size)).all():
            return self.shaped(places.shape)
        return self.then(Select(flat, self.size), places.shape)

    def spread(self, shape: Sequence[int]) -> Flow:
        """The tensor repeated along axes of size 1, as NumPy broadcasts."""
        return self if self.shape == tuple(shape) else self.chosen(broadcast(self.places, shape))

    def scaled(self, factors: Any, offset: Any = None) -> Flow:
        """Every entry times a number plus a number; both are broadcast to the tensor."""
        flow = self
        s = spread(np.asarray(factors), flow.shape)
        t = None if offset is None else matrix(spread(np.asarray(offset), flow.shape), "t")
        if (s == 1).all():
            return flow if t is None else shifted(flow, t)
        return flow.then(Scale(matrix(s, "s"), t))


Value = Constant | Flow


class Operator(ABC):
    """An operator of ONNX; a member says its names, what it refuses, and what it gives."""

    #: The names in ONNX.
    onnx: ClassVar[tuple[str, ...]] = ()
    #: The attributes that are understood.
    attributes: ClassVar[tuple[str, ...]] = ()
    #: Whether ``apply`` gives all outputs, and not the first one alone.
    gives_all: ClassVar[bool] = False

    def __init__(
        self, node: Node, dtype: str | None, version: int, makers: Mapping[str, Node] | None = None
    ) -> None:
        self.node, self.dtype, self.version = node, dtype, version
        #: The node that gives each name.
        self.makers = makers or {}

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The names in ONNX."""
        return cls.onnx

    def objection(self, constant: Sequence[bool]) -> str | None:
        """Why this node cannot be read, before any work; ``constant`` says which inputs are."""
        unknown = sorted(set(self.node.attributes) - set(self.attributes))
        return f"with the attribute {', '.join(unknown)}" if unknown else None

    def is_constant(self, constant: Sequence[bool]) -> bool:
        """Whether the result does not depend on the input."""
        return all(constant)

    @abstractmethod
    def apply(self, inputs: Sequence[Value | None]) -> Value | tuple[Value, ...]:
        """The first output, or all of them."""

    def attribute(self, name: str, default: Any) -> Any:
        """The value of an attribute, its default where it is left out."""
        value = self.node.attributes.get(name)
        return default if value is None else value


def checked(shape: Sequence[int]) -> int:
    """The number of entries, if they are not too many."""
    size = prod(shape)
    if size > MAX_WIDTH or len(shape) > MAX_AXES:
        raise OperatorError(
            f"a tensor of shape {tuple(shape)} is too large; at most {MAX_WIDTH} numbers and "
            f"{MAX_AXES} axes are read"
        )
    if size < 1:
        raise OperatorError(f"a tensor of shape {tuple(shape)} holds no numbers")
    return size


def array_of(value: Value | None) -> Array:
    """The array of a value that is known to be a constant."""
    if not isinstance(value, Constant):
        raise OperatorError("it needs a constant where it has a value that depends on the input")
    return value.array


def integers_of(value: Value | None) -> list[int]:
    """The integers of a constant, flat."""
    array = array_of(value).ravel()
    if array.size > MAX_CONSTANTS or any(v != int(v) for v in array.tolist()):
        raise OperatorError("it needs whole numbers for places and sizes")
    return [int(v) for v in array.tolist()]


def number_of(value: Value | None) -> Any:
    """The number in a constant that holds one."""
    array = array_of(value)
    if array.size != 1:
        raise OperatorError(f"one number is needed where a tensor has the shape {array.shape}")
    return array.ravel()[0]


def flow_of(value: Value | None) -> Flow:
    """A value that is known to depend on the input."""
    if not isinstance(value, Flow):
        raise OperatorError("an input is missing, or is a constant where none is supported")
    return value


def given(value: Value | None) -> Value:
    """A value that is there."""
    if value is None:
        raise OperatorError("an input is missing")
    return value


def axis_of(axis: int, count: int) -> int:
    """An axis counted from 0."""
    found = axis + count if axis < 0 else axis
    if not 0 <= found < count:
        raise OperatorError(f"the axis {axis} is not among {count}")
    return found


def common_shape(*shapes: Sequence[int]) -> tuple[int, ...]:
    """The shape that tensors of these shapes are broadcast to."""
    try:
        shape = np.broadcast_shapes(*map(tuple, shapes))
    except ValueError:
        shown = " and ".join(str(tuple(s)) for s in shapes)
        raise OperatorError(f"tensors of the shapes {shown} do not fit") from None
    checked(shape)
    return shape


def broadcast(array: Array, shape: Sequence[int]) -> Array:
    """An array repeated along axes of size 1."""
    checked(shape)
    try:
        return np.broadcast_to(array, tuple(shape))
    except ValueError:
        raise OperatorError(
            f"a constant of shape {array.shape} does not fit a tensor of shape {tuple(shape)}"
        ) from None


def spread(array: Array, shape: Sequence[int]) -> Array:
    """A constant repeated so that it has one entry for every entry of a tensor, flat."""
    return broadcast(array, shape).ravel()


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


def together(constants: Sequence[Constant]) -> list[Any]:
    """Arrays of fractions, if what broadcasting makes of them is not too large."""
    shape = np.broadcast_shapes(*(c.shape for c in constants)) if constants else ()
    if prod(shape) > MAX_CONSTANTS:
        raise OperatorError(f"arithmetic with constants of shape {shape} is not supported")
    return [exactly(c.array) for c in constants]


def computed(result: Any, *given: Array) -> Constant:
    """A constant made of others by exact arithmetic: integers, if all of them are integers."""
    array = np.asarray(result)
    if all(a.dtype.kind in "iub" for a in given):
        whole = [int(v) for v in array.ravel().tolist()]
        if any(abs(v) >= 1 << 63 for v in whole):
            raise OperatorError("a constant does not fit 64 bits")
        return Constant(np.array(whole, dtype=np.int64).reshape(array.shape))
    return Constant(array)


def matrix(array: Any, name: str = "W") -> RationalMatrix:
    """A matrix, or a flat array as a column, in exact numbers."""
    if array.dtype == object:
        flat = [Fraction(v) for v in array.ravel().tolist()]
        q = reduce(lcm, {v.denominator for v in flat}, 1)
        numerators = [v.numerator * (q // v.denominator) for v in flat]
        rows = len(array)
        return RationalMatrix(rows, len(flat) // rows, numerators, q)
    result = exact_matrix(array, name, column=True)
    assert isinstance(result, RationalMatrix)
    return result


def scaled(weight: RationalMatrix, factor: float) -> RationalMatrix:
    """The matrix times a number, exactly."""
    if factor == 1:
        return weight
    if not isfinite(factor):
        raise OperatorError(f"the factor {factor} is not finite")
    p, q = float(factor).as_integer_ratio()
    return RationalMatrix(*weight.shape, weight.numerators * p, weight.denominator * q)


def shifted(flow: Flow, offset: RationalMatrix) -> Flow:
    """The value x + offset; a linear layer below takes the offset in."""
    if offset.is_zero_matrix:
        return flow
    layer, parents = flow.step.layer, flow.step.parents
    if isinstance(layer, Linear) and len(parents) == 1:
        weight, bias = layer.args[:2]
        total = bias.plus(offset) if isinstance(bias, RationalMatrix) else offset
        return Flow(flow.shape, Step(flow.size, parents, Linear(weight, total)))
    return flow.then(Scale(RationalMatrix(flow.size, 1, [1] * flow.size), offset))


def joined(flows: Sequence[Flow], added: bool = False) -> Flow:
    """The columns of some tensors below each other; or their sum, which has their shape."""
    size = flows[0].size if added else sum(flow.size for flow in flows)
    step = Step(checked((size,)), tuple(flow.step for flow in flows), None, added)
    return Flow(flows[0].shape if added else (size,), step)
