"""The exact set of subgradients of a piecewise-linear function at a point."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy as sp

from ..base import Network
from ..errors import GradientError, ShapeError
from ..exact import polyhedron as exact
from ..regions.domains import Box, number, rationals
from ..regions.making import piecewise
from ..regions.piecewise_linear import PiecewiseLinear
from ..verdict import written

#: Half the width of the box around the point in which regions are looked for.
RADIUS = sp.Rational(1, 2**20)


@dataclass(frozen=True)
class Subgradient:
    """Clarke's subdifferential at a point: the hull of the gradients of the regions around it.

    For a convex function it is the set of all subgradients of convex analysis.
    """

    point: tuple[sp.Rational, ...]
    #: The gradients of the regions that hold the point, each once; columns.
    gradients: tuple[Any, ...]

    @cached_property
    def polytope(self) -> exact.Polyhedron:
        """The set as an exact polyhedron."""
        points = [rationals(g.flat()) for g in self.gradients]
        return exact.Polyhedron.from_generators(points, ambient=len(points[0]))

    @property
    def vertices(self) -> tuple[Any, ...]:
        """The extreme points: the gradients that are in the hull of no others."""
        corners = {tuple(number(v) for v in p) for p in self.polytope.vertices}
        return tuple(g for g in self.gradients if tuple(g.flat()) in corners)

    @property
    def is_gradient(self) -> bool:
        """Whether the function has a gradient there, which is then the only element."""
        return len(self.gradients) == 1

    @property
    def dimension(self) -> int:
        """The dimension of the set: 0 where there is a gradient."""
        return self.polytope.dimension

    def contains(self, g: Any) -> bool:
        """Whether a vector belongs to the set."""
        entries = g.flat() if isinstance(g, sp.MatrixBase) else g
        given = rationals(entries if hasattr(entries, "__len__") else [entries])
        if len(given) != len(self.point):
            raise ShapeError(
                f"the vector has {len(given)} entries, and the function takes {len(self.point)}"
            )
        return self.polytope.contains(given)

    __contains__ = contains

    @property
    def is_stationary(self) -> bool:
        """Whether 0 belongs to it, as it does at every local minimum and maximum."""
        return self.contains([0] * len(self.point))

    def __str__(self) -> str:
        shown = ", ".join(written(v) for v in self.vertices)
        return f"{{{shown}}}" if self.is_gradient else f"conv{{{shown}}}"


def subgradient(
    function: Any, x: Any, *variables: sp.Symbol, output: int | None = None
) -> Subgradient:
    """The exact set of subgradients at a point of a piecewise-linear function.

    The function is differentiable inside of its regions; Clarke's subdifferential is the hull of
    the limits of gradients, so of the gradients of the regions that hold the point. What frameworks
    compute by relu'(0) = 0 need not belong to it.

    Parameters
    ----------
    function : Network, expression, or PiecewiseLinear
        Continuous, with rational numbers; on a domain the regions of the domain count.
    x : (n,) numbers, or one number
    *variables : Symbol
        The variables of an expression in their order.
    output : int
        Which output, counted from 0; needed where there are several.

    Raises
    ------
    NotPiecewiseLinearError, WeightError
        As in :func:`symnet.piecewise`.
    GradientError
        Where the function jumps, or has several outputs.

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> t = sp.Symbol("t", real=True)
    >>> print(sn.subgradient(sn.relu(t), 0), sn.subgradient(sn.relu(t), 3))
    conv{0, 1} {1}
    >>> same = sn.Sequential(sn.Linear([[1], [-1]]), sn.ReLU(), sn.Linear([[1, -1]]))  # it is x
    >>> print(sn.subgradient(same, [0]), sn.gradient(same).subs(same.input, sp.zeros(1, 1)).doit())
    {1} Matrix([[0]])

    Source: Clarke, Optimization and Nonsmooth Analysis, 1983, theorem 2.5.1.
    """
    point = tuple(number(v) for v in rationals(x if hasattr(x, "__len__") else [x]))
    found = (
        function if isinstance(function, PiecewiseLinear) else _around(function, point, variables)
    )
    if not found.is_continuous:
        raise GradientError("the function jumps; subgradients are those of continuous functions")
    outputs = found.network.outputs
    if outputs > 1 and output is None:
        raise GradientError(
            f"the function has {outputs} outputs; say which, counted from 0: output=0"
        )
    if output is not None and not 0 <= output < outputs:
        raise GradientError(f"output {output} was asked for; there are {outputs}, counted from 0")
    row = output or 0
    gradients = dict.fromkeys(
        sp.ImmutableDenseMatrix(region.A[row, :].T) for region in found.regions_at(point)
    )
    return Subgradient(point, tuple(gradients))


def _around(function: Any, point: tuple[Any, ...], variables: tuple[Any, ...]) -> PiecewiseLinear:
    """The function on a small box around a point: all regions that hold the point are there."""
    size = function.in_features if isinstance(function, Network) else None
    if size is not None and size.is_Integer and size != len(point):
        raise ShapeError(f"the network takes {size} inputs, and the point has {len(point)}")
    box = Box(*((v - RADIUS, v + RADIUS) for v in point))
    return piecewise(function, *variables, domain=box)
