"""An activation whose parameter makes it a simpler one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sympy as sp

from ..activations import Activation, every_layer
from ..activations._identity import Identity
from ..base import Network
from ..document import Math
from ._base import Rewriting, Rule


class SpecialParameter(Rule):
    """leaky_relu with slope 1 is the identity: nothing clipped, nothing non-linear."""

    name = "special parameter"
    statement = "leaky_relu(z, 1) = z and leaky_relu(z, 0) = relu(z), and likewise for others"
    condition = "the parameter has a value that the activation lists"
    source = "definition of the activation"
    order = 5

    def rewrite(
        self, layers: Sequence[Network], sizes: Sequence[sp.Expr | None]
    ) -> Rewriting | None:
        for k, layer in enumerate(layers):
            plainer = layer.plainer()
            if plainer is not None:
                z = sp.Symbol("z", real=True)
                reason = ("here ", Math(layer.scalar(z)), " is ", Math(plainer.scalar(z)))
                keeps_all = isinstance(plainer, Identity) and len(layers) > 1
                return Rewriting(k, k + 1, () if keeps_all else (plainer,), reason)
        return None

    def examples(self) -> Iterable[Sequence[Network]]:
        for layer in every_layer():
            for special in layer.special:
                yield [layer(*special)]

    def near_misses(self) -> Iterable[Sequence[Network]]:
        for layer in every_layer():
            if layer.special:
                yield [layer(*(_other(layer, place) for place in range(len(layer.defaults))))]


def _other(layer: type[Activation], place: int) -> sp.Rational:
    """A value that stands in no special case."""
    return sp.Rational(2, 7) + place
