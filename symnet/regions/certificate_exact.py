"""Exact evaluation of the network as it was given, at many points at once: no filter."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from flint import fmpz, fmpz_mat

from symnet.exact.affine import AffineMap
from symnet.exact.arrays import Signs
from symnet.regions.switches import Condition
from symnet.regions.units import Source

#: (numerator, denominator) of the breakpoints, and integers (slope, offset) times a common factor.
Function = tuple[list[tuple[int, int]], list[tuple[int, int]]]

_POINTS_AT_ONCE = 1 << 10


class ExactNetwork:
    """Evaluates all pre-activations of the network at points X / T, or along rays X for T = 0.

    With breakpoints and offsets multiplied by T, the network is positively homogeneous in (X, T);
    for T = 0 it is what the function does far out.
    """

    def __init__(self, source: Source, switches: Sequence[Sequence[Condition | None]] = ()) -> None:
        self.switches = switches
        self.layers: list[tuple[AffineMap, list[Function], int]] = []
        for affine, activations in zip(source.layers, source.activations, strict=False):
            parts = [f.pieces for f in activations]
            scale = 1
            for value in {v for part in parts for piece in part for v in piece}:
                scale = int(fmpz(scale).lcm(value.denominator))
            table: list[Function] = [
                (
                    [(b.numerator, b.denominator) for b in f.breakpoints],
                    [(int(slope * scale), int(offset * scale)) for slope, offset in part],
                )
                for f, part in zip(activations, parts, strict=True)
            ]
            self.layers.append((affine, table, scale))
        self.last = source.layers[-1]

    def signs_at(self, vectors: Sequence[Sequence[int]]) -> Signs:
        """The signs of z_i - beta for all virtual neurons, (points, virtual neurons)."""
        found = [
            self._signs(vectors[k : k + _POINTS_AT_ONCE])
            for k in range(0, len(vectors), _POINTS_AT_ONCE)
        ]
        count = sum(len(breakpoints) for *_, table, _ in self.layers for breakpoints, _ in table)
        return np.concatenate([np.zeros((0, count), dtype=np.int8), *found])

    def _signs(self, vectors: Sequence[Sequence[int]]) -> Signs:
        signs: list[list[int]] = []
        self._run(fmpz_mat([list(row) for row in zip(*vectors, strict=True)]), signs)
        return np.array(signs, dtype=np.int8).reshape(-1, len(vectors)).T

    def margins(self, point: Sequence[Fraction]) -> list[int]:
        """Return the signs of z_i - beta for all virtual neurons, layer after layer."""
        signs: list[list[int]] = []
        self._run(_column(point), signs)
        return [sign for (sign,) in signs]

    def output(self, point: Sequence[Fraction]) -> list[Fraction]:
        """Return the network's outputs."""
        h = self._run(_column(point), [])
        column, scale = self.last.times(h).entries(), self.last.denominator * h[h.nrows() - 1, 0]
        return [Fraction(int(v), int(scale)) for v in column]

    def _run(self, h: fmpz_mat, signs: list[list[int]]) -> fmpz_mat:
        """The last layer's outputs, homogeneous; the signs are added to ``signs``, row by row."""
        for layer, (affine, table, scale) in enumerate(self.layers):
            first = len(signs)
            weight = [affine.denominator * w for w in h.tolist()[-1]]
            rows = affine.times(h).tolist()
            for i, (breakpoints, parts) in enumerate(table):
                rows[i] = _activated(rows[i], weight, breakpoints, parts, signs)
            if self.switches:
                here = np.array(signs[first:], dtype=np.int8).reshape(-1, h.ncols()).T
                _switch(rows, self.switches[layer], here)
            h = fmpz_mat([*rows, [scale * w for w in weight]])
        return h


def _activated(
    row: list[fmpz],
    weight: list[fmpz],
    breakpoints: list[tuple[int, int]],
    parts: list[tuple[int, int]],
    signs: list[list[int]],
) -> list[fmpz]:
    """The outputs of one neuron at all points."""
    piece = [0] * len(row)
    for p, q in breakpoints:
        margin = row if p == 0 else [q * z - p * w for z, w in zip(row, weight, strict=True)]
        signs.append([int(v > 0) - int(v < 0) for v in margin])
        piece = [k + (s > 0) for k, s in zip(piece, signs[-1], strict=True)]
    if parts == [(0, 0), (1, 0)]:
        zero = fmpz(0)
        return [z if k else zero for z, k in zip(row, piece, strict=True)]
    return [parts[k][0] * z + parts[k][1] * w for z, w, k in zip(row, weight, piece, strict=True)]


def _switch(rows: list[list[fmpz]], switches: Sequence[Condition | None], signs: Signs) -> None:
    """Set the outputs of switched neurons to 0 where they are off."""
    for i, condition in enumerate(switches):
        if condition is not None:
            on = condition.holds(signs).tolist()
            rows[i] = [v if yes else fmpz(0) for v, yes in zip(rows[i], on, strict=True)]


def _column(point: Sequence[Fraction]) -> fmpz_mat:
    common = fmpz(1)
    for x in point:
        common = common.lcm(x.denominator)
    return fmpz_mat([*([int(x * int(common))] for x in point), [common]])
