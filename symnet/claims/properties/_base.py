"""What a property is: a claim about all values of a function, by its definition."""

from __future__ import annotations

from abc import ABC, abstractmethod
from copy import copy
from dataclasses import replace
from functools import cached_property, reduce
from operator import add
from typing import Any, ClassVar, Self

import sympy as sp
from sympy.logic.boolalg import Boolean

from ..._late import late
from ...base import Network
from ...document import Math, Words
from ...verdict import Proved, Verdict
from .._claim import Claim
from .._question import condition_of
from ._smooth import derivative
from ._subject import Point, Subject, put, subject_of


class Property(ABC):
    """A property of a network or of an expression in some of its symbols.

    A member states the definition and what it is as claims; the claims are what is proved, and
    what a counterexample refutes.

    Parameters
    ----------
    function : Network, scalar expression, or column of expressions
    *variables : the symbols that vary; all of an expression where they are left out
        The other symbols are parameters: the property is claimed for all their values.
    where : a SymPy condition
    domain : Box, Polyhedron, Slice, or a dict of symbols and intervals
    """

    #: The definition, as a textbook has it.
    statement: ClassVar[str]
    source: ClassVar[str] = "definition"

    def __init__(
        self, function: Any, *variables: Any, where: Any = True, domain: Any = None
    ) -> None:
        self.function, self.variables = function, variables
        self.where, self.domain = where, domain

    def narrowed(self, where: Any, domain: Any) -> Self:
        """The same property for fewer values."""
        new = copy(self)
        new.__dict__.pop("subject", None)
        if where is not True:
            new.where = where if self.where is True else sp.And(self.where, where)
        if domain is not None:
            new.domain = domain
        return new

    @cached_property
    def subject(self) -> Subject:
        """The function as a map of its variables."""
        return subject_of(self.function, self.variables, self.domain)

    @abstractmethod
    def claims(self) -> tuple[Claim, ...]:
        """Claims that together are the property."""

    def by_derivative(self) -> Claim | None:
        """A claim about a derivative from which the property follows; None where there is none."""
        return None

    def prove(self, *, timeout: float | None = None) -> Verdict:
        """Proved, Refuted with points that show it, or Undecided."""
        slope = self.by_derivative()
        if slope is not None:
            found = slope.prove(timeout=timeout)
            if isinstance(found, Proved):
                return replace(found, method=f"derivative, {found.method}")
        verdict: Verdict = late("claims._decide", "conjunction")(self.claims(), timeout)
        return verdict

    # --- for members

    def holds_at(self, *points: Point) -> Boolean:
        """Condition and domain at each of some points."""
        here = sp.And(condition_of(self.where), self.subject.inside(self.domain))
        variables = self.subject.variables
        return sp.And(*(put(here, dict(zip(variables, p, strict=True))) for p in points))

    def slope(self, order: int) -> tuple[Any, Boolean] | None:
        """The derivative of a smooth function, and the interval on which it counts."""
        if self.where is not True:
            return None
        found = derivative(self.subject, order)
        return None if found is None else (found, self.subject.inside(self.domain))

    def two_points(self) -> tuple[Point, Point]:
        """The variables, and a second point of new variables."""
        return self.subject.variables, self.subject.copy(self.subject.names())

    def scalar(self, letter: str, *others: Point, **facts: bool) -> sp.Symbol:
        """A new scalar with a name that is not taken."""
        taken = self.subject.names() | {s.name for point in others for s in point}
        name = letter if letter not in taken else f"{letter}_0"
        return sp.Symbol(name, real=True, **facts)

    @property
    def said(self) -> str:
        """What is said of the function, such as ``is convex``."""
        return f"is {type(self).__name__.replace('_', ' ')}"

    def words(self) -> Words:
        """The claim in running text, with the function as a formula."""
        f = self.function
        return (Math(f(f.input) if isinstance(f, Network) else f), f" {self.said}")

    def __str__(self) -> str:
        return f"{self.function} {self.said}"

    def __repr__(self) -> str:
        return f"<{self}>"


def combined(*parts: tuple[Any, Point]) -> Point:
    """The linear combination of points, entry by entry."""
    scaled = [tuple(c * v for v in point) for c, point in parts]
    return tuple(reduce(add, entries) for entries in zip(*scaled, strict=True))
