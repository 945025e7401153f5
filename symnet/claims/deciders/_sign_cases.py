"""Claims with products, parameters, exponentials, logarithms and roots, by the signs of parts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from ...activations._gelu import gelu
from ...activations._leaky_relu import leaky_relu
from ...activations._relu import relu
from ...activations._sigmoid import sigmoid
from ...activations._silu import silu
from ...activations._softplus import softplus
from ...activations._tanh import tanh
from ...verdict import Proved, Refuted, Undecided, Verdict, short
from .._case_proof import Case, CaseProof, CaseTable, condition, merged
from .._cases import Goal, Leaf, leaves
from .._claim import Claim
from .._conditions import assumed_signs
from .._forms import FormAlgebra
from .._generators import Generators
from .._goals import goal_of
from .._oracle import is_available
from .._polynomials import TooLargeError
from .._question import Question
from .._reading import UnreadableError
from .._search import near, refuted_at
from .._semialgebraic import FormCell
from .._settling import Shown, alternatives, contradiction
from .._verifying import CaseTree, Settled
from ._base import Decider

#: Claims with more cases than this are left undecided.
_MOST_CASES = 600
#: So many cases may resist before the rest is left alone.
_MOST_RESISTING = 3


@dataclass
class _Found:
    """What was found on the way."""

    cases: list[Case] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    points: list[dict[Any, Any]] = field(default_factory=list)
    resisting: list[str] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    settled: list[Settled] = field(default_factory=list)


class SignCases(Decider):
    """Splits by the signs of the arguments of relu, max, abs, …, and of conditions and poles.

    In each case both sides are quotients of polynomials in symbols, exponentials, logarithms and
    roots. An equation holds if the difference has the numerator zero, an inequality if its
    opposite contradicts the case; a case may also contradict itself. Contradictions are shown by
    the signs of terms, by multipliers of products of the inequalities, by all roots in one
    variable, or by an SMT solver.
    """

    name = "sign cases"
    decides = (
        "=, <=, <, >=, >, != of scalars with products, quotients, parameters, exponentials, "
        "logarithms, roots and everything piecewise"
    )
    source = "Handelman 1988, for the certificates of polynomial inequalities"
    order = 40

    def decide(self, question: Question) -> Verdict | None:
        if question.is_matrix:
            return None
        found = _Found()
        try:
            goal, symbols = goal_of(question, assumptions=False)
            generators = Generators(assumed_signs(question.where))
            start = FormCell(FormAlgebra(generators))
            for number, leaf in enumerate(leaves(goal, start), start=1):
                self._settle(goal, leaf, found)
                if number > _MOST_CASES:
                    found.resisting.append(f"there are more than {_MOST_CASES} cases")
                if len(found.resisting) > _MOST_RESISTING or number > _MOST_CASES:
                    break
        except UnreadableError as error:
            found.resisting.append(f"nothing is known about {error}")
        except TooLargeError as error:
            found.resisting.append(f"{error} is too much to multiply out")
        if not found.resisting:
            return self._proved(question, found, CaseTree(goal, start, tuple(found.settled)))
        for hint in found.points:
            refuted = self._refuted(question, symbols, hint)
            if refuted is not None:
                return refuted
        return Undecided(found.resisting[0], (self.name,), _advice(found))

    def _settle(self, goal: Goal, leaf: Leaf, found: _Found) -> None:
        """What the claim says in one case, with a reason; or what resists."""
        cell: FormCell = leaf.run.cell
        generators = cell.algebra.generators
        found.kinds |= {g.kind for g in generators.all}
        where = merged([condition(k.form.expr(generators), k.signs) for k in leaf.path])
        if leaf.outcome == "excluded":
            found.settled.append(Settled(leaf.path, ()))
            return
        if leaf.outcome == "undefined":
            found.settled.append(Settled(leaf.path, ()))
            found.cases.append(Case(where, None, None, "neither side has a value"))
            return
        shown = []
        for extra in alternatives(goal, leaf):
            answer = contradiction(generators, cell.constraints, extra)
            if not isinstance(answer, Shown):
                found.points += [] if answer is None else [answer]
                found.resisting.append(_resists(goal, leaf, where))
                return
            shown.append(answer)
        found.shown += shown
        found.settled.append(Settled(leaf.path, tuple(shown)))
        reason = " and ".join(dict.fromkeys(s.method for s in shown))
        if leaf.outcome == "fails":
            found.cases.append(Case(where, None, None, f"impossible: {reason}"))
            return
        lhs, rhs = (leaf.run.form(side).expr(generators) for side in (goal.lhs, goal.rhs))
        found.cases.append(Case(where, lhs, rhs, reason))

    def _proved(self, question: Question, found: _Found, tree: CaseTree) -> Proved:
        oracles = tuple(dict.fromkeys(s.oracle for s in found.shown if s.oracle))
        methods = ", ".join(dict.fromkeys(s.method for s in found.shown))
        table = CaseTable(tuple(found.cases), question.relation)
        if not found.cases:
            return Proved(self.name, "no values satisfy the condition")
        if len(found.cases) == 1 and not methods:
            return Proved(_normal_form(found.kinds), certificate=CaseProof(table, tree))
        count = f"{len(found.cases)} case{'' if len(found.cases) == 1 else 's'}"
        detail = f"{count}{'; ' + methods if methods else ''}"
        return Proved(self.name, detail, oracles, certificate=CaseProof(table, tree))

    def _refuted(
        self, question: Question, symbols: tuple[Any, ...], hint: dict[Any, Any]
    ) -> Refuted | None:
        for point in near(hint, symbols):
            refuted = refuted_at(question, point)
            if refuted is not None:
                return refuted
        return None

    def examples(self) -> Iterable[Any]:
        x, a = sp.symbols("x a", real=True)
        c = sp.Symbol("c", nonnegative=True)
        yield Claim((x + a) ** 2, x**2 + 2 * a * x + a**2)
        yield Claim(relu(c * x), c * relu(x))
        yield Claim(leaky_relu(x, a), relu(x) - a * relu(-x))
        yield Claim(sigmoid(-x), 1 - sigmoid(x))
        yield Claim(tanh(x), 2 * sigmoid(2 * x) - 1)
        yield Claim(softplus(x) - softplus(-x), x)
        yield Claim(silu(x) - silu(-x), x)
        yield Claim(gelu(x) - gelu(-x), x)
        yield Claim(sigmoid(x) * (1 - sigmoid(x)), sp.Rational(1, 4), "<=")
        yield Claim((x**2 - 1) / (x - 1), x + 1, where=sp.Ne(x, 1))

    def near_misses(self) -> Iterable[Any]:
        x, a = sp.symbols("x a", real=True)
        yield Claim((x + a) ** 2, x**2 + a * x + a**2)
        yield Claim(relu(a * x), a * relu(x))
        yield Claim(leaky_relu(x, a), relu(x) + a * relu(-x))
        yield Claim(sigmoid(-x), 1 + sigmoid(x))
        yield Claim(tanh(x), 2 * sigmoid(x) - 1)
        yield Claim(softplus(x) + softplus(-x), x)
        yield Claim(silu(x) + silu(-x), x)
        yield Claim(gelu(x) + gelu(-x), x)
        yield Claim(sigmoid(x) * (1 - sigmoid(x)), sp.Rational(1, 4), "<")
        yield Claim((x**2 - 1) / (x - 1), x + 1)


def _resists(goal: Goal, leaf: Leaf, where: tuple[Any, ...]) -> str:
    case = f" where {short(', '.join(map(str, where)))}" if where else ""
    if leaf.outcome == "fails":
        return f"it was not seen whether there are values{case}"
    difference = leaf.run.form(goal.difference).expr(leaf.run.cell.algebra.generators)
    return f"it could not be shown that {short(difference)} {goal.relation} 0{case}"


def _advice(found: _Found) -> str:
    """What may help, by what resisted."""
    if any(text.startswith("nothing is known") for text in found.resisting):
        return "replace what is unknown by a symbol, if that says enough"
    if not is_available():
        return "install symnet[smt], so that z3 can be asked"
    return "give the signs of parameters as assumptions or in where="


def _normal_form(kinds: set[str]) -> str:
    special = [
        text
        for kind, text in (("exp", "exponentials"), ("log", "logarithms"), ("root", "roots"))
        if kind in kinds
    ]
    return f"normal form in {' and '.join(special)}" if special else "polynomial normal form"
