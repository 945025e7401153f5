"""The soft maximum."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.matrixbase import MatrixBase

from ..base import Apply, Network
from ._entrywise import EntrywisePower


class Softmax(Network):
    r"""x -> exp(x_i) / (exp(x_1) + … + exp(x_n)), for every column alone.

    Examples
    --------
    >>> import sympy as sp
    >>> import symnet as sn
    >>> sn.Softmax()([0, sp.log(2), 0])
    Matrix([
    [1/4],
    [1/2],
    [1/4]])

    Source: Bridle, Probabilistic interpretation of feedforward classification network outputs,
    1990.
    """

    #: All values of an entry: 1 only for one input.
    range = sp.Interval.Lopen(0, 1)
    torch = "Softmax"
    onnx = "Softmax"

    def __new__(cls) -> Softmax:
        self: Softmax = sp.Basic.__new__(cls)
        return self

    @property
    def name(self) -> str:
        return "softmax"

    def forward(self, x: MatrixExpr) -> MatrixExpr:
        return self.definition(x) if isinstance(x, MatrixBase) else Apply(self, x)

    def definition(self, x: MatrixExpr) -> MatrixExpr:
        if isinstance(x, MatrixBase):
            powers = x.applyfunc(sp.exp)
            totals = [sp.Add(*powers[:, j]) for j in range(x.cols)]
            return sp.ImmutableDenseMatrix(*x.shape, lambda i, j: powers[i, j] / totals[j])
        size = x.shape[0]
        powers = ElementwiseApplyFunction(sp.exp, x)
        totals = sp.OneMatrix(1, size) * powers
        return Shares(powers, sp.OneMatrix(size, 1) * EntrywisePower(totals, -1))


class Shares(sp.HadamardProduct):
    """exp(x) divided by its sums over columns; generated code does so without overflow."""

    def _eval_transpose(self) -> None:
        # the transpose of a softmax is seen to be one only as it is
        return None

    def _numpycode(self, printer: Any) -> str:
        powers = self.args[0]
        amax, exp, total = (
            printer._module_format(f"numpy.{name}") for name in ("amax", "exp", "sum")
        )
        return (
            f"(lambda e: e/{total}(e, axis=0, keepdims=True))"
            f"((lambda x: {exp}(x - {amax}(x, axis=0, keepdims=True)))"
            f"({printer._print(powers.expr)}))"
        )


def softmax_argument(expr: Any) -> Any:
    """X where an expression is softmax(X) as SymPy writes it after ``doit``; else None."""
    if not isinstance(expr, sp.HadamardProduct) or len(expr.args) != 2:
        return None
    for powers, shares in (expr.args, expr.args[::-1]):
        if not isinstance(powers, ElementwiseApplyFunction) or powers.function.expr.func != sp.exp:
            continue
        rows = powers.shape[0]
        parts: tuple[Any, ...] = shares.args if isinstance(shares, sp.MatMul) else ()
        if len(parts) != 2 or parts[0] != sp.OneMatrix(rows, 1):
            continue
        totals = parts[1]
        sums = sp.MatMul(sp.OneMatrix(1, rows), powers)
        inverse = isinstance(totals, sp.HadamardPower) and totals.exp == -1
        if inverse and totals.base == sums and powers.function.expr.args[0].is_Symbol:
            return powers.expr
    return None


def softmax(x: Any) -> Any:
    """The soft maximum of every column of a matrix: ``Softmax()(x)``.

    Parameters
    ----------
    x : (n, m) matrix expression, SymPy matrix, nested list or NumPy array; a flat list is a column

    Examples
    --------
    >>> import sympy as sp
    >>> from symnet import softmax
    >>> n = sp.Symbol("n", integer=True, positive=True)
    >>> softmax(sp.MatrixSymbol("z", n, 1))
    softmax(z)
    """
    return Softmax()(x)
