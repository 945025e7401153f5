"""Where a piecewise-linear function bends: the facets between two maps, and by how much."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import gcd
from operator import mul

from flint import fmpq, fmpq_mat

from ..exact.polyhedron import HalfSpace, Polyhedron
from .hinges import Bend


def bends(
    solids: Sequence[Polyhedron],
    tables: Sequence[fmpq_mat],
    pairs: Iterable[tuple[int, int]],
    domain: Polyhedron,
) -> list[Bend]:
    """The bends between cells with these maps [A | c] that have a facet in common.

    A hyperplane on which the map changes everywhere alike is one bend. In the plane the others are
    continued beyond the domain, where they meet in balance whatever they are.
    """
    on_wall: dict[HalfSpace, list[tuple[int, int]]] = {}
    for i, j in pairs:
        on_wall.setdefault(_upward(_between(solids[i], solids[j])), []).append((i, j))
    found = []
    for wall, here in on_wall.items():
        factors = [_factors(tables[i], tables[j], wall, solids[i]) for i, j in here]
        alike = len(set(factors)) == 1 and any(factors[0])
        if alike and not any(_crosses(wall, solid) for solid in solids):
            found.append(Bend(_hyperplane(wall), factors[0]))
            continue
        for (i, j), each in zip(here, factors, strict=True):
            if any(each):
                facet = solids[i].intersection(solids[j])
                found.append(Bend(_continued(facet, domain), each))
    return found


def _upward(h: HalfSpace) -> HalfSpace:
    """The half-space with the same boundary whose normal begins with a positive entry."""
    if next(v for v in h.normal if v) > 0:
        return h
    return HalfSpace(tuple(-v for v in h.normal), -h.offset)


def _crosses(wall: HalfSpace, solid: Polyhedron) -> bool:
    """Whether a hyperplane goes through the inside of a polyhedron."""
    form = (*wall.normal, -wall.offset)
    if any(sum(map(mul, form, line)) for line in solid.lines):
        return True
    values = [sum(map(mul, form, g)) for g in solid.homogeneous_rays]
    return min(values) < 0 < max(values)


def _hyperplane(wall: HalfSpace) -> Polyhedron:
    return Polyhedron.from_half_spaces(C=[wall.normal], d=[wall.offset], ambient=len(wall.normal))


def _between(one: Polyhedron, other: Polyhedron) -> HalfSpace:
    """The half-space of the first whose boundary the other touches from outside in a facet."""
    opposite = {HalfSpace(tuple(-v for v in h.normal), -h.offset) for h in other.half_spaces}
    return next(h for h in one.half_spaces if h in opposite)


def _factors(
    before: fmpq_mat, after: fmpq_mat, wall: HalfSpace, solid: Polyhedron
) -> tuple[fmpq, ...]:
    """For every output the c by which the slope changes, c times the primitive normal.

    ``before`` belongs to ``solid``, on one side of the wall, ``after`` to the other side.
    """
    content = gcd(*wall.normal)
    form = [fmpq(v, content) for v in (*wall.normal, -wall.offset)]
    place = next(k for k, v in enumerate(wall.normal) if v)
    steps = (after - before).tolist()
    factors = tuple(step[place] / form[place] for step in steps)
    assert all(step == [c * v for v in form] for c, step in zip(factors, steps, strict=True)), (
        "the maps of a continuous function agree on a common facet"
    )
    below = all(sum(map(mul, (*wall.normal, -wall.offset), g)) <= 0 for g in solid.homogeneous_rays)
    return factors if below else tuple(-c for c in factors)


def _continued(segment: Polyhedron, domain: Polyhedron) -> Polyhedron:
    """A bend in a part of the plane, without the ends that it has on the domain's boundary."""
    inner = [p for p in segment.vertices if all(h.slack(p) > 0 for h in domain.half_spaces)]
    if not domain.half_spaces or segment.lines or len(inner) == len(segment.vertices):
        return segment
    first, *others = segment.vertices
    way = [a - b for a, b in zip(others[0], first, strict=True)] if others else segment.rays[0]
    if not inner:
        return Polyhedron.from_generators([first], [], [way], ambient=2)
    away = [-v for v in way] if inner[0] != first else way
    return Polyhedron.from_generators(inner, [away], ambient=2)
