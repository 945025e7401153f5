"""Networks from modules of torch, which are traced and not trained."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..errors import LoadError, SymnetError
from ..sequential import Sequential
from ._building import finished, refuse
from ._torch_functions import at_function
from ._torch_modules import as_value, at_module
from .operators import Flow, OperatorError

_MODULES_WITH_CHANNELS = ("Conv", "BatchNorm2d", "MaxPool", "AvgPool", "Adaptive")


def from_torch(module: Any, input_shape: Sequence[int] | None = None) -> Sequential:
    """The network that a module of torch computes after ``eval()``, with exactly its weights.

    The module is traced by torch.fx, so that branches, sums and reshapes in ``forward`` are seen;
    what depends on values of tensors, such as an ``if``, is not. The module is not changed.

    Parameters
    ----------
    module : torch.nn.Module
    input_shape : sequence of int
        The shape of one sample, without the axis of samples: ``(1, 28, 28)``. It is needed where
        the module does not begin with a linear layer. All numbers of a sample make the column
        that the network takes, row by row.

    Returns
    -------
    Sequential

    Raises
    ------
    LoadError
        For a module that cannot be traced, and with all modules and functions that are not
        supported.

    Examples
    --------
    >>> import torch, symnet as sn  # doctest: +SKIP
    >>> module = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU())  # doctest: +SKIP
    >>> sn.from_torch(module).out_features  # doctest: +SKIP
    3

    Source: https://docs.pytorch.org/docs/stable/fx.html.
    """
    try:
        import torch
        import torch.fx
    except ImportError as error:
        raise ImportError("from_torch needs the package torch") from error
    if not isinstance(module, torch.nn.Module):
        raise LoadError(
            f"from_torch takes a torch.nn.Module, and got {type(module).__name__}; for a state "
            "dict there is sn.from_numpy(state, activation=…)"
        )
    graph = _graph(torch, module)
    shape = _input_shape(graph, module) if input_shape is None else tuple(input_shape)
    return _Walk(torch.nn.Sequential(module), graph, Flow.of_input((1, *shape))).network()


def _graph(torch: Any, module: Any) -> Any:
    training = [part for part in module.modules() if part.training]
    try:
        module.eval()
        return torch.fx.Tracer().trace(torch.nn.Sequential(module))
    except Exception as error:  # whatever forward raises on proxies
        raise LoadError(
            f"torch.fx cannot trace {type(module).__name__}: {error}; write forward without "
            "decisions on values, or export the module by torch.onnx.export and load the file"
        ) from error
    finally:
        for part in training:
            part.training = True


def _input_shape(graph: Any, module: Any) -> tuple[int, ...]:
    """The shape of a sample, where the first layer with weights takes a column."""
    parts = dict(module.named_modules(prefix="0"))
    for node in graph.nodes:
        part: Any = parts.get(node.target) if node.op == "call_module" else None
        name = type(part).__name__
        if name.startswith(_MODULES_WITH_CHANNELS) or node.op in ("call_function", "call_method"):
            break
        for fact in ("in_features", "num_features"):
            if hasattr(part, fact):
                return (int(getattr(part, fact)),)
        if hasattr(part, "normalized_shape"):
            return tuple(part.normalized_shape)
    raise LoadError(
        f"{type(module).__name__} does not begin with a linear layer, so its input can have many "
        "shapes; give that of one sample: input_shape=(1, 28, 28), or (n,)"
    )


class _Walk:
    """The values of a traced graph, node by node; what cannot be read is collected."""

    def __init__(self, root: Any, graph: Any, source: Flow) -> None:
        self.root, self.graph, self.source = root, graph, source
        self.values: dict[Any, Any] = {}
        self.problems: list[str] = []
        self.result: Any = None

    def network(self) -> Sequential:
        what = type(self.root[0]).__name__
        for node in self.graph.nodes:
            if node.op == "output":
                self.result = node.args[0]
            elif all(n in self.values for n in node.all_input_nodes):
                self._visit(node)
        refuse(self.problems, what)
        if not hasattr(self.result, "op"):
            raise LoadError(f"{what} gives {self.result}; a network has one output, a tensor")
        return finished(self.values[self.result], self.source, what)

    def _visit(self, node: Any) -> None:
        try:
            self.values[node] = self._value(node)
        except (OperatorError, SymnetError, IndexError, ValueError) as error:
            where = f"{node.target}: " if node.op == "call_module" else ""
            self.problems.append(f"{where.removeprefix('0.')}{error}")

    def _value(self, node: Any) -> Any:
        if node.op == "placeholder":
            if self.source in self.values.values():
                raise OperatorError(f"a second input, {node.target}")
            return self.source
        if node.op == "get_attr":
            return as_value(_attribute(self.root, node.target))
        args, kwargs = self._filled(node.args), self._filled(node.kwargs)
        if node.op == "call_module":
            part = self.root.get_submodule(node.target)
            return at_module(type(part).__name__, part, args)
        name = node.target if isinstance(node.target, str) else node.target.__name__
        if name == "getattr" and args[1] == "shape":
            return args[0].shape
        if not any(isinstance(v, Flow) for v in args) and name in _PLAIN:
            return node.target(*args)
        return at_function(name, args, kwargs)

    def _filled(self, value: Any) -> Any:
        """The arguments with values for nodes."""
        if isinstance(value, dict):
            return {key: self._filled(v) for key, v in value.items()}
        if isinstance(value, tuple | list):
            return tuple(self._filled(v) for v in value)
        if isinstance(value, slice):
            return slice(*(self._filled(v) for v in (value.start, value.stop, value.step)))
        return self.values[value] if hasattr(value, "op") else value


#: Arithmetic with sizes.
_PLAIN = ("getitem", "mul", "add", "sub", "floordiv", "neg")


def _attribute(root: Any, path: str) -> Any:
    for name in path.split("."):
        root = getattr(root, name)
    return root
