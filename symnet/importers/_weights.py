"""Weights without an architecture: chains of linear layers and norms from tensors by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..activations import Activation, every_function
from ..base import Network
from ..errors import LoadError, SymnetError
from ..exact.rational_matrix import RationalMatrix
from ..layers._batch_norm import BatchNorm
from ..layers._layer_norm import LayerNorm
from ..layers._linear import Linear
from ..naming import Parametric
from ..sequential import Sequential
from ..spec import parse
from ._arrays import Array
from ._state import Group, gaps, grouped, in_order, oriented

#: What a user can say about weights.
OPTIONS = ("activation", "architecture", "axes", "eps", "layers")


def network_of(
    tensors: Mapping[str, Array], *, activation: Any = None, architecture: Any = None,
    axes: str | None = None, eps: Any = None, layers: Sequence[str] | None = None,
    ordered: bool = True,
) -> Sequential:  # fmt: skip
    """The network of these tensors; ``remarks`` of it say what was taken for granted.

    ``ordered`` says that the tensors come in the order in which the network has them.

    >>> import numpy as np
    >>> tensors = {"0.weight": np.eye(2), "0.bias": np.ones(2), "2.weight": np.ones((1, 2))}
    >>> net = network_of(tensors, activation="relu")
    >>> net([-3, 1]), net.remarks
    (Matrix([[2]]), ('taken for granted: the layers are 0, 2, with ReLU() after 0',))
    """
    groups = grouped(tensors)
    if architecture is not None:
        if activation is not None:
            raise LoadError("give architecture= or activation=, not both")
        groups = oriented(groups, axes)
        # the architecture has the sizes, and checks them
        return _filled(architecture, in_order(groups, ordered, layers, check=False), eps)
    odd = [g for g in groups if not g.is_linear and not g.is_batch_norm]
    if odd:
        raise LoadError(
            f"{odd[0]} can be a layer norm, a PReLU or a scaling, which its shape does not say; "
            'give the whole network: architecture="Linear(4, 3), LayerNorm(3), ReLU, …"'
        )
    groups = in_order(oriented(groups, axes), ordered, layers)
    between = gaps(groups)
    chosen = _activations(activation, between, groups)
    built: list[Network] = []
    for group, acts in zip(groups, [*chosen, []], strict=True):
        built += [_layer(group, eps), *acts]
    try:
        net: Sequential = Sequential(*built)
    except SymnetError as error:
        raise LoadError(f"the layers do not fit together: {error}") from error
    net.remarks = (_granted(groups, chosen, eps),) if len(groups) > 1 else ()
    return net


def _granted(groups: Sequence[Group], chosen: Sequence[Sequence[Network]], eps: Any) -> str:
    names = [group.name or str(k) for k, group in enumerate(groups, start=1)]
    places = [f"{a[0]} after {name}" for name, a in zip(names, chosen, strict=False) if a]
    said = f"taken for granted: the layers are {', '.join(names)}"
    said += f", with {', '.join(places)}" if places else ""
    if any(group.is_batch_norm for group in groups) and eps is None:
        said += ", and batch norm has the epsilon 1e-5 of torch"
    return said


def _activations(activation: Any, between: list[bool], groups: Any) -> list[list[Network]]:
    """The activations behind each layer but the last."""
    count = sum(between)
    if activation is None and count:
        raise LoadError(
            f"weights alone do not say which activation stands between their {len(groups)} layers; "
            'give it, activation="relu", or the whole network, architecture="Linear(4, 3), ReLU, …"'
        )
    if isinstance(activation, list | tuple):
        if len(activation) != count:
            raise LoadError(f"{len(activation)} activations were given for {count} places")
        given = iter([layer_named(a) for a in activation])
    else:
        given = iter([layer_named(activation)] * count if count else [])
    return [[next(given)] if there else [] for there in between]


def layer_named(value: Any) -> Network:
    """An activation by its name in torch, Keras, JAX or symnet, as a layer, or as its class.

    >>> layer_named("relu"), layer_named("LeakyReLU(1/4)")
    (ReLU(), LeakyReLU(1/4))
    """
    if isinstance(value, Network):
        return value
    if isinstance(value, type) and issubclass(value, Network):
        return value()
    if isinstance(value, type) and hasattr(value, "layer"):
        layer: Network = value.layer()
        return layer
    if isinstance(value, str):
        for function in every_function():
            words = (function.__name__, function.layer.__name__, function.torch)
            if value.lower().replace("_", "") in [str(w).lower().replace("_", "") for w in words]:
                return function.layer()
        net: Any = parse(value)
        return net[0] if len(net) == 1 else net
    raise LoadError(f"the activation is {value!r}; give a name such as 'relu', or a layer")


def _layer(group: Group, eps: Any) -> Network:
    columns = group.tensors
    bias = columns.get("bias")
    try:
        if group.is_linear:
            weight = columns["weight"]
            return Linear(weight.T if group.turned else weight, None if bias is None else bias)
        epsilon = {} if eps is None else {"eps": eps}
        if group.is_batch_norm:
            mu, v = columns["mean"], columns["variance"]
            return BatchNorm(columns.get("weight"), bias, mu, v, **epsilon)
        return LayerNorm(columns["weight"], bias, **epsilon)
    except SymnetError as error:
        raise LoadError(f"{group}: {error}") from error


# --- into an architecture that is given


def _filled(architecture: Any, groups: Sequence[Group], eps: Any) -> Sequential:
    network = parse(architecture) if isinstance(architecture, str) else architecture
    if not isinstance(network, Network):
        raise LoadError(f"architecture is {network!r}; give a network, or its description as text")
    wanted = [leaf for leaf in network.leaves() if _is_open(leaf)]
    if len(wanted) != len(groups):
        shown = "".join(f"\n  {group}" for group in groups)
        raise LoadError(
            f"the architecture has {len(wanted)} layers with weights to be filled in, and the "
            f"file has {len(groups)}:{shown}"
        )
    rest = iter(groups)
    result = _with_weights(network, rest, eps)
    return result if isinstance(result, Sequential) else Sequential(result)


def _is_open(leaf: Network) -> bool:
    """Whether a layer has weights that are symbols."""
    return isinstance(leaf, Parametric) and not any(
        isinstance(w, RationalMatrix) for w in leaf.weights
    ) and bool(leaf.free_symbols)  # fmt: skip


def _with_weights(network: Network, groups: Iterator[Group], eps: Any) -> Network:
    if network.children:
        parts = [
            _with_weights(a, groups, eps) if isinstance(a, Network) else a for a in network.args
        ]
        filled: Network = network.func(*parts)
        return filled
    if not _is_open(network):
        return network
    group = next(groups)
    if isinstance(network, Activation):
        return _slope(network, group)
    layer = _layer(group, getattr(network, "eps", None) if eps is None else eps)
    want, have = _sizes(network), _sizes(layer)
    fits = type(layer) is type(network) and all(
        not getattr(a, "is_Integer", False) or a == b for a, b in zip(want, have, strict=True)
    )
    if not fits:
        raise LoadError(
            f"the architecture has {type(network).__name__}({', '.join(map(str, want))}), and the "
            f"next tensors are those of {group}"
        )
    return layer


def _sizes(layer: Network) -> tuple[Any, ...]:
    return layer.in_features, layer.out_features


def _slope(network: Activation, group: Group) -> Network:
    weight = group.weight
    if weight is None or weight.size != 1:
        raise LoadError(f"{network} takes one number, and the next tensors are those of {group}")
    layer: Network = type(network)(weight.ravel()[0])
    return layer
