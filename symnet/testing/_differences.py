"""Gradients in floats beside exact ones: which entry differs, and what it looks like."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp
from flint import fmpq

from ..errors import RefutedError
from ..exact.arrays import Floats
from ..verdict import Refuted
from ._message import Row, message

#: Digits in which exact gradients are compared with floats.
DIGITS = 40


def compare(
    name: str, got: Any, exact: Any, tolerance: float, head: str, point: list[Row], err_msg: str
) -> None:
    """Raise where an entry of ``got`` is further from ``exact`` than the tolerance allows.

    Parameters
    ----------
    name : what it is derived by
    got : array of floats
    exact : array of the same shape of rational numbers (flint's), or balls
    tolerance : how far apart they may be, relative to the greatest entry
    head : the first line of the error
    point : rows that say where
    """
    __tracebackhide__ = True
    found = np.asarray(got, dtype=float)
    wanted = np.array([_float(v) for v in exact.ravel()]).reshape(exact.shape)
    if found.shape != wanted.shape and _squeezed(found) == _squeezed(wanted):
        found = found.reshape(wanted.shape)
    if found.shape != wanted.shape:
        turned = found.shape == wanted.shape[::-1]
        rows = [("by", name), ("shape", f"{found.shape}" + (", transposed" if turned else "")),
                ("expected", f"{wanted.shape}")]  # fmt: skip
        raise RefutedError(message(head, err_msg, rows))
    allowed = tolerance * max(float(np.abs(wanted).max(initial=0.0)), 1e-12)
    wrong = ~(np.abs(found - wanted) <= allowed)
    if not wrong.any():
        return
    place = tuple(int(k) for k in np.argwhere(wrong)[0])
    entry = f"{name}[{', '.join(map(str, place))}]"
    value = _number(exact[place])
    rows = [
        ("by", entry),
        ("exact", _shown(value)),
        ("got", str(found[place])),
        ("wrong", f"{int(wrong.sum())} of {wrong.size} entries"),
        *(("looks", words) for words in remarks(found, wanted)),
        *point,
    ]
    verdict = Refuted(
        {sp.Symbol(entry): value}, value, _as_number(found[place]), "comparison in floats", entry
    )
    raise RefutedError(message(head, err_msg, rows), verdict)


def remarks(found: Floats, wanted: Floats) -> Iterator[str]:
    """What a wrong gradient looks like: a multiple of the right one, its transpose, zero."""
    if not np.isfinite(found).all():
        yield "not a number"
        return
    if not found.any():
        yield "zero everywhere"
        return
    nonzero = np.abs(wanted) > 1e-9 * np.abs(wanted).max(initial=0.0)
    if nonzero.any():
        ratios = found[nonzero] / wanted[nonzero]
        if np.ptp(ratios) <= 1e-6 * np.abs(ratios).max():
            ratio = sp.nsimplify(sp.Float(float(ratios.mean()), 7), rational=True, tolerance=1e-6)
            if ratio != 1:
                yield f"{ratio} times the exact gradient"
            elif (np.abs(found[~nonzero]) > 0).any():
                yield "right where the exact gradient is not zero"
        elif len(ratios) > 1 and (np.abs(ratios - 1) <= 1e-6).mean() >= 0.5:
            yield "right at most entries"
    square = found.ndim == 2 and found.shape[0] == found.shape[1]
    if square and np.allclose(found.T, wanted, rtol=1e-6):
        yield "the transpose of the exact gradient"


def _float(value: Any) -> float:
    exact = isinstance(value, fmpq)
    return float(Fraction(int(value.p), int(value.q))) if exact else float(value)


def _number(value: Any) -> sp.Expr:
    """A rational number, or the middle of a ball."""
    if isinstance(value, sp.Expr):
        return value
    if isinstance(value, fmpq):
        return sp.Rational(int(value.p), int(value.q))
    return sp.Float(value.mid().str(DIGITS, radius=False), DIGITS)


def _squeezed(array: Floats) -> tuple[int, ...]:
    return tuple(n for n in array.shape if n != 1)


def _shown(value: sp.Expr) -> str:
    text = str(value)
    digits = str(sp.N(value, 17))
    return text if len(text) <= 12 else f"{digits}…"


def _as_number(value: float) -> sp.Expr:
    return sp.Rational(*float(value).as_integer_ratio()) if np.isfinite(value) else sp.nan


def arrays_in_words(arrays: dict[str, Any]) -> list[Row]:
    """Rows that say where: small arrays written out, others by their shape."""
    rows = []
    for name, array in arrays.items():
        values = np.asarray(array)
        text = " ".join(np.array2string(values, precision=4, separator=", ").split())
        rows.append((f"at {name}", text if len(text) <= 90 else f"array of shape {values.shape}"))
    return rows
