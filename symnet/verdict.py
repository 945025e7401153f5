"""The three answers to a claim: proved, refuted at an exact point, undecided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

import sympy as sp

from ._late import late
from .errors import CertificateError

#: Longer expressions are shown up to here.
LONGEST = 200

#: What is shown where a relation fails.
NEGATED = {"=": "≠", "!=": "=", "<=": ">", "<": "≥", ">=": "<", ">": "≤"}


@dataclass(frozen=True, eq=False)
class Verdict:
    """An answer; true as a condition only where the claim is proved.

    A verdict is no boolean: ``if verdict:`` asks whether the claim is proved, and ``not verdict``
    is true of undecided ones too; ``verdict == True`` is refused.
    """

    verdict: ClassVar[str]

    def __bool__(self) -> bool:
        return self.verdict == "proved"

    def __eq__(self, other: object) -> bool:
        if isinstance(other, bool):
            raise TypeError(
                "a verdict is one of three and no boolean: write `if verdict:` to ask whether it "
                "is proved, or compare verdict.verdict with 'proved', 'refuted' or 'undecided'"
            )
        return type(self) is type(other) and self._content() == other._content()

    def __hash__(self) -> int:
        return hash((self.verdict, str(self)))

    def _content(self) -> tuple[Any, ...]:
        return tuple(getattr(self, slot.name) for slot in fields(self) if slot.compare)

    def check(self) -> Verdict:
        """The answer verified without the procedure that found it.

        Raises
        ------
        CertificateError
            Where there is nothing to verify, or where it does not verify.
        """
        raise CertificateError(f"there is nothing to verify in this answer: {self}")

    def document(self) -> Any:
        """The answer as a document, for every format of :mod:`symnet.render`."""
        return late("claims._documents", "document_of")(self)

    def latex(self) -> str:
        """The answer in LaTeX."""
        return str(late("render", "render")(self.document(), "latex"))


@dataclass(frozen=True, eq=False)
class Proved(Verdict):
    """The claim holds for all values of its symbols; ``method`` says how that was decided.

    ``oracles`` are programs whose answer was relied on and not verified, such as z3. What was
    found is in ``certificate``; ``claim`` is what was claimed.
    """

    verdict = "proved"
    method: str
    detail: str = ""
    oracles: tuple[str, ...] = ()
    certificate: Any = field(default=None, compare=False, repr=False)
    claim: Any = field(default=None, compare=False, repr=False)

    @property
    def derivation(self) -> Any:
        """What can be read as a proof, such as a table of cases; None where there is nothing."""
        return getattr(self.certificate, "derivation", None)

    def check(self) -> Proved:
        own = getattr(self.certificate, "check", None)
        checked: Proved = (
            late("claims._confirming", "confirm")(self) if own is None else own(self.claim)
        )
        return checked

    def __str__(self) -> str:
        by = f"; relies on {', '.join(self.oracles)}" if self.oracles else ""
        return f"proved ({self.method}{': ' + self.detail if self.detail else ''}{by})"


@dataclass(frozen=True, eq=False)
class Refuted(Verdict):
    """The claim fails at ``counterexample``, where the sides have the two values.

    A side that has no value there, for example at a pole, has the value ``nan``.
    """

    verdict = "refuted"
    counterexample: Mapping[Any, Any]
    lhs_value: Any = None
    rhs_value: Any = None
    method: str = "exact evaluation"
    detail: str = ""
    relation: str = "="
    claim: Any = field(default=None, compare=False, repr=False)

    @property
    def negated_relation(self) -> str:
        """The relation that the two values have instead: ``≠``, ``>``, …"""
        if any(
            getattr(v, "has", lambda _: False)(sp.nan) for v in (self.lhs_value, self.rhs_value)
        ):
            return "≠"
        return NEGATED[self.relation]

    def check(self) -> Proved:
        own = getattr(self.claim, "check_refuted", None)
        check = late("claims._checks", "check_refutation") if own is None else own
        checked: Proved = check(self)
        return checked

    def __str__(self) -> str:
        point = ", ".join(f"{s} = {written(v)}" for s, v in self.counterexample.items())
        values = f"{written(self.lhs_value)} {self.negated_relation} {written(self.rhs_value)}"
        if len(values) > LONGEST // 2:
            values = _in_decimals(self.lhs_value, self.rhs_value, self.negated_relation) or values
        head = f"refuted{': ' + self.detail if self.detail else ''}"
        return f"{head}; at {point}: {values}" if point else f"{head}: {values}"


@dataclass(frozen=True, eq=False)
class Undecided(Verdict):
    """Neither proved nor refuted: ``reason`` says what stood in the way, ``advice`` what to do."""

    verdict = "undecided"
    reason: str
    tried: tuple[str, ...] = field(default=())
    advice: str = ""
    claim: Any = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        tried = f" (tried: {', '.join(self.tried)})" if self.tried else ""
        advice = f"; {self.advice}" if self.advice else ""
        return f"undecided: {self.reason}{advice}{tried}"


def written(value: Any) -> str:
    """A value on one line: a column as ``(1, 2)``, a matrix as rows, a 1×1 matrix as its entry."""
    if value is sp.nan:
        return "undefined"
    if not getattr(value, "is_Matrix", False) or not isinstance(value, sp.MatrixBase):
        return str(value)
    if value.shape == (1, 1):
        return written(value[0, 0])
    if value.cols == 1:
        return f"({', '.join(map(written, value.flat()))})"
    return str(value.tolist())


def _in_decimals(left: Any, right: Any, relation: str) -> str:
    """Two long rational values, or the first entries that differ, with the digits that it takes.

    Nothing where they are no rational numbers. The exact values stay with the verdict.
    """
    where = ""
    if relation == "≠" and isinstance(left, sp.MatrixBase) and isinstance(right, sp.MatrixBase):
        pairs = zip(left.flat(), right.flat(), strict=True)
        place, left, right = next((k, a, b) for k, (a, b) in enumerate(pairs) if a != b)
        where = f"entry {place} is "
    if not all(getattr(v, "is_Rational", False) for v in (left, right)):
        return ""
    for digits in (10, 20, 40, 80, 160):
        near = left.evalf(digits), right.evalf(digits)
        if near[0] != near[1]:
            one, other = (
                v if len(str(v)) <= digits else n for v, n in zip((left, right), near, strict=True)
            )
            return f"{where}about {one} {relation} {other} (lhs_value and rhs_value are exact)"
    return ""


def short(value: Any) -> str:
    """A text on one line, cut where it is long."""
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"
