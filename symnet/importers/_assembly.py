"""From the steps of a graph to a network: chains, branches, and where these cross, registers.

A step *dominates* another if every path from the input to that one goes through it. Between a step
and the one that dominates it directly lie branches; where they share no step they become a sum, a
residual or a stack. Where they share some, the values that are still needed are carried along in
one column, step by step, so that every step is computed once.

Source: Cooper, Harvey and Kennedy, A simple, fast dominance algorithm, 2001, for dominators.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ..activations._identity import Identity
from ..base import Network
from ..exact.sparse_matrix import SparseRationalMatrix
from ..layers._concat import Concat
from ..layers._residual import Residual
from ..layers._select import Select
from ..layers._sparse_linear import SparseLinear
from ..layers._sum import Sum
from ..sequential import Sequential
from .operators import Step

#: Branches inside of branches are written as such up to this depth.
_DEPTH = 20


def assembled(target: Step, source: Step) -> Sequential:
    """The network from ``source`` to ``target``."""
    graph = _Graph(target, source)
    return Sequential(*(graph.between(source, target, 0) or [Identity()]))


class _Graph:
    def __init__(self, target: Step, source: Step) -> None:
        self.order = _topological(target)
        self.number = {step: k for k, step in enumerate(self.order)}
        self.above = self._dominators(source)

    def _dominators(self, source: Step) -> dict[Step, Step]:
        """For every step the last one that all paths to it go through."""
        above: dict[Step, Step] = {source: source}
        for step in self.order:
            for k, parent in enumerate(step.parents):
                above[step] = self._meet(above, above[step], parent) if k else parent
        return above

    def _meet(self, above: dict[Step, Step], a: Step, b: Step) -> Step:
        while a is not b:
            if self.number[a] > self.number[b]:
                a = above[a]
            else:
                b = above[b]
        return a

    def between(self, start: Step, end: Step, depth: int) -> list[Network]:
        """The layers from one step to another that it dominates."""
        chain = [end]
        while chain[-1] is not start:
            chain.append(self.above[chain[-1]])
        layers: list[Network] = []
        for a, b in pairwise(chain[::-1]):
            layers += self._segment(a, b, depth)
        return layers

    def _segment(self, start: Step, end: Step, depth: int) -> list[Network]:
        last = [] if end.layer is None else [end.layer]
        if end.parents == (start,):
            return last
        inner = [self._inside(start, parent) for parent in end.parents]
        if depth >= _DEPTH or sum(map(len, inner)) > len(set().union(*inner)):
            return self._carried(start, end)
        parts = [self.between(start, parent, depth + 1) for parent in end.parents]
        if end.added and len(parts) == 2 and [] in parts and parts != [[], []]:
            return [Residual(_one(parts[0] or parts[1])), *last]
        branches = [_one(part) for part in parts]
        return [Sum(*branches) if end.added else Concat(*branches), *last]

    def _inside(self, start: Step, end: Step) -> set[Step]:
        """The steps on the way from ``start`` to ``end``, the end included."""
        found: set[Step] = set()
        waiting = [end]
        while waiting:
            step = waiting.pop()
            if step is not start and step not in found:
                found.add(step)
                waiting += step.parents
        return found

    def _carried(self, start: Step, end: Step) -> list[Network]:
        """Layers on a column that holds all values that are still needed."""
        steps = sorted(self._inside(start, end), key=self.number.__getitem__)
        last_use = {parent: step for step in steps for parent in step.parents}
        held = [start]
        layers: list[Network] = []
        for step in steps:
            kept = [
                s for s in held if s in last_use
                and self.number[last_use[s]] > self.number[step]
            ]  # fmt: skip
            value = _at(step, held)
            if kept:
                layers.append(Concat(_one(_chosen(kept, held)), _one(value)))
            else:
                layers += value
            held = [*kept, step]
        return layers


def _at(step: Step, held: list[Step]) -> list[Network]:
    """The layers from a column that holds some steps to one more."""
    layer = [] if step.layer is None else [step.layer]
    if not step.added:
        return [*_chosen(list(step.parents), held), *layer]
    starts, width = _starts(held)
    columns = np.concatenate([starts[p] + np.arange(step.size) for p in step.parents])
    rows = np.tile(np.arange(step.size), len(step.parents))
    matrix = SparseRationalMatrix.of_entries((step.size, width), rows, columns, [1] * len(rows))
    return [SparseLinear(matrix), *layer]


def _chosen(steps: list[Step], held: list[Step]) -> list[Network]:
    """The layer that picks some steps out of the column that holds more."""
    if steps == held:
        return []
    starts, width = _starts(held)
    return [Select(np.concatenate([starts[s] + np.arange(s.size) for s in steps]), width)]


def _starts(held: list[Step]) -> tuple[dict[Step, int], int]:
    ends = np.cumsum([0, *(s.size for s in held)]).tolist()
    return dict(zip(held, ends, strict=False)), ends[-1]


def _one(layers: list[Network]) -> Network:
    if not layers:
        return Identity()
    return layers[0] if len(layers) == 1 else Sequential(*layers)


def _topological(target: Step) -> list[Step]:
    """The steps that the target depends on, each after those that it reads."""
    order: list[Step] = []
    done: set[Step] = set()
    waiting = [(target, False)]
    while waiting:
        step, ready = waiting.pop()
        if ready:
            order.append(step)
        elif step not in done:
            done.add(step)
            waiting.append((step, True))
            waiting += [(parent, False) for parent in step.parents]
    return order
