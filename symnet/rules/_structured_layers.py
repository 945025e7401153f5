"""Convolutions, means, selections and scalings join the linear layers beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
import sympy as sp

from ..activations._relu import ReLU
from ..base import Network
from ..exact.rational_matrix import RationalMatrix
from ..layers._avg_pool1d import AvgPool1d
from ..layers._conv1d import Conv1d
from ..layers._convolution import Convolution
from ..layers._linear import Linear
from ..layers._scale import Scale
from ..layers._select import Select
from ..layers._sparse_linear import SparseLinear
from ..layers._structured import MAX_WRITTEN, Structured
from ._base import Rewriting, Rule

#: Products of sparse matrices with more terms are not made to see how many entries are left.
_MAX_TERMS = 1 << 22


class StructuredLayers(Rule):
    """W_2 (W_1 x + b_1) + b_2 as one layer, where that is smaller than both, or small at all."""

    name = "structured layers"
    statement = "W_2 (W_1 x + b_1) + b_2 = (W_2 W_1) x + (W_2 b_1 + b_2)"
    condition = (
        "one of them is kept by its structure, and the product takes no more numbers than both, "
        "or is small"
    )
    source = "definition of the layers"
    order = 35

    def rewrite(
        self, layers: Sequence[Network], sizes: Sequence[sp.Expr | None]
    ) -> Rewriting | None:
        for k, (first, second) in enumerate(pairwise(layers)):
            whole = composed(first, second)
            if whole is not None:
                return Rewriting(k, k + 2, (whole,), ("multiply the matrices of the two layers",))
        return None

    def examples(self) -> Iterable[Sequence[Network]]:
        convolution = Conv1d([[[1, 2]], [[3, -1]]], [1, 0], 3)
        yield [convolution, Linear([[1, 2, 3, 4]], [5])]
        yield [Linear([[1], [2], [3]], [0, 1, 0]), convolution, ReLU()]
        yield [convolution, AvgPool1d(2, size=2, channels=2)]
        yield [convolution, Scale([2, 2, 3, 3], [1, 1, 0, 0]), ReLU()]
        yield [Select([2, 0, 0], 3), Select([1, 0], 3), ReLU()]
        yield [Scale([1, 2], [3, 4]), ReLU(), Scale([2, 1], [0, 1]), Scale([1, 2], [3, 4])]

    def near_misses(self) -> Iterable[Sequence[Network]]:
        yield [Conv1d([[[1, 2]]], None, 3)]
        yield [Conv1d([[[1, 2]]], None, 3), ReLU(), Linear([[1, 2]])]
        # as a matrix 100 by 99 with 298 entries, and the two hold 5 numbers
        yield [Conv1d([[[1, 2]]], None, 100), Conv1d([[[1, 2, 1]]], None, 99, padding=1)]
        yield [Linear([[1, 2]]), Linear([[1], [2]])]


def composed(first: Network, second: Network) -> Network | None:
    """One layer for two, if there is one that does not hold more numbers."""
    if not isinstance(first, Structured) and not isinstance(second, Structured):
        return None
    if not _is_number(first) or not _is_number(second):
        return None
    whole = _alike(first, second)
    if whole is not None:
        return whole
    rows, columns = int(second.features(None) or 0), int(first.in_features or 0)
    allowed = _stored(first) + _stored(second)
    if rows * columns <= max(allowed, MAX_WRITTEN):
        return Linear(_product(first, second), _bias(first, second))
    if isinstance(first, Convolution) or isinstance(second, Convolution):
        return None
    if isinstance(first, Structured) and isinstance(second, Structured):
        inner, outer = first.sparse, second.sparse
        terms = int(np.diff(inner.starts)[outer.columns].sum())
        if terms <= _MAX_TERMS:
            product = outer.after(inner)
            if product.count <= allowed:
                return SparseLinear(product, _bias(first, second))
    return None


def _is_number(layer: Network) -> bool:
    """Whether it is linear with rational numbers."""
    if isinstance(layer, Structured):
        return True
    return isinstance(layer, Linear) and all(
        isinstance(a, RationalMatrix) or (isinstance(a, sp.ZeroMatrix) and a.shape[0].is_Integer)
        for a in layer.args[:2]
    ) and isinstance(layer.args[0], RationalMatrix)  # fmt: skip


def _stored(layer: Network) -> int:
    if isinstance(layer, Structured):
        return layer.stored
    return int(layer.args[0].shape[0] * layer.args[0].shape[1])


def _alike(first: Network, second: Network) -> Network | None:
    """Two layers of which one has the form of the result."""
    if isinstance(first, Select) and isinstance(second, Select):
        places = np.append(first.places, -1)
        return Select(places[second.places], first.in_features)
    if isinstance(first, Scale) and isinstance(second, Scale):
        s, t = first.factors, _bias(first, second)
        return Scale(_entrywise(s, second.factors), t)
    if isinstance(first, Convolution) and isinstance(second, Scale):
        return _scaled(first, second)
    return None


def _scaled(first: Convolution, second: Scale) -> Convolution | None:
    """A convolution whose channels are scaled and shifted, if these are whole channels."""
    weight, channels = first.args[0], first.channels[1]
    bias = _bias(first, second) or RationalMatrix(
        int(second.in_features), 1, [0] * int(second.in_features)
    )
    columns = [np.array(m.flat(), dtype=object).reshape(channels, -1)
               for m in (second.factors, bias)]  # fmt: skip
    if any((table != table[:, :1]).any() for table in columns):
        return None
    factors, offset = (table[:, 0] for table in columns)
    table = np.array(weight.flat(), dtype=object).reshape(channels, -1) * factors[:, None]
    rows, width = (int(n) for n in weight.shape)
    denominator = weight.denominator * second.factors.denominator
    scaled = RationalMatrix(rows, width, table.ravel().tolist(), denominator)
    shift = RationalMatrix(channels, 1, offset.tolist(), bias.denominator)
    return type(first)(scaled, shift, *first.args[2:])


def _entrywise(a: RationalMatrix, b: RationalMatrix) -> RationalMatrix:
    flat = [p * q for p, q in zip(a.flat(), b.flat(), strict=True)]
    return RationalMatrix(len(flat), 1, flat, a.denominator * b.denominator)


def _product(first: Network, second: Network) -> RationalMatrix:
    """W_2 W_1, with the zeros of neither where they are known."""
    if isinstance(second, Structured):
        inner = first.sparse.dense() if isinstance(first, Structured) else first.args[0]
        return second.times(inner)
    assert isinstance(first, Structured)
    outer: RationalMatrix = second.args[0]
    return first.pulled(outer.T).T


def _bias(first: Network, second: Network) -> RationalMatrix | None:
    """W_2 b_1 + b_2, None for zero."""
    inner, outer = (
        layer.offset if isinstance(layer, Structured) else layer.args[1]
        for layer in (first, second)
    )
    if not isinstance(inner, RationalMatrix):
        return outer if isinstance(outer, RationalMatrix) else None
    moved = second.times(inner) if isinstance(second, Structured) else second.args[0].times(inner)
    return moved.plus(outer) if isinstance(outer, RationalMatrix) else moved
