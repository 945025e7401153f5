"""The activation cells on all of R^d, or on an unbounded polyhedron, by homogenisation.

The point x becomes the ray through (x, 1) in R^(d+1), and a cell becomes the pointed part of a cone
in the half-space tau >= 0: rays with tau > 0 are points, rays with tau = 0 are directions.  A
network of positively homogeneous activations becomes one of linear forms, with tau handed through
the layers as one more neuron relu(tau) = tau; any other activation is first written as
s_0 z + o + sum_i (s_i - s_(i-1)) relu(z - t_i) (Arora et al., Understanding deep neural networks
with rectified linear units, ICLR 2018, for the idea).

The half-space is not pointed, so the start is its division into 2^d orthants, and the face lattice
is cut as for a box.  The orthants' walls are no walls of the network: cells are gathered by their
signs at the end, and a vertex or ray belongs to the network iff no edge leaves it on which all
signs stay the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from itertools import combinations, pairwise, product

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from symnet.exact.polyhedron import Polyhedron
from symnet.exact.rational_rows import as_fmpq, clear_denominators, primitive
from symnet.regions.activation import IDENTITY, RELU
from symnet.regions.lattice_cells import (
    Members,
    lattice_cells,
    lattice_facets,
    vertices_of_faces,
)
from symnet.regions.lattice_faces import FaceLattice, Start
from symnet.regions.lattice_layers import Layer, PreparedLayer
from symnet.regions.lattice_vertices import UNIT_ROUNDOFF, VertexStore
from symnet.regions.lattice_watch import watch
from symnet.regions.limits import NO_LIMITS, Limits

__all__ = ["ConeComplex", "decompose_unbounded", "homogenise"]

Integers = NDArray[np.int64]
Signs = NDArray[np.int8]


def homogenise(layers: Sequence[Layer]) -> list[Layer]:
    """The same network in (x, tau), without biases; the last neuron of every layer is tau.

    Virtual neurons keep their order, that of tau comes last in each layer.
    """
    result = []
    # The inputs of the next layer as linear forms in the outputs of the previous one.
    inputs: list[list[fmpq]] | None = None
    for layer in layers:
        acts = layer.activations
        if inputs is None and all(act.is_relu for act in acts):
            is_float = isinstance(layer.W, np.ndarray) and isinstance(layer.b, np.ndarray)
            if is_float and layer.W.dtype.kind == layer.b.dtype.kind == "f":
                n = layer.W.shape[1]
                top = np.column_stack([layer.W, layer.b])
                result.append(Layer(np.vstack([top, np.eye(n + 1)[-1]]), np.zeros(len(top) + 1)))
                continue
        rows = [[*map(as_fmpq, row), as_fmpq(b)] for row, b in zip(layer.W, layer.b, strict=True)]
        if inputs is not None:
            rows = [_compose(row, inputs) for row in rows]
        forms, functions, inputs, at = [], [], [], 0
        width = sum(len(a.breakpoints) + (a.slopes[0] != 0) for a in acts) + 1
        for row, act in zip(rows, acts, strict=True):
            output = [fmpq(0)] * width
            output[-1] = as_fmpq(act.pieces[0][1])
            places, slopes = map(as_fmpq, act.breakpoints), list(map(as_fmpq, act.slopes))
            for t, low, high in zip(places, slopes, slopes[1:], strict=False):
                forms.append([*row[:-1], row[-1] - t])
                functions.append(RELU)
                output[at] = high - low
                at += 1
            if act.slopes[0] != 0:
                forms.append(row)
                functions.append(IDENTITY)
                output[at] = slopes[0]
                at += 1
            inputs.append(output)
        n = len(rows[0]) if rows else 1
        forms.append([fmpq(int(i == n - 1)) for i in range(n)])
        result.append(Layer(forms, [0] * len(forms), [*functions, RELU]))
        inputs.append([fmpq(int(i == width - 1)) for i in range(width)])
    return result


def _compose(row: list[fmpq], inputs: list[list[fmpq]]) -> list[fmpq]:
    """A linear form in the inputs, which are themselves linear forms."""
    total = [fmpq(0)] * len(inputs[0])
    for factor, form in zip(row, inputs, strict=True):
        if factor:
            total = [t + factor * v for t, v in zip(total, form, strict=True)]
    return total


def _orthants(d: int) -> Start:
    """The cones over tau and one of ±e_i for each i, as simplices; vertex 0 is tau.

    Vertices 2i + 1 and 2i + 2 are -e_i and e_i; constraint i is x_i = 0, constraint d is tau = 0.
    """
    levels: list[list[tuple[int, ...]]] = []
    for size in range(1, d + 2):
        faces = []
        for axes in combinations(range(-1, d), size):
            choices = [(0,) if a < 0 else (2 * a + 1, 2 * a + 2) for a in axes]
            faces += list(product(*choices))
        levels.append(faces)
    lists = []
    for smaller, larger in pairwise(levels):
        number = {face: i for i, face in enumerate(smaller)}
        if smaller is levels[0]:
            number = {face: face[0] for face in smaller}
        lists.append([[number[(*f[:i], *f[i + 1 :])] for i in range(len(f))] for f in larger])

    def missing(face: tuple[int, ...]) -> int:
        axes = {(v - 1) // 2 for v in face if v}
        return next((a for a in range(d) if a not in axes), d)

    return Start(lists, [missing(face) for face in levels[d - 1]], d + 1)


class ConeComplex:
    """The cells of a network on an unbounded domain; its vertices are points and rays."""

    def __init__(self, lattice: FaceLattice, layers: Sequence[PreparedLayer]) -> None:
        self._lattice, self._layers = lattice, layers
        self.dimension = lattice.dimension

    @cached_property
    def _words(self) -> tuple[NDArray[np.uint64], Integers]:
        """Distinct words of cells, and the cell of every part in an orthant."""
        words, cell = np.unique(lattice_cells(self._lattice).words, axis=0, return_inverse=True)
        return words, cell.ravel()

    @cached_property
    def _members(self) -> Members:
        """The sorted vertices of all parts of every cell."""
        count = self._lattice.store.count
        parts = vertices_of_faces(self._lattice, self.dimension)
        cells = np.repeat(self._words[1], np.diff(parts.start))
        cells, vertices = np.divmod(np.unique(cells * count + parts.vertices), count)
        return Members(np.searchsorted(cells, np.arange(len(self) + 1)), vertices)

    @cached_property
    def _is_own(self) -> NDArray[np.bool_]:
        """Whether a vertex or ray is one of the network's, not of the orthants alone."""
        words = self._lattice.store.words[: self._lattice.store.count]
        ends = self._lattice.faces[1].all_facets()[0].reshape(-1, 2)
        own = np.ones(len(words), dtype=bool)
        for p, q in (ends.T, ends[:, ::-1].T):
            own[p[((words[p] | words[q]) == words[p]).all(axis=1)]] = False
        return own

    @cached_property
    def at_infinity(self) -> NDArray[np.bool_]:
        """Which vertices are rays: those on which tau, the last form of a layer, is zero."""
        store, layer = self._lattice.store, self._layers[0]
        column = int(layer.column[len(layer.virtual) - 1])
        start = store.word_start[1] + column // 64
        words = store.words[: store.count]
        signed = words[:, start] | words[:, start + store.word_count]
        flags: NDArray[np.bool_] = (signed >> np.uint64(column % 64) & np.uint64(1)) == 0
        return flags

    def __len__(self) -> int:
        return len(self._words[0])

    @cached_property
    def signs(self) -> Signs:
        """The sign of every virtual neuron of every layer on every cell (n_cells, n_virtual)."""
        words, store = self._words[0], self._lattice.store
        parts = [np.zeros((len(words), 0), dtype=np.int8)]
        for depth, layer in enumerate(self._layers):
            column = layer.column[: len(layer.virtual) - 1]
            start = store.word_start[depth + 1] + column // 64
            shift = (column % 64).astype(np.uint64)
            plus = (words[:, start] >> shift & np.uint64(1)).astype(np.int8)
            minus = (words[:, start + store.word_count] >> shift & np.uint64(1)).astype(np.int8)
            parts.append((plus - minus) * layer.virtual_sign[:-1])
        return np.concatenate(parts, axis=1)

    def vertices(self, cell: int) -> Integers:
        """The vertices and extreme rays of a cell, none of which may contain a line."""
        here = self._members.of(cell)
        return here[self._is_own[here]]

    def vector(self, vertex: int) -> tuple[int, ...]:
        """A vertex as primitive integers (X, T): the point X / T, or for T = 0 a ray."""
        store = self._lattice.store
        store.exact.require([vertex], store.parents)
        return primitive(clear_denominators(store.exact.coordinates(vertex))[0])

    def adjacency(self) -> Integers:
        """The pairs of cells with a common facet."""
        pairs = lattice_facets(self._lattice).cells
        pairs = self._words[1][pairs[(pairs >= 0).all(axis=1)]]
        pairs = np.sort(pairs[pairs[:, 0] != pairs[:, 1]], axis=1)
        return np.unique(pairs, axis=0).reshape(-1, 2)


def decompose_unbounded(
    layers: Sequence[Layer],
    domain: Polyhedron,
    *,
    unit_roundoff: float = UNIT_ROUNDOFF,
    limits: Limits = NO_LIMITS,
) -> ConeComplex:
    """All activation cells of the hidden layers on a full-dimensional polyhedron, unbounded or not.

    None of them may contain a line; then all would, and the network is one of fewer inputs.

    >>> lines = Layer([[1, 0], [0, 1], [1, 1]], [0, 0, 1])
    >>> len(decompose_unbounded([lines], Polyhedron.from_half_spaces(ambient=2)))
    7
    """
    d = domain.ambient
    if domain.dimension != d or d < 2:
        raise ValueError(
            "the lattice engine needs a full-dimensional polyhedron in dimension 2 or more; found "
            f"dimension {domain.dimension} in R^{d}"
        )
    scale = np.zeros(d + 1, dtype=np.int64)
    clip = None
    if domain.half_spaces:
        forms = [[*(-v for v in f.normal), f.offset] for f in domain.half_spaces]
        clip = PreparedLayer(Layer(forms, [0] * len(forms)), d + 1, scale)
    prepared, size, factor = [], d + 1, scale
    for layer in homogenise(layers):
        prepared.append(PreparedLayer(layer, size, factor))
        size, factor = prepared[-1].n_out, prepared[-1].output_scale
    corners = [[fmpq(int(i == d)) for i in range(d + 1)]]
    corners += [[fmpq(s * int(i == k)) for i in range(d + 1)] for k in range(d) for s in (-1, 1)]
    store = VertexStore(prepared, corners, scale, unit_roundoff, clip)
    lattice = FaceLattice(store, _orthants(d))
    after = watch(lattice, replace(limits, parts=2**d))
    if clip is not None:
        lattice.insert_layer(clip, -1, after)
        lattice.clip(clip.hyperplanes)
    for depth, stage in enumerate(prepared):
        lattice.insert_layer(stage, depth, after)
    lattice.finish()
    return ConeComplex(lattice, prepared)
