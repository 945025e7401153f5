"""The outputs of the neurons of a layer in terms of the outputs of its units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from flint import fmpz, fmpz_mat

from symnet.exact.affine import AffineMap
from symnet.exact.arrays import Ints


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
    """Neuron i = ``order[k]`` is 2**exponent[i] times unit k; without an order i = k."""

    exponent: Ints
    order: Ints | None = None

    def __post_init__(self) -> None:
        self.neurons = int(self.exponent.shape[0])

    def into(self, affine: AffineMap) -> AffineMap:
        rows = affine.shape[0]
        scaled = affine.scaled(np.zeros(rows, dtype=np.int64), self.exponent)
        return scaled if self.order is None else scaled.reordered(np.arange(rows), self.order)


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
