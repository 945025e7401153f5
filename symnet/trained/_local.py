"""The affine map of a network around a point, and the region that it holds on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from operator import mul
from typing import Any

import numpy as np
import sympy as sp
from flint import fmpq, fmpz

from ..base import Network
from ..errors import DomainError, ShapeError
from ..exact.rational_rows import primitive
from ..regions.domains import Vector, flat, number, rationals
from ..regions.region import HalfSpace
from ._distances import Nearest, nearest
from ._floats import forms_around, signs_at
from ._minimal import irredundant
from ._prepared import Prepared, Rows, prepared

#: (layer, neuron) among the hidden layers, both from 0.
Neuron = tuple[int, int]


class Local:
    """What a network is around a point x: f(y) = A y + c for all y of its region.

    Made by :func:`symnet.local`. All numbers are exact. ``kinks`` are the neurons that are exactly
    at a breakpoint at x, so that regions meet there; where there are some, and no direction was
    given, there is no one map, and asking for it is an error.
    """

    def __init__(self, net: Prepared, x: Vector, towards: Vector | None) -> None:
        self.net, self.point, self.towards = net, x, towards
        self._signs, self.kinks = _resolved(net, x, signs_at(net, x), towards)

    @property
    def x(self) -> tuple[sp.Rational, ...]:
        """The point."""
        return tuple(map(number, self.point))

    @property
    def pattern(self) -> tuple[tuple[int, ...], ...]:
        """For every hidden layer the signs z_i - beta at x, by neurons and their breakpoints.

        With ``towards`` the signs of the region that is entered.
        """
        starts = self.net.layers.starts
        return tuple(tuple(self._signs[a:b]) for a, b in pairwise(starts))

    @property
    def value(self) -> sp.ImmutableDenseMatrix:
        """f(x), (outputs, 1)."""
        if not self.kinks:
            return sp.ImmutableDenseMatrix([number(v) for v in self.outputs])
        return sp.ImmutableDenseMatrix([number(v) for v in self.net.layers.value(self.point)])

    @cached_property
    def outputs(self) -> list[fmpq]:
        """f(x) in flint's rationals."""
        return [_at(row, scale, self.point) for row, scale in _each(self.rows)]

    @property
    def label(self) -> int | None:
        """The greatest output at x, from 0; None where several are the greatest."""
        values = self.value.flat()
        best = max(values)
        return values.index(best) if values.count(best) == 1 else None

    @property
    def A(self) -> sp.ImmutableDenseMatrix:
        """The slope, (outputs, inputs)."""
        return sp.ImmutableDenseMatrix([row[:-1] for row in self._table])

    @property
    def c(self) -> sp.ImmutableDenseMatrix:
        """The offset, (outputs, 1)."""
        return sp.ImmutableDenseMatrix([row[-1:] for row in self._table])

    @cached_property
    def rows(self) -> Rows:
        """[A | c] as integers over one denominator."""
        self._check_inside("an affine map")
        net = self.net
        return net.to_inputs(net.output_rows(), len(net.tables), self._signs)

    @cached_property
    def _table(self) -> list[list[sp.Rational]]:
        matrix, scale = self.rows
        return [[number(fmpq(v, scale)) for v in row] for row in matrix.tolist()]

    # --- the region

    @cached_property
    def neurons(self) -> tuple[Neuron, ...]:
        """The neuron of every entry of ``half_spaces``; of equal ones the first."""
        return tuple(self._walls.values())

    @cached_property
    def half_spaces(self) -> tuple[HalfSpace, ...]:
        """Half-spaces whose intersection is the region: one for each breakpoint, equal ones once.

        Some may be implied by others; ``minimal()`` leaves those out.
        """
        return tuple(HalfSpace(a, b) for a, b in self._walls)

    @cached_property
    def _walls(self) -> dict[tuple[tuple[int, ...], int], Neuron]:
        self._check_inside("a region")
        found: dict[tuple[tuple[int, ...], int], Neuron] = {}
        starts = self.net.layers.starts
        for k, functions in enumerate(self.net.layers.functions):
            bending = [i for i, f in enumerate(functions) if f.breakpoints]
            if not bending:
                continue
            matrix, scale = self.net.forms(k, bending, self._signs)
            place = starts[k]
            for i, row in zip(bending, matrix.tolist(), strict=True):
                for beta in functions[i].breakpoints:
                    sign = self._signs[place]
                    place += 1
                    p, q = beta.numerator, beta.denominator
                    form = [*(v * q for v in row[:-1]), row[-1] * q - p * scale]
                    if any(form[:-1]):
                        a = primitive([int(-sign * v) for v in form[:-1]] + [int(sign * form[-1])])
                        found.setdefault((a[:-1], a[-1]), (k, i))
        return found

    def minimal(self) -> tuple[HalfSpace, ...]:
        """The half-spaces that no others imply: one for each facet of the region.

        Rays from x find most of them; what they leave open, linear programs over the rationals
        decide, which takes long for hundreds of inputs.
        """
        kept = irredundant([(h.a, h.b) for h in self.half_spaces], self.point)
        return tuple(self.half_spaces[k] for k in kept)

    def contains(self, y: Any) -> bool:
        """Whether a point lies in the region, its boundary included."""
        self._check_inside("a region")
        point = point_of(y, self.net.layers.inputs)
        signs = signs_at(self.net, point)
        return all(s in (0, own) or not own for s, own in zip(signs, self._signs, strict=True))

    def nearest(self, p: Any = 2) -> Nearest | None:
        """The boundary that is nearest to x in the p-norm, p = 1, 2 or oo; None if there is none.

        >>> import symnet as sn
        >>> net = sn.Sequential(sn.Linear([[3, 4], [1, 0]], [0, 2]), sn.ReLU())
        >>> found = sn.local(net, [1, 1]).nearest(2)
        >>> found.distance, found.neurons, found.point
        (7/5, ((0, 0),), (4/25, -3/25))
        """
        self._check_inside("a region")
        forms = forms_around(self.net, self._signs)
        return nearest(self.net, self._signs, self.point, forms, p)

    def _check_inside(self, what: str) -> None:
        if self.kinks:
            some = ", ".join(f"neuron {i} of hidden layer {k}" for k, i in self.kinks[:3])
            more = f" and {len(self.kinks) - 3} more" if len(self.kinks) > 3 else ""
            verb = "is" if len(self.kinks) == 1 else "are"
            raise DomainError(
                f"{what} around the point was asked for, and the point lies on the boundary of "
                f"regions: {some}{more} (counted from 0) {verb} at a breakpoint there; give a "
                "direction, local(net, x, towards=v), for the region that it enters"
            )

    def __repr__(self) -> str:
        n, m = self.net.layers.inputs, self.net.layers.outputs
        where = f", on {len(self.kinks)} kinks" if self.kinks else ""
        return f"Local(R^{n} -> R^{m}{where})"


def local(net: Network, x: Any, *, towards: Any = None) -> Local:
    """The affine map of a network around a point, its region, and how far that reaches: exactly.

    No region but this one is looked for, so that the number of inputs can be large.

    Parameters
    ----------
    net : piecewise-linear Network with rational weights, n inputs, without jumps
    x : n numbers; floats are the rational numbers that they are
    towards : n numbers, a direction
        Where x lies between regions, the one that is entered in this direction.

    Returns
    -------
    Local
        ``A``, ``c``, ``value``, ``pattern``, ``half_spaces``, ``minimal()``, ``nearest(p)``, and
        ``kinks``, the neurons that are exactly at a breakpoint.

    Raises
    ------
    ShapeError, NotPiecewiseLinearError, WeightError

    Examples
    --------
    >>> import symnet as sn
    >>> net = sn.Sequential(sn.Linear([[1, 1], [1, -1]]), sn.ReLU(), sn.Linear([[1, 2]], [1]))
    >>> around = sn.local(net, [3, 1])
    >>> around.A, around.c, around.value
    (Matrix([[3, -1]]), Matrix([[1]]), Matrix([[9]]))
    >>> sn.local(net, [1, 1]).kinks
    ((0, 1),)
    >>> sn.local(net, [1, 1], towards=[0, 1]).A
    Matrix([[1, 1]])

    Source: Montúfar, Pascanu, Cho and Bengio, On the number of linear regions of deep neural
    networks, 2014, section 2.
    """
    wanted = net.in_features
    size = None if wanted is None or not wanted.is_Integer else int(wanted)
    point = point_of(x, size)
    direction = None if towards is None else point_of(towards, len(point), "the direction")
    return Local(prepared(net, len(point)), point, direction)


def point_of(x: Any, size: int | None, what: str = "the point") -> Vector:
    """The numbers of a point of R^n, exactly; an error where there are not ``size``."""
    x = flat(x)
    point = rationals([x] if not hasattr(x, "__len__") else x)
    if size is not None and len(point) != size:
        raise ShapeError(f"{what} has {len(point)} entries; the network takes {size}")
    return point


def _resolved(
    net: Prepared, x: Vector, signs: list[int], towards: Vector | None
) -> tuple[list[int], tuple[Neuron, ...]]:
    """The signs on the region around x, and the neurons at a breakpoint that leave it open.

    A neuron that is zero on the whole region bends nothing. With a direction v, a form a x + c
    that is 0 has the sign of a v beside x.
    """
    if all(signs):
        return signs, ()
    kinks: list[Neuron] = []
    starts = net.layers.starts
    live = np.ones(net.layers.inputs, dtype=np.bool_)
    for k, table in enumerate(net.tables):
        # what hangs on neurons alone that give 0 around x is 0 around x: seen without its form
        nothing = np.zeros(len(table.lines), dtype=np.bool_) if kinks else net.vanishing(k, live)
        own = table.owner.tolist()
        zero = [v for v, i in enumerate(own, starts[k]) if not signs[v] and not nothing[i]]
        owners = [own[v - starts[k]] for v in zero]
        if kinks:
            kinks += [(k, i) for i in owners]
            continue
        if zero:
            matrix, _ = net.forms(k, owners, signs)
            for v, i, row in zip(zero, owners, matrix.tolist(), strict=True):
                if not any(row[:-1]):
                    continue
                slope = fmpq(0) if towards is None else sum(map(mul, towards, row), fmpq(0))
                signs[v] = (slope > 0) - (slope < 0)
                if not slope:
                    kinks.append((k, i))
        live = ~table.is_zero(signs[starts[k] : starts[k + 1]], nothing)
    return signs, tuple(dict.fromkeys(kinks))


def _each(rows: Rows) -> Iterator[tuple[list[fmpz], fmpz]]:
    matrix, scale = rows
    return ((row, scale) for row in matrix.tolist())


def _at(row: Sequence[fmpz], scale: fmpz, x: Vector) -> fmpq:
    return (sum(map(mul, x, row), fmpq(0)) + row[-1]) / scale
