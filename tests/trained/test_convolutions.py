"""Convolutions without their zeros: the same bounds, reductions and distances, and right ones."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp

import symnet as sn
from symnet.exact import sparse_rows
from symnet.regions.from_network import layers_of
from symnet.trained._bounding import Boxes, bounds_of, relaxations
from symnet.trained._prepared import Prepared


def network(seed):
    rng = np.random.default_rng(seed)
    weights = [rng.standard_normal(s).astype(np.float32) for s in ((2, 1, 3, 3), (2, 2, 2, 2))]
    return sn.Sequential(
        sn.Conv2d(weights[0], [-0.5, 0.25], size=(6, 6), padding=1),
        sn.ReLU(),
        sn.MaxPool2d(2, size=(6, 6), channels=2),
        sn.Conv2d(weights[1], [0.125, -2], size=(3, 3)),
        sn.ReLU(),
        sn.Linear(rng.standard_normal((3, 8)).astype(np.float32)),
    )


@pytest.fixture(autouse=True)
def sparse(monkeypatch):
    monkeypatch.setattr(sparse_rows, "LARGE", 1)


@pytest.mark.parametrize("seed", range(2))
def test_bounds_hold_at_points_and_are_those_of_matrices_with_all_entries(
    seed, monkeypatch
) -> None:
    rng = np.random.default_rng(seed)
    centre = rng.uniform(size=(1, 36))
    boxes = Boxes(centre - 0.125, centre + 0.125)
    found = []
    for large in (1, 1 << 40):
        monkeypatch.setattr(sparse_rows, "LARGE", large)
        net = Prepared(layers_of(network(seed), 36))
        assert any(m.sparse is not None for m in net.layers.maps) == (large == 1)
        before = relaxations(net, boxes)
        low, high = bounds_of(net, net.layers.maps[-1], boxes, before)
        found.append((low, high, net))
    (low, high, net), (other_low, other_high, _) = found
    assert np.allclose(low, other_low)
    assert np.allclose(high, other_high)
    for x in boxes.low + rng.integers(0, 2, (20, 36)) * (boxes.high - boxes.low):
        value = [float(v) for v in net.layers.value([_exact(t) for t in x])]
        assert (low[0] <= value).all()
        assert (value <= high[0]).all()


def _exact(value):
    from flint import fmpq

    return fmpq(*float(value).as_integer_ratio())


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("p", [1, 2, sp.oo])
def test_the_nearest_boundary_is_the_nearest_half_space(seed, p) -> None:
    x = np.random.default_rng(seed).integers(0, 9, 36) / 8
    around = sn.local(network(seed), x)
    point = [sp.Rational(v) for v in x.tolist()]

    def distance(h):
        gap = h.b - sum(a * v for a, v in zip(h.a, point, strict=True))
        dual = {1: max(map(abs, h.a)), sp.oo: sum(map(abs, h.a))}
        return gap / (sp.sqrt(sum(a * a for a in h.a)) if p == 2 else dual[p])

    assert around.nearest(p).distance == min(map(distance, around.half_spaces), key=sp.N)


def test_a_reduced_network_is_equal_on_its_box() -> None:
    net, rng = network(0), np.random.default_rng(0)
    low = rng.integers(0, 8, 36) / 8
    box = sn.Box(*[[a, a + 1 / 16] for a in low.tolist()])
    found = sn.reduce(net, box)
    assert found.check()
    for x in low + rng.integers(0, 2, (5, 36)) / 16:
        assert net(x.tolist()) == found.network(x.tolist())
    assert sn.robust(net, sn.Box(*[[a, a + 1 / 1024] for a in low.tolist()]))
