"""The values on which a user's forward function is run: matrices and scalars of unknown size."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

import numpy as np
import sympy as sp

from ..errors import TracingError
from ..exact.convert import exact_matrix, exact_number
from ._graph import Graph, Node, Size


class Factor:
    """A scalar made of parameters, such as ``1 - alpha``."""

    __slots__ = ("expr",)
    __hash__: ClassVar[None]  # type: ignore[assignment]
    __array_ufunc__ = None

    def __init__(self, expr: sp.Expr) -> None:
        self.expr = expr

    def __add__(self, other: Any) -> Any:
        return self._with(other, lambda a, b: a + b)

    def __mul__(self, other: Any) -> Any:
        return self._with(other, lambda a, b: a * b)

    __radd__, __rmul__ = __add__, __mul__

    def __sub__(self, other: Any) -> Any:
        return self._with(other, lambda a, b: a - b)

    def __rsub__(self, other: Any) -> Any:
        return self._with(other, lambda a, b: b - a)

    def __truediv__(self, other: Any) -> Any:
        return self._with(other, lambda a, b: a / b)

    def __rtruediv__(self, other: Any) -> Any:
        return self._with(other, lambda a, b: b / a)

    def __pow__(self, other: Any) -> Any:
        return self._with(other, lambda a, b: a**b)

    def __neg__(self) -> Factor:
        return Factor(-self.expr)

    def _with(self, other: Any, operation: Any) -> Any:
        scalar = as_scalar(other)
        return NotImplemented if scalar is None else Factor(operation(self.expr, scalar))

    def __bool__(self) -> NoReturn:
        raise TracingError(_NO_BRANCHES)

    def __eq__(self, other: Any) -> NoReturn:
        raise TracingError(_NO_BRANCHES)

    __lt__ = __le__ = __gt__ = __ge__ = __ne__ = __eq__


_NO_BRANCHES = (
    "it compares values, and a network has no branches; write the function of one number by "
    "itself and use symnet.activation(f) in its place"
)


class Column:
    """A matrix, or a parameter of which it is not known yet whether it is a matrix or a scalar."""

    __slots__ = ("graph", "name", "node", "scalar")
    __hash__: ClassVar[None]  # type: ignore[assignment]
    __array_ufunc__ = None

    def __init__(self, graph: Graph, node: Node | None, name: str = "") -> None:
        self.graph = graph
        self.node = node
        self.name = name
        self.scalar: sp.Expr | None = None

    # --- what it is

    def matrix(self) -> Node:
        """The node, now that it is used as a matrix."""
        if self.scalar is not None:
            raise TracingError(
                f"{self.name} is a scalar factor elsewhere (as in {self.name} * x), and a matrix "
                "here; products of matrices are written with @"
            )
        if self.node is None:
            self.node = self.graph.leaf(self.name, Size(), Size())
        return self.node

    def factor(self) -> sp.Expr | None:
        """The scalar, now that it is used as one; None for a matrix."""
        if self.node is not None:
            return None
        if self.scalar is None:
            self.scalar = sp.Symbol(self.name, real=True)
        return self.scalar

    def _new(self, node: Node) -> Column:
        return Column(self.graph, node)

    def _matrix_of(self, other: Any) -> Node | None:
        if isinstance(other, Column):
            return other.matrix()
        if isinstance(other, Factor | int | float) or np.isscalar(other):
            return None
        if isinstance(other, sp.Expr) and not getattr(other, "is_Matrix", False):
            return None
        value = exact_matrix(other, "a constant", column=True)
        rows, cols = value.shape
        return self.graph.leaf(_short(value), Size(rows), Size(cols), value)

    # --- arithmetic

    def __matmul__(self, other: Any) -> Any:
        right = self._matrix_of(other)
        if right is None:
            raise TracingError("@ multiplies matrices; a number is multiplied with *")
        return self._new(self.graph.product(self.matrix(), right))

    def __rmatmul__(self, other: Any) -> Any:
        left = self._matrix_of(other)
        if left is None:
            raise TracingError("@ multiplies matrices; a number is multiplied with *")
        return self._new(self.graph.product(left, self.matrix()))

    def __add__(self, other: Any) -> Any:
        if self.node is None and as_scalar(other) is not None and not isinstance(other, Column):
            return Factor(self.factor()) + other
        right = self._matrix_of(other)
        if right is None:
            if as_scalar(other) == 0:
                return self
            raise TracingError(
                f"the number {as_scalar(other)} is added to the matrix {self.matrix().text}; "
                "add a column of that size, a bias"
            )
        return self._new(self.graph.sum(self.matrix(), right))

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return self + (-other)

    def __rsub__(self, other: Any) -> Any:
        if self.node is None and as_scalar(other) is not None:
            return as_scalar(other) - Factor(self.factor())
        return (-self) + other

    def __neg__(self) -> Any:
        if self.node is None and self.scalar is not None:
            return Factor(-self.scalar)
        return self._new(self.graph.scaled(sp.S.NegativeOne, self.matrix()))

    def __mul__(self, other: Any) -> Any:
        scalar = as_scalar(other)
        if scalar is not None and self.node is not None:
            return self._new(self.graph.scaled(scalar, self.node))
        own = self.factor()
        if own is None:
            raise TracingError(
                f"* multiplies {self.matrix().text} by another matrix entry by entry; "
                "write @ for the product of matrices"
            )
        if scalar is not None:
            return Factor(own * scalar)
        right = self._matrix_of(other)
        assert right is not None
        return self._new(self.graph.scaled(own, right))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        scalar = as_scalar(other)
        if scalar is None:
            raise TracingError("a matrix is divided by a matrix; divide by a scalar")
        own = None if self.node is not None else self.factor()
        if own is not None:
            return Factor(own / scalar)
        return self._new(self.graph.scaled(1 / scalar, self.matrix()))

    def __rtruediv__(self, other: Any) -> Any:
        own, scalar = self.factor(), as_scalar(other)
        if own is None or scalar is None:
            raise TracingError("something is divided by a matrix; divide by a scalar")
        return Factor(scalar / own)

    def __pow__(self, other: Any) -> NoReturn:
        raise TracingError("a matrix is raised to a power; use @, or an activation")

    @property
    def T(self) -> Column:
        """The transpose."""
        return self._new(self.graph.transpose(self.matrix()))

    # --- what a network does not do

    def __bool__(self) -> NoReturn:
        raise TracingError(_NO_BRANCHES)

    def __eq__(self, other: Any) -> NoReturn:
        raise TracingError(_NO_BRANCHES)

    __lt__ = __le__ = __gt__ = __ge__ = __ne__ = __eq__

    def __iter__(self) -> NoReturn:
        raise TracingError("single entries are taken; a network is written with whole matrices")

    def __getitem__(self, key: Any) -> NoReturn:
        raise TracingError("single entries are taken; a network is written with whole matrices")

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        raise TracingError(
            f".{name} is asked of a matrix; what is followed is @, +, -, * by a scalar, .T, "
            "activations, layers and networks"
        )


def as_scalar(value: Any) -> sp.Expr | None:
    """The exact scalar that ``value`` is; a parameter becomes one if nothing says otherwise."""
    if isinstance(value, Column):
        return value.factor()
    if isinstance(value, Factor):
        return value.expr
    if getattr(value, "is_Matrix", False) or hasattr(value, "__len__") or callable(value):
        return None
    return exact_number(value, "a number in the function")


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 30 else f"a {value.shape[0]}×{value.shape[1]} matrix"
