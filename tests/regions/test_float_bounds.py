"""The float filter's bounds hold: values of layers at points, beside exact arithmetic."""

from fractions import Fraction

import numpy as np
import pytest

from symnet.exact.affine import AffineMap
from symnet.regions.activation import RELU
from symnet.regions.interpolation import interpolate_rows
from symnet.regions.signs import FilteredLayer
from symnet.regions.split_weights import SplitWeights
from symnet.regions.units import unit_network


def exact_values(affine: AffineMap, h: list[list[Fraction]]) -> list[list[Fraction]]:
    weight, bias = affine.fractions()
    return [
        [sum((a * x for a, x in zip(row, point, strict=True)), c)
         for row, c in zip(weight, bias, strict=True)]
        for point in h
    ]  # fmt: skip


def layer(seed: int, inputs: int, depth: int) -> FilteredLayer:
    rng = np.random.default_rng(seed)
    maps = [
        AffineMap.from_floats(
            rng.standard_normal((6, inputs)) * 10.0 ** rng.integers(-30, 1, (6, inputs)),
            rng.standard_normal(6),
        ),
        AffineMap.from_floats(np.ones((1, 6)), np.zeros(1)),
    ]
    units = unit_network(maps, [RELU]).layers[0]
    return FilteredLayer(units, 0, depth)


@pytest.mark.parametrize("depth", [1, 20])
@pytest.mark.parametrize("inputs", [1, 2, 33])
def test_values_are_within_their_bounds(depth, inputs):
    rng = np.random.default_rng(7)
    for seed in range(6):
        filtered = layer(seed, inputs, depth)
        assert (filtered.split is not None) == (depth == 20)
        truth = [[Fraction(v) for v in row] for row in rng.standard_normal((9, inputs)).tolist()]
        noise = rng.uniform(-1, 1, (9, inputs)) * 2.0**-60
        h = np.array([[float(v) for v in row] for row in truth]) + noise
        off = np.array(
            [[abs(Fraction(a) - b) for a, b in zip(row, line, strict=True)]
             for row, line in zip(h.tolist(), truth, strict=True)], dtype=object
        )  # fmt: skip
        entries = np.array(off * (1 + Fraction(1, 2**20)), dtype=np.float32)
        norm = np.sqrt((entries.astype(np.float64) ** 2).sum(axis=1, keepdims=True)) * (1 + 1e-9)
        weight, bias = filtered.weight_t.T, filtered.bias
        exact = exact_values(AffineMap.from_floats(weight, bias), truth)
        for error in (entries, norm):
            z, bound, _ = filtered.values(h.copy(), error.copy())
            for row, bounds, line in zip(
                z.tolist(), np.broadcast_to(bound, z.shape).tolist(), exact, strict=True
            ):
                for value, e, true in zip(row, bounds, line, strict=True):
                    assert abs(Fraction(value) - true) <= Fraction(e)


def test_the_main_part_of_a_split_product_is_exact():
    rng = np.random.default_rng(3)
    weight = rng.uniform(-1, 1, (47, 5))
    split = SplitWeights(weight)
    h = rng.integers(-(2**split.bits), 2**split.bits + 1, (11, 47)).astype(np.float64) * 2.0**-9
    exact = [
        [sum(Fraction(a) * Fraction(b) for a, b in zip(row, column, strict=True))
         for column in split.high.T.tolist()]
        for row in h.tolist()
    ]  # fmt: skip
    assert [[Fraction(v) for v in row] for row in (h @ split.high).tolist()] == exact
    assert (split.high + split.low == weight).all()


@pytest.mark.parametrize("by_entries", [False, True])
def test_interpolated_values_are_within_their_bounds(by_entries):
    """Also where the values at the ends are off by all that they may be, on either side."""
    rng = np.random.default_rng(5)
    kind = np.float32 if by_entries else np.float64
    p, q = rng.standard_normal((2, 40, 3))
    t = rng.choice([0, 2.0**-30, 0.25, 0.5, 1 - 2.0**-30, 1], 40)
    dt = rng.choice([0, 1e-12, 0.01], 40)
    off = rng.choice([0.0, 2.0**-40, -(2.0**-40), 0.125, -0.125], (2, 40, 3))
    size = np.abs(off) if by_entries else np.sqrt((off**2).sum(axis=2, keepdims=True)) * (1 + 1e-9)
    places = np.clip(t + rng.uniform(-1, 1, 40) * dt, 0, 1)
    z, bound = q.copy(), size[1].astype(kind)
    interpolate_rows(p.copy(), z, size[0].astype(kind), bound, t, dt)
    true_p, true_q = (
        [Fraction(v) + Fraction(w) for v, w in zip(ends.ravel(), errors.ravel(), strict=True)]
        for ends, errors in zip((p, q), off, strict=True)
    )
    true = [
        a + Fraction(place) * (b - a)
        for a, b, place in zip(true_p, true_q, np.repeat(places, 3), strict=True)
    ]
    wrong = [abs(Fraction(v) - w) for v, w in zip(z.ravel(), true, strict=True)]
    for k in range(40):
        here = wrong[3 * k : 3 * k + 3]
        if by_entries:
            assert all(a <= Fraction(float(e)) for a, e in zip(here, bound[k], strict=True))
        else:
            assert sum(a * a for a in here) <= Fraction(float(bound[k, 0])) ** 2


@pytest.mark.parametrize("reach", [3, 300, 900])
def test_rows_near_one_are_the_same_rows(reach):
    rng = np.random.default_rng(reach)
    taken = 0
    for _ in range(20):
        m, n = rng.integers(1, 5, 2)
        weight = np.ldexp(rng.standard_normal((m, n)), rng.integers(-reach, reach + 1, (m, n)))
        weight[rng.random((m, n)) < 0.3] = 0
        bias = np.ldexp(rng.standard_normal(m), rng.integers(-reach, reach + 1, m))
        columns = rng.integers(-reach, reach + 1, n)
        near = AffineMap.from_floats(weight, bias).rows_near_one(columns)
        if near is None:
            continue
        taken += 1
        for row, offset, *scaled, k in zip(
            weight, bias, *near[0].fractions(), near[1], strict=True
        ):
            factor = Fraction(2) ** -int(k)
            entries = [
                Fraction(v) * Fraction(2) ** int(c) for v, c in zip(row, columns, strict=True)
            ]
            assert [v * factor for v in entries] == scaled[0]
            assert Fraction(offset) * factor == scaled[1]
            largest = max(map(abs, [*scaled[0], scaled[1]]))
            assert Fraction(1, 2) <= largest < 1
    assert taken == 20 or reach > 3
    assert taken


@pytest.mark.parametrize("size", [1.0, 2.0**-149])
def test_only_multiples_share_a_unit(size):
    rng = np.random.default_rng(8)
    for n in (1, 2, 30):
        weight, bias = size * rng.standard_normal((6, n)), rng.standard_normal(6)
        last = AffineMap.from_floats(np.ones((1, 6)), np.zeros(1))
        units = unit_network([AffineMap.from_floats(weight, bias), last], [RELU]).layers[0]
        assert units.unit.tolist() == list(range(6))
        rows = np.column_stack([weight, bias]).tolist()
        for row, unit, offset in zip(rows, *units.affine.fractions(), strict=True):
            ratios = {Fraction(a) / b for a, b in zip(row, [*unit, offset], strict=True)}
            assert len(ratios) == 1
            assert ratios.pop() > 0
        weight[4], bias[4] = -3 * np.rint(8 * weight[1] / size) * size, -3.0
        weight[1], bias[1] = np.rint(8 * weight[1] / size) * size, 1.0
        units = unit_network([AffineMap.from_floats(weight, bias), last], [RELU]).layers[0]
        assert units.unit[4] == units.unit[1]
        assert len(set(units.unit.tolist())) == 5
        assert units.orientation[4] == -units.orientation[1]
