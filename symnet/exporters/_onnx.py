"""ONNX: the graph of operators that most programs read."""

from __future__ import annotations

from functools import singledispatchmethod
from pathlib import Path
from typing import Any

import numpy as np

from ..activations import Activation
from ..activations._hardsigmoid import Hardsigmoid
from ..activations._hardtanh import Hardtanh
from ..activations._identity import Identity
from ..activations._logsigmoid import LogSigmoid
from ..activations._prelu import PReLU
from ..activations._relu6 import ReLU6
from ..activations._silu import SiLU
from ..base import Network
from ..errors import ExportError
from ..files import write_atomically
from ..layers._average_pool import AveragePool
from ..layers._batch_norm import BatchNorm
from ..layers._concat import Concat
from ..layers._convolution import Convolution, numbers
from ..layers._inert import Inert
from ..layers._layer_norm import LayerNorm
from ..layers._linear import Linear
from ..layers._max import Max
from ..layers._maximum_pool import MaximumPool
from ..layers._maxout import Maxout
from ..layers._pool import Pool
from ..layers._residual import Residual
from ..layers._scale import Scale
from ..layers._select import Select
from ..layers._softmax import Softmax
from ..layers._sum import Sum
from ..sequential import Sequential
from ._base import Exported, Exporter
from ._dense import dense_parts, width_after, width_of

#: The version of the operators, and of the format.
_OPSET, _VERSION = 17, 8

#: Operators that need later versions.
_SINCE = {"Mish": 18, "Gelu": 20}


class Onnx(Exporter):
    """A graph from rows of numbers, one row a sample, to such rows.

    Source: https://onnx.ai/onnx/operators.
    """

    name = "ONNX"
    suffixes = (".onnx",)
    least = "float32"

    def write(self, path: Path) -> Exported:
        try:
            import onnx
            from onnx import TensorProto, helper
        except ImportError as error:
            raise ImportError("writing ONNX needs the package onnx: symnet[onnx]") from error
        self.helper = onnx.helper
        self.tensors: list[Any] = []
        self.nodes: list[Any] = []
        self.version = max(_SINCE.get(str(leaf.onnx), _OPSET) for leaf in self.net.leaves())
        self.to_tensor = onnx.numpy_helper.from_array
        n = width_of(self.net)
        result = self.through(self.net, "x", n)
        m = width_after(self.net, n)
        self.node("Identity", [result], "y")
        kind = {"float32": TensorProto.FLOAT, "float64": TensorProto.DOUBLE}[self.rounding.dtype]
        graph = helper.make_graph(
            self.nodes, "symnet",
            [helper.make_tensor_value_info("x", kind, ("N", n))],
            [helper.make_tensor_value_info("y", kind, ("N", m))], self.tensors,
        )  # fmt: skip
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", self.version)], ir_version=_VERSION,
            producer_name="symnet",
        )  # fmt: skip
        onnx.checker.check_model(model)
        return self.rounding.exported(write_atomically(path, model.SerializeToString()))

    # --- pieces of the graph

    def node(self, kind: str, inputs: list[str], output: str = "", **attributes: Any) -> str:
        """An operator; the name of its result."""
        name = output or f"value_{len(self.nodes)}"
        made = self.helper.make_node(
            kind, inputs, [name], f"{kind}_{len(self.nodes)}", **attributes
        )
        self.nodes.append(made)
        return name

    def constant(self, array: Any) -> str:
        """A tensor of numbers; its name."""
        name = f"constant_{len(self.tensors)}"
        self.tensors.append(self.to_tensor(np.ascontiguousarray(array), name))
        return name

    def floats(self, matrix: Any, what: str, shape: tuple[int, ...] | None = None) -> str:
        """A matrix of exact numbers as a tensor."""
        array = self.rounding.floats(matrix, what)
        return self.constant(array if shape is None else array.reshape(shape))

    def number(self, value: Any) -> str:
        """One number as a tensor without axes."""
        exact = self.rounding.scalar(value, "a constant", self.rounding.dtype)
        return self.constant(np.array(exact, dtype=self.rounding.dtype))

    def shaped(self, x: str, shape: tuple[int, ...]) -> str:
        return self.node("Reshape", [x, self.constant(np.array(shape, dtype=np.int64))])

    # --- layers

    @singledispatchmethod
    def through(self, layer: Network, x: str, width: int) -> str:
        """The name of the value of a layer at the value ``x`` with ``width`` numbers a row."""
        return self._dense(layer, x, width)

    def _dense(self, layer: Network, x: str, width: int) -> str:
        W, b = dense_parts(layer, width)
        return self.node("Gemm", [x, self.floats(W, "W"), self.floats(b, "b", (-1,))], transB=1)

    @through.register
    def _(self, layer: Sequential, x: str, width: int) -> str:
        for child in layer.children:
            x = self.through(child, x, width)
            width = width_after(child, width)
        return x

    @through.register
    def _(self, layer: Linear, x: str, width: int) -> str:
        inputs = [x, self.floats(layer.args[0], "W")]
        bias = [self.floats(layer.args[1], "b", (-1,))] if layer.has_bias else []
        return self.node("Gemm", inputs + bias, transB=1)

    @through.register
    def _(self, layer: Inert, x: str, width: int) -> str:
        return x

    @through.register
    def _(self, layer: BatchNorm, x: str, width: int) -> str:
        gamma, beta, mu, v = (
            self.floats(c.as_explicit(), "a parameter of BatchNorm", (-1,)) for c in layer.columns
        )
        eps = self.rounding.scalar(layer.eps, "eps", "float32")
        return self.node("BatchNormalization", [x, gamma, beta, mu, v], epsilon=eps)

    @through.register
    def _(self, layer: LayerNorm, x: str, width: int) -> str:
        columns = [
            self.floats(c.as_explicit(), "a parameter of LayerNorm", (-1,)) for c in layer.columns
        ]
        eps = self.rounding.scalar(layer.eps, "eps", "float32")
        return self.node("LayerNormalization", [x, *columns], axis=-1, epsilon=eps)

    @through.register
    def _(self, layer: Scale, x: str, width: int) -> str:
        x = self.node("Mul", [x, self.floats(layer.factors, "s", (-1,))])
        if layer.is_homogeneous:
            return x
        return self.node("Add", [x, self.floats(layer.offset, "t", (-1,))])

    @through.register
    def _(self, layer: Select, x: str, width: int) -> str:
        places = layer.places
        x = self.node("Gather", [x, self.constant(np.maximum(places, 0))], axis=1)
        if places.min() >= 0:
            return x
        return self.node("Mul", [x, self.constant((places >= 0).astype(self.rounding.dtype))])

    @through.register
    def _(self, layer: Convolution, x: str, width: int) -> str:
        _, bias, size, stride, padding, dilation, groups, kernel = layer.args
        n, s, p, d, k = map(numbers, (size, stride, padding, dilation, kernel))
        rows, columns = map(int, layer.args[0].shape)
        weight = self.floats(layer.args[0], "W", (rows, columns // int(np.prod(k)), *k))
        inputs = [self.shaped(x, (-1, layer.channels[0], *n)), weight]
        inputs += [self.floats(bias, "b", (-1,))] if "b" in layer.own_parameters else []
        y = self.node("Conv", inputs, strides=s, pads=p, dilations=d, group=int(groups),
                      kernel_shape=k)  # fmt: skip
        return self.node("Flatten", [y], axis=1)

    @through.register
    def _(self, layer: MaximumPool, x: str, width: int) -> str:
        return self._pool("MaxPool", layer, x, dilations=numbers(layer.args[5]))

    @through.register
    def _(self, layer: AveragePool, x: str, width: int) -> str:
        ceil, dilated = bool(layer.args[6]), set(layer.args[5]) != {1}
        if ceil or dilated:  # programs differ here in what they divide by
            return self._dense(layer, x, width)
        return self._pool("AveragePool", layer, x, count_include_pad=int(bool(layer.args[7])))

    def _pool(self, kind: str, layer: Pool, x: str, **more: Any) -> str:
        kernel, size, _, stride, padding, _, ceil, _ = layer.args
        n, k, s, p = map(numbers, (size, kernel, stride, padding))
        x = self.shaped(x, (-1, layer.channels, *n))
        y = self.node(kind, [x], kernel_shape=k, strides=s, pads=p, ceil_mode=int(bool(ceil)),
                      **more)  # fmt: skip
        return self.node("Flatten", [y], axis=1)

    @through.register
    def _(self, layer: Softmax, x: str, width: int) -> str:
        return self.node("Softmax", [x], axis=1)

    @through.register
    def _(self, layer: Max, x: str, width: int) -> str:
        return self._greatest(x, 1, 1)

    @through.register
    def _(self, layer: Maxout, x: str, width: int) -> str:
        k = int(layer.k)
        return self._greatest(self.shaped(x, (-1, width // k, k)), 2, 0)

    def _greatest(self, x: str, axis: int, keep: int) -> str:
        if self.version < 18:
            return self.node("ReduceMax", [x], axes=[axis], keepdims=keep)
        return self.node("ReduceMax", [x, self.constant(np.array([axis]))], keepdims=keep)

    @through.register
    def _(self, layer: Residual, x: str, width: int) -> str:
        return self.node("Add", [self.through(layer.children[0], x, width), x])

    @through.register
    def _(self, layer: Sum, x: str, width: int) -> str:
        return self.node("Sum", [self.through(child, x, width) for child in layer.children])

    @through.register
    def _(self, layer: Concat, x: str, width: int) -> str:
        parts = [self.through(child, x, width) for child in layer.children]
        return self.node("Concat", parts, axis=1)

    # --- activations

    @through.register
    def _(self, layer: Activation, x: str, width: int) -> str:
        function = layer.function
        if function.onnx is None or function.onnx_attributes is None:
            raise ExportError(f"{layer} has no operator in ONNX")
        values: dict[str, Any] = {
            name: self.rounding.scalar(value, f"{name} of {layer}", "float32")
            for (name, _), value in zip(function.onnx_attributes, layer.values, strict=True)
        }
        return self.node(function.onnx, [x], **values, **function.options)

    @through.register
    def _(self, layer: Identity, x: str, width: int) -> str:
        return x

    @through.register
    def _(self, layer: Hardtanh, x: str, width: int) -> str:
        return self.node("Clip", [x, *map(self.number, layer.values)])

    @through.register
    def _(self, layer: ReLU6, x: str, width: int) -> str:
        return self.node("Clip", [x, self.number(0), self.number(6)])

    @through.register
    def _(self, layer: PReLU, x: str, width: int) -> str:
        return self.node("PRelu", [x, self.number(layer.values[0])])

    @through.register
    def _(self, layer: Hardsigmoid, x: str, width: int) -> str:
        # 1/6 is no float, so that the operator HardSigmoid is another function
        raised = self.node("Add", [x, self.number(3)])
        clipped = self.node("Clip", [raised, self.number(0), self.number(6)])
        return self.node("Div", [clipped, self.number(6)])

    @through.register
    def _(self, layer: SiLU, x: str, width: int) -> str:
        return self.node("Mul", [x, self.node("Sigmoid", [x])])

    @through.register
    def _(self, layer: LogSigmoid, x: str, width: int) -> str:
        return self.node("Neg", [self.node("Softplus", [self.node("Neg", [x])])])
