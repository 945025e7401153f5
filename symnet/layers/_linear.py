"""The linear layer."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.core.symbol import Str
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.matrixbase import MatrixBase

from ..errors import LayerError, ShapeError
from ..exact.algebra import added, is_zero, product_of
from ..exact.convert import as_rational, exact_matrix
from ..exact.rational_matrix import RationalMatrix
from ..exact.shapes import same_size
from ..naming import Parametric
from ..sizes import as_size


class Linear(Parametric):
    r"""x -> W x + b.

    Parameters
    ----------
    in_features, out_features : int or positive integer symbol
        The sizes; the weights are then symbols, ``W`` of shape (out_features, in_features) and
        ``b`` of shape (out_features, 1), which a :class:`Sequential` numbers.
    bias : bool
        Whether there is a ``b``.

    or

    W : (out_features, in_features) SymPy matrix or matrix expression, nested list, NumPy array
        Floats are taken as the rational numbers that they are.
    b : (out_features, 1) column, or a flat list; None for no bias

    Raises
    ------
    ShapeError
        If W and b do not fit, or a size is not a positive integer.
    WeightError
        If a weight is not a matrix of finite real entries.

    Examples
    --------
    >>> import symnet as sn
    >>> sn.Linear([[1, 2], [3, 4]], [5, 6])([1, 1])
    Matrix([
    [ 8],
    [13]])
    >>> layer = sn.Linear(3, 4)
    >>> layer(layer.input)
    W*x + b

    Source: torch.nn.Linear, for the order of arguments and the shape of W.
    """

    roles = ("W", "b")
    torch = "Linear"
    onnx = "Gemm"

    def __new__(cls, *args: Any, bias: bool = True) -> Linear:
        if bias not in (True, False):
            raise LayerError(f"bias is {bias}; it is True or False")
        number = None
        if len(args) == 3 and isinstance(args[2], Str):
            number, args = args[2].name, args[:2]
        if not 1 <= len(args) <= 2:
            raise LayerError(
                f"Linear takes (in_features, out_features) or (W, b), and got {len(args)} arguments"
            )
        if len(args) == 2 and not _is_matrix_like(args[0]) and not _is_matrix_like(args[1]):
            inputs = as_size(args[0], "in_features")
            outputs = as_size(args[1], "out_features")
            offset = sp.MatrixSymbol("b", outputs, 1) if bias else sp.ZeroMatrix(outputs, 1)
            return cls.build(sp.MatrixSymbol("W", outputs, inputs), offset, number="")
        weight = exact_matrix(args[0], "W")
        rows = weight.shape[0]
        for what, size in zip(("out_features", "in_features"), weight.shape, strict=True):
            if sp.sympify(size).is_number:
                as_size(size, what)
        given = args[1] if len(args) == 2 else None
        if given is not None and not bias:
            raise LayerError("Linear got a bias and bias=False; leave out one of them")
        offset = sp.ZeroMatrix(rows, 1) if given is None else _bias(given, weight)
        return cls.build(weight, offset, number=number)

    @property
    def W(self) -> MatrixExpr:
        """The weight, (out_features, in_features), as a SymPy matrix or matrix expression."""
        return _outward(self.args[0])

    @property
    def b(self) -> MatrixExpr:
        """The bias, (out_features, 1); a ZeroMatrix where there is none."""
        return _outward(self.args[1])

    @property
    def has_bias(self) -> bool:
        return not isinstance(self.args[1], sp.ZeroMatrix)

    @property
    def in_features(self) -> sp.Expr:
        return sp.sympify(self.args[0].shape[1])

    def features(self, inputs: sp.Expr | None) -> sp.Expr:
        return sp.sympify(self.args[0].shape[0])

    @property
    def own_parameters(self) -> dict[str, Any]:
        return {"W": self.W, "b": self.b} if self.has_bias else {"W": self.W}

    def affine_parts(self, inputs: sp.Expr | None) -> tuple[MatrixExpr, MatrixExpr]:
        return self.args[0], self.args[1]

    def forward(self, x: MatrixExpr) -> MatrixExpr:
        weight, bias = self.args[0], self.args[1]
        columns = as_rational(x) if isinstance(weight, RationalMatrix) else None
        if columns is not None and isinstance(bias, RationalMatrix | sp.ZeroMatrix):
            return self._number(weight, columns, bias).as_explicit()
        if isinstance(x, MatrixBase):
            value = self.W * x
            offset = sp.ones(1, x.cols)
        else:
            # not `*`, which would multiply explicit matrices out
            rows, cols = weight.shape[0], x.shape[1]
            value = sp.ZeroMatrix(rows, cols) if is_zero(weight) else product_of(self.W, x)
            offset = sp.OneMatrix(1, cols)
        if not self.has_bias:
            return value
        return _outward(added([value, self.b if x.shape[1] == 1 else self.b * offset]))

    @staticmethod
    def _number(
        weight: RationalMatrix, columns: RationalMatrix, bias: RationalMatrix | sp.ZeroMatrix
    ) -> RationalMatrix:
        """W X + b where all are numbers, by fast integer arithmetic."""
        value = weight.times(columns)
        if not isinstance(bias, RationalMatrix):
            return value
        count = int(columns.shape[1])
        return value.plus(bias.times(RationalMatrix(1, count, [1] * count)))

    definition = forward

    def _sympystr(self, printer: Any) -> str:
        shown = self.args[:2] if self.has_bias else self.args[:1]
        return f"Linear({', '.join(printer._print(a) for a in shown)})"


def _is_matrix_like(value: Any) -> bool:
    if isinstance(value, sp.Basic):
        return bool(getattr(value, "is_Matrix", False))
    return hasattr(value, "__len__") or (hasattr(value, "__array__") and not hasattr(value, "item"))


def _bias(given: Any, weight: MatrixExpr) -> MatrixExpr:
    offset = exact_matrix(given, "b", column=True)
    rows, cols = offset.shape
    if (
        same_size(rows, sp.S.One)
        and not same_size(cols, sp.S.One)
        and not isinstance(given, sp.Basic)
    ):
        raise ShapeError(
            f"b has shape ({rows}, {cols}), a row; biases are columns: give a flat list"
        )
    if not same_size(cols, sp.S.One):
        raise ShapeError(f"b has shape ({rows}, {cols}); a bias is one column")
    if not same_size(rows, weight.shape[0]):
        raise ShapeError(
            f"W has shape {tuple(weight.shape)} and b has {rows} entries; "
            f"a bias has one for each row of W, so {weight.shape[0]}"
        )
    if isinstance(offset, RationalMatrix) and offset.is_zero_matrix:
        return sp.ZeroMatrix(rows, 1)
    return offset


def _outward(matrix: MatrixExpr) -> MatrixExpr:
    return matrix.as_explicit() if isinstance(matrix, RationalMatrix) else matrix
