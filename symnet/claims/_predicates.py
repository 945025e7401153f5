"""Conditions on matrices: SymPy's ``Q.diagonal(D)``, ``Q.positive(d)``, …, and permutations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp
from sympy.assumptions import AppliedPredicate, Predicate
from sympy.logic.boolalg import Boolean
from sympy.matrices.matrixbase import MatrixBase

from ..exact.algebra import is_permutation


class PermutationPredicate(Predicate):
    """That a square matrix has a single 1 in every row and column, and zeros elsewhere."""

    name = "permutation"


def permutation(P: Any) -> Boolean:
    """The condition that P permutes the entries of a column.

    Parameters
    ----------
    P : (n, n) matrix symbol

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> n = sp.Symbol("n", integer=True, positive=True)
    >>> sn.permutation(sp.MatrixSymbol("P", n, n))
    Q.permutation(P)

    Source: definition.
    """
    return PermutationPredicate()(P)


def predicate_holds(condition: AppliedPredicate, value: Any) -> bool | None:
    """Whether an explicit matrix or number satisfies a predicate; None for one that is unknown."""
    name = str(condition.function.name)
    if not isinstance(value, MatrixBase):
        truth = getattr(value, f"is_{name}", None)
        return truth if isinstance(truth, bool) else None
    test = _TESTS.get(name)
    return None if test is None else test(value)


def _entries(fact: str) -> Callable[[MatrixBase], bool]:
    return lambda m: all(getattr(entry, f"is_{fact}") is True for entry in m.flat())


#: Predicates of an explicit rational matrix.
_TESTS: dict[str, Callable[[MatrixBase], bool]] = {
    "permutation": is_permutation,
    "square": lambda m: bool(m.rows == m.cols),
    "diagonal": lambda m: bool(m.is_diagonal()),
    "symmetric": lambda m: bool(m.is_symmetric()),
    "upper_triangular": lambda m: bool(m.is_upper),
    "lower_triangular": lambda m: bool(m.is_lower),
    "invertible": lambda m: bool(m.rows == m.cols and m.det() != 0),
    "orthogonal": lambda m: bool(m.rows == m.cols and m * m.T == sp.eye(m.rows)),
    "positive_definite": lambda m: bool(m.is_symmetric() and m.is_positive_definite),
    "positive": _entries("positive"),
    "nonnegative": _entries("nonnegative"),
    "negative": _entries("negative"),
    "nonpositive": _entries("nonpositive"),
    "nonzero": _entries("nonzero"),
}
