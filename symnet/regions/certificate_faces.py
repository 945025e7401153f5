r"""That cells are the polyhedra of their patterns, from what vanishes at their generators alone.

Let P be the pointed cone of a cell, cut out by the forms of its neurons and the walls of the
domain, and let its generators be vectors of P, each with the set of the forms that vanish there:
its *tight* forms. All generators on which some set of forms vanishes are a face of their hull.

*In general position* every generator v has d tight forms, no two generators have the same ones, and
any d - 1 of them are tight at exactly one other generator w. Then the faces of P on which 1, 2, …,
d of the forms vanish are a strictly falling chain, so the forms are independent: v is an extreme
ray of P, on exactly d edges, and these lead to the w's, which are extreme too. Since the extreme
rays of P are connected by edges, they are all there; and the hull has full dimension.

*In the plane* it is enough that every form is tight at two generators at most, and that every
generator is in exactly two of the pairs so found: these are its edges.

*Otherwise* the facets of the hull are the maximal sets of generators on which a form vanishes, if
every generator is in one of them and every ridge in exactly two, and so on down to the edges, which
have two generators, each with a form that is not zero at the other: by then a chain of d faces has
been found, so the dimensions are right, and a closed chain of facets is the whole boundary of a
convex body. The facets of the hull lie on forms of P: the hull is P.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import NoReturn

import numpy as np

from ..errors import CertificateError
from ..exact.arrays import Bools, Ints
from .certificate_bits import members, packed
from .certificate_claim import Claim
from .certificate_signs import SignTable


@dataclass(frozen=True)
class Facets:
    """Facets of cells: facet f of ``cell[f]`` has generators[start[f] : start[f + 1]], ascending.

    ``outer`` says which lie in a wall. No cell has a facet twice.
    """

    cell: Ints
    start: Ints
    generators: Ints
    outer: Bools

    @classmethod
    def join(cls, parts: list[Facets]) -> Facets:
        """The facets of several parts."""
        counts = np.concatenate([np.diff(part.start) for part in parts])
        return cls(
            np.concatenate([part.cell for part in parts]),
            np.concatenate([[0], np.cumsum(counts)]),
            np.concatenate([part.generators for part in parts]),
            np.concatenate([part.outer for part in parts]),
        )

    def of(self, facet: int) -> list[int]:
        """The generators of a facet."""
        found: list[int] = self.generators[self.start[facet] : self.start[facet + 1]].tolist()
        return found


@dataclass(frozen=True)
class Tight:
    """Which forms vanish: form ``form[k]`` at the generator of incidence ``incidence[k]``.

    Incidences are the pairs of cells and generators of the claim, in its order. Forms from
    ``walls`` on are walls; there are ``forms`` of them.
    """

    incidence: Ints
    form: Ints
    walls: int
    forms: int

    @classmethod
    def of(cls, claim: Claim, table: SignTable) -> Tight:
        """The tight forms of all generators of all cells, by incidences and forms."""
        zero = ~(table.positive | table.negative)
        bent = packed(claim.signs != 0)
        first, form = members(zero[claim.generator] & bent[claim.cell])
        second, wall = np.nonzero(table.on_wall[claim.generator])
        walls = claim.signs.shape[1]
        incidence, form = np.concatenate([first, second]), np.concatenate([form, wall + walls])
        order = np.lexsort((form, incidence))
        return cls(incidence[order], form[order], walls, walls + len(claim.walls))

    def where(self, chosen: Bools) -> Tight:
        """Some of the triples."""
        return Tight(self.incidence[chosen], self.form[chosen], self.walls, self.forms)


def facets_of_cells(claim: Claim, table: SignTable) -> Facets:
    """The facets of all cells; raises unless each cell is the polyhedron of its pattern."""
    tight = Tight.of(claim, table)
    if claim.dimension == 1:
        return _on_the_line(claim, tight)
    if claim.dimension == 2:
        return _in_the_plane(claim, tight)
    count = np.bincount(tight.incidence, minlength=claim.cell.shape[0])
    special = np.zeros(claim.signs.shape[0], dtype=np.bool_)
    special[claim.cell[count != claim.dimension]] = True
    here = special[claim.cell[tight.incidence]]
    return Facets.join(
        [
            _in_general_position(claim, tight.where(~here)),
            _in_special_position(claim, tight.where(here), np.flatnonzero(special)),
        ]
    )


def _on_the_line(claim: Claim, tight: Tight) -> Facets:
    """Intervals: two generators, at which different forms vanish."""
    count = np.bincount(claim.cell)
    bound = np.bincount(tight.incidence, minlength=claim.cell.shape[0]) > 0
    key = np.sort(claim.cell[tight.incidence] * tight.forms + tight.form)
    twice = key[1:][key[1:] == key[:-1]] // tight.forms
    for wrong in (np.flatnonzero(count != 2), claim.cell[~bound], twice):
        if wrong.size:
            _fail(int(wrong[0]))
    outer = np.zeros(claim.cell.shape[0], dtype=np.bool_)
    outer[tight.incidence[tight.form >= tight.walls]] = True
    return Facets(claim.cell, np.arange(claim.cell.shape[0] + 1), claim.generator, outer)


def _in_the_plane(claim: Claim, tight: Tight) -> Facets:
    """Polygons: every form is tight at two generators at most, and the pairs are closed chains."""
    n = claim.cell.shape[0]
    key = claim.cell[tight.incidence] * tight.forms + tight.form
    order = np.argsort(key, kind="stable")
    key, incidence = key[order], tight.incidence[order]
    first = np.flatnonzero(np.append(True, key[1:] != key[:-1]))
    size = np.diff(np.append(first, key.shape[0]))
    if (size > 2).any():
        _fail(int(key[first[size > 2][0]] // tight.forms))
    first = first[size == 2]
    pair, place = np.unique(incidence[first] * n + incidence[first + 1], return_inverse=True)
    one, other = np.divmod(pair, n)
    edges = np.bincount(np.concatenate([one, other]), minlength=n)
    if (edges != 2).any():
        _fail(int(claim.cell[np.flatnonzero(edges != 2)[0]]))
    outer = np.zeros(pair.shape[0], dtype=np.bool_)
    outer[place[key[first] % tight.forms >= tight.walls]] = True
    ends = np.sort(np.stack([claim.generator[one], claim.generator[other]], axis=1), axis=1)
    return Facets(claim.cell[one], 2 * np.arange(pair.shape[0] + 1), ends.ravel(), outer)


def _in_general_position(claim: Claim, tight: Tight) -> Facets:
    """Cells whose generators all have d tight forms."""
    d = claim.dimension
    incidence, form = tight.incidence[::d], tight.form.reshape(-1, d)
    cell = claim.cell[incidence]
    bounds = [claim.signs.shape[0], *[tight.forms] * d]
    key = np.sort(_keys([cell, *form.T], bounds))
    if (key[1:] == key[:-1]).any():
        _fail(int(cell[_repeated(_keys([cell, *form.T], bounds))[0]]))
    edges = np.concatenate([np.delete(form, k, axis=1) for k in range(d)])
    key = _keys([np.tile(cell, d), *edges.T], bounds[:-1])
    order = np.argsort(key, kind="stable")
    key = key[order]
    first = np.flatnonzero(np.append(True, key[1:] != key[:-1])) if key.size else key
    size = np.diff(np.append(first, key.shape[0]))
    if (size != 2).any():
        _fail(int(np.tile(cell, d)[order[first[size != 2][0]]]))
    owner, generator = claim.cell[tight.incidence], claim.generator[tight.incidence]
    order = np.lexsort((generator, tight.form, owner))
    owner, form, generator = owner[order], tight.form[order], generator[order]
    new = (owner[1:] != owner[:-1]) | (form[1:] != form[:-1])
    first = np.flatnonzero(np.append(True, new)) if owner.size else owner
    return Facets(
        owner[first], np.append(first, owner.shape[0]), generator, form[first] >= tight.walls
    )


def _keys(columns: list[Ints], bounds: list[int]) -> Ints:
    """One number for every row, the same for equal rows; column k is below ``bounds[k]``."""
    key, room = np.zeros(columns[0].shape[0], dtype=np.int64), 1
    for column, bound in zip(columns, bounds, strict=True):
        if room * bound >= 1 << 62:
            values, key = np.unique(key, return_inverse=True)
            room = values.shape[0]
        key, room = key * bound + column, room * bound
    return key


def _repeated(key: Ints) -> Ints:
    order = np.argsort(key, kind="stable")
    again: Ints = order[1:][key[order[1:]] == key[order[:-1]]]
    return again


def _in_special_position(claim: Claim, tight: Tight, cells: Ints) -> Facets:
    """Any cells, one by one; sets of generators of a cell are the bits of a number."""
    owner = claim.cell[tight.incidence]
    begin, end = np.searchsorted(owner, cells), np.searchsorted(owner, cells, side="right")
    start = claim.start
    found: list[tuple[int, list[int], bool]] = []
    for cell, a, b in zip(cells.tolist(), begin.tolist(), end.tolist(), strict=True):
        first = int(start[cell])
        last = int(np.searchsorted(claim.cell, cell, side="right"))
        everything = (1 << (last - first)) - 1
        sets: dict[int, int] = {}
        for i, form in zip(tight.incidence[a:b].tolist(), tight.form[a:b].tolist(), strict=True):
            sets[form] = sets.get(form, 0) | 1 << (i - first)
        walls = [mask for form, mask in sets.items() if form >= tight.walls]
        facets = _Polytope(set(sets.values())).facets(everything, claim.dimension)
        if facets is None:
            _fail(cell)
        for facet in facets:
            numbers = [claim.generator[first + k] for k in range(last - first) if facet >> k & 1]
            outer = any(facet & mask == facet for mask in walls)
            found.append((cell, sorted(map(int, numbers)), outer))
    return Facets(
        np.array([cell for cell, _, _ in found], dtype=np.int64),
        np.cumsum([0, *(len(numbers) for _, numbers, _ in found)]),
        np.array([v for _, numbers, _ in found for v in numbers], dtype=np.int64),
        np.array([outer for _, _, outer in found], dtype=np.bool_),
    )


class _Polytope:
    """Faces of one cell as sets of generators, from the sets on which its forms vanish."""

    def __init__(self, tight: set[int]) -> None:
        self.tight = tight
        self.known: dict[int, list[int] | None] = {}

    def facets(self, face: int, k: int) -> list[int] | None:
        """The facets of a face of dimension k; None where they are no closed chain."""
        if face not in self.known:
            self.known[face] = self._facets(face, k)
        return self.known[face]

    def _facets(self, face: int, k: int) -> list[int] | None:
        parts = {face & t for t in self.tight} - {0, face}
        if k == 1:  # two generators, with forms that tell them apart
            low = face & -face
            return [low, face ^ low] if parts == {low, face ^ low} else None
        facets = [p for p in parts if not any(p != q and p & q == p for q in parts)]
        ridges: Counter[int] = Counter()
        for facet in facets:
            below = self.facets(facet, k - 1)
            if below is None:
                return None
            ridges.update(below)
        covered = reduce(or_, facets, 0) == face
        return facets if covered and set(ridges.values()) == {2} else None


def _fail(cell: int) -> NoReturn:
    raise CertificateError(
        f"cell {cell} is not the polyhedron of its signs in the domain: "
        "a vertex or ray is missing, or is none"
    )
