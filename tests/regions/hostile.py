"""Random networks made to go wrong: every scale, ties of every kind, any activation, any domain."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np
from flint import fmpq

from symnet.exact.affine import AffineMap
from symnet.exact.polyhedron import Polyhedron
from symnet.regions.activation import PiecewiseLinear1D
from symnet.regions.layer_list import LayerList

from .clipping_reference import Function, Hidden, Polytope, box, clip

F = Fraction

#: (breakpoints, slopes, value): mostly relu, and every other shape.
FUNCTIONS = [
    *[((0,), (0, 1), 0)] * 6,
    ((0,), (-1, 1), 0),
    ((0,), (F(1, 100), 1), 0),
    ((-1, 1), (0, 1, 0), -1),
    ((0, 6), (0, 1, 0), 0),
    ((-3, 3), (0, F(1, 6), 0), 0),
    ((), (1,), 0),
    ((), (0,), 2),
    ((0,), (-2, F(-1, 3)), 1),
    ((-1, 0, 2), (1, 0, -1, F(1, 2)), 3),
    ((F(1, 3),), (0, 1), 0),
]


def weights(rng: np.random.Generator, m: int, n: int) -> tuple[np.ndarray, np.ndarray]:
    """A weight and a bias of one of many kinds, with rows that are multiples of each other."""
    normal, small = rng.standard_normal((m, n)), rng.integers(-2, 3, (m, n)).astype(float)
    W = [
        small,
        np.sign(small),
        rng.integers(-8, 8, (m, n)) / 8,
        normal,
        normal.astype(np.float32).astype(float),
        normal * 10.0 ** rng.integers(-300, 150),
        normal * 10.0 ** rng.integers(-20, 20, (m, n)),
        normal * (rng.random((m, n)) < 0.4),
        small * 2.0 ** rng.integers(-60, 60, (m, 1)),
        small + rng.integers(-1, 2, (m, n)) * 2.0**-40,
        small * 10.0 ** rng.choice([-300, -150, 0, 0, 150], (m, 1)),
    ][int(rng.integers(11))]
    b = [
        np.zeros(m),
        rng.integers(-2, 3, m).astype(float),
        rng.standard_normal(m),
        rng.integers(-1, 2, m) * 2.0**-40,
        rng.integers(-8, 8, m) / 8,
        W.sum(axis=1) * rng.choice([-1, 0, 1]),
        -W @ rng.integers(-1, 2, n),
        rng.standard_normal(m) * 10.0 ** rng.integers(-30, 5),
    ][int(rng.integers(8))]
    for _ in range(int(rng.integers(3)) if m > 1 else 0):
        i, j = rng.integers(0, m, 2)
        factor = rng.choice([1, -1, 2, -0.5, 3, 1 + 2.0**-52])
        W[i], b[i] = factor * W[j], factor * b[j] if rng.random() < 0.7 else b[i]
        b[i] = np.nextafter(b[i], 9) if rng.random() < 0.3 else b[i]
    if rng.random() < 0.15:
        W[rng.integers(m)] = 0
    return W, b


def layer(rng: np.random.Generator, m: int, n: int) -> tuple[AffineMap, list, list]:
    """The affine map, and the same as fractions."""
    if rng.random() < 0.15:  # rationals that no float equals
        rows = [[F(int(v), 7) for v in row] for row in rng.integers(-4, 5, (m, n))]
        bias = [F(int(v), 3) for v in rng.integers(-4, 5, m)]
        return AffineMap.from_rationals(rows, bias), rows, bias
    W, b = weights(rng, m, n)
    rows, bias = [[F(v) for v in row] for row in W.tolist()], [F(v) for v in b.tolist()]
    return AffineMap.from_floats(W, b), rows, bias


@dataclass(frozen=True)
class Case:
    """A network for symnet and for the reference."""

    layers: LayerList
    reference: list[Hidden]


def network(rng: np.random.Generator, d: int) -> Case:
    """A network of d inputs, as wide and deep as the reference can bear."""
    width, depth = {1: (7, 5), 2: (6, 4), 3: (4, 3), 4: (3, 3)}[d]
    sizes = [d, *(rng.integers(1, width + 1, int(rng.integers(1, depth)))), 1]
    maps, functions, hidden = [], [], []
    for n, m in pairwise(map(int, sizes)):
        affine, rows, bias = layer(rng, m, n)
        maps.append(affine)
        plain = rng.random() < 0.5
        chosen = [FUNCTIONS[0 if plain else int(rng.integers(len(FUNCTIONS)))] for _ in range(m)]
        functions.append(tuple(PiecewiseLinear1D(*f) for f in chosen))
        hidden.append(
            Hidden(rows, bias, [Function(tuple(map(F, p)), tuple(map(F, s)), F(v))
                                for p, s, v in chosen])
        )  # fmt: skip
    return Case(LayerList(tuple(maps), tuple(functions[:-1])), hidden[:-1])


def polytope(rng: np.random.Generator, d: int) -> tuple[Polyhedron, Polytope]:
    """A box of any size, perhaps with corners cut off, for symnet and for the reference."""
    low, high = [F(-1)] * d, [F(1)] * d
    kind = int(rng.integers(6))
    if kind == 1:
        low = [F(int(v)) for v in rng.integers(-3, 0, d)]
        high = [F(int(v)) for v in rng.integers(0, 4, d)]
    if kind == 2:
        size = F(10) ** int(rng.choice([-300, -20, 20, 300]))
        low, high = [-size] * d, [size] * d
    if kind == 3:
        high[0] = low[0] + F(1, 2**40)
    domain = Polyhedron.box(*([fmpq(v.numerator, v.denominator) for v in e] for e in (low, high)))
    corners = box(low, high)
    for label in range(int(rng.integers(1, 4)) if kind >= 4 and d > 1 else 0):
        a, c = [int(v) for v in rng.integers(-3, 4, d)], int(rng.integers(3))
        smaller = domain.intersection(Polyhedron.from_half_spaces([a], [c], ambient=d))
        if any(a) and smaller.dimension == d:
            domain = smaller
            corners = clip(corners, [F(-v) for v in a] + [F(c)], 500 + label, 1)
    return domain, corners
