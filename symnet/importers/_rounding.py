"""Weights rounded where that was asked for, with a remark on what it did."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_CEILING, Context, Decimal
from fractions import Fraction
from functools import reduce
from math import lcm
from typing import Any

import numpy as np
import sympy as sp

from ..base import Network
from ..errors import LoadError
from ..exact.rational_matrix import RationalMatrix
from ..exact.sparse_matrix import SparseRationalMatrix
from ._base import DTYPES, rounded

Round = Callable[[list[Fraction]], list[Fraction]]


def rounded_network(net: Any, round_to: Any = None, limit_denominator: Any = None) -> Any:
    """The network with every number of its weights rounded, and a remark that says so.

    ``round_to`` is the name of a type of floats or a step, ``limit_denominator`` the greatest
    denominator; at most one of them is given.

    >>> import symnet as sn
    >>> net = rounded_network(sn.Sequential(sn.Linear([[0.1, 2]])), round_to=Fraction(1, 4))
    >>> net[0].W
    Matrix([[0, 2]])
    >>> print(net.remarks[0])
    weights rounded to multiples of 1/4: 1 of 2 numbers changed, at most by 0.101
    """
    if round_to is None and limit_denominator is None:
        return net
    if round_to is not None and limit_denominator is not None:
        raise LoadError("give round_to or limit_denominator, not both")
    how, words = _step(round_to) if limit_denominator is None else _limit(limit_denominator)
    counts = [0, 0]
    furthest = Fraction(0)

    def changed(flat: list[int], q: int) -> tuple[list[int], int]:
        nonlocal furthest
        before = [Fraction(n, q) for n in flat]
        after = how(before)
        moves = [abs(a - b) for a, b in zip(after, before, strict=True)]
        counts[0] += sum(map(bool, moves))
        counts[1] += len(moves)
        furthest = max([furthest, *moves])
        common = reduce(lcm, {v.denominator for v in after}, 1)
        return [v.numerator * (common // v.denominator) for v in after], common

    result = _mapped(net, changed)
    said = f"{counts[0]} of {counts[1]} numbers changed"
    if furthest:
        said += f", at most by {_digits(furthest)}"
    result.remarks = (*net.remarks, f"weights rounded to {words}: {said}")
    return result


def _digits(value: Fraction) -> str:
    """A few digits, rounded up, so that the number is not too small."""
    digits = Context(prec=3, rounding=ROUND_CEILING)
    return str(digits.divide(Decimal(value.numerator), Decimal(value.denominator)))


def _mapped(net: Any, change: Callable[[list[int], int], tuple[list[int], int]]) -> Any:
    """The network with its matrices of numbers changed."""
    args = []
    for arg in net.args:
        if isinstance(arg, RationalMatrix):
            flat, q = change(arg.flat(), arg.denominator)
            arg = RationalMatrix(arg.shape[0], arg.shape[1], flat, q)
        elif isinstance(arg, SparseRationalMatrix):
            flat, q = change(arg.numerators.tolist(), arg.denominator)
            shape = int(arg.shape[0]), int(arg.shape[1])
            arg = SparseRationalMatrix.of_entries(shape, arg.row_of, arg.columns, flat, q)
        elif isinstance(arg, Network):
            arg = _mapped(arg, change)
        args.append(arg)
    return net.func(*args) if args else net


def _step(round_to: Any) -> tuple[Round, str]:
    name = getattr(round_to, "__name__", round_to)
    if name in DTYPES:
        return lambda values: _to_floats(values, str(name)), f"the nearest {name}"
    try:
        step = Fraction(str(round_to) if isinstance(round_to, sp.Rational) else round_to)
    except (TypeError, ValueError):
        step = Fraction(0)
    if step <= 0:
        raise LoadError(
            f"round_to is {round_to}; it is {', '.join(DTYPES)}, or a positive number of which "
            "weights become multiples"
        )
    return lambda values: [round(v / step) * step for v in values], f"multiples of {step}"


def _to_floats(values: list[Fraction], dtype: str) -> list[Fraction]:
    try:
        near = np.array([v.numerator / v.denominator for v in values])
        return [Fraction(f) for f in rounded(near, values.__getitem__, dtype).tolist()]
    except OverflowError:
        raise LoadError(f"a weight is too large for {dtype}") from None


def _limit(limit: Any) -> tuple[Round, str]:
    if not isinstance(limit, int | sp.Integer) or isinstance(limit, bool) or limit < 1:
        raise LoadError(f"limit_denominator is {limit}; it is a whole number, 1 or more")
    most = int(limit)
    words = f"the nearest fractions with denominators up to {most}"
    return lambda values: [v.limit_denominator(most) for v in values], words
