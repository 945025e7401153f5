"""Continuous functions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.matrixbase import MatrixBase

from ...base import Apply, Network
from ...errors import CertificateError, SymnetError
from ...regions.domains import rationals
from ...regions.making import piecewise
from ...regions.piecewise_linear import PiecewiseLinear
from ...verdict import Proved, Refuted, Undecided, Verdict
from .._claim import Claim
from .._clock import time_limit
from ._base import Property
from ._decomposed import decomposed
from ._subject import Subject

#: Functions that are continuous wherever they are defined, which is everywhere.
_CONTINUOUS = (
    sp.Add, sp.exp, sp.sin, sp.cos, sp.tanh, sp.sinh, sp.cosh, sp.atan, sp.asinh, sp.erf,
    sp.Abs, sp.Max, sp.Min, sp.MatAdd, sp.MatMul, sp.Transpose, sp.HadamardProduct, sp.DiagMatrix,
)  # fmt: skip


class continuous(Property):
    """f is continuous: its value at every point is the limit there.

    Compositions, sums, products and quotients without poles of continuous functions are, for all
    sizes and weights. Else a piecewise-linear function is taken apart.

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> n, m = sp.symbols("n m", integer=True, positive=True)
    >>> print(sn.prove(sn.continuous(sn.Sequential(sn.Linear(n, m), sn.ReLU(), sn.Linear(m, 1)))))
    proved (composition of continuous functions: affine maps, ReLU)
    >>> print(sn.prove(sn.continuous(sn.Step())))
    refuted: the value is not the limit; at x = 0: 0 ≠ 1

    Source: definition.
    """

    statement = "f(y) -> f(x) for y -> x"

    def claims(self) -> tuple[Claim, ...]:
        raise CertificateError("continuity is no relation of values; ask for its verdict")

    def prove(self, *, timeout: float | None = None) -> Verdict:
        parts = composed(self.written())
        if parts is not None:
            made_of = ", ".join(dict.fromkeys(["affine maps", *parts]))
            method = "composition of continuous functions"
            return Proved(method, made_of, (), Composed(), self)
        with time_limit(timeout):
            return self._by_regions()

    def check_refutation(self, verdict: Refuted) -> Proved:
        """The value at the point, and that the function jumps there."""
        f = self.subject
        point = [verdict.counterexample[v] for v in f.variables]
        pw = decomposed(self)
        if not pw.jumps_at(point) or pw(point) != verdict.lhs_value:
            raise CertificateError(f"the function does not jump at {point}")
        return Proved("decomposition", f"it jumps there, on {len(pw)} regions")

    def written(self) -> Any:
        """The function as an expression, a network in matrices."""
        f = self.function
        return f(f.input) if isinstance(f, Network) else self.subject.value

    def _by_regions(self) -> Verdict:
        f = self.subject
        try:
            pw = decomposed(self)
        except SymnetError as error:
            return Undecided(f"it is not seen to be made of continuous functions, and {error}")
        if pw.is_continuous:
            return Proved("decomposition", f"{len(pw)} regions", (), None, self)
        for point, value, limit in _jumps(f, pw):
            return Refuted(
                point, value, limit, "decomposition", "the value is not the limit", "=", self
            )
        return Undecided("it jumps somewhere, and no point was found on the lines that were tried")


def composed(expr: Any) -> list[str] | None:
    """The activations that an expression is made of, if it is continuous by being made so."""
    if isinstance(expr, sp.Symbol | sp.MatrixSymbol | MatrixElement) or not expr.free_symbols:
        return []
    applied = type(expr.layer) if isinstance(expr, Apply) else getattr(type(expr), "layer", None)
    names: list[str] = []
    if applied is not None:
        function = getattr(applied, "function", None)
        if function is None or not function.continuous:
            return None
        names = [applied.__name__]
    elif not (isinstance(expr, (*_CONTINUOUS, MatrixBase)) or expr.is_Mul or _no_pole(expr)):
        return None
    inside: Any = expr.args
    if isinstance(expr, MatrixBase):
        inside = expr.flat()
    elif isinstance(expr, Apply):
        inside = (expr.argument,)
    for part in inside:
        found = composed(part)
        if found is None:
            return None
        names = [*found, *names]
    return names


def _no_pole(expr: Any) -> bool:
    """Whether a power or a logarithm has a value everywhere."""
    if expr.is_Pow:
        whole = expr.exp.is_Integer and expr.exp >= 0
        return bool(whole or (expr.base.is_positive and expr.exp.is_real))
    return isinstance(expr, sp.log) and bool(expr.args[0].is_positive)


def _jumps(f: Subject, pw: PiecewiseLinear) -> Iterator[tuple[dict[Any, Any], Any, Any]]:
    """Points at which the function jumps, with the value and another limit; along small lines."""
    if len(f.variables) == 1:
        for t, value, limit in _jumps_on_a_line(pw):
            yield {f.variables[0]: t}, value, limit
        return
    t = sp.Dummy("t", real=True)
    axes = [tuple(int(i == k) for i in range(len(f.variables))) for k in range(len(f.variables))]
    for base, direction in product([(0,) * len(f.variables), *axes], axes):
        line = [b + t * d for b, d in zip(base, direction, strict=True)]
        along = piecewise(f.at(*line), t)
        for at, value, limit in _jumps_on_a_line(along):
            point = dict(
                zip(f.variables, (v.subs(t, at) for v in map(sp.sympify, line)), strict=True)
            )
            if pw.domain.contains(rationals(point.values())):
                yield point, value, limit


def _jumps_on_a_line(pw: PiecewiseLinear) -> Iterator[tuple[Any, Any, Any]]:
    for (t,) in sorted(pw.vertices, key=lambda v: (abs(v[0]), v[0])):
        if not pw.jumps_at(t):
            continue
        value = pw(t)
        for region in pw.regions_at(t):
            limit = region.A * sp.ImmutableDenseMatrix([t]) + region.c
            limit = limit[0, 0] if pw.scalar else limit
            if limit != value:
                yield t, value, limit


@dataclass(frozen=True)
class Composed:
    """The certificate of a composition: it is read off the expression once more."""

    def check(self, claim: Any) -> Proved:
        """Every part continuous."""
        if composed(claim.written()) is None:
            raise CertificateError(f"{claim.function} is not made of continuous functions")
        return Proved("certificate", "every part is continuous")
