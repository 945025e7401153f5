"""A positive factor goes through relu into the next layer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sympy as sp

from ..activations._relu import ReLU
from ..base import Network
from ..document import Math
from ..exact.algebra import factors_of, scaled, terms_of
from ..layers._linear import Linear
from ._base import Rewriting, Rule


class PositiveScaling(Rule):
    """relu(c z) = c relu(z) for c > 0, so V relu(c W x + c b) = c V relu(W x + b)."""

    name = "positive scaling"
    statement = "V relu(c (W x + b)) = (c V) relu(W x + b)"
    condition = "c > 0, and the activation is positively homogeneous"
    source = "Neyshabur, Salakhutdinov and Srebro, Path-SGD (2015), section 2"
    order = 60

    def rewrite(
        self, layers: Sequence[Network], sizes: Sequence[sp.Expr | None]
    ) -> Rewriting | None:
        for k in range(len(layers) - 2):
            first, middle, last = layers[k : k + 3]
            if not (isinstance(first, Linear) and isinstance(last, Linear)):
                continue
            factor = common_factor(first)
            if factor == 1 or not middle.is_homogeneous:
                continue
            shrunk = Linear(*(scaled(1 / factor, part) for part in first.args[:2]))
            grown = Linear(scaled(factor, last.args[0]), last.args[1])
            reason = (Math(factor), f" > 0 goes through {middle.name}")
            return Rewriting(k, k + 3, (shrunk, middle, grown), reason)
        return None

    def examples(self) -> Iterable[Sequence[Network]]:
        n, m, k = sp.symbols("n m k", integer=True, positive=True)
        c = sp.Symbol("c", positive=True)
        W, b = sp.MatrixSymbol("W", m, n), sp.MatrixSymbol("b", m, 1)
        after = Linear(m, k).renamed("2")
        yield [Linear(c * W, c * b), ReLU(), after]
        yield [Linear(3 * W), ReLU(), after]

    def near_misses(self) -> Iterable[Sequence[Network]]:
        n, m, k = sp.symbols("n m k", integer=True, positive=True)
        a = sp.Symbol("a", real=True)
        W, b = sp.MatrixSymbol("W", m, n), sp.MatrixSymbol("b", m, 1)
        after = Linear(m, k).renamed("2")
        yield [Linear(a * W, a * b), ReLU(), after]
        yield [Linear(-2 * W), ReLU(), after]
        yield [Linear(2 * W, b), ReLU(), after]


def common_factor(layer: Linear) -> sp.Expr:
    """The positive scalar that stands before the weight and before every term of the bias."""
    terms = [t for part in layer.args[:2] for t in terms_of(part)]
    factors = {factors_of(t)[0] for t in terms if not isinstance(t, sp.ZeroMatrix)}
    if len(factors) != 1:
        return sp.S.One
    (factor,) = factors
    return factor if factor.is_positive else sp.S.One
