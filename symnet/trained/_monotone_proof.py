"""The proof that an output never falls along a direction, checked without floats.

On a box every neuron is on the pieces of its function that bounds of its input leave possible, so
that the slope of its value along the direction is between products of slopes; sums of these go on
to the next layer, in integers without rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from operator import mul
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_mat

from ..base import Network
from ..document import Math
from ..errors import CertificateError
from ..exact.affine import AffineMap, as_fraction
from ..exact.rational_rows import as_fmpq
from ..regions.activation import PiecewiseLinear1D
from ..regions.certificate import certify
from ..regions.domains import Domain, Vector, number, rationals
from ..regions.finding import find_cells
from ..regions.limits import Remarks
from ..verdict import Proved, Refuted
from ._bounding import Boxes, relaxations
from ._checking_bounds import check_relaxations
from ._directions import chosen, direction
from ._integer_bounds import IntegerBounds
from ._parts import Part, check_parts, holds, joined
from ._prepared import Prepared, prepared

#: A step along the direction is halved so often.
_HALVINGS = 1100

#: For every neuron the least and the greatest slope that its function may have.
Slopes = Sequence[tuple[Fraction, Fraction]]


@dataclass(frozen=True, eq=False)
class Monotone:
    """The claim that an output never falls, or rises, along a direction on a domain."""

    net: Network
    domain: Domain
    along: Vector
    output: int
    decreasing: bool

    def words(self) -> tuple[Any, ...]:
        """The claim as words of a sentence."""
        way = "rises" if self.decreasing else "falls"
        v = sp.Matrix([number(t) for t in self.along])
        return (f"output {self.output} never {way} on the domain along ", Math(v.T))

    def check_refuted(self, verdict: Refuted) -> Proved:
        """That the domain has a point further along the direction, and the values there."""
        x = rationals(verdict.counterexample.values())
        domain = self.domain.fitted(len(x))
        sign, step = (-1 if self.decreasing else 1), fmpq(1)
        here = self._value(x)
        for _ in range(_HALVINGS):
            there = [a + step * v for a, v in zip(x, self.along, strict=True)]
            if holds(domain, x) and holds(domain, there) and sign * (self._value(there) - here) < 0:
                return Proved("exact evaluation")
            step /= 2
        raise CertificateError("the output goes the claimed way from the point, or it is outside")

    def _value(self, x: Sequence[fmpq]) -> fmpq:
        return prepared(self.net, len(x)).layers.value(x)[self.output]


@dataclass(frozen=True, eq=False)
class MonotoneProof:
    """The parts of the domain on which slopes were bounded, or those of all regions are known."""

    parts: tuple[Part, ...]
    derivation = None

    def check(self, claim: Any) -> Proved:
        """Every part, and that they cover the domain of the claim."""
        if not isinstance(claim, Monotone):
            raise CertificateError("the proof is not one of this claim")
        net, domain = chosen(claim.net, claim.domain, claim.output, claim.decreasing)
        slopes = _Slopes(net, direction(claim.along, domain))
        check_parts(domain, self.parts, slopes.on_boxes, slopes.on_regions, Remarks(None))
        count = len(self.parts)
        return Proved("certificate", f"{count} part{'' if count == 1 else 's'}")


@dataclass(frozen=True, eq=False)
class _Slopes:
    """A network with one output, in the coordinates of a domain, and a direction there."""

    net: Prepared
    along: Vector

    @cached_property
    def _fast(self) -> IntegerBounds | None:
        return IntegerBounds.of(self.net.layers, self.net.layers.maps[-1])

    @cached_property
    def _maps(self) -> list[tuple[fmpq_mat, fmpq_mat]]:
        """The positive and the negative entries of every map after the first."""
        return [_signed(affine) for affine in self.net.layers.maps[1:]]

    def on_regions(self, part: Domain) -> None:
        """That the slope is not negative on any region of a part of the domain."""
        layers = self.net.layers
        cells = find_cells(layers, part.polyhedron)
        certify(layers, part.polyhedron, cells)
        for signs in cells.signs.tolist():
            row = layers.affine_on(signs).tolist()[0]
            if sum(map(mul, self.along, row), fmpq(0)) < 0:
                raise CertificateError("the output falls on a region")

    def on_boxes(self, boxes: Sequence[Boxes]) -> None:
        """That the slope is not negative on boxes, by bounds of it."""
        some = self._fast and self._fast.sides(joined(boxes))
        for k, box in enumerate(boxes):
            if some and self._least([
                [_between(f, *side) for f, *side in zip(fs, below[k], above[k], strict=True)]
                for fs, (below, above) in zip(self.net.layers.functions, some, strict=True)
            ]) >= 0:  # fmt: skip
                continue
            layers = relaxations(self.net, box)
            check_relaxations(self.net, box.sides(), layers)
            if self._least([
                [_inside(f, as_fraction(a), as_fraction(b))
                 for f, a, b in zip(fs, r.low[0].tolist(), r.high[0].tolist(), strict=True)]
                for fs, r in zip(self.net.layers.functions, layers, strict=True)
            ]) < 0:  # fmt: skip
                raise CertificateError("bounds do not rule out that the output falls on a part")

    def _least(self, layers: Sequence[Slopes]) -> fmpq:
        """The least slope of the output, where neurons have slopes between these."""
        first = self.net.layers.maps[0]
        matrix, scale = first.integers()
        rows = [sum(map(mul, self.along, row), fmpq(0)) / scale for row in matrix.tolist()]
        low = high = rows
        for (plus, minus), slopes in zip(self._maps, layers, strict=True):
            least, most = [], []
            for a, b, (s, t) in zip(low, high, slopes, strict=True):
                products = [v * as_fmpq(f) for v in (a, b) for f in (s, t)]
                least.append([min(products)])
                most.append([max(products)])
            a, b = fmpq_mat(least), fmpq_mat(most)
            low, high = ((plus * p + minus * m).entries() for p, m in ((a, b), (b, a)))
        return low[0]


def _signed(affine: AffineMap) -> tuple[fmpq_mat, fmpq_mat]:
    matrix, scale = affine.integers()
    rows = [row[:-1] for row in matrix.tolist()]
    parts = (fmpq_mat([[f(v, 0) for v in row] for row in rows]) for f in (max, min))
    plus, minus = (part / fmpq(scale) for part in parts)
    return plus, minus


def _between(f: PiecewiseLinear1D, below: bool, above: bool) -> tuple[Fraction, Fraction]:
    """The slopes of a function that bends at 0 at most, on the sides where it may be."""
    slopes = [f.slopes[0]] * bool(below) + [f.slopes[-1]] * bool(above or not below)
    return min(slopes), max(slopes)


def _inside(f: PiecewiseLinear1D, low: Fraction, high: Fraction) -> tuple[Fraction, Fraction]:
    """The slopes of a function between bounds."""
    first = sum(t <= low for t in f.breakpoints)
    last = max(sum(t < high for t in f.breakpoints), first)
    slopes = f.slopes[first : last + 1]
    return min(slopes), max(slopes)
