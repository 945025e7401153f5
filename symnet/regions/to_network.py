"""From layers back to a network that a user can read."""

from __future__ import annotations

from flint import fmpq, fmpz_mat

from ..activations._relu import ReLU
from ..base import Network
from ..exact.affine import AffineMap
from ..exact.rational_matrix import RationalMatrix
from ..layers._linear import Linear
from ..sequential import Sequential
from .activation import RELU
from .layer_list import LayerList

Rows = list[list[fmpq]]


def relu_network(layers: LayerList) -> Network:
    """Layers of neurons that are relu or hand their input on, as ``Sequential(Linear, ReLU, …)``.

    >>> import numpy as np
    >>> one = AffineMap.from_floats([[2.0]], np.array([1.0]))
    >>> relu_network(LayerList((one, one), ((RELU,),)))(3)
    Matrix([[15]])
    """
    only = in_relus(layers)
    parts: list[Network] = [linear_of(only.maps[0])]
    for affine in only.maps[1:]:
        parts += [ReLU(), linear_of(affine)]
    return Sequential(*parts)


def in_relus(layers: LayerList) -> LayerList:
    """The same map by relus alone: z = relu(z) - relu(-z), and z = relu(z) for z that is a relu.

    >>> import numpy as np
    >>> from symnet.regions.activation import IDENTITY
    >>> one = AffineMap.from_floats(np.eye(1), np.zeros(1))
    >>> in_relus(LayerList((one, one, one), ((RELU,), (IDENTITY,)))).widths
    (1, 1)
    >>> in_relus(LayerList((one, one), ((IDENTITY,),))).widths
    (2,)
    """
    maps, rows = [], _rows(layers.maps[0])
    positive = [False] * layers.inputs
    for functions, following in zip(layers.functions, layers.maps[1:], strict=True):
        after = _rows(following)
        new: Rows = []
        columns: list[list[fmpq]] = [[] for _ in after]
        kept = []
        for k, (row, f) in enumerate(zip(rows, functions, strict=True)):
            one_will_do = f.is_relu or _is_positive(row, positive)
            new += [row] if one_will_do else [row, [-v for v in row]]
            kept += [True] * (1 if one_will_do else 2)
            for column, line in zip(columns, after, strict=True):
                column += [line[k]] if one_will_do else [line[k], -line[k]]
        inputs = len(positive)
        maps.append(_map(new, inputs))
        positive = kept
        rows = [[*column, line[-1]] for column, line in zip(columns, after, strict=True)]
    maps.append(_map(rows, len(positive)))
    return LayerList(tuple(maps), tuple((RELU,) * m.shape[0] for m in maps[:-1]))


def _is_positive(row: list[fmpq], positive: list[bool]) -> bool:
    """Whether a form is >= 0 since its coefficients and what it is made of are."""
    return row[-1] >= 0 and all(
        v == 0 or (v > 0 and known) for v, known in zip(row, positive, strict=False)
    )


def _rows(affine: AffineMap) -> Rows:
    matrix, denominator = affine.integers()
    return [[fmpq(v, denominator) for v in row] for row in matrix.tolist()]


def _map(rows: Rows, inputs: int) -> AffineMap:
    weight = [row[:-1] for row in rows] if inputs else [[] for _ in rows]
    return AffineMap.from_rationals(weight, [row[-1] for row in rows])


def linear_of(affine: AffineMap) -> Linear:
    matrix, denominator = affine.integers()
    m, n = affine.shape
    rows = matrix.tolist()
    weight = fmpz_mat(m, n, [v for row in rows for v in row[:-1]])
    bias = [row[-1] for row in rows]
    offset = RationalMatrix(m, 1, bias, int(denominator)) if any(bias) else None
    return Linear(RationalMatrix(m, n, weight, int(denominator)), offset)
