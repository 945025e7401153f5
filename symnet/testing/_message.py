"""What a failed assertion says: the claim, the point, both exact values, how near it is to true."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sympy as sp

from .._announce import announce
from ..base import Network
from ..claims import Claim
from ..errors import RefutedError, UndecidedError
from ..verdict import LONGEST, Refuted, Undecided, Verdict, short, written
from ._nearness import where_it_holds

Row = tuple[str, str]


def settle(
    claim: Any,
    verdict: Verdict,
    what: str,
    err_msg: str = "",
    sides: tuple[str, str] = ("left", "right"),
    more: Iterable[Row] = (),
) -> None:
    """Nothing where the claim is proved; else the error that says why it is not.

    Parameters
    ----------
    claim : Claim or Property, or a text about what was claimed
    what : str, the subject of the first line, such as "the identity"
    sides : what the two sides are called
    more : further lines, a head and a text each
    """
    __tracebackhide__ = True
    announce(claim, verdict)
    if verdict:
        return
    if isinstance(verdict, Refuted):
        rows = [("claim", brief(claim)), *_refutation(verdict, sides), *more]
        near = where_it_holds(claim)
        rows += [("holds", near)] if near else []
        raise RefutedError(message(_first_line(what, verdict), err_msg, rows), verdict)
    assert isinstance(verdict, Undecided)
    rows = [("claim", brief(claim)), ("reason", verdict.reason)]
    rows += [("tried", ", ".join(verdict.tried))] if verdict.tried else []
    rows += [("advice", verdict.advice)] if verdict.advice else []
    raise UndecidedError(
        message(f"{what} was neither proved nor refuted", err_msg, [*rows, *more]), verdict
    )


def message(head: str, err_msg: str, rows: Iterable[Row]) -> str:
    """The lines of an error: a head, the user's words, and rows with their names in front."""
    rows = list(rows)
    width = max((len(name) for name, _ in rows), default=0)
    lines = [f"{head}", *([err_msg] if err_msg else [])]
    return "\n".join([*lines, *(f"  {name + ':':<{width + 1}} {text}" for name, text in rows)])


def _first_line(what: str, verdict: Refuted) -> str:
    """The line that summaries of test runs show, with the point where that is short."""
    values = f"{written(verdict.lhs_value)} {verdict.negated_relation} {written(verdict.rhs_value)}"
    at = f" at {point_text(verdict)}" if verdict.counterexample else ""
    line = f"{what} is false{at}: {values}"
    return line if len(line) <= LONGEST // 2 else f"{what} is false"


def brief(claim: Any) -> str:
    """A claim in one line; networks with many weights by the sizes of their layers."""
    sides = [getattr(claim, side, None) for side in ("lhs", "rhs")]
    if isinstance(claim, Claim) and all(isinstance(side, Network) for side in sides):
        domain = "" if claim.domain is None else f", on {claim.domain}"
        return f"{brief(sides[0])} = {brief(sides[1])}{domain}"
    if not isinstance(claim, Network) or len(str(claim)) <= LONGEST // 2:
        return short(claim)
    return short(f"[{', '.join(map(_layer, claim.layers))}]")


def _layer(layer: Network) -> str:
    if len(str(layer)) <= LONGEST // 8:
        return str(layer)
    inputs, outputs = layer.in_features, layer.out_features
    return type(layer).__name__ + (f"({inputs}, {outputs})" if inputs is not None else "")


def point_text(verdict: Refuted) -> str:
    """The counterexample: ``x = 1, y = -1``."""
    return ", ".join(f"{s} = {short(written(v))}" for s, v in verdict.counterexample.items())


def _refutation(verdict: Refuted, sides: tuple[str, str]) -> Iterable[Row]:
    if verdict.detail:
        yield "since", verdict.detail
    if verdict.counterexample:
        yield "at", point_text(verdict)
    values = (verdict.lhs_value, verdict.rhs_value)
    for name, value in zip(sides, values, strict=True):
        yield name, short(written(value))
    if all(isinstance(v, sp.MatrixBase) and len(v) > 1 for v in values):
        yield from _entries(*values, verdict.negated_relation)
    elif all(getattr(v, "is_Rational", False) for v in values) and verdict.relation == "=":
        yield "apart", str(values[0] - values[1])


def _entries(lhs: sp.MatrixBase, rhs: sp.MatrixBase, relation: str) -> Iterable[Row]:
    differ = [(i, j) for i in range(lhs.rows) for j in range(lhs.cols) if lhs[i, j] != rhs[i, j]]
    if lhs.shape == rhs.shape and differ:
        i, j = differ[0]
        place = f"[{i}]" if lhs.cols == 1 else f"[{i}, {j}]"
        count = f"{len(differ)} of {len(lhs)} entries, first {place}"
        yield "differ", f"{count}: {lhs[i, j]} {relation} {rhs[i, j]}"
