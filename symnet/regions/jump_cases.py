"""A function with jumps as cases: few convex sets, right on every face and on every hyperplane."""

from __future__ import annotations

from collections.abc import Sequence

from flint import fmpq, fmpq_mat

from ..exact.half_open import Form, HalfOpen, is_covered
from ..exact.polyhedron import Polyhedron
from .part_cells import PartCells
from .region import HalfSpace

Row = tuple[fmpq, ...]


def cases(
    cells: PartCells, output: int, walls: Sequence[Form]
) -> list[tuple[Row, list[list[HalfSpace]]]]:
    """Every affine map [a | c] of an output, and conditions for the sets on which it holds.

    The sets are disjoint, and one set where two together are convex and have one map. The bounds of
    the domain, ``walls``, are left out.
    """
    tables = cells.tables(cells.layers)
    items = [
        (_reduced(tuple(table.tolist()[output]), part.set), part.set)
        for part, table in zip(cells.parts, tables, strict=True)
    ]
    rows: dict[Row, list[HalfOpen]] = {}
    for row, place in sorted(_joined(items), key=lambda item: item[1].inner_point()):
        rows.setdefault(_reduced(row, place), []).append(place)
    return [(row, [_conditions(s, walls) for s in places]) for row, places in rows.items()]


def _reduced(row: Row, place: HalfOpen) -> Row:
    """The same form on a set, without the coordinates that the set's equations determine."""
    if not place.equations:
        return row
    equations, rank = fmpq_mat([list(map(fmpq, form)) for form in place.equations]).rref()
    result = list(row)
    for line in equations.tolist()[:rank]:
        pivot = next(k for k, v in enumerate(line) if v)
        factor = result[pivot]
        result = [v - factor * w for v, w in zip(result, line, strict=True)]
    return tuple(result)


def _joined(items: list[tuple[Row, HalfOpen]]) -> list[tuple[Row, HalfOpen]]:
    """Sets of one map taken together, for as long as two have a convex union."""
    waiting = sorted(items, key=lambda item: -item[1].dimension)
    result: list[tuple[Row, HalfOpen]] = []
    while waiting:
        row, place = waiting.pop(0)
        k = 0
        while k < len(waiting):
            union = _union(row, place, *waiting[k])
            if union is None:
                k += 1
            else:
                place = union
                del waiting[k]
                k = 0
        result.append((row, place))
    return result


def _union(row: Row, one: HalfOpen, other_row: Row, other: HalfOpen) -> HalfOpen | None:
    """The union of two sets if it is convex and the map of the first is that of the second too."""
    if not other.vanishes([a - b for a, b in zip(row, other_row, strict=True)]):
        return None
    if one.solid.intersection(other.solid).is_empty:
        return None
    hull = HalfOpen(
        Polyhedron.from_generators(
            [*one.solid.vertices, *other.solid.vertices],
            [*one.solid.rays, *other.solid.rays],
            [line[:-1] for line in (*one.solid.lines, *other.solid.lines)],
            ambient=one.solid.ambient,
        )
    )
    strict = [
        form
        for form in dict.fromkeys((*one.strict, *other.strict))
        if not hull.range(form)[1] and one.zeros(form) is None and other.zeros(form) is None
    ]
    union = hull.without(strict)
    return union if union is not None and is_covered(union, [one, other]) is None else None


def _conditions(place: HalfOpen, walls: Sequence[Form]) -> list[HalfSpace]:
    """The conditions of a set, none of them superfluous, equations first."""
    found = [_half_space(form, "=") for form in place.equations]
    closure, open_ = HalfOpen(place.solid), set()
    for form in place.forms:
        facet = closure.zeros(form)
        excluding = [s for s in place.strict if facet is None or not facet.range(s)[0]]
        if excluding:
            open_.add(excluding[0])
        elif form not in walls:
            found.append(_half_space(form, "<="))
    for form in place.strict:
        rest = closure.without([f for f in place.strict if f in open_])
        if form not in open_ and rest is not None and rest.zeros(form) is not None:
            open_.add(form)
    found += [_half_space(form, "<") for form in open_]
    return sorted(found, key=lambda h: (h.relation != "=", h.a, h.b))


def _half_space(form: Form, relation: str) -> HalfSpace:
    return HalfSpace(tuple(-v for v in form[:-1]), form[-1], relation)
