"""Hidden layers as the region engine reads them: forms, their signs, and the activation between.

A layer is z = W h + b followed by continuous piecewise-linear functions.  A breakpoint t of neuron
r is a virtual neuron: the form z_r - t, whose sign says on which side of t the neuron is.  Forms
that are proportional are one column.  Every column is scaled by a power of two so that its largest
coefficient is near 1; the factor goes into the next layer, so that networks with weights from
1e-300 to 1e150 neither overflow nor underflow.  The scaled floats only feed the filter; the exact
integers, built when first needed, are those of the network as it was given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import lcm, ldexp
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat, fmpz_mat
from numpy.typing import NDArray

from symnet.exact.rational_rows import as_fmpq, as_fmpq_rows, clear_denominators
from symnet.regions.activation import RELU, PiecewiseLinear1D

__all__ = ["Layer", "PreparedLayer"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Layer:
    """z = W h + b, W (out, in), and the activation of every neuron (one for all, or a sequence).

    W and b are float arrays, which are taken as the dyadic numbers that they are, or nested
    sequences of any exact numbers.
    """

    W: Any
    b: Any
    activation: PiecewiseLinear1D | Sequence[PiecewiseLinear1D] = RELU

    @property
    def activations(self) -> list[PiecewiseLinear1D]:
        """The activation of every neuron."""
        given = self.activation
        if isinstance(given, PiecewiseLinear1D):
            return [given] * len(self.b)
        return list(given)


def split_float(value: fmpq) -> tuple[float, int]:
    """The nearest float m to value / 2^e, 1/2 <= |m| <= 2, and the exponent e."""
    p, q = int(value.p), int(value.q)
    e = p.bit_length() - q.bit_length()
    return (p / (q << e) if e >= 0 else (p << -e) / q), e


def as_float(value: fmpq, exponent: int) -> float:
    """The float nearest to value * 2^exponent, up to a relative error of 2^-53 or an underflow."""
    m, e = split_float(value)
    e += exponent
    return ldexp(m, e) if -1000 < e < 1000 else float(np.ldexp(m, max(min(e, 5000), -5000)))


def _normal_float(value: fmpq, exponent: int) -> float:
    """The nearest float, or NaN, which sends all that depends on it to exact arithmetic."""
    result = as_float(value, exponent)
    return result if value == 0 or 2.0**-900 < abs(result) < 2.0**900 else float("nan")


class Matrix:
    """A matrix of exact numbers, with mantissas and exponents for floats and integers on demand."""

    def __init__(self, entries: Any, shape: tuple[int, ...]) -> None:
        # Left to itself, NumPy would round large integers that stand beside floats.
        array = entries if isinstance(entries, np.ndarray) else np.array(entries, dtype=object)
        if 0 in shape:
            array = np.zeros(shape)
        if array.shape != shape:
            raise ValueError(f"an array of shape {shape} was expected, found {array.shape}")
        if array.dtype.kind == "f" and array.dtype.itemsize <= 8:
            self._floats: Floats | None = array.astype(np.float64)
            if not np.isfinite(self._floats).all():
                raise ValueError("weights must be finite; found an infinity or NaN")
            self.mantissa, exponent = np.frexp(self._floats)
            self.exponent = exponent.astype(np.int64)
        else:
            self._floats = None
            flat = [split_float(as_fmpq(v)) for v in array.ravel()]
            self.mantissa = np.array([m for m, _ in flat], dtype=np.float64).reshape(shape)
            self.exponent = np.array([e for _, e in flat], dtype=np.int64).reshape(shape)
        self._array = array

    def entry(self, *index: int) -> fmpq:
        """One entry, exactly."""
        return as_fmpq(self._array[index])

    @cached_property
    def rationals(self) -> list[fmpq]:
        """All entries in row-major order."""
        return [as_fmpq(v) for v in self._array.ravel().tolist()]

    @cached_property
    def exact(self) -> fmpq_mat:
        """The matrix, or the vector as a column."""
        return fmpq_mat(len(self._array), self._array.size // len(self._array), self.rationals)


class PreparedLayer:
    """A layer with its columns (distinct forms), their floats for the filter and exact integers."""

    def __init__(self, layer: Layer, n_in: int, input_scale: Integers) -> None:
        self.n_in, self.n_out = n_in, len(layer.b)
        self.W = Matrix(layer.W, (self.n_out, n_in))
        self.b = Matrix(layer.b, (self.n_out,))
        self.activations = layer.activations
        if len(self.activations) != self.n_out:
            raise ValueError(
                f"{self.n_out} neurons need as many activations, found {len(self.activations)}"
            )
        self.virtual = [
            (r, as_fmpq(t)) for r, act in enumerate(self.activations) for t in act.breakpoints
        ]
        straight = [(r, fmpq(0)) for r, act in enumerate(self.activations) if not act.breakpoints]
        self._scale_rows([*self.virtual, *straight], input_scale)
        self._merge_proportional_forms([*self.virtual, *straight])
        self._prepare_activation()

    def _scale_rows(self, rows: list[tuple[int, fmpq]], input_scale: Integers) -> None:
        """Floats for every form, one row each, scaled by 2^-row_scale."""
        neuron = np.array([r for r, _ in rows], dtype=np.int64)
        mantissa = np.column_stack([self.W.mantissa[neuron], self.b.mantissa[neuron]])
        exponent = np.column_stack([self.W.exponent[neuron] + input_scale, self.b.exponent[neuron]])
        for i, (r, t) in enumerate(rows):
            if t != 0:
                mantissa[i, -1], exponent[i, -1] = split_float(self.b.entry(r) - t)
        exponent = np.where(mantissa != 0, exponent, -(2**40))
        scale = exponent.max(axis=1, initial=-(2**40))
        self.row_scale = np.where(scale == -(2**40), 0, scale)
        shift = np.clip(exponent - self.row_scale[:, None], -5000, 5000).astype(np.int32)
        self._row_floats = np.ldexp(mantissa, shift)
        # Not of the floats: a coefficient that underflows beside larger ones is not zero.
        self._row_support = mantissa != 0

    def _merge_proportional_forms(self, rows: list[tuple[int, fmpq]]) -> None:
        """Choose the columns; row i is ratio[i] times the form of column self.column[i]."""
        n_virtual = len(self.virtual)
        forms = self._row_floats[:n_virtual]
        norms = np.sqrt((forms**2).sum(axis=1, keepdims=True))
        unit = forms / np.where(norms > 0, norms, 1.0)
        alike = np.triu(np.abs(unit @ unit.T) > 1 - 1e-9, 1)
        representative = list(range(len(rows)))
        self.ratio: list[fmpq] = [fmpq(1)] * len(rows)
        for i, j in np.argwhere(alike).tolist():
            if representative[i] == i and representative[j] == j:
                factor = self._proportion(rows[i], rows[j])
                if factor is not None:
                    representative[j], self.ratio[j] = i, factor
        chosen = sorted(set(representative))
        place = {row: k for k, row in enumerate(chosen)}
        self.column = np.array([place[i] for i in representative], dtype=np.int64)
        self.hyperplanes = sum(i < n_virtual for i in chosen)
        self.columns = len(chosen)
        self.form = [rows[i] for i in chosen]
        self.scale: Integers = self.row_scale[chosen]
        floats = self._row_floats[chosen]
        self.weights_t = np.ascontiguousarray(floats[:, :-1].T)
        self.absolute_weights_t = np.abs(self.weights_t) * 1.0001
        self.bias = floats[:, -1].copy()
        self.support = self._row_support[chosen, :-1]
        self.has_bias = self._row_support[chosen, -1]
        self.virtual_sign = np.array(
            [1 if f > 0 else -1 for f in self.ratio[:n_virtual]], dtype=np.int8
        )

    def form_row(self, form: tuple[int, fmpq]) -> list[fmpq]:
        """The coefficients of the form z_r - t on (h, 1)."""
        r, t = form
        return [*(self.W.entry(r, i) for i in range(self.n_in)), self.b.entry(r) - t]

    def _proportion(self, first: tuple[int, fmpq], second: tuple[int, fmpq]) -> fmpq | None:
        """The factor of the second form over the first, if they are proportional."""
        a, b = self.form_row(first), self.form_row(second)
        k = next(i for i, v in enumerate(a) if v)
        factor = b[k] / a[k]
        return (
            factor if factor and all(y == factor * x for x, y in zip(a, b, strict=True)) else None
        )

    def _prepare_activation(self) -> None:
        """Floats of h_r = slope z_r + offset in terms of the column of neuron r, piece by piece."""
        first: dict[int, int] = {}
        for i, (r, _) in enumerate(self.virtual):
            first.setdefault(r, i)
        n_virtual, straight = len(self.virtual), 0
        for r in range(self.n_out):
            if r not in first:
                first[r] = n_virtual + straight
                straight += 1
        rows = [first[r] for r in range(self.n_out)]
        self.source = self.column[rows]
        self.output_scale: Integers = self.row_scale[rows]
        self.is_plain = (
            all(act == RELU for act in self.activations)
            and self.columns == self.hyperplanes == self.n_out
        )
        pieces = max((len(act.slopes) for act in self.activations), default=1)
        self.piece_slope = np.zeros((self.n_out, pieces))
        self.piece_offset = np.zeros((self.n_out, pieces))
        if self.is_plain:
            return
        for r, (i, act) in enumerate(zip(rows, self.activations, strict=True)):
            t = self.virtual[i][1] if i < n_virtual else fmpq(0)
            up = int(self.scale[self.column[i]]) - int(self.output_scale[r])
            for s, (slope, offset) in enumerate(as_fmpq_rows(act.pieces)):
                down = -int(self.output_scale[r])
                self.piece_slope[r, s] = _normal_float(slope * self.ratio[i], up)
                self.piece_offset[r, s] = _normal_float(slope * t + offset, down)

    @cached_property
    def exact(self) -> fmpz_mat:
        """D (W b; 0 1) in integers, D the least common denominator."""
        n = self.n_in
        numbers, D = clear_denominators([*self.W.rationals, *self.b.rationals])
        cut = self.n_out * n
        rows = [[*numbers[r * n : (r + 1) * n], numbers[cut + r]] for r in range(self.n_out)]
        return fmpz_mat([*rows, [0] * n + [D]])

    @cached_property
    def exact_pieces(self) -> tuple[int, list[list[tuple[int, int]]]]:
        """A common denominator Q of slopes and offsets, and the integers Q slope, Q offset."""
        values = {v for act in self.activations for piece in act.pieces for v in piece}
        Q = lcm(*(v.denominator for v in values))
        return Q, [[(int(s * Q), int(o * Q)) for s, o in act.pieces] for act in self.activations]
