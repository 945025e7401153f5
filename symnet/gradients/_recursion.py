"""The step from layer to layer, for a layer of any number l."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp

from ..base import Network
from ..document import Chain, Chains, Link
from ..layers._linear import Linear
from ._algebra import hadamard
from ._board import PartialDerivative
from ._differentiate import pull
from ._rows import in_rows
from ._slope import slope_at
from ._tape import Assignment


def regular_activation(assignments: Sequence[Assignment]) -> Network | None:
    """The activation of a network of linear layers with one and the same between all of them."""
    layers = [a.layer for a in assignments if a.symbol.name[:1] not in "pP"]
    linear, between = layers[::2], layers[1::2]
    plain = all(isinstance(layer, Linear) and layer.has_bias for layer in linear)
    if not plain or len(linear) < 3 or len(linear) != len(between) + 1:
        return None
    first = between[0]
    if first is None or not first.is_elementwise or any(layer != first for layer in between):
        return None
    return first


def recursion(activation: Network, number: Any, batch: str | None) -> Chains:
    """delta_l from delta_(l+1), and the derivatives by W_l and b_l."""
    before, here, after = ("{l-1}", "l", "{l+1}")
    size = {k: sp.Symbol(f"n_{k}", integer=True, positive=True) for k in (before, here, after)}
    count = sp.S.One if batch is None else sp.Symbol("m", integer=True, positive=True)
    z, a, delta = ("z", "a", "delta") if batch is None else ("Z", "A", "Delta")

    def value(letter: str, k: str) -> sp.MatrixSymbol:
        shape = (count, size[k]) if batch == "rows" else (size[k], count)
        return sp.MatrixSymbol(f"{letter}_{k}", *shape)

    def layer(k: str, below: str) -> Linear:
        return Linear(
            sp.MatrixSymbol(f"W_{k}", size[k], size[below]), sp.MatrixSymbol(f"b_{k}", size[k], 1)
        )

    def at(linear: Linear, x: Any) -> Any:
        return in_rows(linear, x) if batch == "rows" else linear(x)

    inner = value(a, here)
    above = pull(at(layer(after, here), inner), value(delta, after), [inner])[inner]
    own = layer(here, before)
    found = pull(at(own, value(a, before)), value(delta, here), [own.W, own.b])
    links = {value(delta, here): hadamard(slope_at(activation, value(z, here)), above)}
    links |= {PartialDerivative(number, p): share for p, share in found.items()}
    return Chains(tuple(Chain(left, (Link(right),)) for left, right in links.items()))
