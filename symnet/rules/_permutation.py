"""A permutation goes through an entrywise activation into the next layer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sympy as sp

from ..activations._relu import ReLU
from ..base import Network
from ..exact.algebra import is_permutation, multiplied
from ..layers._linear import Linear
from ._base import Rewriting, Rule


class Permutation(Rule):
    """V f(P z) = (V P) f(z): an entrywise f does not care about the order of the entries."""

    name = "permutation"
    statement = "V f(P z) + c = (V P) f(z) + c"
    condition = "P is a permutation matrix without bias, f acts entry by entry"
    source = "Hecht-Nielsen, On the algebraic structure of feedforward network weight spaces (1990)"
    order = 70

    def rewrite(
        self, layers: Sequence[Network], sizes: Sequence[sp.Expr | None]
    ) -> Rewriting | None:
        for k in range(len(layers) - 2):
            first, middle, last = layers[k : k + 3]
            if not (isinstance(first, Linear) and isinstance(last, Linear)):
                continue
            if first.has_bias or not middle.is_elementwise or not is_permutation(first.args[0]):
                continue
            merged = Linear(multiplied(last.args[0], first.args[0]), last.args[1])
            reason = (f"a permutation goes through {middle.name}",)
            return Rewriting(k, k + 3, (middle, merged), reason)
        return None

    def examples(self) -> Iterable[Sequence[Network]]:
        k = sp.Symbol("k", integer=True, positive=True)
        yield [Linear([[0, 1], [1, 0]]), ReLU(), Linear(2, k).renamed("2")]
        yield [Linear([[0, 1, 0], [0, 0, 1], [1, 0, 0]]), ReLU(), Linear([[1, 2, 3]], [4])]

    def near_misses(self) -> Iterable[Sequence[Network]]:
        k = sp.Symbol("k", integer=True, positive=True)
        for weight in ([[0, 1], [-1, 0]], [[1, 0], [1, 0]], [[0, 1], [1, 1]]):
            yield [Linear(weight), ReLU(), Linear(2, k).renamed("2")]
        yield [Linear([[0, 1], [1, 0]], [1, 0]), ReLU(), Linear(2, k).renamed("2")]
