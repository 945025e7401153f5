"""A SymPy expression in scalar variables as a list of layers, exactly.

Each maximum, minimum, absolute value, step or activation becomes neurons, one layer above the
highest that it takes; what is needed higher up is handed on. Equal subexpressions share neurons.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp
from sympy.logic.boolalg import Boolean, BooleanFalse, BooleanTrue

from ..activations._base import ActivationFunction
from ..errors import NotPiecewiseLinearError, WeightError
from ..exact.convert import exact_number
from ..exact.line import line_of, line_through
from .activation import ABS
from .expression_graph import Form, Graph, added, constant, is_constant, times
from .layer_list import LayerList
from .scalar import line_of_layer
from .switches import ALWAYS, NEVER, AllOf, Condition, Negation, SignIn, any_of

#: The signs of lhs - rhs for which a relation holds.
_SIGNS = {
    "<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1), "==": (0,), "!=": (-1, 1),
}  # fmt: skip

Branch = tuple[sp.Expr, Condition]


def layers_of_expressions(
    expressions: Sequence[sp.Expr], variables: Sequence[sp.Symbol]
) -> tuple[LayerList, LayerList | None]:
    """The map variables -> expressions as layers; and one that is not 0 where no case holds.

    The second is None where all cases are complete by their form.

    >>> x, y = sp.symbols("x y")
    >>> layers_of_expressions([sp.Max(x, y) + x], [x, y])[0].widths
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
    reader = _Reader(variables)
    layers = reader.graph.layers([reader.form(e) for e in exact])
    holes = added(reader.hole(e) for e in exact)
    return layers, reader.graph.layers([holes]) if holes else None


class _Reader:
    """Expressions as affine forms of the atoms of a graph."""

    def __init__(self, variables: Sequence[sp.Symbol]) -> None:
        self.graph = Graph(len(variables))
        self.known: dict[sp.Expr, Form] = {v: {k: Fraction(1)} for k, v in enumerate(variables)}

    def form(self, e: sp.Expr) -> Form:
        """The expression as an affine form."""
        if e not in self.known:
            self.known[e] = self._form(e)
        return self.known[e]

    def _form(self, e: sp.Expr) -> Form:
        if e.is_Rational:
            return constant(_fraction(e))
        if e.is_number:
            value = e.doit()
            if not value.is_Rational:
                raise WeightError(f"{e} is not a rational number")
            return constant(_fraction(value))
        if isinstance(e, sp.Add):
            return added(self.form(arg) for arg in e.args)
        if isinstance(e, sp.Mul):
            found = self._product(e)
            if found is not None:
                return found
        if isinstance(e, sp.Abs):
            return self.graph.neuron(self.form(e.args[0]), ABS)
        if isinstance(e, sp.Max | sp.Min):
            return self._greatest(e)
        if isinstance(e, ActivationFunction):
            return self.graph.along(self.form(e.args[0]), line_of_layer(e.at_layer()))
        inner = self._one_variable(e)
        if inner is not None:
            return inner
        if isinstance(e, sp.sign | sp.Heaviside):
            t = sp.Dummy("t", real=True)
            line = line_of(e.func(t, *e.args[1:]), t)
            if line is not None:
                return self.graph.along(self.form(e.args[0]), line)
        if isinstance(e, sp.Piecewise):
            return self._piecewise(e)
        raise NotPiecewiseLinearError(
            f"{e} is not known to be piecewise linear ({type(e).__name__})"
        )

    def _product(self, e: sp.Mul) -> Form | None:
        coefficient, rest = e.as_independent(*e.free_symbols)
        if coefficient.is_Rational and coefficient != 1:
            return times(self.form(rest), _fraction(coefficient))
        if coefficient.is_number and not coefficient.is_Rational:
            raise WeightError(f"{e} holds {coefficient}, which is not a rational number")
        expanded = sp.expand(e)
        if expanded != e:
            return self.form(expanded)
        for k, factor in enumerate(e.args):
            cases = _as_cases(factor)
            if cases is not None:
                others = sp.Mul(*e.args[:k], *e.args[k + 1 :])
                pairs = [(value * others, condition) for value, condition in cases.args]
                return self.form(sp.Piecewise(*pairs, evaluate=False))
        return None

    def _greatest(self, e: sp.Max | sp.Min) -> Form:
        sign = Fraction(1 if isinstance(e, sp.Max) else -1)
        forms = [times(self.form(arg), sign) for arg in e.args]
        return times(self.graph.greatest(forms), sign)

    def _one_variable(self, e: sp.Expr) -> Form | None:
        """Any piecewise-linear expression in one variable, such as a ``Piecewise``."""
        if len(e.free_symbols) != 1:
            return None
        variable = next(iter(e.free_symbols))
        t = sp.Dummy("t", real=True)
        line = line_of(e.xreplace({variable: t}), t)
        return None if line is None else self.graph.along(self.form(variable), line)

    # --- cases

    def _piecewise(self, e: sp.Piecewise) -> Form:
        branches, signed = self._branches(e)
        forms = [self.form(value) for value, _ in branches]
        along = self._along_one_form(e, branches, forms, signed)
        if along is not None:
            return along
        # where the last case is all that is left, the others are changes to it
        last = forms[-1] if e.args[-1].cond == True else {}  # noqa: E712
        parts = [last]
        for form, (_, condition) in zip(forms, branches, strict=True):
            change = added([form, times(last, Fraction(-1))])
            parts.append(self.graph.switched(change, condition, signed))
        return added(parts)

    def _branches(self, e: sp.Piecewise) -> tuple[list[Branch], list[Form]]:
        """The cases with conditions that exclude each other, on the signs of some forms."""
        signed: list[Form] = []
        branches: list[Branch] = []
        before: list[Condition] = []
        for value, given in e.args:
            condition = self._condition(given, signed)
            branches.append((value, AllOf((condition, *map(Negation, before)))))
            before.append(condition)
        return branches, signed

    def _condition(self, given: Any, signed: list[Form]) -> Condition:
        if isinstance(given, BooleanTrue | BooleanFalse):
            return ALWAYS if given else NEVER
        if isinstance(given, sp.And):
            return AllOf(tuple(self._condition(part, signed) for part in given.args))
        if isinstance(given, sp.Or):
            return any_of([self._condition(part, signed) for part in given.args])
        if isinstance(given, sp.Not):
            return Negation(self._condition(given.args[0], signed))
        signs = _SIGNS.get(getattr(given, "rel_op", ""))
        if signs is not None:
            return self._relation(added([self.form(given.lhs), times(self.form(given.rhs),
                                         Fraction(-1))]), signs, signed)  # fmt: skip
        if isinstance(given, Boolean) and given.args:
            other = given.to_nnf(simplify=False)
            if other != given:
                return self._condition(other, signed)
        raise NotPiecewiseLinearError(
            f"the condition {given} is not made of relations between piecewise-linear expressions"
        )

    def _relation(self, form: Form, signs: tuple[int, ...], signed: list[Form]) -> Condition:
        """form > 0, and so on; forms that are multiples of each other are one."""
        if is_constant(form):
            value = form.get(-1, Fraction(0))
            return ALWAYS if (value > 0) - (value < 0) in signs else NEVER
        lead = next(v for k, v in sorted(form.items()) if k >= 0)
        unit = times(form, 1 / lead)
        if unit not in signed:
            signed.append(unit)
        side = 1 if lead > 0 else -1
        return SignIn(signed.index(unit), tuple(sorted(side * s for s in signs)))

    def _along_one_form(
        self,
        e: sp.Piecewise,
        branches: Sequence[Branch],
        forms: Sequence[Form],
        signed: Sequence[Form],
    ) -> Form | None:
        """Cases that differ along one form only: the last one and a function of that form."""
        if e.args[-1].cond != True or not signed:  # noqa: E712
            return None
        direction = {k: v for k, v in signed[0].items() if k >= 0}
        changes = [added([form, times(forms[-1], Fraction(-1))]) for form in forms]
        places = [_multiple(form, direction) for form in signed]
        slopes = [_multiple(form, direction) for form in changes]
        if None in places or None in slopes:
            return None
        tests = [place for place in places if place is not None]
        lines = [slope for slope in slopes if slope is not None]

        def value(t: Fraction) -> Fraction:
            margins = [a * t + b for a, b in tests]
            signs = np.array([[(m > 0) - (m < 0) for m in margins]], dtype=np.int8)
            holding = (k for k, (_, c) in enumerate(branches) if c.holds(signs)[0])
            slope, offset = lines[next(holding)]
            return slope * t + offset

        line = line_through([-b / a for a, b in tests], value)
        return added([forms[-1], self.graph.along(direction, line)])

    def hole(self, e: sp.Expr) -> Form:
        """A form that is positive where the expression has no value, and 0 elsewhere."""
        cases = [p for p in e.atoms(sp.Piecewise) if p.args[-1].cond != True]  # noqa: E712
        if not cases:
            return {}
        if not isinstance(e, sp.Piecewise):
            return added(self.hole(arg) for arg in e.args if isinstance(arg, sp.Expr))
        branches, signed = self._branches(e)
        parts = [self.graph.switched(self.hole(v), c, signed) for v, c in branches]
        nowhere = AllOf(tuple(Negation(condition) for _, condition in branches))
        parts.append(self.graph.switched(constant(Fraction(1)), nowhere, signed))
        conditions = (pair.cond for pair in e.args)
        sides = {side for c in conditions for r in c.atoms(sp.core.relational.Relational)
                 for side in r.args}  # fmt: skip
        return added([*parts, *(self.hole(side) for side in sides)])


def _multiple(form: Form, direction: Form) -> tuple[Fraction, Fraction] | None:
    """(a, b) with form = a direction + b, None where there are none."""
    k = next(iter(direction))
    a = form.get(k, Fraction(0)) / direction[k]
    rest = added([form, times(direction, -a)])
    return (a, rest.get(-1, Fraction(0))) if is_constant(rest) else None


def _as_cases(e: sp.Expr) -> sp.Piecewise | None:
    """A factor as cases with constant values, None where it is nothing of the kind."""
    if isinstance(e, sp.Piecewise):
        return e
    if isinstance(e, ActivationFunction) and not e.continuous and e.piecewise_linear:
        cases: Callable[..., Any] = getattr(e, "cases", e.definition)
        return cases(*e.args)
    x = e.args[0] if e.args else e
    if isinstance(e, sp.sign):
        return sp.Piecewise((1, x > 0), (-1, x < 0), (0, True), evaluate=False)
    if isinstance(e, sp.Heaviside):
        return sp.Piecewise((1, x > 0), (0, x < 0), (e.args[1], True), evaluate=False)
    return None


def _fraction(number: sp.Rational) -> Fraction:
    return Fraction(int(number.p), int(number.q))
