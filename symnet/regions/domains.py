"""Where a network is taken apart: boxes, polyhedra, plane slices, all of R^n."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_mat

from ..errors import DomainError, OutOfReachError
from ..exact import polyhedron as exact
from ..exact.affine import AffineMap
from ..exact.convert import exact_number
from .limits import readable

Vector = tuple[fmpq, ...]

#: Boxes of more dimensions have too many vertices to be taken apart.
_MOST = 14


def rational(value: Any, what: str = "a coordinate") -> fmpq:
    """An exact number as flint has it."""
    if isinstance(value, fmpq):
        return value
    number = exact_number(value, what)
    if not number.is_Rational:
        raise DomainError(f"{what} is {number}, which is not a rational number")
    return fmpq(int(number.p), int(number.q))


def rationals(values: Iterable[Any], what: str = "a coordinate") -> Vector:
    """A sequence, or a column, of exact numbers."""
    if isinstance(values, sp.MatrixBase):
        values = values.flat()
    return tuple(rational(v, what) for v in values)


def number(value: Any) -> sp.Rational:
    """A flint rational or a fraction as SymPy has it."""
    if isinstance(value, fmpq):
        return sp.Rational(int(value.p), int(value.q))
    return sp.Rational(value.numerator, value.denominator)


@dataclass(frozen=True, eq=False)
class Domain:
    """The points o + P u of R^n, for u in a full-dimensional polyhedron U in R^k.

    Where the domain is full-dimensional itself, k = n and x = u. Regions are found in U.
    """

    polyhedron: exact.Polyhedron
    origin: Vector | None = None
    directions: tuple[Vector, ...] = ()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Domain):
            return NotImplemented
        return (
            self.origin == other.origin
            and self.directions == other.directions
            and _same(self.polyhedron, other.polyhedron)
        )

    def __hash__(self) -> int:
        return hash((self.dimension, self.origin, self.directions))

    @property
    def dimension(self) -> int:
        """k, the number of coordinates u."""
        return self.polyhedron.ambient

    @property
    def ambient(self) -> int:
        """n, the number of inputs of the network."""
        return self.dimension if self.origin is None else len(self.origin)

    @property
    def is_bounded(self) -> bool:
        """Whether it is a polytope."""
        return self.polyhedron.is_bounded

    def fitted(self, inputs: int | None) -> Domain:
        """The domain for that many inputs; an error where it is not one."""
        if inputs is not None and inputs != self.ambient:
            raise DomainError(
                f"the network takes {inputs} inputs, and the domain lies in R^{self.ambient}"
            )
        return self

    def affine(self) -> AffineMap | None:
        """u -> o + P u, None where it is the identity."""
        if self.origin is None:
            return None
        rows = [list(row) for row in zip(*self.directions, strict=True)]
        return AffineMap.from_rationals(rows or [[] for _ in self.origin], self.origin)

    def point(self, u: Sequence[Any]) -> tuple[sp.Rational, ...]:
        """The point o + P u of R^n."""
        if self.origin is None:
            return tuple(number(rational(v)) for v in u)
        moved = list(self.origin)
        for t, direction in zip(rationals(u), self.directions, strict=True):
            moved = [a + t * p for a, p in zip(moved, direction, strict=True)]
        return tuple(number(v) for v in moved)

    def coordinates(self, x: Sequence[fmpq]) -> Vector | None:
        """u with x = o + P u, None where there is none."""
        if self.origin is None:
            return tuple(x)
        rest = [v - o for v, o in zip(x, self.origin, strict=True)]
        table = [[*row, v] for row, v in zip(zip(*self.directions, strict=True), rest, strict=True)]
        reduced, rank = fmpq_mat(table).rref()
        rows = reduced.tolist()[:rank]
        k = len(self.directions)
        return tuple(row[-1] for row in rows) if rank == k and rows[-1][k - 1] else None

    def contains(self, u: Iterable[Any]) -> bool:
        """Whether the point with these coordinates u belongs to it."""
        return self.polyhedron.contains(rationals(u))

    def restricted(self, other: Domain) -> Domain:
        """The part of this domain that ``other``, in the coordinates u, leaves."""
        part = self.polyhedron.intersection(other.fitted(self.dimension).polyhedron)
        if part.dimension < self.dimension:
            raise DomainError("the restriction leaves no full-dimensional part of the domain")
        return Domain(part, self.origin, self.directions)


def flattened(polyhedron: exact.Polyhedron) -> Domain:
    """A polyhedron as a domain; a flat one in coordinates that are some of its own."""
    if polyhedron.is_empty:
        raise DomainError("the domain is empty: no point satisfies all its conditions")
    n = polyhedron.ambient
    if polyhedron.dimension == n:
        return Domain(polyhedron)
    if polyhedron.dimension == 0:
        raise DomainError(
            f"the domain is the single point ({', '.join(map(str, polyhedron.vertices[0]))}); "
            "evaluate the network there instead"
        )
    # the affine hull solved for the coordinates that its equations determine
    hull = [[fmpq(v) for v in (*h.normal, h.offset)] for h in polyhedron.affine_hull]
    reduced, rank = fmpq_mat(hull).rref()
    rows = reduced.tolist()[:rank]
    pivots = [next(k for k, v in enumerate(row) if v) for row in rows]
    free = [k for k in range(n) if k not in pivots]
    origin = [fmpq(0)] * n
    directions = [[fmpq(int(i == k)) for i in range(n)] for k in free]
    for pivot, row in zip(pivots, rows, strict=True):
        origin[pivot] = row[-1]
        for direction, k in zip(directions, free, strict=True):
            direction[pivot] = -row[k]
    inner = exact.Polyhedron.from_generators(
        [[v[k] for k in free] for v in polyhedron.vertices],
        [[v[k] for k in free] for v in polyhedron.rays],
        [[v[k] for k in free] for v in polyhedron.lines],
        ambient=len(free),
    )
    return Domain(inner, tuple(origin), tuple(map(tuple, directions)))


class Box(Domain):
    """The product of intervals [lo, hi]; a bound may be infinite.

    One interval alone is repeated as often as the network has inputs.

    Parameters
    ----------
    *intervals : pairs (lo, hi) of numbers with lo < hi, or lo = hi for a slice

    Raises
    ------
    DomainError
        Where lo > hi.

    Examples
    --------
    >>> import symnet as sn
    >>> box = sn.Box([-1, 1], [0, 2])
    >>> box.contains([0, 1]), box.contains([0, 3])
    (True, False)

    Source: definition.
    """

    intervals: tuple[tuple[Any, Any], ...]
    #: The bounds, low and high, of every interval; None where there is none.
    bounds: tuple[tuple[fmpq | None, fmpq | None], ...]

    def __init__(self, *intervals: Sequence[Any]) -> None:
        if not intervals:
            raise DomainError("a box needs an interval: Box([-1, 1])")
        pairs = []
        for k, interval in enumerate(intervals):
            if not hasattr(interval, "__len__") or len(interval) != 2:
                raise DomainError(f"interval {k + 1} of Box is {interval!r}; write [lo, hi]")
            what = f"a bound of interval {k + 1}"
            low, high = _bound(interval[0], -sp.oo, what), _bound(interval[1], sp.oo, what)
            if low is not None and high is not None and low > high:
                raise DomainError(f"interval {k + 1} is [{low}, {high}]; it needs lo <= hi")
            pairs.append((low, high))
        self._take(tuple((v[0], v[1]) for v in intervals), tuple(pairs))

    def _take(self, intervals: tuple[tuple[Any, Any], ...], bounds: Any) -> None:
        object.__setattr__(self, "intervals", intervals)
        object.__setattr__(self, "bounds", bounds)
        n, free = len(bounds), self.free
        if len(free) < n and n > 1:
            if not free:
                raise DomainError(
                    f"the domain is the single point ({', '.join(str(v[0]) for v in bounds)}); "
                    "evaluate the network there instead"
                )
            origin = tuple(fmpq(0) if k in free else v[0] for k, v in enumerate(bounds))
            directions = tuple(tuple(fmpq(int(i == k)) for i in range(n)) for k in free)
            object.__setattr__(self, "origin", origin)
            object.__setattr__(self, "directions", directions)

    @cached_property
    def free(self) -> tuple[int, ...]:
        """The coordinates whose intervals are more than a point."""
        return tuple(k for k, (low, high) in enumerate(self.bounds) if low is None or low != high)

    def __getattr__(self, name: str) -> Any:
        # a box in R^64 has 2^64 vertices: its polyhedron is made where it is asked for
        if name != "polyhedron" or "bounds" not in self.__dict__:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        bounds = [self.bounds[k] for k in self.free] or list(self.bounds)
        if len(bounds) > _MOST:
            raise OutOfReachError(
                f"the domain is a box of {len(bounds)} dimensions, which has "
                f"{readable(2 ** len(bounds))} vertices; regions are found on boxes of up to "
                f"{_MOST}. Fix some inputs, take a Slice, or ask what needs no regions: "
                "local(net, x), walk(net, a, b), reduce(net, box)"
            )
        A, b = [], []
        for k, (low, high) in enumerate(bounds):
            for sign, value in ((-1, low), (1, high)):
                if value is not None:
                    A.append([sign * int(i == k) for i in range(len(bounds))])
                    b.append(sign * value)
        made = exact.Polyhedron.from_half_spaces(A, b, ambient=len(bounds))
        object.__setattr__(self, "polyhedron", made)
        return made

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Box):
            return self.bounds == other.bounds
        return super().__eq__(other)

    __hash__ = Domain.__hash__

    @property
    def dimension(self) -> int:
        return len(self.free) or len(self.bounds)

    @property
    def ambient(self) -> int:
        return len(self.bounds)

    @property
    def is_bounded(self) -> bool:
        return all(low is not None and high is not None for low, high in self.bounds)

    def contains(self, u: Iterable[Any]) -> bool:
        point = rationals(u)
        if len(point) != self.dimension:
            return super().contains(point)
        pairs = zip(point, [self.bounds[k] for k in self.free] or self.bounds, strict=True)
        return all(
            (low is None or low <= v) and (high is None or v <= high) for v, (low, high) in pairs
        )

    def __repr__(self) -> str:
        return f"Box({', '.join(f'[{low}, {high}]' for low, high in self.intervals)})"

    def fitted(self, inputs: int | None) -> Domain:
        if inputs is not None and len(self.intervals) == 1 and inputs != 1:
            return Box(*self.intervals * inputs)
        if not self.free:
            raise DomainError("the interval is a single point; evaluate the network there instead")
        return super().fitted(inputs)


class Polyhedron(Domain):
    """{x : A x <= b, C x = d}, or the hull of vertices, rays and lines.

    A flat one is taken in coordinates u that are some of its own: the function is then that of u,
    x = ``point(u)``.

    Parameters
    ----------
    A, b : (m, n) matrix and m numbers
    C, d : (l, n) matrix and l numbers, the equations
    vertices, rays, lines : sequences of points and directions in R^n, instead of A and b

    Raises
    ------
    DomainError
        If no point is left, or only one.

    Examples
    --------
    >>> import symnet as sn
    >>> triangle = sn.Polyhedron(vertices=[[0, 0], [1, 0], [0, 1]])
    >>> triangle.contains([1, 1])
    False
    >>> edge = sn.Polyhedron(vertices=[[0, 1], [1, 0]])
    >>> edge.dimension, edge.point([1])
    (1, (0, 1))

    Source: Ziegler, Lectures on Polytopes, 1995, section 1.
    """

    def __init__(
        self,
        A: Any = (),
        b: Any = (),
        C: Any = (),
        d: Any = (),
        *,
        vertices: Any = (),
        rays: Any = (),
        lines: Any = (),
    ) -> None:
        half_spaces, equations, points, directions, spans = (
            [rationals(row) for row in _rows(given)] for given in (A, C, vertices, rays, lines)
        )
        every = [*half_spaces, *equations, *points, *directions, *spans]
        sizes = {len(row) for row in every}
        if len(sizes) != 1:
            found = f"rows of lengths {sorted(sizes)}" if sizes else "nothing"
            raise DomainError(f"a polyhedron needs rows of one length; found {found}")
        n = sizes.pop()
        if points or directions or spans:
            if half_spaces or equations:
                raise DomainError("give half-spaces or vertices, not both")
            if not points:
                raise DomainError("a hull needs at least one vertex")
            solid = exact.Polyhedron.from_generators(points, directions, spans, ambient=n)
        else:
            left, right = rationals(b), rationals(d)
            if len(left) != len(half_spaces) or len(right) != len(equations):
                raise DomainError(
                    f"A has {len(half_spaces)} rows and b {len(left)} entries, C has "
                    f"{len(equations)} rows and d {len(right)} entries; they must agree"
                )
            solid = exact.Polyhedron.from_half_spaces(
                half_spaces, left, equations, right, ambient=n
            )
        _take_over(self, flattened(solid))


class Slice(Domain):
    """The plane slice x = o + p_1 u_1 + … + p_k u_k of R^n, for u in a domain of R^k.

    Parameters
    ----------
    origin : (n,) numbers
    directions : k vectors (n,), linearly independent
    within : a full-dimensional domain of R^k; all of R^k where it is left out

    Examples
    --------
    >>> import symnet as sn
    >>> sn.Slice([0, 0, 1], [[1, 0, 0], [0, 2, 0]], sn.Box([-1, 1])).point([1, -1])
    (1, -2, 1)

    Source: definition.
    """

    def __init__(self, origin: Any, directions: Any, within: Domain | None = None) -> None:
        o = rationals(origin)
        P = tuple(rationals(p) for p in _rows(directions))
        if not P or any(len(p) != len(o) for p in P):
            raise DomainError(
                f"the origin has {len(o)} entries and the directions {[len(p) for p in P]}; "
                "a slice needs directions of the origin's length"
            )
        if fmpq_mat([list(p) for p in P]).rref()[1] < len(P):
            raise DomainError("the directions of a slice must be linearly independent")
        inner = (space(len(P)) if within is None else within).fitted(len(P))
        if inner.origin is not None:
            raise DomainError("the domain within a slice must be full-dimensional")
        _take_over(self, Domain(inner.polyhedron, o, P))

    @classmethod
    def through(cls, *points: Any, within: Domain | None = None) -> Slice:
        """The line, plane, … through points: from the first, u_k leads to the k-th of the others.

        Without ``within`` it is all of it; the points have the coordinates 0 and the unit vectors.

        >>> import symnet as sn
        >>> plane = sn.Slice.through([0, 0, 1], [2, 0, 1], [0, 3, 1], within=sn.Box([-1, 2]))
        >>> plane.point([1, 0]), plane.point([1, 1])
        ((2, 0, 1), (2, 3, 1))
        """
        first, *others = (rationals(flat(p)) for p in points)
        sizes = {len(p) for p in (first, *others)}
        if len(sizes) > 1 or not others:
            raise DomainError(
                f"a slice goes through two points or more of one space; {len(points)} were given, "
                f"with {sorted(sizes)} entries"
            )
        return cls(first, [[b - a for a, b in zip(first, p, strict=True)] for p in others], within)


def space(n: int) -> Domain:
    """All of R^n."""
    return Domain(exact.Polyhedron.from_half_spaces(ambient=n))


def _same(p: exact.Polyhedron, q: exact.Polyhedron) -> bool:
    """Whether two full-dimensional polyhedra are one: their facets are unique."""
    return p.ambient == q.ambient and set(p.half_spaces) == set(q.half_spaces)


def _take_over(domain: Domain, made: Domain) -> None:
    Domain.__init__(domain, made.polyhedron, made.origin, made.directions)


def flat(point: Any) -> Any:
    """A point as a sequence; an array in any shape."""
    return point.ravel().tolist() if hasattr(point, "ravel") else point


def _rows(given: Any) -> list[Any]:
    if isinstance(given, sp.MatrixBase):
        return list(given.tolist())
    return list(given)


def _bound(value: Any, infinite: Any, what: str) -> fmpq | None:
    """A bound, None where it is the infinity that it may be."""
    if value == infinite or (isinstance(value, float) and value == float(infinite)):
        return None
    return rational(value, what)


__all__ = ["Box", "Domain", "Polyhedron", "Slice", "flat", "space"]
