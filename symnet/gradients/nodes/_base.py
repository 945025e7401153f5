"""What a differentiation rule for one kind of expression is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Protocol

import sympy as sp

from ...errors import GradientError


class Differential(Protocol):
    """What a rule may ask of the parts of an expression."""

    def depends(self, part: Any) -> bool:
        """Whether a part depends on what is differentiated by."""

    def push(self, part: Any) -> Any:
        """The differential of a part: a matrix of its shape, or a number."""

    def jacobian(self, part: Any) -> Any:
        """The Jacobian of a part in one column (or row): (entries, variables)."""


class NodeRule(ABC):
    """How one kind of matrix expression or number is differentiated.

    ``push`` gives the differential dA from those of the parts, ``pull`` takes the adjoint G of A
    (dL = <G, dA>) to those of the parts, ``jacobian`` gives the matrix J with dA = J dx for a
    column. A member gives examples; the suite compares all three with SymPy's scalar derivatives.
    """

    #: The SymPy classes that it differentiates.
    kinds: ClassVar[tuple[type, ...]]
    #: What a lecturer calls it, and the equation.
    name: ClassVar[str]
    statement: ClassVar[str]
    source: ClassVar[str] = (
        "Magnus and Neudecker, Matrix Differential Calculus, 3rd edition, 2019, chapter 8"
    )

    def parts(self, node: Any, d: Differential) -> Iterable[Any]:
        """What the value of the node is made of."""
        return tuple(part for part in node.args if d.depends(part))

    @abstractmethod
    def push(self, node: Any, d: Differential) -> Any:
        """The differential of the node."""

    @abstractmethod
    def pull(self, node: Any, adjoint: Any, d: Differential) -> Iterable[tuple[Any, Any]]:
        """The parts that depend, each with its share of the adjoint."""

    def jacobian(self, node: Any, d: Differential) -> Any:
        """The Jacobian of a node in one column."""
        raise GradientError(
            f"the Jacobian of {node} is not a matrix product; vjp and jvp differentiate it"
        )

    @abstractmethod
    def examples(self) -> Iterator[tuple[Any, sp.MatrixSymbol]]:
        """Expressions with sizes that are numbers, and what they are differentiated by."""
