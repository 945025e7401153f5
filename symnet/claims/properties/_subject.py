"""The function of which a property is claimed: an expression or a network as a map of variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

import sympy as sp
from sympy.logic.boolalg import Boolean
from sympy.matrices.matrixbase import MatrixBase

from ...base import Network
from ...errors import DomainError, LayerError
from ...exact.convert import exact_number
from ...regions.domains import Domain
from .._conditions import interval_conditions, polyhedron_conditions

#: A point: as many scalars as there are variables, or one column.
Point = tuple[Any, ...]


@dataclass(frozen=True)
class Subject:
    """A map of ``variables``: scalars, or one column of any size; ``value`` is what it gives."""

    value: Any
    variables: Point

    @property
    def is_column(self) -> bool:
        """Whether the variable is one column as a whole."""
        return bool(getattr(self.variables[0], "is_Matrix", False))

    @property
    def outputs(self) -> int | None:
        """The number of outputs of a column; None for a scalar and for any number."""
        return self.value.rows if isinstance(self.value, MatrixBase) else None

    def at(self, *point: Any) -> Any:
        """The value at a point."""
        return put(self.value, dict(zip(self.variables, point, strict=True)))

    def entries(self) -> list[sp.Expr]:
        """The outputs one by one; a column of any size is one."""
        return self.value.flat() if isinstance(self.value, MatrixBase) else [self.value]

    def copy(self, taken: set[str], letter: str = "y") -> Point:
        """As many new variables, with names that are not taken."""
        first = self.variables[0]
        if self.is_column:
            return (sp.MatrixSymbol(_free(letter, taken), *first.shape),)
        if len(self.variables) == 1:
            names = [_free(letter, taken)]
        else:
            names = [_free(f"{letter}_{k}", taken) for k in range(1, len(self.variables) + 1)]
        return tuple(
            sp.Symbol(name, **{**x._assumptions_orig, "real": True})
            for name, x in zip(names, self.variables, strict=True)
        )

    def names(self) -> set[str]:
        """The names of all symbols."""
        return {s.name for s in self.value.free_symbols} | {s.name for s in self.variables}

    def inside(self, domain: Any) -> Boolean:
        """That the variables lie in the domain."""
        if domain is None:
            return sp.true
        if isinstance(domain, Mapping):
            return interval_conditions(domain)
        if self.is_column:
            raise DomainError(
                f"{self.variables[0]} has {self.variables[0].shape[0]} entries; a domain needs a "
                "definite number of inputs"
            )
        return polyhedron_conditions(domain, self.variables)


def put(part: Any, values: Mapping[Any, Any]) -> Any:
    """The values in place of the symbols, all at once; columns are written out."""
    if not values:
        return part
    return part.xreplace({k: v for k, v in values.items() if k != v})


def subject_of(function: Any, variables: Sequence[Any], domain: Any) -> Subject:
    """The function with its variables; all symbols of an expression where none are named."""
    if isinstance(function, Network):
        return _network(function, variables, domain)
    value = function
    if isinstance(function, MatrixBase):
        value = sp.ImmutableDenseMatrix(function)
    elif not getattr(function, "is_Matrix", False):
        value = exact_number(function, "the function")
    if variables:
        given = tuple(variables)
    elif isinstance(domain, Mapping):
        given = tuple(domain)
    else:
        given = tuple(sorted(value.free_symbols, key=lambda s: (s.name, str(s.assumptions0))))
    if not given:
        raise LayerError(f"{function} has no variable; name one, for example convex(f, x)")
    return Subject(value, given)


def _network(net: Network, variables: Sequence[Any], domain: Any) -> Subject:
    size = net.in_features
    if size is None and variables:
        size = sp.Integer(len(variables))
    if size is None and isinstance(domain, Domain):
        size = sp.Integer(domain.ambient)
    if size is None and net.is_elementwise:
        # what holds for one entry holds for all
        size = sp.S.One
    if size is None or not size.is_Integer:
        return Subject(net(net.input), (net.input,))
    if variables and len(variables) != size:
        raise LayerError(f"{net} takes {size} inputs, and {len(variables)} variables were named")
    taken = {s.name for s in net.free_symbols}
    n = int(size)
    names = ["x"] if n == 1 else [f"x_{k}" for k in range(1, n + 1)]
    given = tuple(variables) or tuple(sp.Symbol(_free(name, taken), real=True) for name in names)
    value = net(sp.ImmutableDenseMatrix(given)).as_explicit()
    return Subject(value[0, 0] if value.shape == (1, 1) else value, given)


def _free(name: str, taken: set[str]) -> str:
    candidates = chain([name], (f"{name}_{k}" for k in count()))
    found = next(c for c in candidates if c not in taken)
    taken.add(found)
    return found
