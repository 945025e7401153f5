"""Piecewise-linear claims, on polyhedral cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import floor
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from ...activations._abs import abs as absolute
from ...activations._hardtanh import hardtanh
from ...activations._relu import relu
from ...activations._sign import sign
from ...activations._step import step
from ...verdict import Proved, Refuted, Undecided, Verdict
from .._cases import Goal, Leaf, leaves
from .._claim import Claim
from .._goals import goal_of
from .._polyhedral import NotAffineError, PolyhedralCell
from .._question import Question
from .._reading import UnreadableError
from .._search import refuted_at, smallest
from .._terms import ANY, SIGNS, ZERO
from ._base import Decider

#: Claims with more cells than this are left to others.
_MOST_CELLS = 20_000
#: A box of n variables has 2 n conditions and 2^n corners.
_MOST_BOUNDED = 12


class Polyhedra(Decider):
    """Cuts the space of the variables into polyhedra on which all parts are affine.

    A cell is kept by its generators, exactly, with the facets that do not belong to it; steps,
    strict conditions and equations need cells of every dimension, and get them. The claim is true
    iff the difference of its sides has the right signs on the generators of every cell.
    """

    name = "piecewise-linear cases"
    decides = (
        "=, <=, <, >=, >, != of piecewise-linear expressions with rational numbers, steps among "
        "them, under piecewise-linear conditions"
    )
    complete = f"real variables, up to {_MOST_CELLS} cells"
    source = "Motzkin, Raiffa, Thompson and Thrall 1953, for the generators of a polyhedron"
    order = 10

    def decide(self, question: Question) -> Verdict | None:
        if question.is_matrix or _is_large_box(question):
            return None
        try:
            goal, variables = goal_of(question)
            found = list(self._leaves(goal, PolyhedralCell.space(variables)))
        except (NotAffineError, UnreadableError):
            return None
        if len(found) > _MOST_CELLS:
            return Undecided(
                f"there are more than {_MOST_CELLS} cells", (self.name,), "give a smaller domain"
            )
        failing = [leaf for leaf in found if leaf.outcome in ("fails", "open")]
        if failing:
            return self._refuted(question, goal, variables, failing[0])
        return Proved(self.name, _count(found))

    @staticmethod
    def _leaves(goal: Goal, cell: PolyhedralCell) -> Iterator[Leaf]:
        """The leaves up to the first one where the claim fails."""
        for number, leaf in enumerate(leaves(goal, cell)):
            yield leaf
            if leaf.outcome in ("fails", "open") or number > _MOST_CELLS:
                return

    def _refuted(
        self, question: Question, goal: Goal, variables: tuple[Any, ...], leaf: Leaf
    ) -> Refuted | Undecided:
        small = smallest(question, goal, variables, scattered=False)
        if small is not None:
            return small
        cell = leaf.run.cell
        if leaf.outcome == "open":
            difference = leaf.run.form(goal.difference)
            cell = cell.part(difference, cell.signs(difference) & ~SIGNS[goal.relation] & ANY)
        values = dict(zip(variables, simple_point(cell), strict=True))
        found = refuted_at(question, values)
        found = smallest(question, goal, variables) if found is None else found
        if found is not None:
            return found
        point = ", ".join(f"{s} = {v}" for s, v in values.items())
        return Undecided(
            f"the claim fails for real numbers, at {point}, which the assumptions exclude",
            (self.name,),
        )

    def examples(self) -> Iterable[Any]:
        x, y = sp.symbols("x y", real=True)
        yield Claim(relu(x) - relu(-x), x)
        yield Claim(sp.Max(x, y) + sp.Min(x, y), x + y)
        yield Claim(relu(x), absolute(x), "<=")
        yield Claim(step(x) - step(-x), sign(x))
        yield Claim(hardtanh(x), x, where=sp.And(x >= -1, x <= 1))
        yield Claim(relu(x), 0, ">", where=x > 0)

    def near_misses(self) -> Iterable[Any]:
        x, y = sp.symbols("x y", real=True)
        yield Claim(relu(x) + relu(-x), x)
        yield Claim(sp.Max(x, y) + sp.Min(x, y), x - y)
        yield Claim(relu(x), absolute(x), "<")
        yield Claim(step(x) + step(-x), sp.S.One)
        yield Claim(hardtanh(x), x, where=sp.And(x >= -1, x <= 2))
        yield Claim(relu(x), 0, ">", where=x >= 0)


def _is_large_box(question: Question) -> bool:
    """Whether the condition bounds more variables than corners can be counted for."""
    bounded = question.where.free_symbols
    return (
        len(bounded) > _MOST_BOUNDED and len(question.where.atoms(Relational)) > 2 * _MOST_BOUNDED
    )


def _count(found: list[Leaf]) -> str:
    cells = sum(leaf.outcome != "excluded" for leaf in found)
    return (
        f"{cells} case{'' if cells == 1 else 's'}" if cells else "no values satisfy the condition"
    )


def simple_point(cell: PolyhedralCell) -> list[Fraction]:
    """A point of the cell with simple coordinates, one chosen after the other."""
    size = len(cell.algebra.variables)
    point = []
    for k in range(size):
        value = _simple_value(cell, k)
        cell = cell.part((*(int(i == k) for i in range(size)), -value), ZERO)
        point.append(value)
    return point


def _simple_value(cell: PolyhedralCell, k: int) -> Fraction:
    """A simple value that coordinate number k has in the cell."""
    low, high = cell.bounds(k)
    unit = tuple(int(i == k) for i in range(len(cell.algebra.variables)))
    inside = Fraction(0)
    if low is not None and low == high:
        inside = low
    elif low is not None and low >= 0:
        inside = simplest_between(low, high)
    elif high is not None and high <= 0:
        inside = -simplest_between(-high, None if low is None else -low)
    # the ends are taken where they are simpler and belong to the cell
    ends = [end for end in (low, high) if end is not None]
    taken = (end for end in ends if cell.signs((*unit, -end)) & ZERO)
    return min((inside, *taken), key=lambda v: (v.denominator, abs(v)))


def simplest_between(low: Fraction, high: Fraction | None) -> Fraction:
    """The number of least denominator between 0 <= low and high (None: infinity), exclusively.

    >>> simplest_between(Fraction(1, 3), Fraction(1, 2))
    Fraction(2, 5)
    """
    whole = floor(low)
    if high is None or whole + 1 < high:
        return Fraction(whole + 1)
    # both lie in [whole, whole + 1]
    below, above = low - whole, high - whole
    inverse = simplest_between(1 / above, 1 / below if below else None)
    return whole + 1 / inverse
