"""Activations, by the names and the attributes that they state themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...activations import ActivationFunction, every_function
from ._base import Flow, Operator, Value, flow_of


class Entrywise(Operator):
    """An activation at every entry.

    Source: https://onnx.ai/onnx/operators for each of them.
    """

    @classmethod
    def names(cls) -> tuple[str, ...]:
        return tuple({str(f.onnx): None for f in every_function() if f.onnx_attributes is not None})

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.function = self._function()

    def _function(self) -> type[ActivationFunction] | None:
        """The activation whose options the node has; "none" says that it has none."""
        given = {k: v for k, v in self.node.attributes.items() if v != "none"}
        for function in every_function():
            if function.onnx != self.node.kind or function.onnx_attributes is None:
                continue
            options = {k: v for k, v in given.items() if k in function.options}
            if options == dict(function.options) and set(given) <= {
                *options, *dict(function.onnx_attributes), "consumed_inputs"
            }:  # fmt: skip
                return function
        return None

    def objection(self, constant: Sequence[bool]) -> str | None:
        if self.function is None:
            return f"with {', '.join(f'{k} = {v}' for k, v in self.node.attributes.items())}"
        return "of a constant" if all(constant) else None

    def apply(self, inputs: Sequence[Value | None]) -> Flow:
        function = self.function
        assert function is not None
        assert function.onnx_attributes is not None
        parameters = [
            self.attribute(name, float(np.float32(default)))
            for name, default in function.onnx_attributes
        ]
        return flow_of(inputs[0]).then(function.layer(*parameters))
