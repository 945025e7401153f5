"""The converse: a ReLU network that equals a given piecewise-linear function of one variable."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import sympy as sp

from ..activations._relu import ReLU
from ..base import Network
from ..errors import DomainError
from ..layers._linear import Linear
from ..sequential import Sequential
from .cells import inner_point
from .domains import number
from .making import piecewise
from .piecewise_linear import PiecewiseLinear

Row = tuple[sp.ImmutableDenseMatrix, sp.ImmutableDenseMatrix]


def from_piecewise(function: Any) -> Network:
    r"""A network with one hidden layer of ReLUs that equals a function of one variable.

    With kinks b_1 < … < b_m and slopes s_0, …, s_m between them,

        f(x) = f(b_1) - s_0 relu(b_1 - x) + s_1 relu(x - b_1)
               + sum_{k >= 2} (s_k - s_{k-1}) relu(x - b_k),

    so m + 1 neurons suffice, and m where s_0 or s_1 is 0. The result is taken apart again and
    compared with the function before it is given out.

    Parameters
    ----------
    function : PiecewiseLinear of one variable, or a SymPy expression in one variable
        A function on an interval is equalled there.

    Raises
    ------
    DomainError
        For a function of several variables, or one that jumps.

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> x = sp.Symbol("x", real=True)
    >>> net = sn.from_piecewise(sp.Piecewise((0, x < 0), (2*x, x < 1), (2, True)))
    >>> net([sp.Rational(3, 4)])
    Matrix([[3/2]])

    Source: Arora, Basu, Mianjy and Mukherjee, Understanding deep neural networks with rectified
    linear units, 2018, theorem 2.2.
    """
    pw = function if isinstance(function, PiecewiseLinear) else piecewise(function)
    if pw.network.inputs != 1:
        raise DomainError(
            f"the function has {pw.network.inputs} variables; "
            "a network is built for functions of one variable"
        )
    if not pw.is_continuous:
        raise DomainError("the function jumps, and a network of ReLUs is continuous")
    network = _network(pw)
    again = piecewise(network, domain=pw.domain)
    assert pw.compare(again), "the network that was built differs from the function"
    return network


def _network(pw: PiecewiseLinear) -> Network:
    kinks, maps = _kinks(pw)
    if not kinks:
        return Sequential(Linear(*maps[0]))
    slopes = [A for A, _ in maps]
    first = kinks[0]
    rows = [(-1, first, -slopes[0]), (1, -first, slopes[1])]
    rows += [
        (1, -kink, after - before)
        for kink, (before, after) in zip(kinks[1:], pairwise(slopes[1:]), strict=True)
    ]
    kept = [row for row in rows if any(row[2])]
    offset = slopes[0] * first + maps[0][1]
    hidden = Linear([[sign] for sign, _, _ in kept], [b for _, b, _ in kept])
    weight = sp.ImmutableDenseMatrix.hstack(*(change for _, _, change in kept))
    return Sequential(hidden, ReLU(), Linear(weight, offset))


def _kinks(pw: PiecewiseLinear) -> tuple[list[sp.Rational], list[Row]]:
    """Where the slope changes, from left to right, and the maps between."""
    solids = {region.index: region.polyhedron for region in pw.regions}
    left_to_right = sorted(
        pw.regions, key=lambda r: inner_point(solids[r.index].vertices, solids[r.index].rays)
    )
    kinks: list[sp.Rational] = []
    maps: list[Row] = []
    for region in left_to_right:
        row = region.A, region.c
        if not maps:
            maps.append(row)
        elif maps[-1] != row:
            kinks.append(number(solids[region.index].vertices[0][0]))
            maps.append(row)
    return kinks, maps
