"""How sums and products of matrices are written, in LaTeX and in plain text alike.

What is nested keeps its parentheses: a derivation shows where they are. Numbers and scalars come
first, a sum does not begin with a minus where a term without one is there.
"""
# ruff: noqa: N815 (names of methods that SymPy looks for)

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sympy as sp
from sympy.matrices.expressions.adjoint import Adjoint
from sympy.matrices.matrixbase import MatrixBase

from ._elision import Around
from ._scalars import board_order

#: What needs parentheses as a factor of a product, and what needs them under an exponent.
_LOOSE = (sp.MatAdd, sp.Add, Around, sp.HadamardProduct, sp.KroneckerProduct, sp.Piecewise)
_COMPOUND = (*_LOOSE, sp.MatMul, sp.Mul, sp.Pow, sp.MatPow, sp.Transpose, sp.Inverse, Adjoint)


class MatrixWriting:
    """Printing methods over four primitives that a printer defines."""

    dots: str
    gap: str
    hadamard: str
    quotient: str
    kronecker: str
    transpose: str
    inverse: str
    adjoint: str

    if TYPE_CHECKING:

        def _print(self, expr: Any, **kwargs: Any) -> str: ...

    def in_parentheses(self, text: str) -> str:
        raise NotImplementedError

    def raised(self, base: str, exponent: str) -> str:
        raise NotImplementedError

    def symbol(self, expr: Any, exponent: str = "") -> str:
        raise NotImplementedError

    def joined(self, factors: list[str]) -> str:
        return self.gap.join(factors)

    # --- sums of scalars

    def _as_ordered_terms(self, expr: Any, order: str | None = None) -> list[Any]:
        return board_order(super()._as_ordered_terms(expr, order=order))  # type: ignore[misc]

    # --- products

    def _factor(self, expr: Any, first: bool) -> str:
        text = self._print(expr)
        loose = isinstance(expr, (*_LOOSE, sp.MatMul))
        loose = loose or (self.gap == " " and getattr(expr, "is_stacked", False))
        negative = not first and getattr(expr, "is_number", False) and text.startswith("-")
        return self.in_parentheses(text) if loose or negative else text

    def _print_MatMul(self, expr: Any) -> str:
        scalars = [a for a in expr.args if not getattr(a, "is_Matrix", False)]
        matrices = [a for a in expr.args if getattr(a, "is_Matrix", False)]
        sign, head = "", []
        for scalar in scalars:
            if scalar.is_number and scalar.could_extract_minus_sign():
                sign, scalar = "" if sign else "-", -scalar
            if scalar != 1:
                head.append(scalar)
        factors = [self._factor(a, k == 0) for k, a in enumerate([*head, *matrices])]
        return sign + (" " if sign and self.gap != " " else "") + self.joined(factors)

    def _print_HadamardProduct(self, expr: Any) -> str:
        below = [a for a in expr.args if _is_reciprocal(a)]
        above = [a for a in expr.args if not _is_reciprocal(a)]
        text = self.hadamard.join(map(self._tight, above)) or self._print(sp.OneMatrix(*expr.shape))
        return self.quotient.join([text, *(self._tight(a.base) for a in below)])

    def _print_KroneckerProduct(self, expr: Any) -> str:
        return self.kronecker.join(self._tight(a) for a in expr.args)

    def _tight(self, expr: Any) -> str:
        text = self._print(expr)
        return self.in_parentheses(text) if isinstance(expr, (*_LOOSE, sp.MatMul)) else text

    # --- sums

    def _print_MatAdd(self, expr: Any) -> str:
        signed = [self._signed(term) for term in expr.args]
        if signed and signed[0][0] == "-":  # -b + W x is written W x - b
            first = next((k for k, (sign, _) in enumerate(signed) if sign == "+"), None)
            if first is not None:
                signed.insert(0, signed.pop(first))
        text = "".join(f" {sign} {term}" for sign, term in signed)
        return text[3:] if text.startswith(" +") else text[1:]

    def _signed(self, term: Any) -> tuple[str, str]:
        text = self._print(term)
        if isinstance(term, sp.MatAdd | Around):
            return "+", self.in_parentheses(text)
        if text.startswith("-"):
            return "-", text[1:].lstrip()
        return "+", text

    # --- exponents

    def _under(self, expr: Any, exponent: str) -> str:
        if isinstance(expr, sp.MatrixSymbol):
            return self.symbol(expr, exponent)
        text = self._print(expr)
        named = hasattr(expr, "layer") or isinstance(expr, sp.Function)
        named = named or getattr(expr, "is_stacked", False)
        if isinstance(expr, _COMPOUND) or named:
            text = self.in_parentheses(text)
        return self.raised(text, exponent)

    def _print_Transpose(self, expr: Any) -> str:
        return self._under(expr.arg, self.transpose)

    def _print_Adjoint(self, expr: Any) -> str:
        return self._under(expr.arg, self.adjoint)

    def _print_Inverse(self, expr: Any) -> str:
        return self._under(expr.arg, self.inverse)

    def _print_MatPow(self, expr: Any) -> str:
        return self._under(expr.base, self._print(expr.exp))

    def _print_HadamardPower(self, expr: Any) -> str:
        exponent = expr.exp
        if exponent == -1:
            return self._print_HadamardProduct(sp.HadamardProduct(expr))
        if exponent.is_Rational and not exponent.is_Integer:
            return self._under(expr.base, f"{self.hadamard.strip()} ({exponent.p}/{exponent.q})")
        return self._under(expr.base, f"{self.hadamard.strip()} {self._print(exponent)}")

    # --- what is left out

    def _print_Dots(self, expr: Any) -> str:
        return self.dots

    def _print_Around(self, expr: Any) -> str:
        inner = self._print(expr.inner)
        if not hasattr(expr.inner, "layer"):
            inner = self.in_parentheses(inner)
        return f"{self.dots} {inner} {self.dots}"

    # --- symbols

    def _print_Symbol(self, expr: Any, style: str = "") -> str:
        return self.symbol(expr)

    def _print_MatrixSymbol(self, expr: Any) -> str:
        return self.symbol(expr)

    _print_Dummy = _print_Symbol
    _print_RandomSymbol = _print_Symbol


def _is_reciprocal(expr: Any) -> bool:
    """Whether it is 1 / x at every entry."""
    return isinstance(expr, sp.HadamardPower) and expr.exp == -1


def explicit(expr: Any) -> bool:
    """Whether it is a matrix given by its entries."""
    return isinstance(expr, MatrixBase)


def entry_index(index: Any) -> Any:
    """The row or column as mathematics counts it, from 1."""
    return index + 1
