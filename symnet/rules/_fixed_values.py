"""An activation that keeps all the values which it can get here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product

import sympy as sp

from ..activations import every_layer
from ..activations._relu import ReLU
from ..activations._sigmoid import Sigmoid
from ..base import Network
from ._base import Rewriting, Rule


class FixedValues(Rule):
    """f(g(z)) = g(z) where f keeps every value of g: relu∘relu, abs∘abs, relu∘sigmoid."""

    name = "values that are kept"
    statement = "f(g(z)) = g(z)"
    condition = "all values of g lie where f(t) = t"
    source = (
        "definition; for relu, Glorot, Bordes and Bengio, Deep sparse rectifier networks (2011)"
    )
    order = 15

    def rewrite(
        self, layers: Sequence[Network], sizes: Sequence[sp.Expr | None]
    ) -> Rewriting | None:
        for k in range(1, len(layers)):
            before, after = layers[k - 1], layers[k]
            if not (before.is_elementwise and after.is_elementwise):
                continue
            if before.range.is_subset(after.fixed):
                same = before.name == after.name
                reason = (
                    f"{after.name} of {after.name} is {after.name}"
                    if same
                    else (f"{after.name} keeps every value of {before.name}")
                )
                return Rewriting(k, k + 1, (), (reason,))
        return None

    def examples(self) -> Iterable[Sequence[Network]]:
        for before, after in product(_without_parameters(), repeat=2):
            if before.range.is_subset(after.fixed) and after.name != "identity":
                yield [before, after]

    def near_misses(self) -> Iterable[Sequence[Network]]:
        yield [Sigmoid(), Sigmoid()]
        for layer in _without_parameters():
            if not layer.range.is_subset(ReLU().fixed):
                yield [layer, ReLU()]


def _without_parameters() -> list[Network]:
    """Every activation, with its parameters at their defaults."""
    return [layer() for layer in every_layer()]
