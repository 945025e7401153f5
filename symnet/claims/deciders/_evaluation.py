"""Claims that fail at a small point."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sympy as sp

from ...activations._relu import relu
from ...verdict import Verdict
from .._claim import Claim
from .._goals import goal_of
from .._question import Question
from .._reading import UnreadableError
from .._search import smallest
from ._base import Decider


class Evaluation(Decider):
    """Tries small integers, small fractions and scattered points; it refutes and never proves."""

    name = "exact evaluation"
    decides = "claims that fail at a point with small numbers"
    source = "definition"
    order = 30

    def decide(self, question: Question) -> Verdict | None:
        if question.is_matrix:
            return None
        try:
            goal, symbols = goal_of(question, assumptions=False)
        except UnreadableError:
            return None
        return smallest(question, goal, symbols)

    def examples(self) -> Iterable[Any]:
        return ()

    def near_misses(self) -> Iterable[Any]:
        x, y = sp.symbols("x y", real=True)
        yield Claim(relu(x * y), relu(x) * relu(y))
        yield Claim(sp.sqrt(x**2), x)
        yield Claim(1 / x, 1 / (x + y))
