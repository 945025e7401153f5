"""A weight of zeros forgets everything before it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sympy as sp

from ..activations._relu import ReLU
from ..base import Network
from ..exact.algebra import is_zero
from ..layers._linear import Linear
from ._base import Rewriting, Rule


class ZeroWeight(Rule):
    """0 f(x) + b = b."""

    name = "zero weight"
    statement = "0 f(x) + b = 0 x + b"
    condition = "W = 0"
    source = "definition"
    order = 20

    def rewrite(
        self, layers: Sequence[Network], sizes: Sequence[sp.Expr | None]
    ) -> Rewriting | None:
        for k in range(len(layers) - 1, 0, -1):
            layer = layers[k]
            if isinstance(layer, Linear) and is_zero(layer.args[0]) and sizes[0] is not None:
                rows = layer.args[0].shape[0]
                constant = Linear(sp.ZeroMatrix(rows, sizes[0]), layer.args[1])
                return Rewriting(0, k + 1, (constant,), ("the weight is zero",))
        return None

    def examples(self) -> Iterable[Sequence[Network]]:
        n, m, k = sp.symbols("n m k", integer=True, positive=True)
        b = sp.MatrixSymbol("b", k, 1)
        yield [Linear(n, m).renamed("1"), ReLU(), Linear(sp.ZeroMatrix(k, m), b)]
        yield [Linear([[1, 2], [3, 4]]), ReLU(), Linear([[0, 0]], [1])]

    def near_misses(self) -> Iterable[Sequence[Network]]:
        yield [Linear([[1, 2], [3, 4]]), ReLU(), Linear([[0, 1]], [1])]
