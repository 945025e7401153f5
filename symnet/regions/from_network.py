"""A network or an expression as a list of layers, exactly.

Activations are read by their facts: the definition on the real line gives breakpoints and slopes.
Parallel branches become one wider network, in which shallow branches hand their values on.
"""

from __future__ import annotations

from functools import singledispatch
from typing import Any

import sympy as sp
from flint import fmpz, fmpz_mat

from ..activations._base import Activation
from ..base import Network
from ..errors import NotPiecewiseLinearError, ShapeError, WeightError
from ..exact.affine import AffineMap
from ..exact.convert import as_rational
from ..exact.rational_matrix import RationalMatrix
from ..exact.sparse_affine import SparseAffineMap
from ..exact.sparse_rows import is_sparse
from ..layers._concat import Concat
from ..layers._max import Max
from ..layers._maximum_pool import MaximumPool
from ..layers._maxout import Maxout
from ..layers._residual import Residual
from ..layers._structured import Structured
from ..layers._sum import Sum
from ..sequential import Sequential
from .layer_list import LayerList, added, beside, greatest, greatest_of, identity
from .scalar import entrywise, line_of_layer

#: A matrix that is written out has at most so many entries.
_MAX_ENTRIES = 1 << 26


def layers_of(network: Network, inputs: int) -> LayerList:
    """The network as layers, for ``inputs`` numbers.

    Raises
    ------
    NotPiecewiseLinearError
        For an activation that is smooth; the message names it.
    WeightError
        For a weight that is not a matrix of rational numbers.
    """
    wanted = network.in_features
    if wanted is not None and wanted != inputs:
        raise ShapeError(
            f"the network takes {wanted} inputs, and the domain has {inputs} coordinates"
        )
    return _layers(network, inputs)


@singledispatch
def _layers(network: Network, inputs: int) -> LayerList:
    parts = network.affine_parts(sp.Integer(inputs))
    if parts is None:
        raise NotPiecewiseLinearError(
            f"{type(network).__name__} is not piecewise linear; linear regions exist for "
            "linear maps, piecewise-linear activations, Max, Maxout and what is made of them"
        )
    return LayerList.affine(_affine(type(network).__name__, *parts))


@_layers.register
def _(network: Activation, inputs: int) -> LayerList:
    return entrywise(line_of_layer(network), inputs)


@_layers.register
def _(network: Sequential, inputs: int) -> LayerList:
    result = LayerList.affine(identity(inputs))
    for child in network.children:
        result = result.then(layers_of(child, result.outputs))
    return result


@_layers.register
def _(network: Residual, inputs: int) -> LayerList:
    return added([layers_of(network.children[0], inputs), LayerList.affine(identity(inputs))])


@_layers.register
def _(network: Sum, inputs: int) -> LayerList:
    return added([layers_of(child, inputs) for child in network.children])


@_layers.register
def _(network: Concat, inputs: int) -> LayerList:
    return beside([layers_of(child, inputs) for child in network.children])


@_layers.register
def _(network: Max, inputs: int) -> LayerList:
    return greatest(inputs)


@_layers.register
def _(network: Maxout, inputs: int) -> LayerList:
    if not network.k.is_Integer:
        raise WeightError(f"the group size of Maxout is the symbol {network.k}; give a number")
    count = int(network.features(sp.Integer(inputs)) or 0)
    size = int(network.k)
    return greatest_of([range(i * size, (i + 1) * size) for i in range(count)], inputs)


@_layers.register
def _(network: MaximumPool, inputs: int) -> LayerList:
    return greatest_of(network.groups, inputs)


@_layers.register
def _(network: Structured, inputs: int) -> LayerList:
    matrix, offset = network.sparse, network.offset
    rows = int(matrix.shape[0])
    bias = offset if isinstance(offset, RationalMatrix) else RationalMatrix(rows, 1, [0] * rows)
    if is_sparse(rows, inputs, matrix.count):
        return LayerList.affine(SparseAffineMap.of_matrix(matrix, bias))
    if rows * (inputs + 1) > _MAX_ENTRIES:
        raise ShapeError(
            f"{network} is a matrix of {rows} by {inputs} numbers, which linear regions "
            f"write out, and at most {_MAX_ENTRIES} are"
        )
    weight, column = matrix.floats(), bias.floats()
    if weight is not None and column is not None:
        return LayerList.affine(AffineMap.from_floats(weight, column.ravel()))
    return LayerList.affine(_affine(type(network).__name__, matrix.dense(), bias))


def _affine(name: str, weight: Any, bias: Any) -> AffineMap:
    W, b = _rational(weight, f"the weight of {name}"), _rational(bias, f"the bias of {name}")
    weight, bias = W.floats(), b.floats()
    if weight is not None and bias is not None:
        return AffineMap.from_floats(weight, bias.ravel())
    p, q = fmpz(W.denominator), fmpz(b.denominator)
    common = p.lcm(q)
    rows = (W.numerators * (common // p)).tolist()
    last = (b.numerators * (common // q)).entries()
    matrix = fmpz_mat([[*row, v] for row, v in zip(rows, last, strict=True)])
    return AffineMap.from_integers(matrix, int(common))


def _rational(matrix: Any, what: str) -> RationalMatrix:
    if isinstance(matrix, RationalMatrix):
        return matrix
    symbols = sorted(map(str, matrix.free_symbols))
    if symbols:
        raise WeightError(
            f"{what} holds the symbol{'s' * (len(symbols) > 1)} {', '.join(symbols)}; "
            "regions need numbers: give rational weights, or substitute them"
        )
    explicit = matrix.as_explicit() if hasattr(matrix, "as_explicit") else matrix
    known = as_rational(explicit)
    if known is None:
        entry = next(e for e in explicit if not e.is_Rational)
        raise WeightError(
            f"{what} holds {entry}, which is not a rational number; round it first "
            "(for model files: load(path, dtype=…))"
        )
    return known
