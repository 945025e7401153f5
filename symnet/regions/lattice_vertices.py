"""Vertices of the growing complex: float values with proved errors, and certain signs.

Every vertex has, for the forms of the current layer, a float value Z, a bound E on its distance
from the exact (scaled) value, and a sign that is certain: |Z| > E decides it, and exact integers do
where that fails, so that NaN and infinity go to the exact side.  With u = 2^-53 and fan-in n:

- layer: |fl(W h + b) - (W h + b)| <= (E_h + g|h|)|W|' + g|b| with g = 1.01 (n + 6) u (Higham,
  Accuracy and Stability of Numerical Algorithms, 2002, section 3.1; six more roundings cover the
  conversion of the weights; a factor 1.0001 in |W| covers the rounding of the bound itself);
- the zero t = |a| / (|a| + |c|) of a form on a segment with values a, c at the ends is known up to
  dt = (e_a (1 - t) + e_c t) / (|a| + |c| - e_a - e_c) + 4u, and up to 1 in any case;
- a form at that zero: max(E_p, E_q) + |Z_q - Z_p| (dt + 3u) + 12u M, where M >= |Z| is the largest
  value of the form in this layer (values are convex combinations).  2u M are the rounding of Z, the
  rest covers that of the bound: where a bound exceeds M it decides nothing, however it is rounded.

A multiple of 2^-1000 is added against underflow.  The segment is the longest one known on which
the layer's forms are affine: on the short edges that are left of it the same errors would say less
about t, and they would add up from cut to cut.  A new vertex takes over the sign of every form
that does not change sign on its segment, without arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from symnet.regions.lattice_exact import ExactVertices
from symnet.regions.lattice_layers import PreparedLayer, as_float

__all__ = ["BLOCK", "UNIT_ROUNDOFF", "VertexStore"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Signs = NDArray[np.int8]
Words = NDArray[np.uint64]

UNIT_ROUNDOFF = 2.0**-53
_TINY = 2.0**-1000
_SLACK = 1 + 2.0**-40
# Rows at a time, so that temporaries stay in the cache.
BLOCK = 1024


def pack(bits: NDArray[np.bool_], words: int) -> Words:
    """Rows of booleans as rows of 64-bit words, column 0 in the lowest bit."""
    packed = np.zeros((len(bits), 8 * words), dtype=np.uint8)
    small = np.packbits(bits, axis=1, bitorder="little")
    packed[:, : small.shape[1]] = small
    return packed.view("<u8")


class VertexStore:
    """All vertices so far, row v for vertex v, with capacity to spare.

    `values` and `errors` have the forms of the current layer and then the coordinates, in the last
    layer without the first `gone` forms, which are done with; `signs` have all forms, and are zero
    in the columns of coordinates.  `plus[i]` and `minus[i]` are the i-th words of the signs in
    the current layer; `words[v]` has those of all layers that were left, first all of +, then of -.
    """

    def __init__(
        self,
        layers: Sequence[PreparedLayer],
        corners: Sequence[Sequence[fmpq]],
        coordinate_scale: Integers,
        unit_roundoff: float = UNIT_ROUNDOFF,
        clip: PreparedLayer | None = None,
    ) -> None:
        self.exact = ExactVertices(layers, corners, clip)
        self.layers = layers
        self.u = unit_roundoff
        self.coordinate_scale = coordinate_scale
        self.dimension = len(coordinate_scale)
        self.count = n = len(corners)
        self.depth = -2
        stages = [*layers] if clip is None else [clip, *layers]
        widths = [(layer.hyperplanes + 63) // 64 for layer in stages]
        starts = np.concatenate([[0], np.cumsum(widths)]).tolist()
        if clip is None:
            widths, starts = [0, *widths], [0, *starts]
        self.word_start = starts
        self.word_count: int = max(starts[-1], 1)
        self._width = widths
        floats = [
            [as_float(x, -int(s)) for x, s in zip(corner, coordinate_scale, strict=True)]
            for corner in corners
        ]
        self.values: Floats = np.array(floats, dtype=np.float64).reshape(n, self.dimension)
        with np.errstate(all="ignore"):
            self.errors: Floats = self.u * np.abs(self.values) + _TINY
        self.signs: Signs = np.zeros((n, self.dimension), dtype=np.int8)
        self.words: Words = np.zeros((n, 2 * self.word_count), dtype=np.uint64)
        self.plus: Words = np.zeros((0, n), dtype=np.uint64)
        self.minus: Words = np.zeros((0, n), dtype=np.uint64)
        self._parents: Integers = np.zeros((n, 4), dtype=np.int64)
        self.forms = self.hyperplanes = self.gone = 0

    def parents(self, vertex: int) -> tuple[int, int, int, int]:
        """Segment (p, q), depth and column of the form that made the vertex."""
        p, q, depth, column = self._parents[vertex].tolist()
        return p, q, depth, column

    def _activated(self, rows: slice) -> tuple[Floats, Floats]:
        """Outputs of the previous layer at some vertices, with errors."""
        m = self.forms
        if self.depth < 0:
            return self.values[rows, m:], self.errors[rows, m:]
        layer = self.layers[self.depth]
        z, e, s = self.values[rows, :m], self.errors[rows, :m], self.signs[rows, :m]
        if layer.is_plain:
            on = s > 0
            return np.where(on, z, 0.0), np.where(on, e, 0.0)
        piece = np.zeros((len(z), layer.n_out), dtype=np.int64)
        for i, (r, _) in enumerate(layer.virtual):
            piece[:, r] += s[:, layer.column[i]] * layer.virtual_sign[i] > 0
        neuron = np.arange(layer.n_out)
        slope, offset = layer.piece_slope[neuron, piece], layer.piece_offset[neuron, piece]
        z, e = z[:, layer.source], e[:, layer.source]
        product = slope * z
        bound = np.abs(slope) * e + 4 * self.u * (np.abs(product) + np.abs(offset))
        bound = np.where(slope != 0, bound * _SLACK + _TINY, 2 * self.u * np.abs(offset))
        return product + offset, np.where((slope == 0) & (offset == 0), 0.0, bound)

    def enter(self, layer: PreparedLayer, depth: int) -> None:
        """Evaluate the forms of the next layer at all vertices and decide their signs."""
        self.leave()
        n, m, h, d = self.count, layer.columns, layer.hyperplanes, self.dimension
        # Copying costs a lot; but in the last layer there is little to copy in the end.
        self._is_last = depth == len(self.layers) - 1
        room = (3 if self._is_last else 8) * n
        values, errors = np.empty((room, m + d)), np.empty((room, m + d))
        signs = np.zeros((room, m + d), dtype=np.int8)
        g = 1.01 * (layer.n_in + 6) * self.u
        unclear = []
        for start in range(0, n, BLOCK):
            rows = slice(start, min(start + BLOCK, n))
            with np.errstate(all="ignore"):
                H, EH = self._activated(rows)
                size = np.abs(H)
                Z = H @ layer.weights_t
                Z += layer.bias
                peak = 1.0 + size.max(initial=0.0) + EH.max(initial=0.0)
                E = (EH + g * size) @ layer.absolute_weights_t
                E += g * np.abs(layer.bias) + (layer.n_in + 2) * peak * _TINY
                sign = (Z > E).view(np.int8) - (Z < -E).view(np.int8)
            if not sign[:, :h].all():
                r, c = np.nonzero(sign[:, :h] == 0)
                feeds = ((H != 0) | (EH != 0))[r] & layer.support[c]
                # No input and no bias: the form is zero, whatever the rounding.
                is_open = feeds.any(axis=1) | layer.has_bias[c]
                Z[r[~is_open], c[~is_open]] = E[r[~is_open], c[~is_open]] = 0.0
                unclear.append((r[is_open] + start, c[is_open]))
            values[rows, :m], errors[rows, :m], signs[rows, :h] = Z, E, sign[:, :h]
        values[:n, m:] = self.values[:n, self.forms :]
        errors[:n, m:] = self.errors[:n, self.forms :]
        self.values, self.errors, self.signs = values, errors, signs
        self.depth, self.forms, self.hyperplanes, self.gone = depth, m, h, 0
        # Then the value of a form whose sign is zero will not be read.
        self._zero_is_off = layer.is_plain
        for r, c in unclear:
            self._decide(r, c)
        with np.errstate(all="ignore"):
            largest = np.maximum(values[:n].max(axis=0), -values[:n].min(axis=0))
            self._rounding = 12.1 * self.u * largest + _TINY
        width = self._width[depth + 1]
        self.plus = np.empty((width, room), dtype=np.uint64)
        self.minus = np.empty((width, room), dtype=np.uint64)
        self._pack(0, n)

    def leave(self) -> None:
        """Write the signs of the current layer into `words`."""
        if self.depth >= -1:
            n, start, width = self.count, self.word_start[self.depth + 1], len(self.plus)
            self.words[:n, start : start + width] = self.plus[:, :n].T
            start += self.word_count
            self.words[:n, start : start + width] = self.minus[:, :n].T

    def finish(self) -> None:
        """Forget the forms; signs stay in `words`, and coordinates in `values` and `errors`."""
        self.leave()
        n, m = self.count, self.forms
        self.values, self.errors = self.values[:n, m:].copy(), self.errors[:n, m:].copy()
        self.signs = np.zeros((n, 0), dtype=np.int8)
        self.plus = self.minus = np.zeros((0, n), dtype=np.uint64)
        self.depth, self.forms, self.hyperplanes, self.gone = -2, 0, 0, 0

    def _pack(self, start: int, stop: int) -> None:
        signs = self.signs[start:stop, : self.hyperplanes]
        self.plus[:, start:stop] = pack(signs > 0, len(self.plus)).T
        self.minus[:, start:stop] = pack(signs < 0, len(self.minus)).T

    def _decide(self, rows: Integers, columns: Integers) -> None:
        """Exact signs of single entries; their floats become as good as floats can be."""
        vertices, forms = rows.tolist(), columns.tolist()
        self.exact.require(vertices, self.parents)
        layer = self.exact.layer(self.depth)
        exact = self.exact.form(vertices, self.depth, forms)
        for v, k, value in zip(vertices, forms, exact, strict=True):
            z = as_float(value, -int(layer.scale[k]))
            self.values[v, k - self.gone] = z
            self.errors[v, k - self.gone] = 2 * self.u * abs(z) + _TINY if value else 0.0
            self.signs[v, k] = (value > 0) - (value < 0)

    def _reserve(self, extra: int) -> None:
        n = self.count
        for name in ("values", "errors", "signs", "words", "_parents"):
            old = getattr(self, name)
            if n + extra > len(old):
                new = np.empty((max(n + extra, 2 * len(old)), old.shape[1]), dtype=old.dtype)
                new[:n] = old[:n]
                setattr(self, name, new)
        if n + extra > self.plus.shape[1]:
            for name in ("plus", "minus"):
                old = getattr(self, name)
                new = np.empty((len(old), max(n + extra, 2 * old.shape[1])), dtype=np.uint64)
                new[:, :n] = old[:, :n]
                setattr(self, name, new)

    def _forget(self, column: int) -> None:
        """In the last layer, let go of the values of the forms before a column, if it pays."""
        gone, width, n = column - self.gone, self.values.shape[1], self.count
        if not self._is_last or 3 * gone < width:
            return
        for name in ("values", "errors"):
            old = getattr(self, name)
            new = np.empty((2 * n, width - gone))
            new[:n] = old[:n, gone:]
            setattr(self, name, new)
        self._rounding = self._rounding[gone:]
        self.gone, self.forms = column, self.forms - gone

    def cut(self, edges: Integers, carriers: Integers, column: int) -> bool:
        """New vertices where a form vanishes on edges at whose ends it has opposite signs.

        Edges are pairs (n, 2) of vertices; a carrier is a pair whose segment contains the edge and
        on which all forms of the layer are affine.  The longer it is, the less is lost by rounding.
        The new vertices get the next numbers.  Returns whether another form happened to vanish at
        one of them.
        """
        self._forget(column)
        self._reserve(len(edges))
        blocks = [slice(i, i + BLOCK) for i in range(0, len(edges), BLOCK)]
        # every block is to be cut, so nothing may stop at the first that was
        found = [self._cut(edges[block], carriers[block], column) for block in blocks]
        return any(found)

    def _cut(self, edges: Integers, carriers: Integers, column: int) -> bool:
        (p, q), (P, Q) = edges.T.copy(), carriers.T.copy()
        n, start = len(p), self.count
        stop, gone = start + n, self.gone
        kept = column - gone
        # Whole rows, coordinates and all: contiguous arrays are several times faster.
        Vp, Vq = self.values.take(P, axis=0), self.values.take(Q, axis=0)
        Ep, Eq = self.errors.take(P, axis=0), self.errors.take(Q, axis=0)
        new, bound = self.values[start:stop], self.errors[start:stop]
        with np.errstate(all="ignore"):
            a, c = np.abs(Vp[:, kept]), np.abs(Vq[:, kept])
            ea, ec = Ep[:, kept], Eq[:, kept]
            total = a + c
            t = a / total
            spread = total - ea - ec
            dt = (ea * (1 - t) + ec * t) / spread * _SLACK + 4 * self.u
            # The slack covers the rounding of the spread only where little of it cancelled.
            dt = np.where((spread > 0.001 * total) & (dt < 1), dt, 1.0)
            # A zero or unusable denominator says nothing about t: any point of the segment will do.
            t = np.where(t == t, t, 0.5)
            np.maximum(Ep, Eq, out=bound)
            bound += self._rounding
            Vq -= Vp
            np.multiply(Vq, t[:, None], out=new)
            new += Vp
            np.abs(Vq, out=Vq)
            Vq *= ((dt + 3 * self.u) * _SLACK)[:, None]
            bound += Vq
            certain = (new > bound).view(np.int8) - (new < np.negative(bound, out=Vq)).view(np.int8)
        Sp, Sq = self.signs.take(p, axis=0), self.signs.take(q, axis=0)
        # One where the signs at the ends are opposite: only there does arithmetic decide.
        opposite = ((Sp ^ Sq) == -2).view(np.int8)
        signs = Sp | Sq
        open_ = opposite[:, gone:]  # no edge has opposite signs of a form that is done with
        signs[:, gone:] *= 1 - open_
        certain *= open_
        signs[:, gone:] += certain
        signs[:, column] = 0
        new[:, kept] = bound[:, kept] = 0.0
        self.signs[start:stop] = signs
        self.words[start:stop] = self.words.take(p, axis=0) | self.words.take(q, axis=0)
        made = self._parents[start:stop]
        made[:, 0], made[:, 1], made[:, 2], made[:, 3] = P, Q, self.depth, column
        self.count = stop
        opposite[:, column] = 0
        unclear = (signs == 0) & opposite.view(np.bool_)
        degenerate = False
        if unclear.any():
            rows, columns = np.nonzero(unclear)
            self._decide(rows + start, columns)
            degenerate = bool((self.signs[rows + start, columns] == 0).any())
        if not self._zero_is_off:
            h = self.hyperplanes - gone
            zero = self.signs[start:stop, gone : gone + h] == 0
            new[:, :h][zero] = bound[:, :h][zero] = 0.0
        self._pack(start, stop)
        return degenerate
