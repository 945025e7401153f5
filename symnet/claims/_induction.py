"""Claims for every natural number, by induction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from ..document import Block, Chain, Chains, Document, Link, Math, Prose, Words
from ..errors import CertificateError, ExpressionError
from ..shown import Shown
from ..verdict import Proved, Refuted, Undecided, Verdict
from ._claim import Claim
from ._clock import time_limit
from ._question import condition_of
from ._unfolding import Symbols, Unfolding

#: So many numbers after the first one are tried before the step is proved.
_TRIED = 2

RELATIONS = {"=": sp.Eq, "!=": sp.Ne, "<=": sp.Le, "<": sp.Lt, ">=": sp.Ge, ">": sp.Gt}


@dataclass(frozen=True)
class Induction(Claim):
    """``lhs relation rhs`` for every integer ``index >= start``, by induction.

    ``term`` may be a sequence that begins with ``first``, and whose next term is ``step``. Sums,
    products, binomial coefficients and powers with the index in them are taken apart by their
    definitions; what is left is proved for all values of everything else.

    The claim is tried for the first numbers, which refutes it where it is false. Then the base and
    the step are proved: that the claim for L implies that for L + 1.

    Parameters
    ----------
    lhs, rhs, relation : as in every claim
    where : a SymPy condition on the parameters, for every value of the index
    index : integer symbol, L
    term : ``a[L]``, of a ``MatrixFamily`` or of a SymPy ``IndexedBase``
    first : its value for ``start``
    step : the term for L + 1, in ``term`` and L
    start : int

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> L, l = sp.symbols("L l", integer=True, nonnegative=True)
    >>> print(sn.Induction(sp.Sum(l, (l, 1, L)), L * (L + 1) / 2, index=L).prove())
    proved (induction: base and step by piecewise-linear cases and polynomial normal form)
    >>> p = sp.IndexedBase("p", real=True)
    >>> print(sn.Induction(p[L], 3**L, index=L, term=p[L], first=1, step=2 * p[L]).prove())
    refuted: for L = 1: 2 ≠ 3

    Source: Peano, Arithmetices principia, 1889, axiom 9.
    """

    index: Any = None
    term: Any = None
    first: Any = None
    step: Any = None
    start: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        if not getattr(self.index, "is_integer", False):
            raise ExpressionError(
                f"the index is {self.index!r}; give an integer symbol, such as "
                'sympy.Symbol("L", integer=True, nonnegative=True)'
            )
        given = [part is not None for part in (self.term, self.first, self.step)]
        if any(given) and not all(given):
            raise ExpressionError("a sequence needs its term, its first value and its step")
        if self.domain is not None:
            raise ExpressionError("an induction has no domain; give a condition, where=…")

    # --- the claim for a number, and its step

    def at(self, number: int) -> Claim:
        """The claim for one number, with everything written out."""
        return self._at(number)[0]

    def _at(self, number: int) -> tuple[Claim, bool]:
        """The same, and whether a point where it fails would refute it."""
        everything = Unfolding({})
        value = None if self.term is None else sp.sympify(self.first)
        for k in range(self.start, number if self.term is not None else self.start):
            value = everything(self.step.xreplace({self.term: value}).subs(self.index, k))
        conditions = condition_of(self.where)
        parts = [conditions.subs(self.index, k) for k in range(self.start, number + 1)]
        sides = [
            everything(self._put(side, value).subs(self.index, number))
            for side in (self.lhs, self.rhs)
        ]
        used = sides[0].free_symbols | sides[1].free_symbols
        parts = [part for part in parts if not part.free_symbols or part.free_symbols & used]
        return self._claim(sides[0], sides[1], sp.And(*parts))

    def step_claim(self) -> Claim:
        """The claim for L + 1 where the one for L holds."""
        return self._step()[0]

    def _step(self) -> tuple[Claim, bool]:
        L, later = self.index, self.index + 1
        unfold = Unfolding(self._ends(), {L: (sp.Integer(self.start), sp.oo)})
        conditions = condition_of(self.where)
        conditions = sp.And(conditions, conditions.subs(L, later))
        before = [unfold(sp.sympify(side)) for side in (self.lhs, self.rhs)]
        after = [sp.sympify(side) for side in (self.lhs, self.rhs)]
        if self.term is not None and self.lhs == self.term and self.relation == "=":
            # the hypothesis says what the term is
            left, right = self.step.xreplace({self.term: self.rhs}), after[1].subs(L, later)
            return self._claim(unfold(left), unfold(right), conditions)
        after = [unfold(self._put(side, self.step, later)) for side in after]
        if self.term is None and self.relation == "=":
            more, wanted = (b - a for a, b in zip(before, after, strict=True))
            return self._claim(more, wanted, conditions)
        if getattr(before[0], "is_Matrix", False):
            raise ExpressionError("an induction on matrices is of an equation, term = …")
        hypothesis = RELATIONS[self.relation](*before)
        return self._claim(after[0], after[1], sp.And(hypothesis, conditions))

    def _put(self, side: Any, value: Any, number: Any = None) -> Any:
        """A side with a value for the term, and a number for the index elsewhere."""
        side = sp.sympify(side)
        if self.term is None:
            return side if number is None else side.subs(self.index, number)
        standing = _standing(self.term)
        side = side.xreplace({self.term: standing})
        if number is not None:
            side = side.subs(self.index, number)
        return side.xreplace({standing: value})

    def _ends(self) -> dict[Any, int]:
        """For every index how far beyond it the claim for L itself goes."""
        ends: dict[Any, int] = {self.index: 0}
        for side in (sp.sympify(self.lhs), sp.sympify(self.rhs)):
            for part in side.atoms(sp.Sum, sp.Product, sp.binomial):
                top = part.args[0] if isinstance(part, sp.binomial) else part.args[1][2]
                more, index = sp.expand(top).as_coeff_Add()
                if index.is_Symbol and more.is_Integer:
                    ends[index] = min(ends.get(index, int(more)), int(more))
        return ends

    def _claim(self, lhs: Any, rhs: Any, where: Any) -> tuple[Claim, bool]:
        symbols = Symbols(lhs, rhs, where)
        claim = Claim(symbols(lhs), symbols(rhs), self.relation, symbols(where))
        return claim, symbols.are_free

    # --- the verdict

    def prove(self, *, timeout: float | None = None) -> Verdict:
        """Refuted for one of the first numbers, Proved by base and step, or Undecided."""
        with time_limit(timeout):
            found = self._decided(timeout)
        if isinstance(found, Refuted):
            return found
        assert isinstance(found, Proved | Undecided)
        return replace(found, claim=self)

    def _decided(self, timeout: float | None) -> Verdict:
        tried: list[Verdict] = []
        for number in range(self.start, self.start + _TRIED + 1):
            claim, is_free = self._at(number)
            verdict = claim.prove(timeout=timeout)
            if isinstance(verdict, Refuted) and is_free:
                return replace(verdict, detail=f"for {self.index} = {number}")
            tried.append(verdict)
        base, step = tried[0], self.step_claim().prove(timeout=timeout)
        if isinstance(base, Proved) and isinstance(step, Proved):
            methods = " and ".join(dict.fromkeys((base.method, step.method)))
            oracles = tuple(dict.fromkeys((*base.oracles, *step.oracles)))
            proof = InductionProof(InductionShown(self), base, step)
            return Proved("induction", f"base and step by {methods}", oracles, proof)
        part, why = ("base", base) if not isinstance(base, Proved) else ("step", step)
        return Undecided(
            f"the {part} of the induction is not proved: {why}",
            ("induction",),
            "the claim may be true and too weak for an induction; a stronger one may be provable",
        )

    def __str__(self) -> str:
        return f"{super().__str__()}, for all {self.index} >= {self.start}"


def _standing(term: Any) -> Any:
    """A symbol for a term, of its shape."""
    if getattr(term, "is_Matrix", False):
        return sp.MatrixSymbol(f"{term}_", *term.shape)
    return sp.Dummy(str(term), real=True)


@dataclass(frozen=True)
class InductionProof:
    """The certificate of an induction: its two proofs, and how they are shown."""

    derivation: InductionShown
    base: Proved
    step: Proved

    def check(self, claim: Any) -> Proved:
        """Base and step stated anew, the same as what was proved, and both verified."""
        if not isinstance(claim, Induction):
            raise CertificateError("an induction is the proof of something else")
        wanted = (claim.at(claim.start), claim.step_claim())
        if wanted != (self.base.claim, self.step.claim):
            raise CertificateError("base and step of the induction are those of another claim")
        checked = [proof.check() for proof in (self.base, self.step)]
        return Proved("induction", ", ".join(dict.fromkeys(c.method for c in checked)))


@dataclass(frozen=True)
class InductionShown(Shown):
    """An induction as a lecturer writes it: the sequence, the base, the step."""

    claim: Induction

    def document(self, label: str | None = None) -> Document:
        """The steps as blocks, for every format of :mod:`symnet.render`."""
        return Document(tuple(self._blocks()))

    def _blocks(self) -> Iterable[Block]:
        claim = self.claim
        L, relation = claim.index, claim.relation
        if claim.term is not None:
            begin = Chain(claim.term.subs(L, claim.start), (Link(sp.sympify(claim.first)),))
            go_on = Chain(claim.term.subs(L, L + 1), (Link(claim.step),))
            yield Chains((begin, go_on))
        sides = [sp.sympify(side) for side in (claim.lhs, claim.rhs)]
        yield Prose(("Claim, for every ", Math(sp.Ge(L, claim.start, evaluate=False)), ":"))
        yield Chain(sides[0], (Link(sides[1], relation=relation),))
        base = claim.at(claim.start)
        first, second = (sp.sympify(side).doit() for side in (base.lhs, base.rhs))
        head: Words = ("Base, ", Math(sp.Eq(L, claim.start, evaluate=False)), ": ")
        if first == second and relation == "=":
            yield Prose((*head, "both sides are ", Math(first), "."))
        else:
            yield Prose((*head, Math(RELATIONS[relation](first, second, evaluate=False)), "."))
        yield Prose(("Step from ", Math(L), " to ", Math(L + 1), ":"))
        if claim.term is not None and claim.lhs == claim.term and relation == "=":
            inside = claim.step.xreplace({claim.term: claim.rhs})
            links = (Link(inside, ("by the claim for ", Math(L))),)
            last = Link(sides[1].subs(L, L + 1))
            yield Chain(claim.term.subs(L, L + 1), (*links, last))
        else:
            later = [claim._put(side, claim.step, L + 1) for side in sides]
            reason = ("by the claim for ", Math(L))
            yield Chain(later[0], (Link(later[1], reason, relation),))
