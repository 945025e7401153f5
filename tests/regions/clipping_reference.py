"""A slow and plain reference: the cells of a network by clipping polytopes with fractions.

A polytope is a list of vertices, each with the set of constraints that are tight at it; two
vertices are adjacent iff no third one is tight on all their common constraints.  Nothing of symnet
is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product

Point = tuple[Fraction, ...]
Polytope = dict[Point, frozenset[int]]
Rows = list[list[Fraction]]


@dataclass(frozen=True)
class Function:
    """A continuous piecewise-linear function; `value` is taken at the first breakpoint."""

    breakpoints: tuple[Fraction, ...]
    slopes: tuple[Fraction, ...]
    value: Fraction = Fraction(0)

    def piece(self, i: int) -> tuple[Fraction, Fraction]:
        """Slope and offset between breakpoints i - 1 and i."""
        places = self.breakpoints
        offset = self.value - self.slopes[0] * (places[0] if places else 0)
        for k in range(i):
            offset += (self.slopes[k] - self.slopes[k + 1]) * places[k]
        return self.slopes[i], offset


def relu() -> Function:
    return Function((Fraction(0),), (Fraction(0), Fraction(1)))


@dataclass(frozen=True)
class Hidden:
    """z = W h + b and one function for every neuron."""

    W: Rows
    b: list[Fraction]
    functions: list[Function]


def box(lower: Sequence[Fraction], upper: Sequence[Fraction]) -> Polytope:
    ends = list(zip(lower, upper, strict=True))
    return {
        tuple(e[s] for e, s in zip(ends, sides, strict=True)): frozenset(
            2 * k + s for k, s in enumerate(sides)
        )
        for sides in product((0, 1), repeat=len(ends))
    }


def value(form: list[Fraction], point: Point) -> Fraction:
    return sum((a * x for a, x in zip(form, point, strict=False)), form[-1])


def clip(polytope: Polytope, form: list[Fraction], label: int, sign: int) -> Polytope:
    """The part where sign * form >= 0."""
    values = {p: sign * value(form, p) for p in polytope}
    kept = {p: t | {label} if values[p] == 0 else t for p, t in polytope.items() if values[p] >= 0}
    for p, q in combinations(polytope, 2):
        if values[p] * values[q] < 0:
            common = polytope[p] & polytope[q]
            if not any(common <= t for r, t in polytope.items() if r not in (p, q)):
                s = values[p] / (values[p] - values[q])
                new = tuple(x + s * (y - x) for x, y in zip(p, q, strict=True))
                kept[new] = common | {label}
    return kept


def cells(layers: list[Hidden], domain: Polytope) -> dict[tuple[int, ...], frozenset[Point]]:
    """The vertices of every full-dimensional cell, by its signs at all breakpoints."""
    d = len(next(iter(domain)))
    identity = [[Fraction(int(i == j)) for j in range(d)] + [Fraction(0)] for i in range(d)]
    label = 1000
    current: list[tuple[tuple[int, ...], Polytope, Rows]] = [((), domain, identity)]
    for layer in layers:
        forms_of = []
        for signs, polytope, h in current:
            z = [
                [
                    sum((w * row[k] for w, row in zip(W, h, strict=True)), Fraction(0))
                    for k in range(d + 1)
                ]
                for W in layer.W
            ]
            for row, b in zip(z, layer.b, strict=True):
                row[-1] += b
            forms_of.append((signs, polytope, z))
        for r, function in enumerate(layer.functions):
            for t in function.breakpoints:
                label += 1
                split = []
                for signs, polytope, z in forms_of:
                    form = [*z[r][:-1], z[r][-1] - t]
                    values = [value(form, p) for p in polytope]
                    plus, minus = any(v > 0 for v in values), any(v < 0 for v in values)
                    if plus and minus:
                        for s in (1, -1):
                            split.append(((*signs, s), clip(polytope, form, label, s), z))
                    else:
                        tight = {
                            p: c | {label} if v == 0 else c
                            for (p, c), v in zip(polytope.items(), values, strict=True)
                        }
                        split.append(((*signs, plus - minus), tight, z))
                forms_of = split
        current = []
        count = sum(len(f.breakpoints) for f in layer.functions)
        for signs, polytope, z in forms_of:
            mine, h = list(signs[len(signs) - count :]), []
            for row, function in zip(z, layer.functions, strict=True):
                n = len(function.breakpoints)
                slope, offset = function.piece(sum(s > 0 for s in mine[:n]))
                del mine[:n]
                h.append([*(slope * v for v in row[:-1]), slope * row[-1] + offset])
            current.append((signs, polytope, h))
    result = {signs: frozenset(polytope) for signs, polytope, _ in current}
    assert len(result) == len(current)
    return result
