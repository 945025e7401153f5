"""Networks from arrays in Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import LoadError
from ..sequential import Sequential
from ._arrays import Array, array_of
from ._weights import network_of


def from_numpy(layers: Any, activation: Any = None, **options: Any) -> Sequential:
    """The network with these weights, which are taken as the exact numbers that they are.

    Parameters
    ----------
    layers : list of pairs (W, b), or of W alone
        W is (out, in), as in y = W x + b; b is flat, or None. Or a dict of arrays by name, such as
        a state dict of torch: ``{"0.weight": …, "0.bias": …, "2.weight": …}``.
    activation : str or layer, or a list of them
        What stands between the layers: ``"relu"``, ``sn.Tanh()``, ``"LeakyReLU(1/10)"``; where
        names have numbers that leave some out, it stands there. None for a single layer.
    architecture : str or Network
        Instead of ``activation`` the whole network, whose symbolic weights are filled in.
    axes : "out, in" or "in, out"
        How weights lie, where shapes and names do not say it.
    layers : list of str
        For a dict: the order, where shapes and numbers do not say it.
    eps : number
        The epsilon of norms.

    Returns
    -------
    Sequential
        Its ``remarks`` say what was taken for granted.

    Raises
    ------
    LoadError
        For what does not fit, and where weights alone do not say what the network is.

    Examples
    --------
    >>> import numpy as np, symnet as sn
    >>> net = sn.from_numpy([(np.eye(2), [0.5, 0]), ([[1, 1]], None)], activation="relu")
    >>> net
    Sequential(Linear(Matrix([
    [1, 0],
    [0, 1]]), Matrix([
    [1/2],
    [  0]])), ReLU(), Linear(Matrix([[1, 1]])))

    Source: definition.
    """
    if isinstance(layers, Mapping):
        order = options.pop("layers", None)
        arrays = {str(k): array_of(v, str(k)) for k, v in layers.items()}
        return network_of(arrays, activation=activation, layers=order, **options)
    tensors: dict[str, Array] = {}
    for k, layer in enumerate(_pairs(layers), start=1):
        for role, value in zip(("weight", "bias"), layer, strict=False):
            if value is not None:
                tensors[f"layer {k}.{role}"] = array_of(value, f"the {role} of layer {k}")
    return network_of(tensors, activation=activation, **{"axes": "out, in", **options})


def _pairs(layers: Any) -> list[Sequence[Any]]:
    given = layers if isinstance(layers, list | tuple) else []
    pairs: list[Sequence[Any]] = [
        layer if isinstance(layer, tuple | list) else (layer,) for layer in given
    ]
    if not pairs or not all(1 <= len(pair) <= 2 for pair in pairs):
        raise LoadError("layers are given as a list of pairs [(W, b), …], or of W alone")
    return pairs
