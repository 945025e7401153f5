"""Entries in another order."""

from __future__ import annotations

from typing import Any

import numpy as np
import sympy as sp

from ..errors import LayerError
from ..exact.arrays import Ints
from ..exact.rational_matrix import RationalMatrix
from ..exact.sparse_matrix import SparseRationalMatrix
from ..sizes import as_size
from ._structured import Structured


class Select(Structured):
    """x -> (x_i, x_j, …) for places i, j, … that are counted from 0; -1 stands for a 0.

    Transposition, slices, repetition and padding with zeros are selections.

    Parameters
    ----------
    places : flat list of integers from -1 to in_features - 1
        Which entry of the input stands where; an entry may stand in several places or none.
    in_features : int

    Examples
    --------
    >>> import symnet as sn
    >>> sn.Select([2, 0, 0, -1], 3)([7, 8, 9]).T
    Matrix([[9, 7, 7, 0]])

    Source: definition.
    """

    is_homogeneous = True
    onnx = "Gather"

    def __new__(cls, places: Any, in_features: Any) -> Select:
        width = int(as_size(in_features, "in_features"))
        if isinstance(places, SparseRationalMatrix):
            return sp.Basic.__new__(cls, places, sp.Integer(width))
        try:
            given = np.asarray(places if isinstance(places, np.ndarray) else list(places))
            chosen = given.astype(np.int64)
            fits = given.ndim == 1 and given.size > 0 and bool((chosen == given).all())
        except (TypeError, ValueError):
            fits = False
        if not fits or chosen.min() < -1 or chosen.max() >= width:
            raise LayerError(
                f"Select takes a list of places from 0 to {width - 1}, or -1 for a 0, "
                f"and got {places}"
            )
        matrix = SparseRationalMatrix.choosing(chosen, width)
        self: Select = sp.Basic.__new__(cls, matrix, sp.Integer(width))
        return self

    @property
    def places(self) -> Ints:
        """(out_features,): which entry stands where, -1 for a 0."""
        matrix = self.sparse
        places = np.full(int(matrix.shape[0]), -1)
        places[matrix.row_of] = matrix.columns
        return places

    @property
    def sparse(self) -> SparseRationalMatrix:
        matrix: SparseRationalMatrix = self.args[0]
        return matrix

    @property
    def in_features(self) -> sp.Expr:
        return self.args[1]

    def features(self, inputs: sp.Expr | None) -> sp.Expr:
        return self.args[0].shape[0]

    def times(self, columns: RationalMatrix) -> RationalMatrix:
        rows, count = columns.numerators.tolist(), int(columns.shape[1])
        nothing = [0] * count
        chosen = [rows[k] if k >= 0 else nothing for k in self.places.tolist()]
        flat = [v for row in chosen for v in row]
        return RationalMatrix(len(chosen), count, flat, columns.denominator)

    def _sympystr(self, printer: Any) -> str:
        places = self.places.tolist()
        shown = str(places) if len(places) <= 16 else f"<{len(places)} places>"
        return f"Select({shown}, {self.args[1]})"
