"""Matrix identities in the normal form of noncommutative polynomials."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sympy as sp

from ...activations._relu import relu
from ...activations._sigmoid import sigmoid
from ...verdict import Proved, Undecided, Verdict
from .._claim import Claim
from .._matrix_facts import known_matrices
from .._normal_form import UnsupportedError, difference_vanishes
from .._predicates import permutation
from .._question import Question
from ._base import Decider


class Words(Decider):
    """Writes both sides as sums of products of matrices and compares them word by word."""

    name = "noncommutative normal form"
    decides = (
        "= of matrix expressions in sums, products, transposes, inverses, Kronecker products, "
        "for all sizes"
    )
    source = "Bergman 1978, for normal forms of words"
    order = 55

    def decide(self, question: Question) -> Verdict | None:
        if not question.is_matrix or question.relation not in ("=", "<=", ">="):
            return None
        known = known_matrices(question.where)
        try:
            method = difference_vanishes(*(s.xreplace(known) for s in (question.lhs, question.rhs)))
        except UnsupportedError as reason:
            return Undecided(f"the normal form does not know {reason}", (self.name,))
        return Proved(method) if method is not None else None

    def examples(self) -> Iterable[Any]:
        A, B, x, y = _symbols()
        yield Claim(A * (B * x + y), A * B * x + A * y)
        yield Claim((A * B).T, B.T * A.T)
        yield Claim(A.I * A * x, x)

    def near_misses(self) -> Iterable[Any]:
        A, B, x, y = _symbols()
        P, d = sp.MatrixSymbol("P", *A.shape), sp.MatrixSymbol("d", *x.shape)
        D = sp.DiagMatrix(d)
        yield Claim(A * P * sigmoid(P * x), A * sigmoid(x), where=permutation(P))
        yield Claim(P.T * sigmoid(P * x), sigmoid(x))
        yield Claim(sigmoid(D * x), D * sigmoid(x), where=sp.Q.positive(d))
        yield Claim(relu(D * x), D * relu(x))
        yield Claim(A * (B * x + y), A * B * x + y)
        yield Claim((A * B).T, A.T * B.T)
        yield Claim(A.I * B * x, x)
        yield Claim(sp.KroneckerProduct(A, B), sp.KroneckerProduct(B, A))


def _symbols() -> tuple[Any, Any, Any, Any]:
    n = sp.Symbol("n", integer=True, positive=True)
    A, B = (sp.MatrixSymbol(name, n, n) for name in "AB")
    x, y = (sp.MatrixSymbol(name, n, 1) for name in "xy")
    return A, B, x, y
