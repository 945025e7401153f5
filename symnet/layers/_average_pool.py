"""What means over windows have in common, along one axis and over a plane."""

from __future__ import annotations

from functools import reduce
from math import lcm

import numpy as np

from ..exact.sparse_matrix import SparseRationalMatrix
from ._pool import Pool
from ._structured import Structured


class AveragePool(Pool, Structured):
    """The mean of every window of every channel, a linear map."""

    onnx = "AveragePool"

    def _make(self) -> SparseRationalMatrix:
        places, windows = self._places(), self.windows
        rows, at = np.nonzero(places >= 0)
        inside = (places >= 0).sum(axis=1)
        padded = np.tile(windows.padded_points(), self.channels)
        divisors = (padded if bool(self.args[7]) else inside).tolist()
        common = reduce(lcm, set(divisors), 1)
        weights = np.array([common // d for d in divisors], dtype=object)
        shape = len(places), int(self.in_features)
        return SparseRationalMatrix.of_entries(shape, rows, places[rows, at], weights[rows], common)
