"""A network from a plain Python forward function."""

from __future__ import annotations

import inspect
from types import FunctionType
from typing import Any

import numpy as np
import sympy as sp
from sympy.core.symbol import Str
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.matrixbase import MatrixBase

from ..base import Network
from ..errors import LayerError, ShapeError, TracingError
from ..exact.convert import exact_matrix, exact_number
from ..layers._linear import Linear
from ..naming import number
from ..sizes import as_size
from ._column import Column, Factor
from ._graph import Graph, Node, Size
from ._layers import FOLLOWED, maximum, minimum, stand_in
from ._rebuilt import Surroundings, explained
from ._source import source_of
from ._structure import flattened, joined, layers_of
from ._traced import Traced


def network(forward: Any, **given: Any) -> Network:
    r"""The network that a plain Python function ``forward(x, W_1, b_1, …)`` computes.

    The function is run once on symbols: ``x`` is a column, every other argument a weight.
    ``@``, ``+``, ``-``, ``*`` by a scalar, ``.T``, activations, layers, networks, local names and
    loops over fixed ranges are followed. Sizes follow from how the weights are used; those that
    stay open are called n_0, n_1, ….

    Parameters
    ----------
    forward : function of x and weights, or a network, which is given back
        Weights may have defaults or annotations: a matrix, an array, a number, a layer. An
        argument that is only used as a factor (``alpha * x``) is a real number.
    **given : shape (rows, columns), number of rows, matrix, array or layer
        By the name of the argument; an int is the number of rows of a column.

    Returns
    -------
    Network
        A :class:`Sequential` of ordinary layers, equal to one built by hand; its
        ``definition_line`` is the definition, typeset by latexify where that is shown to be right.

    Raises
    ------
    ShapeError
        Where shapes do not fit; names the line and both shapes.
    TracingError
        Where the function cannot be followed; names the line and the way out.

    Examples
    --------
    >>> import symnet as sn
    >>> from symnet import relu
    >>> def forward(x, W_1, b_1, W_2):
    ...     h = relu(W_1 @ x + b_1)
    ...     return x + W_2 @ h
    >>> net = sn.network(forward)
    >>> net
    Sequential(Residual(Sequential(Linear(W_1, b_1), ReLU(), Linear(W_2))))
    >>> net.in_features, net.parameters["W_1"].shape
    (n_0, (n_1, n_0))
    >>> sn.network(forward, W_1=(3, 2)).parameters["W_2"].shape
    (2, 3)

    Source: the sizes are found by unification; Robinson, A machine-oriented logic based on the
    resolution principle, 1965.
    """
    if isinstance(forward, Network) and not given:
        return forward
    if not isinstance(forward, FunctionType):
        if isinstance(forward, type) and issubclass(forward, Network):
            raise LayerError(f"network got the class {forward.__name__}; write its arguments")
        raise LayerError(
            f"network got {forward!r}, which is not a plain Python function; "
            "write def forward(x, W_1, b_1): return ... and pass forward"
        )
    return _Forward(forward, given).network()


class _Forward:
    """One forward function on the way to a network."""

    def __init__(self, f: FunctionType, given: dict[str, Any]) -> None:
        self.f = f
        self.name = "f" if f.__name__ == "<lambda>" else f.__name__
        self.graph = Graph()
        arguments = list(inspect.signature(f, eval_str=False).parameters.values())
        bad = {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}
        if not arguments or any(a.kind in bad for a in arguments):
            raise TracingError(
                f"{self.name}{inspect.signature(f)} must take x and weights by name: "
                "def forward(x, W_1, b_1): ..."
            )
        unknown = sorted(set(given) - {a.name for a in arguments})
        if unknown:
            names = ", ".join(a.name for a in arguments)
            raise LayerError(f"{self.name} has no argument {unknown[0]}; it has {names}")
        self.arguments = arguments
        self.variable = arguments[0].name
        self.known: dict[str, Any] = {}
        self.values = {a.name: self._value(a, given) for a in arguments}

    # --- arguments

    def _value(self, argument: inspect.Parameter, given: dict[str, Any]) -> Any:
        name, empty = argument.name, inspect.Parameter.empty
        value = given.get(name, argument.default)
        if value is empty and not isinstance(argument.annotation, str | type):
            value = argument.annotation
        if name == self.variable:
            rows = Size() if value is empty or name not in given else Size(self._rows(name, value))
            node = self.graph.leaf(name, rows, Size(1))
            node.depends = True
            return Column(self.graph, node, name)
        if value is empty:
            return Column(self.graph, None, name)
        if isinstance(value, bool | str | dict | None) or _is_code(value):
            return value
        return self._weight(name, value, shape=name in given)

    def _rows(self, name: str, value: Any) -> sp.Expr:
        if isinstance(value, tuple):
            if len(value) != 2 or value[1] != 1:
                raise ShapeError(f"{name} is given the shape {value}; the input is a column (n, 1)")
            value = value[0]
        return as_size(value, f"the size of {name}")

    def _weight(self, name: str, value: Any, *, shape: bool) -> Any:
        if shape and isinstance(value, tuple) and not any(isinstance(v, tuple) for v in value):
            if len(value) > 2:
                raise ShapeError(f"{name} is given the shape {value}; a weight has two sizes")
            if not value:
                return Column(self.graph, None, name)
            rows, cols = (Size(as_size(v, f"a size of {name}")) for v in (*value, 1)[:2])
            return Column(self.graph, self.graph.leaf(name, rows, cols), name)
        if shape and _is_size(value):
            node = self.graph.leaf(name, Size(as_size(value, name)), Size(1))
            return Column(self.graph, node, name)
        if _is_number(value):
            column = Column(self.graph, None, name)
            column.scalar = exact_number(value, f"the argument {name}")
            self.known[name] = column.scalar
            return column
        matrix = exact_matrix(value, name, column=True)
        self.known[name] = matrix
        rows, cols = map(Size, matrix.shape)
        return Column(self.graph, self.graph.leaf(name, rows, cols, matrix), name)

    # --- the run

    def network(self) -> Network:
        result = self._run()
        if not result.depends:
            raise TracingError(f"{self.name} returns {result.text}, which does not depend on x")
        if not result.cols.unify(Size(1)):
            raise ShapeError(
                f"{self.name} returns {result.text} of shape {result.shape}, and a network gives a "
                "column: weights stand on the left, W @ x"
            )
        symbols = {s.name for n in self.graph.nodes for s in (n.rows, n.cols)
                   if s.value is not None for s in s.value.free_symbols}  # fmt: skip
        self.graph.settle_sizes(symbols | set(self.values))
        layers, placed = self._layers(result)
        bindings = self._bindings(layers)
        origin = (Str(self.name), Str(self.variable), Str(source_of(self.f)), bindings)
        network: Network = Traced._rebuild(*placed, *origin)
        return network

    def _run(self) -> Node:
        surroundings = Surroundings(stand_in, max=maximum, min=minimum)
        values = {n: surroundings.stand_in(v, n) for n, v in self.values.items()}
        positional = [values.pop(a.name) for a in self.arguments
                      if a.kind is not inspect.Parameter.KEYWORD_ONLY]  # fmt: skip
        try:
            value = surroundings.function(self.f)(*positional, **values)
            surroundings.check_unchanged()
            if not isinstance(value, Column):
                shown = value.expr if isinstance(value, Factor) else value
                raise TracingError(f"{self.name} returns {shown!r}, and a network gives a column")
            return value.matrix()
        except Exception as error:
            raise explained(error, surroundings, wanted=FOLLOWED) from error

    # --- from values to layers

    def _layers(self, result: Node) -> tuple[dict[int, Network], list[Network]]:
        graph = self.graph
        symbols: dict[Node, Any] = {}
        explicit: dict[Any, Any] = {}
        for node in graph.nodes:
            if node.kind == "leaf":
                name = node.text if node.text in self.values else f"_c{node.place}"
                symbols[node] = sp.MatrixSymbol(name, node.rows.value, node.cols.value)
                if node.value is not None:
                    explicit[symbols[node]] = node.value
        named = self._named({s.name for s in symbols.values() if s not in explicit})
        start = next(n for n in graph.nodes if n.kind == "leaf" and n.depends)
        placed: list[Network] = []
        for station in [*graph.stations(result), result]:
            if station is start:
                continue
            known = {n: s for n, s in symbols.items() if not n.depends} | {start: symbols[start]}
            expr = graph.expression(station, known, named)
            part = layers_of(expr, symbols[start])
            self._check(part, expr, symbols[start])
            placed += part
            start = station
            symbols[start] = sp.MatrixSymbol(f"_h{start.place}", start.rows.value, start.cols.value)
        placed = placed or layers_of(symbols[start], symbols[start])
        if explicit:
            placed = [layer.xreplace(explicit) for layer in placed]
        return named, placed or list(joined([]).layers)

    def _check(self, part: list[Network], expr: Any, x: Any) -> None:
        if flattened(joined(part)(x)) != flattened(expr):
            raise TracingError(f"{self.name}: {expr} is not a composition of layers")

    def _named(self, taken: set[str]) -> dict[int, Network]:
        """The layers that were called, numbered as in a Sequential, no number taken twice."""
        layers = self.graph.layers
        numbered = number(layers)
        clashes = {s.name for layer in numbered for s in layer.free_symbols} & taken
        if clashes:
            anchors = [Linear(sp.MatrixSymbol(name, 1, 1)) for name in sorted(clashes)]
            numbered = number([*anchors, *layers])[len(anchors) :]
        return {id(layer): new for layer, new in zip(layers, numbered, strict=True)}

    def _bindings(self, named: dict[int, Network]) -> sp.Tuple:
        """What the names in the function stand for: weights, scalars and layers."""
        found: dict[str, Any] = {}
        for name, value in {**_visible(self.f), **self.values}.items():
            if isinstance(value, Network) and id(value) in named:
                found[name] = named[id(value)]
            elif isinstance(value, Column) and name != self.variable:
                if value.scalar is not None:
                    found[name] = value.scalar
                elif value.node is not None:
                    node = value.node
                    symbol = sp.MatrixSymbol(name, node.rows.value, node.cols.value)
                    found[name] = self.known.get(name, symbol)
        return sp.Tuple(*(sp.Tuple(Str(n), v) for n, v in sorted(found.items())))


def _is_code(value: Any) -> bool:
    """A layer, a function, or a list of them."""
    if isinstance(value, list | tuple):
        return any(_is_code(v) for v in value)
    return isinstance(value, Network) or callable(value)


def _is_size(value: Any) -> bool:
    return isinstance(value, int | np.integer) or (
        isinstance(value, sp.Expr) and bool(value.is_integer) and not value.is_Matrix
    )


def _is_number(value: Any) -> bool:
    if isinstance(value, MatrixBase | MatrixExpr):
        return False
    return isinstance(value, sp.Expr) or bool(np.isscalar(value)) or not hasattr(value, "__len__")


def _visible(f: FunctionType) -> dict[str, Any]:
    """The names that the function sees, of its module and of the functions around it."""
    visible = {n: f.__globals__[n] for n in f.__code__.co_names if n in f.__globals__}
    for name, cell in zip(f.__code__.co_freevars, f.__closure__ or (), strict=True):
        visible[name] = cell.cell_contents
    return visible
