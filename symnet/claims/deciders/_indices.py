"""Matrix identities, written out in indices."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sympy as sp

from ...base import Apply
from ...layers._softmax import Softmax, softmax
from ...verdict import Proved, Verdict
from .._claim import Claim
from .._index_form import equal_in_indices
from .._normal_form import UnsupportedError
from .._question import Question
from ._base import Decider


class Indices(Decider):
    """Compares entries as sums over indices: products entry by entry, diagonals, traces."""

    name = "normal form in indices"
    decides = (
        "= of matrices or numbers made of products, transposes, products entry by entry, "
        "diagonal matrices, traces and entrywise functions, for all sizes"
    )
    source = "Laue, Mitterreiter and Giesen 2018, for the index notation"
    order = 65

    def decide(self, question: Question) -> Verdict | None:
        if question.relation != "=" or not any(
            isinstance(s, sp.MatrixSymbol) for s in question.free_symbols
        ):
            return None
        try:
            method = equal_in_indices(*map(_without_shifts, (question.lhs, question.rhs)))
        except UnsupportedError:
            return None
        return Proved(method) if method is not None else None

    def examples(self) -> Iterable[Any]:
        x, y, A, B = _symbols()
        yield Claim(x.T * y, y.T * x)
        yield Claim(sp.HadamardProduct(x, y), sp.DiagMatrix(x) * y)
        yield Claim(sp.Trace(A * B), sp.Trace(B * A))
        yield Claim(softmax(x + 2 * sp.OneMatrix(*x.shape)), softmax(x))

    def near_misses(self) -> Iterable[Any]:
        x, y, A, B = _symbols()
        yield Claim(x.T * y, 2 * y.T * x)
        yield Claim(sp.HadamardProduct(x, y), sp.DiagMatrix(x) * x)
        yield Claim(sp.Trace(A * B), sp.Trace(A) * sp.Trace(B))
        yield Claim(softmax(x + y), softmax(x))


def _without_shifts(expr: Any) -> Any:
    """The expression with softmax(x) for softmax(x + c 1), which is the same."""
    return expr.replace(
        lambda e: isinstance(e, Apply) and isinstance(e.layer, Softmax) and e.shape[1] == 1,
        lambda e: Apply(e.layer, _unshifted(e.argument)),
    )


def _unshifted(column: Any) -> Any:
    kept = [term for term in sp.MatAdd.make_args(column) if not _is_constant(term)]
    return sp.MatAdd(*kept).doit(deep=False) if kept else sp.ZeroMatrix(*column.shape)


def _is_constant(term: Any) -> bool:
    factors = term.as_coeff_matrices()[1] if term.is_MatMul else [term]
    return len(factors) == 1 and isinstance(factors[0], sp.OneMatrix)


def _symbols() -> tuple[Any, Any, Any, Any]:
    n = sp.Symbol("n", integer=True, positive=True)
    columns = (sp.MatrixSymbol(name, n, 1) for name in "xy")
    A, B = (sp.MatrixSymbol(name, n, n) for name in "AB")
    return (*columns, A, B)
