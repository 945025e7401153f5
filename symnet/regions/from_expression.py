"""A SymPy expression in scalar variables as a list of layers, exactly.

Each maximum, minimum, absolute value or activation becomes neurons, one layer above the highest
that it takes; what is needed higher up is handed on. Equal subexpressions share their neurons.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import reduce
from typing import Any

import sympy as sp
from flint import fmpq

from ..activations._base import ActivationFunction
from ..errors import NotPiecewiseLinearError, WeightError
from ..exact.affine import AffineMap
from ..exact.convert import exact_number
from ..exact.line import line_of
from .activation import IDENTITY, PiecewiseLinear1D
from .from_network import function_of_line, scalar_function
from .layer_list import LayerList

#: An affine form: the coefficients of atoms (-1 is the constant 1).
Form = dict[int, Fraction]

_RELU = PiecewiseLinear1D((0,), (0, 1))
_ABS = PiecewiseLinear1D((0,), (-1, 1))


def layers_of_expressions(
    expressions: Sequence[sp.Expr], variables: Sequence[sp.Symbol]
) -> LayerList:
    """The map variables -> expressions as layers.

    >>> x, y = sp.symbols("x y")
    >>> layers_of_expressions([sp.Max(x, y) + x], [x, y]).widths
    (3,)
    """
    exact = [exact_number(e, "an entry of the function") for e in expressions]
    others = set().union(*(e.free_symbols for e in exact)) - set(variables)
    if others:
        names = ", ".join(sorted(map(str, others)))
        raise WeightError(
            f"the expression holds {names} besides the variables {', '.join(map(str, variables))}; "
            "regions need numbers: substitute them, or name them as variables"
        )
    graph = _Graph(variables)
    return graph.layers([graph.form(e) for e in exact])


class _Graph:
    """Neurons as they are met: atom k < n is variable k, the others are neurons."""

    def __init__(self, variables: Sequence[sp.Symbol]) -> None:
        self.inputs = len(variables)
        self.known: dict[sp.Expr, Form] = {v: {k: Fraction(1)} for k, v in enumerate(variables)}
        self.level = [0] * self.inputs
        self.neurons: list[tuple[Form, PiecewiseLinear1D]] = []
        self.number: dict[tuple[frozenset[tuple[int, Fraction]], PiecewiseLinear1D], int] = {}

    def form(self, e: sp.Expr) -> Form:
        """The expression as an affine form of atoms."""
        if e not in self.known:
            self.known[e] = self._form(e)
        return self.known[e]

    def _form(self, e: sp.Expr) -> Form:
        if e.is_Rational:
            return {-1: Fraction(int(e.p), int(e.q))}
        if e.is_number:
            raise WeightError(f"{e} is not a rational number")
        if isinstance(e, sp.Add):
            return _sum((self.form(arg), Fraction(1)) for arg in e.args)
        if isinstance(e, sp.Mul):
            constant, rest = e.as_independent(*e.free_symbols)
            if constant.is_Rational and constant != 1:
                return _sum([(self.form(rest), Fraction(int(constant.p), int(constant.q)))])
            if constant.is_number and not constant.is_Rational:
                raise WeightError(f"{e} holds {constant}, which is not a rational number")
            expanded = sp.expand(e)
            if expanded != e:
                return self.form(expanded)
        if isinstance(e, sp.Abs):
            return self.neuron(self.form(e.args[0]), _ABS)
        if isinstance(e, sp.Max | sp.Min):
            sign = Fraction(1 if isinstance(e, sp.Max) else -1)
            forms = [_sum([(self.form(arg), sign)]) for arg in e.args]
            while len(forms) > 1:
                pairs = zip(forms[::2], forms[1::2], strict=False)
                rest = forms[-1:] if len(forms) % 2 else []
                forms = [self.greater(a, b) for a, b in pairs] + rest
            return _sum([(forms[0], sign)])
        if isinstance(e, ActivationFunction):
            return self.neuron(self.form(e.args[0]), scalar_function(e.at_layer()))
        inner = self._one_variable(e)
        if inner is not None:
            return inner
        hint = "; write it with Max, Min and Abs" if isinstance(e, sp.Piecewise) else ""
        raise NotPiecewiseLinearError(
            f"{e} is not known to be piecewise linear ({type(e).__name__}){hint}"
        )

    def greater(self, a: Form, b: Form) -> Form:
        """max(a, b) = relu(a - b) + b."""
        difference = self.neuron(_sum([(a, Fraction(1)), (b, Fraction(-1))]), _RELU)
        return _sum([(difference, Fraction(1)), (b, Fraction(1))])

    def _one_variable(self, e: sp.Expr) -> Form | None:
        """Any piecewise-linear expression in one variable, such as a ``Piecewise``."""
        if len(e.free_symbols) != 1:
            return None
        variable = next(iter(e.free_symbols))
        t = sp.Dummy("t", real=True)
        line = line_of(e.xreplace({variable: t}), t)
        if line is None:
            return None
        return self.neuron(self.form(variable), function_of_line(line, str(e)))

    def neuron(self, form: Form, function: PiecewiseLinear1D) -> Form:
        """The neuron ``function(form)`` as an atom, made once."""
        if all(k < 0 for k in form):
            return {-1: function(form.get(-1, Fraction(0)))}
        key = frozenset(form.items()), function
        if key not in self.number:
            self.number[key] = len(self.level)
            self.level.append(1 + max(self.level[k] for k in form if k >= 0))
            self.neurons.append((form, function))
        return {self.number[key]: Fraction(1)}

    def layers(self, outputs: Sequence[Form]) -> LayerList:
        """The layers that compute these forms."""
        depth = max((self.level[k] for f in outputs for k in f if k >= 0), default=0)
        needed = _atoms(outputs)
        carried: list[list[int]] = []
        for level in range(depth, 0, -1):
            here = sorted(needed)
            carried.append(here)
            own = [self.neurons[k - self.inputs][0] for k in here if self.level[k] == level]
            needed = {k for k in here if self.level[k] < level} | _atoms(own)
        before = list(range(self.inputs))
        maps, functions = [], []
        for level, here in enumerate(reversed(carried), start=1):
            rows, layer = [], []
            for k in here:
                own_neuron = self.level[k] == level
                form, f = (
                    self.neurons[k - self.inputs] if own_neuron else ({k: Fraction(1)}, IDENTITY)
                )
                rows.append(form)
                layer.append(f)
            maps.append(_affine(rows, before))
            functions.append(tuple(layer))
            before = here
        maps.append(_affine(outputs, before))
        return LayerList(tuple(maps), tuple(functions))


def _atoms(forms: Iterable[Form]) -> set[int]:
    return reduce(set.union, ({k for k in f if k >= 0} for f in forms), set())


def _sum(terms: Iterable[tuple[Form, Fraction]]) -> Form:
    total: Form = {}
    for form, factor in terms:
        for k, v in form.items():
            total[k] = total.get(k, Fraction(0)) + factor * v
    return {k: v for k, v in total.items() if v}


def _affine(forms: Sequence[Form], atoms: Sequence[int]) -> AffineMap:
    weight: list[list[Any]] = [[f.get(k, fmpq(0)) for k in atoms] for f in forms]
    return AffineMap.from_rationals(weight, [f.get(-1, Fraction(0)) for f in forms])
