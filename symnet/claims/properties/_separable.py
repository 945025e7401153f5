"""Two sets of points that a hyperplane separates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from ...document import Words
from ...errors import CertificateError, ShapeError
from ...exact.convert import exact_matrix
from ...exact.linear_program import Feasible, LinearSystem, feasible_point
from ...verdict import Proved, Refuted, Verdict, written
from .._claim import Claim
from ._base import Property

Points = tuple[tuple[sp.Rational, ...], ...]


class separable(Property):
    """Some affine function is positive at all points of one set and negative at all of another.

    If none is, the convex hulls of the sets have a common point (Kirchberger, Radon), and the
    numbers that mix it of either set are the counterexample, by Farkas's lemma.

    Parameters
    ----------
    points, others : lists of points with rational coordinates

    Examples
    --------
    >>> import symnet as sn
    >>> print(sn.prove(sn.separable([(1, 1)], [(0, 0), (0, 1), (1, 0)])))
    proved (linear program: 4*x_1 + 4*x_2 - 6)
    >>> print(sn.prove(sn.separable([(0, 0), (2, 0)], [(1, 0)])))
    refuted: one point is in both convex hulls; at p_1 = 1/2, p_2 = 1/2, q_1 = 1: (1, 0) = (1, 0)

    Source: Farkas, Theorie der einfachen Ungleichungen, 1902.
    """

    statement = "f(p) > 0 > f(q) for some affine f"
    source = "Farkas 1902"

    def __init__(self, points: Any, others: Any, *, where: Any = True, domain: Any = None) -> None:
        if where is not True or domain is not None:
            raise TypeError("separable(points, others) is about these points alone")
        super().__init__(points)
        self.points, self.others = _points(points), _points(others)
        if len({len(p) for p in (*self.points, *self.others)}) != 1:
            raise ShapeError("the points have different numbers of coordinates")

    def claims(self) -> tuple[Claim, ...]:
        """That no mixture of the points is one of the others."""
        mixtures, conditions = [], []
        for letter, points in (("p", self.points), ("q", self.others)):
            weights = sp.symbols(f"{letter}_1:{len(points) + 1}", real=True)
            mixtures.append(_mixture(weights, points))
            conditions += [sp.Eq(sp.Add(*weights), 1), *(w >= 0 for w in weights)]
        return (Claim(mixtures[0], mixtures[1], "!=", sp.And(*conditions)),)

    def prove(self, *, timeout: float | None = None) -> Verdict:
        found = self._solved()
        if isinstance(found, Separated):
            return Proved("linear program", str(found.function), (), found, self)
        return Refuted(
            found.point, found.of_points, found.of_others, "linear program",
            "one point is in both convex hulls", "!=", self.claims()[0],
        )  # fmt: skip

    def _solved(self) -> Separated | Mixed:
        """An affine function that separates the points, or a point of both convex hulls."""
        margins = [[-x for x in (*p, 1)] for p in self.points]
        margins += [[*q, sp.S.One] for q in self.others]
        found = feasible_point(LinearSystem.of(margins, [-1] * len(margins)))
        if isinstance(found, Feasible):
            *w, b = (sp.Rational(int(v.p), int(v.q)) for v in found.point)
            return Separated(tuple(w), b)
        multipliers = [sp.Rational(int(v.p), int(v.q)) for v in found.multipliers]
        count = len(self.points)
        p, q = multipliers[:count], multipliers[count:]
        p, q = ([w / sp.Add(*part) for w in part] for part in (p, q))
        return Mixed(tuple(p), tuple(q), self.points, self.others)

    def words(self) -> Words:
        return (str(self),)

    def __str__(self) -> str:
        points, others = (", ".join(map(str, part)) for part in (self.points, self.others))
        return f"an affine function is positive at {points} and negative at {others}"


@dataclass(frozen=True)
class Separated:
    """The certificate: the affine function w x + b."""

    w: tuple[sp.Rational, ...]
    b: sp.Rational

    @property
    def function(self) -> sp.Expr:
        """The affine function, as an expression."""
        x = sp.symbols(f"x_1:{len(self.w) + 1}", real=True)
        return sp.Add(self.b, *(w * s for w, s in zip(self.w, x, strict=True)))

    def at(self, p: Sequence[Any]) -> sp.Expr:
        """Its value at a point."""
        return sp.Add(self.b, *(w * x for w, x in zip(self.w, p, strict=True)))

    def check(self, claim: Any) -> Proved:
        """The signs at all points."""
        for points, sign in ((claim.points, 1), (claim.others, -1)):
            for p in points:
                value = self.at(p)
                if not sign * value > 0:
                    raise CertificateError(f"{self.function} is {value} at {p}")
        return Proved("certificate", f"{len(claim.points) + len(claim.others)} values")


@dataclass(frozen=True)
class Mixed:
    """The certificate that none separates: numbers that mix one point of either set.

    They are the multipliers of Farkas's lemma.
    """

    p: tuple[sp.Rational, ...]
    q: tuple[sp.Rational, ...]
    points: Points
    others: Points

    @property
    def of_points(self) -> sp.ImmutableDenseMatrix:
        """The point, mixed of the first set."""
        return _mixture(self.p, self.points)

    @property
    def of_others(self) -> sp.ImmutableDenseMatrix:
        """The point, mixed of the second set."""
        return _mixture(self.q, self.others)

    @property
    def point(self) -> dict[Any, Any]:
        """The numbers by their names p_1, …, q_1, …"""
        parts = (("p", self.p), ("q", self.q))
        names = [f"{letter}_{k + 1}" for letter, part in parts for k in range(len(part))]
        symbols = (sp.Symbol(name, real=True) for name in names)
        return dict(zip(symbols, (*self.p, *self.q), strict=True))

    def check(self, claim: Any) -> Proved:
        """Numbers that are not negative and add up to 1, and one point."""
        fits = (self.points, self.others) == (claim.points, claim.others)
        mixes = all(sum(part) == 1 and min(part) >= 0 for part in (self.p, self.q))
        if not (fits and mixes and self.of_points == self.of_others):
            raise CertificateError("the multipliers mix no common point of these sets")
        return Proved("certificate", f"one point of both, {written(self.of_points)}")


def _points(points: Any) -> Points:
    if not isinstance(points, Sequence) or not all(hasattr(p, "__len__") for p in points):
        raise ShapeError(f"points are lists of coordinates, as in [(0, 1), (1, 0)]; got {points}")
    found = tuple(tuple(exact_matrix([p], "a point").as_explicit()) for p in points)
    if not found:
        raise ShapeError("a set of points is empty")
    return found


def _mixture(weights: Sequence[Any], points: Points) -> sp.ImmutableDenseMatrix:
    columns = zip(*points, strict=True)
    return sp.ImmutableDenseMatrix(
        [sp.Add(*(w * x for w, x in zip(weights, column, strict=True))) for column in columns]
    )
