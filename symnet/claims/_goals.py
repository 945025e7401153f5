"""Questions about scalars as goals of a case distinction."""

from __future__ import annotations

from typing import Any

from ._cases import Goal
from ._generators import signs_of_symbol
from ._question import Question
from ._reading import Reader
from ._terms import ANY, Every, Relation, Sum, Variable


def goal_of(question: Question, assumptions: bool = True) -> tuple[Goal, tuple[Any, ...]]:
    """The goal, and the symbols (or entries of matrices) in it, sorted by name.

    With ``assumptions`` the signs that the symbols' assumptions allow are a condition.

    Raises
    ------
    UnreadableError
        Where a part of the claim is unknown.
    """
    reader = Reader()
    lhs, rhs = reader.term(question.lhs), reader.term(question.rhs)
    where = reader.condition(question.where)
    variables = {t.symbol: t for t in reader.known.values() if isinstance(t, Variable)}
    if assumptions:
        signs = ((t, signs_of_symbol(s)) for s, t in variables.items())
        allowed = [Relation(t, mask) for t, mask in signs if mask != ANY]
        if allowed:
            where = Every([*allowed, where])
    difference = Sum([(lhs, 1), (rhs, -1)])
    goal = Goal(lhs, rhs, difference, question.relation, where)
    return goal, tuple(
        sorted(variables, key=lambda s: (str(s), str(getattr(s, "assumptions0", ""))))
    )
