"""The outputs of the neurons of a layer in terms of the outputs of its units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from flint import fmpz, fmpz_mat

from symnet.exact.affine import AffineMap
from symnet.exact.arrays import Bools, Floats, Ints


class Fold:
    """The outputs of the neurons of a layer as affine functions of the outputs of its units."""

    neurons: int

    def into(self, affine: AffineMap) -> AffineMap:
        """Return `affine` as a function of the units."""
        raise NotImplementedError


@dataclass
class Identity(Fold):
    neurons: int

    def into(self, affine: AffineMap) -> AffineMap:
        return affine


@dataclass
class PowersOfTwo(Fold):
    """Neuron i is 2**exponent[i] times unit i."""

    exponent: Ints

    def __post_init__(self) -> None:
        self.neurons = int(self.exponent.shape[0])

    def into(self, affine: AffineMap) -> AffineMap:
        if affine.is_float:
            with np.errstate(over="ignore", under="ignore"):
                scaled = np.ldexp(affine.weight, self.exponent)
            if is_normal(scaled, affine.weight != 0):
                return AffineMap.from_floats(scaled, affine.bias)
        return self._general().into(affine)

    def _general(self) -> MatrixFold:
        k = self.exponent.tolist()
        low = min([0, *k])
        n = self.neurons
        rows = [[(1 << (k[i] - low)) * (i == j) for j in range(n + 1)] for i in range(n)]
        rows.append([0] * n + [1 << -low])
        return MatrixFold(fmpz_mat(rows), fmpz(1) << -low)


@dataclass
class MatrixFold(Fold):
    """[neurons; 1] = matrix / denominator [units; 1]."""

    matrix: fmpz_mat
    denominator: fmpz

    def __post_init__(self) -> None:
        self.neurons = self.matrix.nrows() - 1

    def into(self, affine: AffineMap) -> AffineMap:
        numerators, denominator = affine.integers()
        return AffineMap.from_integers(numerators * self.matrix, denominator * self.denominator)


def is_normal(entries: Floats, nonzero: Bools) -> bool:
    """Whether the nonzero entries are far from overflow and underflow."""
    size = np.abs(entries[nonzero])
    return bool((size > 2.0**-1000).all() and (size < 2.0**1000).all())
