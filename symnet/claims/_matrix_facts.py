"""Matrix symbols with what a condition says of them, for normal forms."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.assumptions import AppliedPredicate
from sympy.logic.boolalg import Boolean


class KnownMatrix(sp.MatrixSymbol):
    """A matrix symbol that carries the names of predicates: ``orthogonal``, ``diagonal``, …."""

    def __new__(cls, symbol: sp.MatrixSymbol, facts: frozenset[str]) -> KnownMatrix:
        plain = sp.MatrixSymbol(*symbol.args[:3])
        self: KnownMatrix = sp.Basic.__new__(cls, *plain.args, sp.Tuple(*map(sp.Symbol, facts)))
        return self

    @property
    def func(self) -> Any:
        return lambda name, rows, cols, facts: KnownMatrix(
            sp.MatrixSymbol(name, rows, cols), frozenset(f.name for f in facts)
        )

    @property
    def facts(self) -> frozenset[str]:
        """The names of the predicates."""
        return frozenset(fact.name for fact in self.args[3])


#: What follows from a predicate.
_IMPLIED = {
    "permutation": {"orthogonal"},
    "diagonal": {"symmetric"},
    "positive": {"nonnegative"},
    "positive_definite": {"symmetric"},
}


def known_matrices(where: Boolean) -> dict[sp.MatrixSymbol, KnownMatrix]:
    """The matrix symbols of which a condition says something.

    Examples
    --------
    >>> P = sp.MatrixSymbol("P", 3, 3)
    >>> sorted(known_matrices(sp.Q.orthogonal(P))[P].facts)
    ['orthogonal']
    """
    facts: dict[sp.MatrixSymbol, set[str]] = {}
    for part in sp.And.make_args(where):
        if isinstance(part, AppliedPredicate) and isinstance(part.arg, sp.MatrixSymbol):
            name = str(part.function.name)
            facts.setdefault(part.arg, set()).update({name}, _IMPLIED.get(name, ()))
    return {symbol: KnownMatrix(symbol, frozenset(found)) for symbol, found in facts.items()}


def says(generator: Any, fact: str) -> bool:
    """Whether a generator is a symbol of which a condition says something."""
    return isinstance(generator, KnownMatrix) and fact in generator.facts
