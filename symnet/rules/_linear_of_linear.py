"""Linear layers one after the other are one linear layer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial, reduce
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.matrixbase import MatrixBase

from ..base import Network
from ..document import Math, Words
from ..exact.algebra import added, multiplied, product_of, terms_of
from ..layers._linear import Linear
from ._base import Rewriting, Rule, Stage

#: From this many layers on a chain shows the pattern and the result instead of every step.
LONG = 5


class LinearOfLinear(Rule):
    """W_2 (W_1 x + b_1) + b_2 = (W_2 W_1) x + (W_2 b_1 + b_2)."""

    name = "composition of linear layers"
    statement = "W_2 (W_1 x + b_1) + b_2 = (W_2 W_1) x + (W_2 b_1 + b_2)"
    source = "Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.1"
    letters = ("W", "B")
    order = 40

    def rewrite(
        self, layers: Sequence[Network], sizes: Sequence[sp.Expr | None]
    ) -> Rewriting | None:
        start = 0
        while start < len(layers):
            stop = start
            while stop < len(layers) and isinstance(layers[stop], Linear):
                stop += 1
            if stop - start >= 2:
                run = [layer for layer in layers[start:stop] if isinstance(layer, Linear)]
                reason = ("compose the linear layers",)
                return Rewriting(start, stop, (compose(run),), reason, partial(stages, run))
            start = max(stop, start + 1)
        return None

    def examples(self) -> Iterable[Sequence[Network]]:
        n = sp.symbols("n_0:6", integer=True, positive=True)
        for depth in (2, 3, 5):
            for bias in (True, False):
                yield [Linear(n[k], n[k + 1], bias=bias).renamed(str(k + 1)) for k in range(depth)]
        yield [Linear([[1, 2], [3, 4]], [5, 6]), Linear([[1, -1]], [sp.Rational(1, 2)])]

    def near_misses(self) -> Iterable[Sequence[Network]]:
        n = sp.symbols("n_0:2", integer=True, positive=True)
        yield [Linear(*n)]


def compose(run: Sequence[Linear]) -> Linear:
    """The one layer that the linear layers are together.

    W = W_L ⋯ W_1 and b = Σ_k W_L ⋯ W_(k+1) b_k; every product W_L ⋯ W_(k+1) is made once, from
    the output side, which for narrowing layers is also the cheap order for numbers.
    """
    tail: MatrixExpr | None = None
    offsets: list[MatrixExpr] = []
    for layer in reversed(run):
        weight, bias = layer.args[0], layer.args[1]
        if not isinstance(bias, sp.ZeroMatrix):
            offsets.extend(
                term if tail is None else multiplied(tail, term) for term in terms_of(bias)
            )
        tail = weight if tail is None else multiplied(tail, weight)
    return Linear(tail, added(offsets[::-1]) if offsets else None)


def stages(run: Sequence[Linear], x: Any) -> list[Stage]:
    """The lines between the nested and the composed form, in terms of the input ``x``."""
    lines: list[Stage] = []
    terms = _terms(run[0], x)
    last = len(run) - 1
    for k, layer in enumerate(run[1:], start=1):
        terms = [product_of(layer.W, t) for t in terms] + _offset(layer)
        if last >= LONG - 1 and 1 < k < last:
            continue
        inner: MatrixExpr = sp.MatAdd(*terms) if len(terms) > 1 else terms[0]
        expr = reduce(lambda value, after: after(value), run[k + 1 :], inner)
        lines.append((expr, _distributed(layer, k, last, run)))
    weight = reduce(product_of, (layer.W for layer in reversed(run)))
    grouped = sp.MatMul(weight, x)
    constant = terms[1:]
    if constant:
        offset = sp.MatAdd(*constant) if len(constant) > 1 else constant[0]
        grouped = sp.MatAdd(grouped, offset)
    nothing_to_distribute = not any(layer.has_bias for layer in run[:-1])
    if nothing_to_distribute:
        lines = []
    if len(constant) != 1 or not nothing_to_distribute:
        lines.append((grouped, ("regroup",)))
    else:
        lines.append((grouped, ("matrix multiplication is associative",)))
    if any(isinstance(layer.W, MatrixBase) for layer in run):
        lines.append((compose(run)(x), ("multiply out",)))
    return lines


def _distributed(layer: Linear, k: int, last: int, run: Sequence[Linear]) -> Words:
    if last >= LONG - 1 and k == last:
        return (
            "the same with ",
            Math(run[2].W),
            " to " if last > 2 else "",
            Math(run[-1].W),
            ": each multiplies every term and adds its bias",
        )
    return ("distribute ", Math(layer.W))


def _terms(layer: Linear, x: Any) -> list[MatrixExpr]:
    return [product_of(layer.W, x), *_offset(layer)]


def _offset(layer: Linear) -> list[MatrixExpr]:
    return list(terms_of(layer.b)) if layer.has_bias else []
