"""Derivations: chains of equalities, every link with its reason, every link checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import sympy as sp

from .claims import prove
from .document import Block, Chain, Document, Link, Math, Prose, Words
from .errors import DerivationError
from .render import plain
from .shown import Shown
from .verdict import Proved, Refuted, Undecided, Verdict


class Reason(Protocol):
    """A rule as a step names it."""

    @property
    def name(self) -> str: ...
    @property
    def statement(self) -> str: ...
    @property
    def source(self) -> str: ...


@dataclass(frozen=True)
class Step:
    """One link ``before = after`` of a chain.

    ``rule`` is None where a person wrote the step; ``defines`` holds the names that the step
    introduces, with what they stand for.
    """

    before: Any
    after: Any
    reason: Words
    rule: Reason | None = None
    defines: tuple[tuple[Any, Any], ...] = ()

    @property
    def position(self) -> tuple[int, ...]:
        """The path through ``args`` to the smallest part of ``before`` that holds all changes."""
        path: list[int] = []
        before, after = self.before, self.after
        while type(before) is type(after) and len(before.args) == len(after.args):
            changed = [
                k
                for k, pair in enumerate(zip(before.args, after.args, strict=True))
                if pair[0] != pair[1]
            ]
            if len(changed) != 1:
                break
            path.append(changed[0])
            before, after = before.args[changed[0]], after.args[changed[0]]
        return tuple(path)


@dataclass(frozen=True)
class Derivation(Shown):
    """A chain of equalities ``start = … = end``; immutable, :meth:`then` gives a longer one.

    Parameters
    ----------
    start : scalar or matrix expression, or a network (then its value at its input)

    Examples
    --------
    >>> import sympy as sp
    >>> from symnet import Derivation
    >>> x, y = sp.symbols("x y", real=True)
    >>> d = Derivation((x + y)**2).then(x**2 + 2*x*y + y**2, "binomial formula")
    >>> bool(d.check())
    True
    >>> print(Derivation((x + y)**2).then(x**2 + y**2, "wishful thinking").check())
    refuted: step 1 (wishful thinking) is false; at x = 1, y = 1: 4 ≠ 2
    """

    start: Any
    steps: tuple[Step, ...] = ()
    #: What stands left of the first equals sign, such as f(x); None for nothing.
    name: Any = None
    #: Blocks before the chain, and words after it.
    opening: tuple[Block, ...] = ()
    closing: Words = ()
    title: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", _as_side(self.start))

    def then(self, expr: Any, reason: str | Words = "") -> Derivation:
        """The derivation with one more step ``… = expr``; :meth:`check` is what proves it."""
        words = (reason,) if isinstance(reason, str) else reason
        step = Step(self.end, _as_side(expr), words if words != ("",) else ())
        return replace(self, steps=(*self.steps, step))

    def __len__(self) -> int:
        return len(self.steps)

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def __getitem__(self, k: int) -> Step:
        return self.steps[k]

    @property
    def end(self) -> Any:
        """The last expression of the chain."""
        return self.steps[-1].after if self.steps else self.start

    @property
    def definitions(self) -> dict[Any, Any]:
        """The names that the chain introduces, with what they stand for."""
        return {name: meaning for step in self.steps for name, meaning in step.defines}

    # --- checking

    def check(self) -> Verdict:
        """Prove every step again, by procedures that share nothing with the rules.

        Returns
        -------
        Proved, or Refuted or Undecided for the first step that is not proved
            ``detail`` names the step, and a refutation has the point.
        """
        methods: dict[str, None] = {}
        for number, step in enumerate(self.steps, start=1):
            verdict = self.check_step(step)
            where = f"step {number} ({plain(step.reason) or 'no reason given'})"
            if isinstance(verdict, Refuted):
                return replace(verdict, detail=f"{where} is false")
            if isinstance(verdict, Undecided):
                return replace(verdict, reason=f"{where}: {verdict.reason}")
            assert isinstance(verdict, Proved)
            methods[verdict.method] = None
        count = f"{len(self.steps)} step{'' if len(self.steps) == 1 else 's'}"
        return Proved(", ".join(methods) or "nothing to prove", count)

    def check_step(self, step: Step) -> Verdict:
        """The verdict on one link, with the names that were introduced written out."""
        meanings = self.definitions
        return prove(_unfold(step.before, meanings), _unfold(step.after, meanings))

    # --- showing

    def document(self, label: str | None = None) -> Document:
        """The derivation as blocks: what is given, the chain, what the names mean.

        ``label`` is the chain's, for references to a numbered equation.
        """
        blocks: list[Block] = [*self.opening]
        links = [Link(step.after, step.reason) for step in self.steps]
        start = self.start
        if self.name is not None:
            links.insert(0, Link(self.start, ("definition",)))
            start = self.name
        blocks.append(Chain(start, tuple(links), label))
        blocks += _meanings(self.definitions)
        if self.closing:
            blocks.append(Prose(self.closing))
        return Document(tuple(blocks), title=self.title)

    def _repr_latex_(self) -> str:
        lines = [sp.latex(self.name if self.name is not None else self.start)]
        shown = (
            [self.start, *(s.after for s in self.steps)]
            if self.name is not None
            else [s.after for s in self.steps]
        )
        body = r" \\ ".join(rf"&= {sp.latex(expr)}" for expr in shown)
        return rf"$\displaystyle \begin{{aligned}} {lines[0]} {body} \end{{aligned}}$"


#: Longer meanings of names get a line of their own.
SHORT = 60


def _meanings(definitions: Mapping[Any, Any]) -> list[Block]:
    """What the names mean: in a sentence where that is short, else displayed."""
    if not definitions:
        return []
    if any(len(str(meaning)) > SHORT for meaning in definitions.values()):
        return [Prose(("where",)), *(Chain(k, (Link(v),)) for k, v in definitions.items())]
    words: list[Any] = ["where "]
    last = len(definitions) - 1
    for place, (symbol, meaning) in enumerate(definitions.items()):
        words += [Math(symbol), " = ", Math(meaning)]
        words.append("." if place == last else " and " if place == last - 1 else ", ")
    return [Prose(tuple(words))]


def _as_side(value: Any) -> Any:
    if hasattr(value, "layers") and callable(value):
        return value(value.input)
    if isinstance(value, sp.MatrixBase):
        return sp.ImmutableDenseMatrix(value)
    if not isinstance(value, sp.Basic):
        raise DerivationError(
            f"a side of a derivation is an expression, and {value!r} of type "
            f"{type(value).__name__} was given"
        )
    return value


def _unfold(expr: Any, meanings: Mapping[Any, Any]) -> Any:
    """``expr`` with the names replaced by what they stand for, through names of names."""
    while meanings and expr.has(*meanings):
        expr = expr.xreplace(dict(meanings))
    return expr
