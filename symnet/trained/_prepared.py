"""A network made ready for many questions at points and on boxes, in floats and in integers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

import numpy as np
from flint import fmpz, fmpz_mat

from ..base import Network
from ..errors import NotPiecewiseLinearError
from ..exact.affine import nearest_float
from ..exact.arrays import Bools, Floats, Ints
from ..exact.sparse_affine import SparseAffineMap
from ..exact.sparse_matrix import SparseRationalMatrix
from ..regions.arguments import number_of_inputs
from ..regions.from_network import layers_of
from ..regions.layer_list import Functions, LayerList

#: Rows of integers over one positive denominator: affine forms, the constant last.
Rows = tuple[fmpz_mat, fmpz]


@dataclass(frozen=True)
class Table:
    """The functions of a hidden layer as arrays: the breakpoints, and the pieces' lines.

    ``owner[v]`` is the neuron of breakpoint v and ``knot[v]`` the float nearest to it, which is off
    by no more than ``room[v]``;
    ``slope[i, k]`` and ``offset[i, k]`` are those of piece k of neuron i, and the exact ones are
    ``lines[i][k] / scale``.
    """

    owner: Ints
    knot: Floats
    room: Floats
    slope: Floats
    offset: Floats
    lines: tuple[tuple[tuple[int, int], ...], ...]
    scale: int

    def piece(self, signs: Sequence[int] | Ints) -> Ints:
        """The number of the piece of every neuron where its breakpoints have these signs."""
        above = np.asarray(signs) > 0
        return np.bincount(self.owner, weights=above, minlength=len(self.lines)).astype(np.int64)

    def is_zero(self, signs: Sequence[int] | Ints, nothing: Bools) -> Bools:
        """Which neurons give 0, where the breakpoints have these signs and some z are 0."""
        place = np.arange(len(self.lines)), self.piece(signs)
        return (self.offset[place] == 0) & (nothing | (self.slope[place] == 0))


@dataclass(frozen=True, eq=False)
class Prepared:
    """The layers of a network with the tables of their functions."""

    layers: LayerList

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """For every hidden layer the functions as arrays."""
        return tuple(map(_table, self.layers.functions))

    @cached_property
    def _rows(self) -> dict[int, list[list[fmpz]]]:
        return {}

    def sparse(self, layer: int) -> SparseRationalMatrix | None:
        """[W | b] of a layer, where it is mostly zero, as for convolutions and maxima."""
        affine = self.layers.maps[layer]
        return affine.exact if isinstance(affine, SparseAffineMap) else None

    def integer_rows(self, layer: int, neurons: Sequence[int]) -> tuple[list[list[fmpz]], fmpz]:
        """Some rows of [W | b] of a layer times its denominator, and that."""
        sparse = self.sparse(layer)
        if sparse is not None:
            return sparse.some_rows(neurons), fmpz(sparse.denominator)
        matrix, denominator = self.layers.maps[layer].integers()
        if layer not in self._rows:
            self._rows[layer] = matrix.tolist()
        own = self._rows[layer]
        return [own[i] for i in neurons], denominator

    def vanishing(self, layer: int, live: Bools) -> Bools:
        """Which pre-activations of a layer are 0, where its inputs are but for the live ones."""
        affine = self.layers.maps[layer]
        entries = affine.sparse
        if entries is not None:
            reached = entries.row_sums(live[entries.columns].astype(np.float64)) > 0
            return ~(affine.has_offset | reached)
        nonzero = affine.nonzero
        return ~(nonzero[:, -1] | nonzero[:, :-1][:, live].any(axis=1))

    def pulled_back(self, rows: Rows, layer: int, signs: Sequence[int] | Ints) -> Rows:
        """Forms in the outputs of a hidden layer as forms in its inputs.

        ``signs`` are those of this layer's breakpoints.
        """
        table = self.tables[layer]
        matrix, scale = rows
        width, inputs = self.layers.maps[layer].shape
        pieces = [lines[k] for lines, k in zip(table.lines, table.piece(signs).tolist(),
                                               strict=True)]  # fmt: skip
        live = [i for i in range(width) if pieces[i][0]]
        moved = [i for i in range(width) if pieces[i][1]]
        outer, constants = [], []
        for row in matrix.tolist():
            outer.append([pieces[i][0] * row[i] for i in live])
            constants.append(row[-1] * table.scale + sum(pieces[i][1] * row[i] for i in moved))
        product, denominator = self._product(layer, outer, live, inputs)
        for k, value in enumerate(constants):
            product[k, inputs] += value * denominator
        return product, scale * denominator * table.scale

    def _product(
        self, layer: int, outer: list[list[fmpz]], live: list[int], inputs: int
    ) -> tuple[fmpz_mat, fmpz]:
        """Rows in the live outputs of a layer, times the layer."""
        sparse = self.sparse(layer)
        if not live:
            return fmpz_mat(len(outer), inputs + 1), fmpz(1)
        if sparse is None:
            own, denominator = self.integer_rows(layer, live)
            return fmpz_mat(outer) * fmpz_mat(own), denominator
        return sparse.before(outer, live), fmpz(sparse.denominator)

    def output_rows(self) -> Rows:
        """The outputs as forms in the outputs of the last hidden layer."""
        return self.layers.maps[-1].integers()

    def forms(self, layer: int, neurons: Sequence[int], signs: Sequence[int]) -> Rows:
        """Pre-activations of a layer as forms in the inputs, where all neurons have these signs."""
        own, denominator = self.integer_rows(layer, neurons)
        return self.to_inputs((fmpz_mat(own), denominator), layer, signs)

    def to_inputs(self, rows: Rows, layer: int, signs: Sequence[int]) -> Rows:
        """Forms in the inputs of a layer as forms in the network's inputs, in lowest terms."""
        starts = self.layers.starts
        for k in reversed(range(layer)):
            rows = self.pulled_back(rows, k, signs[starts[k] : starts[k + 1]])
        return rows


def _table(functions: Functions) -> Table:
    lines = [f.pieces for f in functions]
    scale = fmpz(1)
    for value in {v for part in lines for piece in part for v in piece}:
        scale = scale.lcm(value.denominator)
    q = int(scale)
    whole = tuple(tuple((int(s * q), int(o * q)) for s, o in part) for part in lines)
    most = max(map(len, whole), default=1)
    padded = [[*part, *[part[-1]] * (most - len(part))] for part in whole]
    floats = np.array([[[_sure(v, q) for v in piece] for piece in part] for part in padded])
    floats = floats.reshape(len(whole), most, 2)
    owner = [i for i, f in enumerate(functions) for _ in f.breakpoints]
    knots = [b for f in functions for b in f.breakpoints]
    knot = np.array([nearest_float(b.numerator, b.denominator) for b in knots], dtype=np.float64)
    inexact = [Fraction(v) != b for v, b in zip(knot.tolist(), knots, strict=True)]
    room = np.where(inexact, np.spacing(np.abs(knot)), 0.0)
    slope, offset = floats[:, :, 0], floats[:, :, 1]
    return Table(np.array(owner, dtype=np.int64), knot, room, slope, offset, whole, q)


def _sure(numerator: int, denominator: int) -> float:
    """The nearest float; no number where its relative error could be large."""
    value = nearest_float(numerator, denominator)
    return value if numerator == 0 or 2.0**-900 < abs(value) < 2.0**900 else float("nan")


def prepared(network: Network, inputs: int | None = None) -> Prepared:
    """The network for ``inputs`` numbers; the last few networks are kept."""
    wanted = number_of_inputs(network, None) if inputs is None else inputs
    assert wanted is not None
    return _prepared(network, wanted)


@lru_cache(maxsize=4)
def _prepared(network: Network, inputs: int) -> Prepared:
    layers = layers_of(network, inputs)
    if layers.switches:
        raise NotPiecewiseLinearError(
            "the network jumps (steps, signs), so that no affine map holds around every point; "
            "piecewise(net, domain=…) takes it apart, jumps included"
        )
    return Prepared(layers)
