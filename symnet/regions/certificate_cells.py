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

from ..errors import CertificateError
from ..exact.arrays import Ints, Signs
from ..exact.polyhedron import HalfSpace, Polyhedron
from .layer_list import LayerList


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
    A = [list(h.normal) for h in domain.half_spaces]
    b: list[Any] = [h.offset for h in domain.half_spaces]
    for number, (form, sign) in enumerate(zip(layers.forms_on(signs), signs, strict=True)):
        if sign == 0 and any(form):
            raise CertificateError(f"{where}: virtual neuron {number} does not vanish there")
        if sign != 0 and not any(form):
            raise CertificateError(f"{where}: virtual neuron {number} vanishes there")
        A.append([-sign * v for v in form[:-1]])
        b.append(sign * form[-1])
    here = Polyhedron.from_half_spaces(A, b, ambient=domain.ambient)
    if here.dimension < domain.ambient:
        raise CertificateError(f"{where}: no open set of points has its signs")
    if set(here.half_spaces) != set(solid.half_spaces):
        raise CertificateError(f"{where} is not the polyhedron of the points that have its signs")


def _facing(domain: Polyhedron, solids: Sequence[Polyhedron]) -> set[tuple[int, ...]]:
    """The pairs of cells with a common facet, where every inner facet has two cells."""
    walls = set(domain.half_spaces)
    by_plane: dict[HalfSpace, list[int]] = {}
    for cell, solid in enumerate(solids):
        for h in solid.half_spaces:
            by_plane.setdefault(h, []).append(cell)
    pairs = set()
    for h, cells in by_plane.items():
        if h in walls:
            continue
        opposite = HalfSpace(tuple(-v for v in h.normal), -h.offset)
        for cell in cells:
            others = [
                k
                for k in by_plane.get(opposite, [])
                if _face_lies_in(solids[cell], h, solids[k])
                and _face_lies_in(solids[k], opposite, solids[cell])
            ]
            if len(others) != 1:
                raise CertificateError(
                    f"a facet of cell {cell} on {h.normal} x = {h.offset} "
                    f"is a facet of {len(others)} other cells"
                )
            pairs.add(tuple(sorted((cell, others[0]))))
    return pairs


def _face_lies_in(solid: Polyhedron, h: HalfSpace, other: Polyhedron) -> bool:
    """Whether the face of a cell on a hyperplane is part of another cell."""
    walls = other.half_spaces
    return (
        all(w.slack(v) >= 0 for v in solid.vertices if h.slack(v) == 0 for w in walls)
        and all(_along(w, r) <= 0 for r in solid.rays if _along(h, r) == 0 for w in walls)
        and all(_along(w, line[:-1]) == 0 for line in solid.lines for w in walls)
    )


def _along(h: HalfSpace, direction: Sequence[int]) -> int:
    return sum(a * r for a, r in zip(h.normal, direction, strict=True))
