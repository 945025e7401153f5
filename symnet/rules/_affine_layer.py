"""A layer that is affine by its definition joins the linear layer beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sympy as sp

from ..activations._relu import ReLU
from ..base import Network
from ..layers._batch_norm import BatchNorm
from ..layers._linear import Linear
from ..layers._structured import Structured
from ._base import Rewriting, Rule


class AffineLayer(Rule):
    """BatchNorm(z) = diag(s) z + t with s = gamma / sqrt(v + eps), t = beta - s mu."""

    name = "batch norm as a linear layer"
    statement = "gamma (z - mu) / sqrt(v + eps) + beta = diag(s) z + (beta - diag(s) mu)"
    condition = "at inference, so mu and v are constants; beside a linear layer"
    source = "Ioffe and Szegedy, Batch normalization (2015), section 3.1"
    letters = ("S", "t")
    order = 30

    def rewrite(
        self, layers: Sequence[Network], sizes: Sequence[sp.Expr | None]
    ) -> Rewriting | None:
        affine = [isinstance(layer, Linear) for layer in layers]
        for k, layer in enumerate(layers):
            if affine[k] or isinstance(layer, Structured):
                continue  # a linear layer already, or one whose zeros are not written out
            parts = layer.affine_parts(sizes[k])
            if parts is None:
                continue
            beside = [layers[j] for j in (k - 1, k + 1) if 0 <= j < len(layers)]
            if any(other.affine_parts(sizes[k]) is not None for other in beside):
                reason = (f"{layer.name} at inference is a linear layer",)
                return Rewriting(k, k + 1, (Linear(*parts),), reason)
        return None

    def examples(self) -> Iterable[Sequence[Network]]:
        n, m = sp.symbols("n m", integer=True, positive=True)
        yield [Linear(n, m).renamed("1"), BatchNorm(m).renamed("1")]
        yield [BatchNorm(n).renamed("1"), Linear(n, m).renamed("1")]

    def near_misses(self) -> Iterable[Sequence[Network]]:
        n = sp.Symbol("n", integer=True, positive=True)
        yield [ReLU(), BatchNorm(n).renamed("1"), ReLU()]
