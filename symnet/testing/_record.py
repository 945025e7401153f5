"""A claim and its verdict in simple types: text, numbers, lists and dicts."""

from __future__ import annotations

from typing import Any

from ..verdict import Refuted, Undecided, Verdict, written
from ._message import brief

Record = dict[str, Any]


def record(claim: Any, verdict: Verdict) -> Record:
    """What is said of a claim, to be written as JSON or sent to another process."""
    found: Record = {
        "claim": brief(claim),
        "verdict": verdict.verdict,
        "method": getattr(verdict, "method", ""),
        "detail": getattr(verdict, "detail", ""),
    }
    if oracles := getattr(verdict, "oracles", ()):
        found["oracles"] = list(oracles)
    if isinstance(verdict, Refuted):
        found["counterexample"] = {str(s): written(v) for s, v in verdict.counterexample.items()}
        found["lhs_value"], found["rhs_value"] = map(
            written, (verdict.lhs_value, verdict.rhs_value)
        )
        found["relation"] = verdict.negated_relation
    if isinstance(verdict, Undecided):
        found["reason"], found["method"] = verdict.reason, ", ".join(verdict.tried)
    return found
