"""Neurons as an expression is read, and the layers that they make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np
from flint import fmpq

from ..exact.affine import AffineMap
from ..exact.line import Line
from .activation import IDENTITY, RELU, PiecewiseLinear1D
from .layer_list import Functions, LayerList, Switches, switching
from .scalar import Jumps
from .switches import Condition, SignIn

#: An affine form: the coefficients of atoms (-1 is the constant 1).
Form = dict[int, Fraction]

#: Outputs 0 and tells the sign of its input.
_MARKER = PiecewiseLinear1D((0,), (0, 0))


@dataclass(frozen=True)
class Neuron:
    """``function(form)``, or 0 where the condition on the graph's marks does not hold."""

    form: Form
    function: PiecewiseLinear1D
    condition: Condition | None = None


class Graph:
    """Neurons as they are met: atom k < n is variable k, the others are neurons.

    A mark is a breakpoint of a neuron; conditions are on the signs of marks.
    """

    def __init__(self, variables: int) -> None:
        self.inputs = variables
        self.level = [0] * variables
        self.neurons: list[Neuron] = []
        self.marks: list[tuple[int, int]] = []
        self._number: dict[Any, int] = {}
        self._mark_number: dict[tuple[int, int], int] = {}

    def _add(self, neuron: Neuron, level: int) -> int:
        key = frozenset(neuron.form.items()), neuron.function, neuron.condition, level
        if key not in self._number:
            self._number[key] = len(self.level)
            self.level.append(level)
            self.neurons.append(neuron)
        return self._number[key]

    def _above(self, forms: Iterable[Form]) -> int:
        return 1 + max((self.level[k] for form in forms for k in form if k >= 0), default=0)

    def neuron(self, form: Form, function: PiecewiseLinear1D) -> Form:
        """The neuron ``function(form)``, made once."""
        if is_constant(form):
            return constant(function(form.get(-1, Fraction(0))))
        return {self._add(Neuron(form, function), self._above([form])): Fraction(1)}

    def along(self, form: Form, line: Line) -> Form:
        """Any function of one variable of a form."""
        if is_constant(form):
            return constant(line(form.get(-1, Fraction(0))))
        jumps = Jumps.of(line)
        result = self.neuron(form, jumps.continuous)
        if not jumps.steps:
            return result
        (atom,) = result
        parts = [result]
        for knot, height, signs in jumps.steps:
            condition = SignIn(self._mark(atom, knot), signs)
            step = Neuron({-1: height}, IDENTITY, condition)
            parts.append({self._add(step, self.level[atom]): Fraction(1)})
        return added(parts)

    def _mark(self, atom: int, breakpoint: int) -> int:
        key = atom, breakpoint
        if key not in self._mark_number:
            self._mark_number[key] = len(self.marks)
            self.marks.append(key)
        return self._mark_number[key]

    def switched(self, form: Form, condition: Condition, signed: Sequence[Form]) -> Form:
        """The form where a condition on the signs of ``signed`` holds, 0 elsewhere."""
        used = {leaf.virtual for leaf in condition.leaves()}
        if not used:
            return form if condition.holds(np.zeros((1, 0), dtype=np.int8))[0] else {}
        if not form:
            return {}
        level = self._above([form, *(signed[k] for k in used)])
        marks = {
            k: self._mark(self._add(Neuron(signed[k], _MARKER), level), 0) for k in sorted(used)
        }
        neuron = Neuron(form, IDENTITY, condition.renumbered(marks.__getitem__))
        return {self._add(neuron, level): Fraction(1)}

    def greater(self, a: Form, b: Form) -> Form:
        """max(a, b) = relu(a - b) + b."""
        return added([self.neuron(added([a, times(b, Fraction(-1))]), RELU), b])

    def greatest(self, forms: Sequence[Form]) -> Form:
        """The maximum of n forms, in ceil(log2(n)) layers."""
        while len(forms) > 1:
            pairs = zip(forms[::2], forms[1::2], strict=False)
            rest = forms[-1:] if len(forms) % 2 else ()
            forms = [*(self.greater(a, b) for a, b in pairs), *rest]
        return forms[0]

    def layers(self, outputs: Sequence[Form]) -> LayerList:
        """The layers that compute these forms."""
        depth = max((self.level[k] for k in _atoms(outputs)), default=0)
        needed = _atoms(outputs)
        carried: list[list[int]] = []
        for level in range(depth, 0, -1):
            own = {k for k in needed if self.level[k] == level}
            for k in sorted(own):
                own |= {self.marks[leaf.virtual][0] for leaf in self._leaves(k)}
            carried.append(sorted(needed | own))
            needed = (needed - own) | _atoms(self.neurons[k - self.inputs].form for k in own)
        before = list(range(self.inputs))
        maps, functions, switches = [], [], []
        for level, here in enumerate(reversed(carried), start=1):
            neurons = [
                self.neurons[k - self.inputs]
                if self.level[k] == level
                else Neuron({k: Fraction(1)}, IDENTITY)
                for k in here
            ]
            maps.append(_affine([n.form for n in neurons], before))
            functions.append(tuple(n.function for n in neurons))
            switches.append(self._switches(here, neurons, functions[-1]))
            before = here
        maps.append(_affine(outputs, before))
        return switching(tuple(maps), tuple(functions), switches)

    def _leaves(self, atom: int) -> list[SignIn]:
        condition = self.neurons[atom - self.inputs].condition
        return [] if condition is None else condition.leaves()

    def _switches(
        self, here: Sequence[int], neurons: Sequence[Neuron], functions: Functions
    ) -> Switches:
        """The conditions of a layer, on its own virtual neurons."""
        first = np.cumsum([0, *(len(f.breakpoints) for f in functions)]).tolist()
        start = dict(zip(here, first, strict=False))

        def virtual(mark: int) -> int:
            atom, knot = self.marks[mark]
            return int(start[atom]) + knot

        conditions = (n.condition for n in neurons)
        return tuple(None if c is None else c.renumbered(virtual) for c in conditions)


def constant(value: Fraction) -> Form:
    """A constant as a form."""
    return {-1: value} if value else {}


def is_constant(form: Form) -> bool:
    """Whether a form holds no atom."""
    return all(k < 0 for k in form)


def times(form: Form, factor: Fraction) -> Form:
    """A multiple of a form."""
    return {k: factor * v for k, v in form.items()} if factor else {}


def added(forms: Iterable[Form]) -> Form:
    """The sum of forms."""
    total: Form = {}
    for form in forms:
        for k, v in form.items():
            total[k] = total.get(k, Fraction(0)) + v
    return {k: v for k, v in total.items() if v}


def _atoms(forms: Iterable[Form]) -> set[int]:
    return reduce(set.union, ({k for k in f if k >= 0} for f in forms), set())


def _affine(forms: Sequence[Form], atoms: Sequence[int]) -> AffineMap:
    weight: list[list[Any]] = [[f.get(k, fmpq(0)) for k in atoms] for f in forms]
    return AffineMap.from_rationals(weight, [f.get(-1, Fraction(0)) for f in forms])
