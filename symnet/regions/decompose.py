"""The decomposition of an interval or a polygon into the linear regions of a network."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import isfinite
from typing import Any

import numpy as np

from symnet.exact.affine import AffineMap, nearest_float
from symnet.regions.block import Block
from symnet.regions.complex import Complex
from symnet.regions.descend import descend
from symnet.regions.domain import Domain
from symnet.regions.limits import NO_LIMITS, Limits
from symnet.regions.pattern import Pattern
from symnet.regions.segments import Segments
from symnet.regions.shape import Shape
from symnet.regions.units import Activation, Source, per_neuron, unit_network
from symnet.regions.vertices import ExactEvaluator, VertexTable
from symnet.regions.words import pack


def decompose(
    layers: Sequence[AffineMap | tuple[Any, Any]],
    activations: Activation | Sequence[Activation],
    domain: Domain,
    limits: Limits = NO_LIMITS,
    *,
    block_cells: int | None = None,
) -> Complex:
    """Return the complex of linear regions of ``layers[-1] o f o ... o f o layers[0]`` on `domain`.

    A layer is an `AffineMap` or a pair (W, b) of float64 arrays, taken exactly; `activations` is
    one function for all hidden layers, or a sequence with one entry per hidden layer. Cells are
    refined in blocks of `block_cells`.
    """
    source = source_of(layers, activations)
    network = unit_network(source.layers, source.activations)
    if network.input_size != domain.dimension:
        raise ValueError(
            f"the network takes {network.input_size} inputs, the domain has dimension "
            f"{domain.dimension}; prepend the affine map of a slice to the layers"
        )
    table = VertexTable(domain.homogeneous(), domain.dimension)
    evaluator = ExactEvaluator(network, table)
    cells = descend(network, _start(domain, table), table, evaluator, limits, block_cells)
    return Complex(source, network, domain, table, evaluator, cells)


def source_of(
    layers: Sequence[AffineMap | tuple[Any, Any]], activations: Activation | Sequence[Activation]
) -> Source:
    """Return the network as it was given, with one activation for every hidden neuron."""
    maps = [m if isinstance(m, AffineMap) else AffineMap.from_floats(*m) for m in layers]
    if not isinstance(activations, Sequence):
        activations = [activations] * (len(maps) - 1)
    return Source(tuple(maps), tuple(per_neuron(maps, activations)))


def _start(domain: Domain, table: VertexTable) -> Block:
    """The domain as a block of one cell."""
    rows = [[nearest_float(v.numerator, v.denominator) for v in c] for c in domain.corners]
    inexact = [
        [not _is_float(f, v) for f, v in zip(row, corner, strict=True)]
        for row, corner in zip(rows, domain.corners, strict=True)
    ]
    corners = np.array(rows)
    error = np.where(inexact, np.abs(corners) * 2.0**-53 + 2.0**-1074, 0.0)
    n = len(domain.corners)
    definition = np.full((n, 3), -1, dtype=np.int64)
    vertex = table.append(definition, corners, error, np.zeros(n, dtype=np.bool_))
    pattern = Pattern.empty(1)
    shape: Shape | Segments
    if domain.dimension == 1:
        shape = Segments(vertex, pattern)
    else:
        around = np.arange(n)
        shape = Shape(
            vertex, around, np.roll(around, -1), np.ones(n, dtype=np.bool_),
            np.array([0, n]), around, around, pattern,
        )  # fmt: skip
    present = np.array([[v != 0 for v in corner] for corner in domain.corners])
    return Block(shape, corners.copy(), error.sum(axis=1, keepdims=True), pack(present))


def _is_float(value: float, exact: Fraction) -> bool:
    return isfinite(value) and value.as_integer_ratio() == (exact.numerator, exact.denominator)
