"""Sizes: positive integers, or symbols for them."""

from __future__ import annotations

from typing import Any

import sympy as sp

from .errors import ShapeError


def as_size(value: Any, what: str) -> sp.Expr:
    """``value`` as a positive integer or an expression that is one.

    Raises
    ------
    ShapeError
        With what would be right.
    """
    if isinstance(value, bool) or not (
        isinstance(value, int | sp.Expr) or hasattr(value, "__index__")
    ):
        raise ShapeError(f"{what} is {value!r}; give a positive integer or an integer symbol")
    size = value if isinstance(value, sp.Expr) else sp.Integer(int(value))
    if size.is_number and not size.is_Integer:
        raise ShapeError(f"{what} is {value}; a size is a whole number or a symbol for one")
    if not size.is_integer:
        name = str(size) if isinstance(size, sp.Symbol) else "n"
        raise ShapeError(
            f"{what} is {size}, which is not known to be an integer; "
            f'declare it: {name} = sympy.Symbol("{name}", integer=True, positive=True)'
            + ("; for a 1×1 weight give a matrix: [[" + str(size) + "]]" if size.is_Symbol else "")
        )
    if size.is_positive is False or (size.is_number and size < 1):
        raise ShapeError(f"{what} is {size}; a size is at least 1")
    return size
