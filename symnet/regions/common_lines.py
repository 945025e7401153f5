"""Directions in which nothing bends: the lines in the cells, which all cells have in common."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm

import numpy as np
from flint import fmpz_mat

from ..exact.affine import AffineMap
from ..exact.polyhedron import Polyhedron
from .activation import PiecewiseLinear1D
from .layer_list import LayerList

Direction = tuple[int, ...]


def common_lines(layers: LayerList, domain: Polyhedron) -> tuple[Direction, ...]:
    """A basis of the directions of the lines in the cells on a domain.

    Along a line in a cell, the neurons that bend do not change. Then the change of the layer's
    outputs is the same on all cells, and so on: the directions are found layer by layer, without
    the cells, and are the same for all.
    """
    lines = [line[:-1] for line in domain.lines]
    if not lines:
        return ()
    directions = fmpz_mat([list(row) for row in zip(*lines, strict=True)])
    changes = directions
    for affine, functions in zip(layers.maps, layers.functions, strict=False):
        matrix, _ = affine.integers()
        weight = fmpz_mat([row[:-1] for row in matrix.tolist()])
        changes = weight * changes
        bent = [row for row, f in zip(changes.tolist(), functions, strict=True) if f.breakpoints]
        if bent:
            basis, rank = fmpz_mat(bent).nullspace()
            if not rank:
                return ()
            kept = fmpz_mat([row[:rank] for row in basis.tolist()])
            directions, changes = directions * kept, changes * kept
        changes = _scaled(changes, functions)
    columns = directions.transpose().tolist()
    return tuple(tuple(int(v) // gcd(*map(int, column)) for v in column) for column in columns)


def _scaled(changes: fmpz_mat, functions: Sequence[PiecewiseLinear1D]) -> fmpz_mat:
    """The changes of outputs, up to one factor; those of neurons that bend are zero."""
    slopes = [Fraction(0) if f.breakpoints else f.slopes[0] for f in functions]
    common = lcm(*(s.denominator for s in slopes))
    rows = zip(changes.tolist(), slopes, strict=True)
    return fmpz_mat([[int(s * common) * v for v in row] for row, s in rows])


def section(
    layers: LayerList, domain: Polyhedron, lines: Sequence[Direction]
) -> tuple[LayerList, Polyhedron, list[int]]:
    """The network and the domain on the coordinates that the lines leave, the others being zero."""
    d = domain.ambient
    reduced, _, rank = fmpz_mat([list(line) for line in lines]).rref()
    pivots = [next(k for k in range(d) if reduced[row, k]) for row in range(rank)]
    free = [k for k in range(d) if k not in pivots]
    unit = np.eye(d)
    part = domain.intersection(
        Polyhedron.from_half_spaces(
            C=unit[pivots].astype(int).tolist(), d=[0] * len(pivots), ambient=d
        )
    )
    inner = Polyhedron.from_generators(
        [[v[k] for k in free] for v in part.vertices],
        [[v[k] for k in free] for v in part.rays],
        [[v[k] for k in free] for v in part.lines],
        ambient=len(free),
    )
    embedding = AffineMap.from_floats(unit[:, free], np.zeros(d))
    return LayerList.affine(embedding).then(layers), inner, free
