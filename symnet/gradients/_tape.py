"""The forward pass with a name for every value: z_1 = W_1 x + b_1, a_1 = relu(z_1), …"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import singledispatchmethod
from itertools import count
from typing import Any

import sympy as sp

from ..base import Network
from ..layers._concat import Concat
from ..layers._linear import Linear
from ..layers._residual import Residual
from ..layers._softmax import Softmax
from ..layers._sum import Sum
from ..sequential import Sequential
from ._algebra import plus
from ._rows import in_rows


@dataclass(frozen=True)
class Assignment:
    """``symbol = value``, a value of the forward pass in terms of those before.

    ``layer`` is what computes it; a branch is put together by no layer.
    """

    symbol: sp.MatrixSymbol
    value: Any
    layer: Network | None = None

    @property
    def is_linear(self) -> bool:
        """Whether it is the output of a linear layer, which is called z."""
        return isinstance(self.layer, Linear)

    @property
    def is_entrywise(self) -> bool:
        """Whether it is an activation of the value before."""
        return self.layer is not None and self.layer.is_elementwise


@dataclass
class Tape:
    """Records the forward pass of a network at an input.

    Values of linear layers are called z_1, z_2, …, their activations a_1, a_2, …, all others
    h_1, h_2, …; for a batch Z, A and H. Another letter is taken where one is a user's.
    """

    taken: set[str]
    batch: str | None = None
    assignments: list[Assignment] = field(default_factory=list)
    _linear: int = 0
    _others: Iterator[int] = field(default_factory=lambda: count(1))

    def record(self, net: Network, x: Any) -> Any:
        """The symbol of the value of the network at ``x``."""
        return self._value(net, x)

    def _named(self, value: Any, layer: Network | None, x: Any = None) -> Any:
        symbol = sp.MatrixSymbol(self._name(layer, x), *value.shape)
        self.assignments.append(Assignment(symbol, value, layer))
        return symbol

    def _name(self, layer: Network | None, x: Any) -> str:
        names = {a.symbol.name for a in self.assignments} | self.taken
        if isinstance(layer, Linear):
            self._linear += 1
            return self._free("z", ("z", "u", "s"), self._linear, names)
        last = self.assignments[-1] if self.assignments else None
        follows = last is not None and last.is_linear and last.symbol == x
        if follows and layer is not None and layer.is_elementwise:
            return self._free("a", ("a", "c", "r"), self._linear, names)
        return self._free("h", ("h", "g", "t"), next(self._others), names)

    def _free(self, letter: str, letters: tuple[str, ...], number: int, names: set[str]) -> str:
        shown = [c.upper() if self.batch else c for c in letters]
        return next(f"{c}_{number}" for c in (*shown, f"{letter}value") if f"{c}_{number}" not in
                    names)  # fmt: skip

    @singledispatchmethod
    def _value(self, net: Network, x: Any) -> Any:
        value = in_rows(net, x) if self.batch == "rows" else net(x)
        return self._named(value, net, x)

    @_value.register
    def _(self, net: Sequential, x: Any) -> Any:
        for layer in net.children:
            x = self._value(layer, x)
        return x

    @_value.register
    def _(self, net: Residual, x: Any) -> Any:
        return self._named(plus(self._value(net.children[0], x), x), None)

    @_value.register
    def _(self, net: Sum, x: Any) -> Any:
        return self._named(plus(*(self._value(child, x) for child in net.children)), None)

    @_value.register
    def _(self, net: Concat, x: Any) -> Any:
        parts = [self._value(child, x) for child in net.children]
        beside = self.batch == "rows"
        blocks = [parts] if beside else [[part] for part in parts]
        return self._named(sp.BlockMatrix(blocks), None)

    def probability(self, link: Network, z: Any) -> Any:
        """The symbol p for the probabilities that a link makes of logits."""
        value = in_rows(link, z) if self.batch == "rows" else link(z)
        names = {a.symbol.name for a in self.assignments} | self.taken
        letters = ("P", "Q", "P_hat") if self.batch else ("p", "q", "p_hat")
        symbol = sp.MatrixSymbol(next(c for c in letters if c not in names), *value.shape)
        self.assignments.append(Assignment(symbol, value, link))
        return symbol


def is_probability(assignment: Assignment) -> bool:
    """Whether the columns of a value sum to 1."""
    return isinstance(assignment.layer, Softmax)
