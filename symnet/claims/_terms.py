"""Claims as terms: sums, products and functions, with values that depend on signs of other terms.

A term is evaluated on a cell, a set of points on which enough signs are known: ``run`` gives forms
(what a term is there) and decides signs, or asks for a smaller cell (:mod:`._cases`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._cases import Run

#: Sets of signs, as bits.
NEGATIVE, ZERO, POSITIVE = 1, 2, 4
ANY = NEGATIVE | ZERO | POSITIVE

#: The signs of lhs - rhs for which a relation holds.
SIGNS = {"=": 2, "==": 2, "!=": 5, "<=": 3, "<": 1, ">=": 6, ">": 4}


@dataclass(eq=False, slots=True)
class Term:
    """A real-valued term; two of them are the same only if they are one object."""

    def evaluate(self, run: Run) -> Any:
        """The form of the term on the run's cell."""
        raise NotImplementedError


@dataclass(eq=False, slots=True)
class Number(Term):
    """A rational constant."""

    value: int | Fraction

    def evaluate(self, run: Run) -> Any:
        return run.algebra.number(self.value)


@dataclass(eq=False, slots=True)
class Variable(Term):
    """A symbol, or anything else that can have every real value."""

    symbol: Any

    def evaluate(self, run: Run) -> Any:
        return run.algebra.variable(self.symbol)


@dataclass(eq=False, slots=True)
class Sum(Term):
    """A linear combination."""

    terms: Sequence[tuple[Term, int | Fraction]]

    def evaluate(self, run: Run) -> Any:
        return run.algebra.sum([(run.form(term), c) for term, c in self.terms])


@dataclass(eq=False, slots=True)
class Product(Term):
    """A product."""

    factors: Sequence[Term]

    def evaluate(self, run: Run) -> Any:
        return run.algebra.product([run.form(factor) for factor in self.factors])


@dataclass(eq=False, slots=True)
class Power(Term):
    """A power with a rational exponent; undefined at 0 for negative ones."""

    base: Term
    exponent: int | Fraction

    def evaluate(self, run: Run) -> Any:
        return run.algebra.power(run.form(self.base), self.exponent)


@dataclass(eq=False, slots=True)
class Function(Term):
    """A function that is no algebraic one: exp, log, erf, …"""

    name: str
    arguments: Sequence[Term]

    def evaluate(self, run: Run) -> Any:
        return run.algebra.function(self.name, [run.form(a) for a in self.arguments])


@dataclass(eq=False, slots=True)
class BySign(Term):
    """``below`` where the test is negative, ``above`` where it is positive.

    At zero the value is that of a side (``zero`` is NEGATIVE or POSITIVE), of both sides, which
    are equal there (ANY), or that of a term.
    """

    test: Term
    below: Term
    above: Term
    zero: int | Term = ANY

    def evaluate(self, run: Run) -> Any:
        sign = run.decide(self.test, *_BRANCHES.get(self.zero, _THREE))
        chosen = self.below if sign & NEGATIVE else self.above if sign & POSITIVE else self.zero
        assert isinstance(chosen, Term)
        # where the test has no value, neither has the whole
        return run.algebra.guarded(run.form(chosen), run.form(self.test))


#: Sets of signs on which a value is one term, and how to split where none of them holds them all.
_THREE = ((NEGATIVE, ZERO, POSITIVE), (NEGATIVE, ZERO, POSITIVE))
_BRANCHES: dict[Any, tuple[tuple[int, ...], tuple[int, ...]]] = {
    NEGATIVE: ((NEGATIVE | ZERO, POSITIVE), (NEGATIVE | ZERO, POSITIVE)),
    POSITIVE: ((NEGATIVE, ZERO | POSITIVE), (NEGATIVE, ZERO | POSITIVE)),
    ANY: ((NEGATIVE | ZERO, ZERO | POSITIVE), (NEGATIVE, ZERO | POSITIVE)),
}


@dataclass(eq=False, slots=True)
class ByCondition(Term):
    """The value of the first row whose condition holds; no value where none does."""

    rows: Sequence[tuple[Condition, Term]]

    def evaluate(self, run: Run) -> Any:
        for condition, term in self.rows:
            if condition.holds(run):
                return run.form(term)
        return run.algebra.undefined()


# --- conditions


@dataclass(eq=False, slots=True)
class Condition:
    """Something that is true or false at every point."""

    def holds(self, run: Run) -> bool:
        """Whether it holds on all of the run's cell; else it does nowhere there."""
        raise NotImplementedError


@dataclass(eq=False, slots=True)
class Constant(Condition):
    """True or false everywhere."""

    truth: bool

    def holds(self, run: Run) -> bool:
        return self.truth


@dataclass(eq=False, slots=True)
class Relation(Condition):
    """That the sign of a term is one of some; false where the term has no value."""

    term: Term
    signs: int

    def holds(self, run: Run) -> bool:
        if not run.is_defined(self.term):
            return False
        parts = (self.signs, ANY & ~self.signs)
        # unequal is no convex part
        split = _THREE[0] if NEGATIVE | POSITIVE in parts else parts
        return bool(run.decide(self.term, parts, split) & self.signs)


@dataclass(eq=False, slots=True)
class Every(Condition):
    """All of some conditions."""

    parts: Sequence[Condition]

    def holds(self, run: Run) -> bool:
        return all(part.holds(run) for part in self.parts)


@dataclass(eq=False, slots=True)
class Some(Condition):
    """At least one of some conditions."""

    parts: Sequence[Condition]

    def holds(self, run: Run) -> bool:
        return any(part.holds(run) for part in self.parts)


@dataclass(eq=False, slots=True)
class Opposite(Condition):
    """The opposite of a condition."""

    part: Condition

    def holds(self, run: Run) -> bool:
        return not self.part.holds(run)
