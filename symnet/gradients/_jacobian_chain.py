"""The Jacobian of a network as one chain: by the chain rule, with the Jacobians of the layers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp

from ..derivation import Derivation, Step
from ..document import Math
from ._algebra import plus, times
from ._board import PartialDerivative
from ._differentiate import jacobian
from ._steps import CHAIN, JACOBIAN, NAMES
from ._tape import Assignment


def jacobian_chain(assignments: Sequence[Assignment], x: Any, taken: set[str]) -> Derivation:
    """The chain dz_3/dx = dz_3/da_2 · … = W_3 D_2 W_2 D_1 W_1."""
    values = {a.symbol: a.value for a in assignments}
    end = assignments[-1].symbol

    def parents(symbol: Any) -> list[Any]:
        found = values[symbol].atoms(sp.MatrixSymbol)
        return [s for s in (x, *values) if s in found]

    def product(symbol: Any, of: Any) -> Any:
        if symbol == x:
            return sp.Identity(x.shape[0])
        return plus(*(times(of(symbol, u), product(u, of)) for u in parents(symbol)))

    def written(symbol: Any, by: Any) -> Any:
        return jacobian(values[symbol], by)

    start = PartialDerivative(end, x)
    lines = [
        (product(end, PartialDerivative), ("chain rule",), CHAIN),
        (product(end, written), ("the Jacobian of every layer",), JACOBIAN),
    ]
    steps: list[Step] = []
    current: Any = start
    for expr, reason, rule in lines:
        if expr != current:
            steps.append(Step(current, expr, reason, rule))
            current = expr
    masks = _masks(assignments, current, taken)
    if len(masks) > 1:
        named = current.xreplace({mask: name for name, mask in masks.items()})
        first = next(iter(masks))
        words = ("write ", Math(first), " and so on for the diagonal matrices")
        steps.append(Step(current, named, words, NAMES, tuple(masks.items())))
    return Derivation(start, tuple(steps))


def _masks(assignments: Sequence[Assignment], expr: Any, taken: set[str]) -> dict[Any, Any]:
    """Names D_1, D_2, … for the diagonal matrices of activations."""
    found: dict[Any, Any] = {}
    for assignment in assignments:
        if not assignment.is_entrywise:
            continue
        for mask in expr.atoms(sp.DiagMatrix):
            if assignment.value.argument == getattr(mask.args[0], "argument", None):
                number = assignment.symbol.name.partition("_")[2]
                name = next(n for n in (f"D_{number}", f"S_{number}") if n not in taken)
                found[sp.MatrixSymbol(name, *mask.shape)] = mask
    return found
