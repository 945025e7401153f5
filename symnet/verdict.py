"""The three answers to a claim: proved, refuted at an exact point, undecided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import sympy as sp


@dataclass(frozen=True)
class Verdict:
    """An answer; true as a condition only where the claim is proved."""

    verdict: ClassVar[str]

    def __bool__(self) -> bool:
        return self.verdict == "proved"


@dataclass(frozen=True)
class Proved(Verdict):
    """The claim holds for all values of its symbols; ``method`` says how that was decided."""

    verdict = "proved"
    method: str
    detail: str = ""

    def __str__(self) -> str:
        return f"proved ({self.method}{': ' + self.detail if self.detail else ''})"


@dataclass(frozen=True)
class Refuted(Verdict):
    """The claim fails at ``counterexample``, where the sides have the two values."""

    verdict = "refuted"
    counterexample: Mapping[Any, Any]
    lhs_value: Any = None
    rhs_value: Any = None
    method: str = "exact evaluation"
    detail: str = ""

    def __str__(self) -> str:
        point = ", ".join(f"{s} = {written(v)}" for s, v in self.counterexample.items())
        values = f"{written(self.lhs_value)} ≠ {written(self.rhs_value)}"
        head = f"refuted{': ' + self.detail if self.detail else ''}"
        return f"{head}; at {point}: {values}" if point else f"{head}: {values}"


@dataclass(frozen=True)
class Undecided(Verdict):
    """Neither proved nor refuted; ``reason`` says what stood in the way."""

    verdict = "undecided"
    reason: str
    tried: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        tried = f" (tried: {', '.join(self.tried)})" if self.tried else ""
        return f"undecided: {self.reason}{tried}"


def written(value: Any) -> str:
    """A value on one line: a column as ``(1, 2)``, a matrix as rows, a 1×1 matrix as its entry."""
    if not getattr(value, "is_Matrix", False) or not isinstance(value, sp.MatrixBase):
        return str(value)
    if value.shape == (1, 1):
        return str(value[0, 0])
    if value.cols == 1:
        return f"({', '.join(map(str, value.flat()))})"
    return str(value.tolist())
