"""The gradient field of a piecewise-linear function of two variables: an arrow in every region."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import hypot
from typing import TYPE_CHECKING, Any

import sympy as sp

from ..errors import PictureError
from ..pictures.marks import Dot, Mark, Path, Stroke
from ..pictures.picture import Picture
from .domains import Box

if TYPE_CHECKING:
    from .piecewise_linear import PiecewiseLinear

#: The longest arrow, in the width of the picture; more regions than this have no arrows.
_LONGEST, _MANY = 0.13, 400
_STROKE = Stroke("#222222", 1.1)


def gradient_field(
    function: PiecewiseLinear, output: int | None, options: dict[str, Any]
) -> Picture:
    """The linear pieces with an arrow in every region, its length that of the gradient, scaled."""
    if function.network.inputs != 2:
        raise PictureError(
            f"a gradient field is that of two variables, and the function has "
            f"{function.network.inputs}; restrict it to a plane: piecewise(net, domain=Slice(…))"
        )
    if function.network.outputs > 1 and output is None:
        raise PictureError(
            f"the function has {function.network.outputs} outputs; say which: output=0"
        )
    below = function.plot("piece", labels=False, output=output, **options)
    frame = [[_rational(axis.low), _rational(axis.high)] for axis in (below.x, below.y)]
    shown = function.restrict(Box(*frame))
    if len(shown) > _MANY:
        raise PictureError(f"{len(shown)} regions are too many for arrows; show a part: frame=")
    field = [(_middle(region.vertices), list(region.A[output or 0, :])) for region in shown.regions]
    longest = max((hypot(*map(float, g)) for _, g in field), default=0.0) or 1.0
    across = float(frame[0][1] - frame[0][0])
    marks: list[Mark] = []
    for place, gradient in field:
        u, v = (float(c) * _LONGEST * across / longest for c in gradient)
        tag = f"gradient ({gradient[0]}, {gradient[1]})"
        if u == v == 0:
            marks.append(Dot(place, _STROKE.colour, 1.4, tag=tag))
            continue
        ends = ((place[0] - u / 2, place[1] - v / 2), (place[0] + u / 2, place[1] + v / 2))
        marks.append(Path(ends, _STROKE, arrow=True, tag=tag))
    description = "The linear pieces, with an arrow in every region that shows the gradient there."
    return replace(below, marks=(*below.marks, *marks), description=description)


def _middle(vertices: Any) -> tuple[float, float]:
    first, second = (sum(v[k] for v in vertices) / len(vertices) for k in (0, 1))
    return float(first), float(second)


def _rational(value: Any) -> sp.Rational:
    exact = Fraction(value)
    return sp.Rational(exact.numerator, exact.denominator)
