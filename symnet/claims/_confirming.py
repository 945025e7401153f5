"""A proof confirmed by a procedure that did not find it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from ..errors import CertificateError, SymnetError
from ..regions.conditions import polyhedron_where
from ..regions.making import piecewise
from ..verdict import Proved
from ._case_proof import CaseProof
from ._index_form import equal_in_indices
from ._normal_form import UnsupportedError, difference_vanishes
from ._question import Question, question_of
from ._rewriting import by_rewriting
from .deciders._sign_cases import SignCases


def confirm(verdict: Proved) -> Proved:
    """What a second procedure says of a proved claim.

    Raises
    ------
    CertificateError
        Where no second procedure knows the claim.
    """
    if verdict.claim is None:
        raise CertificateError(
            f"the proof does not say what was claimed ({verdict.method}), so nothing verifies"
        )
    question = question_of(verdict.claim)
    for route in _ROUTES:
        found = route(question, verdict)
        if found is not None:
            return found
    raise CertificateError(
        f"no second procedure knows this claim, which was proved by {verdict.method}"
    )


def _by_regions(question: Question, verdict: Proved) -> Proved | None:
    """A piecewise-linear claim: certified regions of the difference, and its values there."""
    if question.is_matrix or question.relation not in ("=", "<=", ">="):
        return None
    symbols = sorted(question.free_symbols, key=str)
    if not all(s.is_Symbol for s in symbols):
        return None
    if any(set(s._assumptions_orig) - {"real", "commutative"} for s in symbols) or not symbols:
        return None
    try:
        domain = None
        if question.where != sp.true:
            domain = polyhedron_where(question.where, symbols)
        pw = piecewise(question.lhs - question.rhs, *symbols, domain=domain)
    except SymnetError:
        return None
    if not pw.is_continuous:
        return None
    pw.certify()
    top, bottom = pw.maximum().value, pw.minimum().value
    holds = {"=": top == 0 == bottom, "<=": top <= 0, ">=": bottom >= 0}[question.relation]
    if holds != sp.true and holds is not True:
        raise CertificateError(f"the regions of the difference deny the claim {verdict.claim}")
    return Proved("certificate", f"the difference on {len(pw)} certified regions")


def _by_the_other_form(question: Question, verdict: Proved) -> Proved | None:
    """An identity of matrices: by words where it was by indices, and the other way round."""
    if question.relation != "=":
        return None
    routes: list[Callable[[Any, Any], str | None]] = [equal_in_indices, difference_vanishes]
    if "indices" in verdict.method:
        routes = routes[1:]
    elif question.is_matrix:
        routes = routes[:1]
    else:
        return None
    for route in routes:
        try:
            method = route(question.lhs, question.rhs)
        except UnsupportedError:
            continue
        if method is not None:
            return Proved(method)
    return None


def _by_rules(question: Question, verdict: Proved) -> Proved | None:
    """An identity of matrices with conditions on them: by chains of rule instances."""
    if question.relation != "=" or not question.is_matrix:
        return None
    count = by_rewriting(question)
    if count is None:
        return None
    return Proved("rewriting", f"{count} step{'' if count == 1 else 's'}, each of them verified")


def _by_sympy(question: Question, verdict: Proved) -> Proved | None:
    """An identity of scalars: SymPy's own polynomials and exponentials."""
    if question.is_matrix or question.relation != "=" or question.where != sp.true:
        return None
    difference = (question.lhs - question.rhs).doit()
    if difference.has(sp.Piecewise, sp.Max, sp.Min, sp.Abs, sp.sign, sp.log):
        return None
    numerator, denominator = sp.fraction(sp.together(difference.rewrite(sp.exp)))
    if not denominator.is_nonzero or sp.expand(sp.powsimp(sp.expand(numerator))) != 0:
        return None
    return Proved("SymPy's expansion")


def _by_cases(question: Question, verdict: Proved) -> Proved | None:
    """The tree of cases by signs, walked again, with every contradiction multiplied out."""
    certificate = verdict.certificate
    if not isinstance(certificate, CaseProof):
        # found by another procedure: this one decides it anew
        found = SignCases().decide(question)
        certificate = found.certificate if isinstance(found, Proved) else None
    if not isinstance(certificate, CaseProof):
        return None
    count = certificate.tree.check()
    return Proved("certificate", f"{count} case{'' if count == 1 else 's'}, none missing")


_ROUTES = (_by_regions, _by_the_other_form, _by_rules, _by_sympy, _by_cases)
