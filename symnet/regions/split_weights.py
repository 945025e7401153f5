r"""Values of the first of many layers, with one rounding in place of one for every input.

The error of early layers is what grows through all the later ones. So here the inputs h of fan-in n
and the weights W are split, h = h' + h'' and W = W' + W'', where h' and W' are integers of at most
k bits times a power of two, one for each point and one for all weights, and n 2^(2k) <= 2^53. Then
h' W' is exact in float64, whatever the order of summation, and in

    z = (h' W' + b) + (h'' W + h' W'')

the second part is so small that its rounding hardly matters: with errors |h - h*| <= e,

    |z_j - z_j*| <= sum_k |W_jk| e_k + 2.1 u |z_j| + 1.1 (g + 3 u) r,
    r = n (max |h''| max |W| + max |h| max |W''|)  at the point.

Splitting a product so is due to Ozaki, Ogita, Oishi and Rump, Error-free transformations of matrix
multiplication by using fast routines of matrix multiplication and its applications, 2012.
"""

from __future__ import annotations

import numpy as np

from symnet.exact.arrays import Floats
from symnet.exact.rounding import unit_roundoff


class SplitWeights:
    """The weights of a layer in two parts."""

    def __init__(self, weight_t: Floats) -> None:
        n = max(1, weight_t.shape[0])
        self.bits = (53 - (n - 1).bit_length()) // 2
        self.largest = float(np.abs(weight_t).max(initial=0.0))
        unit = np.ldexp(1.0, int(np.frexp(self.largest)[1]) - self.bits)
        self.all = weight_t
        self.high = np.rint(weight_t / unit) * unit
        self.low = weight_t - self.high
        self.rest = float(np.abs(self.low).max(initial=0.0))
        self.count = n

    def values(
        self, h: Floats, bias: Floats, error: Floats, size_t: Floats, growth: float
    ) -> tuple[Floats, Floats]:
        """Return z and the bounds of its errors, by entries and in the precision of `error`."""
        u = unit_roundoff()
        largest = np.maximum(h.max(axis=1), -h.min(axis=1))[:, None]
        unit = np.ldexp(1.0, np.frexp(largest)[1] - self.bits)
        high = np.rint(h / unit)
        high *= unit
        low = (h - high) @ self.all
        low += high @ self.low
        z = high @ self.high
        z += bias
        z += low
        rest = self.count * (unit * self.largest + largest * self.rest)
        bound = error @ size_t
        bound += (1.1 * (growth + 3 * u) * rest + 2.0**-100).astype(error.dtype)
        size = np.abs(z).astype(error.dtype)
        size *= np.float32(2.2 * u)
        bound += size
        return z, bound
