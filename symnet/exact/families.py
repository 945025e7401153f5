"""Matrices with an index, W_1, W_2, …, and products and sums of any number of them."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.core.symbol import Str
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.printing.precedence import PRECEDENCE

from ..errors import ShapeError

#: (k, lower, upper): what an index runs through.
Limits = tuple[sp.Symbol, sp.Expr, sp.Expr]


class MatrixFamily:
    """The matrices W_1, W_2, …; ``W[l]`` is the one with the number l, an expression.

    Parameters
    ----------
    name : str
    rows, cols : expressions in the index
    index : integer symbol

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> l = sp.Symbol("l", integer=True, positive=True)
    >>> n = sp.Function("n", integer=True, positive=True)
    >>> W = sn.MatrixFamily("W", n(l), n(l - 1), l)
    >>> W[3], W[l + 1].shape
    (W_3, (n(l + 1), n(l)))

    Source: definition.
    """

    def __init__(self, name: str, rows: Any, cols: Any, index: sp.Symbol) -> None:
        self.name, self.index = name, index
        self.rows, self.cols = sp.sympify(rows), sp.sympify(cols)

    def __getitem__(self, number: Any) -> MatrixExpr:
        number = sp.sympify(number)
        shape = (size.subs(self.index, number) for size in (self.rows, self.cols))
        return Member(self.name, number, *shape)


class Member(MatrixExpr):
    """A matrix of a family: its name, its number, its shape."""

    precedence = PRECEDENCE["Atom"]

    def __new__(cls, name: Any, number: Any, rows: Any, cols: Any) -> Any:
        return MatrixExpr.__new__(cls, Str(str(name)), *map(sp.sympify, (number, rows, cols)))

    @property
    def shape(self) -> tuple[Any, Any]:
        _, _, rows, cols = self.args
        return rows, cols

    @property
    def number(self) -> sp.Expr:
        return self.args[1]

    @property
    def name(self) -> str:
        return str(self.args[0])

    def _sympystr(self, printer: Any) -> str:
        number = printer._print(self.number)
        return f"{self.name}_{number}" if self.number.is_Atom else f"{self.name}_({number})"

    def _latex(self, printer: Any) -> str:
        return f"{_letter(printer, self.name)}_{{{printer._print(self.number)}}}"


class _Many(MatrixExpr):
    """What products and sums share: a term, and what its index runs through."""

    def __new__(cls, term: Any, limits: Any) -> Any:
        return MatrixExpr.__new__(cls, sp.sympify(term), sp.Tuple(*limits))

    @property
    def term(self) -> Any:
        return self.args[0]

    @property
    def limits(self) -> Limits:
        k, lower, upper = self.args[1]
        return k, lower, upper

    @property
    def length(self) -> sp.Expr:
        """The number of terms."""
        _, lower, upper = self.limits
        return sp.expand(upper - lower + 1)

    @property
    def free_symbols(self) -> set[Any]:
        k, lower, upper = self.limits
        return (self.term.free_symbols - {k}) | lower.free_symbols | upper.free_symbols

    def at(self, number: Any) -> Any:
        """The term with this number."""
        return self.term.subs(self.limits[0], number)

    def between(self, lower: Any, upper: Any) -> Any:
        """The same with other bounds."""
        return self.func(self.term, (self.limits[0], lower, upper))


class MatrixProduct(_Many):
    """A_upper ⋯ A_lower: every further factor stands on the left, as layers do.

    The product of no factors is the identity.

    Parameters
    ----------
    term : matrix expression in the index
    limits : (index, lower, upper)

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> l, L = sp.symbols("l L", integer=True, positive=True)
    >>> n = sp.Function("n", integer=True, positive=True)
    >>> W = sn.MatrixFamily("W", n(l), n(l - 1), l)
    >>> product = sn.MatrixProduct(W[l], (l, 1, L))
    >>> product, product.shape
    (W_L ... W_1, (n(L), n(0)))

    Source: definition.
    """

    precedence = PRECEDENCE["Mul"]

    @property
    def shape(self) -> tuple[Any, Any]:
        _, lower, upper = self.limits
        if self.length == 0:
            return (self.at(lower).shape[1],) * 2
        return self.at(upper).shape[0], self.at(lower).shape[1]

    def _written(self, printer: Any, dots: str, gap: str) -> str:
        first, last = (printer._print(end) for end in self._ends())
        return str(first if first == last else gap.join((first, dots, last)))

    def _ends(self) -> tuple[Any, Any]:
        """The first and the last factor, as they are written."""
        _, lower, upper = self.limits
        return self.at(upper), self.at(lower)

    def _sympystr(self, printer: Any) -> str:
        return self._written(printer, "...", " ")

    def _latex(self, printer: Any) -> str:
        return self._written(printer, r"\cdots", " ")


class RisingProduct(MatrixProduct):
    """A_lower ⋯ A_upper: every further factor stands on the right, as for examples in rows.

    Parameters
    ----------
    term : matrix expression in the index
    limits : (index, lower, upper)

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> l, L = sp.symbols("l L", integer=True, positive=True)
    >>> n = sp.Function("n", integer=True, positive=True)
    >>> W = sn.MatrixFamily("W", n(l - 1), n(l), l)
    >>> sn.RisingProduct(W[l], (l, 1, L))
    W_1 ... W_L

    Source: definition.
    """

    @property
    def shape(self) -> tuple[Any, Any]:
        _, lower, upper = self.limits
        if self.length == 0:
            return (self.at(lower).shape[0],) * 2
        return self.at(lower).shape[0], self.at(upper).shape[1]

    def _ends(self) -> tuple[Any, Any]:
        return super()._ends()[::-1]


class MatrixSum(_Many):
    """A_lower + … + A_upper; the sum of no terms is zero.

    Parameters
    ----------
    term : matrix expression in the index, of one shape for all its values
    limits : (index, lower, upper)

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> l, L, m = sp.symbols("l L m", integer=True, positive=True)
    >>> b = sn.MatrixFamily("b", m, 1, l)
    >>> sn.MatrixSum(b[l], (l, 1, L))
    sum(b_l, l = 1 ... L)

    Source: definition.
    """

    precedence = PRECEDENCE["Add"]

    def __new__(cls, term: Any, limits: Any) -> Any:
        if any(sp.sympify(limits[0]) in size.free_symbols for size in term.shape):
            raise ShapeError(
                f"the terms {term} have the shape {tuple(term.shape)}, which depends on "
                f"{limits[0]}; only matrices of one shape add up"
            )
        return super().__new__(cls, term, limits)

    @property
    def shape(self) -> tuple[Any, Any]:
        rows, cols = self.term.shape
        return rows, cols

    def _sympystr(self, printer: Any) -> str:
        k, lower, upper = map(printer._print, self.limits)
        return f"sum({printer._print(self.term)}, {k} = {lower} ... {upper})"

    def _latex(self, printer: Any) -> str:
        k, lower, upper = map(printer._print, self.limits)
        return rf"\sum_{{{k}={lower}}}^{{{upper}}} {printer._print(self.term)}"


def _letter(printer: Any, name: str) -> str:
    """The letter of a family as the document writes those of matrices."""
    symbol = getattr(printer, "symbol", None)
    return str(symbol(sp.MatrixSymbol(name, 1, 1))) if symbol else name
