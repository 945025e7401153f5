"""Lines of a backward pass, checked by routes of their own.

A line E of the derivative of L by v is right if <E, H> is the differential of L in the direction
H, which is found forwards; the two are compared in index form, for all sizes. And it is compared
with SymPy's scalar derivatives, entry by entry, at small sizes and rational points.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

import sympy as sp

from ..claims._evaluate import differ, evaluate
from ..claims._index_form import equal_in_indices
from ..claims._normal_form import UnsupportedError
from ..exact.scalars import Inner
from ..losses import Loss
from ..verdict import Proved, Refuted, Undecided, Verdict
from ._algebra import times
from ._board import PartialDerivative
from ._differentiate import jacobian, pull, push
from ._scalar_route import Point, derivative, in_digits, random_point, sizes_of, target_like
from ._tape import Assignment

#: The sizes at which the slow route is taken, so many random choices of these; its digits.
TRIES, MANY, SIZES = 2, 30, (1, 2)
DIGITS = 40


@dataclass(frozen=True)
class Meaning:
    """What the names of a backward pass stand for.

    ``number`` is L or f, or a column that is derived, and ``formula`` what it is in terms of the
    last values; ``adjoints`` says of which value a name is the adjoint; ``target`` is what the loss
    compares with.
    """

    number: Any
    formula: Any
    assignments: tuple[Assignment, ...]
    adjoints: Mapping[Any, Any]
    loss: Loss | None = None
    target: Any = None
    batch: str | None = None

    def after(self, variable: Any) -> Any:
        """The number as a function of a variable, up to a constant, for given adjoints.

        Values that depend on the variable are written out as far as those with named adjoints: of
        such a value u the number has the differential <delta_u, du>.
        """
        written, reached = self._reach(variable)
        terms = [Inner(name, value) for name, value in reached.items()]
        last = self.formula.xreplace(written)
        return sp.Add(*terms, last) if last.has(variable) or not terms else sp.Add(*terms)

    def written(self, expr: Any, variable: Any) -> Any:
        """An expression with the values that depend on a variable written out in the same way."""
        written, reached = self._reach(variable)
        return expr.xreplace(written | {self.adjoints[name]: v for name, v in reached.items()})

    def _reach(self, variable: Any) -> tuple[dict[Any, Any], dict[Any, Any]]:
        """The values without names that depend on a variable, and those with, by their names."""
        ends = {value: name for name, value in self.adjoints.items()}
        written: dict[Any, Any] = {}
        reached: dict[Any, Any] = {}
        for assignment in self.assignments:
            value = assignment.value.xreplace(written)
            if assignment.symbol != variable and value.has(variable):
                name = ends.get(assignment.symbol)
                if name is None:
                    written[assignment.symbol] = value
                else:
                    reached[name] = value
        return written, reached

    def value_of(self, assignment_symbol: Any) -> Any:
        """What a value is in terms of those before."""
        return next(a.value for a in self.assignments if a.symbol == assignment_symbol)

    def given(self) -> list[Any]:
        """The symbols that the passes begin with, and the adjoints, which may be anything."""
        parts = [self.formula, *(a.value for a in self.assignments)]
        free = set().union(*(part.free_symbols for part in parts))
        values = {a.symbol for a in self.assignments}
        rest = free - values - set(sizes_of(*parts))
        return [*sorted(rest, key=str), *self.adjoints]

    @property
    def in_rows(self) -> bool:
        """Whether the examples are rows."""
        return self.batch == "rows"

    @property
    def is_column(self) -> bool:
        """Whether a column is derived, so that lines are Jacobians."""
        return bool(getattr(self.formula, "is_Matrix", False))

    @property
    def distribution(self) -> Any:
        """The target, where its entries sum to 1 for every example, and are symbols."""
        known = self.loss is not None and self.loss.is_distribution
        return self.target if known and isinstance(self.target, sp.MatrixSymbol) else None


def check_line(line: Any, variable: Any, meaning: Meaning) -> Verdict:
    """Whether an expression is the derivative of the number by a variable."""
    refuted = by_scalars(line, variable, meaning)
    if refuted is not None:
        return refuted
    agree = "scalar derivatives agree at small sizes"
    try:
        method = by_adjoint_identity(line, variable, meaning)
    except UnsupportedError as reason:
        return Undecided(f"{agree}, and the index form does not know {reason}")
    if method is None:
        refuted = by_scalars(line, variable, meaning, MANY)
        return Undecided(f"{agree}, and the forms differ") if refuted is None else refuted
    return Proved(f"adjoint identity, {method}")


def by_adjoint_identity(line: Any, variable: Any, meaning: Meaning) -> str | None:
    """How <line, H> was shown to be the differential of the number in the direction H."""
    names = line.atoms(PartialDerivative)
    line = line.xreplace({name: _backwards(name, meaning) for name in names})
    direction = sp.MatrixSymbol(f"d{variable.name}", *variable.shape)
    forwards = push(meaning.after(variable), {variable: direction})
    backwards = meaning.written(line, variable)
    paired = times(backwards, direction) if meaning.is_column else Inner(backwards, direction)
    return equal_in_indices(paired, forwards, meaning.distribution, int(meaning.in_rows))


def _backwards(name: PartialDerivative, meaning: Meaning) -> Any:
    """What the name of a derivative stands for, for all sizes."""
    if name.value != meaning.number:
        return jacobian(meaning.value_of(name.value), name.variable)
    if meaning.is_column:
        return jacobian(meaning.after(name.variable), name.variable)
    return pull(meaning.after(name.variable), sp.S.One, [name.variable])[name.variable]


def by_scalars(line: Any, variable: Any, meaning: Meaning, tries: int = TRIES) -> Refuted | None:
    """A point with small sizes where SymPy's scalar derivatives are others, if one is found.

    Points are compared in many digits first; what differs there is evaluated exactly.
    """
    random = Random(0)
    inputs = meaning.given()
    sizes = sizes_of(meaning.formula, *inputs, *(a.value for a in meaning.assignments))
    for _ in range(tries):
        chosen = {size: sp.Integer(random.choice(SIZES)) for size in sizes}
        given = random_point(inputs, chosen, random)
        if meaning.loss is not None and isinstance(meaning.target, sp.MatrixSymbol):
            given[meaning.target] = target_like(
                given[meaning.target], meaning.loss, meaning.in_rows
            )
        if not _agree(*_both(line, variable, meaning, in_digits(given, DIGITS))):
            found, wanted = _both(line, variable, meaning, given)
            if differ(found, wanted):
                shown = {k: v for k, v in given.items() if k not in chosen}
                return Refuted(shown, wanted, found, "scalar derivatives")
    return None


def _both(line: Any, variable: Any, meaning: Meaning, given: Point) -> tuple[Any, Any]:
    """What a line says at a point, and the derivative entry by entry."""
    point = dict(given)
    for assignment in meaning.assignments:
        point[assignment.symbol] = evaluate(assignment.value, point)
    names = {name: _slowly(name, meaning, point) for name in line.atoms(PartialDerivative)}
    wanted = _slowly(PartialDerivative(meaning.number, variable), meaning, point)
    return evaluate(line, {**point, **names}), wanted


def _agree(found: Any, wanted: Any) -> bool:
    """Whether two matrices of numbers with many digits are equal as far as the digits go."""
    pairs = zip(sp.Matrix(found).flat(), sp.Matrix(wanted).flat(), strict=True)
    differences = [abs(sp.N(p - q, DIGITS)) for p, q in pairs]
    return all(d.is_Number and d < sp.Float(10) ** (-DIGITS // 2) for d in differences)


def _slowly(name: PartialDerivative, meaning: Meaning, point: Point) -> Any:
    """A derivative at a point, entry by entry."""
    of_number = name.value == meaning.number
    formula = meaning.after(name.variable) if of_number else meaning.value_of(name.value)
    return derivative(formula, name.variable, point)
