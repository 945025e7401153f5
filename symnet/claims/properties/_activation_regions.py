"""How many activation regions a network has."""

from __future__ import annotations

from typing import ClassVar

from ...regions.piecewise_linear import PiecewiseLinear
from ._pieces import pieces


class activation_regions(pieces):
    """f has so many activation regions: parts of the space on which no neuron changes its side.

    Parameters
    ----------
    function : Network or expression, piecewise linear, with rational numbers
    count : int
    *variables, where, domain : as for every property; the condition is linear
    relation : "=", "<=", ">=", "<" or ">"

    Examples
    --------
    >>> import symnet as sn
    >>> net = sn.Sequential(sn.Linear([[1, 0], [0, 1]]), sn.ReLU(), sn.Linear([[1, 1]]))
    >>> sn.prove(sn.activation_regions(net, 4)).verdict
    'proved'

    Source: definition.
    """

    statement = "f has k activation regions"
    _counted: ClassVar[str] = "activation region"

    def _number(self, pw: PiecewiseLinear) -> int:
        return len(pw)
