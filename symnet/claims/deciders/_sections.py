"""Two functions of several variables that are said to differ everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import sympy as sp

from ...verdict import Refuted, Verdict
from .._claim import Claim
from .._evaluate import sides_at
from .._points import admits
from .._question import Question
from ._base import Decider
from ._monotonicity import Monotonicity

#: What a variable is fixed at.
_VALUES = [sp.Integer(n) for n in (1, 0, -1, 2, -2)]


class Sections(Decider):
    """Fixes all variables but one at small numbers and looks for a zero of the difference.

    It refutes and never proves: two points with one value show that a function is not injective.
    """

    name = "sections"
    decides = "!= of scalars in two variables that fails where one of them is a small integer"
    source = "Bolzano's theorem"
    order = 38

    def decide(self, question: Question) -> Verdict | None:
        symbols = sorted(question.free_symbols, key=str)
        if question.is_matrix or question.relation != "!=" or len(symbols) != 2:
            return None
        if not all(s.is_Symbol for s in symbols):
            return None
        for t, fixed in (symbols, symbols[::-1]):
            for value in _VALUES:
                if admits(fixed, value):
                    found = self._on_line(question, t, fixed, value)
                    if found is not None:
                        return found
        return None

    @staticmethod
    def _on_line(question: Question, t: Any, fixed: Any, value: sp.Expr) -> Refuted | None:
        put = {fixed: value}
        lhs, rhs = (side.xreplace(put) for side in (question.lhs, question.rhs))
        where = question.where.xreplace(put)
        if where == sp.false or not (lhs - rhs).free_symbols:
            return None
        found = Monotonicity().decide(replace(question, lhs=lhs, rhs=rhs, where=where))
        if not isinstance(found, Refuted):
            return None
        point = {t: found.counterexample[t], fixed: value}
        sides = sides_at(question, point)
        return None if sides is None else Refuted(point, *sides, relation="!=")

    def examples(self) -> Iterable[Any]:
        return ()

    def near_misses(self) -> Iterable[Any]:
        x, y = sp.symbols("x y", real=True)
        yield Claim(sp.exp(x) - x, sp.exp(y) - y, "!=", where=sp.Ne(x, y))
        yield Claim(sp.exp(x) + y, 0, "!=", where=x * y < 0)
