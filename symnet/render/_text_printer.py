"""Expressions in plain text, as on the board: ``W_2 (W_1 x + b_1) + b_2``."""
# ruff: noqa: N815 (names of methods that SymPy looks for)

from __future__ import annotations

from typing import Any

from sympy.printing.str import StrPrinter

from ..notation import Naming
from ._matrices import MatrixWriting, entry_index
from ._printer import is_matrix_symbol


class TextPrinter(MatrixWriting, StrPrinter):
    """A printer to a line of text; products are written side by side."""

    dots = "..."
    gap = " "
    hadamard = " .* "
    quotient = " ./ "
    kronecker = " (x) "
    transpose = "T"
    inverse = "-1"
    adjoint = "H"

    def __init__(self, naming: Naming) -> None:
        super().__init__({})
        self.naming = naming

    def in_parentheses(self, text: str) -> str:
        return f"({text})"

    def raised(self, base: str, exponent: str) -> str:
        return f"{base}^{exponent}"

    def symbol(self, expr: Any, exponent: str = "") -> str:
        name = self.naming.text(expr.name, is_matrix_symbol(expr))
        return self.raised(name, exponent) if exponent else name

    def _print_MatrixBase(self, expr: Any) -> str:
        rows, cols = expr.shape
        if rows * cols > 64:
            return f"[{rows}x{cols}]"
        lines = (", ".join(self._print(expr[i, j]) for j in range(cols)) for i in range(rows))
        return "[" + ", ".join(f"[{line}]" for line in lines) + "]"

    _print_ImmutableMatrix = _print_MatrixBase
    _print_ImmutableDenseMatrix = _print_MatrixBase
    _print_Matrix = _print_MatrixBase

    def _print_BlockMatrix(self, expr: Any) -> str:
        return self._print_MatrixBase(expr.blocks)

    def _print_BlockDiagMatrix(self, expr: Any) -> str:
        return f"diag({', '.join(self._print(a) for a in expr.args)})"

    def _print_DiagMatrix(self, expr: Any) -> str:
        return f"diag({self._print(expr.args[0])})"

    _print_DiagonalMatrix = _print_DiagMatrix

    def _print_ZeroMatrix(self, expr: Any) -> str:
        return "0"

    def _print_Identity(self, expr: Any) -> str:
        return "I"

    def _print_OneMatrix(self, expr: Any) -> str:
        if expr.shape[0] == 1 != expr.shape[1]:
            return "1^T"
        return "1" if expr.shape[1] == 1 else "1 1^T"

    def _print_MatrixElement(self, expr: Any) -> str:
        i, j = (self._print(entry_index(k)) for k in (expr.i, expr.j))
        return f"({self._print(expr.parent)})_({i}, {j})"

    def _print_Maps(self, expr: Any) -> str:
        argument, value = expr.args
        return f"{self._print(argument)} -> {self._print(value)}"
