"""Vertices of the growing complex: float values with proved errors, and certain signs.

Every vertex has, for the forms of the current layer, a float value Z, a bound E on its distance
from the exact (scaled) value, and a sign that is certain: |Z| > E decides it, and exact integers do
where that fails, so that NaN and infinity go to the exact side.  With u = 2^-53 and fan-in n:

- layer: |fl(W h + b) - (W h + b)| <= (E_h + g|h|)|W|' + g|b| with g = 1.01 (n + 6) u (Higham,
  Accuracy and Stability of Numerical Algorithms, 2002, section 3.1; six more roundings cover the
  conversion of the weights; a factor 1.0001 in |W| covers the rounding of the bound itself);
- the zero t = |a| / (|a| + |c|) of a form on a segment with values a, c at the ends is known up to
  dt = (e_a (1 - t) + e_c t) / (|a| + |c| - e_a - e_c) + 4u, and up to 1 in any case;
- a form at that zero: max(E_p, E_q) + |Z_q - Z_p| (dt + 3u) + 2u|Z|.

A multiple of 2^-1000 is added against underflow.  A new vertex takes over the sign of every form
that does not change sign on its segment, without arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from symnet.regions.lattice_exact import ExactVertices
from symnet.regions.lattice_layers import PreparedLayer, as_float

__all__ = ["UNIT_ROUNDOFF", "VertexStore"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Signs = NDArray[np.int8]
Words = NDArray[np.uint64]

UNIT_ROUNDOFF = 2.0**-53
_TINY = 2.0**-1000
_SLACK = 1 + 2.0**-40


def pack(bits: NDArray[np.bool_], words: int) -> Words:
    """Rows of booleans as rows of 64-bit words, column 0 in the lowest bit."""
    packed = np.zeros((len(bits), 8 * words), dtype=np.uint8)
    small = np.packbits(bits, axis=1, bitorder="little")
    packed[:, : small.shape[1]] = small
    return packed.view("<u8")


class VertexStore:
    """All vertices so far.  `words[v]` holds, for all layers, the bits of + and then those of -."""

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
        self.dimension = len(coordinate_scale)
        self.count = len(corners)
        self.depth = -2
        self.clip = clip
        stages = [clip, *layers] if clip is not None else list(layers)
        widths = [(layer.hyperplanes + 63) // 64 for layer in stages]
        starts = np.concatenate([[0], np.cumsum(widths)]).tolist()
        if clip is None:
            widths, starts = [0, *widths], [0, *starts]
        self.width, self.word_start = widths, starts
        self.word_count: int = max(starts[-1], 1)
        floats = [
            [as_float(x, -int(s)) for x, s in zip(corner, coordinate_scale, strict=True)]
            for corner in corners
        ]
        n = len(corners)
        self.values: Floats = np.array(floats, dtype=np.float64).reshape(n, self.dimension)
        self.errors: Floats = self.u * np.abs(self.values) + _TINY
        self.signs: Signs = np.zeros((n, 0), dtype=np.int8)
        self.words: Words = np.zeros((n, 2 * self.word_count), dtype=np.uint64)
        self._parents: Integers = np.zeros((n, 4), dtype=np.int64)
        self.forms = self.hyperplanes = 0

    def parents(self, vertex: int) -> tuple[int, int, int, int]:
        """Segment (p, q), depth and column of the form that made the vertex."""
        p, q, depth, column = self._parents[vertex].tolist()
        return p, q, depth, column

    def stage_words(self, depth: int) -> tuple[slice, slice]:
        """Where the words of + and of - of a layer stand in a row of `words`."""
        start, width = self.word_start[depth + 1], self.width[depth + 1]
        return (
            slice(start, start + width),
            slice(self.word_count + start, self.word_count + start + width),
        )

    def _activated(self) -> tuple[Floats, Floats]:
        """Outputs of the previous layer at all vertices, with errors."""
        n, m = self.count, self.forms
        if self.depth < 0:
            return self.values[:n, m:], self.errors[:n, m:]
        layer = self.layers[self.depth]
        z, e, s = self.values[:n, :m], self.errors[:n, :m], self.signs[:n]
        if layer.is_plain:
            on = s > 0
            return np.where(on, z, 0.0), np.where(on, e, 0.0)
        piece = np.zeros((n, layer.n_out), dtype=np.int64)
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
        n, m, h = self.count, layer.columns, layer.hyperplanes
        with np.errstate(all="ignore"):
            H, EH = self._activated()
            g = 1.01 * (layer.n_in + 6) * self.u
            values = np.empty((n, m + self.dimension))
            errors = np.empty((n, m + self.dimension))
            values[:, m:] = self.values[:n, self.forms :]
            errors[:, m:] = self.errors[:n, self.forms :]
            size = np.abs(H)
            np.matmul(H, layer.weights_t, out=values[:, :m])
            values[:, :m] += layer.bias
            np.matmul(EH + g * size, layer.absolute_weights_t, out=errors[:, :m])
            peak = 1.0 + size.max(initial=0.0) + EH.max(initial=0.0)
            errors[:, :m] += g * np.abs(layer.bias) + (layer.n_in + 2) * peak * _TINY
            Z, E = values[:, :h], errors[:, :h]
            signs = (Z > E).view(np.int8) - (Z < -E).view(np.int8)
        self.values, self.errors, self.signs = values, errors, signs
        self.depth, self.forms, self.hyperplanes = depth, m, h
        if not signs.all():
            rows, columns = np.nonzero(signs == 0)
            feeds = ((H != 0) | (EH != 0))[rows] & layer.support[columns]
            # No input and no bias: the form is zero, whatever the rounding.
            open_ = feeds.any(axis=1) | layer.has_bias[columns]
            zero = ~open_
            values[rows[zero], columns[zero]] = errors[rows[zero], columns[zero]] = 0.0
            self._decide(rows[open_], columns[open_])
        self._pack(0, n)

    def _pack(self, start: int, stop: int) -> None:
        plus, minus = self.stage_words(self.depth)
        width = self.width[self.depth + 1]
        signs = self.signs[start:stop]
        self.words[start:stop, plus] = pack(signs > 0, width)
        self.words[start:stop, minus] = pack(signs < 0, width)

    def _decide(self, rows: Integers, columns: Integers) -> None:
        """Exact signs of single entries; their floats become as good as floats can be."""
        vertices, forms = rows.tolist(), columns.tolist()
        self.exact.require(vertices, self.parents)
        layer = self.exact.layer(self.depth)
        exact = self.exact.form(vertices, self.depth, forms)
        for v, k, value in zip(vertices, forms, exact, strict=True):
            z = as_float(value, -int(layer.scale[k]))
            self.values[v, k] = z
            self.errors[v, k] = 2 * self.u * abs(z) + _TINY if value else 0.0
            self.signs[v, k] = (value > 0) - (value < 0)

    def _reserve(self, extra: int) -> None:
        need = self.count + extra
        if need > len(self.values):
            size = max(need, 2 * len(self.values), 64)
            for name in ("values", "errors", "signs"):
                old = getattr(self, name)
                new = np.empty((size, old.shape[1]), dtype=old.dtype)
                new[: self.count] = old[: self.count]
                setattr(self, name, new)
        if need > len(self.words):
            size = max(need, 2 * len(self.words), 64)
            for name in ("words", "_parents"):
                old = getattr(self, name)
                new = np.empty((size, old.shape[1]), dtype=old.dtype)
                new[: self.count] = old[: self.count]
                setattr(self, name, new)

    def cut(self, p: Integers, q: Integers, column: int) -> bool:
        """New vertices where a form vanishes on segments p-q at whose ends it has opposite signs.

        They get the next numbers.  Returns whether another form happened to vanish at one of them.
        """
        n, start = len(p), self.count
        self._reserve(n)
        stop = start + n
        Vp, Vq, Ep, Eq = self.values[p], self.values[q], self.errors[p], self.errors[q]
        with np.errstate(all="ignore"):
            a, c = np.abs(Vp[:, column]), np.abs(Vq[:, column])
            ea, ec = Ep[:, column], Eq[:, column]
            t = a / (a + c)
            spread = a + c - ea - ec
            dt = (ea * (1 - t) + ec * t) / spread * _SLACK + 4 * self.u
            dt = np.where((spread > 0) & (dt < 1), dt, 1.0)
            # A zero or unusable denominator says nothing about t: any point of the segment will do.
            t = np.where(t == t, t, 0.5)
            np.subtract(Vq, Vp, out=Vq)
            new = self.values[start:stop]
            np.multiply(Vq, t[:, None], out=new)
            new += Vp
            np.abs(Vq, out=Vq)
            Vq *= (dt + 3 * self.u)[:, None]
            bound = self.errors[start:stop]
            np.maximum(Ep, Eq, out=bound)
            bound += Vq
            np.abs(new, out=Vq)
            Vq *= 2 * self.u
            bound += Vq
            bound *= _SLACK
            bound += _TINY
            h = self.hyperplanes
            Z, E = new[:, :h], bound[:, :h]
            signs = (Z > E).view(np.int8) - (Z < -E).view(np.int8)
        Sp, Sq = self.signs[p], self.signs[q]
        opposite = (Sp ^ Sq) == -2
        signs = np.where(opposite, signs, Sp | Sq)
        opposite[:, column] = False
        signs[:, column] = 0
        new[:, column] = bound[:, column] = 0.0
        self.signs[start:stop] = signs
        self.words[start:stop] = self.words[p] | self.words[q]
        made = self._parents[start:stop]
        made[:, 0], made[:, 1], made[:, 2], made[:, 3] = p, q, self.depth, column
        self.count = stop
        unclear = opposite & (signs == 0)
        degenerate = False
        if unclear.any():
            rows, columns = np.nonzero(unclear)
            self._decide(rows + start, columns)
            degenerate = bool((self.signs[rows + start, columns] == 0).any())
        zero = self.signs[start:stop] == 0
        if np.count_nonzero(zero) > n:
            new[:, :h][zero] = bound[:, :h][zero] = 0.0
        self._pack(start, stop)
        return degenerate
