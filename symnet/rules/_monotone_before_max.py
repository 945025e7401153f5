"""A non-decreasing activation can wait until after a maximum."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sympy as sp

from ..activations import every_layer
from ..base import Network
from ..layers._max import Max
from ._base import Rewriting, Rule


class MonotoneBeforeMax(Rule):
    """max(relu(z_1), …, relu(z_n)) = relu(max(z_1, …, z_n)): one relu instead of n."""

    name = "activation before a maximum"
    statement = "max_i f(z_i) = f(max_i z_i)"
    condition = "f is non-decreasing"
    source = "definition of a non-decreasing function"
    order = 65

    def rewrite(
        self, layers: Sequence[Network], sizes: Sequence[sp.Expr | None]
    ) -> Rewriting | None:
        for k in range(len(layers) - 1):
            first, last = layers[k : k + 2]
            if first.is_monotone and isinstance(last, Max):
                reason = (f"{first.name} is non-decreasing",)
                return Rewriting(k, k + 2, (last, first), reason)
        return None

    def examples(self) -> Iterable[Sequence[Network]]:
        for layer in every_layer():
            if layer().is_monotone and layer().plainer() is None and layer().name != "identity":
                yield [layer(), Max()]

    def near_misses(self) -> Iterable[Sequence[Network]]:
        for layer in every_layer():
            if not layer().is_monotone:
                yield [layer(), Max()]
