"""What can be asked of a network: that no input of some sets has outputs that are not wanted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

from flint import fmpq

from ..errors import ShapeError
from ..regions.domains import Domain, rationals

#: An affine form: its coefficients, then the constant.
Form = tuple[fmpq, ...]


@dataclass(frozen=True)
class Violation:
    """Outputs that are not wanted: {y : c y + e <= 0 for all forms (c, e)}."""

    forms: tuple[Form, ...]

    def value(self, outputs: Sequence[fmpq]) -> fmpq:
        """The greatest of the forms: at most 0 where the outputs are not wanted."""
        return max(
            sum((c * y for c, y in zip(form, outputs, strict=False)), form[-1])
            for form in self.forms
        )


@dataclass(frozen=True, eq=False)
class Case:
    """On a domain none of some violations may occur."""

    domain: Domain
    violations: tuple[Violation, ...]


@dataclass(frozen=True, eq=False)
class Property:
    """That a network has no input x of a case with outputs y = net(x) of one of its violations.

    Made by :func:`symnet.load_property` from a VNN-LIB file, or from domains and half-spaces.

    Parameters
    ----------
    cases : pairs (domain, violations), each violation a pair (C, d): C y <= d is not wanted

    Examples
    --------
    >>> import symnet as sn
    >>> positive = sn.Property([(sn.Box([-1, 1]), [([[1]], [0])])])
    >>> print(sn.verify(sn.Sequential(sn.Linear([[1]]), sn.Abs(), sn.Linear([[1]], [1])), positive))
    proved (regions: 2 regions)

    Source: https://www.vnnlib.org for the form of such properties.
    """

    cases: tuple[Case, ...]

    def __init__(self, cases: Iterable[Any]) -> None:
        object.__setattr__(self, "cases", tuple(map(_case, cases)))

    def __repr__(self) -> str:
        counts = [len(case.violations) for case in self.cases]
        return f"Property({len(counts)} cases, {sum(counts)} violations)"

    @property
    def outputs(self) -> int:
        """The number of outputs that it speaks of."""
        return len(self.cases[0].violations[0].forms[0]) - 1


def _case(given: Any) -> Case:
    if isinstance(given, Case):
        return given
    domain, violations = given
    return Case(domain, tuple(_violation(*v) for v in violations))


def _violation(C: Any, d: Any) -> Violation:
    rows = [rationals(row) for row in (C.tolist() if hasattr(C, "tolist") else C)]
    right = rationals(d)
    if len(rows) != len(right) or len({len(row) for row in rows}) != 1:
        raise ShapeError(
            f"C y <= d needs rows of one length and as many entries in d; found rows of lengths "
            f"{[len(row) for row in rows]} and {len(right)} entries"
        )
    return Violation(tuple((*row, -e) for row, e in zip(rows, right, strict=True)))


def greatest(label: int, outputs: int) -> tuple[Violation, ...]:
    """That an output is not greater than all others: for each other one y_label - y_j <= 0."""
    found = []
    for j in range(outputs):
        if j != label:
            form = [fmpq(0)] * (outputs + 1)
            form[label], form[j] = fmpq(1), fmpq(-1)
            found.append(Violation((tuple(form),)))
    return tuple(found)


def spans(violations: Sequence[Violation]) -> list[tuple[int, int]]:
    """Where the forms of every violation begin and end."""
    return list(pairwise(accumulate((len(v.forms) for v in violations), initial=0)))
