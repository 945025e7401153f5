"""A proof by cases: a table with one row a case, and what has to be verified in each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from ..document import Block, Document, Math, Prose, Table, Words
from ..shown import Shown
from ._terms import NEGATIVE, POSITIVE, ZERO

#: Longer tables are not written out.
_MOST_ROWS = 60

_RELATIONS: dict[int, Any] = {
    NEGATIVE: sp.Lt,
    NEGATIVE | ZERO: sp.Le,
    ZERO: sp.Eq,
    ZERO | POSITIVE: sp.Ge,
    POSITIVE: sp.Gt,
    NEGATIVE | POSITIVE: sp.Ne,
}


@dataclass(frozen=True)
class Case:
    """Conditions, both sides where they hold, and why the claim holds there.

    ``reason`` is empty where both sides are seen to be related as claimed.
    """

    conditions: tuple[Any, ...]
    lhs: Any
    rhs: Any
    reason: str = ""


@dataclass(frozen=True)
class CaseTable(Shown):
    """The cases of a proof as a table; it shows itself in a notebook."""

    cases: tuple[Case, ...]
    relation: str = "="

    def __len__(self) -> int:
        return len(self.cases)

    def document(self, label: str | None = None) -> Document:
        """The table as a document, for every format of :mod:`symnet.render`."""
        return Document(tuple(self._blocks()))

    def _blocks(self) -> Iterable[Block]:
        shown = self.cases[:_MOST_ROWS]
        head: tuple[Words, ...] = (("case",), ("left side",), ("right side",), ("",))
        yield Table(head, tuple(_row(case, self.relation) for case in shown))
        if len(shown) < len(self.cases):
            yield Prose((f"and {len(self.cases) - len(shown)} more cases.",))


@dataclass(frozen=True)
class CaseProof:
    """The certificate of a proof by cases: the table to read, and the tree to verify."""

    derivation: CaseTable
    tree: Any


def _row(case: Case, relation: str) -> tuple[Words, ...]:
    where: list[Any] = []
    for condition in case.conditions:
        where += [", "] * bool(where) + [Math(condition)]
    if case.lhs is None:
        return (tuple(where) or ("always",), ("",), ("",), (case.reason,))
    seen = {"=": "equal"}.get(relation, f"left {relation} right")
    return (
        tuple(where) or ("always",),
        (Math(case.lhs),),
        (Math(case.rhs),),
        (case.reason or seen,),
    )


def condition(expr: sp.Expr, signs: int) -> Any:
    """That an expression has one of some signs, with what is subtracted on the other side.

    >>> a, b = sp.symbols("a b", real=True)
    >>> condition(a - b, POSITIVE)
    a > b
    """
    relation = _RELATIONS[signs]
    negative = [t for t in sp.Add.make_args(expr) if t.could_extract_minus_sign()]
    right = sp.Add(*(-t for t in negative))
    left = expr + right
    if left == 0 and right != 0:
        turned = {sp.Lt: sp.Gt, sp.Le: sp.Ge, sp.Gt: sp.Lt, sp.Ge: sp.Le}
        return turned.get(relation, relation)(right, 0, evaluate=False)
    return relation(left, right, evaluate=False)


def merged(conditions: Sequence[Any]) -> tuple[Any, ...]:
    """The conditions without those that are repeated."""
    return tuple(dict.fromkeys(conditions))
