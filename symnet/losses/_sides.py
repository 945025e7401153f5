"""A prediction and a target, made exact and compared with what the loss takes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.matrixbase import MatrixBase

from ..errors import LossError, ShapeError
from ..exact.convert import exact_matrix
from ..exact.rational_matrix import RationalMatrix
from ..exact.shapes import same_size

if TYPE_CHECKING:
    from ._base import Loss


def prediction_of(loss: Loss, given: Any) -> MatrixExpr:
    """What a loss is given as its prediction, as a matrix whose entries it is defined for."""
    a = _matrix(given, f"the prediction of {loss.name}")
    if isinstance(a, MatrixBase):
        _check_entries(loss, a, loss.predictions, "prediction")
    return a


def target_of(loss: Loss, given: Any, prediction: MatrixExpr) -> MatrixExpr:
    """What a loss is given as its target, in the shape of the prediction."""
    what = f"the target of {loss.name}"
    if loss.is_distribution and (classes := _classes(given, prediction)) is not None:
        return one_hot(classes, prediction, what)
    y = _matrix(given, what)
    wanted = tuple(map(sp.sympify, prediction.shape))
    found = tuple(map(sp.sympify, y.shape))
    if not all(same_size(p, q) for p, q in zip(wanted, found, strict=True)):
        turned = found == wanted[::-1]
        hint = "transpose it" if turned else "one target for every output and every example"
        raise ShapeError(
            f"{what} has shape {found}, and the prediction has shape {wanted}; "
            f"they must be the same: {hint}"
        )
    if isinstance(y, MatrixBase):
        _check_entries(loss, y, loss.targets, "target")
        if loss.is_distribution:
            _check_sums(loss, y)
    return y


def one_hot(classes: list[int], prediction: MatrixExpr, what: str) -> MatrixExpr:
    """Unit columns for the numbers of classes, counted from 0."""
    size, count = map(sp.sympify, prediction.shape)
    if not size.is_Integer:
        raise ShapeError(f"{what} is a class, and there are {size}; give their number first")
    if not same_size(count, sp.Integer(len(classes))):
        raise ShapeError(f"{what} has {len(classes)} classes, and the prediction {count} columns")
    wrong = [c for c in classes if not 0 <= c < size]
    if wrong:
        raise LossError(
            f"{what} is the class {wrong[0]}; there are {size}, counted from 0 to {size - 1}"
        )
    return sp.ImmutableDenseMatrix(int(size), len(classes), lambda i, j: int(classes[j] == i))


def columns_of(matrix: MatrixBase) -> Iterable[list[sp.Expr]]:
    """The entries column by column."""
    return (list(matrix[:, j]) for j in range(matrix.cols))


def _classes(given: Any, prediction: MatrixExpr) -> list[int] | None:
    """The numbers of classes: one, or a flat sequence with one for each of several columns."""
    kinds = (int, np.integer, sp.Integer)
    if isinstance(given, kinds) and not isinstance(given, bool):
        return [int(given)]
    if not isinstance(given, list | tuple | np.ndarray) or not len(given):
        return None
    if prediction.shape[1] == 1 and len(given) > 1:
        return None
    whole = all(isinstance(c, kinds) and not isinstance(c, bool) for c in given)
    return [int(c) for c in given] if whole else None


def _matrix(given: Any, what: str) -> Any:
    if isinstance(given, int | float | sp.Rational):
        given = [given]
    matrix = exact_matrix(given, what, column=True)
    return matrix.as_explicit() if isinstance(matrix, RationalMatrix) else matrix


def _check_entries(loss: Loss, matrix: MatrixBase, allowed: sp.Set, what: str) -> None:
    for place, entry in enumerate(matrix.flat()):
        if not entry.is_number or allowed.contains(entry) != False:  # noqa: E712
            continue
        i, j = divmod(place, matrix.cols)
        where = f"[{i}]" if matrix.cols == 1 else f"[{i}, {j}]"
        hint = ""
        if what == "prediction" and loss.link is not None and loss.with_logits is not None:
            hint = (
                f"; end the network with {loss.link.__name__}(), "
                f"or take {loss.with_logits.__name__}()"
            )
        raise LossError(
            f"entry {where} of the {what} of {loss.name} is {entry}, "
            f"and it takes {_in_words(allowed)}{hint}"
        )


def _in_words(allowed: sp.Set) -> str:
    if isinstance(allowed, sp.FiniteSet):
        return " or ".join(map(str, sorted(allowed)))
    return f"numbers from {allowed.inf} to {allowed.sup}"


def _check_sums(loss: Loss, matrix: MatrixBase) -> None:
    for j, column in enumerate(columns_of(matrix)):
        total = sp.Add(*column)
        if total.is_number and (total - 1).is_zero is False:
            which = "" if matrix.cols == 1 else f" in column {j}"
            raise LossError(
                f"the entries of the target of {loss.name} sum to {total}{which}; "
                "a target is a distribution, so they sum to 1, or the number of a class"
            )
