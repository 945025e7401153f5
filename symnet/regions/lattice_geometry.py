"""The finished complex with exact geometry: affine maps, half-spaces, volumes, pieces."""

from __future__ import annotations

from functools import cached_property
from math import factorial

import numpy as np
from flint import fmpq, fmpq_mat
from numpy.typing import NDArray

from symnet.exact.polyhedron import HalfSpace, pulling_triangulation
from symnet.exact.rational_rows import as_fmpq, as_fmpq_rows, clear_denominators, primitive
from symnet.regions.lattice_complex import CellArrays

__all__ = ["CellComplex"]

Integers = NDArray[np.int64]


class CellComplex(CellArrays):
    """The activation cells of a network on a polytope, with everything exact about each of them."""

    @cached_property
    def _exact_output(self) -> tuple[fmpq_mat, fmpq_mat]:
        assert self.output is not None
        W, b = self.output
        return fmpq_mat(as_fmpq_rows(W)), fmpq_mat(as_fmpq_rows([v] for v in b))

    def pre_activations(self, cell: int) -> list[fmpq_mat]:
        """For every hidden layer (A c), with pre-activations z(x) = A x + c on the cell, exactly.

        The output layer, or without one the last layer's outputs, comes last.
        """
        d = self.dimension
        A = fmpq_mat([[fmpq(int(i == j)) for j in range(d)] + [fmpq(0)] for i in range(d)])
        signs, done, result = self.signs[cell].tolist(), 0, []
        for layer in self._layers:
            z = _affine(layer.W.exact, layer.b.exact, A)
            result.append(z)
            rows = z.tolist()
            for r, act in enumerate(layer.activations):
                m = len(act.breakpoints)
                piece = sum(s > 0 for s in signs[done : done + m])
                done += m
                slope, offset = map(as_fmpq, act.pieces[piece])
                row = [slope * v for v in rows[r]]
                row[-1] += offset
                rows[r] = row
            A = fmpq_mat(rows)
        return [*result, A if self.output is None else _affine(*self._exact_output, A)]

    def affine_map(self, cell: int) -> tuple[fmpq_mat, fmpq_mat]:
        """A (out, d) and c (out, 1) with network(x) = A x + c on the cell, exactly."""
        table = self.pre_activations(cell)[-1].tolist()
        return fmpq_mat([row[:-1] for row in table]), fmpq_mat([[row[-1]] for row in table])

    def half_spaces(self, cell: int) -> list[HalfSpace]:
        """The minimal half-spaces of a cell, one for each of `cell_facets(cell)`."""
        forms = self.pre_activations(cell)
        points = [self.exact_point(v) for v in self.cell_vertices(cell).tolist()]
        inside = [sum(x, fmpq(0)) / len(points) for x in zip(*points, strict=True)]
        result = []
        for depth, column in self.facet_forms[self.cell_facets(cell)].tolist():
            if depth < 0:
                result.append(self._walls[column])
                continue
            neuron, t = self._layers[depth].form[column]
            row = [forms[depth][neuron, k] for k in range(self.dimension + 1)]
            row[-1] -= t
            slack = sum((a * x for a, x in zip(row, inside, strict=False)), row[-1])
            integers = primitive(clear_denominators(row)[0])
            sign = 1 if slack > 0 else -1
            result.append(HalfSpace(tuple(-sign * v for v in integers[:-1]), sign * integers[-1]))
        return result

    @cached_property
    def _walls(self) -> list[HalfSpace]:
        """The domain's half-spaces by the columns of depth -1."""
        walls = self.domain.half_spaces
        if not self.is_box:
            return list(walls)
        pairs = [(k, side) for k in range(self.dimension) for side in (-1, 1)]
        return [next(w for w in walls if w.normal[k] * side > 0) for k, side in pairs]

    def volume(self, cell: int) -> fmpq:
        """The exact volume of a cell, from a triangulation by its facets."""
        vertices = self.cell_vertices(cell).tolist()
        points = {v: self.exact_point(v) for v in vertices}
        facets = [frozenset(self.facet_vertices(f).tolist()) for f in self.cell_facets(cell)]
        d, total = self.dimension, fmpq(0)
        for apex, *others in pulling_triangulation(frozenset(vertices), facets, d):
            origin = points[apex]
            edges = [[a - b for a, b in zip(points[v], origin, strict=True)] for v in others]
            total += abs(fmpq_mat(edges).det())
        return total / factorial(d)

    def pieces(self) -> Integers:
        """For every cell the number of its linear piece: cells with one map joined by facets."""
        label = list(range(len(self)))

        def find(i: int) -> int:
            while label[i] != i:
                label[i] = label[label[i]]
                i = label[i]
            return i

        maps = [tuple(self.pre_activations(c)[-1].entries()) for c in range(len(self))]
        for i, j in self.adjacency().tolist():
            if maps[i] == maps[j]:
                label[find(i)] = find(j)
        roots = [find(i) for i in range(len(self))]
        return np.unique(np.array(roots), return_inverse=True)[1]


def _affine(W: fmpq_mat, b: fmpq_mat, A: fmpq_mat) -> fmpq_mat:
    """W A, with b added to the last column."""
    rows = (W * A).tolist()
    for row, value in zip(rows, b.entries(), strict=True):
        row[-1] += value
    return fmpq_mat(rows)
