"""Neurons that no input of a domain wakes, and whose weights therefore never learn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sympy as sp

from ..activations._relu import ReLU
from ..base import Network
from ..regions.domains import Domain
from ..regions.making import piecewise
from ..simplification import flattened, joined


@dataclass(frozen=True)
class DeadNeuron:
    """A neuron before a ReLU that is at most 0 on the whole domain.

    ``layer`` and ``neuron`` count from 0; ``maximum`` is its greatest value, attained at ``point``.
    So relu' is 0 there, and so is every derivative by its weights, on the whole domain.
    """

    layer: int
    neuron: int
    maximum: sp.Expr
    point: Any

    def __str__(self) -> str:
        return f"neuron {self.neuron} before layer {self.layer} is at most {self.maximum}"


def dead_neurons(
    net: Network, domain: Domain, *, max_regions: int | None = None
) -> tuple[DeadNeuron, ...]:
    """The neurons before a ReLU that are not positive anywhere on a domain, by exact maxima.

    Parameters
    ----------
    net : Network with rational weights, piecewise linear up to its last ReLU
    domain : Box, Polyhedron or Slice
    max_regions : int
        Where to stop with a :class:`TooManyRegionsError`.

    Examples
    --------
    >>> import symnet as sn
    >>> net = sn.Sequential(sn.Linear([[1, 1], [-1, 0]], [0, -3]), sn.ReLU(), sn.Linear([[1, 1]]))
    >>> for neuron in sn.dead_neurons(net, sn.Box([-1, 1])):
    ...     print(neuron)
    neuron 1 before layer 1 is at most -2

    Source: Lu, Shin, Su and Karniadakis, Dying ReLU and initialization, 2020.
    """
    return tuple(_found(flattened(net), domain, max_regions))


def _found(net: Network, domain: Domain, max_regions: int | None) -> Iterator[DeadNeuron]:
    layers = tuple(net.layers)
    for k, layer in enumerate(layers):
        if not isinstance(layer, ReLU) or k == 0:
            continue
        before = piecewise(joined(layers[:k]), domain=domain, max_regions=max_regions)
        for j in range(before.network.outputs):
            greatest = before.maximum(j)
            if (greatest.value <= 0) == True:  # noqa: E712
                yield DeadNeuron(k, j, greatest.value, greatest.point)
