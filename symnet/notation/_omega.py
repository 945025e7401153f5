"""beta_0 + Omega_0 x: the bias first, and the layers counted from 0."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sympy as sp

from ._base import Notation
from ._names import Name
from ._rebuild import rebuilt


class Omega(Notation):
    """Omega are weights and beta biases; the first layer has index 0, sums start with the bias.

    Only the letters W, b and B are changed; where a document has an index 0 of its own, or a beta
    that is no bias (batch normalisation), the letter concerned stays.
    """

    name = "omega"
    description = "beta_0 + Omega_0 x: the bias first, indices from 0"
    source = "Prince, Understanding Deep Learning, 2023, chapter 4"
    letters = {"W": "Omega", "b": "beta", "B": "beta"}  # noqa: RUF012

    def arrange(self, expr: Any) -> Any:
        """The same expression with the terms of every matrix sum in reverse order."""
        if not isinstance(expr, sp.Basic) or not expr.args or not expr.has(sp.MatAdd):
            return expr
        args = [self.arrange(a) for a in expr.args]
        return rebuilt(expr, args[::-1] if isinstance(expr, sp.MatAdd) else args)

    def spell(self, name: Name, matrix: bool) -> Name | None:
        written = super().spell(name, matrix)
        if written is None or written == name or name.of_layer is None:
            return written
        if name.number == 0:
            return None
        return replace(written, indices=(_before(name.of_layer),))


def _before(layer: str) -> str:
    """The number of the layer before: 0 for 1, l for l+1."""
    if layer.isdigit():
        return str(int(layer) - 1)
    return {"l+1": "l", "l": "l-1", "l-1": "l-2"}[layer]
