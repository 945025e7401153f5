"""A second opinion on a complex: that its cells are exactly the cells of the network.

Only the network, the domain and the claimed result come in (exact vertices; cells as signs and
vertex sets; facets).  Everything is rational arithmetic, and nothing is shared with the engine.

1. Every vertex lies in the domain, and the network's forms are evaluated there.  Where the signs at
   a cell's vertices are its signs or zero, and a nonzero sign is attained, the network is affine on
   the convex hull, layer by layer, and has exactly these signs in its interior.
2. No two cells have the same signs: so their interiors are disjoint.
3. Every hull is full-dimensional and its facets are known: the maximal sets of vertices on one form
   or one domain facet, of the right dimension, such that every ridge is in two of them, and so on
   down to the edges.  A closed (d - 1)-cycle in the boundary sphere of a polytope is all of it.
4. Every facet is in the domain's boundary or is a facet of exactly two cells.  A segment from a
   cell to a point that is not covered could leave the union only through a facet; so the cells
   cover the domain.
5. The facets that were claimed are these, and the claimed affine maps equal the network at the
   vertices of their cells, which span.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat, fmpz_mat

from symnet.exact.polyhedron import Polyhedron
from symnet.exact.rational_rows import as_fmpq, clear_denominators
from symnet.regions.lattice_layers import Activation, Layer

__all__ = ["CertificateError", "Claim", "certify_claim"]

Point = tuple[fmpq, ...]
Vertices = frozenset[int]


class CertificateError(AssertionError):
    """A claimed complex is not the complex of the network; the message says where."""


@dataclass(frozen=True)
class Claim:
    """What is to be certified, in plain data.

    `cells[i]` is (signs of all virtual neurons, vertices), `facets` are (cells, vertices), and
    `affine_map(i)` gives (A, c) of cell i.
    """

    points: Sequence[Point]
    cells: Sequence[tuple[tuple[int, ...], Vertices]]
    facets: Sequence[tuple[frozenset[int], Vertices]]
    affine_map: Callable[[int], tuple[fmpq_mat, fmpq_mat]]


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise CertificateError(message)


def _rows(matrix: Any) -> list[list[fmpq]]:
    return [[as_fmpq(v) for v in row] for row in matrix]


def _activate(activation: Activation, z: fmpq) -> fmpq:
    piece = sum(t < z for t in activation.breakpoints)
    return activation.slopes[piece] * z + activation.offsets[piece]


def _evaluate(
    layers: Sequence[Layer], output: tuple[Any, Any] | None, points: Sequence[Point]
) -> tuple[list[list[int]], list[list[fmpq]]]:
    """At every point the signs of all virtual neurons, and the network's value."""
    signs: list[list[int]] = [[] for _ in points]
    values = fmpq_mat([list(p) for p in points]).transpose()
    for layer in layers:
        z = (fmpq_mat(_rows(layer.W)) * values).tolist()
        single = isinstance(layer.activation, Activation)
        for r, (row, b) in enumerate(zip(z, layer.b, strict=True)):
            act = layer.activation if single else layer.activation[r]  # type: ignore[index]
            assert isinstance(act, Activation)
            shifted = [v + as_fmpq(b) for v in row]
            for i, v in enumerate(shifted):
                signs[i] += [(v > t) - (v < t) for t in act.breakpoints]
            z[r] = [_activate(act, v) for v in shifted]
        values = fmpq_mat(z)
    if output is not None:
        z = (fmpq_mat(_rows(output[0])) * values).tolist()
        values = fmpq_mat(
            [[v + as_fmpq(b) for v in row] for row, b in zip(z, output[1], strict=True)]
        )
    return signs, values.transpose().tolist()


class _Dimensions:
    """Dimensions of the hulls of sets of vertices; most sets belong to several cells."""

    def __init__(self, points: Sequence[Point]) -> None:
        self._rows = [clear_denominators([*p, fmpq(1)])[0] for p in points]
        self._known: dict[Vertices, int] = {}

    def __call__(self, vertices: Vertices) -> int:
        found = self._known.get(vertices)
        if found is None:
            found = int(fmpz_mat([self._rows[v] for v in vertices]).rank()) - 1
            self._known[vertices] = found
        return found


def _maximal(sets: set[Vertices]) -> list[Vertices]:
    return [s for s in sets if not any(s < other for other in sets)]


def _check_polytope(
    dimension: _Dimensions, face: Vertices, tight: list[Vertices], k: int, where: str
) -> list[Vertices]:
    """The facets of the k-dimensional hull of `face`, checked to be all (step 3)."""
    _require(dimension(face) == k, f"{where} does not have dimension {k}")
    if k == 1:
        _require(len(face) == 2, f"{where}: an edge has {len(face)} vertices")
        return [frozenset([v]) for v in face]
    facets = _maximal({face & t for t in tight if not face <= t} - {frozenset[int]()})
    ridges: Counter[Vertices] = Counter()
    for facet in facets:
        ridges.update(_check_polytope(dimension, facet, tight, k - 1, where))
    _require(bool(ridges) and set(ridges.values()) == {2}, f"{where}: a ridge is not in two facets")
    return facets


def certify_claim(
    layers: Sequence[Layer], domain: Polyhedron, output: tuple[Any, Any] | None, claim: Claim
) -> None:
    """Raise `CertificateError` unless the claim is right in every respect."""
    d, points = domain.ambient, claim.points
    walls = [[f.slack(p) for p in points] for f in domain.half_spaces]
    for f, slacks in zip(domain.half_spaces, walls, strict=True):
        for i, s in enumerate(slacks):
            _require(s >= 0, f"vertex {i} is outside the domain: {f.normal} x > {f.offset}")
    signs, values = _evaluate(layers, output, points)
    table = np.array(signs, dtype=np.int8).reshape(len(points), -1)
    on_wall = np.array([[s == 0 for s in slacks] for slacks in walls]).T
    _require(len({s for s, _ in claim.cells}) == len(claim.cells), "two cells have the same signs")
    owners: dict[Vertices, list[int]] = {}
    dimension = _Dimensions(points)
    for i, (cell_signs, vertices) in enumerate(claim.cells):
        where = f"cell {i}"
        order = sorted(vertices)
        here = table[order]
        expected = np.array(cell_signs, dtype=np.int8)
        _require(here.shape[1] == len(expected), f"{where} has a sign too many or too few")
        _require(
            bool(((here == expected) | (here == 0)).all()), f"{where}: a vertex has another sign"
        )
        _require(
            bool(((expected == 0) | (here != 0).any(axis=0)).all()),
            f"{where}: a sign is not attained",
        )
        zero = np.concatenate([here == 0, on_wall[order]], axis=1).T
        tight = {
            frozenset(v for v, z in zip(order, row, strict=True) if z) for row in zero.tolist()
        }
        facets = _check_polytope(dimension, vertices, sorted(tight, key=sorted), d, where)
        for facet in facets:
            owners.setdefault(facet, []).append(i)
        A, c = claim.affine_map(i)
        for v in order:
            image = (A * fmpq_mat([[x] for x in points[v]]) + c).entries()
            _require(list(image) == values[v], f"{where}: the affine map is wrong at vertex {v}")
    for facet, cells in owners.items():
        outer = bool(on_wall[sorted(facet)].all(axis=0).any())
        _require(
            len(cells) == (1 if outer else 2),
            f"the facet with vertices {sorted(facet)} bounds the cells {cells}",
        )
    _require(
        Counter((frozenset(cells), facet) for facet, cells in owners.items())
        == Counter(claim.facets),
        "the facets that were claimed are not the facets of the cells",
    )
