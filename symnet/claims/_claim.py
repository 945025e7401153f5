"""A claim: an equation that is to be proved or refuted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..verdict import Verdict
from ._decide import prove


@dataclass(frozen=True)
class Claim:
    """``lhs = rhs`` for all values of the symbols under their assumptions.

    Parameters
    ----------
    lhs, rhs : scalar or matrix expressions of one shape, or networks

    Examples
    --------
    >>> import sympy as sp
    >>> from symnet import Claim, relu
    >>> x = sp.Symbol("x", real=True)
    >>> print(Claim(relu(x) + relu(-x), sp.Abs(x)).prove())
    proved (exact piecewise-linear normal form)
    """

    lhs: Any
    rhs: Any

    def prove(self) -> Verdict:
        """The verdict: see :func:`symnet.prove`."""
        return prove(self.lhs, self.rhs)
