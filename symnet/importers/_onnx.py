"""ONNX: the graph of operators that most frameworks write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import SymnetError
from ..sequential import Sequential
from ._assembly import assembled
from ._base import Importer
from ._patterns import GELU, numbers, recognised
from ._schemas import complaint
from ._tensors import TensorError, array_of_tensor, shown, text, value_of_attribute
from ._wire import check_size
from .operators import Constant, Flow, Node, Operator, OperatorError, Value, operator_of

if TYPE_CHECKING:
    import onnx

_DOMAINS = ("", "ai.onnx")

#: A graph has at most so many operators.
_MOST_NODES = 1 << 15


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
        data = self.path.read_bytes()
        try:
            check_size(data, onnx.ModelProto.DESCRIPTOR)
            model = onnx.load_model_from_string(data)
        except Exception as error:  # the parser's own, which differ with its backend
            raise self.error(f"this is not an ONNX model, or a damaged one ({error})") from None
        graph = model.graph
        if not graph.node:
            raise self.error("the file holds no graph with operators")
        if len(graph.node) > _MOST_NODES:
            raise self.error(
                f"the graph has {len(graph.node)} operators; at most {_MOST_NODES} are read"
            )
        try:
            return self._read(graph, self._version(model))
        except (OperatorError, TensorError) as error:
            raise self.error(str(error)) from None

    def _read(self, graph: onnx.GraphProto, version: int) -> Sequential:
        self._given_once(graph)
        tensors = {text(t.name): t for t in graph.initializer}
        nodes = [self._node(n, version) for n in graph.node]
        target = self._target([text(o.name) for o in graph.output], nodes)
        needed = self._needed(nodes, target)
        whole = recognised(needed, numbers(needed, partial(self._small, tensors)))
        remark = [GELU] if any(a is not b and b.kind == "Gelu"
                               for a, b in zip(needed, whole, strict=True)) else []  # fmt: skip
        needed = self._needed(whole, target)
        read = {name for node in needed for name in node.inputs}
        inputs = [i for i in graph.input if text(i.name) not in tensors]
        problems = self._problems(graph, inputs, read)
        operators, refused = self._operators(needed, set(tensors), version, read | {target})
        self._refuse(problems + refused, len(refused))
        flow = Flow.of_input(_sizes(inputs[0]))
        values: dict[str, Value] = {
            name: Constant(array_of_tensor(t, name, self.path.parent))
            for name, t in tensors.items() if name in read
        }  # fmt: skip
        values[text(inputs[0].name)] = flow
        for operator in operators:
            self._apply(operator, values)
        result = values.get(target)
        if not isinstance(result, Flow):
            raise self.error(f"the output {target!r} does not depend on the input")
        network = assembled(result.step, flow.step)
        network.remarks = (*network.remarks, *remark)
        return network

    # --- what the file holds

    def _version(self, model: onnx.ModelProto) -> int:
        """The version of the operators, which no function of the model redefines."""
        versions = {o.version for o in model.opset_import if o.domain in _DOMAINS}
        if not versions:
            raise self.error("it does not say the version of its operators; it is damaged")
        if len(versions) > 1 or not 0 < min(versions) < 1 << 31:
            shown = ", ".join(map(str, sorted(versions)))
            raise self.error(f"the version of its operators is {shown}; it is damaged")
        own = [text(f.name) for f in model.functions if f.domain in _DOMAINS]
        if own:
            raise self.error(f"it redefines the operator {own[0]!r}; functions are not supported")
        return versions.pop()

    def _given_once(self, graph: onnx.GraphProto) -> None:
        """Every name in a graph stands for one value."""
        tensors = [text(t.name) for t in graph.initializer]
        inputs = [text(i.name) for i in graph.input if text(i.name) not in set(tensors)]
        made = [text(name) for node in graph.node for name in node.output if name]
        counts = Counter([*tensors, *inputs, *made])
        twice = [name for name, count in counts.items() if count > 1]
        if twice:
            raise self.error(
                f"{twice[0]!r} is given {counts[twice[0]]} times, and a name stands for one value; "
                "the graph is damaged"
            )

    def _small(self, tensors: dict[str, onnx.TensorProto], name: str) -> Any:
        """The array under a name, if it holds one number."""
        found = tensors.get(name)
        if found is None or prod(found.dims) != 1:
            return None
        return array_of_tensor(found, name, self.path.parent)

    def _node(self, node: onnx.NodeProto, version: int) -> Node:
        name, folder = shown(node.name or node.op_type), self.path.parent
        attributes = {shown(a.name): value_of_attribute(a, name, folder) for a in node.attribute}
        inputs, outputs = (tuple(map(text, names)) for names in (node.input, node.output))
        kind, domain = shown(node.op_type), shown(node.domain)
        wrong = complaint(node, version) if domain in _DOMAINS else None
        return Node(kind, domain, name, inputs, outputs, attributes, wrong)

    def _problems(self, graph: onnx.GraphProto, inputs: Sequence[Any], read: set[str]) -> list[str]:
        """What is not supported in the graph, apart from its operators."""
        found = []
        if len(inputs) != 1:
            names = ", ".join(repr(i.name) for i in inputs) or "none"
            found.append(f"a network has one input; the graph has {len(inputs)}: {names}")
        for given in inputs[:1]:
            kind = given.type.tensor_type
            if not given.type.HasField("tensor_type") or not kind.HasField("shape"):
                found.append(f"the input {given.name!r} is no tensor with a known shape")
            elif None in _sizes(given):
                shown = ", ".join(str(d.dim_value or d.dim_param or "?") for d in kind.shape.dim)
                found.append(
                    f"the input {given.name!r} has shape ({shown}); all sizes but the first must "
                    "be fixed: export the model with them, or set them by "
                    "onnx.tools.update_model_dims"
                )
        stored = [text(t.values.name) for t in graph.sparse_initializer]
        sparse = [name for name in stored if name in read]
        if sparse:
            found.append(f"the tensors {', '.join(map(repr, sparse))} are stored as sparse ones")
        return found

    def _refuse(self, problems: Sequence[str], nodes: int) -> None:
        if not problems:
            return
        if len(problems) == 1 and not nodes:
            raise self.error(problems[0])
        what = "node" if len(problems) == nodes else "part"
        plural = "s are" if len(problems) > 1 else " is"
        shown = "".join(f"\n  {line}" for line in problems)
        raise self.error(f"{len(problems)} {what}{plural} not supported:{shown}")

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
        self, nodes: Sequence[Node], constants: set[str], version: int, read: set[str]
    ) -> tuple[list[Operator], list[str]]:
        """The operator of every node, and all that is not supported of them."""
        found, objections = [], []
        makers = {name: node for node in nodes for name in node.outputs}
        for node in nodes:
            kind = operator_of(node)
            if kind is None:
                domain = f" of {node.domain}" if node.domain else ""
                objections.append(f"{node.name}: the operator {node.kind}{domain}")
                continue
            if node.wrong is not None:
                objections.append(f"{node.name}: {node.kind} {node.wrong}; the graph is damaged")
                continue
            operator = kind(node, self.dtype, version, makers)
            fixed = [not name or name in constants for name in node.inputs]
            objection = operator.objection(fixed)
            if not operator.gives_all and read.intersection(node.outputs[1:]):
                objection = "with an output after the first one that is used"
            if objection:
                objections.append(f"{node.name}: {node.kind} {objection}")
            if operator.is_constant(fixed):
                constants.update(node.outputs)
            found.append(operator)
        return found, objections

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
        given = result if isinstance(result, tuple) else (result,)
        values.update(zip(node.outputs, given, strict=False))


def _sizes(given: onnx.ValueInfoProto) -> tuple[Any, ...]:
    """The shape of the input, None for a size that is not fixed; the first one may be open."""
    dims = given.type.tensor_type.shape.dim
    sizes = [d.dim_value if d.HasField("dim_value") and d.dim_value > 0 else None for d in dims]
    return (1, *sizes[1:]) if sizes and sizes[0] is None else tuple(sizes)
