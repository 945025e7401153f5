"""Dropout at inference."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ..errors import LayerError
from ..exact.convert import exact_number
from ._inert import Inert


class Dropout(Inert):
    """x -> x: what dropout does at inference, as in torch after ``eval()``.

    In training it sets an entry to 0 with probability p and divides the others by 1 - p, which
    makes the expected value x; that random map is not this one.

    Parameters
    ----------
    p : number in [0, 1] or scalar expression
        The probability, 1/2 where it is left out; it does not change the result.

    Examples
    --------
    >>> import symnet as sn
    >>> sn.Dropout(0.25)([1, 2])
    Matrix([
    [1],
    [2]])

    Source: Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, Dropout, 2014.
    """

    torch = "Dropout"
    onnx = "Dropout"

    def __new__(cls, p: Any = sp.S.Half) -> Dropout:
        probability = exact_number(p, "p")
        if probability.is_negative or (1 - probability).is_negative:
            raise LayerError(f"Dropout takes a probability p from 0 to 1, and got {p}")
        self: Dropout = sp.Basic.__new__(cls, probability)
        return self

    @property
    def p(self) -> sp.Expr:
        """The probability."""
        return self.args[0]
