"""Claims in several variables that depend on one linear form in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import sympy as sp

from ...activations._softplus import softplus
from ...document import Document, Math, Prose
from ...errors import CertificateError
from ...shown import Shown
from ...verdict import Proved, Refuted, Undecided, Verdict
from .._claim import Claim
from .._evaluate import sides_at
from .._question import Question, question_of
from ._base import Decider
from ._monotonicity import Monotonicity

#: Expressions with more operations are left alone.
_MOST_OPERATIONS = 300


@dataclass(frozen=True)
class Substituted(Shown):
    """A proof for t = ``form`` in the place of the variables."""

    t: sp.Symbol
    form: sp.Expr
    proof: Proved

    @property
    def derivation(self) -> Substituted:
        """The substitution and the argument in one variable; see :meth:`document`."""
        return self

    def document(self, label: str | None = None) -> Document:
        """The substitution, then the argument in one variable."""
        first = Prose(("With ", Math(self.t), " = ", Math(self.form), ":"))
        return Document((first, *self.proof.derivation.document().blocks))

    def check(self, claim: Any) -> Proved:
        """That the claim is the one that was proved, at t = the linear form."""
        question, inner = question_of(claim), self.proof.claim
        if question.where != sp.true or inner.relation != question.relation:
            raise CertificateError("another claim was proved")
        back = {self.t: self.form}
        there = inner.lhs.xreplace(back) - inner.rhs.xreplace(back)
        if sp.expand(question.lhs - question.rhs - there) != 0:
            raise CertificateError(f"the sides do not depend on {self.form} alone as was said")
        checked = self.proof.check()
        return replace(checked, detail=f"{self.t} = {self.form}; {checked.detail}")


class LinearForm(Decider):
    """Puts one variable for a linear form, where nothing else of the variables remains.

    A claim for all x and y about x + y is one for all t.
    """

    name = "one linear form"
    decides = "relations whose sides differ by a function of one linear form in the variables"
    source = "definition"
    order = 46

    def decide(self, question: Question) -> Verdict | None:
        symbols = sorted(question.free_symbols, key=str)
        if question.is_matrix or question.where != sp.true or len(symbols) < 2:
            return None
        if not all(s.is_Symbol and set(s._assumptions_orig) <= _PLAIN for s in symbols):
            return None
        difference = question.lhs - question.rhs
        if difference.count_ops() > _MOST_OPERATIONS:
            return None
        t = sp.Symbol("t" if "t" not in map(str, symbols) else "t_0", real=True)
        for form in _linear_forms(difference, symbols):
            x = min(form.free_symbols, key=str)
            c = form.coeff(x)
            there = sp.expand(difference.xreplace({x: (t - form + c * x) / c}))
            if there.free_symbols == {t}:
                return self._answer(question, t, form, x, there)
        return None

    def _answer(
        self, question: Question, t: sp.Symbol, form: sp.Expr, x: sp.Symbol, there: sp.Expr
    ) -> Verdict | None:
        claim = Claim(there, sp.S.Zero, question.relation)
        found = Monotonicity().decide(question_of(claim))
        if isinstance(found, Proved):
            proof = replace(found, claim=claim)
            certificate = Substituted(t, form, proof)
            return Proved(found.method, f"{t} = {form}; {found.detail}", certificate=certificate)
        if isinstance(found, Refuted):
            point = dict.fromkeys(question.free_symbols, sp.S.Zero)
            point[x] = found.counterexample[t] / form.coeff(x)
            sides = sides_at(question, point)
            if sides is not None:
                return Refuted(point, *sides, relation=question.relation)
        return found if isinstance(found, Undecided) else None

    def examples(self) -> Iterable[Any]:
        x, y, z = sp.symbols("x y z", real=True)
        yield Claim(sp.exp(x) * sp.exp(y), 1 + x + y, ">=")
        yield Claim(softplus(x - 2 * y), x - 2 * y, ">=")
        yield Claim(sp.exp(x + y + z), 2 * (x + y + z), ">")

    def near_misses(self) -> Iterable[Any]:
        x, y, z = sp.symbols("x y z", real=True)
        yield Claim(sp.exp(x) * sp.exp(y), 1 + x + y, ">")
        yield Claim(softplus(x - 2 * y), x + 2 * y, ">=")
        yield Claim(sp.exp(x + y + z), 3 * (x + y + z), ">")


#: What real symbols may state; a sign would be a condition on the linear form.
_PLAIN = {"real", "commutative"}


def _linear_forms(e: sp.Expr, symbols: list[sp.Symbol]) -> Iterator[sp.Expr]:
    """Linear forms that may be meant: those that are written somewhere, then all sums."""
    seen: set[sp.Expr] = set()
    for part in sp.preorder_traversal(e):
        if not isinstance(part, sp.Add):
            continue
        linear = [term for term in part.args if _is_multiple(term)]
        if len(linear) >= 2:
            _, form = sp.Add(*linear).primitive()
            if form.coeff(min(form.free_symbols, key=str)) < 0:
                form = -form
            if form.free_symbols <= set(symbols) and form not in seen:
                seen.add(form)
                yield form
    for k in range(len(symbols), 1, -1):
        yield from (sp.Add(*some) for some in combinations(symbols, k))


def _is_multiple(term: sp.Expr) -> bool:
    c, rest = term.as_coeff_Mul()
    return bool(rest.is_Symbol and c.is_Rational)
