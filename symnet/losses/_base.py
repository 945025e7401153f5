"""What a loss states about itself, and what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Self

import sympy as sp
from sympy.core.basic import Basic
from sympy.core.symbol import Str
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.matrixbase import MatrixBase

from ..base import Network
from ..errors import LossError
from ..exact.convert import exact_number
from ._sides import columns_of, prediction_of, target_of

#: The value that a loss of a batch has: the mean over what the loss says, or the sum.
REDUCTIONS = ("mean", "sum")


class Loss(Basic):
    """A number L(a, y) for a prediction a and a target y, both columns, or batches of columns.

    A member states facts as class attributes; consumers read them and keep no list of members.

    Parameters
    ----------
    *parameters : number or scalar expression
        What the loss takes besides, such as the threshold of a Huber loss.
    reduction : "mean" or "sum"
        As in torch: the mean is over all entries, or over the columns (``mean_over``).
    """

    #: What it is called in running text.
    called: ClassVar[str]
    #: What the loss takes besides a and y, and the values of those that are left out.
    parameters: ClassVar[tuple[str, ...]] = ()
    defaults: ClassVar[tuple[sp.Expr, ...]] = ()
    #: Over what ``reduction="mean"`` takes the mean: "entries" or "columns".
    mean_over: ClassVar[str] = "entries"
    #: Whether L is a sum over entries of one function of a_i and y_i.
    separable: ClassVar[bool] = True
    #: The values that an entry of a and of y can have.
    predictions: ClassVar[sp.Set] = sp.S.Reals
    targets: ClassVar[sp.Set] = sp.S.Reals
    #: Whether y is one class: its entries sum to 1, and the number of a class stands for it.
    is_distribution: ClassVar[bool] = False
    #: Whether L is convex in a.
    convex: ClassVar[bool] = True
    #: Which value the derivative has where L has a kink; empty where it has none.
    convention: ClassVar[str] = ""
    #: The layer whose output this loss often gets, and the loss that is the two in one.
    link: ClassVar[type[Network] | None] = None
    with_logits: ClassVar[type[Loss] | None] = None
    #: torch's class and function.
    torch: ClassVar[str | None] = None
    torch_function: ClassVar[str | None] = None
    #: Where the definition comes from.
    source: ClassVar[str] = ""

    def __new__(cls, *parameters: Any, reduction: Any = "mean", **named: Any) -> Self:
        if parameters and isinstance(parameters[-1], Str):
            reduction, parameters = parameters[-1].name, parameters[:-1]
        if reduction not in REDUCTIONS:
            raise LossError(
                f"{cls.__name__} takes reduction='mean' or 'sum', and got {reduction!r}; "
                "a gradient is that of one number"
            )
        given = cls._complete(parameters, named)
        exact = [exact_number(v, n) for n, v in zip(cls.parameters, given, strict=True)]
        cls._check(*exact)
        self: Self = Basic.__new__(cls, *exact, Str(reduction))
        return self

    @classmethod
    def _complete(cls, given: Sequence[Any], named: dict[str, Any]) -> Sequence[Any]:
        left = cls.parameters[len(given) :]
        defaults = dict(zip(cls.parameters[::-1], cls.defaults[::-1], strict=False))
        unknown = sorted(named.keys() - set(left))
        missing = [name for name in left if name not in named and name not in defaults]
        if len(given) > len(cls.parameters) or unknown or missing:
            takes = ", ".join((*cls.parameters, "reduction"))
            found = [*map(str, given), *(f"{k}={v}" for k, v in named.items())]
            raise LossError(f"{cls.__name__} takes {takes}, and got {', '.join(found) or 'none'}")
        return [*given, *(named.get(name, defaults.get(name)) for name in left)]

    @classmethod
    def _check(cls, *parameters: sp.Expr) -> None:
        """Raise an error for parameters that the loss is not defined for."""

    @property
    def values(self) -> tuple[sp.Expr, ...]:
        """The parameters."""
        return tuple(self.args[:-1])

    @property
    def reduction(self) -> str:
        """``"mean"`` or ``"sum"``."""
        return str(self.args[-1].name)

    def reduced(self, reduction: str) -> Self:
        """The same loss with another reduction."""
        return type(self)(*self.values, reduction=reduction)

    # --- what it means

    def entry(self, a: sp.Expr, y: sp.Expr) -> sp.Expr:
        """The function of one entry that is summed up, where the loss is separable."""
        raise NotImplementedError

    def total(self, a: MatrixBase, y: MatrixBase) -> sp.Expr:
        """The sum over explicit matrices, before the mean is taken."""
        return sp.Add(*(self.entry(p, q) for p, q in zip(a.flat(), y.flat(), strict=True)))

    def formula(self, a: MatrixExpr, y: MatrixExpr) -> sp.Expr:
        """The same sum for matrices of any size, as it is written on the board."""
        raise NotImplementedError

    def gradient(self, a: MatrixExpr, y: MatrixExpr) -> MatrixExpr:
        """The derivatives of that sum by the entries of a, in the shape of a."""
        raise NotImplementedError

    def scale(self, a: MatrixExpr) -> sp.Expr:
        """By what the sum is multiplied: 1 over the number of entries or columns, or 1."""
        if self.reduction == "sum":
            return sp.S.One
        rows, cols = map(sp.sympify, a.shape)
        return 1 / (rows * cols) if self.mean_over == "entries" else 1 / cols

    def __call__(self, prediction: Any, target: Any) -> sp.Expr:
        """The loss: a number for explicit matrices, else its formula.

        Parameters
        ----------
        prediction : (n, 1) column, or (n, m) for m columns
        target : the same shape; for a class its number, counted from 0
        """
        a = prediction_of(self, prediction)
        y = target_of(self, target, a)
        if isinstance(a, MatrixBase) and isinstance(y, MatrixBase):
            return self.scale(a) * self.total(a, y)
        return self.scale(a) * self.formula(a, y)

    # --- names

    @property
    def name(self) -> str:
        """Its name in running text."""
        return type(self).__name__

    def _sympystr(self, printer: Any) -> str:
        named = zip(self.parameters, self.values, strict=True)
        shown = [f"{name}={printer._print(v)}" for name, v in named]
        shown += [f"reduction={self.reduction!r}"] if self.reduction != "mean" else []
        return f"{self.name}({', '.join(shown)})"

    def _latex(self, printer: Any) -> str:
        return rf"\operatorname{{{self.name}}}"


__all__ = ["Loss", "columns_of"]
