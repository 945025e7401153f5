r"""Values of a layer's units at many points with error bounds, and their signs as packed words.

Let h approximate h* and let z be the float64 value of W h + b with fan-in n; let g = 1.01 (n + 4)
u. By the standard bound for inner products (Higham 2002, section 3.1; in any order of summation, so
with any BLAS), with entries |h_k - h_k*| <= e_k,

    |z_j - z_j*|   <= sum_k |W_jk| (e_k + g |h_k|) + g |b_j|,                       (entries)

and with |h - h*|_2 <= a, by the Cauchy-Schwarz inequality,

    |z_j - z_j*|   <= |W_j|_2 (a + g |h|_2) + g |b|_2              for every unit j,
    |z - z*|_2     <= |W|_2 a + g (|W|_F |h|_2 + |b|_2).                             (norm)

relu is 1-Lipschitz, so both hold for the outputs too. Two more roundings go into g where the
entries of W are the floats nearest to rationals. The norm costs no pass over the values, and serves
as long as it is small. On short edges it grows faster than the entries' bounds: the error of a
vertex's place does to each value what the value's own slope makes of it, and the norm forgets
which. So `FilteredLayer` changes over to entries when the norm is no longer small. Bounds have
shape (points, 1) for norms, and (points, units) and single precision for entries.

A unit whose bias is zero and whose inputs with nonzero weight are all certified off is exactly
zero; this is recognised from sign words, so that networks without biases do not flood the exact
side.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from symnet.exact.arrays import Bools, Floats, Ints, Words
from symnet.exact.rounding import unit_roundoff
from symnet.exact.sparse_rows import SparseRows
from symnet.regions.edges import LayerState
from symnet.regions.interpolation import (
    ENTRY_FLOOR,
    ENTRY_SLACK,
    FLOOR,
    SLACK,
    activate,
    norms,
    spectral_bound,
)
from symnet.regions.split_weights import SplitWeights
from symnet.regions.units import UnitLayer
from symnet.regions.vertices import ExactEvaluator
from symnet.regions.words import full_words, members, pack, unpack

if TYPE_CHECKING:
    from symnet.regions.block import Block

# Smaller weights count as so large in bounds: products with them would be denormal.
_SMALL_WEIGHT = 2.0**-40
# Above this mean norm, undecided signs would begin to cost more than bounds for entries.
_NORM_LIMIT = 2.0**-32
# Deeper networks need bounds by entries from the first layer on.
_NORM_DEPTH = 4
# Values at a time, so that what is made of them stays in the cache.
_VALUES = 1 << 16
# So many layers of such networks are computed in split weights: their errors grow through the rest.
_SPLIT_LAYERS = 3


class FilteredLayer:
    """One layer of units in float64, prepared for evaluation at many points."""

    def __init__(self, layer: UnitLayer, index: int, depth: int, few_points: bool = False) -> None:
        affine = layer.affine
        extra = 0 if affine.is_float else 2
        by_entries = depth > _NORM_DEPTH
        self.index = index
        self.is_last = index + 1 == depth
        self.few_points = few_points
        self.affine = affine
        self.relu_count = layer.relu_count
        self.norm_limit = -1.0 if by_entries else _NORM_LIMIT * (2.0**4 if few_points else 1)
        self.growth = 1.01 * (affine.terms + 4 + extra) * unit_roundoff()
        self.bias = affine.bias
        early = by_entries and index < min(_SPLIT_LAYERS, depth - _NORM_DEPTH)
        self.all_units = full_words(layer.relu_count)
        dense = affine.sparse is None
        self.split = SplitWeights(self.weight_t) if early and affine.is_float and dense else None

    @cached_property
    def weight_t(self) -> Floats:
        """W^T, with its zeros."""
        return self.affine.weight.T

    @cached_property
    def _sizes(self) -> tuple[float, float, float, float]:
        """The longest row, the Frobenius and the spectral norm; the norm of the biases."""
        sparse, bias = self.affine.sparse, self.bias
        if sparse is None:
            rows = norms(self.affine.weight)
        else:
            rows = np.sqrt(sparse.row_sums(np.square(sparse.values)))[:, None] + FLOOR
        frobenius = float(np.sqrt(np.vdot(rows, rows))) * SLACK
        return (
            float(rows.max(initial=0.0)) * SLACK,
            frobenius,
            frobenius if self.few_points else self._spectral,
            float(np.sqrt(np.vdot(bias, bias))) * SLACK + FLOOR,
        )

    @property
    def _spectral(self) -> float:
        """A bound of |W|_2: for many zeros the root of |W|_1 |W|_inf."""
        sparse = self.affine.sparse
        if sparse is None:
            return spectral_bound(self.affine.weight)  # which costs n^3
        size = sparse.absolute
        sums = (m.row_sums(m.values).max(initial=0.0) for m in (size, size.T))
        return float(np.sqrt(np.prod(list(sums)))) * SLACK + FLOOR

    @cached_property
    def _entry_sizes(self) -> tuple[Floats | SparseRows, Floats]:
        """The sizes of the weights, and the errors that biases make, in single precision."""
        sparse = self.affine.sparse
        size = np.abs(self.weight_t if sparse is None else sparse.values)
        size[(size > 0) & (size < _SMALL_WEIGHT)] = _SMALL_WEIGHT  # no denormal products
        bias_error = self.growth * np.abs(self.bias) * ENTRY_SLACK + ENTRY_FLOOR
        single = (size * ENTRY_SLACK).astype(np.float32)
        sizes = single if sparse is None else sparse.with_values(single)
        return sizes, bias_error.astype(np.float32)

    def evaluate(self, block: Block, evaluator: ExactEvaluator) -> LayerState:
        """Return values, bounds and words of signs of the layer's units at the block's vertices.

        Its values, those of the units before, are used up: the new ones take their place where they
        fit. Where the filter cannot decide, the exact sign is taken, and z is set to zero where its
        sign was wrong.
        """
        h, error = block.release()
        points, units = h.shape[0], self.affine.shape[0]
        if error.shape[1] == 1 and not np.minimum(error, 1.0).sum() <= self.norm_limit * points:
            error = np.repeat((error * ENTRY_SLACK).astype(np.float32), h.shape[1], axis=1)
        step = max(64, _VALUES // max(1, units))
        if points <= step:
            activate(h, error, block.active, block.relu)
            z, single, carried = self.values(h, error)
            positive, negative = self._signs(z, single)
        else:
            z, single, carried, positive, negative = self._in_portions(h, error, block, step)
        unclear = (positive | negative) ^ self.all_units
        linear = self._linear(block.active)
        if linear is not None:
            z[:, self.relu_count :] *= linear
        state = LayerState(
            self.index, z, single, carried, positive, negative, None, linear, block.shape.vertex,
            evaluator,
        )  # fmt: skip
        if unclear.any():
            self._decide_all(state, block.active, unclear)
        return state

    def _in_portions(
        self, h: Floats, error: Floats, block: Block, step: int
    ) -> tuple[Floats, Floats, Floats, Words, Words]:
        """Return values, bounds for single ones and to carry on, and words, `step` points at a
        time.
        """
        points, units = h.shape[0], self.affine.shape[0]
        fits = h.shape[1] == units
        z = h if fits else np.empty((points, units))
        if error.shape[1] > 1:
            single = carried = error if fits else np.empty((points, units), dtype=np.float32)
        else:
            single, carried = np.empty_like(error), np.empty_like(error)
        positive, negative = (
            np.empty((points, self.all_units.shape[1]), dtype=np.uint64) for _ in range(2)
        )
        for begin in range(0, points, step):
            rows = slice(begin, begin + step)
            activate(h[rows], error[rows], block.active[rows], block.relu)
            z[rows], single[rows], carried[rows] = self.values(h[rows], error[rows])
            positive[rows], negative[rows] = self._signs(z[rows], single[rows])
        return z, single, carried, positive, negative

    def values(self, h: Floats, error: Floats) -> tuple[Floats, Floats, Floats]:
        """Return z of shape (points, units), bounds for single values, and bounds to carry on."""
        by_entries = error.shape[1] > 1
        if by_entries and self.split is not None:
            size = self._entry_sizes[0]
            assert not isinstance(size, SparseRows)
            z, bound = self.split.values(h, self.bias, error, size, self.growth)
            return z, bound, bound
        sparse = self.affine.sparse
        z = h @ self.weight_t if sparse is None else sparse.apply(h)
        z += self.bias
        if by_entries:
            bound = self._entries(h, error)
            return z, bound, bound
        size = norms(h)
        single, whole = self._norm(size, error)
        if not self._sizes[1] < 2.0**400:  # else |h| * |W| is a float wherever |h|**2 is one
            bad = ~np.isfinite(z).all(axis=1)
            single[bad] = whole[bad] = np.inf
        return z, single, whole

    def _norm(self, size: Floats, error: Floats) -> tuple[Floats, Floats]:
        """Bounds for single values and in norm, at points where the inputs have these norms."""
        g = self.growth
        longest, frobenius, spectral, bias_norm = self._sizes
        single = error * (longest * SLACK)
        single += size * (g * longest * SLACK)
        single += (g * bias_norm + FLOOR) * SLACK
        if self.is_last:  # nothing is carried on
            return single, single
        whole = error * (spectral * SLACK)
        whole += size * (g * frobenius * SLACK)
        whole += (g * bias_norm + FLOOR) * SLACK
        return single, whole

    def _entries(self, h: Floats, error: Floats) -> Floats:
        # where a value overflows its bound does, in single precision, or is no number
        source = h.astype(error.dtype)
        np.abs(source, out=source)
        source *= np.float32(self.growth * ENTRY_SLACK)
        source += error
        sizes, bias_error = self._entry_sizes
        bound = sizes.apply(source) if isinstance(sizes, SparseRows) else source @ sizes
        bound += bias_error
        return bound

    def _signs(self, z: Floats, error: Floats) -> tuple[Words, Words]:
        """Return the words of the relu units that are certainly positive, and negative."""
        u, bound = z[:, : self.relu_count], error[:, : self.relu_count]
        if bound.dtype != u.dtype:
            # rounding is monotone: it may hide that |u| > bound, no more
            u = u.astype(bound.dtype)
        return pack(u > bound), pack(u < -bound)

    def _decide_all(self, state: LayerState, active: Words, unclear: Words) -> None:
        """Set the signs of units at points from their exact values."""
        z, words = state.value, (state.positive, state.negative)
        row, unit = members(unclear)
        z[row, unit] = np.where(np.isnan(z[row, unit]), 0.0, z[row, unit])
        dead = self._exactly_zero(active, row, unit)
        z[row[dead], unit[dead]] = 0.0
        row, unit = row[~dead], unit[~dead]
        starts = np.flatnonzero(np.append(True, row[1:] != row[:-1])) if row.size else row
        for places in np.split(np.arange(row.size), starts[1:]):
            if not places.size:
                continue
            r, chosen = int(row[places[0]]), unit[places].tolist()
            signs = state.evaluator.signs(int(state.vertex[r]), self.index, chosen)
            for j, sign in zip(chosen, signs, strict=True):
                if sign:
                    words[0 if sign > 0 else 1][r, j >> 6] |= np.uint64(1 << (j & 63))
                if sign * z[r, j] <= 0:
                    z[r, j] = 0.0
        zero = (state.positive | state.negative) ^ self.all_units
        if zero.any():
            state.zero = zero

    def _linear(self, active: Words) -> Bools | None:
        """Which linear units have a bias, or an input that is not exactly zero; None for all."""
        sparse = self.affine.sparse
        if sparse is None or self.relu_count == self.affine.shape[0]:
            return None
        inputs = unpack(active, self.affine.shape[1]).astype(np.float32)
        some: Bools = self._pattern.apply(inputs)[:, self.relu_count :] > 0
        return some | self.affine.has_offset[self.relu_count :]

    @cached_property
    def _pattern(self) -> SparseRows:
        """Ones in the places of the weights."""
        sparse = self.affine.sparse
        assert sparse is not None
        return sparse.with_values(np.ones(len(sparse.values)))

    def _exactly_zero(self, active: Words, row: Ints, unit: Ints) -> Bools:
        """Return for which (row, unit) every term of W h + b is exactly zero."""
        sparse = self.affine.sparse
        if sparse is not None:
            return ~(self.affine.has_offset[unit] | sparse.touches(active, row, unit))
        nonzero = self.affine.nonzero
        n = nonzero.shape[1] - 1
        dead = ~nonzero[unit, n]
        some = dead.nonzero()[0]
        inputs = unpack(active.take(row[some], axis=0), n)
        dead[some] = ~(inputs & nonzero[unit[some], :n]).any(axis=1)
        return dead
