"""The units of one layer with any activations, in integers, proportional neurons merged."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm

import numpy as np
from flint import fmpz, fmpz_mat

from symnet.exact.affine import AffineMap
from symnet.exact.arrays import Ints
from symnet.regions.activation import PiecewiseLinear1D
from symnet.regions.folds import MatrixFold

# What a neuron's output is made of: the relu of a unit, a unit itself, or the constant one.
Term = tuple[str, int]
Output = dict[Term, Fraction]


class UnitBuilder:
    """Collects the units of one layer, and the neurons' outputs in terms of them.

    All rows are integers over one denominator. Unit k has the row ``rows[k]`` divided by
    2**exponent[k], which brings its largest entry near 1.
    """

    def __init__(self, affine: AffineMap, activations: Sequence[PiecewiseLinear1D]) -> None:
        matrix, denominator = affine.integers()
        scale = lcm(*(beta.denominator for f in activations for beta in f.breakpoints))
        self._given = [[scale * int(v) for v in row] for row in matrix.tolist()]
        self._denominator = scale * int(denominator)
        self._columns = affine.shape[1] + 1
        self._rows: list[list[int]] = []
        self._exponent: list[int] = []
        self._known: dict[tuple[int, ...], int] = {}
        self._relu: dict[int, None] = {}
        self._linear: dict[int, None] = {}
        self._virtual: list[tuple[int, int, int]] = []

    def neuron(self, i: int, f: PiecewiseLinear1D) -> Output:
        """Return the output of neuron i with activation f, and note the units that it needs."""
        row, result = self._given[i], {("one", 0): f.value}
        if not f.breakpoints:
            unit, c = self._unit(row)
            self._add_linear(result, unit, c, self._value(row), f.slopes[0])
        for k, beta in enumerate(f.breakpoints):
            shifted = [*row[:-1], row[-1] - int(beta * self._denominator)]
            unit, c = self._unit(shifted)
            constant = self._value(shifted)
            self._virtual.append((i, unit, _sign(constant) if unit < 0 else _sign(c)))
            if k == 0:
                self._add_linear(result, unit, c, constant, f.slopes[0])
            step = f.slopes[k + 1] - f.slopes[k]
            if unit < 0:
                _add(result, ("one", 0), step * max(constant, Fraction(0)))
                continue
            self._relu[unit] = None
            _add(result, ("relu", unit), step * abs(c))
            if c < 0:  # relu(-|c| u) = |c| (relu(u) - u)
                self._add_linear(result, unit, c, constant, step)
        return result

    def _value(self, row: list[int]) -> Fraction:
        """Return the constant term of a row."""
        return Fraction(row[-1], self._denominator)

    def _add_linear(
        self, result: Output, unit: int, c: Fraction, constant: Fraction, slope: Fraction
    ) -> None:
        """Add slope * (c * unit) to an output, or slope * constant where there is no unit."""
        if slope == 0:
            return
        if unit < 0:
            _add(result, ("one", 0), slope * constant)
        else:
            self._linear[unit] = None
            _add(result, ("linear", unit), slope * c)

    def _unit(self, row: list[int]) -> tuple[int, Fraction]:
        """Return (unit, c): the row is c times the unit's; or (-1, 0) if the row is constant."""
        pivot = next((k for k, v in enumerate(row[:-1]) if v), -1)
        if pivot < 0:
            return -1, Fraction(0)
        content = gcd(*row) if row[pivot] > 0 else -gcd(*row)
        key = tuple(v // content for v in row)
        unit = self._known.get(key)
        if unit is None:
            unit = self._known[key] = len(self._rows)
            size = max(abs(v) for v in row)
            self._rows.append(row)
            self._exponent.append(size.bit_length() - self._denominator.bit_length() + 1)
        ratio = Fraction(row[pivot], self._rows[unit][pivot])
        return unit, ratio * Fraction(2) ** self._exponent[unit]

    def _order(self) -> list[Term]:
        return [("relu", u) for u in self._relu] + [("linear", u) for u in self._linear]

    def units(self) -> tuple[AffineMap, int, tuple[Ints, Ints, Ints]]:
        """Return the units, how many are relu (they come first), and the virtual neurons.

        These are (neuron, unit, orientation) as in `UnitLayer`.
        """
        chosen = [u for _, u in self._order()]
        base = max([0, *(self._exponent[u] for u in chosen)])
        flat = [v << (base - self._exponent[u]) for u in chosen for v in self._rows[u]]
        matrix = fmpz_mat(len(chosen), self._columns, flat)
        affine = AffineMap.from_integers(matrix, self._denominator << base)
        rank = {u: k for k, u in enumerate(self._relu)}
        virtual = np.array([(i, rank.get(u, -1), s) for i, u, s in self._virtual], dtype=np.int64)
        neuron, unit, orientation = virtual.reshape(-1, 3).T.copy()
        return affine, len(self._relu), (neuron, unit, orientation)

    def fold(self, outputs: Sequence[Output]) -> MatrixFold:
        """Return the neurons' outputs as affine functions of the units' outputs."""
        order = self._order()
        place = {term: k for k, term in enumerate(order)}
        place["one", 0] = len(order)
        columns = len(order) + 1
        scale = lcm(*{v.denominator for output in outputs for v in output.values()})
        flat = [0] * (columns * (len(outputs) + 1))
        for i, output in enumerate(outputs):
            for term, v in output.items():
                if v:
                    flat[i * columns + place[term]] = v.numerator * (scale // v.denominator)
        flat[-1] = scale
        return MatrixFold(fmpz_mat(len(outputs) + 1, columns, flat), fmpz(scale))


def _add(result: Output, term: Term, coefficient: Fraction) -> None:
    result[term] = result.get(term, Fraction(0)) + coefficient


def _sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)
