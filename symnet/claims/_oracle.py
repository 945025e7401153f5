"""An SMT solver asked whether polynomial inequalities have a solution: z3, where it is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import sympy as sp

from . import _polynomials as poly
from ._clock import remaining
from ._contradictions import facts
from ._generators import Generators
from ._polynomials import Key
from ._terms import NEGATIVE, POSITIVE, ZERO

#: What z3 may spend on one question, in its own units; less where there is a time limit.
_EFFORT = 2_000_000
#: Polynomials of a higher degree are left alone: z3 hardly looks at the clock while it has them.
_HIGHEST_DEGREE = 24
#: Seconds for one question at most.
_PATIENCE = 10.0


@dataclass(frozen=True)
class Oracle:
    """That an SMT solver finds no solution of the constraints; ``program`` is its name."""

    constraints: tuple[tuple[Key, int], ...]
    program: str
    name: str = field(default="an SMT solver")


def is_available() -> bool:
    """Whether z3 can be imported (the extra ``smt``)."""
    try:
        import_module("z3")
    except ImportError:
        return False
    return True


def ask(
    generators: Generators, constraints: Sequence[tuple[Key, int]]
) -> Oracle | Mapping[Any, sp.Expr] | None:
    """An oracle's no, or numbers near a solution for the symbols; None where it does not know."""
    if not is_available():
        return None
    every = [*constraints, *facts(generators, constraints)]
    if any(sum(abs(e) for _, e in m) > _HIGHEST_DEGREE for p, _ in every for m, _ in p):
        return None
    z3: Any = import_module("z3")
    used = set().union(*(poly.generators(dict(p)) for p, _ in every))
    variables = {g: z3.Real(f"g{g}") for g in sorted(used)}
    solver = z3.SolverFor("QF_NRA")
    seconds = min(_PATIENCE, remaining(_PATIENCE))
    # steps between two looks at the clock may be long
    solver.set("rlimit", int(_EFFORT * seconds / _PATIENCE) + 1)
    solver.set("timeout", int(1000 * seconds) + 1)
    for g, variable in variables.items():
        this = generators.all[g]
        solver.add(_related(z3, variable, this.signs))
        if this.kind == "root" and {h for m in this.inside[0].numerator for h, _ in m} <= used:
            solver.add(variable**this.order == _term(z3, this.inside[0].numerator, variables))
    for p, signs in every:
        term = _term(z3, _without_negative_powers(dict(p)), variables)
        if term is None:
            return None
        solver.add(_related(z3, term, signs))
    answer = str(solver.check())
    if answer == "unsat":
        version = z3.get_version_string()
        return Oracle(tuple(constraints), f"z3 {version}")
    if answer == "sat":
        model = solver.model()
        return {
            generators.all[g].name: _number(model.eval(v, model_completion=True))
            for g, v in variables.items()
            if generators.all[g].kind == "symbol"
        }
    return None


def _without_negative_powers(p: poly.Polynomial) -> poly.Polynomial:
    """A positive multiple of the polynomial; only generators that are positive have such powers."""
    low: dict[int, Any] = {}
    for m in p:
        for g, e in m:
            low[g] = min(low.get(g, 0), e)
    shift = tuple(sorted((g, -e) for g, e in low.items() if e < 0))
    return {poly.joined(m, shift): c for m, c in p.items()}


def _term(z3: Any, p: poly.Polynomial, variables: Mapping[int, Any]) -> Any:
    total = z3.RealVal(0)
    for m, c in p.items():
        product = z3.RealVal(f"{c.numerator}/{c.denominator}")
        for g, e in m:
            if e.denominator != 1 or e < 0:
                return None
            for _ in range(int(e)):
                product = product * variables[g]
        total = total + product
    return total


def _related(z3: Any, term: Any, signs: int) -> Any:
    kinds = ((NEGATIVE, term < 0), (ZERO, term == 0), (POSITIVE, term > 0))
    return z3.Or(*(relation for bit, relation in kinds if signs & bit))


def _number(value: Any) -> sp.Rational:
    text = value.approx(10) if hasattr(value, "approx") else value
    return sp.Rational(text.numerator_as_long(), text.denominator_as_long())
