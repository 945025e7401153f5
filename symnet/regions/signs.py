r"""Values of a layer's units at many points with error bounds, and their signs as packed words.

Let h approximate h* and let z be the float64 value of W h + b with fan-in n; let g = 1.01 (n + 4)
u. By the standard bound for inner products (Higham 2002, section 3.1; in any order of summation, so
with any BLAS), with entries |h_k - h_k*| <= e_k,

    |z_j - z_j*|   <= sum_k |W_jk| (e_k + g |h_k|) + g |b_j|,                       (entries)

and with |h - h*|_2 <= a, by the Cauchy-Schwarz inequality,

    |z_j - z_j*|   <= |W_j|_2 (a + g |h|_2) + g |b_j|              for every unit j,
    |z - z*|_2     <= |W|_2 a + g (|W|_F |h|_2 + |b|_2).                             (norm)

relu is 1-Lipschitz, so both hold for the outputs too. Two more roundings go into g where the
entries of W are the floats nearest to rationals. The norm costs no pass over the values, and serves
as long as it is small. On short edges it grows faster than the entries' bounds: the error of a
vertex's place does to each value what the value's own slope makes of it, and the norm forgets
which. So `FilteredLayer` changes over to entries when the norm is no longer small. Bounds have
shape (points, 1) for norms, and (points, units) and single precision for entries.

A unit whose bias is zero and whose inputs with nonzero weight are all certified off is exactly
zero; this is recognised from sign words, so that networks without biases do not flood the exact
side.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from symnet.exact.arrays import Bools, Floats, Ints, Words
from symnet.exact.rounding import unit_roundoff
from symnet.regions.split_weights import SplitWeights
from symnet.regions.units import UnitLayer
from symnet.regions.vertices import ExactEvaluator
from symnet.regions.words import full_words, pack, unpack

# Squares below 2**-1000 may underflow; what that hides of a norm is less than this. In bounds by
# entries, in single precision, products below 2**-126 may.
_FLOOR = 2.0**-480
_ENTRY_FLOOR = 2.0**-100
_SMALL_WEIGHT = 2.0**-40
# What the roundings in the computation of the bounds themselves may take away, in double and in
# single precision.
_SLACK = 1 + 1e-9
_ENTRY_SLACK = 1 + 2.0**-10
# Above this mean norm, undecided signs would begin to cost more than bounds for entries.
_NORM_LIMIT = 2.0**-32
# Deeper networks need bounds by entries from the first layer on.
_NORM_DEPTH = 4
# So many layers of such networks are computed in split weights: their errors grow through the rest.
_SPLIT_LAYERS = 3


class FilteredLayer:
    """One layer of units in float64, prepared for evaluation at many points."""

    def __init__(self, layer: UnitLayer, index: int, depth: int, few_points: bool = False) -> None:
        affine = layer.affine
        extra = 0 if affine.is_float else 2
        by_entries = depth > _NORM_DEPTH
        self.index = index
        self.few_points = few_points
        self.affine = affine
        self.relu_count = layer.relu_count
        self.norm_limit = -1.0 if by_entries else _NORM_LIMIT * (2.0**4 if few_points else 1)
        self.growth = 1.01 * (affine.shape[1] + 4 + extra) * unit_roundoff()
        self.weight_t = np.ascontiguousarray(affine.weight.T)
        self.bias = affine.bias
        early = by_entries and index < min(_SPLIT_LAYERS, depth - _NORM_DEPTH)
        self.split = SplitWeights(self.weight_t) if early and affine.is_float else None

    @cached_property
    def _sizes(self) -> tuple[float, float, float, float, float]:
        """The longest row, the Frobenius and the spectral norm; the largest bias and their norm."""
        weight, bias = self.affine.weight, np.abs(self.bias)
        rows = norms(weight)
        frobenius = float(np.sqrt(np.square(rows).sum())) * _SLACK
        return (
            float(rows.max(initial=0.0)) * _SLACK,
            frobenius,
            frobenius if self.few_points else spectral_bound(weight),  # which costs n^3
            float(bias.max(initial=0.0)) * _SLACK,
            float(np.sqrt(np.square(bias).sum())) * _SLACK,
        )

    @cached_property
    def _entry_sizes(self) -> tuple[Floats, Floats]:
        """The sizes of the weights, and the errors that biases make, in single precision."""
        size = np.abs(self.weight_t)
        size[(size > 0) & (size < _SMALL_WEIGHT)] = _SMALL_WEIGHT  # no denormal products
        bias_error = self.growth * np.abs(self.bias) * _ENTRY_SLACK + _ENTRY_FLOOR
        return (size * _ENTRY_SLACK).astype(np.float32), bias_error.astype(np.float32)

    def values(self, h: Floats, error: Floats) -> tuple[Floats, Floats, Floats]:
        """Return z of shape (points, units), bounds for single values, and bounds to carry on.

        ``error`` bounds the errors of h, in norm or by entries; so do the bounds that are carried
        on.
        """
        with np.errstate(all="ignore"):
            if error.shape[1] == 1 and not np.minimum(error, 1.0).mean() <= self.norm_limit:
                error = np.repeat((error * _ENTRY_SLACK).astype(np.float32), h.shape[1], axis=1)
            if error.shape[1] > 1 and self.split is not None:
                z, single = self.split.values(
                    h, self.bias, error, self._entry_sizes[0], self.growth
                )
                whole = single
            else:
                z = h @ self.weight_t
                z += self.bias
                norm = error.shape[1] == 1
                single, whole = self._norm(h, error) if norm else self._entries(h, error)
                if norm and not np.isfinite(z.sum()):
                    bad = ~np.isfinite(z).all(axis=1)
                    single[bad] = whole[bad] = np.inf
        return z, single, whole

    def _norm(self, h: Floats, error: Floats) -> tuple[Floats, Floats]:
        g = self.growth
        size = norms(h)
        longest, frobenius, spectral, largest_bias, bias_norm = self._sizes
        single = longest * (error + g * size) + (g * largest_bias + _FLOOR)
        whole = spectral * error + g * (frobenius * size + bias_norm) + _FLOOR
        return single * _SLACK, whole * _SLACK

    def _entries(self, h: Floats, error: Floats) -> tuple[Floats, Floats]:
        # where a value overflows its bound does, in single precision, or is no number
        source = h.astype(error.dtype)
        np.abs(source, out=source)
        source *= np.float32(self.growth * _ENTRY_SLACK)
        source += error
        sizes, bias_error = self._entry_sizes
        bound = source @ sizes
        bound += bias_error
        return bound, bound

    def signs(
        self, z: Floats, error: Floats, vertex: Ints, active: Words, evaluator: ExactEvaluator
    ) -> tuple[Words, Words]:
        """Return the words of the positive and of the negative relu units at each point.

        Where the filter cannot decide, the exact sign is taken, and z is set to zero where its sign
        was wrong. ``active`` are the words of the inputs that are not exactly zero.
        """
        u = z[:, : self.relu_count]
        bound = error[:, : self.relu_count]
        with np.errstate(all="ignore"):
            # rounding to single precision is monotone: it may hide that |u| > bound, no more
            size = np.abs(u.astype(bound.dtype))
            decided = size > bound
        positive = u > 0
        if decided.all():
            words = pack(positive)
            return words, words ^ full_words(self.relu_count)
        positive &= decided
        negative = decided & ~positive
        row, unit = np.nonzero(~decided)
        u[row, unit] = np.where(np.isnan(u[row, unit]), 0.0, u[row, unit])
        dead = self._exactly_zero(active, row, unit)
        u[row[dead], unit[dead]] = 0.0
        row, unit = row[~dead], unit[~dead]
        starts = np.flatnonzero(np.append(True, row[1:] != row[:-1])) if row.size else row
        for units in np.split(np.arange(row.size), starts[1:]):
            if units.size:
                self._decide(
                    u, positive, negative, int(row[units[0]]), unit[units], vertex, evaluator
                )
        return pack(positive), pack(negative)

    def _decide(
        self,
        u: Floats,
        positive: Bools,
        negative: Bools,
        r: int,
        units: Ints,
        vertex: Ints,
        evaluator: ExactEvaluator,
    ) -> None:
        """Set the signs of some units at point r from their exact values."""
        chosen = units.tolist()
        for j, sign in zip(
            chosen, evaluator.signs(int(vertex[r]), self.index, chosen), strict=True
        ):
            positive[r, j], negative[r, j] = sign > 0, sign < 0
            if sign * u[r, j] <= 0:
                u[r, j] = 0.0

    def _exactly_zero(self, active: Words, row: Ints, unit: Ints) -> Bools:
        """Return for which (row, unit) every term of W h + b is exactly zero."""
        nonzero = self.affine.nonzero
        n = nonzero.shape[1] - 1
        dead = ~nonzero[unit, n]
        some = np.flatnonzero(dead)
        inputs = unpack(active.take(row[some], axis=0), n)
        dead[some] = ~(inputs & nonzero[unit[some], :n]).any(axis=1)
        return dead


def norms(rows: Floats) -> Floats:
    """Return the rows' Euclidean norms as a column, plus _FLOOR for what underflow hides."""
    with np.errstate(all="ignore"):
        result: Floats = np.sqrt(np.einsum("ij,ij->i", rows, rows))
        result += _FLOOR
    return result[:, None]


def spectral_bound(weight: Floats) -> float:
    """Return an upper bound of |W|_2: the 8th root of |(W^T W)^4|_F, at most n^(1/16) |W|_2.

    >>> 1 <= spectral_bound(np.eye(64)) < 1.31
    True
    """
    small = weight if weight.shape[0] >= weight.shape[1] else weight.T
    with np.errstate(all="ignore"):
        gram = small.T @ small
        gram = gram @ gram
        gram = gram @ gram
        bound = float(np.sqrt(np.square(gram).sum())) ** 0.125
    # entries are at most 1 in size, and rounding is far below one part in a million
    return bound * (1 + 1e-6) + _FLOOR


def interpolate(
    zp: Floats, zq: Floats, ep: Floats, eq: Floats, t: Floats, dt: Floats
) -> tuple[Floats, Floats]:
    """Return z_p + t (z_q - z_p) and its error bound, for single values at the ends of segments.

    The bound is (1 - t + dt) E_p + (t + dt) E_q + |z_q - z_p| (dt + 2.1 u t) + 1.1 u |z|: at the
    exact place t* the errors at the ends enter with 1 - t* and t*.
    """
    u = unit_roundoff()
    with np.errstate(all="ignore"):
        step = zq - zp
        z = zp + step * t
        error = ep * (1 - t + dt) + eq * (t + dt)
        error += np.abs(step) * (dt + 2.1 * u * t) + 1.1 * u * np.abs(z)
        error = error * _SLACK + 2.0**-1000
        error[~np.isfinite(z)] = np.inf
    return z, error


def interpolate_rows(zp: Floats, zq: Floats, ep: Floats, eq: Floats, t: Floats, dt: Floats) -> None:
    """Replace rows z_q by z_p + t (z_q - z_p), and their bounds e_q, in norm or by entries as
    given.

    As in `interpolate`; the rows z_p and e_p are overwritten.
    """
    u = unit_roundoff()
    t, dt = t[:, None], dt[:, None]
    with np.errstate(all="ignore"):
        move = dt + 2.1 * u * t
        zq -= zp
        ep *= (1 - t + dt).astype(ep.dtype)
        eq *= (t + dt).astype(eq.dtype)
        eq += ep
        if eq.shape[1] == 1:
            eq += norms(zq) * move
        else:
            part = np.abs(zq, out=ep, casting="same_kind")
            part *= move.astype(np.float32)
            eq += part
        zq *= t
        zq += zp
        if eq.shape[1] == 1:
            eq += 1.1 * u * norms(zq)
            eq *= _SLACK
            eq += _FLOOR
        else:
            part = np.abs(zq, out=ep, casting="same_kind")
            part *= np.float32(1.2 * u)
            eq += part
            eq *= np.float32(_ENTRY_SLACK)
            eq += np.float32(_ENTRY_FLOOR)
        if eq.shape[1] == 1 and not np.isfinite(zq.sum()):
            eq[~np.isfinite(zq).all(axis=1)] = np.inf


def activate(z: Floats, error: Floats, positive: Words, old: int) -> None:
    """Replace the values z of relu units by their outputs; bounds by entries follow.

    `positive` are the words of the units that are positive. Signs are exact by now, so the output
    of any other unit is exactly zero. At the first `old` points the signs of z are right.
    """
    units = z.shape[1]
    with np.errstate(all="ignore"):
        np.maximum(z, 0.0, out=z)
        flags = unpack(positive[old:], units)
        z[old:] *= flags
        if error.shape[1] > 1:
            error[old:] *= flags
            error[:old] *= unpack(positive[:old], units)
