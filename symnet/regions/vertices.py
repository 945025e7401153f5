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

# integers held by the cache of exact values
_CACHE_LIMIT = 1 << 18


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

    def append(
        self, definition: Ints, point: Floats, error: Floats, shared: Bools | np.bool_
    ) -> Ints:
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

    def ancestors(self, rows: Ints) -> Ints:
        """Return the corners, these vertices, and all that their definitions lead to, ascending."""
        needed = np.zeros(self.size, dtype=np.bool_)
        needed[: len(self.corners)] = True
        while rows.size:
            needed[rows] = True
            parents = self.definition[rows, :2]
            rows = np.unique(parents[parents >= 0])
            rows = rows[~needed[rows]]
        return np.flatnonzero(needed)

    def part(self, rows: Ints) -> VertexTable:
        """Return the table of some vertices and their `ancestors`, which ``rows`` must be."""
        place = np.full(self.size, -1, dtype=np.int64)
        place[rows] = np.arange(rows.shape[0])
        part = VertexTable(self.corners, self.point.shape[1])
        part.append(
            _renumbered(self.definition.take(rows, axis=0), place),
            self.point.take(rows, axis=0),
            self.error.take(rows, axis=0),
            self.shared.take(rows),
        )
        return part

    def reorder(self, order: Ints, place: Ints) -> None:
        """Put vertex ``order[k]`` in row k; ``place`` is the inverse of ``order``."""
        self._definition = _renumbered(self.definition.take(order, axis=0), place)
        for name in ("_point", "_error", "_shared"):
            setattr(self, name, getattr(self, name).take(order, axis=0))

    def _grow(self, needed: int) -> None:
        extra = max(needed, self._definition.shape[0] * 3 // 2) - self._definition.shape[0]
        for name in ("_definition", "_point", "_error", "_shared"):
            old = getattr(self, name)
            padding = np.zeros((extra, *old.shape[1:]), dtype=old.dtype)
            setattr(self, name, np.concatenate([old, padding]))


def _renumbered(definition: Ints, place: Ints) -> Ints:
    """Definitions of vertices in which vertex k is number ``place[k]``; corners have none."""
    made = definition[:, 2] >= 0
    definition[made, :2] = place.take(definition[made, :2])
    return definition


class ExactEvaluator:
    """Exact values of the units at vertices, computed when asked for and remembered."""

    def __init__(self, network: UnitNetwork, vertices: VertexTable) -> None:
        self.network = network
        self.vertices = vertices
        counts = [layer.relu_count for layer in network.layers]
        self.unit_offset = np.cumsum([0, *counts])
        self.calls = 0
        self._rows: dict[tuple[int, int], fmpz_mat] = {}
        self._values: dict[tuple[int, int], list[fmpz]] = {}
        self._held = 0

    def point(self, vertex: int) -> tuple[fmpz, ...]:
        """Return the primitive integers (X_1, ..., X_d, T), T > 0, of a vertex."""
        unit = int(self.vertices.definition[vertex, 2])
        if unit < 0:
            return self.vertices.corners[vertex]
        layer = self._layer_of(unit)
        known, d = self._values.get((vertex, layer)), self.network.input_size
        if known is not None:
            return primitive(known[-d - 1 :])
        p, q, _ = self.vertices.definition[vertex].tolist()
        j = unit - int(self.unit_offset[layer])
        (size_p, at_p), (size_q, at_q) = (self._unit_at(end, layer, j) for end in (p, q))
        pairs = zip(at_p, at_q, strict=True)
        return primitive([size_q * x + size_p * y for x, y in pairs])

    def _unit_at(self, vertex: int, layer: int, unit: int) -> tuple[fmpz, list[fmpz]]:
        """The size of one unit's value at a vertex, and the point, both with one factor."""
        d = self.network.input_size
        own = int(self.vertices.definition[vertex, 2])
        if (vertex, layer) in self._values or (own >= 0 and self._layer_of(own) == layer):
            values = self.preactivations(vertex, layer)
            return abs(values[unit]), values[-d - 1 :]
        h, rest = self._inputs(vertex, layer)
        affine = self.network.layers[layer].affine
        value = (self._row(layer, unit) * fmpz_mat(len(h), 1, h))[0, 0]
        return abs(value), [affine.denominator * v for v in rest]

    def preactivations(self, vertex: int, layer: int) -> list[fmpz]:
        """Return [u_1, ..., u_m, X_1, ..., X_d, T]: a layer's units are u_i / T at X / T."""
        found = self._values.get((vertex, layer))
        if found is None:
            unit = int(self.vertices.definition[vertex, 2])
            if unit >= 0 and self._layer_of(unit) == layer:
                found = self._on_segment(vertex, layer)
            else:
                found = self._forward(vertex, layer)
            if self._held > _CACHE_LIMIT:
                self._values.clear()
                self._held = 0
            self._values[vertex, layer] = found
            self._held += len(found)
            self.calls += 1
        return found

    def _layer_of(self, unit: int) -> int:
        return int(np.searchsorted(self.unit_offset, unit, side="right")) - 1

    def _on_segment(self, vertex: int, layer: int) -> list[fmpz]:
        """Return the values in the layer whose unit defines the vertex: affine on the segment."""
        p, q, unit = self.vertices.definition[vertex].tolist()
        j = unit - int(self.unit_offset[layer])
        at_p, at_q = self.preactivations(p, layer), self.preactivations(q, layer)
        size_p, size_q = abs(at_p[j]), abs(at_q[j])
        pairs = zip(at_p, at_q, strict=True)
        return list(primitive([size_q * x + size_p * y for x, y in pairs]))

    def _forward(self, vertex: int, layer: int) -> list[fmpz]:
        """Return the values in a layer from those in the layer before it."""
        h, rest = self._inputs(vertex, layer)
        affine = self.network.layers[layer].affine
        column, denominator = affine.times(fmpz_mat(len(h), 1, h)), affine.denominator
        return [*column.entries(), *(denominator * v for v in rest)]

    def _inputs(self, vertex: int, layer: int) -> tuple[list[fmpz], list[fmpz]]:
        """Return [h_1, ..., h_n, T], the inputs of a layer, and [X_1, ..., X_d, T]."""
        if layer == 0:
            point = list(self.point(vertex))
            return point, point
        values = self.preactivations(vertex, layer - 1)
        units = self.network.layers[layer - 1]
        k, m = units.relu_count, units.affine.shape[0]
        zero = fmpz(0)
        h = [v if v > 0 else zero for v in values[:k]]
        return [*h, *values[k:m], values[-1]], values[m:]

    def forget(self) -> None:
        """Forget all values: the vertices have new numbers."""
        self._values.clear()
        self._held = 0

    def signs(self, vertex: int, layer: int, units: list[int]) -> list[int]:
        """Return the signs of some of a layer's units at a vertex."""
        unit = int(self.vertices.definition[vertex, 2])
        here = unit >= 0 and self._layer_of(unit) == layer
        if len(units) > 2 or here or (vertex, layer) in self._values:
            values = self.preactivations(vertex, layer)
            chosen = [values[j] for j in units]
        else:  # a few rows are cheaper than the whole layer
            h, _ = self._inputs(vertex, layer)
            column = fmpz_mat(len(h), 1, h)
            chosen = [(self._row(layer, j) * column)[0, 0] for j in units]
        return [int(v > 0) - int(v < 0) for v in chosen]

    def _row(self, layer: int, unit: int) -> fmpz_mat:
        row = self._rows.get((layer, unit))
        if row is None:
            row = self._rows[layer, unit] = self.network.layers[layer].affine.row(unit)
        return row


def primitive(vector: Sequence[fmpz]) -> tuple[fmpz, ...]:
    """Divide a homogeneous integer vector by its content.

    >>> primitive([fmpz(4), fmpz(-6), fmpz(10)])
    (2, -3, 5)
    """
    content = fmpz(0)
    for v in reversed(vector):
        content = content.gcd(v)
        if content == 1:
            return tuple(vector)
    return tuple(v // content for v in vector)
