"""Whether an equation holds for all values of its symbols."""

from __future__ import annotations

from typing import Any

import numpy as np
import sympy as sp
from sympy.matrices.exceptions import NonInvertibleMatrixError
from sympy.matrices.matrixbase import MatrixBase

from ..base import Network
from ..errors import LayerError, NameClashError, ShapeError, WeightError
from ..exact.convert import exact_matrix, exact_number
from ..exact.line import line_of
from ..exact.rational_matrix import RationalMatrix
from ..verdict import Proved, Refuted, Undecided, Verdict
from ._evaluate import differ, evaluate
from ._normal_form import UnsupportedError, difference_vanishes
from ._points import Point, admits, points, shrunk, symbols_of
from ._scalar import T, vanishes


def prove(lhs: Any, rhs: Any) -> Verdict:
    """Whether ``lhs = rhs`` for all values of the symbols under their assumptions.

    Parameters
    ----------
    lhs, rhs : scalar or matrix expressions of one shape, or two networks
        Sizes may be symbols; the equation is then claimed for all sizes.

    Returns
    -------
    Proved, Refuted or Undecided
        Refuted carries a point with both values; Undecided the reason.

    Raises
    ------
    ShapeError
        If the sides have different shapes.

    Examples
    --------
    >>> import sympy as sp
    >>> from symnet import prove, relu
    >>> x = sp.Symbol("x", real=True)
    >>> print(prove(relu(x) - relu(-x), x))
    proved (exact piecewise-linear normal form)
    >>> print(prove(relu(x) + relu(-x), x))
    refuted; at x = -1: 1 ≠ -1
    """
    left, right = _sides(lhs, rhs)
    if not getattr(left, "is_Matrix", False):
        counterexample = refute(left, right)
        return _scalar_identity(left - right) if counterexample is None else counterexample
    obstacle = "their normal forms are not the same"
    try:
        method = difference_vanishes(left, right)
        if method is not None:
            return Proved(method)
    except UnsupportedError as reason:
        obstacle = f"the normal form does not know {reason}"
    refuted = refute(left, right)
    if refuted is not None:
        return refuted
    entries = _concrete_entries(left, right)
    if entries is not None:
        return _entrywise(left, right, entries)
    return Undecided(
        f"no point was found where the sides differ, and {obstacle}",
        ("exact evaluation", "noncommutative normal form"),
    )


def refute(lhs: Any, rhs: Any, tries: int = 60) -> Refuted | None:
    """A small point where the two sides differ, if one is found; both values are exact."""

    def sides(point: Point) -> tuple[Any, Any]:
        return evaluate(lhs, point), evaluate(rhs, point)

    def fails(point: Point) -> bool:
        try:
            return differ(*sides(point))
        except (WeightError, NonInvertibleMatrixError):
            # no value here: a layer takes no negative variance, a matrix has no inverse
            return False

    for point in points(lhs, rhs, tries=tries):
        if fails(point):
            point = shrunk(point, fails)
            return Refuted(point, *sides(point))
    far = _far_point(lhs, rhs)
    return Refuted(far, *sides(far)) if far is not None and fails(far) else None


def _far_point(lhs: Any, rhs: Any) -> Point | None:
    """Where two piecewise-linear functions of one variable differ, however far away."""
    symbols = lhs.free_symbols | rhs.free_symbols
    if getattr(lhs, "is_Matrix", False) or len(symbols) != 1:
        return None
    (symbol,) = symbols
    if not isinstance(symbol, sp.Symbol):
        return None
    line = line_of((lhs - rhs).xreplace({symbol: T}), T)
    t = None if line is None else line.nonzero_point()
    if t is None or not admits(symbol, value := sp.Rational(t.numerator, t.denominator)):
        return None
    return {symbol: value}


def _sides(lhs: Any, rhs: Any) -> tuple[Any, Any]:
    if isinstance(lhs, Network) and isinstance(rhs, Network):
        size = lhs.in_features if lhs.in_features is not None else rhs.in_features
        taken = {s.name for s in lhs.free_symbols | rhs.free_symbols}
        x = next(n.input for n in (lhs, rhs) if n.in_features is not None or size is None)
        if x.name in taken:
            x = sp.MatrixSymbol("input", *x.shape)
        lhs, rhs = lhs(x), rhs(x)
    left, right = (_as_side(side) for side in (lhs, rhs))
    _check_names(left, right)
    shapes = [tuple(getattr(side, "shape", ())) for side in (left, right)]
    if len(shapes[0]) != len(shapes[1]) or any(
        sp.expand(a - b) != 0 for a, b in zip(*shapes, strict=True)
    ):
        raise ShapeError(
            f"the two sides have shapes {shapes[0] or 'scalar'} and {shapes[1] or 'scalar'}; "
            "only things of one shape can be equal"
        )
    return left, right


def _check_names(lhs: Any, rhs: Any) -> None:
    """Raise where a name stands for two different symbols, which print alike."""
    by_name: dict[str, Any] = {}
    for symbol in sorted(lhs.free_symbols | rhs.free_symbols, key=sp.srepr):
        other = by_name.setdefault(symbol.name, symbol)
        if other != symbol and not isinstance(symbol, sp.Dummy):
            raise NameClashError(
                f"two different symbols are called {symbol.name}: {sp.srepr(other)} and "
                f"{sp.srepr(symbol)}; use one of them on both sides, or rename one"
            )


def _as_side(side: Any) -> Any:
    """A side as an exact expression; floats become the rationals that they are."""
    if isinstance(side, Network):
        raise LayerError("a network can only be compared with a network; compare net(x) instead")
    if isinstance(side, MatrixBase) or (not isinstance(side, sp.Basic) and not np.isscalar(side)):
        matrix = exact_matrix(side, "a side", column=True)
        return matrix.as_explicit() if isinstance(matrix, RationalMatrix) else matrix
    if isinstance(side, sp.Basic) and getattr(side, "is_Matrix", False):
        return exact_matrix(side, "a side")
    return exact_number(side, "a side")


Entries = tuple[list[sp.Expr], dict[Any, sp.ImmutableDenseMatrix]]


def _concrete_entries(lhs: Any, rhs: Any) -> Entries | None:
    """lhs - rhs entry by entry where every size is a small integer, else None.

    The entries of the matrix symbols are real variables; the second part says which.
    """
    sizes, _, matrices = symbols_of(lhs, rhs)
    if sizes or not all(sp.sympify(s).is_Integer for s in lhs.shape):
        return None
    if sum(m.shape[0] * m.shape[1] for m in matrices) > 400:
        return None
    written = {
        m: sp.ImmutableDenseMatrix(*m.shape, lambda i, j, m=m: sp.Dummy(f"{m}_{i}{j}", real=True))
        for m in matrices
    }
    left, right = (evaluate(side, written) for side in (lhs, rhs))
    return [a - b for a, b in zip(left.flat(), right.flat(), strict=True)], written


def _entrywise(lhs: Any, rhs: Any, entries: Entries) -> Verdict:
    differences, written = entries
    methods = set()
    for entry in differences:
        far = refute(entry, sp.S.Zero, tries=0)
        if far is not None:
            scalars = {s: far.counterexample.get(s, sp.S.Zero) for m in written.values() for s in m}
            point = {m: matrix.xreplace(scalars) for m, matrix in written.items()}
            return Refuted(point, evaluate(lhs, point), evaluate(rhs, point))
        verdict = _scalar_identity(entry)
        if not isinstance(verdict, Proved):
            return verdict
        methods.add(verdict.method)
    return Proved("entry by entry, " + ", ".join(sorted(methods)) if methods else "no entries")


def _scalar_identity(difference: sp.Expr) -> Verdict:
    """f = 0, where no point was found that refutes it."""
    if _is_zero_polynomial(difference):
        return Proved("polynomial normal form")
    meaning = difference.doit()
    if meaning != difference and _is_zero_polynomial(meaning):
        return Proved("definitions under the assumptions on the symbols")
    real = [s for s in difference.free_symbols if isinstance(s, sp.Symbol) and s.is_real]
    for symbol in sorted(real, key=str):
        method = vanishes(difference.xreplace({symbol: T})) if not _restricted(symbol) else None
        if method is not None:
            return Proved(method)
    return Undecided(
        f"it could not be shown that {difference} is zero, and no point was found where it is not",
        ("exact evaluation", "polynomial normal form", "piecewise-linear normal form"),
    )


def _restricted(symbol: sp.Symbol) -> bool:
    return set(symbol._assumptions_orig) - {"real", "commutative"} != set()


def _is_zero_polynomial(difference: sp.Expr) -> bool:
    """Whether the difference is zero as a polynomial in what it is made of, without division."""
    if any(power.exp.is_negative is not False for power in difference.atoms(sp.Pow)):
        return False
    return bool(sp.expand(difference) == 0)
