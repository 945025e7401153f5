"""A claim by cases: the signs of its parts decide what it says, cell by cell.

Evaluation on a cell asks for signs. One that the cell leaves open splits the cell; what was found
on a cell stays true on its parts. So the cells are a tree, and its leaves say whether the claim
holds: on all of the cell, nowhere there, or perhaps on a part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ._clock import checkpoint
from ._terms import ANY, NEGATIVE, POSITIVE, SIGNS, ZERO, Condition, Term


class Algebra(Protocol):
    """What terms are on a cell: forms, and how they are made."""

    def number(self, value: Any) -> Any: ...
    def variable(self, symbol: Any) -> Any: ...
    def sum(self, parts: list[tuple[Any, Any]]) -> Any: ...
    def product(self, factors: list[Any]) -> Any: ...
    def power(self, base: Any, exponent: Any) -> Any: ...
    def function(self, name: str, arguments: list[Any]) -> Any: ...
    def undefined(self) -> Any: ...
    def guarded(self, form: Any, test: Any) -> Any: ...
    def conditions(self, form: Any) -> Sequence[tuple[Any, int]]: ...


class Cell(Protocol):
    """A set of points; ``signs`` are all that a form has there (or more, if that is not known)."""

    algebra: Algebra

    def signs(self, form: Any) -> int: ...
    def part(self, form: Any, signs: int) -> Any: ...


@dataclass(frozen=True, slots=True)
class Known:
    """That a form has one of some signs; ``term`` is what was asked for, where there was one."""

    form: Any
    signs: int
    term: Term | None = None


class SplitError(Exception):
    """A cell is too large: a sign is not the same everywhere."""

    def __init__(self, form: Any, parts: list[int], term: Term | None) -> None:
        self.form, self.parts, self.term = form, parts, term


class Run:
    """An evaluation on one cell."""

    def __init__(self, algebra: Algebra, cell: Any, memo: dict[Term, Any]) -> None:
        self.algebra, self.cell, self.memo = algebra, cell, memo

    def form(self, term: Term) -> Any:
        """What the term is on the cell."""
        form = self.memo.get(term)
        if form is None:
            form = self.memo[term] = term.evaluate(self)
        return form

    def decide(self, term: Term, parts: Sequence[int], split: Sequence[int]) -> int:
        """The first of some sets of signs that holds all signs of a term, else a smaller cell."""
        return self.decide_form(self.form(term), parts, split, term)

    def decide_form(
        self, form: Any, parts: Sequence[int], split: Sequence[int], term: Term | None = None
    ) -> int:
        """The same for a form."""
        signs = self.cell.signs(form)
        for part in parts:
            if not signs & ~part:
                return part
        raise SplitError(form, [part for part in split if part & signs], term)

    def is_defined(self, term: Term) -> bool:
        """Whether the term has a value on the cell; else it has none anywhere there."""
        for form, signs in self.algebra.conditions(self.form(term)):
            others = ANY & ~signs
            split = (NEGATIVE, ZERO, POSITIVE) if signs == NEGATIVE | POSITIVE else (signs, others)
            if not self.decide_form(form, (signs, others), split) & signs:
                return False
        return True


@dataclass(frozen=True, slots=True)
class Goal:
    """``lhs relation rhs`` wherever a condition holds."""

    lhs: Term
    rhs: Term
    difference: Term
    relation: str
    where: Condition

    def outcome(self, run: Run) -> str:
        """What there is to say on the run's cell, see :class:`Leaf`."""
        if not self.where.holds(run):
            return "excluded"
        defined = run.is_defined(self.lhs), run.is_defined(self.rhs)
        if not all(defined):
            return "fails" if any(defined) else "undefined"
        signs, wanted = run.cell.signs(run.form(self.difference)), SIGNS[self.relation]
        if not signs & ~wanted:
            return "holds"
        return "open" if signs & wanted else "fails"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A cell with what the claim says there.

    ``outcome`` is "holds" everywhere, "fails" everywhere, "open" (it fails on a part, if the signs
    are exact), "excluded" by the condition, or "undefined": neither side has a value.
    """

    path: tuple[Known, ...]
    run: Run
    outcome: str


def leaves(goal: Goal, cell: Any) -> Iterator[Leaf]:
    """The leaves of the tree of cells, depth first."""
    waiting: list[tuple[Any, dict[Term, Any], tuple[Known, ...]]] = [(cell, {}, ())]
    while waiting:
        checkpoint()
        here, memo, path = waiting.pop()
        run = Run(here.algebra, here, memo)
        try:
            outcome = goal.outcome(run)
        except SplitError as split:
            for signs in split.parts:
                part = here.part(split.form, signs)
                if part is not None:
                    known = Known(split.form, signs, split.term)
                    # where a symbol was solved for, all forms are new
                    kept = dict(memo) if part.algebra is here.algebra else {}
                    waiting.append((part, kept, (*path, known)))
            continue
        yield Leaf(path, run, outcome)
