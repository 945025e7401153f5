"""Several operators that are one function: what exports wrote before there were names for it.

gelu(x) is x (1 + erf(x / c)) / 2 with the float c nearest to the root of 2, and a layer norm
(x - m) / sqrt(mean((x - m)^2) + eps), m being the mean of x.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

import numpy as np

from .operators import Node

#: What is said of a network with gelu written as erf.
GELU = "taken for granted: x (1 + erf(x / c)) / 2 is GELU, c being the float nearest to sqrt(2)"

#: The number in a constant that holds one, by its name; None where there is none.
Number = Callable[[str], Fraction | None]


def recognised(nodes: Sequence[Node], number: Number) -> list[Node]:
    """The nodes, those that end such a function replaced by the operator for it."""
    finder = _Finder(nodes, number)
    return [
        node if node.domain or node.wrong is not None
        else finder.gelu(node) or finder.layer_norm(node) or node
        for node in nodes
    ]  # fmt: skip


class _Finder:
    def __init__(self, nodes: Sequence[Node], number: Number) -> None:
        self.makers: Mapping[str, Node] = {
            name: node for node in nodes for name in node.outputs
            if not node.domain and node.wrong is None
        }  # fmt: skip
        self.number = number

    def _maker(self, name: str, *kinds: str) -> Node | None:
        node = self.makers.get(name)
        return node if node is not None and node.kind in kinds else None

    def _factors(self, name: str, depth: int) -> list[tuple[Fraction, list[str]]]:
        """Ways to write a value as a number times a product of values."""
        found = [(Fraction(1), [name])]
        node = self._maker(name, "Mul", "Div")
        if node is None or depth == 0:
            return found
        a, b = node.inputs
        if node.kind == "Div":
            below = self.number(b)
            return found if not below else [
                *found, *((c / below, names) for c, names in self._factors(a, depth - 1))
            ]  # fmt: skip
        ways = [self._ways(part, depth - 1) for part in (a, b)]
        return [*found, *((p * q, [*m, *n]) for (p, m), (q, n) in product(*ways))]

    def _ways(self, name: str, depth: int) -> list[tuple[Fraction, list[str]]]:
        value = self.number(name)
        return self._factors(name, depth) if value is None else [(value, [])]

    def gelu(self, node: Node) -> Node | None:
        """Gelu(x) where the node gives x (1 + erf(x / sqrt 2)) / 2."""
        if node.kind not in ("Mul", "Div"):
            return None
        for factor, names in self._factors(node.outputs[0], 3):
            if factor == Fraction(1, 2) and len(names) == 2:
                for x, other in (names, names[::-1]):
                    if self._is_one_plus_erf(other, x):
                        return Node("Gelu", "", node.name, (x,), node.outputs, {})
        return None

    def _is_one_plus_erf(self, name: str, x: str) -> bool:
        add = self._maker(name, "Add")
        if add is None:
            return False
        for one, other in (add.inputs, add.inputs[::-1]):
            erf = self._maker(other, "Erf")
            if erf is not None and self.number(one) == 1:
                return any(
                    names == [x] and factor in _ROOTS
                    for factor, names in self._factors(erf.inputs[0], 1)
                )
        return False

    def layer_norm(self, node: Node) -> Node | None:
        """LayerNormalization(x) where the node gives (x - m) / sqrt(v + eps)."""
        root = self._maker(node.inputs[1], "Sqrt") if node.kind == "Div" else None
        total = root and self._maker(root.inputs[0], "Add")
        if total is None:
            return None
        centred = self._maker(node.inputs[0], "Sub")
        for one, other in (total.inputs, total.inputs[::-1]):
            eps, mean = self.number(one), self._maker(other, "ReduceMean")
            if eps is None or mean is None or centred is None or not self._last(mean):
                continue
            of = self._maker(centred.inputs[1], "ReduceMean")
            if (of is not None and self._last(of) and of.inputs[0] == centred.inputs[0]
                    and self._is_square(mean.inputs[0], node.inputs[0])):  # fmt: skip
                facts: dict[str, Any] = {"axis": -1, "epsilon": eps}
                return Node("LayerNormalization", "", node.name, centred.inputs[:1], node.outputs,
                            facts)  # fmt: skip
        return None

    def _last(self, node: Node) -> bool:
        """Whether a mean is along the last axis, which stays."""
        axes = node.attributes.get("axes")
        if axes is None and len(node.inputs) == 2:
            axes = (self.number(node.inputs[1]),)
        return axes is not None and tuple(axes) == (-1,) and node.attributes.get("keepdims", 1) == 1

    def _is_square(self, name: str, of: str) -> bool:
        power = self._maker(name, "Pow", "Mul")
        if power is None or power.inputs[0] != of:
            return False
        return power.inputs[1] == of if power.kind == "Mul" else self.number(power.inputs[1]) == 2


def numbers(nodes: Sequence[Node], tensor: Callable[[str], Any]) -> Number:
    """The numbers of constants; ``tensor`` gives the array that the file holds under a name."""
    made = {node.outputs[0]: node for node in nodes if node.kind == "Constant" and node.outputs}

    @cache
    def number(name: str) -> Fraction | None:
        if name in made:
            given = made[name].attributes
            value = next((given[k] for k in ("value", "value_float", "value_int") if k in given),
                         None)  # fmt: skip
        else:
            value = tensor(name)
        array = np.asarray(value)
        if value is None or array.size != 1 or not np.isfinite(array).all():
            return None
        return Fraction(array.ravel()[0].item())

    return number


def _roots() -> set[Fraction]:
    """1 / sqrt 2 in floats: the nearest one, and one over the nearest to sqrt 2."""
    found = set()
    for kind in (np.float16, np.float32, np.float64):
        found.add(Fraction(float(kind(np.sqrt(0.5)))))
        found.add(1 / Fraction(float(kind(np.sqrt(2.0)))))
    return found


_ROOTS = _roots()
