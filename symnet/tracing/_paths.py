"""All paths through a Python function: it is run once for every outcome of its comparisons."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from ..errors import TracingError
from ._cells import Cell, UndecidedError, line, truths

#: Paths through one function, comparisons along one path, operations in one comparison.
MAX_PATHS = 256
MAX_DEPTH = 64
MAX_SIZE = 500

Decision = tuple[Any, bool]


class Path:
    """One run: what its comparisons were decided to be, and the part of the line where it leads.

    A comparison that all that went before decides is not a choice and is not recorded.
    """

    def __init__(self, variable: sp.Symbol, prefix: Sequence[Decision]) -> None:
        self.decisions: list[Decision] = []
        self._prefix = list(prefix)
        self._cells: list[Cell] = [line(variable)]

    def decide(self, condition: Any) -> bool:
        """The outcome of ``condition`` on this path."""
        if condition in (sp.true, sp.false):
            return bool(condition)
        if sp.count_ops(condition) > MAX_SIZE:
            raise TracingError(
                f"a comparison of more than {MAX_SIZE} operations: a loop that depends on the "
                "input has no finite formula; give it a fixed range"
            )
        sides = self._sides(condition)
        if sides is not None and not (sides[True] and sides[False]):
            return bool(sides[True])
        place = len(self.decisions)
        if place >= MAX_DEPTH:
            raise TracingError(
                f"more than {MAX_DEPTH} comparisons on one path, the last one {condition}: "
                "a loop that depends on the input has no finite formula; give it a fixed range"
            )
        outcome = True
        if place < len(self._prefix):
            expected, outcome = self._prefix[place]
            if expected != condition:
                raise TracingError(
                    f"it asked whether {expected}, and when it was run again whether {condition}: "
                    "a function must do the same each time, without randomness or side effects"
                )
        self.decisions.append((condition, outcome))
        if sides is not None:
            self._cells = sides[outcome]
        return outcome

    def _sides(self, condition: Any) -> dict[bool, list[Cell]] | None:
        for known, outcome in self.decisions:
            if condition in (known, sp.Not(known)):
                holds = outcome if condition == known else not outcome
                return {holds: self._cells, not holds: []}
        sides: dict[bool, list[Cell]] = {True: [], False: []}
        try:
            for cell in self._cells:
                for inner, holds in truths(condition, cell):
                    sides[holds].append(inner)
        except (UndecidedError, NotImplementedError, sp.PolynomialError, TypeError):
            return None
        return sides


@dataclass(frozen=True)
class Branch:
    """What a path gives: ``value`` where all ``decisions`` came out as they did."""

    decisions: tuple[Decision, ...]
    value: Any

    @property
    def where(self) -> Any:
        """The conditions as one, for messages."""
        return sp.And(*(c if outcome else sp.Not(c) for c, outcome in self.decisions))


def explore(variable: sp.Symbol, run: Callable[[Path], Any]) -> list[Branch]:
    """Every path through ``run``, in the order of its comparisons coming out true first."""
    branches: list[Branch] = []
    prefix: list[Decision] | None = []
    while prefix is not None:
        if len(branches) >= MAX_PATHS:
            raise TracingError(
                f"more than {MAX_PATHS} paths; write it with fewer comparisons "
                "(max and min are no comparisons), or as a composition of layers"
            )
        path = Path(variable, prefix)
        value = run(path)
        branches.append(Branch(tuple(path.decisions), value))
        prefix = list(path.decisions)
        while prefix and not prefix[-1][1]:
            prefix.pop()
        prefix = [*prefix[:-1], (prefix[-1][0], False)] if prefix else None
    return branches


def as_expression(branches: Sequence[Branch], variable: sp.Symbol) -> sp.Expr:
    """The branches as one expression: a Piecewise in the order of the comparisons.

    Examples
    --------
    >>> x = sp.Symbol("x", real=True)
    >>> as_expression([Branch(((x > 0, True),), x), Branch(((x > 0, False),), 2 * x)], x)
    Piecewise((x, x > 0), (2*x, True))
    """
    pairs = _pairs(branches, 0)
    if len(pairs) == 1:
        return pairs[0][0]
    shorter: list[tuple[sp.Expr, Any]] = []
    for value, condition in pairs:
        before = sp.Or(*(c for _, c in shorter))
        shorter.append((value, _shortened(condition, before, variable)))
    return sp.Piecewise(*shorter)


def _shortened(condition: Any, before: Any, variable: sp.Symbol) -> Any:
    """``condition`` without what follows from the rest of it where ``before`` is false."""
    if not isinstance(condition, sp.And):
        return condition
    for part in sorted(condition.args, key=sp.default_sort_key):
        rest = sp.And(*(other for other in condition.args if other != part))
        try:
            implied = all(
                holds
                for cell, _ in _where(sp.And(sp.Not(before), rest), line(variable))
                for _, holds in truths(part, cell)
            )
        except (UndecidedError, NotImplementedError, sp.PolynomialError, TypeError):
            return condition
        if implied:
            return _shortened(rest, before, variable)
    return condition


def _where(condition: Any, cell: Cell) -> Iterator[tuple[Cell, bool]]:
    return ((inner, holds) for inner, holds in truths(condition, cell) if holds)


def _pairs(branches: Sequence[Branch], depth: int) -> list[tuple[sp.Expr, Any]]:
    if len(branches) == 1:
        return [(branches[0].value, sp.true)]
    condition = branches[0].decisions[depth][0]
    yes = _pairs([b for b in branches if b.decisions[depth][1]], depth + 1)
    no = _pairs([b for b in branches if not b.decisions[depth][1]], depth + 1)
    if yes == no:
        return yes
    # the first pair that holds counts, so the last one of "yes" needs no condition of its own
    return [(value, sp.And(condition, inner)) for value, inner in yes] + no
