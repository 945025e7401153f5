"""Networks from models of Keras."""

from __future__ import annotations

import json
from typing import Any

from ..errors import LoadError
from ..sequential import Sequential
from ._arrays import Array, array_of
from ._keras_graph import network_of_config


def from_keras(model: Any) -> Sequential:
    """The network that a Keras model computes at inference, with exactly its weights.

    Parameters
    ----------
    model : keras.Sequential or a functional keras.Model
        With one input of a fixed shape. All numbers of a sample make the column that the network
        takes, row by row, channels last as in Keras.

    Returns
    -------
    Sequential

    Raises
    ------
    LoadError
        With all layers that are not supported, and for models whose ``call`` is Python code.

    Examples
    --------
    >>> import keras, symnet as sn  # doctest: +SKIP
    >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])  # doctest: +SKIP
    >>> sn.from_keras(model).out_features  # doctest: +SKIP
    3

    Source: https://keras.io/api/models.
    """
    if not hasattr(model, "to_json") or not hasattr(model, "layers"):
        raise LoadError(f"from_keras takes a Keras model, and got {type(model).__name__}")
    try:
        config = json.loads(model.to_json())
    except (NotImplementedError, TypeError, ValueError) as error:
        raise LoadError(
            f"{type(model).__name__} does not say its layers ({error}); models of the kinds "
            "Sequential and Functional are read"
        ) from error
    found: dict[str, Any] = {}
    waiting = list(model.layers)
    while waiting:
        layer = waiting.pop()
        if getattr(layer, "layers", None):
            waiting += layer.layers
        elif layer.name in found and found[layer.name] is not layer:
            raise LoadError(f"two layers are called {layer.name!r}; give them other names")
        else:
            found[layer.name] = layer

    def weights(kind: str, name: str) -> list[Array]:
        return [array_of(w.value, f"{name}/{k}") for k, w in enumerate(found[name].weights)]

    return network_of_config(config, weights)
