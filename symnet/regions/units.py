r"""A network with any piecewise-linear activations, rewritten in two kinds of units.

Every breakpoint of every activation is a *virtual neuron* z_i - beta. The rewritten network has
*relu units* h = max(0, u) and *linear units* h = u with affine u, and computes the same function,
since

    f(z) = value + s_0 (z - beta_1) + \sum_k (s_k - s_{k-1}) relu(z - beta_k),
    relu(c u) = c relu(u)  and  relu(-c u) = c (relu(u) - u)    for c > 0.

Virtual neurons that are proportional to each other (duplicated, negated or rescaled neurons) share
one unit, so their common zero set is one line and not a tie to be decided at every crossing. Rows
are scaled by powers of two so that their largest entry is in [1/2, 1): weights of size 1e-300 or
1e150 neither underflow nor overflow, and no digit changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from symnet.exact.affine import AffineMap
from symnet.exact.arrays import Floats, Ints
from symnet.regions.activation import IDENTITY, RELU, PiecewiseLinear1D
from symnet.regions.builder import UnitBuilder
from symnet.regions.folds import Fold, Identity, PowersOfTwo

Activation = PiecewiseLinear1D | Sequence[PiecewiseLinear1D]


@dataclass(frozen=True)
class UnitLayer:
    """One layer of units: `affine` gives u, the first `relu_count` units are relu, the rest linear.

    Virtual neuron k of the original layer belongs to neuron ``neuron[k]`` and is a positive
    (``orientation[k] == 1``) or negative (-1) multiple of relu unit ``unit[k]``; where ``unit[k] ==
    -1`` it is a constant, whose sign is ``orientation[k]``.
    """

    affine: AffineMap
    relu_count: int
    neuron: Ints
    unit: Ints
    orientation: Ints
    neuron_count: int


@dataclass(frozen=True)
class UnitNetwork:
    """The rewritten network: layers of units, then `output`, affine in the last units."""

    layers: tuple[UnitLayer, ...]
    output: AffineMap

    @property
    def input_size(self) -> int:
        """The number of inputs n_0."""
        return (self.layers[0].affine if self.layers else self.output).shape[1]


@dataclass(frozen=True)
class Source:
    """The network as it was given: affine maps, and the activation of every hidden neuron."""

    layers: tuple[AffineMap, ...]
    activations: tuple[tuple[PiecewiseLinear1D, ...], ...]


def per_neuron(
    layers: Sequence[AffineMap], activations: Sequence[Activation]
) -> list[tuple[PiecewiseLinear1D, ...]]:
    """Return one activation for every neuron of every hidden layer."""
    if len(activations) != len(layers) - 1:
        raise ValueError(
            f"{len(layers)} affine layers have {len(layers) - 1} activations between them, "
            f"got {len(activations)}"
        )
    result = []
    for affine, f in zip(layers, activations, strict=False):
        m = affine.shape[0]
        each = (f,) * m if isinstance(f, PiecewiseLinear1D) else tuple(f)
        if len(each) != m:
            raise ValueError(f"{m} neurons need {m} activations, got {len(each)}")
        result.append(each)
    return result


def unit_network(layers: Sequence[AffineMap], activations: Sequence[Activation]) -> UnitNetwork:
    """Rewrite ``layers[-1] o f_L o ... o f_1 o layers[0]``, one activation per hidden layer.

    An activation is one function for the whole layer or a sequence with one per neuron.
    """
    result: list[UnitLayer] = []
    fold: Fold = Identity(layers[0].shape[1])
    for affine, each in zip(layers, per_neuron(layers, activations), strict=False):
        if affine.shape[1] != fold.neurons:
            raise ValueError(
                f"W of layer {len(result) + 1} has {affine.shape[1]} columns, "
                f"the layer before it has {fold.neurons} neurons"
            )
        kinds = each[:1] if each and each.count(each[0]) == len(each) else each
        only_relu = all(f is RELU or f.is_relu for f in kinds)
        if affine.sparse is not None:
            quick = _quick_sparse(affine, each, fold)
        else:
            quick = _quick_relu(affine, fold) if only_relu else None
        layer, fold = quick if quick is not None else _general(affine, each, fold)
        result.append(layer)
    if layers[-1].shape[1] != fold.neurons:
        raise ValueError(
            f"the last W has {layers[-1].shape[1]} columns, "
            f"the layer before it {fold.neurons} neurons"
        )
    return UnitNetwork(tuple(result), fold.into(layers[-1]))


def _quick_relu(affine: AffineMap, fold: Fold) -> tuple[UnitLayer, Fold] | None:
    """Return the relu layer with its rows scaled, or None where the general way is needed."""
    if not isinstance(fold, Identity | PowersOfTwo):
        return None
    if isinstance(fold, PowersOfTwo) and fold.order is not None:
        affine, fold = fold.into(affine), Identity(affine.shape[1])
    near = affine.rows_near_one(fold.exponent if isinstance(fold, PowersOfTwo) else None)
    if near is None or _maybe_proportional(near[0]):
        return None
    unit, exponent = near
    m = affine.shape[0]
    index = np.arange(m)
    layer = UnitLayer(unit, m, index, index, np.ones(m, dtype=np.int64), m)
    return layer, PowersOfTwo(exponent)


def _quick_sparse(
    affine: AffineMap, each: Sequence[PiecewiseLinear1D], fold: Fold
) -> tuple[UnitLayer, Fold] | None:
    """The same for a layer that is mostly zero, in which neurons may also hand their input on.

    Proportional neurons are not looked for: that they cross in the same places is found there.
    """
    kinds = {id(f): 1 if f.is_relu else 0 if f == IDENTITY else -1 for f in each}
    bends = np.array([kinds[id(f)] for f in each])
    affine = fold.into(affine)
    entries = affine.sparse
    if (bends < 0).any() or entries is None or not affine.is_normal():
        return None
    top = np.maximum(entries.row_maxima(np.abs(entries.values)), np.abs(affine.bias))
    exponent = np.frexp(top)[1].astype(np.int64)
    unit = affine.scaled(-exponent)
    if not unit.is_normal():
        return None
    index, count = np.flatnonzero(bends), int(bends.sum())
    order = np.concatenate([index, np.flatnonzero(bends == 0)])
    if count < len(each):
        unit = unit.reordered(order, np.arange(unit.shape[1]))
    ones = np.ones(count, dtype=np.int64)
    layer = UnitLayer(unit, count, index, np.arange(count), ones, len(each))
    return layer, PowersOfTwo(exponent, None if count == len(each) else order)


@lru_cache(64)
def _probes(n: int) -> Floats:
    """(n, 2): two vectors in no simple relation."""
    probe: Floats = np.cos(np.arange(1, 2 * n + 1) ** 2 * 1.0).reshape(2, n).T.copy()
    return probe


def _maybe_proportional(affine: AffineMap) -> bool:
    """Whether two rows may be multiples of each other; False is certain enough to skip merging.

    What two linear functions make of a row has the same ratio for all of its multiples; one of them
    leaves the bias out, so that rows with tiny weights differ, too. A missed pair costs time, not
    correctness: its crossings are ties, and ties are decided exactly.
    """
    n = affine.shape[1]
    if n == 0:
        return False
    image = affine.weight @ _probes(n)
    moving = image[:, 1] != 0  # the others are constant
    image[:, 0] += affine.bias
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        ratio = image[:, 0] / image[:, 1]
    if not moving.all():
        ratio = ratio[moving]
    ratio.sort()
    low = ratio[:-1]
    gap = ratio[1:] - low
    return bool((gap <= 1e-12 * (n + 1) * np.maximum(1.0, np.abs(low))).any())


def _general(
    affine: AffineMap, each: Sequence[PiecewiseLinear1D], fold: Fold
) -> tuple[UnitLayer, Fold]:
    """Rewrite a layer with any activations in rational arithmetic, merging proportional neurons."""
    builder = UnitBuilder(fold.into(affine), each)
    outputs = [builder.neuron(i, f) for i, f in enumerate(each)]
    units, relu_count, virtual = builder.units()
    neuron, unit, orientation = virtual
    layer = UnitLayer(units, relu_count, neuron, unit, orientation, len(each))
    return layer, builder.fold(outputs)
