"""Vertices: how each is defined, approximate coordinates with an error bound, exact ones on demand.

A vertex is a corner of the domain or *the zero of unit u on the segment between vertices p and q*,
where u takes strictly opposite signs at p and q. Nothing is lost by storing it so: with the values
z(p), z(q) of the unit,

    v = (|z(p)| q + |z(q)| p) / (|z(p)| + |z(q)|).

In exact arithmetic a point is a primitive integer vector (X_1, ..., X_d, T), T > 0, for X / T, and
the network is evaluated homogeneously: with [W | b] = N / d, the integers N (h, T) are the pre-
activations with scale d T.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from flint import fmpz, fmpz_mat

from symnet.exact.arrays import Bools, Floats, Ints
from symnet.regions.units import UnitNetwork

_CACHE_LIMIT = 20_000


class VertexTable:
    """All vertices of a decomposition, appended block by block.

    ``definition[v] = (p, q, u)`` with u counted through all layers' relu units; (-1, -1, -1) for
    corners.
    """

    def __init__(self, corners: Sequence[Sequence[fmpz]], dimension: int) -> None:
        self.corners = [tuple(c) for c in corners]
        self.size = 0
        self._definition = np.full((1024, 3), -1, dtype=np.int64)
        self._point = np.zeros((1024, dimension))
        self._error = np.zeros((1024, dimension))
        self._shared = np.zeros(1024, dtype=np.bool_)

    @property
    def definition(self) -> Ints:
        """(size, 3): the defining p, q, unit."""
        return self._definition[: self.size]

    @property
    def point(self) -> Floats:
        """(size, d): approximate coordinates."""
        return self._point[: self.size]

    @property
    def error(self) -> Floats:
        """(size, d): bounds of the coordinates' absolute errors."""
        return self._error[: self.size]

    @property
    def shared(self) -> Bools:
        """(size,): whether the vertex was made on an edge that another block may have too."""
        return self._shared[: self.size]

    def append(self, definition: Ints, point: Floats, error: Floats, shared: Bools) -> Ints:
        """Add vertices and return their numbers."""
        start, end = self.size, self.size + definition.shape[0]
        if end > self._definition.shape[0]:
            self._grow(end)
        self._definition[start:end] = definition
        self._point[start:end] = point
        self._error[start:end] = error
        self._shared[start:end] = shared
        self.size = end
        return np.arange(start, end)

    def _grow(self, needed: int) -> None:
        extra = max(needed, self._definition.shape[0] * 3 // 2) - self._definition.shape[0]
        for name in ("_definition", "_point", "_error", "_shared"):
            old = getattr(self, name)
            padding = np.zeros((extra, *old.shape[1:]), dtype=old.dtype)
            setattr(self, name, np.concatenate([old, padding]))


class ExactEvaluator:
    """Exact values of the units at vertices, computed when asked for and remembered."""

    def __init__(self, network: UnitNetwork, vertices: VertexTable) -> None:
        self.network = network
        self.vertices = vertices
        counts = [layer.relu_count for layer in network.layers]
        self.unit_offset = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
        self.calls = 0
        self._points: dict[int, tuple[fmpz, ...]] = {}
        self._values: dict[tuple[int, int], list[fmpz]] = {}

    def point(self, vertex: int) -> tuple[fmpz, ...]:
        """Return the primitive integers (X_1, ..., X_d, T), T > 0, of a vertex."""
        found = self._points.get(vertex)
        if found is None:
            p, q, unit = self.vertices.definition[vertex].tolist()
            if unit < 0:
                found = self.vertices.corners[vertex]
            else:
                layer = int(np.searchsorted(self.unit_offset, unit, side="right")) - 1
                j = unit - int(self.unit_offset[layer])
                at_p = abs(self.preactivations(p, layer)[j])
                at_q = abs(self.preactivations(q, layer)[j])
                pairs = zip(self.point(p), self.point(q), strict=True)
                found = primitive([at_q * x + at_p * y for x, y in pairs])
            self._points[vertex] = found
        return found

    def preactivations(self, vertex: int, layer: int) -> list[fmpz]:
        """Return [u_1, ..., u_m, T], integers with values u_i / T, of a layer's units at a vertex.

        T / (last entry of the vertex's point) is the same for all vertices.
        """
        found = self._values.get((vertex, layer))
        if found is None:
            before = self.activations(vertex, layer - 1)
            matrix, denominator = self.network.layers[layer].affine.integers()
            column = matrix * fmpz_mat(len(before), 1, before)
            found = [*column.entries(), denominator * before[-1]]
            if len(self._values) > _CACHE_LIMIT:
                self._values.clear()
            self._values[vertex, layer] = found
            self.calls += 1
        return found

    def activations(self, vertex: int, layer: int) -> list[fmpz]:
        """Return [h_1, ..., h_m, T] of a layer's units; layer -1 is the point itself."""
        if layer < 0:
            return list(self.point(vertex))
        values = self.preactivations(vertex, layer)
        k = self.network.layers[layer].relu_count
        return [v if v > 0 else fmpz(0) for v in values[:k]] + values[k:]

    def sign(self, vertex: int, layer: int, unit: int) -> int:
        """Return the sign of a unit's pre-activation at a vertex."""
        value = self.preactivations(vertex, layer)[unit]
        return int(value > 0) - int(value < 0)


def primitive(vector: Sequence[fmpz]) -> tuple[fmpz, ...]:
    """Divide a homogeneous integer vector by its content.

    >>> primitive([fmpz(4), fmpz(-6), fmpz(10)])
    (2, -3, 5)
    """
    content = fmpz(0)
    for v in vector:
        content = content.gcd(v)
    return tuple(v // content for v in vector)
