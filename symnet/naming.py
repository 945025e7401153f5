"""Names for weights that nobody named: ``W_1, b_1, W_2, …`` in reading order.

A weight without a name is a weight of its own: where two networks that both call one ``W_1`` are
put together, the later one is given the next free number. Sharing a weight is said by naming it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Self

import sympy as sp
from sympy.core.symbol import Str

from .base import Network
from .errors import NameClashError


class Parametric(Network):
    """A layer with parameters, which are its ``args``; those nobody named are numbered.

    The last argument is a ``Str`` with the number, ``""`` before the layer is put into a network;
    a layer whose parameters a user gave has none. The number is provenance and no part of the
    function: layers that differ in it alone are equal.
    """

    #: The letters for the parameters, in the order of ``args``.
    roles: ClassVar[tuple[str, ...]]

    @classmethod
    def build(cls, *parameters: Any, number: str | None = None) -> Self:
        """The layer with these parameters; ``number`` where symnet named them."""
        args = list(parameters)
        if number is not None and cls._carries(parameters, number):
            args.append(Str(number))
        self: Self = sp.Basic.__new__(cls, *args)
        return self

    @classmethod
    def _carries(cls, parameters: Sequence[Any], number: str) -> bool:
        symbols = [
            (role, p)
            for role, p in zip(cls.roles, parameters, strict=True)
            if isinstance(p, sp.MatrixSymbol | sp.Symbol)
        ]
        filled = [
            p
            for p in parameters
            if not isinstance(p, sp.MatrixSymbol | sp.Symbol) and not isinstance(p, sp.ZeroMatrix)
        ]
        return not filled and all(p.name == _name(role, number) for role, p in symbols)

    @property
    def number(self) -> str | None:
        """The number that symnet gave, ``""`` while there is none yet, None for a user's names."""
        last = self.args[-1]
        return last.name if isinstance(last, Str) else None

    @property
    def weights(self) -> tuple[Any, ...]:
        """The arguments without the number."""
        return self.args[:-1] if isinstance(self.args[-1], Str) else self.args

    @property
    def own_parameters(self) -> dict[str, Any]:
        return dict(zip(self.roles, self.weights, strict=True))

    def renamed(self, number: str | None) -> Self:
        """The same layer under another number; None makes the names the user's."""
        if number is None:
            return self.build(*self.weights)
        fresh = []
        for role, value in zip(self.roles, self.weights, strict=True):
            name = _name(role, number)
            if isinstance(value, sp.MatrixSymbol):
                value = sp.MatrixSymbol(name, *value.shape)
            elif isinstance(value, sp.Symbol):
                value = sp.Symbol(name, **value._assumptions_orig)
            fresh.append(value)
        return self.build(*fresh, number=number)

    def _hashable_content(self) -> tuple[Any, ...]:
        return tuple(self.weights)


def _name(role: str, number: str) -> str:
    return f"{role}_{number}" if number else role


def number(networks: Sequence[Network]) -> tuple[Network, ...]:
    """The same networks with a number for every layer that has none, and no number used twice."""
    named = [_names_given(network) for network in networks]
    givers = Counter(name for names in named for name in names)
    counts: Counter[tuple[str, ...]] = Counter()
    used: set[str] = set()
    result = []
    for place, network in enumerate(networks):
        elsewhere = {name for name, n in givers.items() if n > (name in named[place])}
        renamed = _renumber(network, counts, used | elsewhere)
        used |= {s.name for s in renamed.free_symbols}
        result.append(renamed)
    return tuple(result)


def _names_given(network: Network) -> set[str]:
    """The names that a user gave; those that symnet gave can make way."""
    names: set[str] = set()
    for leaf in network.leaves():
        if not isinstance(leaf, Parametric) or leaf.number is None:
            names |= {s.name for s in leaf.free_symbols}
    return names


def _renumber(network: Network, counts: Counter[tuple[str, ...]], taken: set[str]) -> Network:
    if isinstance(network, Parametric):
        counts[network.roles] += 1
        if network.number is None:
            return network
        k = int(network.number or counts[network.roles])
        while any(_name(role, str(k)) in taken for role in network.roles):
            k += 1
        return network.renamed(str(k)) if str(k) != network.number else network
    children = network.children
    if not children:
        return network
    fresh = {}
    own: set[str] = set()
    for child in children:
        fresh[id(child)] = _renumber(child, counts, taken | own)
        own |= {s.name for s in fresh[id(child)].free_symbols}
    if all(fresh[id(child)] is child for child in children):
        return network
    rebuilt: Network = network.func(*(fresh.get(id(arg), arg) for arg in network.args))
    return rebuilt


def settled(networks: Iterable[Network]) -> tuple[Network, ...]:
    """The same networks; a numbered layer that shares a symbol with another keeps it by name.

    A substitution can make two layers share a weight; from then on it is named on purpose.
    """
    networks = tuple(networks)
    seen = Counter(
        name
        for network in networks
        for leaf in network.leaves()
        for name in {s.name for s in leaf.free_symbols if isinstance(s, sp.MatrixSymbol)}
    )
    shared = {name for name, count in seen.items() if count > 1}
    if not shared:
        return networks

    def settle(network: Network) -> Network:
        if isinstance(network, Parametric):
            own = (
                {_name(role, network.number) for role in network.roles} if network.number else set()
            )
            return network.renamed(None) if own & shared else network
        if not network.children:
            return network
        rebuilt: Network = network.func(
            *(settle(a) if isinstance(a, Network) else a for a in network.args)
        )
        return rebuilt

    return tuple(settle(network) for network in networks)


def check_names(network: Network) -> None:
    """Raise :class:`NameClashError` where one name stands for two things."""
    by_name: dict[str, Any] = {}
    free = network.free_symbols
    sizes = {
        s for m in network.atoms(sp.MatrixSymbol) for size in m.shape for s in size.free_symbols
    }
    for symbol in sorted(free | sizes, key=sp.srepr):
        other = by_name.setdefault(symbol.name, symbol)
        if other != symbol:
            raise NameClashError(
                f"the name {symbol.name} stands for two different things: "
                f"{_described(other)} and {_described(symbol)}; rename one of them"
            )


def _described(symbol: Any) -> str:
    if isinstance(symbol, sp.MatrixSymbol):
        return f"a matrix of shape {tuple(symbol.shape)}"
    return f"a scalar, {sp.srepr(symbol)}"
