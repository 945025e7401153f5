"""The procedures, one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement

from .._late import late
from ..exact.line import line_of
from ..verdict import Proved, Refuted, Undecided, Verdict
from ._clock import TimeLimitError, time_limit
from ._evaluate import evaluate, sides_at
from ._points import Point, admits, points, shrunk, symbols_of
from ._question import Question, question_of
from ._scalar import T
from .deciders import every_decider


def decide(claim: Any, timeout: float | None = None) -> Verdict:
    """The verdict on a claim."""
    question = question_of(claim)
    # what is imported now takes none of the time
    every_decider()
    try:
        with time_limit(timeout):
            verdict = answer(question)
    except TimeLimitError:
        names = tuple(d.name for d in every_decider())
        verdict = Undecided(f"the time limit of {timeout} s was reached", names)
    if isinstance(verdict, Refuted):
        point = question.in_users_symbols(dict(verdict.counterexample))
        return replace(verdict, counterexample=point, relation=question.relation, claim=claim)
    assert isinstance(verdict, Proved | Undecided)
    return replace(verdict, claim=claim)


def conjunction(claims: Sequence[Any], timeout: float | None = None) -> Verdict:
    """The verdict on all of some claims together: the first that is not proved decides."""
    proofs: list[Proved] = []
    undecided = None
    with time_limit(timeout):
        for claim in claims:
            verdict = decide(claim, timeout)
            if isinstance(verdict, Refuted):
                return verdict
            if isinstance(verdict, Proved):
                proofs.append(verdict)
            elif undecided is None:
                undecided = verdict
    if undecided is not None:
        return undecided
    if len(proofs) == 1:
        return proofs[0]
    methods = ", ".join(dict.fromkeys(p.method for p in proofs))
    oracles = tuple(dict.fromkeys(o for p in proofs for o in p.oracles))
    count = f"{len(proofs)} claims"
    return Proved(methods or "nothing to prove", count, oracles, AllOf(tuple(proofs)))


@dataclass(frozen=True)
class AllOf:
    """The certificate of several claims together."""

    proofs: tuple[Proved, ...]

    def check(self, claim: Any) -> Proved:
        """Every one of them verified."""
        checked = [proof.check() for proof in self.proofs]
        methods = dict.fromkeys(found.method for found in checked)
        return Proved(", ".join(methods) or "nothing to prove", f"{len(checked)} claims")


def answer(question: Question) -> Verdict:
    """The verdict in the symbols of the question."""
    if question.where == sp.false:
        return Proved("no values satisfy the condition")
    tried: list[Undecided] = []
    by_oracle: Proved | None = None
    for decider in every_decider():
        verdict = decider.decide(question)
        if isinstance(verdict, Proved) and verdict.oracles:
            # another procedure may have a proof that can be verified
            by_oracle = by_oracle or verdict
        elif isinstance(verdict, Proved | Refuted):
            return verdict
        elif isinstance(verdict, Undecided):
            tried.append(verdict)
    if by_oracle is not None:
        return by_oracle
    if not question.is_matrix:
        matrices = any(isinstance(s, sp.MatrixSymbol) for s in question.free_symbols)
        found = refuted(question) if matrices else None
        if found is not None:
            return found
        return tried[-1] if tried else Undecided("no procedure knows claims of this kind")
    counterexample = refuted(question)
    if counterexample is not None:
        return counterexample
    if question.relation == "=":
        entries = _concrete_entries(question.lhs, question.rhs)
        if entries is not None:
            return _entrywise(question, entries)
    obstacle = tried[0].reason if tried else "their normal forms are not the same"
    return Undecided(
        f"no point was found where the claim fails, and {obstacle}",
        ("exact evaluation", "noncommutative normal form"),
    )


def refute(lhs: Any, rhs: Any, tries: int = 60) -> Refuted | None:
    """A small point where the two sides differ, if one is found; both values are exact."""
    return refuted(Question(lhs, rhs), tries)


def refuted(question: Question, tries: int = 60) -> Refuted | None:
    """A small point where a claim fails, if one is found."""

    def fails(point: Point) -> bool:
        return sides_at(question, point) is not None

    for point in points(question.lhs, question.rhs, question.where, tries=tries):
        if fails(point):
            return _at(question, shrunk(point, fails))
    far = _far_point(question.lhs, question.rhs)
    return _at(question, far) if far is not None and fails(far) else None


def _at(question: Question, point: Point) -> Refuted:
    values = sides_at(question, point)
    assert values is not None
    return Refuted(point, *values, relation=question.relation)


def _far_point(lhs: Any, rhs: Any) -> Point | None:
    """Where two piecewise-linear functions of one variable differ, however far away."""
    symbols = lhs.free_symbols | rhs.free_symbols
    if getattr(lhs, "is_Matrix", False) or len(symbols) != 1:
        return None
    (symbol,) = symbols
    if not isinstance(symbol, sp.Symbol):
        return None
    line = line_of((lhs - rhs).xreplace({symbol: T}), T)
    t = None if line is None else line.nonzero_point()
    if t is None or not admits(symbol, value := sp.Rational(t.numerator, t.denominator)):
        return None
    return {symbol: value}


Entries = tuple[list[tuple[sp.Expr, sp.Expr]], dict[Any, sp.ImmutableDenseMatrix]]


def _concrete_entries(lhs: Any, rhs: Any) -> Entries | None:
    """Both sides entry by entry where every size is a small integer, else None.

    The entries of the matrix symbols are real variables; the second part says which.
    """
    sizes, _, matrices = symbols_of(lhs, rhs)
    if sizes or not all(sp.sympify(s).is_Integer for s in lhs.shape):
        return None
    if sum(m.shape[0] * m.shape[1] for m in matrices) > 400:
        return None
    written = {
        m: sp.ImmutableDenseMatrix(*m.shape, lambda i, j, m=m: sp.Dummy(f"{m}_{i}{j}", real=True))
        for m in matrices
    }
    # what is written out stays as it is: a Piecewise has no value before its symbols have one
    left, right = (
        evaluate(side, written) if written or not isinstance(side, sp.MatrixBase) else side
        for side in (lhs, rhs)
    )
    return list(zip(left.flat(), right.flat(), strict=True)), written


def _in_entries(where: Any, written: dict[Any, sp.ImmutableDenseMatrix]) -> Any:
    """A condition on the entries of matrices; none, which says less, where it is on matrices."""
    elements = where.atoms(MatrixElement)
    if not all(e.i.is_Integer and e.j.is_Integer and e.parent in written for e in elements):
        return sp.true
    found = where.xreplace({e: written[e.parent][e.i, e.j] for e in elements})
    return sp.true if found.atoms(sp.MatrixSymbol) else found


def _of_matrices(given: Mapping[Any, Any], written: dict[Any, sp.ImmutableDenseMatrix]) -> Point:
    """A point of entries as one of matrices."""
    scalars = {s: given.get(s, sp.S.Zero) for m in written.values() for s in m}
    point = {s: v for s, v in given.items() if s not in scalars}
    return point | {m: matrix.xreplace(scalars) for m, matrix in written.items()}


def _entrywise(question: Question, entries: Entries) -> Verdict:
    """The claim for every entry alone, by all procedures for scalars."""
    pairs, written = entries
    where = _in_entries(question.where, written)
    methods: dict[str, None] = {}
    oracles: dict[str, None] = {}
    proofs: list[Proved] = []
    for left, right in pairs:
        # most identities need no condition, and are quicker without
        verdict, needed = answer(Question(left, right)), sp.true
        if isinstance(verdict, Refuted):
            point = _of_matrices(verdict.counterexample, written)
            if sides_at(question, point) is not None:
                return _at(question, point)
        if not verdict and where != sp.true:
            verdict, needed = answer(Question(left, right, where=where)), where
        if isinstance(verdict, Refuted):
            point = _of_matrices(verdict.counterexample, written)
            if sides_at(question, point) is not None:
                return _at(question, point)
            return Undecided("an entry differs only where the condition does not hold")
        if not isinstance(verdict, Proved):
            return verdict
        methods[verdict.method] = None
        oracles |= dict.fromkeys(verdict.oracles)
        entry = late("claims._claim", "Claim")(left, right, "=", needed)
        proofs.append(replace(verdict, claim=entry))
    how = "entry by entry, " + ", ".join(sorted(methods)) if methods else "no entries"
    return Proved(how, oracles=tuple(oracles), certificate=AllOf(tuple(proofs)))
