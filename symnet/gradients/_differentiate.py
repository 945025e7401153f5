"""Differentials, adjoints and Jacobians of expressions, by the rules for their parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sympy as sp

from ..errors import GradientError
from ._algebra import plus, transposed
from .nodes import rule_of


class Derivative:
    """What depends on the variables, and its differentials; every part is derived once.

    Parameters
    ----------
    variables : mapping of MatrixSymbols (or Symbols) to their differentials
        For adjoints and Jacobians the differentials play no part.
    """

    def __init__(self, variables: Mapping[Any, Any] | Iterable[Any]) -> None:
        self.variables = dict(variables) if isinstance(variables, Mapping) else dict.fromkeys(
            variables)  # fmt: skip
        self._depends: dict[Any, bool] = {}
        self._pushed: dict[Any, Any] = {}
        self._jacobians: dict[Any, Any] = {}

    def depends(self, part: Any) -> bool:
        """Whether a part depends on the variables."""
        known = self._depends.get(part)
        if known is None:
            if isinstance(part, sp.MatrixSymbol | sp.Symbol):
                known = part in self.variables
            else:
                known = any(self.depends(arg) for arg in part.args)
            self._depends[part] = known
        return known

    def push(self, part: Any) -> Any:
        """The differential of a part."""
        if part in self.variables:
            return self.variables[part]
        if not self.depends(part):
            return sp.ZeroMatrix(*part.shape) if _is_matrix(part) else sp.S.Zero
        if part not in self._pushed:
            self._pushed[part] = rule_of(part).push(part, self)
        return self._pushed[part]

    def jacobian(self, part: Any) -> Any:
        """The matrix J with d vec(part) = J d vec(variable), for one variable."""
        (variable,) = self.variables
        size = variable.shape[0] * variable.shape[1]
        if part == variable:
            return sp.Identity(size)
        if not self.depends(part):
            rows = part.shape[0] * part.shape[1] if _is_matrix(part) else 1
            return sp.ZeroMatrix(rows, size)
        if _is_row(part):
            # a row and a column have the same entries in the same order
            turned = transposed(part)
            if isinstance(turned, sp.Transpose):
                raise GradientError(f"the Jacobian of the row {part} is not known; transpose it")
            return self.jacobian(turned)
        if part not in self._jacobians:
            self._jacobians[part] = rule_of(part).jacobian(part, self)
        return self._jacobians[part]

    def pull(self, expr: Any, adjoint: Any) -> dict[Any, Any]:
        """The adjoint of every variable for that of the expression: reverse mode.

        An expression that stands in several places is visited once, with the sum of its adjoints.
        """
        collected: dict[Any, list[Any]] = {expr: [adjoint]}
        for node in self._from_the_end(expr):
            if node in self.variables or node not in collected:
                continue
            total = plus(*collected.pop(node))
            for part, share in rule_of(node).pull(node, total, self):
                if self.depends(part):
                    collected.setdefault(part, []).append(share)
        return {v: plus(*collected[v]) for v in self.variables if v in collected}

    def _from_the_end(self, expr: Any) -> list[Any]:
        """Everything that depends, each before what it is made of."""
        order: list[Any] = []
        seen: set[Any] = set()
        waiting: list[tuple[Any, bool]] = [(expr, False)]
        while waiting:
            node, done = waiting.pop()
            if done:
                order.append(node)
                continue
            if node in seen or not self.depends(node):
                continue
            seen.add(node)
            waiting.append((node, True))
            if node not in self.variables:
                waiting += [(part, False) for part in rule_of(node).parts(node, self)]
        return order[::-1]


def _is_matrix(part: Any) -> bool:
    return bool(getattr(part, "is_Matrix", False))


def _is_row(part: Any) -> bool:
    return _is_matrix(part) and part.shape[0] == 1 and part.shape[1] != 1


def pull(expr: Any, adjoint: Any, variables: Iterable[Any]) -> dict[Any, Any]:
    """For every variable V the matrix A with <adjoint, d expr> = <A, dV>, zero where none is.

    >>> n = sp.Symbol("n", integer=True, positive=True)
    >>> W, x, g = (sp.MatrixSymbol(*s) for s in (("W", 2, n), ("x", n, 1), ("g", 2, 1)))
    >>> pull(W * x, g, [W, x])
    {W: g*x.T, x: W.T*g}
    """
    variables = list(variables)
    found = Derivative(variables).pull(expr, adjoint)
    return {v: found.get(v, _zero_like(v)) for v in variables}


def push(expr: Any, differentials: Mapping[Any, Any]) -> Any:
    """The differential of an expression, for those of its variables.

    >>> W, x, h = (sp.MatrixSymbol(*s) for s in (("W", 2, 3), ("x", 3, 1), ("h", 3, 1)))
    >>> push(W * x, {x: h})
    W*h
    """
    return Derivative(differentials).push(expr)


def jacobian(expr: Any, variable: Any) -> Any:
    """The matrix J with d expr = J d vec(variable), for an expression in one column.

    >>> W, x = sp.MatrixSymbol("W", 2, 3), sp.MatrixSymbol("x", 3, 1)
    >>> jacobian(W * x, x), jacobian(W * x, W)
    (W, KroneckerProduct(x.T, I))
    """
    if _is_matrix(expr) and sp.sympify(expr.shape[1]) != 1:
        raise GradientError(
            f"{expr} has shape {tuple(expr.shape)}; only that of one column is a Jacobian matrix"
        )
    return Derivative([variable]).jacobian(expr)


def _zero_like(variable: Any) -> Any:
    return sp.ZeroMatrix(*variable.shape) if _is_matrix(variable) else sp.S.Zero
