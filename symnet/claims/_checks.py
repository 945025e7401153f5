"""Answers verified: a refutation by evaluation at its point."""

from __future__ import annotations

from ..errors import CertificateError
from ..verdict import Proved, Refuted
from ._evaluate import sides_at
from ._points import admits
from ._question import question_of


def check_refutation(verdict: Refuted) -> Proved:
    """That the claim fails at the counterexample, with the values that the verdict states."""
    claim = verdict.claim
    own = getattr(claim, "check_refutation", None)
    if own is not None:
        checked: Proved = own(verdict)
        return checked
    if not hasattr(claim, "lhs"):
        raise CertificateError("the refutation does not say what was claimed, so nothing verifies")
    question = question_of(claim)
    twins = {user: twin for twin, user in question.original.items()}
    point = {twins.get(s, s): v for s, v in verdict.counterexample.items()}
    for symbol, value in point.items():
        if getattr(symbol, "is_Symbol", False) and not admits(symbol, value):
            raise CertificateError(f"{symbol} cannot be {value} by its assumptions")
    values = sides_at(question, point)
    if values is None:
        raise CertificateError(f"the claim does not fail at {dict(verdict.counterexample)}")
    if values != (verdict.lhs_value, verdict.rhs_value):
        raise CertificateError(
            f"the sides are {values[0]} and {values[1]} at the point, "
            f"not {verdict.lhs_value} and {verdict.rhs_value}"
        )
    return Proved("exact evaluation")
