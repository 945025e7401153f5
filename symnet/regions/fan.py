"""The cones in (x, tau) from which the decomposition of an unbounded polyhedron starts.

The points (x, tau) with tau >= 0 and x / tau in a polyhedron are a cone. Where the polyhedron
contains a line the cone has no apex; coordinate hyperplanes then cut it into parts that have one.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cmp_to_key

import numpy as np
from flint import fmpz

from symnet.exact.affine import nearest_float
from symnet.exact.arrays import Ints
from symnet.exact.polyhedron import Polyhedron
from symnet.regions.block import Block
from symnet.regions.pattern import Pattern
from symnet.regions.segments import Segments
from symnet.regions.shape import Shape
from symnet.regions.vertices import VertexTable
from symnet.regions.words import pack

Vector = tuple[int, ...]


def pointed_parts(domain: Polyhedron) -> list[Polyhedron]:
    """Polyhedra without lines that have the polyhedron as their union.

    >>> len(pointed_parts(Polyhedron.from_half_spaces(ambient=2)))
    4
    """
    if not domain.lines:
        return [domain]
    k = next(i for i, v in enumerate(domain.lines[0]) if v)
    axis = [int(i == k) for i in range(domain.ambient)]
    sides = ([axis, [0]], [[-v for v in axis], [0]])
    halves = [Polyhedron.from_half_spaces([a], b, ambient=domain.ambient) for a, b in sides]
    return [part for half in halves for part in pointed_parts(domain.intersection(half))]


def fan(domain: Polyhedron) -> list[list[Vector]]:
    """The generators (X, T) of the cones over pointed parts of a line or plane, counterclockwise.

    (X, T) is the point X / T, or for T = 0 a ray.
    """
    return [_in_order(part.homogeneous_rays) for part in pointed_parts(domain)]


def _in_order(generators: Sequence[Vector]) -> list[Vector]:
    """The extreme rays of a cone in cyclic order; on the line, from left to right."""
    first, *others = generators
    if len(first) == 2:
        (other,) = others
        right = first[0] * other[1] > other[0] * first[1]
        return [other, first] if right else [first, other]

    def turn(a: Vector, b: Vector) -> int:
        return -1 if determinant(first, a, b) > 0 else 1

    return [first, *sorted(others, key=cmp_to_key(turn))]


def determinant(u: Vector, v: Vector, w: Vector) -> int:
    """det(u, v, w); it is zero iff points or directions of the plane are on one line."""
    return (
        u[0] * (v[1] * w[2] - v[2] * w[1])
        - u[1] * (v[0] * w[2] - v[2] * w[0])
        + u[2] * (v[0] * w[1] - v[1] * w[0])
    )


def homogeneous(corners: Sequence[Vector]) -> list[tuple[fmpz, ...]]:
    """The vectors as points of their own space, brought near size 1 by powers of two."""
    return [(*(fmpz(v) for v in corner), fmpz(1) << _size(corner)) for corner in corners]


def _size(vector: Vector) -> int:
    return max(abs(v) for v in vector).bit_length()


def start(
    cones: Sequence[Sequence[Vector]], corners: Sequence[Vector], table: VertexTable
) -> Block:
    """The cones as a block of cells; the table is empty and has their generators as corners."""
    d = len(corners[0]) - 1
    exact = [[Fraction(v, 1 << _size(corner)) for v in corner] for corner in corners]
    values = np.array([[nearest_float(v.numerator, v.denominator) for v in row] for row in exact])
    inexact = [[Fraction(f) != v for f, v in zip(*pair, strict=True)]
               for pair in zip(values.tolist(), exact, strict=True)]  # fmt: skip
    error = np.where(inexact, np.abs(values) * 2.0**-53 + 2.0**-1074, 0.0)
    n = len(corners)
    nothing = np.full((n, 3), -1, dtype=np.int64)
    vertex = table.append(nothing, values, error, np.zeros(n, dtype=np.bool_))
    number = {corner: k for k, corner in enumerate(corners)}
    shape = _shape(vertex, [[number[v] for v in cone] for cone in cones], d)
    present = np.array([[v != 0 for v in corner] for corner in corners])
    return Block(shape, values.copy(), error.sum(axis=1, keepdims=True), pack(present))


def _shape(vertex: Ints, cones: list[list[int]], d: int) -> Shape | Segments:
    pattern = Pattern.empty(len(cones))
    if d == 1:
        assert cones == [[k, k + 1] for k in range(len(cones))], "the cones are not in order"
        return Segments(vertex, pattern)
    sides: dict[tuple[int, int], int] = {}
    corner: list[int] = []
    side: list[int] = []
    uses: list[int] = []
    for cone in cones:
        for a, b in zip(cone, [*cone[1:], cone[0]], strict=True):
            key = min(a, b), max(a, b)
            if key not in sides:
                sides[key] = len(uses)
                uses.append(0)
            uses[sides[key]] += 1
            corner.append(a)
            side.append(sides[key])
    p, q = np.array(list(sides), dtype=np.int64).T
    offset = np.cumsum([0, *(len(cone) for cone in cones)])
    outer = np.array(uses) == 1
    return Shape(vertex, p, q, outer, offset, np.array(corner), np.array(side), pattern)
