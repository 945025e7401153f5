"""The certificate on the whole line and plane."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from symnet.regions.activation import HARDTANH, RELU
from symnet.regions.certificate_unbounded import certify_everywhere
from symnet.regions.unbounded import decompose_everywhere

from .cases import carrier, random_relu
from .test_against_reference import KINDS


@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_certified(kind, n):
    layers = kind(np.random.default_rng(41), n)
    result = decompose_everywhere(carrier(layers), RELU)
    assert certify_everywhere(result).cells == len(result)


@pytest.mark.parametrize("n", [1, 2])
def test_other_activations_are_certified(n):
    layers = random_relu((n, 4, 4, 1), np.random.default_rng(4))
    certify_everywhere(decompose_everywhere(layers, HARDTANH))


@pytest.mark.parametrize("n", [1, 2])
def test_tampered_complexes_are_refused(n):
    layers = random_relu((n, 6, 6, 1), np.random.default_rng(4))
    original = decompose_everywhere(layers, RELU)
    cells = original.fan.cells
    certify_everywhere(original)
    for cell in range(0, len(original.fan), 7):
        positive = cells.positive.copy()
        positive[cell, 1] ^= np.uint64(4)
        original.fan.cells = replace(cells, positive=positive)
        with pytest.raises(AssertionError):
            certify_everywhere(original)
