"""Random piecewise-linear identities, true and false ones, the same ones for the same seed.

Each comes with both sides as SymPy expressions and as Python functions of fractions, which are
made alongside and share no code with symnet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

import sympy as sp

import symnet as sn

VARIABLES = sp.symbols("x y z w", real=True)

Point = tuple[Fraction, ...]


@dataclass(frozen=True)
class Both:
    """An expression, and the same as a function of a point."""

    expr: sp.Expr
    at: Callable[[Point], Fraction]

    def __add__(self, other: Both) -> Both:
        return Both(self.expr + other.expr, lambda p: self.at(p) + other.at(p))

    def times(self, c: Fraction | int) -> Both:
        number = sp.Rational(Fraction(c).numerator, Fraction(c).denominator)
        return Both(number * self.expr, lambda p: c * self.at(p))

    def plus(self, c: int) -> Both:
        return Both(self.expr + c, lambda p: self.at(p) + c)


def relu(a: Both) -> Both:
    return Both(sn.relu(a.expr), lambda p: max(a.at(p), Fraction(0)))


def absolute(a: Both) -> Both:
    return Both(sp.Abs(a.expr), lambda p: abs(a.at(p)))


def greatest(*parts: Both) -> Both:
    return Both(sp.Max(*(a.expr for a in parts)), lambda p: max(a.at(p) for a in parts))


def least(*parts: Both) -> Both:
    return Both(sp.Min(*(a.expr for a in parts)), lambda p: min(a.at(p) for a in parts))


def hardtanh(a: Both) -> Both:
    return Both(sn.hardtanh(a.expr), lambda p: min(Fraction(1), max(Fraction(-1), a.at(p))))


def leaky(a: Both) -> Both:
    return Both(sn.leaky_relu(a.expr, sp.Rational(1, 4)), lambda p: max(a.at(p), a.at(p) / 4))


@dataclass(frozen=True)
class Identity:
    """lhs = rhs, in the first few of the variables; it is true or false."""

    lhs: Both
    rhs: Both
    variables: tuple[sp.Symbol, ...]
    is_true: bool

    def differs_at(self, point: Point) -> bool:
        return self.lhs.at(point) != self.rhs.at(point)


def _affine(random: Random, count: int) -> Both:
    weights = [random.choice((-2, -1, 0, 0, 1, 2)) for _ in range(count)]
    constant = random.choice((-3, -1, 0, 0, 1, 2))
    expr = sp.Add(*(w * v for w, v in zip(weights, VARIABLES, strict=False)), constant)
    return Both(
        expr,
        lambda p: sum((w * x for w, x in zip(weights, p, strict=True)), Fraction(constant)),
    )


def _pair(random: Random, count: int, depth: int) -> tuple[Both, Both]:
    """One function, written in two ways."""
    if depth == 0:
        leaf = _affine(random, count)
        return leaf, leaf
    a, b = _pair(random, count, depth - 1)
    kind = random.randrange(6)
    if kind == 0:
        ways = [relu(a), greatest(b, b.times(0)), (b + absolute(b)).times(Fraction(1, 2))]
        return ways[0], random.choice([*ways[1:], b + relu(b.times(-1))])
    if kind == 1:
        ways = [
            relu(b) + relu(b.times(-1)),
            greatest(b, b.times(-1)),
            relu(b).times(2) + b.times(-1),
        ]
        return absolute(a), random.choice(ways)
    if kind == 2:
        return hardtanh(a), (relu(b.plus(1)) + relu(b.plus(-1)).times(-1)).plus(-1)
    if kind == 3:
        other = relu(b.times(-1)).times(Fraction(-1, 4))
        return leaky(a), random.choice([relu(b) + other, greatest(b, b.times(Fraction(1, 4)))])
    c, d = _pair(random, count, random.randrange(depth))
    if kind == 4:
        ways = [
            d + relu(b + d.times(-1)),
            (b + d + absolute(b + d.times(-1))).times(Fraction(1, 2)),
            least(b.times(-1), d.times(-1)).times(-1),
        ]
        return greatest(a, c), random.choice(ways)
    ways = [
        b + relu(b + d.times(-1)).times(-1),
        b + d + greatest(b, d).times(-1),
        greatest(b.times(-1), d.times(-1)).times(-1),
    ]
    return least(a, c), random.choice(ways)


def _sum(random: Random, count: int, depth: int) -> tuple[Both, Both]:
    """A few terms, in two ways and orders."""
    left, right = _pair(random, count, depth)
    for _ in range(random.randrange(2)):
        a, b = _pair(random, count, random.randint(1, depth))
        c = random.choice((1, -1, 2))
        left, right = left + a.times(c), b.times(c) + right
    return left, right


def _bump(random: Random, count: int) -> tuple[Both, Point]:
    """A function that is not zero near one point only, and that point."""
    centre = tuple(Fraction(random.randint(-9, 9), random.randint(1, 3)) for _ in range(count))
    steep = random.randint(1, 5)
    total = Both(sp.S.One, lambda p: Fraction(1))
    for k, (v, c) in enumerate(zip(VARIABLES, centre, strict=False)):
        away = Both(v - sp.Rational(c.numerator, c.denominator), lambda p, k=k, c=c: p[k] - c)
        total = total + absolute(away).times(-steep)
    return relu(total), centre


def identity(seed: int, true: bool) -> Identity:
    """The identity number ``seed``: up to 4 variables, nested up to 4 deep."""
    random = Random(f"identity {seed} {true}")
    while True:
        count, depth = random.randint(1, 4), random.randint(1, 4)
        left, right = _sum(random, count, depth)
        if left.expr == right.expr or not left.expr.free_symbols | right.expr.free_symbols:
            continue
        variables = VARIABLES[:count]
        if true:
            return Identity(left, right, variables, True)
        if random.random() < 0.3:
            bump, centre = _bump(random, count)
            found = Identity(left, right + bump, variables, False)
            assert found.differs_at(centre)
            return found
        _, other = _sum(random, count, depth)
        changed = random.choice(
            [right.plus(1), right + relu(other.plus(-2)), absolute(right), right + other.times(0)]
        )
        found = Identity(left, changed, variables, False)
        tries = (
            tuple(Fraction(random.randint(-20, 20), random.randint(1, 2)) for _ in range(count))
            for _ in range(200)
        )
        if any(map(found.differs_at, tries)):
            return found


def identities(true: bool, count: int) -> list[Identity]:
    return [identity(seed, true) for seed in range(count)]


__all__: list[Any] = ["Identity", "identities", "identity"]
