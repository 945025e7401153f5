"""A certificate for cells of any shape, bounded or not, from the network and the claimed cells.

1. *Cells.* The signs of a cell choose a piece of every activation, layer by layer, and so give
   every virtual neuron as an affine form of x. The points of the domain where these forms have the
   claimed signs, or vanish, are a polyhedron; the claimed cell must be this polyhedron, of full
   dimension. So on the cell the network is the affine map of its signs.
2. *No overlap.* No two cells have the same signs, so their interiors are disjoint.
3. *Cover.* Every facet of a cell lies in the domain's boundary or is a facet of exactly one other
   cell. A path in the domain that avoids faces of lower dimension, which do not separate it,
   cannot leave the union of the cells: the cells cover the domain.
4. *Neighbours.* The claimed pairs are those with a common facet.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import fmpq, fmpq_mat

from ..errors import CertificateError
from ..exact.arrays import Ints, Signs
from ..exact.polyhedron import HalfSpace, Polyhedron
from ..exact.rational_rows import clear_denominators, primitive
from .layer_list import LayerList

#: A hyperplane, vertices, rays and lines.
Facet = tuple[HalfSpace, frozenset[Any], frozenset[Any], tuple[Any, ...]]


def certify_cells(
    layers: LayerList,
    domain: Polyhedron,
    solids: Sequence[Polyhedron],
    signs: Signs,
    neighbours: Ints,
) -> None:
    """Raise :class:`CertificateError` unless the claim is right in every respect."""
    rows = [tuple(row) for row in signs.tolist()]
    if len(set(rows)) != len(rows) or len(rows) != len(solids) or not rows:
        raise CertificateError("two cells have the same signs, or a cell has none")
    for cell, (solid, row) in enumerate(zip(solids, rows, strict=True)):
        _check_cell(layers, domain, solid, row, f"cell {cell}")
    pairs = {tuple(sorted(pair)) for pair in neighbours.tolist()}
    found = _facing(domain, solids)
    if pairs != found:
        raise CertificateError(
            f"the neighbours {sorted(pairs ^ found)[0]} are claimed and have no common facet, "
            "or have one and are not claimed"
        )


def _check_cell(
    layers: LayerList, domain: Polyhedron, solid: Polyhedron, signs: Sequence[int], where: str
) -> None:
    """The cell satisfies all conditions, and its facets are among them: it is what they cut out."""
    conditions = set(domain.half_spaces)
    for number, (form, sign) in enumerate(zip(layers.forms_on(signs), signs, strict=True)):
        if sign == 0 and any(form):
            raise CertificateError(f"{where}: virtual neuron {number} does not vanish there")
        if sign != 0 and not any(form):
            raise CertificateError(f"{where}: virtual neuron {number} vanishes there")
        if any(form[:-1]):
            row = primitive(clear_denominators([sign * v for v in form])[0])
            conditions.add(HalfSpace(tuple(-v for v in row[:-1]), row[-1]))
        elif sign * form[-1] < 0:
            raise CertificateError(f"{where}: virtual neuron {number} has the other sign")
    if solid.dimension < domain.ambient:
        raise CertificateError(f"{where} is not full-dimensional")
    if not all(_holds(h, solid) for h in conditions):
        raise CertificateError(f"{where} has points with other signs, or outside the domain")
    if not conditions.issuperset(solid.half_spaces):
        raise CertificateError(f"{where} is not all of the points that have its signs")


def _holds(h: HalfSpace, solid: Polyhedron) -> bool:
    return (
        all(h.slack(v) >= 0 for v in solid.vertices)
        and all(_along(h, r) <= 0 for r in solid.rays)
        and all(_along(h, line[:-1]) == 0 for line in solid.lines)
    )


def _facing(domain: Polyhedron, solids: Sequence[Polyhedron]) -> set[tuple[int, ...]]:
    """The pairs of cells with a common facet, where every inner facet has two cells."""
    walls = set(domain.half_spaces)
    facets: dict[Facet, list[int]] = {}
    for cell, solid in enumerate(solids):
        for h in solid.half_spaces:
            if h not in walls:
                facets.setdefault(_facet(solid, h), []).append(cell)
    pairs = set()
    for (h, *_), cells in facets.items():
        opposite = HalfSpace(tuple(-v for v in h.normal), -h.offset)
        if len(cells) != 2 or not all(
            side in solids[cell].half_spaces
            for side, cell in zip((h, opposite), _in_order(cells, h, solids), strict=True)
        ):
            raise CertificateError(
                f"a facet of cell {cells[0]} on {h.normal} x = {h.offset} "
                f"is a facet of {len(cells) - 1} other cells, and not of one on the other side"
            )
        pairs.add(tuple(sorted(cells)))
    return pairs


def _in_order(cells: list[int], h: HalfSpace, solids: Sequence[Polyhedron]) -> list[int]:
    return sorted(cells, key=lambda cell: h not in solids[cell].half_spaces)


def _facet(solid: Polyhedron, h: HalfSpace) -> Facet:
    """A facet in a form that is the same for equal ones: its hyperplane and its generators.

    Modulo the lines of a cell its vertices and rays are only known up to a shift; they are brought
    into the space where the coordinates that the lines determine are zero.
    """
    lead = next(v for v in h.normal if v)
    plane = h if lead > 0 else HalfSpace(tuple(-v for v in h.normal), -h.offset)
    lines = _reduced([[fmpq(v) for v in line[:-1]] for line in solid.lines])
    vertices = [_shifted(v, lines) for v in solid.vertices if h.slack(v) == 0]
    rays = [_shifted([fmpq(v) for v in r], lines) for r in solid.rays if _along(h, r) == 0]
    directions = frozenset(primitive(clear_denominators(r)[0]) for r in rays)
    return plane, frozenset(map(tuple, vertices)), directions, tuple(map(tuple, lines))


def _reduced(rows: list[list[fmpq]]) -> list[list[fmpq]]:
    """The reduced row echelon form, which depends on the span alone."""
    if not rows:
        return []
    matrix, rank = fmpq_mat(rows).rref()
    table: list[list[fmpq]] = matrix.tolist()
    return table[:rank]


def _shifted(x: Sequence[fmpq], lines: list[list[fmpq]]) -> list[fmpq]:
    shifted = list(x)
    for line in lines:
        pivot = next(k for k, v in enumerate(line) if v)
        factor = shifted[pivot]
        shifted = [a - factor * b for a, b in zip(shifted, line, strict=True)]
    return shifted


def _along(h: HalfSpace, direction: Sequence[int]) -> int:
    return sum(a * r for a, r in zip(h.normal, direction, strict=True))
