"""The range of a network's outputs, and where two networks differ most, exactly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import sympy as sp

from ..base import Network
from ..errors import ShapeError
from ..exact.affine import AffineMap
from ..regions.domains import Domain, number
from ..regions.layer_list import LayerList, added, scaled
from ..regions.reducing import reduced
from ._bounding import Boxes
from ._difference import DifferenceBounds
from ._facts import around
from ._maximum import Bounds, Maximum, Top, bounds_on
from ._on_domain import on_domain
from ._prepared import Prepared
from ._progress import Progress
from ._verify import MAX_BOXES, MAX_REGIONS


@dataclass(frozen=True)
class Extreme:
    """A value that is attained at ``point``, and a bound that no value goes beyond.

    Where ``is_exact`` the two are equal; otherwise the search ended before they met.
    """

    value: sp.Rational
    point: tuple[sp.Rational, ...]
    bound: sp.Rational

    @property
    def is_exact(self) -> bool:
        """Whether the value is the greatest (or the least) of all."""
        return bool(self.value == self.bound)


@dataclass(frozen=True)
class OutputRange:
    """The least and the greatest value of an output on a domain."""

    least: Extreme
    greatest: Extreme


@dataclass(frozen=True)
class Difference(Extreme):
    """Where two networks differ most: |f - g| in ``output``, and the values there."""

    output: int
    values: tuple[sp.Rational, sp.Rational]


def output_range(
    net: Network,
    domain: Domain,
    *,
    max_boxes: int = MAX_BOXES,
    max_regions: int = MAX_REGIONS,
    timeout: float | None = None,
    progress: bool | None = None,
) -> tuple[OutputRange, ...]:
    """The least and the greatest value of every output on a bounded domain.

    In one and two dimensions from all linear regions, otherwise by halving boxes until the bound on
    every part is no more than a value that is attained. Exact where this ends; where it takes more
    than ``max_boxes`` parts or ``timeout`` seconds for an extreme, this is attained, and bounded.

    Parameters
    ----------
    net : piecewise-linear Network with rational weights
    domain : Box, Polyhedron or Slice, bounded

    Examples
    --------
    >>> import symnet as sn
    >>> net = sn.Sequential(sn.Linear([[1, 1, 1], [1, -1, 0]]), sn.ReLU(), sn.Linear([[1, -3]]))
    >>> (found,) = sn.output_range(net, sn.Box([-1, 1]))
    >>> found.greatest
    Extreme(value=3, point=(1, 1, 1), bound=3)
    >>> found.least.value, found.least.is_exact
    (-6, True)

    Source: Tjeng, Xiao and Tedrake, Evaluating robustness of neural networks with mixed integer
    programming, 2019, for the question.
    """
    on, fitted = on_domain(net, domain)
    ready = on.layers
    found = []
    for k in range(ready.outputs):
        tops = [
            _greatest(_forms(ready, [(k, sign)]), fitted, max_boxes, max_regions, timeout, progress)
            for sign in (-1, 1)
        ]
        least, greatest = (_extreme(top, fitted, s) for top, s in zip(tops, (-1, 1), strict=True))
        found.append(OutputRange(least, greatest))
    return tuple(found)


def greatest_difference(
    one: Network,
    other: Network,
    domain: Domain,
    *,
    max_boxes: int = MAX_BOXES,
    max_regions: int = MAX_REGIONS,
    timeout: float | None = None,
    progress: bool | None = None,
) -> Difference:
    """Where on a bounded domain two networks differ most, in any output.

    Original against pruned, quantised, retrained: exact as in :func:`symnet.output_range`.

    Examples
    --------
    >>> import symnet as sn
    >>> net = sn.Sequential(sn.Linear([[1, 1], [1, -1]]), sn.ReLU(), sn.Linear([[1, 2]]))
    >>> pruned = sn.Sequential(sn.Linear([[1, 1]]), sn.ReLU())
    >>> found = sn.greatest_difference(net, pruned, sn.Box([0, 1]))
    >>> found.value, found.point, found.values
    (2, (1, 0), (3, 1))

    Source: definition.
    """
    first_on, fitted = on_domain(one, domain)
    second_on, _ = on_domain(other, fitted)
    first, second = first_on.layers, second_on.layers
    if first.outputs != second.outputs:
        raise ShapeError(
            f"the networks have {first.outputs} and {second.outputs} outputs, which have no "
            "difference"
        )
    pairs = [(k, sign) for sign in (1, -1) for k in range(first.outputs)]
    # neurons that the two have in common cancel
    difference = added([first, scaled(second, -1)])
    forms = Prepared(_forms(reduced(difference), pairs))
    reached = Progress.within(max_boxes, timeout, progress)
    bounds = _better(bounds_on(forms), DifferenceBounds(first, second), fitted)
    top = Maximum(forms, fitted, reached, bounds).run(max_regions)
    extreme = _extreme(top, fitted, 1)
    output = pairs[top.form][0]
    values = tuple(number(f.value(top.point)[output]) for f in (first, second))
    return Difference(extreme.value, extreme.point, extreme.bound, output, (values[0], values[1]))


def _forms(layers: LayerList, pairs: list[tuple[int, int]]) -> LayerList:
    """Outputs, or minus them, one after the other."""
    weight = np.zeros((len(pairs), layers.outputs))
    for row, (k, sign) in enumerate(pairs):
        weight[row, k] = sign
    return layers.then(LayerList.affine(AffineMap.from_floats(weight, np.zeros(len(pairs)))))


def _greatest(
    layers: LayerList,
    domain: Domain,
    max_boxes: int,
    max_regions: int,
    timeout: float | None,
    progress: bool | None,
) -> Top:
    ready = Prepared(layers)
    reached = Progress.within(max_boxes, timeout, progress)
    return Maximum(ready, domain, reached, bounds_on(ready)).run(max_regions)


def _better(joint: Bounds, difference: DifferenceBounds, domain: Domain) -> Bounds:
    """The bounds that are nearer on all of a domain."""
    box = around(domain)
    if box is None or not difference.fit:
        return joint
    root = Boxes.around(box)
    return difference.of if difference.of(root)[0].max() < joint(root)[0].max() else joint


def _extreme(top: Top, domain: Domain, sign: int) -> Extreme:
    return Extreme(number(sign * top.value), domain.point(top.point), number(sign * top.bound))
