r"""Affine forms of all neurons on cells, from the claimed pieces, in float64 with error bounds.

This belongs to the certificate: it works on the network as it was given, with the bounds of
interval arithmetic in midpoint-radius form, and shares nothing with the construction.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from symnet.exact.affine import AffineMap, nearest_float
from symnet.exact.arrays import Floats, Ints, Signs
from symnet.exact.rounding import unit_roundoff
from symnet.regions.activation import PiecewiseLinear1D

# Underflow costs at most 2**-1074 per operation: added to every radius, this covers all of it.
_UNDERFLOW = 1e-290


class LayerForms:
    """One hidden layer: pre-activation forms from those of its inputs, and the outputs' forms."""

    def __init__(self, affine: AffineMap, activations: Sequence[PiecewiseLinear1D]) -> None:
        u = unit_roundoff()
        n = affine.shape[1]
        self.weight, self.bias = affine.weight, affine.bias
        self.factor = (n + 8) * 1.02 * u
        # a quotient of integers may underflow to zero: no entry of |W| in a radius does
        self.size = np.abs(self.weight) * (1 + 8 * (n + 8) * 2.0**-53) + 1e-300
        most = max((len(f.slopes) for f in activations), default=1)
        self.slope = np.zeros((len(activations), most))
        self.offset = np.zeros((len(activations), most))
        for i, f in enumerate(activations):
            for k, (slope, offset) in enumerate(f.pieces):
                self.slope[i, k] = nearest_float(slope.numerator, slope.denominator)
                self.offset[i, k] = nearest_float(offset.numerator, offset.denominator)
        # with slopes 0 and 1 and without offsets nothing is rounded
        every = {piece for f in activations for piece in f.pieces}
        self.is_plain = every <= {(0, 0), (1, 0)}
        counts = np.array([len(f.breakpoints) for f in activations], dtype=np.int64)
        self._bent = np.flatnonzero(counts)
        self._first = (np.cumsum(counts) - counts)[self._bent]

    def pieces(self, signs: Signs) -> Ints:
        """The piece of each neuron, (cells, neurons), from the signs of the layer's breakpoints."""
        result = np.zeros((signs.shape[0], self.slope.shape[0]), dtype=np.int64)
        if self._bent.size:
            above = (signs > 0).astype(np.int64)
            result[:, self._bent] = np.add.reduceat(above, self._first, axis=1)
        return result

    def preactivations(self, h: Floats, radius: Floats) -> tuple[Floats, Floats]:
        """Return forms (neurons, d + 1, cells) and radii, from those of the inputs."""
        n, k, cells = h.shape
        flat = h.reshape(n, k * cells)
        z = (self.weight @ flat).reshape(-1, k, cells)
        spread = radius.reshape(n, k * cells) + self.factor * np.abs(flat)
        r = (self.size @ spread).reshape(-1, k, cells)
        z[:, -1] += self.bias[:, None]
        r[:, -1] += self.factor * np.abs(self.bias)[:, None] + 2 * unit_roundoff() * np.abs(
            z[:, -1]
        )
        r += _UNDERFLOW
        return z, r

    def outputs(self, z: Floats, radius: Floats, piece: Ints) -> tuple[Floats, Floats]:
        """Return the outputs' forms; ``piece``, shape (cells, neurons), chooses the pieces."""
        rows = np.arange(z.shape[0])[:, None]
        slope = self.slope[rows, piece.T]
        if self.is_plain:
            return z * slope[:, None], radius * slope[:, None]
        offset = self.offset[rows, piece.T]
        u = unit_roundoff()
        h = z * slope[:, None]
        r = radius * np.abs(slope)[:, None] * (1 + 8 * 2.0**-53) + 4 * u * np.abs(h)
        h[:, -1] += offset
        r[:, -1] += 4 * u * (np.abs(offset) + np.abs(h[:, -1]))
        r += _UNDERFLOW
        return h, r


def input_forms(dimension: int, cells: int) -> tuple[Floats, Floats]:
    """Return the forms of the inputs themselves."""
    h = np.zeros((dimension, dimension + 1, cells))
    for i in range(dimension):
        h[i, i] = 1.0
    return h, np.zeros_like(h)


def difference(a: Floats, ra: Floats, b: Floats, rb: Floats) -> tuple[Floats, Floats]:
    """Return the difference of two balls."""
    c = a - b
    return c, (ra + rb) * (1 + 1e-15) + 2 * unit_roundoff() * np.abs(c)


def solution(form: Floats, radius: Floats) -> tuple[Floats, Floats]:
    r"""The points x (d, points) where d forms (d, d + 1, points) vanish, and bounds of the errors.

    With an approximate inverse B of the forms' matrix A, known up to R, and the residual r at the
    approximate solution, the error e satisfies |e| <= |B r| + |I - B A| |e| (Rump, Verification
    methods, 2010, section 10). The bound is infinite where that does not end.
    """
    d, u = form.shape[0], unit_roundoff()
    scale = np.abs(form).max(axis=1, keepdims=True)
    good = (np.isfinite(scale) & (scale > 0)).all(axis=(0, 1))
    _, exponent = np.frexp(np.where(good, scale, 1.0))
    rows = np.where(good, np.ldexp(form, -exponent), 0.0).transpose(2, 0, 1)
    room = np.where(good, np.ldexp(radius, -exponent), np.inf).transpose(2, 0, 1)
    A, c = rows[:, :, :d].copy(), rows[:, :, d:]
    good &= np.linalg.slogdet(A)[0] != 0
    A[~good] = np.eye(d)
    B = np.linalg.inv(A)
    x = -(B @ c)
    x -= B @ (A @ x + c)
    size, length = np.abs(B), np.abs(x)
    residual = np.abs(A @ x + c) + room[:, :, d:] + room[:, :, :d] @ length
    residual += (d + 4) * u * (np.abs(A) @ length + np.abs(c))
    first = (size @ residual)[:, :, 0]
    error = np.abs(np.eye(d) - B @ A) + size @ (room[:, :, :d] + (d + 4) * u * np.abs(A))
    norm = error.sum(axis=2).max(axis=1)
    bound = (first + (norm / (1 - norm) * first.max(axis=1))[:, None]) * (1 + 1e-9) + _UNDERFLOW
    good &= (norm < 0.5) & np.isfinite(bound).all(axis=1)
    return x[:, :, 0].T, np.where(good[:, None], bound, np.inf).T


def at_points(form: Floats, radius: Floats, point: Floats, spread: Floats) -> tuple[Floats, Floats]:
    """Evaluate forms (rows, d + 1, points) at points (d, points) with radii."""
    value, error = form[:, -1].copy(), radius[:, -1].copy()
    magnitude = np.abs(value)
    for k in range(point.shape[0]):
        term = form[:, k] * point[k]
        value += term
        magnitude += np.abs(term)
        error += np.abs(form[:, k]) * spread[k] + radius[:, k] * (np.abs(point[k]) + spread[k])
    rounding = (16 + point.shape[0]) * unit_roundoff() * magnitude
    return value, error * (1 + 1e-14) + rounding + _UNDERFLOW
