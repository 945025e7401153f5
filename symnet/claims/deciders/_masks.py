"""Matrix identities about piecewise-linear activations, by masks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sympy as sp

from ...activations._base import Activation
from ...activations._relu import ReLU
from ...activations._step import Step
from ...base import Apply
from ...verdict import Proved, Verdict
from .._claim import Claim
from .._normal_form import UnsupportedError, difference_vanishes
from .._question import Question
from ._base import Decider


class Masks(Decider):
    """Writes f(z) = (s I + (t - s) D) z where f has slope s below 0 and t above it.

    D is the diagonal matrix with 1 where z > 0 and 0 elsewhere; with it, what remains is an
    identity of products, for the noncommutative normal form.
    """

    name = "masks and noncommutative normal form"
    decides = "= of matrix expressions in activations with one kink at 0, and in their masks"
    source = "Raghu, Poole, Kleinberg, Ganguli and Sohl-Dickstein 2017, for the masks"
    order = 60

    def decide(self, question: Question) -> Verdict | None:
        if not question.is_matrix or question.relation != "=":
            return None
        sides = question.lhs, question.rhs
        masked = [masked_form(side) for side in sides]
        if all(a == b for a, b in zip(sides, masked, strict=True)):
            return None
        try:
            method = difference_vanishes(*masked)
        except UnsupportedError:
            return None
        return Proved(self.name) if method is not None else None

    def examples(self) -> Iterable[Any]:
        left, right, _ = _sides()
        yield Claim(left, right)

    def near_misses(self) -> Iterable[Any]:
        left, _, wrong = _sides()
        yield Claim(left, wrong)


def masked_form(expr: Any) -> Any:
    """The expression with masks in the place of the activations that have one."""
    return expr.replace(_has_mask, lambda e: _with_mask(e.layer, e.argument))


def _has_mask(expr: Any) -> bool:
    if not isinstance(expr, Apply) or expr.shape[1] != 1 or not isinstance(expr.layer, Activation):
        return False
    f = expr.layer.function
    return bool(f.piecewise_linear and f.positively_homogeneous)


def _with_mask(layer: Activation, z: Any) -> Any:
    above, below = layer.scalar(sp.S.One).doit(), -layer.scalar(sp.S.NegativeOne).doit()
    mask = sp.DiagMatrix(Step()(z))
    return sp.MatAdd(below * z, sp.MatMul(above - below, mask, z)).doit(deep=False)


def _sides() -> tuple[Any, Any, Any]:
    """W relu(z), W D z with the mask D of z, and W D' z with that of -z."""
    n, m = sp.symbols("n m", integer=True, positive=True)
    W, z = sp.MatrixSymbol("W", m, n), sp.MatrixSymbol("z", n, 1)
    left = W * ReLU()(z)
    return left, W * sp.DiagMatrix(Step()(z)) * z, W * sp.DiagMatrix(Step()(-z)) * z
