"""One linear region, and one linear piece, with everything exact about them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar, overload

import sympy as sp
from flint import fmpq_mat

from ..exact import polyhedron as exact
from .cells import Cells
from .domains import number, rationals
from .layer_list import LayerList

T = TypeVar("T")


@dataclass(frozen=True)
class HalfSpace:
    """{x : a x <= b}, a and b integers without a common divisor; or a x < b, or a x = b."""

    a: tuple[int, ...]
    b: int
    relation: str = field(default="<=", repr=False)

    def condition(self, variables: Sequence[sp.Symbol]) -> Any:
        """The relation in these variables, with positive coefficients first where it can be.

        >>> x, y = sp.symbols("x y")
        >>> HalfSpace((-1, 2), 3).condition([x, y]), HalfSpace((-2, 0), 1, "<").condition([x, y])
        (x - 2*y >= -3, x > -1/2)
        """
        lead = next(v for v in self.a if v)
        size = lead if sum(map(bool, self.a)) == 1 else (1 if lead > 0 else -1)
        left = sp.Add(*(sp.Rational(v, size) * x for v, x in zip(self.a, variables, strict=True)))
        right = sp.Rational(self.b, size)
        positive, negative = _RELATIONS[self.relation]
        return (positive if lead > 0 else negative)(left, right, evaluate=False)


_RELATIONS = {"<=": (sp.Le, sp.Ge), "<": (sp.Lt, sp.Gt), "=": (sp.Eq, sp.Eq)}


@dataclass(frozen=True, eq=False)
class Region:
    """A full-dimensional activation cell: closed, convex, and the network is affine on it.

    ``index`` is its number; coordinates are those of the domain.
    """

    index: int
    network: LayerList
    cells: Cells

    @property
    def pattern(self) -> tuple[tuple[int, ...], ...]:
        """For every hidden layer the signs z_i - beta, by neurons and their breakpoints.

        1 above and -1 below the breakpoint, 0 where the two are equal on the whole region.
        """
        signs, starts = self._signs, self.network.starts
        return tuple(tuple(signs[a:b]) for a, b in itertools.pairwise(starts))

    @property
    def _signs(self) -> list[int]:
        signs: list[int] = self.cells.signs[self.index].tolist()
        return signs

    @cached_property
    def table(self) -> fmpq_mat:
        """[A | c] in flint's rationals."""
        return self.network.affine_on(self._signs)

    @property
    def A(self) -> sp.ImmutableDenseMatrix:
        """The slope, (outputs, k): the network is x -> A x + c on the region."""
        rows = self.table.tolist()
        return sp.ImmutableDenseMatrix([[number(v) for v in row[:-1]] for row in rows])

    @property
    def c(self) -> sp.ImmutableDenseMatrix:
        """The offset, (outputs, 1)."""
        return sp.ImmutableDenseMatrix([[number(row[-1])] for row in self.table.tolist()])

    @cached_property
    def polyhedron(self) -> exact.Polyhedron:
        """The region as an exact polyhedron with both of its minimal descriptions."""
        return self.cells.polyhedron(self.index)

    @property
    def vertices(self) -> tuple[tuple[sp.Rational, ...], ...]:
        """The vertices; none where the region contains a line."""
        if self.polyhedron.lines:
            return ()
        return tuple(tuple(number(x) for x in v) for v in self.polyhedron.vertices)

    @property
    def rays(self) -> tuple[tuple[int, ...], ...]:
        """The extreme directions in which it is unbounded, modulo ``lines``."""
        return self.polyhedron.rays

    @property
    def lines(self) -> tuple[tuple[int, ...], ...]:
        """Directions of lines in it."""
        return tuple(line[:-1] for line in self.polyhedron.lines)

    @cached_property
    def half_spaces(self) -> tuple[HalfSpace, ...]:
        """The irredundant half-spaces whose intersection it is, one for each facet."""
        return tuple(HalfSpace(h.normal, h.offset) for h in self.polyhedron.half_spaces)

    @property
    def is_bounded(self) -> bool:
        """Whether it is a polytope."""
        return self.polyhedron.is_bounded

    @property
    def volume(self) -> sp.Expr:
        """The exact volume in the coordinates of the domain, oo where it is unbounded."""
        return number(self.polyhedron.volume()) if self.is_bounded else sp.oo

    def contains(self, x: Any) -> bool:
        """Whether a point lies in it, its boundary included."""
        return self.polyhedron.contains(rationals(x))

    def __repr__(self) -> str:
        rows = "; ".join(" ".join(str(v) for v in row) for row in self.table.tolist())
        return f"Region({self.index}, [A | c] = [{rows}])"


@dataclass(frozen=True, eq=False)
class Piece:
    """A linear piece: regions joined by facets, with one affine map."""

    regions: tuple[Region, ...]

    @property
    def A(self) -> sp.ImmutableDenseMatrix:
        """The slope, (outputs, k)."""
        return self.regions[0].A

    @property
    def c(self) -> sp.ImmutableDenseMatrix:
        """The offset, (outputs, 1)."""
        return self.regions[0].c

    @property
    def volume(self) -> sp.Expr:
        """The exact volume, oo where it is unbounded."""
        return sp.Add(*(region.volume for region in self.regions))

    def __repr__(self) -> str:
        numbers = ", ".join(str(r.index) for r in self.regions)
        return f"Piece(regions {numbers})"


class Lazy(Sequence[T], Generic[T]):
    """A sequence whose members are made when they are asked for, and kept."""

    def __init__(self, length: int, make: Callable[[int], T]) -> None:
        self._length, self._make = length, make
        self._made: dict[int, T] = {}

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, key: int) -> T: ...
    @overload
    def __getitem__(self, key: slice) -> Sequence[T]: ...
    def __getitem__(self, key: int | slice) -> T | Sequence[T]:
        if isinstance(key, slice):
            return [self[i] for i in range(*key.indices(self._length))]
        place = range(self._length)[key]
        if place not in self._made:
            self._made[place] = self._make(place)
        return self._made[place]

    def __iter__(self) -> Iterator[T]:
        return (self[i] for i in range(self._length))

    def __repr__(self) -> str:
        shown = ", ".join(repr(self[i]) for i in range(min(3, self._length)))
        return f"[{shown}{', …' if self._length > 3 else ''}] ({self._length})"
