"""Piecewise-linear functions of one variable, continuous or not, as neurons.

A function that jumps is a continuous one and steps: f(z) = g(z) + sum_k (u_k [z >= b_k] + v_k
[z > b_k]), where u_k is the jump from the left to the value at b_k, and v_k the one from there on.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

import numpy as np
import sympy as sp

from ..activations._base import Activation
from ..errors import NotPiecewiseLinearError, WeightError
from ..exact.affine import AffineMap
from ..exact.line import Line, line_of
from .activation import IDENTITY, PiecewiseLinear1D
from .layer_list import LayerList, switching
from .switches import SignIn


@dataclass(frozen=True)
class Jumps:
    """A continuous function, and steps (k, height, signs): ``height`` where z - b_k has a sign."""

    continuous: PiecewiseLinear1D
    steps: tuple[tuple[int, Fraction, tuple[int, ...]], ...]

    @classmethod
    def of(cls, line: Line) -> Jumps:
        """The parts of a function.

        >>> import sympy as sp
        >>> t = sp.Symbol("t", real=True)
        >>> Jumps.of(line_of(sp.sign(t) + t, t)).steps
        ((0, Fraction(1, 1), (0, 1)), (0, Fraction(1, 1), (1,)))
        """
        steps: list[tuple[int, Fraction, tuple[int, ...]]] = []
        first = Fraction(0) if line.knots else line.between[0][1]
        for k, (knot, value, (before, after)) in enumerate(
            zip(line.knots, line.at, pairwise(line.between), strict=True)
        ):
            left, right = (slope * knot + offset for slope, offset in (before, after))
            first = left if k == 0 else first
            steps += [(k, value - left, (0, 1)), (k, right - value, (1,))]
        slopes = tuple(slope for slope, _ in line.between)
        kept = tuple(step for step in steps if step[1])
        return cls(PiecewiseLinear1D(line.knots, slopes, first), kept)


@lru_cache(maxsize=256)
def line_of_layer(layer: Activation) -> Line:
    """An activation by its breakpoints and what it is between them and at them."""
    symbols = sorted(map(str, layer.free_symbols))
    if symbols:
        raise WeightError(
            f"{layer} holds the symbol{'s' * (len(symbols) > 1)} {', '.join(symbols)}; "
            "regions need numbers: substitute them first"
        )
    if not layer.function.piecewise_linear:
        raise NotPiecewiseLinearError(
            f"{layer.name} is not piecewise linear, so a network with it has no linear regions"
        )
    t = sp.Dummy("t", real=True)
    line = line_of(layer.definition(sp.ImmutableDenseMatrix([[t]]))[0, 0], t)
    if line is None:
        raise WeightError(f"{layer} has parameters that are not rational numbers")
    return line


def scalar_function(layer: Activation) -> PiecewiseLinear1D:
    """A continuous activation by its breakpoints and slopes.

    >>> import symnet as sn
    >>> scalar_function(sn.ReLU6()).breakpoints
    (Fraction(0, 1), Fraction(6, 1))
    """
    jumps = Jumps.of(line_of_layer(layer))
    if jumps.steps:
        raise NotPiecewiseLinearError(f"{layer.name} jumps, and a continuous one is needed")
    return jumps.continuous


def entrywise(line: Line, count: int) -> LayerList:
    """x -> (f(x_1), …, f(x_n)): the continuous part of each, then the steps as neurons."""
    jumps = Jumps.of(line)
    if not jumps.steps:
        return LayerList.entrywise([jumps.continuous] * count)
    knots = len(line.knots)
    heights = [height for _ in range(count) for _, height, _ in jumps.steps]
    inner = [[int(i == j) for j in range(count)] for i in range(count)]
    inner += [[0] * count for _ in heights]
    outer = np.hstack([np.eye(count), np.kron(np.eye(count), np.ones(len(jumps.steps)))])
    conditions = tuple(SignIn(i * knots + k, on) for i in range(count) for k, _, on in jumps.steps)
    return switching(
        (
            AffineMap.from_rationals(inner, [0] * count + heights),
            AffineMap.from_floats(outer, np.zeros(count)),
        ),
        ((jumps.continuous,) * count + (IDENTITY,) * len(heights),),
        [(None,) * count + conditions],
    )
