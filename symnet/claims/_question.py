"""A claim made ready for the procedures: exact sides, real symbols, one condition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import sympy as sp
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean
from sympy.matrices.matrixbase import MatrixBase

from ..base import Network
from ..errors import DomainError, LayerError, NameClashError, ShapeError
from ..exact.convert import exact_matrix, exact_number
from ..exact.rational_matrix import RationalMatrix
from ..regions.domains import Domain
from ._conditions import interval_conditions, polyhedron_conditions

Values = dict[Any, Any]


@dataclass(frozen=True)
class Networks:
    """Two networks of one input x, and the domain on which they are compared.

    ``inside`` is the condition that says that x lies in the domain.
    """

    lhs: Network
    rhs: Network
    x: sp.MatrixSymbol
    domain: Domain | None
    inside: Boolean = sp.true


@dataclass(frozen=True)
class Question:
    """``lhs relation rhs`` wherever ``where`` holds; every symbol is real.

    ``original`` gives the user's symbols for those of the question; ``networks`` are the sides
    where these were networks.
    """

    lhs: Any
    rhs: Any
    relation: str = "="
    where: Boolean = sp.true
    original: Mapping[Any, Any] = field(default_factory=dict)
    networks: Networks | None = None

    @property
    def is_matrix(self) -> bool:
        """Whether the sides are matrices."""
        return bool(getattr(self.lhs, "is_Matrix", False))

    @cached_property
    def free_symbols(self) -> frozenset[Any]:
        """All symbols of sides and condition."""
        return frozenset(self.lhs.free_symbols | self.rhs.free_symbols | self.where.free_symbols)

    def in_users_symbols(self, point: Values) -> Values:
        """The point by the symbols that the user wrote."""
        return {self.original.get(s, s): v for s, v in point.items()}


def question_of(claim: Any) -> Question:
    """The claim with exact sides of one shape, real symbols, and its domain as a condition."""
    lhs, rhs, x = _sides(claim.lhs, claim.rhs)
    where = condition_of(claim.where)
    _check_names(lhs, rhs, where)
    real = _real_twins(lhs.free_symbols | rhs.free_symbols | where.free_symbols)
    if real:
        lhs, rhs, where = (_rebuilt(part, real) for part in (lhs, rhs, where))
    inside: Boolean = sp.true
    if claim.domain is not None:
        inside = _inside(claim.domain, lhs, rhs, x, real)
        where = sp.And(where, inside)
    back = {twin: symbol for symbol, twin in real.items()}
    networks = None
    if x is not None and not isinstance(claim.domain, Mapping):
        networks = Networks(claim.lhs, claim.rhs, x, claim.domain, inside)
    return Question(lhs, rhs, claim.relation, where, back, networks)


# --- sides


def _sides(lhs: Any, rhs: Any) -> tuple[Any, Any, sp.MatrixSymbol | None]:
    """Both sides, and the input where they are networks."""
    x = None
    if isinstance(lhs, Network) and isinstance(rhs, Network):
        x = _common_input(lhs, rhs)
        lhs, rhs = lhs(x), rhs(x)
    left, right = (_as_side(side) for side in (lhs, rhs))
    shapes = [tuple(getattr(side, "shape", ())) for side in (left, right)]
    if len(shapes[0]) != len(shapes[1]) or any(
        sp.expand(a - b) != 0 for a, b in zip(*shapes, strict=True)
    ):
        raise ShapeError(
            f"the two sides have shapes {shapes[0] or 'scalar'} and {shapes[1] or 'scalar'}; "
            "only things of one shape can be equal"
        )
    return left, right, x


def _common_input(lhs: Network, rhs: Network) -> sp.MatrixSymbol:
    size = lhs.in_features if lhs.in_features is not None else rhs.in_features
    taken = {s.name for s in lhs.free_symbols | rhs.free_symbols}
    x = next(n.input for n in (lhs, rhs) if n.in_features is not None or size is None)
    return sp.MatrixSymbol("input", *x.shape) if x.name in taken else x


def _as_side(side: Any) -> Any:
    """A side as an exact expression; floats become the rationals that they are."""
    if isinstance(side, Network):
        raise LayerError("a network can only be compared with a network; compare net(x) instead")
    if isinstance(side, MatrixBase) or (not isinstance(side, sp.Basic) and not np.isscalar(side)):
        matrix = exact_matrix(side, "a side", column=True)
        return matrix.as_explicit() if isinstance(matrix, RationalMatrix) else matrix
    if isinstance(side, sp.Basic) and getattr(side, "is_Matrix", False):
        return exact_matrix(side, "a side")
    return exact_number(side, "a side")


# --- symbols


def _check_names(*parts: Any) -> None:
    """Raise where a name stands for two different symbols, which print alike."""
    by_name: dict[str, Any] = {}
    free = set().union(*(part.free_symbols for part in parts))
    for symbol in sorted(free, key=sp.srepr):
        other = by_name.setdefault(symbol.name, symbol)
        if other != symbol and not isinstance(symbol, sp.Dummy):
            raise NameClashError(
                f"two different symbols are called {symbol.name}: {sp.srepr(other)} and "
                f"{sp.srepr(symbol)}; use one of them everywhere, or rename one"
            )


def _real_twins(symbols: set[Any]) -> dict[sp.Symbol, sp.Symbol]:
    """For every symbol that is not declared real the real symbol that is meant."""
    twins = {}
    for symbol in symbols:
        if not isinstance(symbol, sp.Symbol) or symbol.is_real:
            continue
        facts = dict(symbol._assumptions_orig)
        if symbol.is_real is False or facts.get("complex") or facts.get("commutative") is False:
            stated = ", ".join(f"{k}={v}" for k, v in facts.items() if k != "commutative" or not v)
            raise DomainError(
                f"{symbol} is declared with {stated}, and claims are about real numbers; "
                f"use Symbol({symbol.name!r}, real=True)"
            )
        kind = sp.Dummy if isinstance(symbol, sp.Dummy) else sp.Symbol
        twins[symbol] = kind(symbol.name, **{**facts, "real": True})
    return twins


def _rebuilt(part: Any, real: dict[Any, Any]) -> Any:
    return part.xreplace(real)


# --- conditions


def condition_of(where: Any) -> Boolean:
    """The condition as SymPy's, with exact numbers."""
    if isinstance(where, list | tuple):
        return sp.And(*map(condition_of, where))
    if isinstance(where, bool | np.bool_):
        return sp.true if where else sp.false
    if not isinstance(where, Boolean):
        raise TypeError(
            f"the condition is {where!r}; write it with SymPy, for example sp.And(a >= 0, b > 0)"
        )
    exact = {
        relation: relation.func(*(exact_number(side, "a side") for side in relation.args))
        for relation in where.atoms(Relational)
        if relation.atoms(sp.Float)
    }
    return where.xreplace(exact)


def _inside(
    domain: Any, lhs: Any, rhs: Any, x: sp.MatrixSymbol | None, real: dict[Any, Any]
) -> Boolean:
    if isinstance(domain, Mapping):
        return interval_conditions({real.get(s, s): v for s, v in domain.items()})
    if not isinstance(domain, Domain):
        raise DomainError(
            f"the domain is {domain!r}; give a Box, Polyhedron or Slice, or a dict of intervals "
            "such as {x: (0, 1)}"
        )
    return polyhedron_conditions(domain, _variables(lhs, rhs, x, domain))


def _variables(lhs: Any, rhs: Any, x: sp.MatrixSymbol | None, domain: Domain) -> list[sp.Expr]:
    """The scalars that the domain's coordinates are."""
    free = lhs.free_symbols | rhs.free_symbols
    columns = [s for s in free if isinstance(s, sp.MatrixSymbol)]
    if x is None and len(columns) == 1:
        x = columns[0]
    if x is not None:
        if not x.shape[0].is_Integer or x.shape[1] != 1:
            raise DomainError(
                f"{x} has shape {tuple(x.shape)}, and a domain needs a definite number of inputs"
            )
        return [x[k, 0] for k in range(int(x.shape[0]))]
    if columns:
        names = ", ".join(sorted(map(str, columns)))
        raise DomainError(f"a domain is for scalars or for one column, and the claim has {names}")
    return sorted(free, key=lambda s: (s.name, str(s.assumptions0)))
