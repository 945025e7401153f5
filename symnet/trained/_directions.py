"""One output of a network, and a direction, in the coordinates of a domain."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..base import Network
from ..errors import DomainError, ShapeError
from ..exact.affine import AffineMap
from ..regions.domains import Domain, Vector, rationals
from ..regions.layer_list import LayerList
from ._on_domain import on_domain
from ._prepared import Prepared


def chosen(net: Network, domain: Domain, output: int, decreasing: bool) -> tuple[Prepared, Domain]:
    """An output, or minus it, as a function on a domain."""
    ready, fitted = on_domain(net, domain)
    outputs = ready.layers.outputs
    if not 0 <= output < outputs:
        raise ShapeError(f"output {output} was asked for; there are {outputs}, from 0")
    row = np.zeros((1, outputs))
    row[0, output] = -1.0 if decreasing else 1.0
    last = LayerList.affine(AffineMap.from_floats(row, np.zeros(1)))
    return Prepared(ready.layers.then(last)), fitted


def entries(along: Any, domain: Domain) -> Vector:
    """A direction of the inputs: its entries, or the number of an input."""
    n = domain.ambient
    if hasattr(along, "__index__"):
        if not 0 <= int(along) < n:
            raise ShapeError(f"input {along} was asked for; there are {n}, counted from 0")
        along = [int(k == int(along)) for k in range(n)]
    v = rationals(along)
    if len(v) != n or not any(v):
        raise ShapeError(f"the direction has {len(v)} entries, and should have {n}, not all 0")
    return v


def direction(v: Vector, domain: Domain) -> Vector:
    """A direction of the inputs in the coordinates of a domain."""
    if domain.origin is None:
        return v
    found = domain.coordinates([o + t for o, t in zip(domain.origin, v, strict=True)])
    if found is None:
        raise DomainError("the direction leads out of the slice")
    return found
