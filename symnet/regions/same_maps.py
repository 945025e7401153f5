"""Which neighbouring cells have the same affine map: exact, and fast where the answer is no.

All maps are first computed modulo a prime, for many cells at once. Maps that differ modulo the
prime differ; only where they agree are the two rational maps compared.
"""

from __future__ import annotations

import numpy as np
from flint import fmpq_mat, fmpz_mat

from ..exact.arrays import Ints, Signs
from .layer_list import LayerList

#: A prime below 2^26: products of two residues, added 1024 at a time, stay below 2^63.
_PRIME = 67_108_859
_CHUNK = 1024
_VALUES_AT_ONCE = 1 << 21


def piece_numbers(layers: LayerList, signs: Signs, pairs: Ints) -> Ints:
    """For every cell the number of its piece; ``pairs`` are the cells with a common facet."""
    residues = _maps_modulo_prime(layers, signs)
    alike = (residues[pairs[:, 0]] == residues[pairs[:, 1]]).all(axis=1)
    known: dict[int, fmpq_mat] = {}

    def table(cell: int) -> fmpq_mat:
        if cell not in known:
            known[cell] = layers.affine_on(signs[cell].tolist())
        return known[cell]

    label = list(range(len(signs)))

    def find(i: int) -> int:
        while label[i] != i:
            label[i] = label[label[i]]
            i = label[i]
        return i

    for i, j in pairs[alike].tolist():
        a, b = find(i), find(j)
        if a != b and table(i) == table(j):
            label[max(a, b)] = min(a, b)
    roots = [find(i) for i in range(len(signs))]
    numbers: Ints = np.unique(roots, return_inverse=True)[1]
    return numbers


def _maps_modulo_prime(layers: LayerList, signs: Signs) -> Ints:
    """(cells, outputs * (d + 1)): the entries of [A | c], up to one common factor."""
    d = layers.inputs
    width = max((m.shape[0] for m in layers.maps), default=1) * (d + 1)
    size = max(1, _VALUES_AT_ONCE // width)
    blocks = [_block(layers, signs[k : k + size]) for k in range(0, len(signs), size)]
    return np.concatenate(blocks)


def _block(layers: LayerList, signs: Signs) -> Ints:
    d, n = layers.inputs, len(signs)
    state = np.broadcast_to(np.eye(d + 1, dtype=np.int64), (n, d + 1, d + 1))
    scale = 1
    for k, functions in enumerate(layers.functions):
        matrix, denominator = layers.maps[k].integers()
        rows = _times(_residues(matrix), state)
        scale = scale * (int(denominator) % _PRIME) % _PRIME
        here = signs[:, layers.starts[k] : layers.starts[k + 1]] > 0
        piece = np.zeros((n, len(functions)), dtype=np.int64)
        owner = [i for i, f in enumerate(functions) for _ in f.breakpoints]
        np.add.at(piece.T, owner, here.T)
        parts = [f.pieces for f in functions]
        q = 1
        for value in {v for part in parts for piece_ in part for v in piece_}:
            q = int(np.lcm.reduce(np.array([q, value.denominator], dtype=object)))
        longest = max(len(part) for part in parts)
        table = np.zeros((2, len(parts), longest), dtype=np.int64)
        for i, part in enumerate(parts):
            for j, pair in enumerate(part):
                table[:, i, j] = [int(v * q) % _PRIME for v in pair]
        slope, offset = table[:, np.arange(len(parts)), piece]
        rows = rows * slope[:, :, None] % _PRIME
        rows[:, :, d] = (rows[:, :, d] + offset * scale) % _PRIME
        for i, off in layers.switched_off(k, signs):
            rows[off, i] = 0
        scale = scale * (q % _PRIME) % _PRIME
        last = np.zeros((n, 1, d + 1), dtype=np.int64)
        last[:, :, d] = scale
        state = np.concatenate([rows, last], axis=1)
    result = _times(_residues(layers.maps[-1].integers()[0]), state)
    return result.reshape(n, -1)


def _residues(matrix: fmpz_mat) -> Ints:
    flat = [int(v) % _PRIME for v in matrix.entries()]
    return np.array(flat, dtype=np.int64).reshape(matrix.nrows(), matrix.ncols())


def _times(matrix: Ints, state: Ints) -> Ints:
    total = np.zeros((state.shape[0], matrix.shape[0], state.shape[2]), dtype=np.int64)
    for k in range(0, matrix.shape[1], _CHUNK):
        part = np.einsum("ij,njk->nik", matrix[:, k : k + _CHUNK], state[:, k : k + _CHUNK])
        total = (total + part) % _PRIME
    return total
