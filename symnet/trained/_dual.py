"""Upper bounds of neurons by multipliers of linear relaxations, on all sides of some neurons.

On a box, with bounds on the layers before, z and h = relu(z) satisfy h >= 0, h >= z and
h <= s z + t, and on the side z >= 0 h = z, on the other h = 0 >= z. Whatever the multipliers of
these are, if they are not negative, they give a bound (weak duality; Ehlers, Formal verification of
piece-wise linear feed-forward neural networks, 2017; Salman, Yang, Zhang, Hsieh and Zhang, A convex
relaxation barrier to tight robustness verification of neural networks, 2019; Wang et al.,
Beta-CROWN, 2021): so it does not matter where they come from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flint import fmpq, fmpz, fmpz_mat

from ..errors import CertificateError
from ..exact.arrays import Floats
from ..exact.rational_rows import as_fmpq
from ._bounding import Interval
from ._prepared import Prepared
from ._relaxing import Relaxation

#: Neurons (layer, place) that are on one side: 1 for z >= 0, -1 for z <= 0.
Sides = Mapping[tuple[int, int], int]


@dataclass(frozen=True, eq=False)
class Multipliers:
    """For every layer before: slopes from 0 to 1 of lines below relu, and weights of the sides.

    A slope takes the place of the line below where a row asks for it; a weight is the multiplier of
    z >= 0, or z <= 0, for neurons that are on a side.
    """

    slopes: tuple[Floats, ...]
    weights: tuple[Floats, ...]


@dataclass(frozen=True, eq=False)
class Fork:
    """The two sides of a neuron."""

    neuron: tuple[int, int]
    off: Tree
    on: Tree


Tree = Fork | Multipliers


@dataclass(frozen=True, eq=False)
class Bound:
    """sign z <= 0 for a neuron, proved on all sides of some neurons before."""

    neuron: tuple[int, int]
    sign: int
    tree: Tree

    def holds(self, net: Prepared, box: Sequence[Interval], before: Sequence[Relaxation]) -> bool:
        """Whether it follows from the bounds of the layers before, in rational numbers."""
        layer, _ = self.neuron
        return all(f.is_relu for fs in net.layers.functions[:layer] for f in fs) and all(
            upper_bound(net, self.neuron, self.sign, box, before, m, sides) <= 0
            for m, sides in leaves(self.tree, {})
        )

    def __len__(self) -> int:
        return sum(1 for _ in leaves(self.tree, {}))


def leaves(tree: Tree, sides: Sides) -> Iterator[tuple[Multipliers, Sides]]:
    """The multipliers, and the sides that they are for."""
    if isinstance(tree, Multipliers):
        yield tree, sides
        return
    yield from leaves(tree.off, {**sides, tree.neuron: -1})
    yield from leaves(tree.on, {**sides, tree.neuron: 1})


def upper_bound(
    net: Prepared,
    neuron: tuple[int, int],
    sign: int,
    box: Sequence[Interval],
    before: Sequence[Relaxation],
    multipliers: Multipliers,
    sides: Sides,
) -> fmpq:
    """A number that sign z does not exceed on the box, where neurons are on these sides."""
    layer, place = neuron
    (own,), scale = net.integer_rows(layer, [place])
    row = [sign * v / fmpq(scale) for v in own]
    for k in reversed(range(layer)):
        given = [sides.get((k, m), 0) for m in range(len(row) - 1)]
        inner, constant = _inside(row, before[k], multipliers, k, given)
        matrix, denominator = net.layers.maps[k].integers()
        common = fmpz(1)
        for v in inner:
            common = common.lcm(v.q)
        whole = [[v.p * (common // v.q) for v in inner]]
        product = (fmpz_mat(whole) * matrix).tolist()[0]
        row = [v / fmpq(common * denominator) for v in product]
        row[-1] += constant
    total = row[-1]
    for v, (low, high) in zip(row, box, strict=False):
        total += v * (high if v > 0 else low)
    return total


def _inside(
    row: Sequence[fmpq], lines: Relaxation, m: Multipliers, k: int, given: Sequence[int]
) -> tuple[list[fmpq], fmpq]:
    """A row over h as one over z, and a constant, that are no less."""
    inner, constant = [], row[-1]
    for i, side in enumerate(given):
        v = row[i]
        if side:
            weight = as_fmpq(m.weights[k][i])
            if weight < 0:
                raise CertificateError(f"the multiplier {weight} of neuron {i} is negative")
            inner.append(v + weight if side > 0 else -weight)
        elif lines.low[0, i] >= 0 or lines.high[0, i] <= 0:
            inner.append(v if lines.low[0, i] >= 0 else fmpq(0))
        elif v > 0:
            slope, offset = lines.above[0, i].tolist()
            inner.append(v * as_fmpq(slope))
            constant += v * as_fmpq(offset)
        else:
            slope = as_fmpq(m.slopes[k][i])
            if not 0 <= slope <= 1:
                raise CertificateError(f"the slope {slope} below relu is not from 0 to 1")
            inner.append(v * slope)
    return inner, constant
