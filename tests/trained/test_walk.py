"""Along a segment: all breakpoints and maps, beside plain evaluation and the local map."""

from itertools import pairwise

import numpy as np
import pytest
import sympy as sp

import symnet as sn


def network(rng, sizes):
    layers = []
    for n, m in pairwise(sizes):
        layers += [sn.Linear(rng.integers(-4, 5, (m, n)), rng.integers(-4, 5, m)), sn.ReLU()]
    return sn.Sequential(*layers[:-1])


def test_every_part_has_its_map_and_every_breakpoint_its_neurons():
    rng = np.random.default_rng(2)
    net = network(rng, (20, 6, 5, 3))
    a, b = rng.integers(-5, 6, 20), rng.integers(-5, 6, 20)
    path = sn.walk(net, a, b)
    assert len(path.breakpoints) > 3
    ends = [0, *path.breakpoints, 1]
    # at a breakpoint exactly the listed neurons are at a kink, between them none
    for t, neurons in zip(path.breakpoints, path.crossings, strict=True):
        assert sn.local(net, path.point(t)).kinks == neurons
    direction = sp.Matrix([int(q - p) for p, q in zip(a, b, strict=True)])
    for start, end in pairwise(ends):
        middle = (start + end) / 2
        around = sn.local(net, path.point(middle))
        assert not around.kinks
        (step,) = [s for s in path.steps if s.start <= middle <= s.end][:1]
        assert step.slope == around.A * direction
        assert step.slope * middle + step.offset == around.value
    assert path.point(0) == tuple(a)
    assert path.point(1) == tuple(b)


def test_the_greatest_output_changes_where_two_outputs_are_equal():
    rng = np.random.default_rng(4)
    changes = 0
    for _ in range(8):
        net = network(rng, (10, 5, 3))
        path = sn.walk(net, rng.integers(-9, 10, 10), rng.integers(-9, 10, 10))
        changes += len(path.changes)
        for t in path.changes:
            values = sorted(net(path.point(t)))
            assert values[-1] == values[-2]
        for start, end, label in path.labels:
            for t in (start + (end - start) * sp.Rational(k, 4) for k in range(1, 4)):
                values = list(net(path.point(t)))
                greatest = [i for i, v in enumerate(values) if v == max(values)]
                assert label in greatest if label is not None else len(greatest) > 1
        assert [s for s, _, _ in path.labels][1:] == list(path.changes)
        assert path.plot().x.name == "t"
    assert changes > 3


def test_a_walk_needs_two_points_of_one_space():
    net = sn.Sequential(sn.Linear([[1, 2]]), sn.ReLU())
    with pytest.raises(sn.DomainError, match="the walk starts where it ends"):
        sn.walk(net, [1, 2], [1, 2])
    with pytest.raises(sn.ShapeError, match="the end has 3 entries; the network takes 2"):
        sn.walk(net, [1, 2], [1, 2, 3])
    with pytest.raises(sn.ShapeError, match="the network jumps on the way"):
        sn.walk(sn.Sequential(net, sn.Step()), [-1, -1], [1, 1])


def test_a_slice_goes_through_points_and_a_network_is_restricted_to_it():
    rng = np.random.default_rng(6)
    net = network(rng, (6, 4, 2))
    points = rng.integers(-5, 6, (3, 6))
    plane = sn.Slice.through(*points)
    assert [plane.point(u) for u in ([0, 0], [1, 0], [0, 1])] == [tuple(p) for p in points]
    small = net.restrict(plane)
    assert small.in_features == 2
    for u in ([1, 2], [-3, sp.Rational(1, 2)]):
        assert small(u) == net(plane.point(u))
    assert sn.Sequential(sn.ReLU(), *net).restrict(plane)([1, 1]) == net(
        [max(v, 0) for v in plane.point([1, 1])]
    )
    assert net.restrict(sn.Box([0, 1])) == net
    fixed = net.restrict(sn.Box([0, 1], [2, 2], [3, 3], [4, 4], [5, 5], [0, 2]))
    assert fixed([7, 8]) == net([7, 2, 3, 4, 5, 8])
    with pytest.raises(sn.DomainError, match=r"points or more of one space; 2 were given"):
        sn.Slice.through([1, 2], [1, 2, 3])
    with pytest.raises(sn.DomainError, match="linearly independent"):
        sn.Slice.through([1, 2], [2, 3], [3, 4])
