"""Where a false claim does hold, if that can be said in a few words."""

from __future__ import annotations

from typing import Any

import sympy as sp
from flint import fmpq

from ..base import Network
from ..claims import Claim
from ..errors import SymnetError
from ..exact.convert import exact_number
from ..exact.polyhedron import Polyhedron
from ..regions.cases import Parts, vanishing
from ..regions.domains import Domain, number
from ..regions.making import piecewise
from ..regions.piecewise_linear import PiecewiseLinear
from ..regions.region import HalfSpace, Region

#: More regions, parts, conditions in a part or single points than this are not simple.
MAX_REGIONS, MAX_PARTS, MAX_CONDITIONS, MAX_POINTS = 200, 3, 4, 3
#: Symbols whose sign may be what is missing, and seconds for each sign.
MAX_SYMBOLS, PATIENCE = 4, 1.0


def where_it_holds(claim: Any) -> str:
    """Where the claim holds, in words; empty where that is not simple or not known."""
    if not isinstance(claim, Claim) or (claim.where is not True and claim.where != sp.true):
        return ""
    try:
        difference = _difference(claim)
    except (SymnetError, NotImplementedError, TypeError, ValueError):
        # a remark on a failure must not become a failure of its own
        return _by_signs(claim)
    if difference is None:
        return ""
    if isinstance(claim.lhs, Network):
        return _of_networks(difference)
    return _simple(difference)


def _difference(claim: Claim) -> PiecewiseLinear | None:
    """A function that is 0 exactly where the claim holds; None where there is no such one."""
    domain = claim.domain if isinstance(claim.domain, Domain) else None
    if claim.relation not in ("=", "<=", ">=") or (claim.domain is not None and domain is None):
        return None
    if isinstance(claim.lhs, Network):
        sides = [_pieces(side, domain) for side in (claim.lhs, claim.rhs)]
        return sides[0] - sides[1]
    lhs, rhs = (exact_number(side) for side in (claim.lhs, claim.rhs))
    too_much = {"=": lhs - rhs, "<=": sp.Max(0, lhs - rhs), ">=": sp.Max(0, rhs - lhs)}
    return _pieces(too_much[claim.relation], domain)


def _pieces(function: Any, domain: Domain | None) -> PiecewiseLinear:
    return piecewise(function, domain=domain, max_regions=MAX_REGIONS, progress=False)


# --- piecewise-linear functions: the regions on which the difference is 0


def _simple(difference: PiecewiseLinear) -> str:
    parts = vanishing(difference)
    conditions = _words(parts, difference)
    points = _points(difference) if difference.network.inputs == 1 else []
    if (parts and not conditions) or len(points) > MAX_POINTS:
        return ""
    if not parts and not points:
        return "nowhere" if difference.network.inputs == 1 else ""
    (name,) = difference.variables if difference.network.inputs == 1 else ("",)
    found = [*conditions, *(f"{name} = {number(p)}" for p in points)]
    more = "" if points or _is_all(difference) else ", and at some other points"
    only = "only where " if points and not parts else "where "
    return only + ", or ".join(found) + more


def _words(parts: Parts, difference: PiecewiseLinear) -> list[str]:
    """The parts as conditions; none where there are too many."""
    if len(parts) > MAX_PARTS or any(not 0 < len(part) <= MAX_CONDITIONS for part in parts):
        return []
    found = [_conditions(part, difference.variables) for part in parts]
    return sorted(found, key=lambda text: text.count("<="))


def _conditions(part: list[HalfSpace], variables: tuple[sp.Symbol, ...]) -> str:
    ordered = sorted(part, key=lambda h: [v == 0 for v in h.a])
    conditions = [half_space.condition(variables) for half_space in ordered]
    if len(variables) == 1 and len(conditions) == 2:
        low, high = sorted(conditions, key=lambda condition: condition.rhs)
        return f"{low.rhs} {low.reversed.rel_op} {variables[0]} {high.rel_op} {high.rhs}"
    return " and ".join(
        f"{c.lhs} = {c.rhs}" if isinstance(c, sp.Eq) else str(c) for c in conditions
    )


def _split(difference: PiecewiseLinear) -> tuple[list[Region], list[Region]]:
    """The regions on which the difference is 0, and the others."""
    zero: list[Region] = []
    other: list[Region] = []
    for region in difference.regions:
        rows = region.table.tolist()
        (other if any(any(row) for row in rows) else zero).append(region)
    return zero, other


def _points(difference: PiecewiseLinear) -> list[fmpq]:
    """For one variable the single points at which the difference is 0."""
    zero, other = _split(difference)
    found = set()
    for region in other:
        slope, offset = region.table.tolist()[0]
        if slope:
            root = -offset / slope
            inside = region.contains([root]) and not any(z.contains([root]) for z in zero)
            if inside and difference.network.value((root,)) == [0]:
                found.add(root)
    return sorted(found)


def _is_all(difference: PiecewiseLinear) -> bool:
    """Whether the difference is 0 at no other points than those of its zero regions."""
    zero, other = _split(difference)
    solids = [region.polyhedron for region in zero]
    return all(_zeros_lie_in(region, solids) for region in other)


def _zeros_lie_in(region: Region, solids: list[Polyhedron]) -> bool:
    """Whether the zeros of a region's map are a face of it that lies in one of the solids."""
    row, solid = region.table.tolist()[0], region.polyhedron
    slope = [*row[:-1], fmpq(0)]
    lines = [line[:-1] for line in solid.lines]
    if any(_at(slope, line) for line in lines):
        return False
    values = [_at(row, v) for v in solid.vertices] + [_at(slope, r) for r in solid.rays]
    if min(values) < 0 < max(values):
        return False
    corners = [v for v in solid.vertices if _at(row, v) == 0]
    ways = [r for r in solid.rays if _at(slope, r) == 0]
    ways += [tuple(sign * v for v in line) for line in lines for sign in (1, -1)]
    return not corners or any(_holds(other, corners, ways) for other in solids)


def _holds(solid: Polyhedron, corners: list[Any], ways: list[Any]) -> bool:
    """Whether the corners, and the rays from them, lie in a full-dimensional polyhedron."""
    return all(solid.contains(v) for v in corners) and all(
        _at([*h.normal, 0], way) <= 0 for h in solid.half_spaces for way in ways
    )


def _at(row: Any, point: Any) -> fmpq:
    return sum((a * fmpq(v) for a, v in zip(row, point, strict=False)), fmpq(row[-1]))


def _of_networks(difference: PiecewiseLinear) -> str:
    zero, other = _split(difference)
    count = f"on {len(zero)} of {len(zero) + len(other)} regions"
    conditions = (
        _words(vanishing(difference), difference) if difference.network.outputs == 1 else []
    )
    found = f"where {', or '.join(conditions)}" if conditions else count
    if not difference.domain.is_bounded:
        return found
    outputs = range(difference.network.outputs)
    ends = [f(k).value for f in (difference.maximum, difference.minimum) for k in outputs]
    return f"{found}; the outputs are at most {max(map(abs, ends))} apart on the domain"


# --- everything else: signs of symbols that make it true


def _by_signs(claim: Claim) -> str:
    symbols = _scalars(claim)
    if len(symbols) > MAX_SYMBOLS:
        return ""
    found = []
    for symbol in symbols:
        for condition in (symbol >= 0, symbol <= 0):
            if condition in (sp.true, sp.false):
                continue
            if claim.narrowed(condition, None).prove(timeout=PATIENCE):
                found.append(str(condition))
    return f"where {', or '.join(found)}" if found else ""


def _scalars(claim: Claim) -> list[sp.Symbol]:
    free = set().union(*(getattr(s, "free_symbols", set()) for s in (claim.lhs, claim.rhs)))
    return sorted((s for s in free if isinstance(s, sp.Symbol) and s.is_real), key=str)
