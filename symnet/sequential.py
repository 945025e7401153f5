"""Networks one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, overload

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

from .base import Network
from .errors import LayerError, ShapeError
from .exact.shapes import same_size
from .naming import check_names, number, settled


def as_network(value: Any, place: str) -> Network:
    """``value`` if it is a network, else a :class:`LayerError` that says what to write."""
    if isinstance(value, Network):
        return value
    if isinstance(value, type) and issubclass(value, Network):
        hint = f"write {value.__name__}(...) with its arguments, not the class"
    elif isinstance(value, type) and hasattr(value, "layer"):
        hint = f"{value.__name__} is the scalar function; the layer is {value.layer.__name__}()"
    elif isinstance(value, list | tuple):
        hint = "pass the layers one by one: Sequential(*layers)"
    elif callable(value):
        hint = "a Python function becomes a layer by symnet.activation(f) or symnet.network(f)"
    else:
        hint = "give layers, for example Linear(3, 4), ReLU()"
    raise LayerError(f"{place} is {value!r}, which is not a layer; {hint}")


class Container(Network):
    """A network made of networks. Built by a user it names what has no name; rebuilt, it does not.

    SymPy rebuilds by ``e.func(*e.args)``: that must give back the same object, also where a
    substitution made two layers share a weight. So ``func`` is the constructor without naming.
    """

    def __new__(cls, *networks: Any) -> Any:
        if not networks:
            raise LayerError(f"{cls.__name__} needs at least one layer")
        parts = [
            as_network(n, f"argument {k} of {cls.__name__}")
            for k, n in enumerate(networks, start=1)
        ]
        return cls._rebuild(*number(parts))

    @classmethod
    def _rebuild(cls, *networks: Network) -> Any:
        self = sp.Basic.__new__(cls, *settled(networks))
        self._check_shapes()
        check_names(self)
        return self

    @property
    def func(self) -> Callable[..., Any]:
        return self._rebuild

    def sizes(self, inputs: sp.Expr | None) -> tuple[sp.Expr | None, ...]:
        """How many numbers each child gets, if the whole gets ``inputs``; all of them, here."""
        return tuple(inputs for _ in self.children)

    def _check_shapes(self) -> None:
        raise NotImplementedError


class Sequential(Container):
    """The networks one after the other, first to last.

    Parameters
    ----------
    *networks : Network
        Layers or networks; each takes what the one before it gives.

    Raises
    ------
    ShapeError
        Where two neighbours do not fit, for some value of the symbols.

    Examples
    --------
    >>> import symnet as sn
    >>> net = sn.Sequential(sn.Linear(3, 4), sn.Linear(4, 2))
    >>> net(net.input)
    W_2*(W_1*x + b_1) + b_2
    >>> net.simplify()
    Linear(W_2*W_1, W_2*b_1 + b_2)

    Source: torch.nn.Sequential, for the name and the manners.
    """

    torch = "Sequential"

    @property
    def layers(self) -> tuple[Network, ...]:
        return self.children

    @overload
    def __getitem__(self, key: int) -> Network: ...
    @overload
    def __getitem__(self, key: slice) -> Sequential: ...
    def __getitem__(self, key: int | slice) -> Network:
        if isinstance(key, slice):
            chosen = self.children[key]
            if not chosen:
                raise LayerError(f"the slice {key} of a network with {len(self)} layers is empty")
            part: Sequential = self._rebuild(*chosen)
            return part
        try:
            return self.children[key]
        except IndexError:
            raise IndexError(f"layer {key} of a network with {len(self)} layers") from None

    @property
    def in_features(self) -> sp.Expr | None:
        for k, layer in enumerate(self.children):
            if layer.in_features is not None:
                return _back(self.children[:k], layer.in_features)
        return None

    def inputs_for(self, outputs: sp.Expr) -> sp.Expr | None:
        return _back(self.children, outputs) if self.in_features is None else self.in_features

    def features(self, inputs: sp.Expr | None) -> sp.Expr | None:
        for layer in self.children:
            inputs = layer.features(inputs)
        return inputs

    def sizes(self, inputs: sp.Expr | None) -> tuple[sp.Expr | None, ...]:
        found = [inputs]
        for layer in self.children:
            found.append(layer.features(found[-1]))
        return tuple(found[:-1])

    def forward(self, x: MatrixExpr) -> MatrixExpr:
        for layer in self.children:
            x = layer(x)
        return x

    definition = forward

    def affine_parts(self, inputs: sp.Expr | None) -> None:
        return None

    def _check_shapes(self) -> None:
        size: sp.Expr | None = None
        giver = 0
        for place, layer in enumerate(self.children, start=1):
            wanted = layer.in_features
            if size is not None and wanted is not None and not same_size(size, wanted):
                before, after = self.children[giver - 1], layer
                raise ShapeError(
                    f"layers {giver} and {place} do not fit: {before} gives {size} numbers, "
                    f"and {after} takes {wanted}; " + _advice(size, wanted, giver, place)
                )
            result = layer.features(wanted if size is None else size)
            if wanted is not None or result != size:
                giver = place
            size = result


def _back(layers: Sequence[Network], size: sp.Expr | None) -> sp.Expr | None:
    """The number of inputs of the layers that give so many outputs."""
    for layer in reversed(layers):
        size = None if size is None else layer.inputs_for(size)
    return size


def _advice(size: sp.Expr, wanted: sp.Expr, giver: int, place: int) -> str:
    if size.is_Integer and wanted.is_Integer:
        return f"give layer {giver} {wanted} outputs or layer {place} {size} inputs"
    if str(size) == str(wanted):
        return (
            f"these are two symbols that print alike, {sp.srepr(size)} and {sp.srepr(wanted)}; "
            "use one of them in both"
        )
    old, new = (wanted, size) if wanted.is_Symbol else (size, wanted)
    substitute = f", or net.subs({{{old}: {new}}}) before they are joined" if old.is_Symbol else ""
    return f"{size} and {wanted} can differ: use the same size symbol in both{substitute}"
