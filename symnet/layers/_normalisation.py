"""What batch norm and layer norm have in common: parameters, and an epsilon under the root."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import sympy as sp
from sympy.core.symbol import Str
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.matrixbase import MatrixBase

from ..base import Apply
from ..errors import LayerError, ShapeError
from ..exact.convert import exact_matrix, exact_number
from ..exact.rational_matrix import RationalMatrix
from ..exact.shapes import same_size
from ..naming import Parametric
from ..sizes import as_size

#: torch's 1e-5, as it is written.
EPSILON = sp.Rational(1, 100_000)


class Normalisation(Parametric):
    """A layer with columns of parameters, the last role being the epsilon, which is no weight."""

    def __new__(cls, *args: Any, eps: Any = EPSILON, affine: bool = True) -> Self:
        number: str | None = None
        if args and isinstance(args[-1], Str):
            number, args = args[-1].name, args[:-1]
        if len(args) == len(cls.roles):
            eps, args = args[-1], args[:-1]
        epsilon = exact_number(eps, "eps")
        if epsilon.is_negative:
            raise LayerError(f"{cls.__name__} takes eps >= 0, and got {eps}")
        if len(args) == 1 and not _is_column_like(args[0]):
            return cls.build(
                *cls._symbols(as_size(args[0], "the size"), affine), epsilon, number=""
            )
        if len(args) != len(cls.roles) - 1:
            columns = ", ".join(cls.roles[:-1])
            raise LayerError(
                f"{cls.__name__} takes a size or ({columns}), and got {len(args)} arguments"
            )
        given = cls._columns(args)
        cls._check(given, epsilon)
        return cls.build(*given, epsilon, number=number)

    @classmethod
    def _symbols(cls, size: sp.Expr, affine: bool) -> list[MatrixExpr]:
        columns = [sp.MatrixSymbol(role, size, 1) for role in cls.roles[:-1]]
        return columns if affine else [sp.OneMatrix(size, 1), sp.ZeroMatrix(size, 1), *columns[2:]]

    @classmethod
    def _columns(cls, given: Sequence[Any]) -> list[MatrixExpr]:
        columns = [
            None if value is None else exact_matrix(value, role, column=True)
            for role, value in zip(cls.roles, given, strict=False)
        ]
        known = [(r, c) for r, c in zip(cls.roles, columns, strict=False) if c is not None]
        if not known or None in columns[2:]:
            raise LayerError(f"{cls.__name__} can do without gamma and beta only; give a size too")
        first, size = known[0][0], known[0][1].shape[0]
        for role, column in known:
            if not same_size(column.shape[1], sp.S.One):
                raise ShapeError(f"{role} has shape {tuple(column.shape)}; it must be one column")
            if not same_size(column.shape[0], size):
                raise ShapeError(
                    f"{first} has {size} entries and {role} has {column.shape[0]}; "
                    f"{cls.__name__} takes one for each of its inputs"
                )
        plain = (sp.OneMatrix(size, 1), sp.ZeroMatrix(size, 1))
        return [plain[k] if c is None else c for k, c in enumerate(columns)]

    @classmethod
    def _check(cls, columns: Sequence[MatrixExpr], eps: sp.Expr) -> None:
        """Raise an error where the columns cannot be what their roles say."""

    @classmethod
    def _carries(cls, parameters: Sequence[Any], number: str) -> bool:
        named = {
            role: column
            for role, column in zip(cls.roles, parameters[:-1], strict=False)
            if not isinstance(column, sp.OneMatrix | sp.ZeroMatrix)
        }
        suffix = f"_{number}" if number else ""
        return bool(named) and all(
            isinstance(column, sp.MatrixSymbol) and column.name == role + suffix
            for role, column in named.items()
        )

    def renamed(self, number: str | None) -> Self:
        """The same layer under another number; a symbolic epsilon is the user's and stays."""
        fresh = super().renamed(number)
        return self.build(*fresh.weights[:-1], self.eps, number=number)

    @property
    def eps(self) -> sp.Expr:
        """The epsilon under the root."""
        return self.weights[-1]

    @property
    def columns(self) -> tuple[MatrixExpr, ...]:
        """The parameters as SymPy matrices or matrix expressions."""
        return tuple(
            c.as_explicit() if isinstance(c, RationalMatrix) else c for c in self.weights[:-1]
        )

    @property
    def own_parameters(self) -> dict[str, Any]:
        return {
            role: column
            for role, column in zip(self.roles, self.columns, strict=False)
            if not isinstance(column, sp.OneMatrix | sp.ZeroMatrix)
        }

    @property
    def in_features(self) -> sp.Expr:
        return sp.sympify(self.weights[0].shape[0])

    def forward(self, x: MatrixExpr) -> MatrixExpr:
        filled = (MatrixBase, sp.OneMatrix, sp.ZeroMatrix)
        if isinstance(x, MatrixBase) and all(isinstance(c, filled) for c in self.columns):
            return self.definition(x)
        return Apply(self, x)

    @property
    def name(self) -> str:
        return type(self).__name__ + (f"_{self.number}" if self.number else "")

    @property
    def name_latex(self) -> str:
        subscript = f"_{{{self.number}}}" if self.number else ""
        return rf"\operatorname{{{type(self).__name__}}}{subscript}"

    def _sympystr(self, printer: Any) -> str:
        shown = [printer._print(column) for column in self.columns]
        epsilon = [] if self.eps == EPSILON else [f"eps={printer._print(self.eps)}"]
        return f"{type(self).__name__}({', '.join([*shown, *epsilon])})"


def _is_column_like(value: Any) -> bool:
    return bool(getattr(value, "is_Matrix", False)) or hasattr(value, "__len__")
