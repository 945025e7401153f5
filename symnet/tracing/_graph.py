"""What a forward function computes, with sizes that are found while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from ..base import Apply, Network
from ..errors import ShapeError, TracingError
from ..exact.shapes import same_size


class Size:
    """A number of rows or columns, unknown at first; unequal ones are found to be the same."""

    def __init__(self, value: Any = None) -> None:
        self._value = None if value is None else sp.sympify(value)
        self._same: Size | None = None

    @property
    def root(self) -> Size:
        return self if self._same is None else self._same.root

    @property
    def value(self) -> Any:
        return self.root._value

    def settle(self, value: Any) -> None:
        """Say what it is."""
        self.root._value = value

    def unify(self, other: Size) -> bool:
        """Make both the same; False if they cannot be."""
        a, b = self.root, other.root
        if a is b:
            return True
        if a._value is not None and b._value is not None:
            return same_size(a._value, b._value)
        if a._value is None:
            a, b = b, a
        b._same = a
        return True

    def __str__(self) -> str:
        return "?" if self.value is None else str(self.value)


@dataclass(eq=False)
class Node:
    """One value: how it comes from others, its shape, and how it is written in messages."""

    kind: str
    args: tuple[Node, ...]
    rows: Size
    cols: Size
    text: str
    place: int
    value: Any = None
    depends: bool = False

    @property
    def shape(self) -> str:
        return f"({self.rows}, {self.cols})"


class Graph:
    """All values of one run, in the order in which they came up."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.layers: list[Network] = []
        self.totals: list[tuple[Size, tuple[Size, ...]]] = []

    def _node(
        self,
        kind: str,
        args: tuple[Node, ...],
        rows: Size,
        cols: Size,
        text: str,
        value: Any = None,
    ) -> Node:
        depends = any(arg.depends for arg in args)
        text = text if len(text) <= 60 else text[:57] + "..."
        node = Node(kind, args, rows, cols, text, len(self.nodes), value, depends)
        self.nodes.append(node)
        return node

    def leaf(self, name: str, rows: Size, cols: Size, value: Any = None) -> Node:
        return self._node("leaf", (), rows, cols, name, value)

    def product(self, left: Node, right: Node) -> Node:
        if not left.cols.unify(right.rows):
            raise ShapeError(
                f"{left.text} has shape {left.shape} and {right.text} has shape {right.shape}; "
                f"in {_bracketed(left)} @ {_bracketed(right)} the first needs as many columns "
                "as the second has rows"
            )
        text = f"{_bracketed(left)} @ {_bracketed(right)}"
        return self._node("product", (left, right), left.rows, right.cols, text)

    def sum(self, left: Node, right: Node) -> Node:
        if not (left.rows.unify(right.rows) and left.cols.unify(right.cols)):
            raise ShapeError(
                f"{left.text} has shape {left.shape} and {right.text} has shape {right.shape}; "
                "what is added must have the same shape"
            )
        return self._node("sum", (left, right), left.rows, left.cols, f"{left.text} + {right.text}")

    def scaled(self, scalar: sp.Expr, node: Node) -> Node:
        text = f"{scalar} * {_bracketed(node)}" if scalar != -1 else f"-{_bracketed(node)}"
        return self._node("scaled", (node,), node.rows, node.cols, text, scalar)

    def transpose(self, node: Node) -> Node:
        return self._node("transpose", (node,), node.cols, node.rows, f"{_bracketed(node)}.T")

    def stack(self, nodes: list[Node]) -> Node:
        for node in nodes[1:]:
            if not node.cols.unify(nodes[0].cols):
                raise ShapeError(
                    f"{nodes[0].text} has shape {nodes[0].shape} and {node.text} has shape "
                    f"{node.shape}; what is stacked must have the same number of columns"
                )
        total = Size()
        self.totals.append((total, tuple(node.rows for node in nodes)))
        text = f"[{'; '.join(node.text for node in nodes)}]"
        return self._node("stack", tuple(nodes), total, nodes[0].cols, text)

    def applied(self, layer: Network, node: Node) -> Node:
        if layer.in_features is not None and not node.rows.unify(Size(layer.in_features)):
            raise ShapeError(
                f"{layer} takes a column of {layer.in_features} numbers, and {node.text} has "
                f"shape {node.shape}"
            )
        if not any(known is layer for known in self.layers):
            self.layers.append(layer)
        rows = self._rows(layer, node)
        return self._node("applied", (node,), rows, node.cols, f"{layer.name}({node.text})", layer)

    def _rows(self, layer: Network, node: Node) -> Size:
        probe = sp.Dummy("n", integer=True, positive=True)
        given = layer.features(probe if node.rows.value is None else node.rows.value)
        if given == probe:
            return node.rows
        if given is None or given.has(probe):
            raise TracingError(
                f"the number of outputs of {layer} depends on the size of {node.text}, which is "
                "not known here; give it: symnet.network(f, x=3)"
            )
        return Size(given)

    # --- sizes and values

    def settle_sizes(self, taken: set[str]) -> None:
        """Give every size that is still open a symbol: n_0, n_1, …"""
        totals = {total.root for total, _ in self.totals}
        leaves = [node for node in self.nodes if node.kind == "leaf"]
        fresh = (
            sp.Symbol(name, integer=True, positive=True)
            for k in range(len(self.nodes) * 2 + 2 + len(taken))
            if (name := f"n_{k}") not in taken
        )
        for node in leaves:
            for size in (node.rows, node.cols):
                if size.value is None and size.root not in totals:
                    size.settle(next(fresh))
        for total, parts in self.totals:
            value = sp.Add(*(part.value for part in parts))
            if total.value is None:
                total.settle(value)
            elif not same_size(total.value, value):
                raise ShapeError(f"a stack of {value} rows is used where {total} are needed")

    def expression(self, node: Node, known: dict[Node, Any], named: dict[int, Network]) -> Any:
        """The matrix expression of ``node`` in those of the ``known`` nodes; layers not opened."""
        if node in known:
            return known[node]
        args = [self.expression(arg, known, named) for arg in node.args]
        if node.kind == "product":
            value = args[0] * args[1]
        elif node.kind == "sum":
            value = args[0] + args[1]
        elif node.kind == "scaled":
            value = node.value * args[0]
        elif node.kind == "transpose":
            value = args[0].T
        elif node.kind == "stack":
            value = sp.BlockMatrix([[arg] for arg in args])
        else:
            value = Apply(named[id(node.value)], args[0])
        known[node] = value
        return value

    def stations(self, result: Node) -> list[Node]:
        """The values through which all of ``result`` goes and that are used more than once."""
        uses: dict[Node, int] = {}
        through = []
        frontier = {result}
        while frontier:
            node = max(frontier, key=lambda n: n.place)
            if len(frontier) == 1:
                through.append(node)
            frontier.discard(node)
            for arg in node.args:
                if arg.depends:
                    uses[arg] = uses.get(arg, 0) + 1
                    frontier.add(arg)
        return [node for node in reversed(through) if uses.get(node, 0) > 1 and node.args]


def _bracketed(node: Node) -> str:
    return f"({node.text})" if node.kind in ("sum", "product", "scaled") else node.text
