"""ONNX: the graph of operators that most frameworks write."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..activations._identity import Identity
from ..errors import SymnetError
from ..sequential import Sequential
from ._base import MAX_ENTRIES, Importer
from .operators import Constant, Flow, Node, Operator, OperatorError, Value, operator_of

if TYPE_CHECKING:
    import onnx


class Onnx(Importer):
    """A graph from one input to one output; the parser of the onnx package reads it, no more.

    A first axis that is 1 or has no fixed size counts samples, of which there is one. All numbers
    of the input make the column that the network takes, row by row.

    Source: https://onnx.ai/onnx/repo-docs/IR.html.
    """

    name = "ONNX"
    suffixes = (".onnx",)
    options = ("dtype", "output")

    def __init__(self, path: Path, *, dtype: Any = None, output: str | None = None) -> None:
        super().__init__(path, dtype=dtype)
        self.output = output

    @classmethod
    def begins(cls, head: bytes) -> bool:
        # field 1, the version of the format, then field 2, 7 or 8: who made it, or the graph
        return len(head) > 2 and head[0] == 8 and head[1] < 128 and head[2] in (0x12, 0x3A, 0x42)

    def read(self) -> Sequential:
        try:
            import onnx
        except ImportError as error:
            raise ImportError("reading ONNX needs the package onnx: symnet[onnx]") from error
        try:
            model = onnx.load_model(str(self.path), load_external_data=False)
        except OSError:
            raise
        except Exception as error:  # the parser's own, which differ with its backend
            raise self.error(f"this is not an ONNX model, or a damaged one ({error})") from None
        graph = model.graph
        if not graph.node:
            raise self.error("the file holds no graph with operators")
        tensors = {t.name: t for t in graph.initializer}
        source, shape = self._input(graph, tensors)
        nodes = [
            Node(n.op_type, n.domain, n.name or n.op_type, tuple(n.input), tuple(n.output),
                 {a.name: self._attribute(a, n.name) for a in n.attribute})
            for n in graph.node
        ]  # fmt: skip
        target = self._target([o.name for o in graph.output], nodes)
        needed = self._needed(nodes, target)
        versions = [o.version for o in model.opset_import if o.domain in ("", "ai.onnx")]
        if not versions:
            raise self.error("it does not say the version of its operators; it is damaged")
        operators = self._operators(needed, set(tensors), max(versions))
        read = {name for node in needed for name in node.inputs}
        values: dict[str, Value] = {
            name: self._constant(t, name) for name, t in tensors.items() if name in read
        }
        values[source] = Flow(shape)
        for operator in operators:
            self._apply(operator, values)
        return self._network(values.get(target), target)

    # --- what the file holds

    def _constant(self, tensor: onnx.TensorProto, name: str) -> Constant:
        import onnx.numpy_helper
        from onnx import TensorProto

        if tensor.data_location == TensorProto.EXTERNAL or tensor.external_data:
            raise self.error(
                f"the tensor {name!r} lies in another file, which is not read; save the model "
                "with its weights inside: onnx.save(model, path, save_as_external_data=False)"
            )
        count = 1
        for size in tensor.dims:
            count *= max(size, 0)
        if count > MAX_ENTRIES:
            raise self.error(f"the tensor {name!r} has {count} entries; at most {MAX_ENTRIES}")
        try:
            array = np.asarray(onnx.numpy_helper.to_array(tensor))
        except Exception as error:
            raise self.error(f"the tensor {name!r} is damaged: {error}") from None
        if array.dtype.kind == "V":  # bfloat16 and the like, which float32 holds exactly
            array = array.astype(np.float32)
        if array.dtype.kind not in "fiub":
            raise self.error(f"the tensor {name!r} holds {array.dtype}, which are no real numbers")
        return Constant(array)

    def _attribute(self, attribute: onnx.AttributeProto, node: str) -> Any:
        from onnx import AttributeProto

        kinds: dict[int, Callable[[Any], Any]] = {
            AttributeProto.FLOAT: lambda a: a.f,
            AttributeProto.INT: lambda a: a.i,
            AttributeProto.STRING: lambda a: a.s.decode(errors="replace"),
            AttributeProto.FLOATS: lambda a: tuple(a.floats),
            AttributeProto.INTS: lambda a: tuple(a.ints),
            AttributeProto.TENSOR: lambda a: self._constant(a.t, f"{node}: {a.name}").array,
        }
        read = kinds.get(attribute.type)
        # graphs, types, sparse tensors: operators that have them are not known
        return None if read is None else read(attribute)

    def _input(
        self, graph: onnx.GraphProto, constants: Container[str]
    ) -> tuple[str, tuple[int, ...]]:
        inputs = [i for i in graph.input if i.name not in constants]
        if len(inputs) != 1:
            names = ", ".join(repr(i.name) for i in inputs) or "none"
            raise self.error(f"a network has one input; the graph has {len(inputs)}: {names}")
        (given,) = inputs
        dims = given.type.tensor_type.shape.dim
        sizes = [d.dim_value if d.HasField("dim_value") else None for d in dims]
        if sizes and sizes[0] in (None, 0, -1):
            sizes[0] = 1
        if any(size is None or size < 1 for size in sizes):
            shown = ", ".join(str(d.dim_value or d.dim_param or "?") for d in dims)
            raise self.error(
                f"the input {given.name!r} has shape ({shown}); all sizes but the first must be "
                "fixed: export the model with them, or set them by "
                "onnx.tools.update_model_dims"
            )
        return given.name, tuple(int(size) for size in sizes if size is not None)

    def _target(self, outputs: Sequence[str], nodes: Sequence[Node]) -> str:
        names = ", ".join(map(repr, outputs))
        if self.output is not None:
            known = {*outputs, *(name for node in nodes for name in node.outputs if name)}
            if self.output not in known:
                raise self.error(f"there is no output {self.output!r}; there are {names}")
            return self.output
        if len(outputs) != 1:
            raise self.error(
                f"the graph has {len(outputs)} outputs, {names}; choose one: output={outputs[0]!r}"
                if outputs else "the graph has no output"
            )  # fmt: skip
        return outputs[0]

    # --- from operators to layers

    @staticmethod
    def _needed(nodes: Sequence[Node], target: str) -> list[Node]:
        """The nodes that the output depends on."""
        wanted, found = {target}, []
        for node in reversed(nodes):
            if wanted.intersection(node.outputs):
                wanted.update(node.inputs)
                found.append(node)
        return found[::-1]

    def _operators(
        self, nodes: Sequence[Node], constants: set[str], version: int
    ) -> list[Operator]:
        """The operator of every node; all that is not supported is listed in one error."""
        found, objections, constants = [], [], set(constants)
        for node in nodes:
            kind = operator_of(node)
            if kind is None:
                domain = f" of {node.domain}" if node.domain else ""
                objections.append(f"{node.name}: the operator {node.kind}{domain}")
                continue
            operator = kind(node, self.dtype, version)
            fixed = [not name or name in constants for name in node.inputs]
            objection = operator.objection(fixed)
            if objection:
                objections.append(f"{node.name}: {node.kind} {objection}")
            if all(fixed):
                constants.update(node.outputs)
            found.append(operator)
        if objections:
            shown = "".join(f"\n  {line}" for line in objections)
            plural = "s are" if len(objections) > 1 else " is"
            raise self.error(f"{len(objections)} node{plural} not supported:{shown}")
        return found

    def _apply(self, operator: Operator, values: dict[str, Value]) -> None:
        node = operator.node
        missing = [name for name in node.inputs if name and name not in values]
        if missing:
            raise self.error(
                f"{node.name} reads {missing[0]!r}, which no node before it gives; "
                "the graph is damaged"
            )
        try:
            result = operator.apply([values[name] if name else None for name in node.inputs])
        except (OperatorError, SymnetError) as error:
            raise self.error(f"{node.name}: {node.kind}: {error}") from error
        values[node.outputs[0]] = result

    def _network(self, value: Value | None, target: str) -> Sequential:
        if not isinstance(value, Flow):
            raise self.error(f"the output {target!r} does not depend on the input")
        layers = value.path()
        return Sequential(*(layers or [Identity()]))
