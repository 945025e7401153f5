"""The claims of a test run, as Markdown, HTML or JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import sympy as sp

from .. import __version__
from ..base import Network
from ..claims import Claim
from ..document import Block, Document, Prose, Table, Typeset, Words
from ..render import latex, write as write_document, write_atomically
from ..testing._message import brief
from ..testing._record import Record, record as common
from ..verdict import Verdict

#: A part of running text, or LaTeX and the text that stands for it.
Part = str | list[str]


def record(claim: Any, verdict: Verdict) -> Record:
    """A claim and its verdict in simple types, with the claim's formulas in LaTeX."""
    return common(claim, verdict) | {"claim_parts": _claim(claim)}


def _claim(claim: Any) -> list[Part]:
    """The claim with its formulas in LaTeX."""
    if not isinstance(claim, Claim) or isinstance(claim.lhs, Network):
        return [brief(claim)]
    parts: list[Part] = [_formula(claim.lhs), f" {claim.relation} ", _formula(claim.rhs)]
    if claim.where is not True and claim.where != sp.true:
        parts += [" where ", _formula(claim.where)]
    if claim.domain is not None:
        parts.append(f" on {claim.domain}")
    return parts


def _formula(expr: Any) -> Part:
    try:
        return [latex(sp.sympify(expr)), str(expr)]
    except (TypeError, ValueError, AttributeError, NotImplementedError):
        return str(expr)


def write(records: Sequence[Record], file: Path) -> None:
    """Write the records, ordered by test, in the format of the file's suffix."""
    ordered = sorted(records, key=lambda r: r["test"])
    if file.suffix.lower() != ".json":
        write_document(document(ordered), file)
        return
    kept = [{k: v for k, v in r.items() if k != "claim_parts" and v != ""} for r in ordered]
    content = {"symnet": __version__, "counts": _counts(ordered), "claims": kept}
    write_atomically(file, json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def document(records: Sequence[Record]) -> Document:
    """The records as a table."""
    counts = ", ".join(f"{count} {verdict}" for verdict, count in _counts(records).items())
    unexpected = sum(r["outcome"] != "passed" for r in records)
    words = f"{len(records)} claims: {counts}." if records else "The tests asserted no claims."
    words += f" {unexpected} of them in tests that failed." if unexpected else ""
    blocks: list[Block] = [Prose((words,))]
    if records:
        head = tuple((name,) for name in ("Test", "Claim", "Verdict", "By", "Counterexample"))
        blocks.append(Table(head, tuple(map(_row, records))))
    return Document(tuple(blocks), title="Claims of the test run")


def _row(r: Record) -> tuple[Words, ...]:
    claim = tuple(p if isinstance(p, str) else Typeset(*p) for p in r["claim_parts"])
    verdict = r["verdict"] if r["outcome"] == "passed" else f"{r['verdict']} (test {r['outcome']})"
    method = r["method"] + (f"; {r['detail']}" if r["detail"] else "")
    return (r["test"],), claim, (verdict,), (method,), (_shown(r),)


def _shown(r: Record) -> str:
    if r["verdict"] == "undecided":
        return str(r["reason"])
    if "counterexample" not in r:
        return ""
    point = ", ".join(f"{s} = {v}" for s, v in r["counterexample"].items())
    values = f"{r['lhs_value']} {r['relation']} {r['rhs_value']}"
    return f"{point}: {values}" if point else values


def _counts(records: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    verdicts = [r["verdict"] for r in records]
    return {verdict: verdicts.count(verdict) for verdict in sorted(set(verdicts))}
