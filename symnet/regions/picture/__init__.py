"""From a piecewise-linear function to its picture: marks, which know nothing of networks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...errors import PictureError
from ...pictures.picture import Picture
from .frame import Shown
from .graph import graph
from .options import Options
from .plane import plane
from .surface import surface

if TYPE_CHECKING:
    from ..piecewise_linear import PiecewiseLinear


def plot(pw: PiecewiseLinear, **given: Any) -> Picture:
    """The picture of a function of one or two variables; see :meth:`PiecewiseLinear.plot`."""
    dimension = pw.domain.dimension
    if dimension > 2:
        raise PictureError(
            f"a picture shows a function of one or two variables, and this one has {dimension}; "
            "take a plane through them: "
            "sn.piecewise(net, domain=sn.Slice(origin, [p, q], sn.Box([-1, 1], [-1, 1]))).plot()"
        )
    options = Options(**given).checked(dimension, pw.network.outputs)
    shown = Shown.within(pw, options.frame)
    if dimension == 1:
        return graph(shown, options)
    return surface(shown, options) if options.surface else plane(shown, options)
