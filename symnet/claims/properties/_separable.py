"""Two sets of points that a hyperplane separates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from ...errors import CertificateError, ShapeError
from ...exact.convert import exact_matrix
from ...exact.linear_program import Feasible, LinearSystem, feasible_point
from ...verdict import Proved, Refuted, Verdict
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
        margins = [[-x for x in (*p, 1)] for p in self.points]
        margins += [[*q, sp.S.One] for q in self.others]
        system = LinearSystem.of(margins, [-1] * len(margins))
        found = feasible_point(system)
        if isinstance(found, Feasible):
            *w, b = (sp.Rational(int(v.p), int(v.q)) for v in found.point)
            proof = Separated(tuple(w), b)
            return Proved("linear program", str(proof.function), (), proof, self)
        multipliers = [sp.Rational(int(v.p), int(v.q)) for v in found.multipliers]
        return self._refuted(multipliers)

    def _refuted(self, multipliers: Sequence[sp.Rational]) -> Refuted:
        """A point of both hulls: the multipliers, in parts that add up to 1."""
        count = len(self.points)
        p, q = multipliers[:count], multipliers[count:]
        p, q = ([w / sp.Add(*part) for w in part] for part in (p, q))
        names = [f"p_{k}" for k in range(1, len(p) + 1)] + [f"q_{k}" for k in range(1, len(q) + 1)]
        point = {sp.Symbol(name, real=True): w for name, w in zip(names, (*p, *q), strict=True)}
        (claim,) = self.claims()
        return Refuted(
            point, _mixture(p, self.points), _mixture(q, self.others), "linear program",
            "one point is in both convex hulls", "!=", claim,
        )  # fmt: skip

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

    def check(self, claim: Any) -> Proved:
        """The signs at all points."""
        for points, sign in ((claim.points, 1), (claim.others, -1)):
            for p in points:
                value = sp.Add(self.b, *(w * x for w, x in zip(self.w, p, strict=True)))
                if not sign * value > 0:
                    raise CertificateError(f"{self.function} is {value} at {p}")
        return Proved("certificate", f"{len(claim.points) + len(claim.others)} values")


def _points(points: Any) -> Points:
    found = tuple(tuple(exact_matrix([p], "a point").as_explicit()) for p in points)
    if not found:
        raise ShapeError("a set of points is empty")
    return found


def _mixture(weights: Sequence[Any], points: Points) -> sp.ImmutableDenseMatrix:
    columns = zip(*points, strict=True)
    return sp.ImmutableDenseMatrix(
        [sp.Add(*(w * x for w, x in zip(weights, column, strict=True))) for column in columns]
    )
