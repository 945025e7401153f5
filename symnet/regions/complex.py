"""The complex of linear regions: cells, vertices, patterns, adjacency, exact affine maps."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property

import numpy as np
from flint import fmpz, fmpz_mat

from symnet.exact.affine import AffineMap, nearest_float
from symnet.exact.arrays import Bools, Floats, Ints, Signs
from symnet.regions.domain import Domain
from symnet.regions.glue import Cells
from symnet.regions.pieces import linear_pieces
from symnet.regions.units import Source, UnitNetwork
from symnet.regions.vertices import ExactEvaluator, VertexTable
from symnet.regions.words import unpack, word_count


class Complex:
    """The linear regions of a network on a domain: the full-dimensional cells of constant signs.

    Vertices, sides and cells are numbered from 0. ``len(complex)`` is the number of cells. In the
    plane cell c is the strictly convex polygon `polygon(c)`, and every side belongs to two cells or
    lies on the boundary of the domain; on the line, cells are intervals and their sides are points.
    The sign words of layer k are the columns from ``word_offset[k]`` on.
    """

    def __init__(
        self,
        source: Source,
        network: UnitNetwork,
        domain: Domain,
        table: VertexTable,
        evaluator: ExactEvaluator,
        cells: Cells,
    ) -> None:
        self.source, self.network, self.domain, self.cells = source, network, domain, cells
        self.table, self.evaluator = table, evaluator
        widths = [word_count(layer.relu_count) for layer in network.layers]
        self.word_offset = np.cumsum([0, *widths])

    def __len__(self) -> int:
        return int(self.cells.positive.shape[0])

    @property
    def dimension(self) -> int:
        """The dimension of the domain, 1 or 2."""
        return self.domain.dimension

    @property
    def vertex_count(self) -> int:
        """The number of vertices."""
        return int(self.cells.table_row.shape[0])

    @property
    def side_count(self) -> int:
        """The number of sides: edges in the plane, points on the line."""
        return int(self.cells.p.shape[0])

    @cached_property
    def points(self) -> Floats:
        """(vertices, d): approximate coordinates, within `point_errors` of the exact ones.

        As a rule they are good to 1e-12; what is certified is less, but at most 2**-18 of the size
        of the domain: where the construction proved less, the exact point is rounded.
        """
        return self._coordinates[0]

    @cached_property
    def point_errors(self) -> Floats:
        """(vertices, d): certified bounds of the errors of `points`."""
        return self._coordinates[1]

    @cached_property
    def _coordinates(self) -> tuple[Floats, Floats]:
        rows = self.cells.table_row
        point = self.table.point.take(rows, axis=0)
        error = self.table.error.take(rows, axis=0)
        reach = max(abs(v) for corner in self.domain.corners for v in corner)
        poor = ~(error <= 2.0**-18 * float(reach)).all(axis=1)
        for v in np.flatnonzero(poor).tolist():
            exact = self.exact_point(v)
            point[v] = [nearest_float(x.numerator, x.denominator) for x in exact]
            error[v] = np.abs(point[v]) * 2.0**-53 + 2.0**-1074
        return point, error

    def exact_point(self, vertex: int) -> tuple[Fraction, ...]:
        """Return the rational coordinates of a vertex."""
        *x, t = (int(v) for v in self.evaluator.point(int(self.cells.table_row[vertex])))
        return tuple(Fraction(v, t) for v in x)

    def polygon(self, cell: int) -> Ints:
        """Return the vertices of a cell, counterclockwise (on the line, from left to right)."""
        start, end = self.cells.offset[cell : cell + 2].tolist()
        return self.cells.corner[start:end]

    def definition(self, vertex: int) -> tuple[int, int, int, int] | None:
        """Return (layer, unit, p, q): the vertex is that unit's zero on p-q; None for a corner.

        p and q are rows of the vertex table, whose exact points the evaluator gives.
        """
        p, q, unit = self.table.definition[self.cells.table_row[vertex]].tolist()
        if unit < 0:
            return None
        layer = int(np.searchsorted(self.evaluator.unit_offset, unit, side="right")) - 1
        return layer, unit - int(self.evaluator.unit_offset[layer]), p, q

    # signs and patterns

    def unit_flags(self, layer: int, cells: Ints | None = None) -> tuple[Bools, Bools]:
        """Return which relu units of a layer are positive, and which identically zero, on each
        cell.
        """
        part = slice(int(self.word_offset[layer]), int(self.word_offset[layer + 1]))
        count = self.network.layers[layer].relu_count
        positive, zero = self.cells.positive[:, part], self.cells.zero[:, part]
        if cells is not None:
            positive, zero = positive.take(cells, axis=0), zero.take(cells, axis=0)
        return unpack(positive, count), unpack(zero, count)

    def signs(self, layer: int, cells: Ints | None = None) -> Signs:
        """Return the signs of a layer's virtual neurons z_i - beta, shape (cells, virtual neurons).

        They stand in the order of neurons, and of breakpoints for each; 0 means identically zero on
        the cell.
        """
        units = self.network.layers[layer]
        positive, zero = self.unit_flags(layer, cells)
        sign = np.where(zero, 0, np.where(positive, 1, -1)).astype(np.int8)
        constant = np.ones((sign.shape[0], 1), dtype=np.int8)  # unit -1 is the constant
        result: Signs = np.hstack([sign, constant]).take(units.unit, axis=1)
        result *= units.orientation.astype(np.int8)
        return result

    def pieces_of_neurons(self, layer: int, cells: Ints | None = None) -> Ints:
        """Return which piece of its activation each neuron is on, shape (cells, neurons), from 0
        on.

        At a breakpoint the lower piece counts, as in relu'(0) = 0.
        """
        units = self.network.layers[layer]
        above = self.signs(layer, cells) > 0
        result = np.zeros((above.shape[0], units.neuron_count), dtype=np.int64)
        np.add.at(result.T, units.neuron, above.T)
        return result

    # neighbours

    @cached_property
    def side_cells(self) -> Ints:
        """(sides, 2): the cells of each side; -1 in second place on the boundary."""
        sizes = np.diff(self.cells.offset)
        cell = np.repeat(np.arange(len(self)), sizes)
        order = np.argsort(self.cells.side, kind="stable")
        side, cell = self.cells.side.take(order), cell.take(order)
        result = np.full((self.side_count, 2), -1)
        first = np.append(True, side[1:] != side[:-1])
        result[side[first], 0] = cell[first]
        result[side[~first], 1] = cell[~first]
        return result

    def adjacency(self) -> Ints:
        """(inner sides, 3): the pairs of cells with a common side, and the side."""
        inner = np.flatnonzero(self.side_cells[:, 1] >= 0)
        return np.column_stack([self.side_cells[inner], inner])

    # affine maps

    @cached_property
    def pieces(self) -> Ints:
        """For every cell, its linear piece: neighbours with one affine map are in one piece."""
        return linear_pieces(self)

    def affine_map(self, cell: int) -> AffineMap:
        """Return the exact affine map A x + c that the network is on a cell."""
        return self.unit_map(cell, len(self.network.layers), self.network.output)

    def unit_map(self, cell: int, layer: int, last: AffineMap | None = None) -> AffineMap:
        """Return the affine map of a layer's pre-activations on a cell (or of `last`, in its
        place).
        """
        d = self.network.input_size
        state = fmpz_mat([[int(i == j) for j in range(d + 1)] for i in range(d + 1)])
        scale = fmpz(1)
        for index, units in enumerate(self.network.layers[:layer]):
            rows = units.affine.times(state).tolist()
            positive = self.unit_flags(index, np.array([cell]))[0][0]
            for j in np.flatnonzero(~positive).tolist():
                rows[j] = [0] * (d + 1)
            scale *= units.affine.denominator
            state = fmpz_mat([*rows, [0] * d + [scale]])
        final = last if last is not None else self.network.layers[layer].affine
        return AffineMap.from_integers(final.times(state), final.denominator * scale)
