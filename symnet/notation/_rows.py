"""X W + b: rows, as in a program that works on batches."""

from __future__ import annotations

from typing import Any

from ._base import Notation
from ._transposition import transposed


class Rows(Notation):
    """Vectors are rows and W has shape (inputs, outputs): everything is transposed.

    The input x is written X: its rows are the inputs of a batch, and the bias is added to each.
    """

    name = "rows"
    description = "X W_1 + b_1: vectors are rows, W has shape (inputs, outputs)"
    source = "Chollet, Deep Learning with Python, 2021; keras.layers.Dense"
    letters = {"x": "X"}  # noqa: RUF012

    def arrange(self, expr: Any) -> Any:
        """The transpose, in symbols that stand for the transposes of those in ``expr``."""
        return transposed(expr)
