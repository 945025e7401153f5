"""From layers back to a network that a user can read."""

from __future__ import annotations

from flint import fmpz_mat

from ..activations._relu import ReLU
from ..base import Network
from ..exact.affine import AffineMap
from ..exact.rational_matrix import RationalMatrix
from ..layers._linear import Linear
from ..sequential import Sequential
from .layer_list import LayerList


def relu_network(layers: LayerList) -> Network:
    """Layers whose neurons are all relu, as ``Sequential(Linear, ReLU, …, Linear)``.

    >>> import numpy as np
    >>> from symnet.regions.activation import RELU
    >>> one = AffineMap.from_floats([[2.0]], np.array([1.0]))
    >>> relu_network(LayerList((one, one), ((RELU,),)))(3)
    Matrix([[15]])
    """
    parts: list[Network] = [_linear(layers.maps[0])]
    for affine in layers.maps[1:]:
        parts += [ReLU(), _linear(affine)]
    return Sequential(*parts)


def _linear(affine: AffineMap) -> Linear:
    matrix, denominator = affine.integers()
    m, n = affine.shape
    rows = matrix.tolist()
    weight = fmpz_mat(m, n, [v for row in rows for v in row[:-1]])
    bias = [row[-1] for row in rows]
    offset = RationalMatrix(m, 1, bias, int(denominator)) if any(bias) else None
    return Linear(RationalMatrix(m, n, weight, int(denominator)), offset)
