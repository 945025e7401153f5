"""How many linear pieces a function has, and how many activation regions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from ...errors import CertificateError
from ...regions.piecewise_linear import PiecewiseLinear
from ...verdict import Proved, Refuted, Verdict
from .._claim import Claim
from .._clock import time_limit
from ._base import Property
from ._decomposed import decomposed

_WORDS = {"=": "", "<=": "at most ", ">=": "at least ", "<": "less than ", ">": "more than "}


class pieces(Property):
    """f has so many linear pieces: neighbouring regions with one affine map count as one.

    Parameters
    ----------
    function : Network or expression, piecewise linear, with rational numbers
    count : int
    *variables, where, domain : as for every property; the condition is linear
    relation : "=", "<=", ">=", "<" or ">"

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> x = sp.Symbol("x", real=True)
    >>> print(sn.prove(sn.pieces(sn.relu(x) - sn.relu(-x), 1)))
    proved (decomposition: 1 linear piece)
    >>> print(sn.prove(sn.pieces(sp.Abs(x - 1), 2, relation="<")))
    refuted: it has 2 linear pieces: 2 ≥ 2

    Source: definition.
    """

    statement = "f has k linear pieces"
    _counted: ClassVar[str] = "linear piece"

    def __init__(
        self,
        function: Any,
        count: Any,
        *variables: Any,
        relation: str = "=",
        where: Any = True,
        domain: Any = None,
    ) -> None:
        if relation not in _WORDS:
            raise ValueError(f"the relation is {relation!r}; it must be one of {', '.join(_WORDS)}")
        super().__init__(function, *variables, where=where, domain=domain)
        self.count, self.relation = sp.sympify(count), relation

    def _number(self, pw: PiecewiseLinear) -> int:
        return len(pw.pieces)

    def claims(self) -> tuple[Claim, ...]:
        return (self._claim(decomposed(self)),)

    def _claim(self, pw: PiecewiseLinear) -> Claim:
        return Claim(sp.Integer(self._number(pw)), self.count, self.relation)

    def prove(self, *, timeout: float | None = None) -> Verdict:
        with time_limit(timeout):
            pw = decomposed(self)
            number = self._number(pw)
            claim = self._claim(pw)
            found = claim.prove()
        what = f"{number} {self._counted}{'s' * (number != 1)}"
        if found:
            return Proved("decomposition", what, (), Decomposed(pw, what), self)
        return Refuted(
            {}, claim.lhs, claim.rhs, "decomposition", f"it has {what}", self.relation, self
        )  # fmt: skip

    def check_refutation(self, verdict: Refuted) -> Proved:
        """The regions found again and certified, and counted."""
        pw = decomposed(self)
        claim = self._claim(pw)
        if claim.lhs != verdict.lhs_value or claim.prove():
            raise CertificateError(f"the function has {claim.lhs}, not {verdict.lhs_value}")
        return Proved("certificate", pw.certify().detail)

    @property
    def said(self) -> str:
        plural = "s" * (self.count != 1)
        return f"has {_WORDS[self.relation]}{self.count} {self._counted}{plural}"


@dataclass(frozen=True)
class Decomposed:
    """The certificate of a count: the regions, which are certified by code that found none."""

    function: PiecewiseLinear
    what: str

    def check(self, claim: Any) -> Proved:
        """Every cell, sign and neighbour verified."""
        return Proved("certificate", f"{self.what}; {self.function.certify().detail}")
