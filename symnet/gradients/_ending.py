"""Where a backward pass begins: at the loss, or at the one output of a network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sympy as sp

from ..document import Math, Words
from ..exact.scalars import Inner
from ..losses import Loss, every_loss
from ._algebra import hadamard, is_column, plus, times, transposed
from ._setting import Setting
from ._slope import slope_at
from ._steps import ENTRYWISE, JACOBIAN, PROBABILITY, StepRule
from ._tape import Assignment, Tape, is_probability


@dataclass(frozen=True)
class Ending:
    """What is derived: a number L or f, as a formula in the last value.

    ``logits`` is the derivative of L by the argument of the last value, where that is a
    probability: p - y.
    """

    number: sp.Symbol
    formula: Any
    derivative: Any
    reason: Words
    loss: Loss | None = None
    target: Any = None
    logits: Any = None
    last: Assignment | None = None

    @property
    def is_trivial(self) -> bool:
        """Whether the number is the last value itself."""
        return self.loss is None

    def simplified(self, z: Any, pulled: Any) -> Iterator[tuple[Any, Words, StepRule]]:
        """The lines to p - y, for softmax with cross-entropy and sigmoid with its binary form."""
        assert self.last is not None
        assert self.last.layer is not None
        p, y = self.last.symbol, self.target
        if not is_probability(self.last):
            yield pulled, ("entry by entry",), ENTRYWISE
            slope = hadamard(p, plus(sp.OneMatrix(*p.shape), times(-1, p)))
            words: Words = (Math(slope_at(self.last.layer, z)), " = ", Math(slope))
            yield self.logits, words, PROBABILITY
            return
        if is_column(z):
            total = times(p, transposed(sp.OneMatrix(*y.shape)), y)
            yield plus(total, times(-1, y)), ("multiply out",), JACOBIAN
            yield self.logits, ("the entries of ", Math(y), " sum to 1"), PROBABILITY
            return
        yield pulled, ("softmax of every example",), JACOBIAN
        yield self.logits, ("the entries of every target sum to 1",), PROBABILITY


def ending_of(setting: Setting, tape: Tape, end: Any) -> Ending:
    """The ending of a setting; a loss of logits is taken apart into probabilities and a loss."""
    if setting.loss is None:
        number = sp.Symbol("f", real=True)
        one = sp.OneMatrix(1, 1)
        return Ending(number, Inner(one, end), sp.Identity(1), ("definition",))
    number = sp.Symbol("L", real=True)
    loss, y, rows = setting.loss, setting.target, setting.batch == "rows"
    logits = last = None
    for kind in every_loss():
        if kind.with_logits is type(loss) and kind.link is not None:
            end = tape.probability(kind.link(), end)
            last = tape.assignments[-1]
            logits = times(loss.scale(_columns(end, rows)), plus(end, times(-1, y)))
            loss = kind(reduction=loss.reduction)
            break
    scale = loss.scale(_columns(end, rows))
    derivative = times(scale, loss.gradient(end, y))
    reason: Words = (f"derivative of {loss.called}",)
    return Ending(number, scale * loss.formula(end, y), derivative, reason, loss, y, logits, last)


def _columns(matrix: Any, rows: bool) -> Any:
    return transposed(matrix) if rows else matrix
