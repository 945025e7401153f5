r"""A network with any piecewise-linear activations, rewritten in two kinds of units.

Every breakpoint of every activation is a *virtual neuron* z_i - beta. The rewritten network has
*relu units* h = max(0, u) and *linear units* h = u with affine u, and computes the same function,
since

    f(z) = value + s_0 (z - beta_1) + \sum_k (s_k - s_{k-1}) relu(z - beta_k),
    relu(c u) = c relu(u)  and  relu(-c u) = c (relu(u) - u)    for c > 0.

Virtual neurons that are proportional to each other (duplicated, negated or rescaled neurons) share
one unit, so their common zero set is one line and not a tie to be decided at every crossing. Rows
are scaled by powers of two so that their largest entry is in [1/2, 1): weights of size 1e-300 or
1e150 neither underflow nor overflow, and no digit changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from flint import fmpz, fmpz_mat

from symnet.exact.affine import AffineMap
from symnet.exact.arrays import Floats, Ints
from symnet.regions.activation import RELU, PiecewiseLinear1D
from symnet.regions.folds import Fold, Identity, MatrixFold, PowersOfTwo, is_normal

Activation = PiecewiseLinear1D | Sequence[PiecewiseLinear1D]


@dataclass(frozen=True)
class UnitLayer:
    """One layer of units: `affine` gives u, the first `relu_count` units are relu, the rest linear.

    Virtual neuron k of the original layer belongs to neuron ``neuron[k]`` and is a positive
    (``orientation[k] == 1``) or negative (-1) multiple of relu unit ``unit[k]``; where ``unit[k] ==
    -1`` it is a constant, whose sign is ``orientation[k]``.
    """

    affine: AffineMap
    relu_count: int
    neuron: Ints
    unit: Ints
    orientation: Ints
    neuron_count: int


@dataclass(frozen=True)
class UnitNetwork:
    """The rewritten network: layers of units, then `output`, affine in the last units."""

    layers: tuple[UnitLayer, ...]
    output: AffineMap

    @property
    def input_size(self) -> int:
        """The number of inputs n_0."""
        return (self.layers[0].affine if self.layers else self.output).shape[1]


@dataclass(frozen=True)
class Source:
    """The network as it was given: affine maps, and the activation of every hidden neuron."""

    layers: tuple[AffineMap, ...]
    activations: tuple[tuple[PiecewiseLinear1D, ...], ...]


def per_neuron(
    layers: Sequence[AffineMap], activations: Sequence[Activation]
) -> list[tuple[PiecewiseLinear1D, ...]]:
    """Return one activation for every neuron of every hidden layer."""
    if len(activations) != len(layers) - 1:
        raise ValueError(
            f"{len(layers)} affine layers have {len(layers) - 1} activations between them, "
            f"got {len(activations)}"
        )
    result = []
    for affine, f in zip(layers, activations, strict=False):
        m = affine.shape[0]
        each = (f,) * m if isinstance(f, PiecewiseLinear1D) else tuple(f)
        if len(each) != m:
            raise ValueError(f"{m} neurons need {m} activations, got {len(each)}")
        result.append(each)
    return result


def unit_network(layers: Sequence[AffineMap], activations: Sequence[Activation]) -> UnitNetwork:
    """Rewrite ``layers[-1] o f_L o ... o f_1 o layers[0]``, one activation per hidden layer.

    An activation is one function for the whole layer or a sequence with one per neuron.
    """
    result: list[UnitLayer] = []
    fold: Fold = Identity(layers[0].shape[1])
    for affine, each in zip(layers, per_neuron(layers, activations), strict=False):
        if affine.shape[1] != fold.neurons:
            raise ValueError(
                f"W of layer {len(result) + 1} has {affine.shape[1]} columns, "
                f"the layer before it has {fold.neurons} neurons"
            )
        quick = _quick_relu(affine, fold) if all(f is RELU or f.is_relu for f in each) else None
        layer, fold = quick if quick is not None else _general(affine, each, fold)
        result.append(layer)
    if layers[-1].shape[1] != fold.neurons:
        raise ValueError(
            f"the last W has {layers[-1].shape[1]} columns, "
            f"the layer before it {fold.neurons} neurons"
        )
    return UnitNetwork(tuple(result), fold.into(layers[-1]))


def _quick_relu(affine: AffineMap, fold: Fold) -> tuple[UnitLayer, Fold] | None:
    """Return the relu layer with its rows scaled, or None where the general way is needed."""
    if not isinstance(fold, Identity | PowersOfTwo):
        return None
    folded = fold.into(affine)
    rows = np.column_stack([folded.weight, folded.bias])
    if not is_normal(rows, folded.nonzero):
        return None
    exponent = np.frexp(np.abs(rows).max(axis=1, initial=0.0))[1].astype(np.int64)
    unit = folded.scaled(-exponent)
    if _maybe_proportional(np.column_stack([unit.weight, unit.bias])):
        return None
    m = affine.shape[0]
    index = np.arange(m)
    layer = UnitLayer(unit, m, index, index, np.ones(m, dtype=np.int64), m)
    return layer, PowersOfTwo(exponent)


def _maybe_proportional(rows: Floats) -> bool:
    """Whether two rows may be multiples of each other; False is certain enough to skip merging.

    A missed pair costs time, not correctness: its crossings are ties, and ties are decided exactly.
    """
    kept = rows[(rows[:, :-1] != 0).any(axis=1)]
    if kept.shape[0] < 2:
        return False
    pivot = np.abs(kept).argmax(axis=1)
    normal = kept / kept[np.arange(kept.shape[0]), pivot][:, None]
    probe = np.cos(np.arange(1, kept.shape[1] + 1) ** 2 * 1.0)
    image = np.sort(normal @ probe)
    return bool((np.diff(image) <= 1e-10 * kept.shape[1]).any())


def _general(
    affine: AffineMap, each: Sequence[PiecewiseLinear1D], fold: Fold
) -> tuple[UnitLayer, Fold]:
    """Rewrite a layer with any activations in rational arithmetic, merging proportional neurons."""
    builder = _Builder(fold.into(affine))
    outputs = [builder.neuron(i, f) for i, f in enumerate(each)]
    return builder.finish(outputs)


class _Builder:
    """Collects the units of one layer and the neurons' outputs in terms of them."""

    def __init__(self, affine: AffineMap) -> None:
        matrix, denominator = affine.integers()
        self.columns = affine.shape[1] + 1
        self.rows = [[int(v) for v in row] for row in matrix.tolist()]
        self.denominator = int(denominator)
        self.units: list[tuple[list[Fraction], bool]] = []  # scaled row, whether it has a relu
        self.known: dict[tuple[int, ...], tuple[int, list[Fraction]]] = {}
        self.linear: dict[int, None] = {}  # units that are also needed without the relu
        self.virtual: list[tuple[int, int, int]] = []

    def neuron(self, i: int, f: PiecewiseLinear1D) -> dict[tuple[str, int], Fraction]:
        """Return neuron i's output: coefficients of ("relu", u), ("linear", u), ("one", 0)."""
        row = [Fraction(v, self.denominator) for v in self.rows[i]]
        result: dict[tuple[str, int], Fraction] = {("one", 0): f.value}

        def add(kind: str, unit: int, coefficient: Fraction) -> None:
            result[kind, unit] = result.get((kind, unit), Fraction(0)) + coefficient

        if not f.breakpoints:
            unit, c = self._unit(row, False)
            self._add_linear(add, unit, c, row[-1], f.slopes[0])
        for k, beta in enumerate(f.breakpoints):
            shifted = [*row[:-1], row[-1] - beta]
            unit, c = self._unit(shifted, True)
            constant = shifted[-1]
            orientation = _sign(constant) if unit < 0 else _sign(c)
            self.virtual.append((i, unit, orientation))
            if k == 0:
                self._add_linear(add, unit, c, constant, f.slopes[0])
            step = f.slopes[k + 1] - f.slopes[k]
            if unit < 0:
                add("one", 0, step * max(constant, Fraction(0)))
            else:
                add("relu", unit, step * abs(c))
                if c < 0:
                    self._add_linear(add, unit, c, constant, step)
        return result

    def _add_linear(
        self, add: Any, unit: int, c: Fraction, constant: Fraction, slope: Fraction
    ) -> None:
        if slope == 0:
            return
        if unit < 0:
            add("one", 0, slope * constant)
        else:
            self.linear[unit] = None
            add("linear", unit, slope * c)

    def _unit(self, row: list[Fraction], relu: bool) -> tuple[int, Fraction]:
        """Return (unit, c) with row = c * unit's row, or (-1, 0) for a constant row."""
        if not any(row[:-1]):
            return -1, Fraction(0)
        scale = fmpz(1)
        for v in row:
            scale = scale.lcm(v.denominator)
        ints = [int(v * int(scale)) for v in row]
        content = fmpz(0)
        for n in ints:
            content = content.gcd(n)
        lead = next(n for n in ints if n)
        signed = int(content) if lead > 0 else -int(content)
        key = tuple(n // signed for n in ints)
        if key not in self.known:
            exponent = _exponent(max(abs(v) for v in row))
            self.known[key] = len(self.units), [v / Fraction(2) ** exponent for v in row]
            self.units.append((self.known[key][1], relu))
        unit, unit_row = self.known[key]
        if relu and not self.units[unit][1]:
            self.units[unit] = unit_row, True
        pivot = next(k for k, v in enumerate(unit_row) if v)
        return unit, row[pivot] / unit_row[pivot]

    def finish(self, outputs: list[dict[tuple[str, int], Fraction]]) -> tuple[UnitLayer, Fold]:
        """Return the layer of units, relu units first, and the fold of the neurons onto them."""
        relu = [u for u, (_, flag) in enumerate(self.units) if flag]
        order = [("relu", u) for u in relu] + [("linear", u) for u in self.linear]
        place = {key: k for k, key in enumerate(order)}
        rows = [self.units[u][0] for _, u in order]
        affine = _from_rows(rows, self.columns)
        place["one", 0] = len(order)
        dense = [[Fraction(0)] * (len(order) + 1) for _ in range(len(outputs) + 1)]
        for i, output in enumerate(outputs):
            for key, coefficient in output.items():
                dense[i][place[key]] = coefficient
        dense[-1][-1] = Fraction(1)
        folded, denominator = _integer_rows(dense, len(order) + 1)
        rank = {u: k for k, u in enumerate(relu)}
        virtual = np.array([(i, rank.get(u, -1), s) for i, u, s in self.virtual], dtype=np.int64)
        neuron, unit, orientation = virtual.reshape(-1, 3).T.copy()
        layer = UnitLayer(affine, len(relu), neuron, unit, orientation, len(outputs))
        return layer, MatrixFold(folded, denominator)


def _integer_rows(rows: list[list[Fraction]], columns: int) -> tuple[fmpz_mat, fmpz]:
    denominator = fmpz(1)
    for value in {v.denominator for row in rows for v in row}:
        denominator = denominator.lcm(value)
    d = int(denominator)
    flat = [v.numerator * (d // v.denominator) for row in rows for v in row]
    return fmpz_mat(len(rows), columns, flat), denominator


def _from_rows(rows: list[list[Fraction]], columns: int) -> AffineMap:
    return AffineMap.from_integers(*_integer_rows(rows, columns))


def _exponent(value: Fraction) -> int:
    """Return an e with 2**(e-2) <= value < 2**e, for value > 0."""
    return value.numerator.bit_length() - value.denominator.bit_length() + 1


def _sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)
