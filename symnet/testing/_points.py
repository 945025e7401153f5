"""Where an implementation is compared: in every region and at its corners, and at random."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice, product
from typing import Any

import numpy as np
import sympy as sp

from ..base import Network
from ..errors import DomainError, NotPiecewiseLinearError, WeightError
from ..exact.arrays import Floats
from ..exact.convert import exact_number
from ..regions.cells import inner_point
from ..regions.domains import Box, Domain
from ..regions.making import piecewise

#: Corners of the domain that are tried at most, besides those of regions.
MAX_CORNERS = 64
#: With more inputs than this, regions are too many to be looked at one by one.
MAX_INPUTS = 8

#: A word on a point, and the point.
Place = tuple[str, Sequence[Any]]


def places(
    net: Network, domain: Domain, samples: int, max_regions: int, dtype: Any, seed: int
) -> tuple[list[str], Floats, str]:
    """A word on every point, the points (N, inputs) in floats, and a word on all of them.

    A point that was found exactly is rounded to a float near it, in a box to one inside.
    """
    box = _box(net, domain) if isinstance(domain, Box) else None
    found = _of_box(box, samples, seed) if box is not None else _of_hull(net, domain, samples, seed)
    chosen = list(found)
    told = f"{len(chosen)} points"
    if max_regions and (inside := _of_regions(net, domain, max_regions)) is not None:
        regions = sum(name.startswith("inside") for name, _ in inside)
        told = f"inside {regions} regions, at their corners and at {told} more"
        chosen += inside
    points = np.array([[float(c) for c in point] for _, point in chosen]).astype(dtype)
    if box is not None:
        ends = np.array([[_inward(low, dtype, 1), _inward(high, dtype, -1)] for low, high in box])
        points = np.clip(points, ends[:, 0], ends[:, 1]).astype(dtype)
    return [name for name, _ in chosen], points, told


# --- boxes, whose corners are never all written down

Interval = tuple[Fraction, Fraction]


def _box(net: Network, domain: Box) -> list[Interval]:
    intervals = [tuple(map(_fraction, pair)) for pair in domain.intervals]
    if None in (end for pair in intervals for end in pair):
        raise _unbounded(domain)
    inputs = net.in_features
    if inputs is not None and len(intervals) == 1:
        intervals *= int(inputs)
    if inputs is not None and len(intervals) != inputs:
        raise DomainError(f"the network takes {inputs} inputs, and {domain} has {len(intervals)}")
    return intervals  # type: ignore[return-value]


def _fraction(bound: Any) -> Fraction | None:
    value = sp.sympify(bound)
    if value.is_infinite:
        return None
    number = exact_number(bound, "a bound")
    return Fraction(int(number.p), int(number.q))


def _of_box(box: list[Interval], samples: int, seed: int) -> Iterator[Place]:
    yield "the centre of the domain", [(low + high) / 2 for low, high in box]
    for corner in islice(product(*box), MAX_CORNERS):
        yield "a corner of the domain", corner
    random = np.random.default_rng(seed)
    low, high = (np.array([float(pair[k]) for pair in box]) for k in (0, 1))
    for point in random.uniform(low, high, size=(samples, len(box))):
        yield "a random point", point


def _inward(bound: Fraction, dtype: Any, way: int) -> Any:
    """The float nearest to a bound that is not outside."""
    kind = np.dtype(dtype).type
    nearest = kind(float(bound))
    outside = (Fraction(float(nearest)) - bound) * way < 0
    return np.nextafter(nearest, kind(way * np.inf)) if outside else nearest


# --- other domains


def _of_hull(net: Network, domain: Domain, samples: int, seed: int) -> Iterator[Place]:
    """The centre, the vertices, and random convex combinations of some of them."""
    fitted = domain.fitted(None if net.in_features is None else int(net.in_features))
    if not fitted.is_bounded:
        raise _unbounded(domain)
    vertices = fitted.polyhedron.vertices
    yield "the centre of the domain", fitted.point(inner_point(vertices, []))
    for vertex in vertices[:MAX_CORNERS]:
        yield "a corner of the domain", fitted.point(vertex)
    random = np.random.default_rng(seed)
    corners = np.array([[float(c) for c in fitted.point(v)] for v in vertices])
    for _ in range(samples):
        some = corners[random.permutation(len(corners))[: fitted.dimension + 1]]
        yield "a random point", random.dirichlet(np.ones(len(some))) @ some


def _unbounded(domain: Domain) -> DomainError:
    return DomainError(f"points are taken from a bounded domain, and {domain} is not bounded")


# --- regions


def _of_regions(net: Network, domain: Domain, max_regions: int) -> list[Place] | None:
    """A point inside every region and all corners; None where there are no regions."""
    inputs = net.in_features
    if inputs is not None and inputs > MAX_INPUTS:
        raise DomainError(
            f"the network takes {inputs} inputs, and its regions are too many to visit; "
            "max_regions=0 compares at samples only, and a Slice has few regions"
        )
    try:
        pw = piecewise(net, domain=domain, max_regions=max_regions, progress=False)
    except (NotPiecewiseLinearError, WeightError):
        # smooth, or with weights such as sqrt(2)
        return None
    found: list[Place] = []
    for region in pw.regions:
        solid = region.polyhedron
        found.append((f"inside region {region.index}", inner_point(solid.vertices, solid.rays)))
    found += [("a corner of a region", vertex) for vertex in pw.vertices]
    return [(name, pw.domain.point(u)) for name, u in found]
