"""Configurations of Keras models, read as data: chains and graphs of layers, and models within."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..errors import LoadError, SymnetError
from ..sequential import Sequential
from ._arrays import Array
from ._building import finished, refuse
from ._keras_layers import LAYERS, Layer, Tensor
from .operators import Flow, OperatorError

#: The weights of the layer of a class and a name.
Weights = Callable[[str, str], list[Array]]
_MODELS, _DEPTH = ("Sequential", "Functional", "Model"), 20


def network_of_config(config: Any, weights: Weights) -> Sequential:
    """The network that a model's configuration and its weights are."""
    try:
        return _Graph(weights).network(config)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise LoadError(f"the configuration is not one of a Keras model ({error!r})") from error


class _Graph:
    def __init__(self, weights: Weights) -> None:
        self.weights, self.problems = weights, list[str]()

    def network(self, config: dict[str, Any]) -> Sequential:
        kind = config["class_name"]
        if kind not in _MODELS:
            raise LoadError(
                f"the model is a {kind}, whose code is not in its configuration; models of the "
                "kinds Sequential and Functional are read"
            )
        shape = _input_shape(config)
        source = Flow.of_input((1, *shape))
        result = self._model(config, [Tensor(source)], 0)
        refuse(self.problems, "the Keras model")
        if result is None:
            raise LoadError("the Keras model has an output that does not depend on its input")
        return finished(result.plain(), source, "the Keras model")

    def _model(self, config: Any, values: Sequence[Tensor], depth: int) -> Tensor | None:
        if depth > _DEPTH:
            raise LoadError(f"models lie within models more than {_DEPTH} times")
        inside = config["config"]
        if config["class_name"] == "Sequential":
            value: Tensor | None = values[0]
            for layer in inside["layers"]:
                if value is not None and layer["class_name"] != "InputLayer":
                    value = self._at(layer, [value], depth)
                elif value is None and layer["class_name"] not in LAYERS:
                    self._at(layer, [], depth)
            return value
        return self._functional(inside, values, depth)

    def _functional(self, inside: Any, values: Sequence[Tensor], depth: int) -> Tensor | None:
        inputs, outputs = (_ends(inside[k]) for k in ("input_layers", "output_layers"))
        if len(inputs) != len(values) or len(outputs) != 1:
            raise LoadError(
                f"a network has one input and one output; the model has {len(inputs)} and "
                f"{len(outputs)}"
            )
        found: dict[tuple[str, int], Tensor | None] = {
            (name, 0): value for name, value in zip(inputs, values, strict=True)
        }
        waiting = [(layer, k, node) for layer in inside["layers"]
                   for k, node in enumerate(layer["inbound_nodes"])]  # fmt: skip
        while waiting:
            ready = [
                (i, w) for i, w in enumerate(waiting) if all(s in found for s in _sources(w[2]))
            ]
            if not ready:
                raise LoadError("the layers of the model refer to each other in a circle")
            for _, (layer, k, node) in ready:
                given = [found[s] for s in _sources(node)]
                known = [v for v in given if v is not None]
                name = layer.get("name") or layer["config"]["name"]
                if len(known) == len(given) or layer["class_name"] not in LAYERS:
                    found[name, k] = self._at(layer, known, depth)
                else:
                    found[name, k] = None
            done = {i for i, _ in ready}
            waiting = [w for i, w in enumerate(waiting) if i not in done]
        return found[outputs[0], 0]

    def _at(self, data: Any, values: Sequence[Tensor], depth: int) -> Tensor | None:
        """The value of a layer; None where it is not supported, which is collected."""
        kind, options = data["class_name"], data["config"]
        if kind in _MODELS and values:
            return self._model(data, values, depth + 1)
        name = options.get("name", kind)
        own = str(data.get("module") or "keras").split(".")[0] == "keras"
        known = LAYERS.get(kind) if own and isinstance(kind, str) else None
        try:
            if known is None:
                what = " of Python code" if kind == "Lambda" or not own else ""
                raise OperatorError(f"the layer {kind}{what}")
            return known(Layer(kind, name, options, self.weights(kind, name)), values)
        except (OperatorError, SymnetError, ValueError, IndexError) as error:
            self.problems.append(f"{name}: {error}")
            return None


def _ends(data: Any) -> list[str]:
    """The names of the layers where a model begins or ends: [name, 0, 0], or a list of these."""
    if isinstance(data, dict):
        data = list(data.values())
    return [data[0]] if data and isinstance(data[0], str) else [end[0] for end in data]


def _sources(node: Any) -> list[tuple[str, int]]:
    """The layers that a call reads, with the number of their call."""
    found: list[tuple[str, int]] = []
    waiting = [node["args"] if isinstance(node, dict) else node]
    while waiting:
        data = waiting.pop(0)
        if isinstance(data, dict) and data.get("class_name") == "__keras_tensor__":
            name, call, _ = data["config"]["keras_history"]
            found.append((name, call))
        elif isinstance(data, list | tuple):
            waiting = [*data, *waiting]
    return found


def _input_shape(config: Any) -> tuple[int, ...]:
    """The shape of a sample, from the first input layer or from what the model was built for."""
    layers = config["config"]["layers"]
    for layer in layers:
        shape = layer["config"].get("batch_shape") or layer["config"].get("batch_input_shape")
        if layer["class_name"] == "InputLayer" or shape:
            break
    else:
        first = layers[0] if layers else {}
        shape = (config.get("build_config") or first.get("build_config") or {}).get("input_shape")
    if not shape or not all(isinstance(n, int) and n > 0 for n in shape[1:]):
        raise LoadError(
            f"the input has the shape {shape}; all sizes but the first must be fixed: begin the "
            "model with keras.Input((n,))"
        )
    return tuple(shape[1:])
