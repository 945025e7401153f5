r"""A certificate for the linear regions of a network, by code that shares nothing with the engines.

The claim: cells, each with a sign for every virtual neuron z_i - beta and with its *generators*
(vertices, and rays where it is unbounded), and which cells are neighbours. Vertices and rays are
vectors (x, 1) and (x, 0) of R^(d+1), the domain is a pointed cone of these, its facets (with
tau >= 0 among them) are *walls*. Forms are linear in (x, tau).

1. *Signs.* At every generator the exact signs of all neurons and walls are known (see
   `certificate_signs`). A cell's pattern has, for each neuron, the sign that its generators have
   or 0, and 0 only if all are 0. So the affine form of each neuron on the cell, layer by layer, has
   the sign of the pattern on the hull of the generators: the hull lies in the polyhedron P of the
   points of the domain that have the pattern, on which the network is the pattern's affine map.
2. *No overlap.* Patterns differ.
3. *Shape.* The hull is all of P, of full dimension, and no generator is superfluous: see
   `certificate_faces`, which uses the zeros at the generators and no coordinates.
4. *Cover.* Every facet of a cell lies in a wall or is a facet of exactly one other cell. A path in
   the domain that avoids faces of lower dimension cannot leave the union of the cells: it is the
   domain. The neighbours are the pairs of cells with a common facet.

Where cells contain lines, no neuron changes along them, and the rest is checked on the coordinates
that the lines leave.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import CertificateError
from ..exact.arrays import Ints
from ..exact.polyhedron import Polyhedron
from ..exact.threads import one_thread
from .cells import Cells
from .certificate_bits import packed, union
from .certificate_claim import Claim
from .certificate_faces import Facets, facets_of_cells
from .certificate_signs import SignTable
from .common_lines import section
from .layer_list import LayerList
from .stored_cells import SectionCells


@dataclass(frozen=True)
class Certificate:
    """What was checked: numbers of cells, generators and facets."""

    cells: int
    generators: int
    facets: int


@one_thread()
def certify(layers: LayerList, domain: Polyhedron, cells: Cells) -> Certificate:
    """Check cells completely; return what was checked, or raise :class:`CertificateError`."""
    report = _check_cells(layers, domain, cells)
    _check_maps(layers, cells)
    return report


def _check_cells(layers: LayerList, domain: Polyhedron, cells: Cells) -> Certificate:
    if cells.lines:
        layers, domain, cells = _without_lines(layers, domain, cells)
        if domain.ambient == 0:
            return _check_everything(layers, cells)
    claim = Claim.of(layers, domain, cells)
    claim.check()
    table = SignTable.of(claim)
    _check_patterns(claim, table)
    facets = facets_of_cells(claim, table)
    pairs = _facing(claim, facets)
    claimed = np.unique(np.sort(claim.neighbours, axis=1), axis=0)
    if claimed.shape != pairs.shape or (claimed != pairs).any():
        odd = set(map(tuple, claimed.tolist())) ^ set(map(tuple, pairs.tolist()))
        i, j = min(odd)
        have = "have no" if any((claimed == (i, j)).all(axis=1)) else "are not said to have a"
        raise CertificateError(f"the cells {i} and {j} {have} common facet")
    return Certificate(claim.signs.shape[0], claim.generators, pairs.shape[0])


def _check_maps(layers: LayerList, cells: Cells) -> None:
    """Affine maps that were given are those of the signs."""
    if cells.maps is None:
        return
    if len(cells.maps) != len(cells):
        raise CertificateError(f"there are {len(cells.maps)} affine maps for {len(cells)} cells")
    for cell, table in enumerate(layers.affine_maps(cells.signs.tolist())):
        if table != cells.maps[cell]:
            raise CertificateError(f"cell {cell}: the affine map is not that of the network there")


def _without_lines(
    layers: LayerList, domain: Polyhedron, cells: Cells
) -> tuple[LayerList, Polyhedron, Cells]:
    """The same on the coordinates that the lines leave; along the lines no neuron changes."""
    rays = [(*(s * v for v in line), 0) for line in cells.lines for s in (1, -1)]
    changes: list[bool] = (layers.exact.signs_at(rays) != 0).any(axis=1).tolist()
    for ray, change in zip(rays, changes, strict=True):
        inside = all(sum(a * b for a, b in zip(h.normal, ray, strict=False)) == 0
                     for h in domain.half_spaces)  # fmt: skip
        if change or not inside:
            what = "a neuron changes along it" if change else "it leaves the domain"
            raise CertificateError(f"the line {ray[:-1]} is said to be in all cells, but {what}")
    inner, part, free = section(layers, domain, cells.lines)
    return inner, part, SectionCells(cells, free)


def _check_everything(layers: LayerList, cells: Cells) -> Certificate:
    """All of space as one cell, on which nothing changes."""
    signs = layers.exact.margins([])
    if cells.signs.tolist() != [signs]:
        raise CertificateError(f"all of space is one cell with the signs {signs}")
    return Certificate(1, 1, 0)


def _check_patterns(claim: Claim, table: SignTable) -> None:
    """The signs of every cell are those that its generators have; no two cells have the same."""
    start, n = claim.start, claim.signs.shape[1]
    if n == 0 and claim.signs.shape[0] > 1:
        raise CertificateError("there are several cells and no neuron that bends")
    for rows, sign in ((table.positive, 1), (table.negative, -1)):
        found = union(rows[claim.generator], start)
        wrong = np.flatnonzero((found != packed(claim.signs == sign)).any(axis=1))
        if wrong.size:
            cell = int(wrong[0])
            has = np.unpackbits(found[cell], count=n).astype(np.bool_)
            _fail_sign(
                claim, table, cell, int(np.flatnonzero(has != (claim.signs[cell] == sign))[0])
            )
    words = packed(np.hstack([claim.signs > 0, claim.signs == 0]))
    _, first, count = np.unique(words, axis=0, return_index=True, return_counts=True)
    if (count > 1).any():
        cell = int(first[count > 1][0])
        twin = np.flatnonzero((claim.signs == claim.signs[cell]).all(axis=1))
        raise CertificateError(f"the cells {twin[0]} and {twin[1]} have the same signs")


def _fail_sign(claim: Claim, table: SignTable, cell: int, virtual: int) -> None:
    neuron, beta = claim.neuron(virtual)
    sign = int(claim.signs[cell, virtual])
    words = {1: "above", -1: "below", 0: "at"}
    octet, bit = divmod(virtual, 8)
    for g in claim.generator[claim.cell == cell].tolist():
        above, below = (
            int(rows[g, octet]) >> (7 - bit) & 1 for rows in (table.positive, table.negative)
        )
        if above - below not in (0, sign):
            raise CertificateError(
                f"cell {cell}: {neuron} is {words[above - below]} {beta} at {claim.name(g)}, and "
                f"{words[sign]} it according to the cell's signs"
            )
    raise CertificateError(
        f"cell {cell}: {neuron} is {words[sign]} {beta} according to the cell's signs, and "
        "equal to it on the whole cell"
    )


def _facing(claim: Claim, facets: Facets) -> Ints:
    """The pairs of cells with a common facet; every facet off the walls has two cells."""
    number = np.random.default_rng(0).integers(0, 1 << 63, claim.generators, dtype=np.uint64)
    names = np.add.reduceat(number[facets.generators], facets.start[:-1])
    inner = np.flatnonzero(~facets.outer)
    order = inner[np.argsort(names[inner], kind="stable")]
    if order.size % 2:
        order = np.append(order, order[-1])
    one, other = order[::2], order[1::2]
    # names only bring facets together: what has the same name is compared
    alike = facets.cell[one] != facets.cell[other]
    size = np.diff(facets.start)
    alike &= size[one] == size[other]
    for k in range(int(size[inner].max(initial=0))):
        long = alike & (size[one] > k)
        p, q = facets.start[one[long]] + k, facets.start[other[long]] + k
        alike[long] = facets.generators[p] == facets.generators[q]
    if not alike.all():
        _fail_facet(claim, facets, inner)
    return np.unique(np.sort(np.stack([facets.cell[one], facets.cell[other]], axis=1)), axis=0)


def _fail_facet(claim: Claim, facets: Facets, inner: Ints) -> None:
    owners: dict[tuple[int, ...], list[int]] = {}
    for f in inner.tolist():
        owners.setdefault(tuple(facets.of(f)), []).append(int(facets.cell[f]))
    generators, cells = next((g, c) for g, c in owners.items() if len(c) != 2)
    raise CertificateError(
        f"a facet of cell {cells[0]} is a facet of {len(cells) - 1} other cells and not in the "
        f"boundary of the domain; on it is {claim.name(generators[0])}"
    )
