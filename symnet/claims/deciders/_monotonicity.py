"""Claims in one real variable, by the signs of derivatives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import sympy as sp

from ...activations._gelu import gelu
from ...activations._silu import silu
from ...exact.zero import Zero
from ...verdict import Proved, Refuted, Undecided, Verdict
from .._cases import Goal, Leaf, leaves
from .._claim import Claim
from .._evaluate import sides_at
from .._forms import FormAlgebra
from .._generators import Generators
from .._goals import goal_of
from .._growth import UnsettledError
from .._intervals import Span
from .._line_cells import LineCell
from .._points import admits
from .._polynomials import TooLargeError
from .._question import Question
from .._reading import UnreadableError
from .._roots import Bracket, Root, exactly
from .._terms import ANY, SIGNS
from .._variation_proof import VariationProof
from ._base import Decider

#: Claims with more cases than this are left undecided.
_MOST_CASES = 200
#: Brackets are not made smaller than 2^-this to see that a zero in them is simple.
_MOST_HALVINGS = 40


class Monotonicity(Decider):
    """Finds where the difference of the sides is positive, zero and negative, as a lecturer does.

    The line is cut where parts change their definition. On each piece the difference, divided by a
    positive function, is differentiated until a polynomial remains; from the zeros and signs of
    each derivative follow those of the function before it. Signs at points are enclosed by ball
    arithmetic, signs near the ends follow from the terms that grow fastest.
    """

    name = "signs of derivatives"
    decides = (
        "=, <=, <, >=, >, != in one real variable, of what is made of polynomials, exp, log, "
        "roots, tanh, erf, atan and everything piecewise"
    )
    source = "Richardson 1991; Maignan 1998"
    order = 45

    def decide(self, question: Question) -> Verdict | None:
        symbols = question.free_symbols
        if question.is_matrix or len(symbols) != 1:
            return None
        (t,) = symbols
        if not t.is_Symbol:
            return None
        try:
            goal, _ = goal_of(question)
            start = LineCell.line(FormAlgebra(Generators()), t)
            found: list[Leaf] = []
            for leaf in leaves(goal, start):
                found.append(leaf)
                if leaf.outcome in ("fails", "open"):
                    return self._refuted(question, goal, t, leaf)
                if len(found) > _MOST_CASES:
                    return Undecided(f"there are more than {_MOST_CASES} cases", (self.name,))
        except (UnreadableError, TooLargeError):
            return None
        except UnsettledError as error:
            return Undecided(f"it was not settled: {error}", (self.name,))
        return self._proved(goal, start, found)

    def _proved(self, goal: Goal, start: LineCell, found: list[Leaf]) -> Proved:
        shown = []
        for leaf in found:
            cell: LineCell = leaf.run.cell
            if leaf.outcome != "holds":
                continue
            form = leaf.run.form(goal.difference)
            expr = form.expr(cell.algebra.generators)
            spans = [piece for piece in cell.pieces if isinstance(piece, Span)]
            p = cell.polynomial(form)
            shown += [(expr, cell.variations.of(p, span)) for span in spans]
        count = f"{len(found)} case{'' if len(found) == 1 else 's'}"
        proof = VariationProof(goal, start, tuple(shown))
        return Proved(self.name, count, certificate=proof)

    def _refuted(
        self, question: Question, goal: Goal, t: sp.Symbol, leaf: Leaf
    ) -> Refuted | Undecided:
        for root in self._points(goal, leaf):
            at = exactly(root)
            value = self._zero(question, t, leaf, root) if at is None else at.value
            if value is None or not admits(t, value):
                continue
            sides = sides_at(question, {t: value})
            if sides is not None:
                return Refuted({t: value}, *sides, relation=question.relation)
        return Undecided("no number that can be written down shows it to be false", (self.name,))

    @staticmethod
    def _zero(question: Question, t: sp.Symbol, leaf: Leaf, root: Root) -> sp.Expr | None:
        """The zero of the difference of the sides in a bracket, where it is seen to be simple."""
        assert isinstance(root, Bracket)
        functions = leaf.run.cell.variations.functions
        difference = sp.expand((question.lhs - question.rhs).doit())
        for halvings in range(_MOST_HALVINGS):
            if halvings % 4 == 0:
                try:
                    return Zero(difference, t, sp.Rational(root.low), sp.Rational(root.high))
                except ValueError:
                    # the bracket is still too large for the enclosures
                    pass
            root.halve(functions)
            if root.exact is not None:
                return root.exact.value
        return None

    @staticmethod
    def _points(goal: Goal, leaf: Leaf) -> Iterator[Root]:
        cell: LineCell = leaf.run.cell
        wrong = ANY & ~SIGNS[goal.relation]
        try:
            yield from cell.samples(leaf.run.form(goal.difference), wrong)
        except UnsettledError:
            if leaf.outcome == "open":
                raise
        yield from cell.anywhere()

    def examples(self) -> Iterable[Any]:
        x = sp.Symbol("x", real=True)
        p = sp.Symbol("p", nonnegative=True)
        yield Claim(sp.exp(x), 2 * x, ">=")
        yield Claim(sp.tanh(p), p, "<=")
        yield Claim(silu(x), -sp.Rational(3, 10), ">=")
        yield Claim(gelu(x), -sp.Rational(1, 5), ">=")
        yield Claim(sp.log(1 + x), x, "<", where=sp.And(x > -1, sp.Ne(x, 0)))

    def near_misses(self) -> Iterable[Any]:
        x = sp.Symbol("x", real=True)
        p = sp.Symbol("p", nonnegative=True)
        yield Claim(sp.exp(x), sp.Rational(136, 50) * x, ">=")
        yield Claim(sp.tanh(p), p, "<")
        yield Claim(silu(x), -sp.Rational(27, 100), ">=")
        yield Claim(gelu(x), -sp.Rational(16, 100), ">=")
        yield Claim(sp.log(1 + x), x, "<", where=x > -1)
