r"""Expressions in LaTeX, as a lecturer writes them."""
# ruff: noqa: N815 (names of methods that SymPy looks for)

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sympy as sp
from sympy.printing.latex import LatexPrinter, accepted_latex_functions

from ..notation import Naming, Notation, get as get_notation
from ..notation._characters import DIVIDE, latex_math, latex_text
from ._breaking import broken, flat, unmarked, widest
from ._elision import elided
from ._matrices import MatrixWriting, entry_index
from ._measure import BREAK, MARKS, size
from ._scalars import variable_last

#: A matrix with more entries than this is written as its size.
_ENTRIES = 64
_DIGITS = 30
_SETS = {"Reals": "R", "Integers": "Z", "Naturals": "N", "Rationals": "Q", "Complexes": "C"}


class BoardPrinter(MatrixWriting, LatexPrinter):
    r"""A LaTeX printer for one document in one notation.

    Objects print themselves by their ``_latex`` methods, which get this printer. Places where a
    product may be broken are marked; :func:`symnet.render._breaking.broken` reads the marks.

    Parameters
    ----------
    naming : Naming
        How symbols are written.
    widest : float
        A matrix that is wider than so many points is written as its size.
    tallest : int
        Likewise one with more rows.
    """

    dots = r"\cdots"
    gap = f" {BREAK}"
    hadamard = r" \odot "
    quotient = r" \oslash "
    kronecker = r" \otimes "
    transpose = r"\top"
    inverse = "-1"
    adjoint = "*"

    def __init__(self, naming: Naming, *, widest: float = 320.0, tallest: int = 24) -> None:
        super().__init__({"ln_notation": True, "mul_symbol": self.gap})
        self._settings["mul_symbol_latex_numbers"] = r" \cdot "
        self.naming = naming
        self.widest, self.tallest = widest, tallest

    def doprint(self, expr: Any) -> str:
        latex = flat(self._print(expr))
        return latex if self.naming.unicode else latex_math_marked(latex)

    def in_parentheses(self, text: str) -> str:
        return rf"\left({text}\right)"

    def raised(self, base: str, exponent: str) -> str:
        doubled = "^" in base and not base.endswith(")")
        return f"{{{base}}}^{{{exponent}}}" if doubled else f"{base}^{{{exponent}}}"

    def joined(self, factors: list[str]) -> str:
        words = any(f.startswith((r"\mathrm", r"\text")) for f in factors)
        return (rf" {BREAK}\, " if words else self.gap).join(factors)

    def symbol(self, expr: Any, exponent: str = "") -> str:
        return self.naming.latex(expr.name, is_matrix_symbol(expr), exponent)

    def emptyPrinter(self, expr: Any) -> str:
        return rf"\text{{{latex_text(str(expr), unicode=self.naming.unicode)}}}"

    def _print_str(self, expr: str) -> str:
        return self.emptyPrinter(expr)

    _print_Str = _print_str

    # --- numbers

    def _print_Integer(self, expr: Any) -> str:
        digits = str(expr)
        if len(digits) <= _DIGITS + 5:
            return digits
        return DIVIDE.join(digits[k : k + _DIGITS] for k in range(0, len(digits), _DIGITS))

    def _print_Rational(self, expr: Any) -> str:
        if expr.q == 1:
            return self._print_Integer(expr.p)
        sign, p = ("- ", -expr.p) if expr.p < 0 else ("", expr.p)
        if len(str(p)) + len(str(expr.q)) > 2 * _DIGITS:
            return rf"{sign}({self._print_Integer(p)} / {self._print_Integer(expr.q)})"
        return rf"{sign}\frac{{{p}}}{{{expr.q}}}"

    # --- matrices

    def _print_MatrixBase(self, expr: Any) -> str:
        rows, cols = expr.shape
        by_size = rf"\left[{rows} \times {cols}\right]"
        if rows * cols > _ENTRIES or rows > self.tallest:
            return by_size
        lines = [
            " & ".join(self._entry_latex(expr[i, j]) for j in range(cols)) for i in range(rows)
        ]
        end = r" \\[3pt] " if any(r"\frac" in line for line in lines) else r" \\ "
        body = end.join(lines)
        if cols <= 10:  # amsmath's pmatrix takes ten columns
            whole = rf"\begin{{pmatrix}} {body} \end{{pmatrix}}"
        else:
            frame = "c" * cols
            whole = rf"\left(\begin{{array}}{{{frame}}} {body} \end{{array}}\right)"
        measured = size(whole)
        if measured.width > self.widest or measured.lines > 1.6 * self.tallest:
            return by_size
        return whole

    _print_ImmutableMatrix = _print_MatrixBase
    _print_ImmutableDenseMatrix = _print_MatrixBase
    _print_Matrix = _print_MatrixBase

    def _entry_latex(self, entry: Any) -> str:
        return unmarked(self._print(entry))

    def _print_BlockMatrix(self, expr: Any) -> str:
        blocks = expr.blocks
        lines = [
            " & ".join(self._entry_latex(blocks[i, j]) for j in range(blocks.shape[1]))
            for i in range(blocks.shape[0])
        ]
        return r"\begin{pmatrix} " + r" \\ ".join(lines) + r" \end{pmatrix}"

    def _print_BlockDiagMatrix(self, expr: Any) -> str:
        return self._diagonal(", ".join(self._entry_latex(a) for a in expr.args))

    def _print_DiagMatrix(self, expr: Any) -> str:
        return self._diagonal(self._print(expr.args[0]))

    _print_DiagonalMatrix = _print_DiagMatrix

    def _diagonal(self, inside: str) -> str:
        return rf"\operatorname{{diag}}\left({inside}\right)"

    def _print_ZeroMatrix(self, expr: Any) -> str:
        return r"\mathbf{0}" if self.naming.bold else "0"

    def _print_Identity(self, expr: Any) -> str:
        return r"\mathbf{I}" if self.naming.bold else "I"

    def _print_OneMatrix(self, expr: Any) -> str:
        if expr.shape[0] == 1 != expr.shape[1]:
            return r"\mathbf{1}^{\top}"
        return r"\mathbf{1}" if expr.shape[1] == 1 else r"\mathbf{1} \mathbf{1}^{\top}"

    def _print_MatrixElement(self, expr: Any) -> str:
        i, j = (self._print(entry_index(k)) for k in (expr.i, expr.j))
        below = f"{i}{j}" if len(i) == len(j) == 1 else f"{i},{j}"
        inner = self._print(expr.parent)
        if "_" in inner or "^" in inner or not isinstance(expr.parent, sp.MatrixSymbol):
            inner = self.in_parentheses(inner)
        return rf"{inner}_{{{below}}}"

    def _print_ElementwiseApplyFunction(self, expr: Any) -> str:
        function = expr.function
        if isinstance(function, sp.Lambda) and isinstance(function.expr, sp.Function):
            body = function.expr
            if body.args[:1] == function.variables:
                return self._print(body.xreplace({function.variables[0]: _Standing(expr.expr)}))
        return rf"\left({self._print(function)}\right)\left({self._print(expr.expr)}\right)"

    # --- what can be too wide

    def _print_Mul(self, expr: Any) -> str:
        split = variable_last(expr)
        if split is not None:
            rest, variable = split
            first = self._print(rest)
            return self.joined(
                [self.in_parentheses(first) if rest.is_Add else first, self._print(variable)]
            )
        latex = str(super()._print_Mul(expr))
        if r"\frac" not in latex or widest(flat(latex)) <= self.widest:
            return latex
        above, below = sp.fraction(expr)
        if below == 1:
            return latex
        return rf"\left({self._print(above)}\right) / \left({self._print(below)}\right)"

    def _print_Pow(self, expr: Any) -> str:
        latex = str(super()._print_Pow(expr))
        if widest(flat(latex)) <= self.widest:
            return latex
        exponent = unmarked(self._print(expr.exp))
        return rf"\left({self._print(expr.base)}\right)^{{{exponent}}}"

    def _print_Piecewise(self, expr: Any) -> str:
        pairs = [(self._print(value), _condition(self, holds)) for value, holds in expr.args]
        return cases(pairs, self.widest)

    # --- functions and sets

    def _hprint_Function(self, func: str) -> str:
        if func in accepted_latex_functions or (func.isascii() and func.isalnum()):
            return str(super()._hprint_Function(func))
        name = latex_text(func, unicode=self.naming.unicode, breaks=False)
        return rf"\operatorname{{{name}}}".replace("%", "%%")  # SymPy formats it once more

    def _print_Maps(self, expr: Any) -> str:
        argument, value = expr.args
        return rf"{self._print(argument)} \mapsto {self._print(value)}"


class _Standing(sp.Symbol):
    """A matrix in the place of a scalar, to print f(W x) for f at every entry of W x."""

    def __new__(cls, matrix: Any) -> _Standing:
        self: _Standing = sp.Symbol.__new__(cls, "standing")
        self.matrix = matrix
        return self

    def _latex(self, printer: Any) -> str:
        return str(printer._print(self.matrix))


def _condition(printer: BoardPrinter, holds: Any) -> str:
    return r"\text{otherwise}" if holds == True else rf"\text{{if }} {printer._print(holds)}"  # noqa: E712


def cases(pairs: Iterable[tuple[str, str]], room: float, wrap: bool = True) -> str:
    """Values and conditions in a ``cases`` environment, what is long over several lines.

    Without ``wrap`` conditions stay in one line and take no room from the values.
    """
    pairs = list(pairs)
    conditions = max(size(c).width for _, c in pairs)
    for_conditions = min(conditions, 0.5 * room) if wrap else conditions
    room += 0.0 if wrap else conditions
    rows: list[str] = []
    for value, condition in pairs:
        values = broken(flat(value), room - for_conditions - 25, room - for_conditions - 35)
        when = broken(flat(condition), for_conditions + 1, for_conditions - 9)
        for k in range(max(len(values), len(when))):
            shown = values[k] if k < len(values) else ""
            also = when[k] if k < len(when) else ""
            indent = r"\quad {}" if k else ""
            rows.append(
                f"{indent if shown else ''}{shown} & {indent if also else ''}{also}".rstrip()
            )
    whole = r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"
    return whole if not wrap or size(whole).width <= room + 10.0 else _stacked(pairs, room)


def _stacked(pairs: Iterable[tuple[str, str]], room: float) -> str:
    """Cases with each condition below its value."""
    rows: list[str] = []
    for value, condition in pairs:
        first, *others = broken(flat(value), room - 25, room - 35)
        rows += [first, *(rf"\quad {{}}{part}" for part in others)]
        rows += [rf"\qquad {{}}{part}" for part in broken(flat(condition), room - 45, room - 45)]
    return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"


def _set_printer(letter: str) -> Any:
    def printed(self: BoardPrinter, expr: Any) -> str:
        return rf"\mathbf{{{letter}}}"

    return printed


for _name, _letter in _SETS.items():
    setattr(BoardPrinter, f"_print_{_name}", _set_printer(_letter))


def latex_math_marked(latex: str) -> str:
    """ASCII for LaTeX, with the marks for breaks kept."""
    return "".join(c if c in MARKS else latex_math(c) for c in latex)


def is_matrix_symbol(symbol: Any) -> bool:
    return isinstance(symbol, sp.MatrixSymbol)


def symbols_of(expressions: Iterable[Any]) -> set[tuple[str, bool]]:
    """The names in the expressions, and whether each is that of a matrix."""
    found: set[tuple[str, bool]] = set()
    for expr in expressions:
        if isinstance(expr, sp.Basic):
            atoms = expr.atoms(sp.Symbol, sp.MatrixSymbol)
            found |= {(s.name, is_matrix_symbol(s)) for s in atoms}
    return found


def latex(
    expr: Any, notation: str | Notation = "columns", *, bold: bool = False, elide: bool = True
) -> str:
    r"""One expression in LaTeX, in a notation.

    >>> import sympy as sp
    >>> n = sp.Symbol("n")
    >>> V, W, x = (sp.MatrixSymbol(s, n, k) for s, k in (("V", n), ("W", n), ("x", 1)))
    >>> print(latex(V * W * x - x))
    V W x - x
    """
    chosen = get_notation(notation)
    arranged = chosen.arrange(expr)
    naming = Naming(chosen, bold=bold)
    naming.learn(symbols_of([arranged]))
    return unmarked(BoardPrinter(naming).doprint(elided(arranged) if elide else arranged))
