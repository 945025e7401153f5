"""Fewer neurons for the same values on a domain, layer by layer.

What a layer hands on to the next is written in *units*. A neuron that bends on the domain is a
unit, and others that are positive multiples of it share it: f(c u) = c f(u) for c > 0. A neuron
that has one value on the domain goes into the next bias. Neurons that are affine on the domain
stay units where they are no more than the rows of the next map; where they are more, each of these
rows gets the one sum that it needs, shifted to where f is affine too, relu(s + t) - t = s for
s + t >= 0. A layer without neurons that bend is multiplied into the next where that is smaller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from flint import fmpq, fmpz_mat

from ..exact.affine import AffineMap, as_fraction
from ..exact.rational_rows import as_fmpq
from ..regions.activation import RELU, PiecewiseLinear1D
from ..regions.layer_list import LayerList
from ._bounding import Boxes, bounds_of
from ._columns import Absorbed, proportional, rows_of
from ._facts import Facts

#: Why a neuron is no longer there.
OFF, CONSTANT, UNUSED, EQUAL, LINEAR = (
    "off on the domain",
    "constant",
    "not used",
    "a multiple of another",
    "affine on the domain",
)


@dataclass(frozen=True, eq=False)
class Layer:
    """What became of a hidden layer: ``forms`` are its pre-activations, in the units before.

    ``absorbed`` says how its outputs are made of units; ``linear`` are the neurons whose sums are
    handed on, ``shifts`` what the sums are shifted by. ``reasons`` are those of what is gone.
    ``stays`` is False where the layer has been multiplied into the next.
    """

    forms: AffineMap
    function: PiecewiseLinear1D
    absorbed: Absorbed
    linear: tuple[int, ...]
    shifts: tuple[fmpq, ...]
    units: AffineMap
    reasons: dict[int, str]
    stays: bool

    @property
    def width(self) -> int:
        """The number of units."""
        return self.units.shape[0] if self.stays else 0


@dataclass(frozen=True, eq=False)
class _Parts:
    """The neurons of a layer that are left: those that bend and those that do not, in groups."""

    forms: AffineMap
    function: PiecewiseLinear1D
    bending: list[list[tuple[int, fmpq]]]
    loose: list[list[tuple[int, fmpq]]]
    linear: list[int]
    constants: dict[int, fmpq]
    reasons: dict[int, str]


class Reducer:
    """Goes through the layers; what a neuron does on the domain is given."""

    def __init__(self, layers: LayerList, known: Facts) -> None:
        self.layers, self.known = layers, known
        self.needed = self._needed()
        self.box = None if known.box is None else Boxes.around(known.box)

    def run(self) -> tuple[list[Layer], AffineMap]:
        """What became of the hidden layers, and the last map."""
        affine = self.layers.maps[0]
        found: list[Layer] = []
        for k in range(len(self.layers.functions)):
            layer = self._layer(k, affine)
            found.append(layer)
            affine = self._after(k, layer)
        return found, affine

    # --- what nothing depends on

    def _needed(self) -> list[list[bool]]:
        """Which neurons reach an output, for every hidden layer."""
        found: list[list[bool]] = []
        rows = list(range(self.layers.outputs))
        for k in reversed(range(len(self.layers.functions))):
            columns = self.layers.maps[k + 1].nonzero[rows, :-1]
            used = [bool(on) for on in np.any(columns, axis=0)]
            found.append(used)
            rows = [i for i, on in enumerate(used) if on and not self._is_fixed(k, i)]
        return found[::-1]

    def _is_fixed(self, k: int, i: int) -> bool:
        """Whether a neuron has one value, on a piece of slope 0."""
        piece = self.known.pieces[k][i]
        return piece is not None and not self.layers.functions[k][i].pieces[piece][0]

    # --- one layer

    def _layer(self, k: int, forms: AffineMap) -> Layer:
        functions, pieces = self.layers.functions[k], self.known.pieces[k]
        reasons: dict[int, str] = {}
        constants: dict[int, fmpq] = {}
        alive: list[int] = []
        for i, f in enumerate(functions):
            if not self.needed[k][i]:
                reasons[i] = UNUSED
            elif self._is_fixed(k, i):
                constants[i] = as_fmpq(f.pieces[pieces[i] or 0][1])
                reasons[i] = OFF if len(f.pieces) > 1 else CONSTANT
            elif not forms.nonzero[i, :-1].any():
                constants[i] = as_fmpq(f(_bias(forms, i)))
                reasons[i] = CONSTANT
            else:
                alive.append(i)
        function = self._function(k, alive)
        own = [i for i in alive if functions[i] == function]
        groups = self._groups(forms, function, own)
        reasons |= {i: EQUAL for group in groups for i, _ in group[1:]}
        loose = [g for g in groups if pieces[g[0][0]] is not None]
        linear = [i for g in loose for i, _ in g] + [i for i in alive if functions[i] != function]
        bending = [g for g in groups if pieces[g[0][0]] is None]
        made = _Parts(forms, function, bending, loose, sorted(linear), constants, reasons)
        return self._handed_on(k, made)

    def _function(self, k: int, alive: Sequence[int]) -> PiecewiseLinear1D:
        """The one function of the neurons that bend; of those that could, where none does."""
        functions = self.layers.functions[k]
        kinds = {functions[i] for i in alive if self.known.pieces[k][i] is None}
        if len(kinds) > 1:
            raise MixedError
        some = {f for f in functions if f.breakpoints}
        return next(iter(kinds)) if kinds else (some.pop() if len(some) == 1 else RELU)

    def _groups(
        self, forms: AffineMap, f: PiecewiseLinear1D, own: list[int]
    ) -> list[list[tuple[int, fmpq]]]:
        """Neurons that are multiples of each other; equal ones where f is not homogeneous."""
        groups = proportional(forms, own)
        if f.breakpoints in ((), (0,)) and all(not offset for _, offset in f.pieces):
            return groups
        split: list[list[tuple[int, fmpq]]] = []
        for group in groups:
            by_factor: dict[fmpq, list[tuple[int, fmpq]]] = {}
            for i, c in group:
                by_factor.setdefault(c, []).append((i, fmpq(1)))
            split += by_factor.values()
        return sorted(split, key=lambda g: g[0][0])

    def _handed_on(self, k: int, parts: _Parts) -> Layer:
        """The layer with its affine neurons as they are, as sums, or multiplied into the next."""
        forms, f, linear = parts.forms, parts.function, tuple(parts.linear)
        foreign = [i for i in linear if self.layers.functions[k][i] != f]
        rows = self._live_rows(k, linear)
        n = forms.shape[1]
        now = max(len(parts.loose) + len(foreign), 1)
        if not parts.bending and len(rows) * n <= now * (n + len(rows)):
            reasons = parts.reasons | dict.fromkeys(linear, LINEAR)
            empty = AffineMap.from_floats(np.zeros((0, n)), np.zeros(0))
            absorbed = Absorbed((), parts.constants)
            return Layer(forms, f, absorbed, linear, (), empty, reasons, False)
        sums = self._sums(k, forms, f, linear, rows)
        if sums is not None and (foreign or len(rows) < len(parts.loose)):
            units, shifts = sums
            slope, offset = map(as_fmpq, f.pieces[-1])
            added = tuple(-t - offset / slope for t in shifts)
            members = tuple(map(tuple, parts.bending))
            absorbed = Absorbed(members, parts.constants, tuple(rows), 1 / slope, added)
            units = _stacked(rows_of(forms, [g[0][0] for g in parts.bending]), units)
            reasons = parts.reasons | dict.fromkeys(linear, LINEAR)
            return Layer(forms, f, absorbed, linear, shifts, units, reasons, True)
        if foreign:
            raise MixedError
        groups = sorted(parts.bending + parts.loose, key=lambda g: g[0][0])
        absorbed = Absorbed(tuple(map(tuple, groups)), parts.constants)
        units = rows_of(forms, [g[0][0] for g in groups])
        return Layer(forms, f, absorbed, (), (), units, parts.reasons, True)

    def _live_rows(self, k: int, linear: Sequence[int]) -> list[int]:
        """The rows of the next map that need something of these neurons."""
        after = self.layers.maps[k + 1].nonzero[:, list(linear)].any(axis=1)
        if k + 1 < len(self.layers.functions):
            live = [on and not self._is_fixed(k + 1, i) for i, on in enumerate(self.needed[k + 1])]
            after = after & np.array(live, dtype=np.bool_)
        return [int(r) for r in np.flatnonzero(after)]

    def _sums(
        self,
        k: int,
        forms: AffineMap,
        function: PiecewiseLinear1D,
        linear: Sequence[int],
        rows: Sequence[int],
    ) -> tuple[AffineMap, tuple[fmpq, ...]] | None:
        """What rows of the next map make of the affine neurons, shifted to the last piece of f."""
        if function.pieces[-1][0] <= 0 or not linear:
            return None
        if self.box is None or self.known.relaxations is None:
            return None
        weight = self._weighted(k, linear, rows)
        here = self.known.net.layers.maps[k]
        low, _ = bounds_of(
            self.known.net, weight.after(rows_of(here, linear)), self.box,
            self.known.relaxations[:k],
        )  # fmt: skip
        if not np.isfinite(low).all():
            return None
        start = as_fmpq(function.breakpoints[-1]) if function.breakpoints else fmpq(0)
        shifts = tuple(max(fmpq(0), start - as_fmpq(v)) for v in low[0].tolist())
        units = weight.after(rows_of(forms, linear))
        return _shifted(units, shifts), shifts

    def _weighted(self, k: int, linear: Sequence[int], rows: Sequence[int]) -> AffineMap:
        """z -> sum_i V_ri f(z_i) for neurons that are on one piece of f each."""
        matrix, denominator = self.layers.maps[k + 1].integers()
        table = matrix.tolist()
        lines = [self.layers.functions[k][i].pieces[self.known.pieces[k][i] or 0] for i in linear]
        weight, bias = [], []
        for r in rows:
            entries = [Fraction(int(table[r][i]), int(denominator)) for i in linear]
            weight.append([v * s for v, (s, _) in zip(entries, lines, strict=True)])
            bias.append(sum((v * o for v, (_, o) in zip(entries, lines, strict=True)), Fraction(0)))
        if not rows:
            return AffineMap.from_floats(np.zeros((0, len(linear))), np.zeros(0))
        return AffineMap.from_rationals(weight, bias)

    def _after(self, k: int, layer: Layer) -> AffineMap:
        """The next map, as one of the units of this layer."""
        after = self.layers.maps[k + 1]
        if layer.stays:
            return layer.absorbed.into(after)
        rows = list(range(after.shape[0]))
        direct = self._weighted(k, layer.linear, rows).after(rows_of(layer.forms, layer.linear))
        constant = Absorbed((), layer.absorbed.constants).into(after)
        return _with_bias(direct, constant)


class MixedError(Exception):
    """A layer with neurons of several functions, which is not one layer of a network."""


def _bias(forms: AffineMap, i: int) -> Fraction:
    matrix, denominator = forms.integers()
    return Fraction(int(matrix[i, forms.shape[1]]), int(denominator))


def _shifted(affine: AffineMap, shifts: Sequence[fmpq]) -> AffineMap:
    """W x + b + t."""
    if not any(shifts):
        return affine
    weight, bias = affine.fractions()
    moved = [b + as_fraction(t) for b, t in zip(bias, shifts, strict=True)]
    return AffineMap.from_rationals(weight, moved)


def _with_bias(affine: AffineMap, constant: AffineMap) -> AffineMap:
    """W x + b + c, c the bias of a map without inputs."""
    _, bias = constant.fractions()
    return _shifted(affine, [as_fmpq(v) for v in bias])


def _stacked(upper: AffineMap, lower: AffineMap) -> AffineMap:
    """The rows of one map, then those of another."""
    if not upper.shape[0]:
        return lower
    a, p = upper.integers()
    b, q = lower.integers()
    common = p.lcm(q)
    rows = (a * (common // p)).tolist() + (b * (common // q)).tolist()
    return AffineMap.from_integers(fmpz_mat(rows), common)
