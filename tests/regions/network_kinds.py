"""Small networks of many kinds, ordinary and degenerate, with fixed seeds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from symnet.exact.affine import AffineMap
from symnet.regions.activation import RELU, PiecewiseLinear1D
from symnet.regions.lattice_layers import Layer
from symnet.regions.layer_list import LayerList, identity

from .clipping_reference import Function, Hidden, relu

Random = np.random.Generator
Pairs = list[tuple[Any, Any]]

KINDS: dict[str, Callable[[Random, list[int]], Pairs]] = {}


def kind(make: Callable[[Random, list[int]], Pairs]) -> Callable[[Random, list[int]], Pairs]:
    KINDS[make.__name__] = make
    return make


@kind
def generic(rng: Random, sizes: list[int]) -> Pairs:
    return [
        (rng.standard_normal((o, i)) * np.sqrt(2 / i), rng.uniform(-1, 1, o) / np.sqrt(i))
        for i, o in pairwise(sizes)
    ]


@kind
def zero_biases(rng: Random, sizes: list[int]) -> Pairs:
    return [(W, 0 * b) for W, b in generic(rng, sizes)]


@kind
def integers(rng: Random, sizes: list[int]) -> Pairs:
    return [
        (rng.integers(-1, 2, (o, i)).astype(float), rng.integers(-1, 2, o).astype(float))
        for i, o in pairwise(sizes)
    ]


@kind
def quantised_to_four_bits(rng: Random, sizes: list[int]) -> Pairs:
    return [
        (np.clip(np.round(4 * W), -8, 7) / 4, np.round(4 * b) / 4) for W, b in generic(rng, sizes)
    ]


@kind
def duplicated_neurons(rng: Random, sizes: list[int]) -> Pairs:
    pairs = generic(rng, sizes)
    for W, b in pairs:
        W[-1], b[-1] = 2 * W[0], 2 * b[0]
    return pairs


@kind
def negated_neurons(rng: Random, sizes: list[int]) -> Pairs:
    pairs = generic(rng, sizes)
    for W, b in pairs:
        W[-1], b[-1] = -W[0], -b[0]
    return pairs


@kind
def parallel_neurons(rng: Random, sizes: list[int]) -> Pairs:
    pairs = generic(rng, sizes)
    for W, b in pairs:
        W[1:] = W[0]
        b[1:] = b[0] + rng.uniform(-0.5, 0.5, len(b) - 1)
    return pairs


@kind
def dead_neurons(rng: Random, sizes: list[int]) -> Pairs:
    pairs = generic(rng, sizes)
    for W, b in pairs:
        W[0], b[0] = 0, -1
        W[-1], b[-1] = 0, 0
    return pairs


@kind
def dead_layer_without_bias(rng: Random, sizes: list[int]) -> Pairs:
    """Pre-activations that vanish identically where the whole first layer is off."""
    pairs = generic(rng, sizes)
    return [pairs[0], *((W, 0 * b) for W, b in pairs[1:])]


@kind
def concurrent(rng: Random, sizes: list[int]) -> Pairs:
    """First-layer hyperplanes through one common point."""
    pairs = generic(rng, sizes)
    W, _ = pairs[0]
    W = np.round(8 * W) / 8
    pairs[0] = (W, -W @ np.full(sizes[0], 0.25))
    return pairs


@kind
def facets_and_corners(rng: Random, sizes: list[int]) -> Pairs:
    """Hyperplanes on the facets of the box and through its corners."""
    pairs = quantised_to_four_bits(rng, sizes)
    W, b = pairs[0]
    W[0], b[0] = np.eye(sizes[0])[0], -1.0
    W[1], b[1] = 1.0, float(sizes[0])
    if len(b) > 2:
        W[2], b[2] = -np.eye(sizes[0])[-1], 0.0
    return pairs


@kind
def thin_cells(rng: Random, sizes: list[int]) -> Pairs:
    """Parallel hyperplanes at a distance of about 2^-40."""
    pairs = generic(rng, sizes)
    W, b = pairs[0]
    W[1], b[1] = W[0], b[0] + 2.0**-40
    return pairs


@kind
def wide_scales(rng: Random, sizes: list[int]) -> Pairs:
    pairs = generic(rng, sizes)
    powers = iter([-300, 150] * len(pairs))
    return [(W * 10.0 ** (p := next(powers)), b * 10.0**p) for W, b in pairs]


@kind
def mixed_scales(rng: Random, sizes: list[int]) -> Pairs:
    return [
        (W * 10.0 ** rng.integers(-30, 30, W.shape), b * 10.0 ** rng.integers(-30, 30, b.shape))
        for W, b in generic(rng, sizes)
    ]


@kind
def thirds(rng: Random, sizes: list[int]) -> Pairs:
    """Rational weights that no float equals."""
    return [
        (
            [[Fraction(int(v), 3) for v in row] for row in rng.integers(-4, 5, (o, i))],
            [Fraction(int(v), 7) for v in rng.integers(-4, 5, o)],
        )
        for i, o in pairwise(sizes)
    ]


FUNCTIONS: dict[str, Function] = {
    "relu": relu(),
    "abs": Function((Fraction(0),), (Fraction(-1), Fraction(1))),
    "leaky": Function((Fraction(0),), (Fraction(1, 100), Fraction(1))),
    "hardtanh": Function(
        (Fraction(-1), Fraction(1)), (Fraction(0), Fraction(1), Fraction(0)), Fraction(-1)
    ),
    "relu6": Function((Fraction(0), Fraction(6)), (Fraction(0), Fraction(1), Fraction(0))),
    "hardsigmoid": Function(
        (Fraction(-3), Fraction(3)), (Fraction(0), Fraction(1, 6), Fraction(0))
    ),
    "identity": Function((), (Fraction(1),)),
}


@dataclass(frozen=True)
class Network:
    """The same hidden layers for symnet and for the reference."""

    layers: list[Layer]
    reference: list[Hidden]


def network(
    name: str, seed: int, sizes: list[int], functions: tuple[str, ...] = ("relu",)
) -> Network:
    rng = np.random.default_rng(seed)
    layers, reference = [], []
    for W, b in KINDS[name](rng, sizes):
        chosen = [FUNCTIONS[functions[int(i)]] for i in rng.integers(0, len(functions), len(b))]
        acts = [PiecewiseLinear1D(f.breakpoints, f.slopes, f.value) for f in chosen]
        layers.append(Layer(W, b, RELU if functions == ("relu",) else acts))
        rows = [[Fraction(v) for v in row] for row in W]
        reference.append(Hidden(rows, [Fraction(v) for v in b], chosen))
    return Network(layers, reference)


def layer_list(net: Network) -> LayerList:
    """The same hidden layers, all of whose neurons are outputs, as the public functions take it."""
    maps = [AffineMap.from_rationals(layer.W, layer.b) for layer in net.reference]
    functions = [
        tuple(PiecewiseLinear1D(f.breakpoints, f.slopes, f.value) for f in layer.functions)
        for layer in net.reference
    ]
    return LayerList((*maps, identity(len(net.reference[-1].b))), tuple(functions))
