"""Bounds of differences of networks: they hold at exact points, and see what networks share."""

from itertools import pairwise

import numpy as np
import pytest
import sympy as sp
from flint import fmpq

import symnet as sn
from symnet.exact.affine import as_fraction
from symnet.trained._bounding import Boxes, bounds_of, relaxations
from symnet.trained._difference import DifferenceBounds
from symnet.trained._prepared import Prepared, prepared

ACTIVATIONS = {
    "relu": sn.ReLU(),
    "leaky": sn.LeakyReLU(sp.Rational(1, 4)),
    "concave": sn.LeakyReLU(2),
    "hardtanh": sn.Hardtanh(-1, 1),
    "abs": sn.Abs(),
}


def pair(rng, sizes, activation, step):
    """A network, and the same with its weights rounded to multiples of a step."""
    one, other = [], []
    for n, m in pairwise(sizes):
        W, b = rng.normal(size=(m, n)) * 0.6, rng.normal(size=m) * 0.6
        one += [sn.Linear(W, b), activation]
        other += [sn.Linear(np.round(W / step) * step, np.round(b / step) * step), activation]
    return [prepared(sn.Sequential(*layers[:-1])).layers for layers in (one, other)]


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("step", [2.0, 2.0**-6, 2.0**-20])
def test_bounds_hold_at_corners_and_inside(activation, step):
    rng = np.random.default_rng(7)
    one, other = pair(rng, (3, 5, 4, 4, 2), ACTIVATIONS[activation], step)
    bounds = DifferenceBounds(one, other)
    assert bounds.fit
    low = rng.uniform(-1, 1, (5, 3))
    boxes = Boxes(low, low + rng.uniform(0, 1, (5, 3)) * np.logspace(-6, 0, 5)[:, None])
    high, _, _ = bounds.of(boxes)
    for k in range(5):
        sides = boxes[k].sides()
        for _ in range(20):
            t = [fmpq(int(v), 4) for v in rng.integers(0, 5, 3)]
            x = [a + (b - a) * u for (a, b), u in zip(sides, t, strict=True)]
            d = [as_fraction(a - b) for a, b in zip(one.value(x), other.value(x), strict=True)]
            for value, bound in zip([*d, *(-v for v in d)], high[k].tolist(), strict=True):
                assert value <= bound


@pytest.mark.parametrize("activation", ["relu", "leaky", "hardtanh"])
def test_what_two_networks_share_does_not_count(activation):
    rng = np.random.default_rng(8)
    boxes = Boxes(np.full((1, 4), -0.5), np.full((1, 4), 0.5))
    bounds = []
    for step in (2.0**-10, 2.0**-20):
        one, other = pair(rng, (4, 12, 12, 3), ACTIVATIONS[activation], step)
        high, _, bends = DifferenceBounds(one, other).of(boxes)
        low, top = (
            bounds_of(ready, ready.layers.maps[-1], boxes, relaxations(ready, boxes))
            for ready in (Prepared(one), Prepared(other))
        )
        assert bends[0] > 0
        assert high.max() < 0.05 * (top[1] - low[0]).max()
        bounds.append(high.max())
    # in proportion to the step, about
    assert bounds[1] < 2.0**-8 * bounds[0]
    same = DifferenceBounds(one, one).of(boxes)[0]
    assert not same.any()


def test_networks_of_other_shapes_or_slopes_do_not_fit():
    rng = np.random.default_rng(9)
    one, _ = pair(rng, (3, 5, 2), sn.ReLU(), 1.0)
    for sizes, activation in (((3, 4, 2), sn.ReLU()), ((3, 5, 2), sn.Abs())):
        other, _ = pair(rng, sizes, activation, 1.0)
        assert not DifferenceBounds(one, other).fit
    thirds = pair(rng, (3, 5, 2), sn.LeakyReLU(sp.Rational(1, 3)), 1.0)
    assert not DifferenceBounds(*thirds).fit


def test_the_greatest_difference_in_five_dimensions_is_exact_and_attained():
    rng = np.random.default_rng(10)
    W = [rng.normal(size=s) * 0.5 for s in ((20, 5), (20, 20), (2, 20))]
    nets = [
        sn.Sequential(*[layer for w in weights for layer in (sn.Linear(w), sn.ReLU())][:-1])
        for weights in (W, [w.astype(np.float16).astype(float) for w in W])
    ]
    box = sn.Box(*[[sp.Rational(k, 8), sp.Rational(k, 8) + sp.Rational(1, 64)] for k in range(5)])
    found = sn.greatest_difference(*nets, box, max_boxes=2000)
    assert found.is_exact
    assert box.contains(found.point)
    values = [net(found.point)[found.output] for net in nets]
    assert abs(values[0] - values[1]) == found.value
    for t in rng.integers(0, 9, (20, 5)).tolist():
        x = [sp.Rational(k, 8) + sp.Rational(v, 512) for k, v in enumerate(t)]
        assert max(abs(v) for v in nets[0](x) - nets[1](x)) <= found.value
