"""SymPy expressions and conditions as terms."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

import sympy as sp
from sympy.core.relational import Relational
from sympy.logic.boolalg import ITE, And, Boolean, Implies, Not, Or, Xor

from ..activations._base import ActivationFunction
from ._terms import (
    SIGNS,
    ByCondition,
    BySign,
    Condition,
    Constant,
    Every,
    Function,
    Number,
    Opposite,
    Power,
    Product,
    Relation,
    Some,
    Sum,
    Term,
    Variable,
)

#: Functions that are taken as they are, real-valued wherever their arguments are.
TOTAL = ("exp", "erf", "sin", "cos", "atan", "sinh", "cosh", "tanh", "asinh")
#: Functions that have values on a part of the line only.
PARTIAL = ("log",)


class UnreadableError(Exception):
    """A part of an expression of which the procedures know nothing; the message names it."""


def rational(number: sp.Rational) -> int | Fraction:
    """A rational number as Python has it, an integer where it is one."""
    return int(number.p) if number.q == 1 else Fraction(int(number.p), int(number.q))


class Reader:
    """Reads expressions; equal ones become one term."""

    def __init__(self) -> None:
        self.known: dict[Any, Any] = {}

    def term(self, e: sp.Expr) -> Term:
        """The term for a scalar expression."""
        found: Term | None = self.known.get(e)
        if found is None:
            found = self.known[e] = self._term(e)
        return found

    def condition(self, c: Any) -> Condition:
        """The condition for a SymPy condition."""
        found: Condition | None = self.known.get(c)
        if found is None:
            found = self.known[c] = self._condition(c)
        return found

    def _term(self, e: sp.Expr) -> Term:
        if e.is_Rational:
            return Number(rational(e))
        if e.is_Symbol or isinstance(e, sp.matrices.expressions.matexpr.MatrixElement):
            return Variable(e)
        read = _READERS.get(e.func)
        if read is not None:
            return read(self, e)
        if isinstance(e, ActivationFunction):
            return self._activation(e)
        name = e.func.__name__
        if isinstance(e, sp.Function) and name in (*TOTAL, *PARTIAL):
            return Function(name, [self.term(arg) for arg in e.args])
        if e == sp.E:
            return Function("exp", [Number(1)])
        if e in (sp.pi, sp.EulerGamma, sp.GoldenRatio, sp.Catalan):
            return Function(str(e), [])
        if isinstance(e, sp.core.function.AppliedUndef):
            return Function(f"{name}()", [self.term(arg) for arg in e.args])
        raise UnreadableError(f"{name} in {e}")

    def _activation(self, e: ActivationFunction) -> Term:
        """The definition, read once for every activation, at the terms of the arguments."""
        function: Any = type(e)
        variables, definition = _definition(function)
        inner = Reader()
        for variable, arg in zip(variables, e.args, strict=True):
            inner.known[variable] = self.term(arg)
        return inner.term(definition)

    def _sum(self, e: sp.Add) -> Term:
        parts: dict[Term, int | Fraction] = {}
        for arg in e.args:
            c, rest = arg.as_coeff_Mul(rational=True)
            term = self.term(rest)
            parts[term] = parts.get(term, 0) + rational(c)
        return Sum([(t, c) for t, c in parts.items() if c])

    def _product(self, e: sp.Mul) -> Term:
        c, rest = e.as_coeff_Mul(rational=True)
        if c != 1:
            return Sum([(self.term(rest), rational(c))])
        return Product([self.term(arg) for arg in e.args])

    def _power(self, e: sp.Pow) -> Term:
        base, exponent = e.args
        if exponent.is_Rational:
            return Power(self.term(base), rational(exponent))
        if base == sp.E:
            return Function("exp", [self.term(exponent)])
        if base.is_Rational and base > 0:
            # b^x = exp(x log b)
            inside = Product([self.term(exponent), Function("log", [self.term(base)])])
            return Function("exp", [inside])
        raise UnreadableError(f"the power {e}")

    def _greatest(self, e: sp.Max | sp.Min) -> Term:
        lower = isinstance(e, sp.Min)
        # SymPy keeps them in no order
        terms = [self.term(arg) for arg in sorted(e.args, key=sp.default_sort_key)]
        while len(terms) > 1:
            pairs = list(zip(terms[::2], terms[1::2], strict=False))
            last = terms[-1:] if len(terms) % 2 else []
            terms = [self._pair(a, b, lower) for a, b in pairs] + last
        return terms[0]

    def _pair(self, a: Term, b: Term, lower: bool) -> Term:
        test = self._difference(a, b)
        return BySign(test, a, b) if lower else BySign(test, b, a)

    @staticmethod
    def _difference(a: Term, b: Term) -> Term:
        if isinstance(b, Number):
            if b.value == 0:
                return a
            return Sum([(a, 1), (Number(1), -b.value)])
        return Sum([(a, 1), (b, -1)])

    def _absolute(self, e: sp.Abs) -> Term:
        inside = self.term(e.args[0])
        return BySign(inside, Sum([(inside, -1)]), inside)

    def _sign(self, e: sp.sign) -> Term:
        return BySign(self.term(e.args[0]), Number(-1), Number(1), Number(0))

    def _heaviside(self, e: sp.Heaviside) -> Term:
        return BySign(self.term(e.args[0]), Number(0), Number(1), self.term(e.args[1]))

    def _piecewise(self, e: sp.Piecewise) -> Term:
        return ByCondition([(self.condition(c), self.term(v)) for v, c in e.args])

    # --- conditions

    def _condition(self, c: Any) -> Condition:
        if c in (sp.true, sp.false):
            return Constant(bool(c))
        if isinstance(c, Relational):
            lhs, rhs = (self.term(side) for side in c.args)
            return Relation(self._difference(lhs, rhs), SIGNS[c.rel_op])
        if isinstance(c, And | Or):
            parts = [self.condition(arg) for arg in sorted(c.args, key=sp.default_sort_key)]
            return Every(parts) if isinstance(c, And) else Some(parts)
        if isinstance(c, Not):
            return Opposite(self.condition(c.args[0]))
        if isinstance(c, ITE | Implies | Xor):
            simpler: Boolean = c.to_nnf(simplify=False)
            return self.condition(simpler)
        raise UnreadableError(f"the condition {c}")


_READERS: dict[Any, Callable[[Reader, Any], Term]] = {
    sp.Add: Reader._sum,
    sp.Mul: Reader._product,
    sp.Pow: Reader._power,
    sp.Max: Reader._greatest,
    sp.Min: Reader._greatest,
    sp.Abs: Reader._absolute,
    sp.sign: Reader._sign,
    sp.Heaviside: Reader._heaviside,
    sp.Piecewise: Reader._piecewise,
}


@cache
def _definition(function: Any) -> tuple[tuple[sp.Dummy, ...], sp.Expr]:
    variables = tuple(sp.Dummy(name, real=True) for name in ("x", *function.parameters))
    return variables, function.definition(*variables)
