"""Verdicts as JSON and back: numbers as exact text, matrices as lists of rows."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ..base import Network
from ..claims import Claim
from ..claims.properties import Property
from ..errors import SymnetError
from ..reading import parse
from ..verdict import Proved, Refuted, Undecided, Verdict

Data = dict[str, Any]


def encoded(verdict: Verdict, claim: Claim | Property) -> Data | None:
    """A verdict without its certificate; None where reading it back would not give the same.

    >>> x = sp.Symbol("x", real=True)
    >>> claim = Claim(x, 0)
    >>> data = encoded(claim.prove(), claim)
    >>> data["point"], data["sides"]
    ([['x', '1']], ['1', '0'])
    >>> decoded(data, claim) == claim.prove()
    True
    """
    if isinstance(verdict, Proved):
        data: Data = {"method": verdict.method, "detail": verdict.detail}
        data["oracles"] = list(verdict.oracles)
    elif isinstance(verdict, Refuted):
        data = {"method": verdict.method, "detail": verdict.detail, "relation": verdict.relation}
        data["point"] = [[str(s), _text(v)] for s, v in verdict.counterexample.items()]
        data["sides"] = [_text(verdict.lhs_value), _text(verdict.rhs_value)]
    else:
        assert isinstance(verdict, Undecided)
        data = {"reason": verdict.reason, "advice": verdict.advice, "tried": list(verdict.tried)}
    data["verdict"] = verdict.verdict
    try:
        return data if decoded(data, claim) == verdict else None
    except (SymnetError, TypeError, ValueError, KeyError):
        return None


def decoded(data: Data, claim: Claim | Property) -> Verdict:
    """The verdict on a claim that was written; the names in it are the symbols of the claim.

    Raises
    ------
    SymnetError, TypeError, ValueError, KeyError
        If it is none.
    """
    if data["verdict"] == "proved":
        return Proved(data["method"], data["detail"], tuple(data["oracles"]), claim=claim)
    if data["verdict"] == "undecided":
        return Undecided(data["reason"], tuple(data["tried"]), data["advice"], claim=claim)
    symbols = _symbols(claim)
    left, right = map(_value, data["sides"])
    return Refuted(
        {_named(name, symbols): _value(value) for name, value in data["point"]},
        left,
        right,
        method=data["method"],
        detail=data["detail"],
        relation=data["relation"],
        claim=claim,
    )


def _text(value: Any) -> Any:
    if isinstance(value, sp.MatrixBase):
        return [[str(entry) for entry in row] for row in value.tolist()]
    return str(value)


def _value(text: Any) -> Any:
    """An exact value; it is read by symnet's own grammar, and never evaluated."""
    if isinstance(text, list):
        return sp.ImmutableDenseMatrix([[_value(entry) for entry in row] for row in text])
    return sp.nan if text == "nan" else parse(text, names={"E": sp.E})


def _named(name: str, symbols: dict[str, Any]) -> Any:
    """A symbol of the claim, or one that its counterexample alone speaks of."""
    return symbols[name] if name in symbols else sp.Symbol(name, real=True)


def _symbols(claim: Claim | Property) -> dict[str, Any]:
    """The symbols of a claim by name, and those of the claims that a property is."""
    claims = _claims(claim)
    sides = [side for c in claims for side in (c.lhs, c.rhs, c.where)]
    inputs = [side.input for side in sides if isinstance(side, Network)]
    free = set().union(*(getattr(side, "free_symbols", ()) for side in (*sides, *inputs)))
    if isinstance(claim, Property) and not claims:
        free |= set(claim.subject.variables)
    sizes = [size for s in free for size in getattr(s, "shape", ())]
    return {str(s): s for s in free.union(*(size.free_symbols for size in sizes))}


def _claims(claim: Claim | Property) -> tuple[Claim, ...]:
    if isinstance(claim, Claim):
        return (claim,)
    try:
        return claim.claims()
    except SymnetError:
        # it is decided in a way of its own
        return ()
